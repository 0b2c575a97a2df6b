package cli

import (
	"bytes"
	"testing"
	"time"
)

// What takes under a second says nothing, and nothing is said to a file.
func TestProgress(t *testing.T) {
	for _, c := range []struct {
		name            string
		terminal, quiet bool
		took            time.Duration
		want            string
	}{
		{"at once", true, false, time.Second - 1, ""},
		{"long", true, false, time.Second, "\r\x1b[Kreading kube/pods, 500 so far\r\x1b[K"},
		{"long, to a file", false, false, time.Hour, ""},
		{"long, quiet", true, true, time.Hour, ""},
	} {
		var out bytes.Buffer
		now := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
		r := &run{quiet: c.quiet, env: Env{Stderr: &out, StderrTerminal: c.terminal, Now: func() time.Time { return now }}}
		say, end := r.progress()
		now = now.Add(c.took)
		say("kube/pods", 500)
		end()
		if got := out.String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
