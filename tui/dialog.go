package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/cell"
	"planewise/tui/theme"
)

// dialog lies over a screen and gets all keys until it is closed.
type dialog interface {
	// key handles a key; done closes the dialog.
	key(w *world, msg tea.KeyMsg) (done bool, cmd tea.Cmd)
	// draw gives the title and the lines inside a box of at most these sizes; each
	// line is exactly as wide as the others.
	draw(w *world, width, height int) (title string, lines []string, foot string)
}

// boxed is implemented by dialogs that can be clicked.
type boxed interface {
	click(w *world, line int) (done bool, cmd tea.Cmd)
	scroll(lines int)
}

func (w *world) ask(d dialog) tea.Cmd {
	w.dialogs = append(w.dialogs, d)
	return nil
}

func (w *world) top() dialog {
	if len(w.dialogs) == 0 {
		return nil
	}
	return w.dialogs[len(w.dialogs)-1]
}

// box is a dialog's place on the screen.
type box struct{ x, y, w, h int }

// overlay draws the top dialog over the lines of a frame.
func overlay(w *world, lines []string, width, height int) ([]string, box) {
	d := w.top()
	if d == nil {
		return lines, box{}
	}
	title, inside, foot := d.draw(w, max(1, min(width-4, 96)), max(1, height-3))
	t := &w.theme
	inner := max(cell.Width(title), cell.Width(foot)) + 4
	for _, l := range inside {
		inner = max(inner, cell.Width(l))
	}
	inner = max(1, min(inner, width-2))
	if len(inside) > height-2 {
		inside = inside[:max(0, height-2)]
	}
	b := box{w: inner + 2, h: len(inside) + 2}
	b.x, b.y = max(0, (width-b.w)/2), max(0, (height-b.h)/2)
	if l, ok := d.(interface{ low() bool }); ok && l.low() {
		b.y = max(0, height-b.h)
	}
	set := func(i int, s string) {
		if y := b.y + i; y >= 0 && y < len(lines) {
			lines[y] = cell.Splice(lines[y], s, b.x, width)
		}
	}
	set(0, edge(t, t.Glyphs.Corner[0], title, t.Glyphs.Corner[1], inner, t.Title))
	for i, l := range inside {
		set(i+1, t.Rule.On(t.Glyphs.Border)+cell.Pad(l, inner)+t.Rule.On(t.Glyphs.Border))
	}
	set(len(inside)+1, edge(t, t.Glyphs.Corner[2], foot, t.Glyphs.Corner[3], inner, t.Dim))
	return lines, b
}

// edge is a box's upper or lower line with a text in it.
func edge(t *theme.Theme, left, text, right string, inner int, p theme.Paint) string {
	if text == "" {
		return t.Rule.On(left + rule(t, inner) + right)
	}
	text = cell.Cut(" "+text+" ", max(0, inner-1), t.Glyphs.Ellipsis)
	return t.Rule.On(left+rule(t, 1)) + p.On(text) + t.Rule.On(rule(t, inner-1-cell.Width(text))+right)
}

func rule(t *theme.Theme, n int) string {
	s := ""
	for range max(0, n) {
		s += t.Glyphs.Rule
	}
	return s
}
