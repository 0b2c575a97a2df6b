package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/planner/words"
	"planewise/tui/edit"
	"planewise/tui/keys"
)

// target is what a change is about: the row or entry under the cursor.
type target struct {
	kind kind
	id   string
	name string // for the user
}

// target of the pane with the focus.
func (s *planScreen) target(w *world) target {
	switch s.focus {
	case onLanes:
		if s.plane < len(w.view.Planes) {
			id := string(w.view.Planes[s.plane].ID)
			return target{planeKind, id, "plane " + id}
		}
	case onDetail:
		if r := s.current(); r.selectable() {
			return target{r.kind, r.id, r.id}
		}
	case onList:
		if b := s.bundle(w); b != nil {
			return target{bundleKind, string(b.Key), b.Label}
		}
		if s.selected().kind == entryExcluded {
			return target{excludedKind, "", "all that was left out"}
		}
	}
	return target{}
}

func (s *planScreen) disabled(w *world, a keys.Action) string {
	t := s.target(w)
	switch a {
	case keys.Toggle:
		if t.kind == noKind || t.kind == capabilityKind {
			return "select a bundle, an action, a change or a plane to leave it out"
		}
	case keys.Done:
		return s.cannotBeDone(w)
	case keys.Pin:
		return s.cannotPin(w)
	case keys.Move:
		if t.kind != actionKind && t.kind != changeKind {
			return "select an action in the detail (tab) to move it"
		}
		if len(w.view.Bundles) < 2 {
			return "there is only one bundle"
		}
	case keys.Enter:
		if s.focus == onList && !s.frame.Compact {
			return "" // it goes to the detail
		}
		if t.kind == noKind || t.kind == excludedKind {
			return "select a line that stands for something to explain it"
		}
	case keys.Zoom:
		if s.frame.Compact {
			return "the window has no room to give"
		}
	case keys.Save:
		if !w.modified() && w.savedID != "" {
			return "it is saved already, as " + w.savedID
		}
	case keys.Export:
		if w.waiting {
			return "the plan is being made"
		}
	}
	return ""
}

func (s *planScreen) cannotPin(w *world) string {
	switch {
	case s.bundle(w) == nil:
		return "select a bundle to pin it"
	case len(w.hist.Now().Policy.Windows) == 0:
		return "policy " + w.hist.Now().Policy.Name + " has no windows to pin to"
	}
	return ""
}

// change carries out what changes the plan or leads to another screen.
func (s *planScreen) change(w *world, a keys.Action) tea.Cmd {
	switch a {
	case keys.Toggle:
		return s.toggle(w, s.target(w))
	case keys.Planes:
		return s.choosePlane(w)
	case keys.Enter:
		return s.enter(w)
	case keys.Done:
		return s.done(w)
	case keys.Pin:
		return s.pin(w)
	case keys.Move:
		return s.move(w)
	case keys.Knobs:
		return w.ask(newKnobs(w))
	case keys.Export:
		return askExport(w)
	case keys.Save:
		return save(w)
	case keys.Open:
		return askOther(w, "Plan something else", (*world).reopen)
	}
	return nil
}

// toggle leaves something out, or takes it back in.
func (s *planScreen) toggle(w *world, t target) tea.Cmd {
	if out := w.view.excluded(); slices.Contains(out, t.id) {
		return takeBack(w, t.id)
	}
	switch t.kind {
	case excludedKind:
		return w.do("took everything back in", edit.Include(w.state(), w.view.excluded()))
	case bundleKind:
		if b := s.bundle(w); b != nil {
			return leave(w, t.name, texts(b.Actions))
		}
	case planeKind:
		return leavePlane(w, model.PlaneID(t.id))
	case actionKind, changeKind:
		return leave(w, t.name, []string{t.id})
	}
	return nil
}

// takeBack takes something back in, and asks once where it needs more.
func takeBack(w *world, id string) tea.Cmd {
	ids := []string{id}
	if w.whole != nil {
		ids = append(ids, edit.Needs(w.whole.Plan, id, w.view.excluded())...)
	}
	apply := func(w *world) tea.Cmd { return w.do("took "+id+" back in", edit.Include(w.state(), ids)) }
	if len(ids) == 1 {
		return apply(w)
	}
	return w.ask(confirm{title: "Take " + id + " back in?", yes: "take in", text: "It requires what was left out too, and would bring it back:", list: ids[1:], then: apply})
}

func texts(ids []model.ActionID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// leavePlane leaves out everything that disturbs a plane.
func leavePlane(w *world, plane model.PlaneID) tea.Cmd {
	var ids []string
	for _, a := range w.view.Actions {
		if a.Footprint[plane] == model.Disturbed {
			ids = append(ids, string(a.ID))
		}
	}
	if ids == nil {
		return w.warn("nothing disturbs plane %s", plane)
	}
	return leave(w, "all that disturbs "+string(plane), ids)
}

func (s *planScreen) choosePlane(w *world) tea.Cmd {
	p := &picker{title: "Leave out all that disturbs one plane"}
	planes := w.view.Planes
	for _, one := range planes {
		n := 0
		for _, a := range w.view.Actions {
			if a.Footprint[one.ID] == model.Disturbed {
				n++
			}
		}
		c := choice{title: string(one.ID), note: words.Count(n, "action")}
		if n == 0 {
			c.why = "nothing disturbs it"
		}
		p.choices = append(p.choices, c)
	}
	p.pick = func(w *world, i int) (bool, tea.Cmd) {
		return true, leavePlane(w, planes[i].ID)
	}
	return w.ask(p)
}

// leave asks once where more goes than was asked for.
func leave(w *world, name string, ids []string) tea.Cmd {
	l := edit.Leave(w.view.Plan, ids)
	what := "left out " + name
	apply := func(w *world) tea.Cmd { return w.do(what, edit.Exclude(w.state(), l.All())) }
	if len(l.Too) == 0 && len(ids) == 1 {
		return apply(w)
	}
	c := confirm{title: "Leave out " + name + "?", yes: "leave out", then: apply}
	c.text = "This leaves out " + words.Count(len(ids), "action") + "."
	if len(ids) == 1 {
		c.text = "This leaves out " + ids[0] + "."
	}
	if n := len(l.Too); n > 0 {
		what += " and " + words.Count(n, "action") + " that need it"
		c.text += " " + words.Count(n, "more action") + " cannot be done without it, and would go too:"
		for _, id := range l.Too {
			c.list = append(c.list, string(id))
		}
	}
	if len(c.list) == 0 {
		c.text += " The target is then a mixed state that nobody has tested."
	}
	return w.ask(c)
}

// enter explains what is selected, or opens the detail.
func (s *planScreen) enter(w *world) tea.Cmd {
	t := s.target(w)
	if s.focus == onList && !s.frame.Compact {
		s.turn(keys.NextPane)
		return nil
	}
	subject := t.id
	if t.kind == bundleKind {
		subject = t.name // a bundle is asked for by its label
	}
	label := ""
	if b := s.bundle(w); b != nil {
		label = b.Label
	}
	return openExplain(w, subject, label)
}

// pin holds the selected bundle in a window, or lets it go.
func (s *planScreen) pin(w *world) tea.Cmd {
	b := s.bundle(w)
	label, members := b.Label, slices.Clone(b.Actions)
	if name := pinned(w, b); name != "" {
		st := w.state()
		st.Edits.Pins = slices.DeleteFunc(st.Edits.Pins, func(p model.Pin) bool { return p.Window != "" && slices.Contains(members, p.Action) })
		return w.do("unpinned "+label+" from "+name, st)
	}
	p := &picker{title: "Pin " + label + " to a window"}
	windows := w.hist.Now().Policy.Windows
	for _, one := range windows {
		p.choices = append(p.choices, choice{title: one.Name, note: words.Duration(one.DurationS)})
	}
	key := b.Key
	p.pick = func(w *world, i int) (bool, tea.Cmd) {
		st := w.state()
		st.Edits.Pins = append(st.Edits.Pins, model.Pin{Action: key, Window: windows[i].Name})
		return true, w.do("pinned "+label+" to "+windows[i].Name, st)
	}
	return w.ask(p)
}

// move puts the selected action into another bundle.
func (s *planScreen) move(w *world) tea.Cmd {
	t := s.target(w)
	id := model.ActionID(t.id)
	if t.kind == changeKind {
		c := w.view.changes[model.ChangeID(t.id)]
		if c == nil || c.Action == nil {
			return w.warn("no action carries this change")
		}
		id = *c.Action
	}
	home, ok := w.view.bundle[id]
	if !ok {
		return w.warn("%s is in no bundle", id)
	}
	p := &picker{title: "Move " + string(id) + " to"}
	var to []int
	for i := range w.view.Bundles {
		b := &w.view.Bundles[i]
		c := choice{title: b.Label + " " + b.Title, note: words.ShortSpan(b.Duration)}
		if i == home {
			c.why = "it is there"
		} else {
			c.why = edit.Forbids(w.view.Plan, id, i)
		}
		p.choices, to = append(p.choices, c), append(to, i)
	}
	v := w.view
	p.pick = func(w *world, i int) (bool, tea.Cmd) {
		b := &v.Bundles[to[i]]
		st := w.state()
		st.Edits.Moved = slices.DeleteFunc(st.Edits.Moved, func(m model.Move) bool { return m.Action == id })
		st.Edits.Moved = append(st.Edits.Moved, model.Move{Action: id, With: b.Key})
		return true, w.do("moved "+string(id)+" to the bundle of "+string(b.Key), st)
	}
	return w.ask(p)
}
