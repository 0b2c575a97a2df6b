package planner

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/schedule"
)

// resumed is what of the work was done before the plan begins, as the edits say.
type resumed struct {
	all []model.Task // of the whole update, in the vendor's order, with all their units
	// leftOut are those that the edits leave out of it.
	leftOut []model.Task
	whole   map[model.ActionID]bool
	units   map[model.ActionID]int // of those done in part
	// made are the components that run the target's version by now. Those of actions
	// that are done in part are not among them: some nodes have them, some have not.
	made map[model.ComponentID]bool
	// changes of the done actions, of which some are done in part.
	changes, partly []model.ChangeID
	// actions are the done tasks with what they do; nil until somebody asks.
	actions []model.Action
}

// begun is what the schedule has to know of it.
func (r *resumed) begun() schedule.Begun {
	var out schedule.Begun
	if r == nil {
		return out
	}
	for i := range r.all {
		switch id := r.all[i].ID; {
		case r.whole[id]:
			out.Done = append(out.Done, id)
		case r.units[id] > 0:
			out.Partly = append(out.Partly, id)
		}
	}
	return out
}

// scripts of the vendor of which something is done.
func (r *resumed) scripts() map[string]bool {
	out := map[string]bool{}
	if r == nil {
		return out
	}
	for i := range r.all {
		if t := &r.all[i]; t.Script != "" && (r.whole[t.ID] || r.units[t.ID] > 0) {
			out[t.Script] = true
		}
	}
	return out
}

// resume takes out of the work what is done. What is left of an action that is done
// in part keeps its id, so that plans before and after the interruption speak of the
// same action.
func (b *build) resume(work actions.Result) actions.Result {
	if len(b.in.Edits.Done) == 0 {
		return work
	}
	r := &resumed{all: slices.Clone(work.Tasks), whole: map[model.ActionID]bool{}, units: map[model.ActionID]int{}, made: map[model.ComponentID]bool{}}
	r.leftOut = slices.DeleteFunc(slices.Clone(b.entire), func(t model.Task) bool {
		return slices.ContainsFunc(r.all, func(o model.Task) bool { return o.ID == t.ID })
	})
	b.resumed = r
	for _, d := range model.MergeDone(b.in.Edits.Done) {
		b.finished(d)
	}
	b.note(r.order(work.Links))
	b.unpin()
	b.in.Edits.Pins = append(b.in.Edits.Pins, r.finishFirst(work.Links)...)

	changes, more := r.mark(work.Changes)
	tasks := make([]model.Task, 0, len(work.Tasks))
	for _, t := range work.Tasks {
		switch n := r.units[t.ID]; {
		case r.whole[t.ID]:
			continue
		case n > 0:
			t = remainder(t, n)
			b.facts = append(b.facts, &t.Facts[len(t.Facts)-1])
			b.note(interrupted(t, n))
		}
		t.Changes = append(slices.Clip(t.Changes), more[t.ID]...)
		tasks = append(tasks, t)
	}
	work.Tasks = tasks
	work.Links = slices.DeleteFunc(slices.Clone(work.Links), func(l model.Link) bool { return r.whole[l.First] || r.whole[l.Then] })
	work.Changes = changes
	work.Retired = r.retire(work.Retired)
	return work
}

// unpin lets go of what was pinned before the interruption and has no meaning now:
// pins and moves of done actions, and pins to the ordinal of a bundle, since the
// bundles are numbered anew.
func (b *build) unpin() {
	r := b.resumed
	gone := func(p model.Pin) bool {
		if p.Bundle > 0 && !r.whole[p.Action] {
			b.note([]model.Diagnostic{{Severity: model.Warning, Code: "pin-not-applied", Subject: string(p.Action),
				Summary: fmt.Sprintf("it was pinned to bundle %d of the plan before; the bundles that are left are numbered anew", p.Bundle), Hint: "pin it to a window, or into the bundle of another action (with)"}})
		}
		return p.Bundle > 0 || r.whole[p.Action] || r.whole[p.With]
	}
	b.in.Edits.Pins = slices.DeleteFunc(slices.Clone(b.in.Edits.Pins), gone)
	b.in.Policy.Pins = slices.DeleteFunc(slices.Clone(b.in.Policy.Pins), gone)
	b.in.Edits.Moved = slices.DeleteFunc(slices.Clone(b.in.Edits.Moved), func(m model.Move) bool { return r.whole[m.Action] || r.whole[m.With] })
}

// finished takes one word of the user. What it names and the plan does not have is
// said: an update that is thought to be done further than it is would be planned as
// less than it is.
func (b *build) finished(d model.Done) {
	r := b.resumed
	i := slices.IndexFunc(r.all, func(t model.Task) bool { return t.ID == d.Action })
	switch {
	case i < 0 && slices.ContainsFunc(r.leftOut, func(t model.Task) bool { return t.ID == d.Action }):
		b.note([]model.Diagnostic{{Severity: model.Blocking, Code: "done-left-out", Subject: string(d.Action),
			Summary: "it is said to be done, in whole or in part, and it is left out of the plan: what it left behind is not known here", Hint: "take it back in, or correct what is done"}})
		return
	case i < 0:
		b.note([]model.Diagnostic{{Severity: model.Warning, Code: "done-nothing", Subject: string(d.Action),
			Summary: "it is said to be done, but the update has no such action", Hint: "correct the id; planewise show -v lists them"}})
		return
	}
	units := max(r.all[i].Units, 1)
	left, counts := leftOf(d, units)
	if !counts || d.Of > 0 && d.Of != units || d.Units > units {
		b.note([]model.Diagnostic{{Severity: model.Warning, Code: "done-units-differ", Subject: string(d.Action),
			Summary: fmt.Sprintf("%s said to be done, but it has %d units on this system; %d are taken to be left", saidUnits(d), units, left),
			Hint:    "say how many of today's units are done"}})
	}
	switch {
	case left == 0:
		r.whole[d.Action] = true
	case left < units:
		r.units[d.Action] = units - left
	}
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

// turnsOf is how many times a task takes a batch of its units: what all together take
// is the time of one turn, however many they are.
func turnsOf(t model.Task) int {
	batch := max(t.Batch, 1)
	return (t.Units + batch - 1) / batch
}

// remainder is what is left of a task of which n units are done.
func remainder(t model.Task, n int) model.Task {
	of, whole, turns := t.Units, t.Title, turnsOf(t)
	t.Units -= n
	left := turnsOf(t)
	t.Batch = min(t.Batch, t.Units)
	t.Title = fmt.Sprintf("%s: the %d of %d that are left", whole, t.Units, of)
	if t.Units == 1 {
		t.Title = fmt.Sprintf("%s: the last of %d", whole, of)
	}
	if t.Duration != nil {
		d := *t.Duration
		d.P50s, d.P90s = share(d.P50s, left, turns), share(d.P90s, left, turns)
		d.Text = strings.TrimSpace(fmt.Sprintf("%s %d of %d are left.", d.Text, t.Units, of))
		t.Duration = &d
	}
	t.Facts = append(slices.Clone(t.Facts), model.NewFact(string(t.ID), "goes-on-after", fmt.Sprintf("%d of %d", n, of), "", model.Evidence{
		Basis: model.BasisObserved, Source: "edits.done", Text: fmt.Sprintf("%d of %d were reported as done before this plan.", n, of)}))
	return t
}

// share is part of whole of a length, rounded up.
func share(length int64, part, whole int) int64 {
	return (length*int64(part) + int64(whole) - 1) / int64(whole)
}

// interrupted: how many nodes are done says nothing about the one at which the roll
// was stopped.
func interrupted(t model.Task, n int) []model.Diagnostic {
	return []model.Diagnostic{{Severity: model.Warning, Code: "interrupted-roll", Subject: string(t.ID),
		Summary: fmt.Sprintf("%d of %d are done; whether one of the others is drained, cordoned or half rebuilt is not known", n, n+t.Units),
		Hint:    "look before going on (kubectl get nodes; ceph status), or plan with a fresh snapshot of the system"}}
}

// order finds what is done although something that comes first is not.
func (r *resumed) order(links []model.Link) []model.Diagnostic {
	var out []model.Diagnostic
	for _, l := range links {
		first, then := l.First, l.Then
		path := []string{string(first), string(then)}
		switch {
		case r.halfDone(l):
			out = append(out, model.Diagnostic{Severity: model.Warning, Code: "half-done-group", Subject: string(then), Path: path,
				Summary: fmt.Sprintf("%s and %s belong into one sitting, and they are not both done", first, then), Hint: "finish what is left of them: it is in the first bundle"})
		case l.Relation == model.Soak && r.whole[first] && !r.whole[then]:
			out = append(out, model.Diagnostic{Severity: model.Warning, Code: "soak-not-verified", Subject: string(then), Path: path,
				Summary: fmt.Sprintf("%s has to be over for %d s before it begins, and when that ended is not known here", first, l.SoakS), Hint: "wait that long before the bundle begins"})
		case (l.Relation == model.Before || l.Relation == model.Soak) && !r.whole[first] && r.touched(then):
			d := model.Diagnostic{Severity: model.Blocking, Code: "done-out-of-order", Subject: string(then), Path: path,
				Summary: fmt.Sprintf("it is said to be done, but %s, which is documented to come first, is not", first), Hint: "correct what is done, or ask the vendor: no document describes this state"}
			if l.Kind != model.RequiredEdge {
				d.Severity = model.Warning
				d.Summary = fmt.Sprintf("it is said to be done, but %s, which the vendor does first, is not", first)
			}
			out = append(out, d)
		}
	}
	return append(out, r.ranks()...)
}

// halfDone reports whether a link joins two actions that belong into one sitting, which
// is begun and not over.
func (r *resumed) halfDone(l model.Link) bool {
	return l.Relation == model.With && (r.touched(l.First) || r.touched(l.Then)) && !(r.whole[l.First] && r.whole[l.Then])
}

// finishFirst puts what is left of groups that belong into one sitting into the first
// bundle: as near to what is done as can be.
func (r *resumed) finishFirst(links []model.Link) []model.Pin {
	var pins []model.Pin
	for _, l := range links {
		if !r.halfDone(l) {
			continue
		}
		for _, id := range []model.ActionID{l.First, l.Then} {
			if pin := (model.Pin{Action: id, Bundle: 1}); !r.whole[id] && !slices.Contains(pins, pin) {
				pins = append(pins, pin)
			}
		}
	}
	return pins
}

// ranks finds what is done before something of a lower rank, and says it once.
func (r *resumed) ranks() []model.Diagnostic {
	var left, done *model.Task
	for i := range r.all {
		t := &r.all[i]
		switch {
		case !r.whole[t.ID] && left == nil:
			left = t
		case r.touched(t.ID) && left != nil && t.Rank > left.Rank && done == nil:
			done = t
		}
	}
	if done == nil {
		return nil
	}
	return []model.Diagnostic{{Severity: model.Warning, Code: "done-out-of-order", Subject: string(done.ID), Path: []string{string(left.ID), string(done.ID)},
		Summary: fmt.Sprintf("it is said to be done, but %s, which the vendor does in an earlier stage, is not", left.ID),
		Hint:    "correct what is done; what is left is planned in the vendor's order"}}
}

// retire: what a done action ended has ended, and no action of the plan ends it.
func (r *resumed) retire(all []model.Retired) []model.Retired {
	out := slices.Clone(all)
	for i := range out {
		if out[i].Action != nil && r.whole[*out[i].Action] {
			out[i].Action = nil
		}
	}
	return out
}
