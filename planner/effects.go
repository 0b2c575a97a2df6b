package planner

import (
	"slices"

	"planewise/model"
	"planewise/planner/impact"
	"planewise/planner/resume"
)

// effects are what the work does to the system.
type effects struct {
	engine      *impact.Engine
	actions     []model.Action // of what is left, in the order of its tasks
	done        []model.Action // of what was done before
	facts       []*model.Fact  // that they rest on, but for the tasks' own
	diagnostics []model.Diagnostic
}

// evaluate works out the effects of all tasks on what runs while they are done.
func evaluate(in Input, rest resume.Result) effects {
	parts := deployed(in.From, in.To)
	engine, notes := impact.New(in.Catalog.Mapping(), in.System, in.Policy, impact.Running(running(in, parts, rest.Progress)))
	out := effects{engine: engine, actions: make([]model.Action, 0, len(rest.Work.Tasks)), diagnostics: notes}
	after := edges(rest.Work.Links)
	for i := range rest.Work.Tasks {
		t := &rest.Work.Tasks[i]
		a, facts, notes := engine.Act(*t)
		a.After, a.Rank = orEmpty(after[t.ID]), t.Rank
		out.actions, out.facts, out.diagnostics = append(out.actions, a), append(out.facts, pointers(facts)...), append(out.diagnostics, notes...)
	}
	out.diagnostics = append(out.diagnostics, engine.CheckLimits(rest.Work.Tasks)...)
	done, facts := rest.Progress.Actions(resume.System{
		Engine: engine, Deployed: parts, Model: in.System,
		Running: func(c *model.Component) []model.Workload { return in.Catalog.Running(nil, c) },
	})
	out.done, out.facts = done, append(out.facts, pointers(facts)...)
	return out
}

// edges are the links by the action that comes second.
func edges(links []model.Link) map[model.ActionID][]model.Edge {
	after := make(map[model.ActionID][]model.Edge, len(links))
	for i := range links {
		l := &links[i]
		after[l.Then] = append(after[l.Then], model.Edge{Action: l.First, Kind: l.Kind, Relation: l.Relation, SoakS: l.SoakS, Fact: l.Fact.ID})
	}
	return after
}

// running are the workloads of both sides: while the update is under way either may be
// there, and of two variants the weaker counts. What is updated by now runs as it is
// after the update.
func running(in Input, parts [][2]*model.Component, progress *resume.Progress) []model.Workload {
	out := make([]model.Workload, 0, 2*len(parts))
	for _, c := range parts {
		before, after := c[0], c[1]
		switch {
		case after != nil && progress.Updated(after.ID()):
			before = after
		case after == nil && progress.Updated(before.ID()):
			continue // removed by now
		}
		out = append(out, in.Catalog.Running(before, after)...)
	}
	return out
}

// deployed are the components that run something, as they are before and after: the
// last of each id on a side, nil where a side has none.
func deployed(from, to []model.Release) [][2]*model.Component {
	var out [][2]*model.Component
	place := map[model.ComponentID]int{}
	var id []byte
	for side, set := range [...][]model.Release{from, to} {
		for i := range set {
			for k := range set[i].Components {
				c := &set[i].Components[k]
				if c.NotDeployed || c.Kind == model.KindImage || c.Kind == model.KindRPM {
					continue
				}
				id = c.AppendID(id[:0])
				at, known := place[model.ComponentID(id)]
				if !known {
					at = len(out)
					place[model.ComponentID(id)] = at
					out = append(out, [2]*model.Component{})
				}
				out[at][side] = c
			}
		}
	}
	return out
}

// steps are the whole update in run order, with what was done before the plan.
func steps(rest resume.Result, bundles []model.Bundle, groups [][]int, acts []model.Action) []impact.Step {
	out := rest.Progress.Steps()
	for i, g := range groups {
		for _, m := range g {
			out = append(out, impact.Step{Task: rest.Work.Tasks[m], Bundle: bundles[i].Label,
				Soaks: slices.ContainsFunc(acts[m].After, func(e model.Edge) bool { return e.Relation == model.Soak && e.SoakS > 0 })})
		}
	}
	return out
}
