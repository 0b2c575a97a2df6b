package tui

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"planewise/model"
)

// hostile names try to move the cursor, recolour the screen, run backwards, hide,
// or be longer than any window.
var hostile = []string{
	"\x1b[2J\x1b[H\x1b[31mred", "\x1b]0;title\x07", "a\u202etxt.exe", "tab\tcr\rlf\n", "\u200b\u200d\ufeff", strings.Repeat("long", 2500),
	strings.Repeat("表", 300), "👩‍👩‍👧‍👦 family", "e\u0301\u0301\u0301\u0301", "\x9b31m", "bad \xff\xfe utf-8", "שלום عربى",
}

// hostileSession has releases, and an entry of the catalogue, with such names.
func hostileSession(t *testing.T) *fakeSession {
	s := newSession(t)
	s.all.releases = maps.Clone(s.all.releases)
	r := s.all.releases["csm-1.6.0-rc.3"]
	r.Components = slices.Clone(r.Components)
	for i, name := range hostile {
		r.Components = append(r.Components, model.Component{Kind: model.KindChart, Namespace: "ns" + name, Name: name, Version: name, Manifest: r.Components[0].Manifest, Position: 900 + i})
	}
	s.all.releases["csm-1.6.0-rc.3"] = r
	s.all.releases[hostile[0]+hostile[5]] = r
	return s
}

func TestHostileNamesStayInTheirCells(t *testing.T) {
	s := hostileSession(t)
	walks := [][]string{
		{"end", "up", "tab", "end", "up", "enter"}, {"2", "tab", "end", "enter"}, {"2", "down", "i", `"x"`, "esc"}, {"3", "e"}, {"3", "enter", "right"},
		{"4", "a", "down", "enter"}, {"r", "down", "enter", "end"}, {"e", "enter"}, {":"}, {"P"}, {"/", `"ns"`, "enter"}, {"right", "space"}, {"end", "up", "tab", "down", "space"},
	}
	for _, size := range [][2]int{{40, 12}, {80, 24}, {120, 40}, {200, 60}} {
		for _, walk := range walks {
			p := start(s, size[0], size[1])
			for _, k := range walk {
				p.press(k)
				fits(t, p.View(), size[0], size[1], fmt.Sprint(walk, " up to ", k, " at ", size))
			}
		}
	}
}

// A failure whose text comes from a file is shown, cleaned, on every way it can come.
func TestHostileErrors(t *testing.T) {
	s := newSession(t)
	p := start(s, 80, 24)
	s.fail = errors.New("read \x1b[2Jx: " + strings.Repeat("no ", 2000))
	for _, walk := range [][]string{{"2"}, {"r"}, {"s"}, {"e", "enter", "enter"}, {"4", "a"}} {
		p.press(walk...)
		fits(t, p.View(), 80, 24, fmt.Sprint(walk))
		if !strings.Contains(ansi.Strip(p.View()), `read \x1b`) {
			t.Errorf("after %v the failure is not shown:\n%s", walk, ansi.Strip(p.View()))
		}
		p.press("esc", "esc", "esc", "1")
	}
	p = start(s, 60, 20)
	fits(t, p.View(), 60, 20, "a start that failed")
}

// While a command runs, keys are obeyed and the screen says that it waits.
func TestNothingBlocks(t *testing.T) {
	s := newSession(t)
	p := start(s, 100, 30)
	_, cmd := p.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'2'}}) // its commands do not run yet
	if cmd == nil || !strings.Contains(ansi.Strip(p.View()), "comparing") || !strings.Contains(ansi.Strip(p.View()), "reading") {
		t.Errorf("the releases do not say that they are being read:\n%s", ansi.Strip(p.View()))
	}
	p.press("1", "right")
	if p.screen != p.home || p.home.selected().bundle != 1 {
		t.Error("keys were not obeyed while the catalogue was read")
	}
	p.run(cmd) // the answers come while another screen is shown
	p.press("2")
	if strings.Contains(ansi.Strip(p.View()), "comparing") {
		t.Error("answers that came late were lost")
	}
}
