package cli

import (
	_ "embed" // why: help topics are texts of their own
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/text"
	"planewise/tui/keys"
)

//go:embed topics/words.txt
var topicWords string

//go:embed topics/ci.txt
var topicCI string

const codesIntro = `What is wrong with an input or a plan is collected, and work goes on: blocking
means that the result must not be used as it stands (exit code 3), warning that
the reader must know this first, info that it is worth knowing. The codes are
stable. 'planewise help CODE' says what to do about one.

`

// topics are what "planewise help" knows beside commands and diagnostic codes.
var topics = []string{"codes", "keys", "words", "ci"}

func newHelp(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "help [COMMAND | TOPIC | CODE]",
		Short: "Explain a command, a topic (codes, keys, words, ci) or a diagnostic code",
		Long: `help explains a command, a topic, or a diagnostic code:

  planewise help codes   all diagnostic codes, with severity and meaning
  planewise help CODE    one of them, and what to do about it
  planewise help keys    the keys of the planner on the screen
  planewise help words   the words that plans are written in
  planewise help ci      exit codes, files and pipes: planewise in scripts

codes, CODE and keys have -o json.`,
		Example: `  planewise help plan
  planewise help unmapped-component
  planewise help codes -o json`,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			words := append([]string(nil), topics...)
			for _, c := range cmd.Root().Commands() {
				words = append(words, c.Name())
			}
			for _, g := range model.Codes() {
				for _, row := range g.Rows {
					words = append(words, string(row.Code))
				}
			}
			return words, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error { return r.help(cmd.Root(), args) },
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

// help prints what is known of a command, a topic or a diagnostic code, in this order.
func (r *run) help(root *cobra.Command, args []string) error {
	about, rest, err := root.Find(args)
	if known := err == nil && len(rest) == 0; known && r.format != "json" {
		about.InitDefaultHelpFlag()
		return about.Help()
	} else if known || len(args) != 1 {
		return usage("help has no JSON of %q: codes, a code and keys have", clean.Text(strings.Join(args, " ")))
	}
	if r.format == "json" {
		return r.helpJSON(args[0])
	}
	switch args[0] {
	case "codes":
		return r.print(codesIntro + text.Codes(model.Codes(), r.env.Width))
	case "keys":
		return r.print(keysText())
	case "words":
		return r.print(topicWords)
	case "ci":
		return r.print(topicCI)
	}
	group, err := findCode(args[0])
	if err != nil {
		return err
	}
	return r.print(text.Code(group.About, group.Rows[0], r.env.Width))
}

func (r *run) helpJSON(topic string) error {
	switch topic {
	case "codes":
		return r.printJSON(map[string]any{"codes": model.Codes()})
	case "keys":
		return r.printJSON(map[string]any{"keys": keyRows()})
	case "words", "ci":
		return usage("help %s is text only: codes, a code and keys have JSON", topic)
	}
	group, err := findCode(topic)
	if err != nil {
		return err
	}
	return r.printJSON(map[string]any{"codes": []model.CodeGroup{group}})
}

// findCode is a code's group with its row alone.
func findCode(word string) (model.CodeGroup, error) {
	var like []string
	for _, g := range model.Codes() {
		for _, row := range g.Rows {
			if string(row.Code) == word {
				return model.CodeGroup{About: g.About, Rows: []model.CodeRow{row}}, nil
			}
			if strings.Contains(string(row.Code), word) {
				like = append(like, string(row.Code))
			}
		}
	}
	hint := "the topics are " + strings.Join(topics, ", ")
	if len(like) > 0 {
		hint = "codes with this word: " + strings.Join(like, ", ")
	}
	return model.CodeGroup{}, usage("there is no command, topic or diagnostic code %q; %s", clean.Text(word), hint)
}

// keyRow is one binding: where it holds, its keys, and what they do.
type keyRow struct {
	Where keys.Context `json:"where"`
	Keys  []string     `json:"keys"`
	Does  string       `json:"does"`
}

func keyRows() []keyRow {
	var out []keyRow
	for _, c := range keys.Contexts() {
		for _, b := range keys.All() {
			if b.In == c {
				out = append(out, keyRow{c, b.Typed(), b.Title})
			}
		}
	}
	return out
}

func keysText() string {
	rows := [][]string{{"WHERE", "KEY", "WHAT IT DOES"}}
	for _, k := range keyRows() {
		rows = append(rows, []string{string(k.Where), strings.Join(k.Keys, ", "), k.Does})
	}
	return text.Table(rows) + fmt.Sprintf("\nThe mouse works too. On the screen %q shows the keys that hold there.\n", "?")
}
