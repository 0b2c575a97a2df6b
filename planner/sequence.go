package planner

import (
	"slices"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/age"
	"planewise/planner/impact"
)

// site says what the picture of the site means for the plan as a whole: what may be
// down at the same time over all bundles, and how old the picture is.
func (b *build) site(p *model.Plan, work actions.Result, groups [][]int, acts []model.Action) {
	steps := b.resumed.steps()
	for i, g := range groups {
		for _, m := range g {
			steps = append(steps, impact.Step{Task: work.Tasks[m], Bundle: p.Bundles[i].Label,
				Soaks: slices.ContainsFunc(acts[m].After, func(e model.Edge) bool { return e.Relation == model.Soak && e.SoakS > 0 })})
		}
	}
	b.note(b.engine.CheckSequence(steps))
	b.note(age.Check(b.in.System, b.in.Policy, b.in.At))
}

// steps are what was done before the plan, in the vendor's order. Whether the node at
// which a roll was stopped is back, no wait has made sure of.
func (r *resumed) steps() []impact.Step {
	if r == nil {
		return nil
	}
	var out []impact.Step
	for _, t := range r.all {
		if !r.touched(t.ID) {
			continue
		}
		if n := r.units[t.ID]; n > 0 {
			t.Units, t.Wait = n, nil
		}
		out = append(out, impact.Step{Task: t, Bundle: "done", Done: true})
	}
	return out
}
