package tui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/cell"
	"planewise/tui/keys"
)

// confirm asks one question. Only y or its own letter answers yes; a key typed
// before the question was seen does not.
type confirm struct {
	title, text string
	yes         string
	list        []string // what is meant, one a line
	then        func(*world) tea.Cmd
	// seen is set for a question that comes up by itself: keys typed before it could
	// be read do not answer it.
	seen *bool
}

// grace is how long a question that comes up by itself ignores keys.
const grace = 400 * time.Millisecond

func (c confirm) key(w *world, msg tea.KeyMsg) (bool, tea.Cmd) {
	if c.seen != nil && !*c.seen {
		return false, nil
	}
	switch msg.String() {
	case "y", "Y":
		return true, c.then(w)
	case "n", "N", "esc", "q":
		return true, w.say("nothing was changed")
	}
	return false, nil
}

func (c confirm) draw(w *world, width, height int) (string, []string, string) {
	e := w.theme.Glyphs.Ellipsis
	var lines []string
	for _, l := range cell.Wrap(c.text, min(width-4, 68), max(1, height-3), e) {
		lines = append(lines, " "+l+" ")
	}
	room := height - len(lines) - 3
	for i, l := range c.list {
		if i >= room && room > 0 {
			lines = append(lines, w.theme.Dim.On("   and "+itoa(len(c.list)-i)+" more "))
			break
		} else if room <= 0 {
			break
		}
		lines = append(lines, "   "+cell.Cut(l, min(width-6, 66), e)+" ")
	}
	return c.title, lines, "y " + c.yes + "   n cancel"
}

// askLate asks a question that comes up by itself.
func (w *world) askLate(c confirm) tea.Cmd {
	c.seen = new(bool)
	w.ask(c)
	return w.after(grace, done{func(*world) tea.Cmd { *c.seen = true; return nil }})
}

// helpText is the help of a screen, made from the key map.
type helpText struct {
	title string
	rows  []row
	at    pane
	h     int
}

func newHelp(w *world, s screen) *helpText {
	h := &helpText{title: "Keys: " + string(s.context())}
	in := keys.Context("")
	for _, b := range w.keys.Of(s.context()) {
		if b.In != in {
			in = b.In
			h.rows = append(h.rows, row{text: string(in), tone: headTone})
		}
		var shown []string
		for _, k := range b.Keys() {
			if k == " " {
				k = "space"
			}
			shown = append(shown, k)
		}
		r := row{indent: 1, text: cell.Fit(strings.Join(shown, " "), 16, "") + " " + b.Title}
		if why := disabledOn(w, s, b.Do); why != "" {
			r.tone = dimTone
			r.text += " (not now: " + why + ")"
		}
		h.rows = append(h.rows, r)
	}
	return h
}

func disabledOn(w *world, s screen, a keys.Action) string {
	if w.view == nil {
		return ""
	}
	return s.disabled(w, a)
}

func (h *helpText) key(w *world, msg tea.KeyMsg) (bool, tea.Cmd) {
	switch a := w.keys.Find(keys.Everywhere, msg); a {
	case keys.Back, keys.Quit, keys.Help, keys.Enter:
		return true, nil
	case keys.Up:
		h.scroll(-1)
	case keys.Down:
		h.scroll(1)
	case keys.PageUp:
		h.scroll(-max(h.h-1, 1))
	case keys.PageDown:
		h.scroll(max(h.h-1, 1))
	}
	return false, nil
}

func (h *helpText) scroll(lines int) { h.at.scroll(lines, len(h.rows), h.h) }

func (h *helpText) click(*world, int) (bool, tea.Cmd) { return true, nil }

func (h *helpText) draw(w *world, width, height int) (string, []string, string) {
	h.h = max(1, min(height, len(h.rows)))
	h.at.scroll(0, len(h.rows), h.h)
	return h.title, drawRows(&w.theme, h.rows, h.at, min(width, 86), h.h, false), "esc closes"
}
