package tui

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"planewise/planner/edit"
	"planewise/tui/theme"
)

// updating reports whether -update was given, a flag that teatest declares: write
// the goldens anew.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// toy is a model that shows the toy plan and has nothing behind it.
func toy(o theme.Options, w, h int) *program {
	m := New(context.Background(), &fakeSession{}, Question{}, theme.New(o))
	m.after = atOnce
	m.world.view = toyView()
	m.hist = edit.Start(edit.State{Edits: m.world.view.Edits})
	m.remember()
	p := &program{Model: m}
	p.send(tea.WindowSizeMsg{Width: w, Height: h})
	return p
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if updating() {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("frame differs from %s (-want +got):\n%s", path, diff)
	}
}

func TestFrameGoldens(t *testing.T) {
	sizes := [][2]int{{40, 12}, {80, 24}, {120, 40}, {200, 60}}
	for _, size := range sizes {
		name := fmt.Sprintf("plan-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			p := toy(theme.Options{}, size[0], size[1])
			golden(t, name, trimmed(ansi.Strip(p.View())))
		})
	}
	t.Run("ascii", func(t *testing.T) {
		p := toy(theme.Options{ASCII: true}, 80, 24)
		got := ansi.Strip(p.View())
		for i, r := range got {
			if r > 0x7e && !strings.ContainsRune("名前表示", r) {
				t.Fatalf("%q at %d is not ASCII", r, i)
			}
		}
		golden(t, "plan-ascii-80x24", trimmed(got))
	})
	t.Run("colours", func(t *testing.T) {
		p := toy(theme.Options{Depth: 16}, 80, 24)
		golden(t, "plan-16-colours-80x24", strings.ReplaceAll(p.View(), "\x1b", "ESC"))
	})
	t.Run("login bundle", func(t *testing.T) {
		p := toy(theme.Options{}, 120, 40)
		p.press("down", "tab")
		golden(t, "plan-b2-120x40", trimmed(ansi.Strip(p.View())))
	})
	t.Run("help", func(t *testing.T) {
		p := toy(theme.Options{}, 80, 24)
		p.press("?")
		golden(t, "help-80x24", trimmed(ansi.Strip(p.View())))
	})
}

// trimmed drops blanks at the ends of lines: editors would.
func trimmed(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// fits fails where a frame is larger than its window.
func fits(t interface{ Fatalf(string, ...any) }, frame string, w, h int, after string) {
	lines := strings.Split(frame, "\n")
	if len(lines) > h {
		t.Fatalf("after %s: %d lines in a window of %d", after, len(lines), h)
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n > w {
			t.Fatalf("after %s: line %d has %d columns in a window of %d: %q", after, i, n, w, l)
		}
		if strings.ContainsAny(ansi.Strip(l), "\x07\x1b\u202e\r\t") {
			t.Fatalf("after %s: a control character is in line %d: %q", after, i, l)
		}
	}
}

// keyNames are the keys of the property: all of the key map and some text.
var keyNames = []string{
	"enter", "esc", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "backspace", "space", "delete", "ctrl+u", "ctrl+w",
	"?", ":", "/", "q", "u", "ctrl+r", "1", "2", "3", "4", "P", "p", "m", "o", "%", "z", "r", "e", "s", "b", "d", "i", "K", "D", "f", "a", "x", "y", "n", "g", "G", "c", "名", "ctrl+z",
}

// Any keys at any size: no panic, and no frame larger than the window.
func TestAnyKeysAtAnySize(t *testing.T) {
	session := newSession(t)
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(0, 130).Draw(t, "w"), rapid.IntRange(0, 50).Draw(t, "h")
		p := start(session, w, h)
		fits(t, p.View(), max(w, 1), max(h, 1), "the start")
		for _, step := range rapid.SliceOfN(rapid.IntRange(0, len(keyNames)+5), 1, 12).Draw(t, "steps") {
			what := "a resize"
			switch {
			case step < len(keyNames):
				what = keyNames[step]
				p.press(what)
			case step < len(keyNames)+2:
				w, h = rapid.IntRange(0, 210).Draw(t, "w2"), rapid.IntRange(0, 70).Draw(t, "h2")
				p.send(tea.WindowSizeMsg{Width: w, Height: h})
			default:
				what = "the mouse"
				buttons := []tea.MouseButton{tea.MouseButtonLeft, tea.MouseButtonWheelUp, tea.MouseButtonWheelDown}
				p.send(tea.MouseMsg{X: rapid.IntRange(0, 210).Draw(t, "x"), Y: rapid.IntRange(0, 70).Draw(t, "y"), Action: tea.MouseActionPress, Button: rapid.SampledFrom(buttons).Draw(t, "button")})
			}
			fits(t, p.View(), max(w, 1), max(h, 1), what)
		}
	})
}

// Every size, with hostile names.
func TestEverySize(t *testing.T) {
	p := toy(theme.Options{Depth: 256}, 80, 24)
	for w := 1; w <= 130; w += 3 {
		for h := 1; h <= 50; h += 3 {
			p.send(tea.WindowSizeMsg{Width: w, Height: h})
			fits(t, p.View(), w, h, fmt.Sprintf("a resize to %dx%d", w, h))
		}
	}
}
