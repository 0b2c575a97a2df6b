package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"planewise/model/clean"
)

// An error may quote what a file or an argument holds. Printed, as text or as JSON,
// it acts on no terminal, and a list of problems stays a list.
func TestErrorsAreClean(t *testing.T) {
	for _, payload := range []string{"\x1b[2J\x1b]0;t\x07", "\u009b31m", "a\u202eb\u2066", "\r\nplanewise: ok", "\xff\xfe", "\u2028x", "\"}\x00", "one\ntwo"} {
		for _, asJSON := range []bool{false, true} {
			var out, talk bytes.Buffer
			r := run{env: Env{Stderr: &talk}, out: &output{w: &out}}
			r.report(errors.New("read "+payload+": no"), asJSON)
			for _, s := range []string{out.String(), talk.String()} {
				if clean.Block(s) != s {
					t.Errorf("%q: a control character in %q", payload, s)
				}
			}
			if !asJSON {
				continue
			}
			var doc struct {
				Error struct {
					Message string
					Exit    int
				}
			}
			if err := json.Unmarshal(out.Bytes(), &doc); err != nil || doc.Error.Exit != exitError || doc.Error.Message == "" || talk.Len() > 0 {
				t.Errorf("%q: %v, %+v", payload, err, doc)
			}
		}
	}
}
