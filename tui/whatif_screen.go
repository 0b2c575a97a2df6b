package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/planner/edit"
	"planewise/tui/cell"
	"planewise/tui/keys"
	"planewise/tui/layout"
)

// maxPlans side by side; more do not fit and are not compared by eye.
const maxPlans = 4

// whatIfScreen shows two to four plans side by side.
type whatIfScreen struct {
	plans  []variant
	at     int // the selected plan
	rows   pane
	lines  int // of the table
	area   layout.Rect
	number int  // of the plans ever asked for
	alone  bool // the first form was removed and stays away
}

// variant is one of the plans: what was asked, and the answer.
type variant struct {
	id    int
	base  Base
	state edit.State
	view  *view
	err   error
	own   bool // the plan on the screen; it follows every change
}

// variantMade is the answer for a variant.
type variantMade struct {
	id   int
	base Base
	view *view
	err  error
}

func newWhatIfScreen(w *world) *whatIfScreen {
	s := &whatIfScreen{plans: []variant{{own: true}}}
	s.planned(w)
	return s
}

// planned follows the plan on the screen. Its first form stays beside it as soon
// as it was changed.
func (s *whatIfScreen) planned(w *world) tea.Cmd {
	for i := range s.plans {
		if s.plans[i].own {
			s.plans[i].view, s.plans[i].base, s.plans[i].state = w.view, w.base, w.state()
		}
	}
	if len(s.plans) == 1 && !s.alone && w.modified() && w.saved != nil {
		s.plans = append(s.plans, variant{view: w.saved, base: w.base, state: edit.State{Edits: w.saved.Edits, Policy: w.base.Input.Policy}, id: -1})
	}
	return nil
}

func (s *whatIfScreen) context() keys.Context { return keys.WhatIf }

func (s *whatIfScreen) filter() string { return "" }

func (s *whatIfScreen) setFilter(*world, string) {}

func (s *whatIfScreen) resize(w *world, width, height int) {
	s.area = body(width, height)
	s.planned(w)
}

func (s *whatIfScreen) hints(*world) []keys.Action {
	return []keys.Action{keys.Add, keys.Drop, keys.PlanThis, keys.Left, keys.Right, keys.Back}
}

func (s *whatIfScreen) disabled(_ *world, a keys.Action) string {
	switch a {
	case keys.Add:
		if len(s.plans) >= maxPlans {
			return "four plans are compared at most; x removes one"
		}
	case keys.Drop:
		if s.plans[s.at].own {
			return "the plan on the screen stays in the comparison"
		}
	case keys.PlanThis, keys.Enter:
		switch p := s.plans[s.at]; {
		case p.own:
			return "this is the plan on the screen already"
		case p.view == nil:
			return "the plan is not there yet"
		}
	case keys.Filter:
		return "the comparison has no list to filter"
	}
	return ""
}

func (s *whatIfScreen) do(w *world, a keys.Action) tea.Cmd {
	switch a {
	case keys.Left, keys.PrevPane:
		s.at = max(0, s.at-1)
	case keys.Right, keys.NextPane:
		s.at = min(len(s.plans)-1, s.at+1)
	case keys.Add:
		return askOther(w, "Compare with another plan", func(w *world, q Question) tea.Cmd { return s.add(w, q) })
	case keys.Drop:
		s.alone = s.alone || s.plans[s.at].id < 0
		s.plans = append(s.plans[:s.at], s.plans[s.at+1:]...)
		s.at = max(0, s.at-1)
	case keys.PlanThis, keys.Enter:
		return s.open(w)
	default:
		s.rows.step(a, s.lines, s.area.H)
	}
	return nil
}

// add asks for another plan. The same edits hold where the releases are the same.
func (s *whatIfScreen) add(w *world, q Question) tea.Cmd {
	s.number++
	id := s.number
	s.plans = append(s.plans, variant{id: id, base: Base{Question: q}})
	s.at = len(s.plans) - 1
	ctx, session := w.ctx, w.session
	edits := model.Edits{}
	if q.From == w.base.Question.From && q.To == w.base.Question.To {
		edits = w.state().Edits
	}
	return func() tea.Msg {
		b, err := session.Open(ctx, q)
		if err != nil {
			return variantMade{id: id, err: err}
		}
		b.Input.Edits = edits
		return variantMade{id: id, base: b, view: build(b, edit.State{Edits: edits, Policy: b.Input.Policy})}
	}
}

func (s *whatIfScreen) receive(w *world, msg tea.Msg) tea.Cmd {
	made, ok := msg.(variantMade)
	if !ok {
		return nil
	}
	for i := range s.plans {
		if p := &s.plans[i]; p.id == made.id && !p.own {
			p.view, p.err = made.view, made.err
			if made.err == nil {
				p.base, p.state = made.base, edit.State{Edits: made.base.Input.Edits, Policy: made.base.Input.Policy}
			} else {
				w.warn("%v", made.err)
			}
		}
	}
	return nil
}

// open goes on with the selected plan. What is not saved of the one on the screen
// is asked for first.
func (s *whatIfScreen) open(w *world) tea.Cmd {
	p := s.plans[s.at]
	then := func(w *world) tea.Cmd {
		w.next = w.home
		if p.base.Question == w.base.Question {
			return w.do("went on with the plan as it was", p.state)
		}
		return w.start(p.base)
	}
	if !w.modified() || p.base.Question == w.base.Question {
		return then(w)
	}
	return w.ask(confirm{title: "Go on with this plan?", text: "The changes to the plan on the screen are not saved.", yes: "go on", then: then})
}

func (s *whatIfScreen) back(*world) bool { return false }

func (s *whatIfScreen) click(_ *world, x, _ int) tea.Cmd {
	label, width := s.widths()
	if x >= label {
		s.at = min((x-label)/max(width, 1), len(s.plans)-1)
	}
	return nil
}

func (s *whatIfScreen) wheel(_ *world, _, _, lines int) { s.rows.scroll(lines, s.lines, s.area.H) }

// widths of the labels and of each plan.
func (s *whatIfScreen) widths() (label, column int) {
	label = min(22, s.area.W/4)
	return label, max(1, (s.area.W-label)/max(len(s.plans), 1))
}

func (s *whatIfScreen) view(w *world) []string {
	t := &w.theme
	table := s.table(w)
	label, width := s.widths()
	var out []string
	for _, r := range table {
		out = append(out, s.draw(w, r, label, width))
	}
	if len(s.plans) == 1 {
		for _, l := range cell.Wrap("One plan only. a adds another to compare: other releases, another system or policy. Changing this plan puts it beside its first form.", max(s.area.W-2, 1), 0, "") {
			out = append(out, t.Dim.On(cell.Fit(" "+l, s.area.W, t.Glyphs.Ellipsis)))
		}
	}
	s.lines = len(out)
	s.rows.off = max(0, min(s.rows.off, s.lines-s.area.H))
	s.rows.cur = s.rows.off
	out = out[s.rows.off:]
	return out[:min(len(out), s.area.H)]
}

func (s *whatIfScreen) draw(w *world, r tableRow, label, width int) string {
	t := &w.theme
	p := t.Plain
	if r.head {
		p = t.Strong
	}
	line := p.On(cell.Fit(" "+r.label, label, t.Glyphs.Ellipsis))
	used := label
	for i, c := range r.cells {
		text := " "
		if c.best {
			text = t.Glyphs.Best
		}
		text = cell.Fit(text+c.text, width, t.Glyphs.Ellipsis)
		switch {
		case r.title && i == s.at:
			line += t.Selected.On(text)
		case c.best:
			line += t.Good.On(text)
		case c.differs:
			line += t.Changed.On(text)
		case r.head || r.title:
			line += t.Strong.On(text)
		default:
			line += text
		}
		used += width
	}
	return line + cell.Blank(s.area.W-used)
}
