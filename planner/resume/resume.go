// Package resume goes on with an update that was begun: it takes out of the work what is
// done, and says where the system stands before the first bundle of what is left.
//
//	words of a user --Done--> edits --From--> Progress and the work that is left
//	        Progress --Actions--> what was done and left behind --Standing--> state of the system
//
// All of it follows from the work of the whole update and from model.Edits.Done; a plan
// of an update that has not begun has a nil *Progress, of which every method says that
// nothing is done.
package resume

import (
	"fmt"
	"slices"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/impact"
	"planewise/planner/schedule"
)

// Input is what a resumed plan is made from.
type Input struct {
	// Work is that of the whole update, but for what the edits leave out.
	Work actions.Result
	// LeftOut are the tasks that the edits leave out of it.
	LeftOut []model.Task
	Edits   model.Edits
	// Pins are those of the policy.
	Pins []model.Pin
}

// Result is what is left.
type Result struct {
	Progress *Progress      // nil where nothing is done
	Work     actions.Result // that is left
	// Edits and Pins are those given without what was pinned before the interruption and
	// has no meaning now, with pins of what has to be finished first.
	Edits       model.Edits
	Pins        []model.Pin
	Facts       []model.Fact // of interrupted actions; those of Work stay where they are
	Diagnostics []model.Diagnostic
}

// Progress is what of an update was done before the plan begins, as its edits say. It
// does not change.
type Progress struct {
	tasks   []model.Task // of the whole update, in the vendor's order, with all their units
	leftOut []model.Task // those that the edits leave out of it
	done    map[model.ActionID]bool
	units   map[model.ActionID]int // of those done in part
	// updated are the components that run the target's version by now. Those of actions
	// that are done in part are not among them: some nodes have them, some have not.
	updated map[model.ComponentID]bool
	// changes of the done actions, of which some are done in part.
	changes, partly []model.ChangeID
}

// From takes out of the work what is done. What is left of an action that is done in
// part keeps its id, so that plans before and after the interruption speak of the same
// action.
func From(in Input) Result {
	out := Result{Work: in.Work, Edits: in.Edits, Pins: in.Pins}
	if len(in.Edits.Done) == 0 {
		return out
	}
	p := &Progress{tasks: in.Work.Tasks, leftOut: in.LeftOut, done: map[model.ActionID]bool{}, units: map[model.ActionID]int{}, updated: map[model.ComponentID]bool{}}
	for _, d := range model.MergeDone(in.Edits.Done) {
		out.Diagnostics = append(out.Diagnostics, p.take(d)...)
	}
	out.Diagnostics = append(out.Diagnostics, p.checkOrder(in.Work.Links)...)
	changes, brought := p.mark(in.Work.Changes)
	out.Diagnostics = append(out.Diagnostics, p.renumbered(slices.Concat(in.Edits.Pins, in.Pins))...)
	out.Edits.Pins = append(p.withoutStale(in.Edits.Pins), p.finishFirst(in.Work.Links)...)
	out.Edits.Moved = slices.DeleteFunc(slices.Clone(in.Edits.Moved), func(m model.Move) bool { return p.done[m.Action] || p.done[m.With] })
	out.Pins = p.withoutStale(in.Pins)
	out.Work.Tasks = make([]model.Task, 0, len(in.Work.Tasks))
	for _, t := range in.Work.Tasks {
		switch n := p.units[t.ID]; {
		case p.done[t.ID]:
			continue
		case n > 0:
			t = remainder(t, n)
			out.Facts = append(out.Facts, t.Facts[len(t.Facts)-1])
			out.Diagnostics = append(out.Diagnostics, interrupted(t, n))
		}
		t.Changes = append(slices.Clip(t.Changes), brought[t.ID]...)
		out.Work.Tasks = append(out.Work.Tasks, t)
	}
	out.Work.Links = slices.DeleteFunc(slices.Clone(in.Work.Links), func(l model.Link) bool { return p.done[l.First] || p.done[l.Then] })
	out.Work.Changes = changes
	out.Work.Retired = p.retire(in.Work.Retired)
	out.Progress = p
	return out
}

// Tasks are those of the whole update, in the vendor's order; nil where nothing is done.
func (p *Progress) Tasks() []model.Task {
	if p == nil {
		return nil
	}
	return p.tasks
}

// Updated reports whether a component runs the target's version already, or is removed
// where the target has none.
func (p *Progress) Updated(id model.ComponentID) bool { return p != nil && p.updated[id] }

// Begun is what the schedule has to know of it.
func (p *Progress) Begun() schedule.Begun {
	var out schedule.Begun
	for _, t := range p.Tasks() {
		switch {
		case p.done[t.ID]:
			out.Done = append(out.Done, t.ID)
		case p.units[t.ID] > 0:
			out.Partly = append(out.Partly, t.ID)
		}
	}
	return out
}

// Scripts are the vendor's scripts of which something is done.
func (p *Progress) Scripts() map[string]bool {
	out := map[string]bool{}
	for _, t := range p.Tasks() {
		if t.Script != "" && p.begun(t.ID) {
			out[t.Script] = true
		}
	}
	return out
}

// Steps are what was done before the plan, in the vendor's order. Whether the node at
// which a roll was stopped is back, no wait has made sure of.
func (p *Progress) Steps() []impact.Step {
	var out []impact.Step
	for _, t := range p.Tasks() {
		if !p.begun(t.ID) {
			continue
		}
		if n := p.units[t.ID]; n > 0 {
			t.Units, t.Wait = n, nil
		}
		out = append(out, impact.Step{Task: t, Bundle: "done", Done: true})
	}
	return out
}

// begun reports whether some or all of an action is done.
func (p *Progress) begun(id model.ActionID) bool { return p.done[id] || p.units[id] > 0 }

// stale reports whether a pin has no meaning now: that of a done action, and that to the
// ordinal of a bundle, since the bundles are numbered anew.
func (p *Progress) stale(pin model.Pin) bool {
	return pin.Bundle > 0 || p.done[pin.Action] || p.done[pin.With]
}

func (p *Progress) withoutStale(pins []model.Pin) []model.Pin {
	return slices.DeleteFunc(slices.Clone(pins), p.stale)
}

// renumbered says which pins to the ordinal of a bundle are no longer held.
func (p *Progress) renumbered(pins []model.Pin) []model.Diagnostic {
	var out []model.Diagnostic
	for _, pin := range pins {
		if pin.Bundle > 0 && !p.done[pin.Action] {
			out = append(out, model.Diagnostic{Severity: model.Warning, Code: "pin-not-applied", Subject: string(pin.Action),
				Summary: fmt.Sprintf("it was pinned to bundle %d of the plan before; the bundles that are left are numbered anew", pin.Bundle), Hint: "pin it to a window, or into the bundle of another action (with)"})
		}
	}
	return out
}

// take notes one word of the user. What it names and the plan does not have is said: an
// update that is thought to be done further than it is would be planned as less than it
// is.
func (p *Progress) take(d model.Done) []model.Diagnostic {
	i := slices.IndexFunc(p.tasks, func(t model.Task) bool { return t.ID == d.Action })
	switch {
	case i < 0 && slices.ContainsFunc(p.leftOut, func(t model.Task) bool { return t.ID == d.Action }):
		return []model.Diagnostic{{Severity: model.Blocking, Code: "done-left-out", Subject: string(d.Action),
			Summary: "it is said to be done, in whole or in part, and it is left out of the plan: what it left behind is not known here", Hint: "take it back in, or correct what is done"}}
	case i < 0:
		return []model.Diagnostic{{Severity: model.Warning, Code: "done-nothing", Subject: string(d.Action),
			Summary: "it is said to be done, but the update has no such action", Hint: "correct the id; planewise show -v lists them"}}
	}
	units := max(p.tasks[i].Units, 1)
	left, counts := leftOf(d, units)
	switch {
	case left == 0:
		p.done[d.Action] = true
	case left < units:
		p.units[d.Action] = units - left
	}
	if counts && (d.Of == 0 || d.Of == units) && d.Units <= units {
		return nil
	}
	return []model.Diagnostic{{Severity: model.Warning, Code: "done-units-differ", Subject: string(d.Action),
		Summary: fmt.Sprintf("%s said to be done, but it has %d units on this system; %d are taken to be left", saidUnits(d), units, left),
		Hint:    "say how many of today's units are done"}}
}

// leftOf is how many of an action's units are left: those that are not done, and no
// fewer than were left when that was said. Numbers that cannot be (ok is false) leave
// all of them.
func leftOf(d model.Done, units int) (left int, ok bool) {
	switch {
	case d.Units == 0 && d.Of == 0:
		return 0, true
	case d.Units < 1 || d.Of < 0:
		return units, false
	}
	left = max(units-d.Units, 0)
	if d.Of > 0 {
		left = max(left, min(d.Of-d.Units, units))
	}
	return left, true
}

func saidUnits(d model.Done) string {
	if d.Of == 0 {
		return fmt.Sprintf("%d were", d.Units)
	}
	return fmt.Sprintf("%d of %d were", d.Units, d.Of)
}

// retire: what a done action ended has ended, and no action of the plan ends it.
func (p *Progress) retire(all []model.Retired) []model.Retired {
	out := slices.Clone(all)
	for i := range out {
		if out[i].Action != nil && p.done[*out[i].Action] {
			out[i].Action = nil
		}
	}
	return out
}
