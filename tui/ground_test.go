package tui

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/theme"
)

func TestGroundAnswers(t *testing.T) {
	end := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'\\'}, Alt: true}
	begin := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{']'}, Alt: true}
	runes := func(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }
	cases := []struct {
		name  string
		keys  []tea.KeyMsg
		light bool
		to    int // the bundle that is selected afterwards
	}{
		{"white", []tea.KeyMsg{begin, runes("11;rgb:ffff/ffff/ffff"), end}, true, 0},
		{"black", []tea.KeyMsg{begin, runes("11;rgb:0000/0000/0000"), end}, false, 0},
		{"two digits, ended by a bell", []tea.KeyMsg{begin, runes("11;rgb:ff/ff/f0"), {Type: tea.KeyCtrlG}}, true, 0},
		{"in pieces", []tea.KeyMsg{begin, runes("11;r"), runes("gb:ffff/ff"), runes("ff/ffff"), end}, true, 0},
		{"nonsense", []tea.KeyMsg{begin, runes("11;rgb:zz/1/2"), end}, false, 0},
		{"a key after all", []tea.KeyMsg{begin, runes("l")}, false, 1},
		{"keys after an answer", []tea.KeyMsg{begin, runes("11;rgb:ffff/ffff/ffff"), end, runes("l")}, true, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := start(newSession(t), 100, 30)
			p.ground = ground{out: io.Discard, look: theme.Options{Depth: 256}}
			for _, k := range c.keys {
				p.send(k)
			}
			if p.ground.look.Light != c.light || p.theme.Bad != theme.New(theme.Options{Depth: 256, Light: c.light}).Bad && c.light {
				t.Errorf("light is %v", p.ground.look.Light)
			}
			if got := p.home.selected().bundle; got != c.to || p.top() != nil {
				t.Errorf("bundle %d is selected, want %d", got, c.to)
			}
		})
	}
}

// Package quiet must be initialised before Bubble Tea, or its question comes first.
func TestQuietComesFirst(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	quiet := strings.Index(out.String(), "init planewise/tui/internal/quiet ")
	bubbles := strings.Index(out.String(), "init github.com/charmbracelet/bubbletea ")
	if quiet < 0 || bubbles < 0 || quiet > bubbles {
		t.Errorf("quiet is initialised at %d, Bubble Tea at %d of\n%s", quiet, bubbles, out.String())
	}
	if v, set := os.LookupEnv("CI"); set && v == "1" && !strings.Contains(strings.Join(cmd.Environ(), " "), "CI=1") {
		t.Error("the variable was left set")
	}
}
