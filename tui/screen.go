package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/keys"
	"planewise/tui/layout"
)

// screen is one of the things that fill the window between title and foot.
type screen interface {
	context() keys.Context
	// do carries out an action that is not disabled.
	do(w *world, a keys.Action) tea.Cmd
	// disabled says why an action is not possible now; "" where it is.
	disabled(w *world, a keys.Action) string
	// hints are the actions to show at the bottom, the most useful first.
	hints(w *world) []keys.Action
	// resize divides the window anew.
	resize(w *world, width, height int)
	// view draws all lines between the first and the last.
	view(w *world) []string
	// back undoes one level: a filter, a zoom; false where there is nothing to undo.
	back(w *world) bool
	// planned tells of a new plan, or that the screen is shown again.
	planned(w *world) tea.Cmd
	// receive takes the answer to a command of the screen.
	receive(w *world, msg tea.Msg) tea.Cmd
	click(w *world, x, y int) tea.Cmd
	wheel(w *world, x, y, lines int)
	// filter narrows the list; setFilter with "" shows all.
	filter() string
	setFilter(w *world, text string)
}

// body is the window without title and foot.
func body(width, height int) layout.Rect {
	return layout.Rect{X: 0, Y: 1, W: width, H: max(0, height-2)}
}

// pane is a scrolled list's place: the cursor's line and the first one shown.
type pane struct{ cur, off int }

// move sets the cursor among n lines of which h are shown.
func (p *pane) move(to, n, h int) {
	p.cur = max(0, min(to, n-1))
	p.show(n, h)
}

// show scrolls so that the cursor is seen and no line is wasted.
func (p *pane) show(n, h int) {
	p.cur = max(0, min(p.cur, n-1))
	if h <= 0 {
		return
	}
	p.off = max(0, min(p.off, n-h))
	if p.cur < p.off {
		p.off = p.cur
	}
	if p.cur >= p.off+h {
		p.off = p.cur - h + 1
	}
}

// scroll moves the lines without the cursor leaving them.
func (p *pane) scroll(by, n, h int) {
	p.off = max(0, min(p.off+by, n-h))
	p.cur = max(p.off, min(p.cur, p.off+max(h, 1)-1))
	p.show(n, h)
}

// step moves by an action for up and down; false where it is another.
func (p *pane) step(a keys.Action, n, h int) bool {
	switch a {
	case keys.Up:
		p.move(p.cur-1, n, h)
	case keys.Down:
		p.move(p.cur+1, n, h)
	case keys.PageUp:
		p.move(p.cur-max(h-1, 1), n, h)
	case keys.PageDown:
		p.move(p.cur+max(h-1, 1), n, h)
	case keys.Top:
		p.move(0, n, h)
	case keys.Bottom:
		p.move(n-1, n, h)
	default:
		return false
	}
	return true
}
