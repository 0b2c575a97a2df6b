package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/planner/edit"
	"planewise/planner/words"
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
	switch {
	case t.kind == excludedKind:
		return w.edit(edit.Command{Verb: edit.Take, Subject: edit.Everything})
	case slices.Contains(w.view.excluded(), t.id):
		return w.edit(edit.Command{Verb: edit.Take, Subject: t.id})
	case t.kind == planeKind:
		return w.edit(edit.Command{Verb: edit.Leave, Subject: edit.Plane(t.id)})
	case t.kind == bundleKind:
		return w.edit(edit.Command{Verb: edit.Leave, Subject: t.name})
	case t.kind == actionKind, t.kind == changeKind:
		return w.edit(edit.Command{Verb: edit.Leave, Subject: t.id})
	}
	return nil
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
		return true, w.edit(edit.Command{Verb: edit.Leave, Subject: edit.Plane(string(planes[i].ID))})
	}
	return w.ask(p)
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
	c := edit.Command{Verb: edit.Pin, Subject: b.Label, How: edit.ToWindow}
	if pinned(w, b) != "" {
		return w.edit(edit.Command{Verb: edit.Unpin, Subject: b.Label})
	}
	p := &picker{title: "Pin " + b.Label + " to a window"}
	windows := w.hist.Now().Policy.Windows
	for _, one := range windows {
		p.choices = append(p.choices, choice{title: one.Name, note: words.Duration(one.DurationS)})
	}
	p.pick = func(w *world, i int) (bool, tea.Cmd) {
		c.To = windows[i].Name
		return true, w.edit(c)
	}
	return w.ask(p)
}

// move puts the selected action into another bundle.
func (s *planScreen) move(w *world) tea.Cmd {
	t := s.target(w)
	id := model.ActionID(t.id)
	if c := w.view.changes[model.ChangeID(t.id)]; t.kind == changeKind && c != nil && c.Action != nil {
		id = *c.Action
	}
	p := &picker{title: "Move " + string(id) + " to"}
	keys := make([]model.ActionID, len(w.view.Bundles)) // which stay when the labels move on
	for i := range w.view.Bundles {
		b := &w.view.Bundles[i]
		keys[i] = b.Key
		p.choices = append(p.choices, choice{title: b.Label + " " + b.Title, note: words.ShortSpan(b.Duration), why: edit.Forbids(w.view.Plan, id, i)})
	}
	p.pick = func(w *world, i int) (bool, tea.Cmd) {
		return true, w.edit(edit.Command{Verb: edit.Move, Subject: string(id), To: string(keys[i])})
	}
	return w.ask(p)
}
