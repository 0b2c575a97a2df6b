package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/keys"
)

func (s *planScreen) hints(*world) []keys.Action {
	if s.frame.Compact {
		return []keys.Action{keys.Left, keys.Right, keys.Toggle, keys.Enter, keys.Knobs, keys.Quit}
	}
	return []keys.Action{keys.Toggle, keys.Enter, keys.NextPane, keys.Move, keys.Pin, keys.Knobs, keys.Undo, keys.Export, keys.GoReleases, keys.GoMapping, keys.GoWhatIf, keys.Save, keys.Quit}
}

func (s *planScreen) do(w *world, a keys.Action) tea.Cmd {
	switch a {
	case keys.NextPane, keys.PrevPane:
		s.turn(a)
	case keys.Left:
		s.nextBundle(w, -1)
	case keys.Right:
		s.nextBundle(w, 1)
	case keys.Zoom:
		s.zoom = !s.zoom
		s.resize(w, s.frame.W, s.frame.H)
	case keys.Percentile:
		w.p50 = !w.p50
		s.refresh(w)
	default:
		if !s.step(w, a) {
			return s.change(w, a)
		}
	}
	return nil
}

// turn goes to the next pane, or back.
func (s *planScreen) turn(a keys.Action) {
	order := []focus{onList, onDetail, onLanes}
	if s.frame.Compact || s.frame.Lanes.Empty() {
		order = order[:2]
	}
	by := 1
	if a == keys.PrevPane {
		by = len(order) - 1
	}
	for i, f := range order {
		if f == s.focus {
			s.focus = order[(i+by)%len(order)]
			break
		}
	}
	if s.focus == onDetail && !s.current().selectable() {
		s.skip(1)
	}
}

// step moves the cursor of the pane with the focus.
func (s *planScreen) step(w *world, a keys.Action) bool {
	switch {
	case s.frame.Compact && s.focus == onList:
		// Only the detail is seen: up and down scroll it, left and right choose.
		return s.detail.step(a, len(s.rows), s.detailHeight())
	case s.focus == onDetail:
		if !s.detail.step(a, len(s.rows), s.detailHeight()) {
			return false
		}
		return true
	case s.focus == onLanes:
		p := pane{cur: s.plane}
		if !p.step(a, len(w.view.Planes), len(w.view.Planes)) {
			return false
		}
		s.plane = p.cur
		return true
	}
	if !s.list.step(a, len(s.entries), s.listHeight()) {
		return false
	}
	s.refresh(w)
	return true
}

// skip moves the detail's cursor to the nearest row that stands for something.
func (s *planScreen) skip(by int) {
	for i := s.detail.cur; i >= 0 && i < len(s.rows); i += by {
		if s.rows[i].selectable() {
			s.detail.move(i, len(s.rows), s.detailHeight())
			return
		}
	}
}

func (s *planScreen) nextBundle(w *world, by int) {
	s.list.move(s.list.cur+by, len(s.entries), s.listHeight())
	s.refresh(w)
}

func (s *planScreen) wheel(w *world, x, y, lines int) {
	switch {
	case s.frame.Detail.Holds(x, y):
		s.detail.scroll(lines, len(s.rows), s.detailHeight())
	case s.frame.List.Holds(x, y):
		s.list.scroll(lines, len(s.entries), s.listHeight())
		s.refresh(w)
	case s.frame.Lanes.Holds(x, y):
		by := 1
		if lines < 0 {
			by = -1
		}
		s.nextBundle(w, by)
	}
}

func (s *planScreen) click(w *world, x, y int) tea.Cmd {
	f := s.frame
	switch {
	case f.List.Holds(x, y) && y > f.List.Y:
		s.focus = onList
		s.list.move(s.list.off+y-f.List.Y-1, len(s.entries), s.listHeight())
		s.refresh(w)
	case f.Detail.Holds(x, y):
		s.focus = onDetail
		s.detail.move(s.detail.off+y-f.Detail.Y, len(s.rows), s.detailHeight())
	case f.Lanes.Holds(x, y):
		s.clickLanes(w, x, y)
	}
	return nil
}

func (s *planScreen) clickLanes(w *world, x, y int) {
	g := s.geometry(w)
	for _, c := range g.cells {
		if at := x - g.label; at >= c.X-1 && at < c.X+c.W {
			for i, e := range s.entries {
				if e.kind == entryBundle && e.bundle == c.Bundle {
					s.list.move(i, len(s.entries), s.listHeight())
				}
			}
		}
	}
	if plane := y - s.frame.Lanes.Y - 1; x < g.label && plane >= 0 && plane < len(w.view.Planes) {
		s.focus, s.plane = onLanes, plane
	}
	s.refresh(w)
}
