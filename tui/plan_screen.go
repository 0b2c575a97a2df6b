package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/tui/cell"
	"planewise/tui/keys"
	"planewise/tui/layout"
)

// focus is the pane of the plan screen that the keys go to.
type focus uint8

const (
	onList focus = iota
	onDetail
	onLanes
)

// planScreen shows the plan: planes over time, the bundles, and the detail of
// what is selected.
type planScreen struct {
	frame   layout.Frame
	focus   focus
	entries []entry
	list    pane
	detail  pane
	plane   int
	zoom    bool
	narrow  string // the filter of the list
	only    string // the filter of the detail
	rows    []row
	rowsFor rowsKey
	key     model.ActionID // of the selected bundle, to find it again after planning
}

// rowsKey says what the detail's rows were made for.
type rowsKey struct {
	view   *view
	entry  entry
	width  int
	filter string
	p50    bool
}

func newPlanScreen() *planScreen { return &planScreen{} }

func (s *planScreen) context() keys.Context { return keys.Plan }

// filter is that of the pane with the focus.
func (s *planScreen) filter() string {
	if s.focus == onDetail {
		return s.only
	}
	return s.narrow
}

func (s *planScreen) setFilter(w *world, text string) {
	if s.focus == onDetail {
		s.only = text
	} else {
		s.narrow = text
	}
	s.planned(w)
}

func (s *planScreen) resize(w *world, width, height int) {
	s.frame = layout.Arrange(width, height, layout.Want{Lanes: laneLines(w.view), Sub: len(cell.Wrap(subline(w), width-2, 2, "")), Answers: len(talk(w, width, height)), Zoom: s.zoom})
	if s.frame.Compact && s.focus == onLanes {
		s.focus = onList
	}
	s.planned(w)
}

// planned finds the selected bundle again in a new plan.
func (s *planScreen) planned(w *world) tea.Cmd {
	s.entries = entriesOf(w.view, s.narrow)
	if i := slices.IndexFunc(s.entries, func(e entry) bool { return e.kind == entryBundle && w.view.Bundles[e.bundle].Key == s.key }); i >= 0 {
		s.list.cur = i
	}
	s.plane = max(0, min(s.plane, len(w.view.Planes)-1))
	s.list.show(len(s.entries), s.listHeight())
	s.refresh(w)
	return nil
}

// choose selects a bundle by its key.
func (s *planScreen) choose(w *world, key model.ActionID) {
	s.key, s.narrow, s.only, s.focus = key, "", "", onList
	s.planned(w)
}

// listHeight is the lines for entries: one is the heading.
func (s *planScreen) listHeight() int { return max(0, s.frame.List.H-1) }

func (s *planScreen) detailHeight() int {
	if s.frame.Compact {
		return s.frame.Detail.H
	}
	return s.frame.Detail.H
}

// selected is the entry under the list's cursor.
func (s *planScreen) selected() entry {
	if s.list.cur < len(s.entries) {
		return s.entries[s.list.cur]
	}
	return entry{kind: entryNothing}
}

// bundle is the selected bundle, nil where something else is selected.
func (s *planScreen) bundle(w *world) *model.Bundle {
	if e := s.selected(); e.kind == entryBundle && e.bundle < len(w.view.Bundles) {
		return &w.view.Bundles[e.bundle]
	}
	return nil
}

// refresh makes the detail's rows where what they show has changed.
func (s *planScreen) refresh(w *world) {
	if b := s.bundle(w); b != nil {
		s.key = b.Key
	}
	k := rowsKey{w.view, s.selected(), s.frame.Detail.W, s.only, w.p50}
	if k != s.rowsFor {
		same := k.entry == s.rowsFor.entry
		s.rows, s.rowsFor = onlyRows(detailRows(w, k.entry, k.width), k.filter), k
		if !same {
			s.detail = pane{}
		}
	}
	s.detail.show(len(s.rows), s.detailHeight())
}

// current is the row under the detail's cursor.
func (s *planScreen) current() row {
	if s.detail.cur < len(s.rows) {
		return s.rows[s.detail.cur]
	}
	return row{}
}

func (s *planScreen) receive(*world, tea.Msg) tea.Cmd { return nil }

func (s *planScreen) back(w *world) bool {
	switch {
	case s.narrow != "" || s.only != "":
		s.narrow, s.only = "", ""
		s.planned(w)
	case s.zoom:
		s.zoom = false
	case s.focus != onList:
		s.focus = onList
	default:
		return false
	}
	return true
}

func (s *planScreen) view(w *world) []string {
	t, f := &w.theme, s.frame
	var out []string
	if f.Sub.H > 0 {
		for _, l := range cell.Wrap(subline(w), f.W-2, f.Sub.H, t.Glyphs.Ellipsis) {
			out = append(out, t.Dim.On(cell.Fit(" "+l, f.W, t.Glyphs.Ellipsis)))
		}
	}
	if f.Lanes.H > 0 {
		out = append(out, s.lanes(w)...)
		out = append(out, legend(w, f.W))
	}
	out = append(out, s.answers(w)...)
	if f.Compact {
		return append(out, drawRows(t, s.rows, s.detail, f.Detail.W, f.Detail.H, true)...)
	}
	out = append(out, s.bodyRule(w))
	list := s.listLines(w)
	detail := drawRows(t, s.rows, s.detail, f.Detail.W, f.Detail.H, s.focus == onDetail)
	if f.Split.W == 0 {
		out = append(out, list...)
		if len(f.Rules) > 0 && f.Detail.Y > f.List.Y+f.List.H {
			out = append(out, t.Rule.On(rule(t, f.W)))
		}
		return append(out, detail...)
	}
	border := t.Rule.On(t.Glyphs.Border)
	for i := range list {
		out = append(out, list[i]+border+detail[i])
	}
	return out
}

func (s *planScreen) bodyRule(w *world) string {
	t := &w.theme
	return t.Rule.On(rule(t, s.frame.W))
}

// talk are the answers as lines: one each, or up to three where the window is high.
func talk(w *world, width, height int) []answerLine {
	most := 1
	if height >= 45 {
		most = 3
	}
	var out []answerLine
	for _, a := range w.view.Answers {
		lead, rest := splitAnswer(a.Text)
		lines := cell.Wrap(rest, max(width-2-cell.Width(lead), 8), most, w.theme.Glyphs.Ellipsis)
		for i, l := range lines {
			if i > 0 {
				lead = cell.Blank(cell.Width(lead))
			}
			out = append(out, answerLine{lead, l})
		}
	}
	return out
}

// answerLine is the question and a line of what the plan says to it.
type answerLine struct{ lead, text string }

func (s *planScreen) answers(w *world) []string {
	t := &w.theme
	out := make([]string, 0, s.frame.Answers.H)
	all := talk(w, s.frame.W, s.frame.H)
	for i := range s.frame.Answers.H {
		if i >= len(all) {
			out = append(out, cell.Blank(s.frame.W))
			continue
		}
		lead := cell.Cut(all[i].lead, s.frame.W-1, t.Glyphs.Ellipsis)
		n := s.frame.W - 1 - cell.Width(lead)
		out = append(out, " "+t.Strong.On(lead)+cell.Fit(" "+all[i].text, n, t.Glyphs.Ellipsis))
	}
	return out
}

// splitAnswer parts "Logins: degraded in B3" after the colon.
func splitAnswer(text string) (lead, rest string) {
	for i, r := range text {
		if r == ':' {
			return text[:i+1], text[i+1:]
		}
	}
	return "", text
}

func (s *planScreen) listLines(w *world) []string {
	t, f := &w.theme, s.frame
	out := []string{t.Strong.On(cell.Fit(listHead(f.List.W), f.List.W, t.Glyphs.Ellipsis))}
	rows := make([]row, len(s.entries))
	for i := s.list.off; i < min(len(s.entries), s.list.off+s.listHeight()); i++ {
		rows[i] = s.entries[i].row(w, f.List.W)
	}
	out = append(out, drawRows(t, rows, s.list, f.List.W, s.listHeight(), s.focus == onList)...)
	return out[:min(len(out), f.List.H)]
}
