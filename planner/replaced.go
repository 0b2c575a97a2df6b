package planner

import (
	"slices"

	"planewise/model"
)

// replaced corrects what a done removal leaves behind. By itself the removal of what
// serves something ends that for good; where the target has another workload of the
// service, it ends only until the action that brings it is done, which is nothing once
// it is.
func (b *build) replaced(a model.Action, t *model.Task) model.Action {
	if t.Method != model.MethodRemove || !slices.ContainsFunc(a.Effects, func(e model.Effect) bool { return e.Until == "ever" }) {
		return a
	}
	until, all := b.successor(t)
	if !all {
		return a
	}
	a.Effects = slices.Clone(a.Effects)
	if until == "" {
		a.Effects = slices.DeleteFunc(a.Effects, func(e model.Effect) bool { return e.Until == "ever" })
		return a
	}
	for i := range a.Effects {
		if a.Effects[i].Until == "ever" {
			a.Effects[i].Until = "action:" + string(until)
		}
	}
	return a
}

// successor reports whether each service of a removed workload has another workload, one
// that runs or one that is still to come, and the last action in the vendor's order that
// is still to bring one; "" where all run.
func (b *build) successor(t *model.Task) (until model.ActionID, all bool) {
	served := map[model.ServiceID]bool{}
	for _, w := range t.Workloads {
		served[w.Service] = false
	}
	coming := map[model.ComponentID]bool{}
	for i := range b.resumed.all {
		if other := &b.resumed.all[i]; !b.resumed.whole[other.ID] {
			for _, id := range other.Changes {
				coming[id] = true
			}
		}
	}
	brings := map[model.ComponentID]bool{}
	for _, c := range deployed(b.in.From, b.in.To) {
		if c[1] == nil {
			continue
		}
		id, runs := c[1].ID(), c[1]
		if !coming[id] && !b.resumed.made[id] {
			// Nobody brings it: what is left out replaces nothing.
			if runs = c[0]; runs == nil {
				continue
			}
		}
		for _, w := range b.in.Catalog.Running(nil, runs) {
			if _, asked := served[w.Service]; asked && b.in.System.Has(w.When) && !b.in.System.Undecides(w.When) {
				served[w.Service], brings[id] = true, true
			}
		}
	}
	for _, found := range served {
		if !found {
			return "", false
		}
	}
	for _, other := range b.resumed.all {
		if !b.resumed.whole[other.ID] && slices.ContainsFunc(other.Changes, func(id model.ChangeID) bool { return brings[id] }) {
			until = other.ID
		}
	}
	return until, len(served) > 0
}
