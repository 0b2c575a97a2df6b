package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"planewise/planner/words"
	"planewise/tui/cell"
	"planewise/tui/keys"
	"planewise/tui/layout"
)

// mappingScreen shows which plane and which capability each component belongs to:
// what is unmapped or unknown first.
type mappingScreen struct {
	all    []mapped
	shown  []int
	open   bool // only what is unmapped or unknown
	at     pane
	narrow string
	area   layout.Rect
	made   *view
}

func newMappingScreen(w *world) *mappingScreen { return &mappingScreen{} }

// planned makes the rows anew where the plan's mapping may have changed.
func (s *mappingScreen) planned(w *world) tea.Cmd {
	if s.made == w.view {
		return nil
	}
	s.made = w.view
	s.all = mappedOf(w.view, w.base.Input.From, w.base.Input.To)
	s.narrowList()
	return nil
}

func (s *mappingScreen) narrowList() {
	s.shown = s.shown[:0]
	for i := range s.all {
		m := &s.all[i]
		if s.open && m.state == known {
			continue
		}
		if s.narrow == "" || matches(string(m.id)+" "+planeWords(m.rule.Planes)+" "+string(m.method()), s.narrow) {
			s.shown = append(s.shown, i)
		}
	}
	s.at.show(len(s.shown), s.height())
}

func (s *mappingScreen) context() keys.Context { return keys.Mapping }

func (s *mappingScreen) filter() string { return s.narrow }

func (s *mappingScreen) setFilter(_ *world, text string) {
	s.narrow = text
	s.narrowList()
}

func (s *mappingScreen) resize(w *world, width, height int) {
	s.area = body(width, height)
	s.planned(w)
	s.at.show(len(s.shown), s.height())
}

func (s *mappingScreen) height() int { return max(0, s.area.H-2) }

func (s *mappingScreen) receive(*world, tea.Msg) tea.Cmd { return nil }

func (s *mappingScreen) hints(*world) []keys.Action {
	return []keys.Action{keys.EditRow, keys.Enter, keys.OnlyChanges, keys.Filter, keys.Undo, keys.Keep, keys.Back}
}

func (s *mappingScreen) current() *mapped {
	if s.at.cur >= 0 && s.at.cur < len(s.shown) {
		return &s.all[s.shown[s.at.cur]]
	}
	return nil
}

func (s *mappingScreen) disabled(w *world, a keys.Action) string {
	m := s.current()
	switch a {
	case keys.EditRow:
		if m == nil {
			return "select a component"
		}
	case keys.Enter:
		if m == nil || !m.changes {
			return "the plan does not change this component, so there is nothing to explain"
		}
	case keys.Keep:
		if len(w.hist.Now().Rules) == 0 {
			return "nothing of the mapping was changed"
		}
		if w.rulesAt == w.hist.At() {
			return "the rules are saved already"
		}
	case keys.Left, keys.Right, keys.NextPane, keys.PrevPane:
		return "this screen has one pane"
	}
	return ""
}

func (s *mappingScreen) do(w *world, a keys.Action) tea.Cmd {
	switch a {
	case keys.EditRow:
		return w.ask(newMapEdit(w, *s.current()))
	case keys.Enter:
		return openExplain(w, string(s.current().id), "")
	case keys.OnlyChanges:
		s.open = !s.open
		s.narrowList()
	case keys.Keep:
		return keepRules(w)
	default:
		s.at.step(a, len(s.shown), s.height())
	}
	return nil
}

// keepRules saves the edited rules as the site's layer.
func keepRules(w *world) tea.Cmd {
	ctx, session, rules, at := w.ctx, w.session, w.state().Rules, w.hist.At()
	return func() tea.Msg {
		err := session.SaveRules(ctx, rules)
		return done{func(w *world) tea.Cmd {
			if err != nil {
				return w.warn("the mapping was not saved: %v", err)
			}
			w.rulesAt = at
			return w.say("saved %s in the site's layer of the mapping", words.Count(len(rules), "rule"))
		}}
	}
}

func (s *mappingScreen) back(w *world) bool {
	switch {
	case s.narrow != "":
		s.setFilter(w, "")
	case s.open:
		s.open = false
		s.narrowList()
	default:
		return false
	}
	return true
}

func (s *mappingScreen) click(_ *world, _, y int) tea.Cmd {
	s.at.move(s.at.off+y-s.area.Y-2, len(s.shown), s.height())
	return nil
}

func (s *mappingScreen) wheel(_ *world, _, _, lines int) {
	s.at.scroll(lines, len(s.shown), s.height())
}

// columns of the table: component, state, planes, method; what is left is for the
// capabilities.
func (s *mappingScreen) columns() [4]int {
	w := s.area.W - 1
	id := min(max(w*2/5, 16), 52)
	return [4]int{id, min(9, max(0, w-id)), min(26, max(0, (w-id-9)/2)), min(13, max(0, (w-id-9)/3))}
}

func (s *mappingScreen) line(t themed, cells [5]string) string {
	col := s.columns()
	out := ""
	for i, c := range col {
		if c > 1 {
			out += cell.Fit(cells[i], c-1, t.Glyphs.Ellipsis) + " "
		}
	}
	return out + cells[4]
}

func (s *mappingScreen) view(w *world) []string {
	t := &w.theme
	open := 0
	for i := range s.all {
		if s.all[i].state != known {
			open++
		}
	}
	head := " " + words.Count(len(s.all), "component") + ", " + itoa(open) + " unmapped or unknown"
	if s.open {
		head += ", only these shown"
	}
	if n := len(w.hist.Now().Rules); n > 0 {
		head += "; " + words.Count(n, "rule") + " changed here"
		if w.rulesAt != w.hist.At() {
			head += " (s saves)"
		}
	}
	out := []string{
		t.Title.On(cell.Fit(head, s.area.W, t.Glyphs.Ellipsis)),
		t.Strong.On(cell.Fit(" "+s.line(t, [5]string{"component", "state", "planes", "updated by", "capabilities it serves"}), s.area.W, t.Glyphs.Ellipsis)),
	}
	if len(s.shown) == 0 {
		return append(out, fill(paragraph("Nothing to show; esc clears the filter.", 1, s.area.W, dimTone), t, s.area.W, s.height())...)
	}
	rows := make([]row, len(s.shown))
	for i := s.at.off; i < min(len(s.shown), s.at.off+s.height()); i++ {
		rows[i] = s.row(t, &s.all[s.shown[i]])
	}
	return append(out, drawRows(t, rows, s.at, s.area.W, s.height(), true)...)
}

func (s *mappingScreen) row(t themed, m *mapped) row {
	capabilities := ""
	for i, c := range m.capabilities {
		if i > 0 {
			capabilities += " "
		}
		capabilities += string(c)
	}
	r := row{kind: changeKind, id: string(m.id)}
	r.text = s.line(t, [5]string{string(m.id), m.state.String(), planeWords(m.rule.Planes), string(m.method()), capabilities})
	switch {
	case m.state == unmapped:
		r.tone = badTone
	case m.state == unknownEffect:
		r.tone = warnTone
	case m.layer == "edits":
		r.tone = goodTone
	}
	return r
}
