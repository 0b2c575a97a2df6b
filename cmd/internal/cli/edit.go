package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"planewise/model"
	"planewise/planner/edit"
)

// edits is the value of a flag that is given once for each edit.
type edits struct{ list *[]edit.Command }

func (e edits) Set(line string) error {
	c, err := edit.Parse(line)
	if err == nil {
		*e.list = append(*e.list, c)
	}
	return err
}

func (e edits) String() string { return "" }

func (e edits) Type() string { return "EDIT" }

func editFlag(cmd *cobra.Command, list *[]edit.Command) {
	cmd.Flags().Var(edits{list}, "edit", "change the plan, for example 'leave B2' (repeatable; see above)")
}

// editHelp lists the edits.
func editHelp() string {
	var b strings.Builder
	b.WriteString(`--edit changes the plan as the keys of the screen and the lines of --plain do: it takes
along what needs what is left out, and what is needed by what is taken back, and says so.
Each works on the plan that those before it made. --exclude leaves out just what it names.
`)
	for _, f := range edit.Forms() {
		fmt.Fprintf(&b, "  %-24s %s\n", string(f.Verb)+" "+f.Args, f.What)
	}
	return b.String()
}

// hintExclude says how to leave out what needs it too, where --exclude left it in.
func (r *run) hintExclude(p model.Plan, excluded []string) {
	if len(excluded) > 0 && slices.ContainsFunc(p.Diagnostics, func(d model.Diagnostic) bool { return d.Code == "excluded-requirement" }) {
		r.note("--exclude leaves out just what it names; --edit 'leave ID' leaves out what needs it too")
	}
}
