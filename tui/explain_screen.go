package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/planner/explain"
	"planewise/tui/cell"
	"planewise/tui/keys"
)

// explainScreen walks chains of causes: from a capability to the change that
// disturbs it, and back.
type explainScreen struct {
	trail  []visit // what was walked through; the last is shown
	narrow string
	rows   []row
	open   map[int]bool // unfolded groups
	of     *view        // the plan that was asked
	bundle string       // from which one came; its effects are shown first
	groups []explain.Group
	at     pane
	w, h   int
}

// visit is a subject, and where the cursor was when it was left.
type visit struct {
	subject string
	report  *explain.Report
	err     error
	at      pane
}

const (
	chainKind kind = "chain"
	factKind  kind = "fact"
)

// explained is the answer to a question for a subject.
type explained struct {
	subject string
	report  explain.Report
	err     error
	view    *view
}

// openExplain goes to the explanation of a subject.
func openExplain(w *world, subject, bundle string) tea.Cmd {
	s := &explainScreen{open: map[int]bool{}, bundle: bundle}
	w.next = s
	return s.visit(w, subject)
}

// visit asks for a subject; explaining a bundle splits the plan anew to say what a
// cut is worth, which takes a moment.
func (s *explainScreen) visit(w *world, subject string) tea.Cmd {
	if n := len(s.trail); n > 0 {
		s.trail[n-1].at = s.at
	}
	s.trail = append(s.trail, visit{subject: subject})
	s.at, s.open, s.rows, s.groups = pane{}, map[int]bool{}, nil, nil
	return s.ask(w)
}

func (s *explainScreen) here() *visit { return &s.trail[len(s.trail)-1] }

func (s *explainScreen) receive(w *world, msg tea.Msg) tea.Cmd {
	if msg, ok := msg.(explained); ok && msg.subject == s.here().subject && msg.view == w.view {
		s.here().report, s.here().err = &msg.report, msg.err
		s.groups = explain.Grouped(msg.report.Chains)
		if len(s.groups) == 1 {
			s.open[0] = true
		}
		s.build(w)
		s.first()
	}
	return nil
}

// first puts the cursor on the first line that stands for something.
func (s *explainScreen) first() {
	here := func(r row) bool { return r.kind == chainKind && s.groups[atoi(r.id)].Bundle == s.bundle }
	if s.at.cur == 0 {
		i := slices.IndexFunc(s.rows, here)
		if i < 0 {
			i = slices.IndexFunc(s.rows, row.selectable)
		}
		s.at.cur = max(i, 0)
	}
	s.at.show(len(s.rows), s.height())
}

func (s *explainScreen) context() keys.Context { return keys.Explain }

func (s *explainScreen) filter() string { return s.narrow }

func (s *explainScreen) setFilter(w *world, text string) {
	s.narrow = text
	s.build(w)
	s.at.show(len(s.rows), s.height())
}

func (s *explainScreen) resize(w *world, width, height int) {
	s.w, s.h = width, max(0, height-2)
	s.build(w)
	s.at.show(len(s.rows), s.height())
}

func (s *explainScreen) height() int { return max(0, s.h-1) }

// planned asks anew where the plan has changed: what was said of it may be wrong.
func (s *explainScreen) planned(w *world) tea.Cmd {
	if s.of == w.view {
		return nil
	}
	return s.ask(w)
}

// ask explains what is shown. What was said before stays until the answer comes.
func (s *explainScreen) ask(w *world) tea.Cmd {
	v, subject := w.view, s.here().subject
	s.of = v
	return func() tea.Msg {
		r, err := explain.Of(v.Plan, subject)
		return explained{subject, r, err, v}
	}
}

func (s *explainScreen) hints(*world) []keys.Action {
	return []keys.Action{keys.Right, keys.Left, keys.Enter, keys.PlanThis, keys.Back}
}

func (s *explainScreen) disabled(_ *world, a keys.Action) string {
	switch a {
	case keys.PlanThis:
		if s.group() < 0 {
			return "select an effect to go to its bundle"
		}
	case keys.NextPane, keys.PrevPane:
		return "this screen has one pane"
	}
	return ""
}

// group is the index of the effect under the cursor or above it; -1 for none.
func (s *explainScreen) group() int {
	for i := min(s.at.cur, len(s.rows)-1); i >= 0; i-- {
		if s.rows[i].kind == chainKind {
			return atoi(s.rows[i].id)
		}
	}
	return -1
}

func (s *explainScreen) current() row {
	if s.at.cur >= 0 && s.at.cur < len(s.rows) {
		return s.rows[s.at.cur]
	}
	return row{}
}

func (s *explainScreen) do(w *world, a keys.Action) tea.Cmd {
	switch a {
	case keys.Right, keys.Enter:
		return s.into(w)
	case keys.Left:
		s.out(w)
	case keys.PlanThis:
		return s.showBundle(w)
	default:
		s.at.step(a, len(s.rows), s.height())
	}
	return nil
}

// into unfolds an effect, or goes on to what the line stands for.
func (s *explainScreen) into(w *world) tea.Cmd {
	r := s.current()
	switch r.kind {
	case chainKind:
		i := atoi(r.id)
		if !s.open[i] {
			s.open[i] = true
			s.build(w)
			return nil
		}
		s.at.move(s.at.cur+1, len(s.rows), s.height())
		return nil
	case noKind, factKind:
		return w.say("nothing further is behind this line")
	}
	if r.id == s.here().subject {
		return w.say("this is what is shown")
	}
	return s.visit(w, r.id)
}

// out folds the effect, or goes back to where one came from.
func (s *explainScreen) out(w *world) {
	if i := s.group(); i >= 0 && s.open[i] && len(s.groups) > 1 {
		s.open[i] = false
		s.build(w)
		for k, r := range s.rows {
			if r.kind == chainKind && atoi(r.id) == i {
				s.at.move(k, len(s.rows), s.height())
			}
		}
		return
	}
	if !s.back(w) {
		w.say("this is where the chain begins; esc goes back to the plan")
	}
}

func (s *explainScreen) back(w *world) bool {
	if s.narrow != "" {
		s.setFilter(w, "")
		return true
	}
	n := len(s.trail)
	if n < 2 {
		return false
	}
	s.trail = s.trail[:n-1]
	s.at, s.open, s.groups = s.here().at, map[int]bool{}, nil
	if r := s.here().report; r != nil {
		s.groups = explain.Grouped(r.Chains)
	}
	if g := s.group(); g >= 0 {
		s.open[g] = true
	}
	s.build(w)
	s.first()
	return true
}

// showBundle selects the effect's bundle on the plan screen.
func (s *explainScreen) showBundle(w *world) tea.Cmd {
	g := s.groups[s.group()]
	for i := range w.view.Bundles {
		if b := &w.view.Bundles[i]; b.Label == g.Bundle {
			w.home.choose(w, b.Key)
			w.next = w.home
			return nil
		}
	}
	return w.warn("it goes on after the bundles")
}

func (s *explainScreen) click(_ *world, _, y int) tea.Cmd {
	s.at.move(s.at.off+y-2, len(s.rows), s.height())
	return nil
}

func (s *explainScreen) wheel(_ *world, _, _, lines int) {
	s.at.scroll(lines, len(s.rows), s.height())
}

func (s *explainScreen) view(w *world) []string {
	t := &w.theme
	path := " why"
	for _, v := range s.trail {
		path += " " + t.Glyphs.Cursor + " " + v.subject
	}
	out := []string{t.Title.On(cell.Fit(lastPart(path, s.w, t.Glyphs.Ellipsis), s.w, t.Glyphs.Ellipsis))}
	switch v := s.here(); {
	case v.err != nil:
		return append(out, fill(paragraph(v.err.Error(), 1, s.w, badTone), t, s.w, s.height())...)
	case v.report == nil:
		return append(out, fill([]row{{text: " looking" + t.Glyphs.Ellipsis, tone: dimTone}}, t, s.w, s.height())...)
	}
	return append(out, drawRows(t, s.rows, s.at, s.w, s.height(), true)...)
}

// lastPart keeps the end of a path, which says where one is.
func lastPart(path string, w int, tail string) string {
	r := []rune(path)
	if len(r) <= w {
		return path
	}
	return tail + string(r[len(r)-max(w-1, 0):])
}

func fill(rows []row, t themed, w, h int) []string {
	return drawRows(t, rows, pane{cur: -1}, w, h, false)
}
