package resume

import (
	"slices"

	"planewise/model"
	"planewise/planner/impact"
)

// System is what done actions are evaluated on.
type System struct {
	Engine *impact.Engine
	// Deployed are the components that run something, before and after the update; nil
	// where a side has none.
	Deployed [][2]*model.Component
	// Running are the workloads of a component.
	Running func(*model.Component) []model.Workload
	Model   model.System
}

// Actions are the actions of which something is done, in the vendor's order, as if they
// were still to be done: what they leave behind and how they are undone does not depend
// on when. The facts are those that they rest on, but for their tasks' own.
func (p *Progress) Actions(on System) (done []model.Action, facts []model.Fact) {
	for i, t := range p.Tasks() {
		if p.begun(t.ID) {
			a, reasons, _ := on.Engine.Act(t)
			facts = append(facts, reasons...)
			done = append(done, p.replaced(on, a, &p.tasks[i]))
		}
	}
	return done, facts
}

// replaced corrects what a done removal leaves behind. By itself the removal of what
// serves something ends that for good; where the target has another workload of the
// service, it ends only until the action that brings it is done, which is nothing once
// it is.
func (p *Progress) replaced(on System, a model.Action, t *model.Task) model.Action {
	if t.Method != model.MethodRemove || !slices.ContainsFunc(a.Effects, func(e model.Effect) bool { return e.Until == "ever" }) {
		return a
	}
	until, all := p.successor(on, t)
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
func (p *Progress) successor(on System, t *model.Task) (until model.ActionID, all bool) {
	served := map[model.ServiceID]bool{}
	for _, w := range t.Workloads {
		served[w.Service] = false
	}
	coming := map[model.ComponentID]bool{}
	for i := range p.tasks {
		if other := &p.tasks[i]; !p.done[other.ID] {
			for _, id := range other.Changes {
				coming[id] = true
			}
		}
	}
	brings := map[model.ComponentID]bool{}
	for _, c := range on.Deployed {
		if c[1] == nil {
			continue
		}
		id, runs := c[1].ID(), c[1]
		if !coming[id] && !p.updated[id] {
			// Nobody brings it: what is left out replaces nothing.
			if runs = c[0]; runs == nil {
				continue
			}
		}
		for _, w := range on.Running(runs) {
			if _, asked := served[w.Service]; asked && on.Model.Has(w.When) && !on.Model.Undecides(w.When) {
				served[w.Service], brings[id] = true, true
			}
		}
	}
	for _, found := range served {
		if !found {
			return "", false
		}
	}
	for _, other := range p.tasks {
		if !p.done[other.ID] && slices.ContainsFunc(other.Changes, func(id model.ChangeID) bool { return brings[id] }) {
			until = other.ID
		}
	}
	return until, len(served) > 0
}
