package tui

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/teatest" // why: runs the model as a whole program, input and output included

	"planewise/tui/theme"
)

// The whole program, once: it draws the plan, obeys a key, and ends.
func TestSmoke(t *testing.T) {
	m := New(context.Background(), newSession(t), Question{}, theme.New(theme.Options{}))
	tm := teatest.NewTestModel(t, m, teatest.WithInitialTermSize(100, 30))
	const enough = 24 * time.Hour // the test binary's own bound ends it before
	see := func(text string) {
		teatest.WaitFor(t, tm.Output(), func(b []byte) bool { return bytes.Contains(b, []byte(text)) }, teatest.WithDuration(enough))
	}
	see("Running jobs:")
	tm.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'?'}})
	see("Keys: plan")
	tm.Send(tea.KeyMsg{Type: tea.KeyEsc})
	tm.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'q'}})
	tm.WaitFinished(t, teatest.WithFinalTimeout(enough))
}

// A run ends without an error when it is cancelled from outside, as a signal does.
func TestRunIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	in, typing := io.Pipe()
	defer typing.Close()
	ended := make(chan error, 1)
	session := newSession(t)
	go func() { ended <- Run(ctx, session, Options{In: in, Out: io.Discard}) }()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("cancelled, it ended with %v", err)
	}
}

func TestThemeOptions(t *testing.T) {
	cases := []struct {
		name string
		env  map[string]string
		o    Options
		want theme.Options
	}{
		{"16 colours", map[string]string{"TERM": "xterm"}, Options{}, theme.Options{Depth: 16}},
		{"256 colours", map[string]string{"TERM": "tmux-256color"}, Options{}, theme.Options{Depth: 256}},
		{"all colours", map[string]string{"TERM": "xterm", "COLORTERM": "truecolor"}, Options{}, theme.Options{Depth: 1 << 24}},
		{"NO_COLOR", map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, Options{}, theme.Options{}},
		{"--no-color", map[string]string{"TERM": "xterm-256color"}, Options{NoColor: true}, theme.Options{}},
		{"--ascii", map[string]string{"TERM": "xterm"}, Options{ASCII: true}, theme.Options{Depth: 16, ASCII: true}},
		{"a locale without UTF-8", map[string]string{"TERM": "xterm", "LC_ALL": "C"}, Options{}, theme.Options{Depth: 16, ASCII: true}},
		{"a locale with UTF-8", map[string]string{"TERM": "xterm", "LANG": "de_CH.UTF-8"}, Options{}, theme.Options{Depth: 16}},
		{"a light ground", map[string]string{"TERM": "xterm", "COLORFGBG": "0;15"}, Options{}, theme.Options{Depth: 16, Light: true}},
		{"a dumb terminal", map[string]string{"TERM": "dumb"}, Options{}, theme.Options{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, ok := c.env["COLORFGBG"]; !ok {
				c.env["COLORFGBG"] = "15;0"
			}
			c.o.Getenv = func(k string) string { return c.env[k] }
			if got := themeOptions(c.o); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	s := newSession(t)
	var out bytes.Buffer
	script := "answers\nbundle b2\nwhy compute.launch\nleave B2\nundo\nredo\nundo\nleave nothing-such\ntake nothing-such\nbundle B99\nhelp\nsave\nexport text ./x\nnonsense\nquit\nanswers\n"
	if err := runPlain(context.Background(), s, Options{In: strings.NewReader(script), Out: &out, Width: 80}); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	for _, want := range []string{"Running jobs:", "B2 Prerequisites", "capability compute.launch", "mixed state", "Undone: left out B2", "Done again", `no change, action or bundle "nothing-such"`, `"nothing-such" is not left out`, "use one of B1 to B", "export FORMAT FOLDER", "Saved as", "Wrote ./x/plan.text", `no command "nonsense"`} {
		if !strings.Contains(got, want) {
			t.Errorf("the output has no %q", want)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Error("plain output holds an escape sequence")
	}
	if len(s.saved) != 1 || len(s.exports) != 1 {
		t.Errorf("%d plans saved, %d exports", len(s.saved), len(s.exports))
	}
}
