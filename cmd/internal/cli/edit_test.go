package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"planewise/model"
)

var update = flag.Bool("update", false, "write anew what the lists of edits come to")

// edited is a list of edits on an embedded plan, and what they come to. Of a list with
// an error the last edit is refused. The screen and --plain are tested with the same.
type edited struct {
	Name   string      `json:"name"`
	From   string      `json:"from"`
	To     string      `json:"to"`
	System string      `json:"system"`
	Policy string      `json:"policy"`
	Edits  []string    `json:"edits"`
	Error  string      `json:"error,omitempty"`
	Want   model.Edits `json:"want"`
}

const lists = "../../../planner/edit/testdata/lists.json"

// The flags come to the same edits as the keys of the screen and the lines of --plain.
func TestListsOfEdits(t *testing.T) {
	var all []edited
	data, err := os.ReadFile(lists)
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		t.Run(all[i].Name, func(t *testing.T) {
			l := all[i]
			if l.Error != "" {
				code, out, said := plan(t, l, "text")
				if code != exitError && code != exitUsage || out != "" || !strings.Contains(said, l.Error) && !*update {
					t.Errorf("exit %d, it said %q, want %q", code, said, l.Error)
				}
				all[i].Error = refusal.ReplaceAllString(strings.TrimSuffix(said, "\n"), "")
				l.Edits = l.Edits[:len(l.Edits)-1]
			}
			var got model.Plan
			if code, out, said := plan(t, l, "json"); code != exitOK && code != exitBlocking || json.Unmarshal([]byte(out), &got) != nil {
				t.Fatalf("exit %d, it said %q", code, said)
			}
			if all[i].Want = got.Edits; !*update {
				if diff := cmp.Diff(l.Want, got.Edits); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	if *update {
		data, _ := json.MarshalIndent(all, "", " ")
		if err := os.WriteFile(lists, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// refusal is what stands around what the edit itself has to say.
var refusal = regexp.MustCompile(`^planewise: (edit "[^"]*": |invalid argument .* for "--edit" flag: )|; see 'planewise plan --help'$`)

func plan(t *testing.T, l edited, format string) (code int, out, said string) {
	t.Helper()
	if l.Policy == "windows" {
		l.Policy = filepath.Join(filepath.Dir(lists), "windows.yaml")
	}
	args := []string{"--store", filepath.Join(t.TempDir(), "store.db"), "plan", "--from", l.From, "--to", l.To,
		"--system", l.System, "--policy", l.Policy, "--at", "2026-01-05T08:00:00Z", "-o", format}
	for _, e := range l.Edits {
		args = append(args, "--edit", e)
	}
	var stdout, stderr bytes.Buffer
	code = Run(context.Background(), args, Env{
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }, Now: time.Now,
	})
	return code, stdout.String(), stderr.String()
}
