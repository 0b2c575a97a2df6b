package planner

import (
	"slices"

	"planewise/model"
	"planewise/planner/impact"
)

// feel gives every bundle its duration, time line and impact per plane, and sums
// the planes up over the whole plan. groups are the bundles' actions by their
// place in acts.
func (b *build) feel(p *model.Plan, acts []model.Action, groups [][]int) {
	impacts := make([]impact.BundleImpact, len(groups))
	left := b.leftFor(acts, groups)
	inOrder := make([][]model.Action, 0, len(groups))
	for i, g := range groups {
		members := make([]model.Action, 0, len(g))
		for _, m := range g {
			members = append(members, acts[m])
		}
		impacts[i] = b.engine.BundleAfter(left[i], members)
		felt, one := &impacts[i], &p.Bundles[i]
		one.Duration, one.DurationUnknown = felt.Duration, felt.DurationUnknown
		one.Impact, one.Timeline = felt.Impact, felt.Timeline
		inOrder = append(inOrder, members)
	}
	b.note(b.engine.CheckTails(append(b.tailsBefore(), inOrder...)))
	b.summaries(p, impacts)
}

// leftFor is, for each bundle, what earlier actions, of this plan or done before it,
// left behind and nothing ends before the bundle begins. What is gone for good is no
// disturbance of the bundle.
func (b *build) leftFor(acts []model.Action, groups [][]int) [][]impact.Left {
	out := make([][]impact.Left, len(groups))
	var behind []impact.Left
	leave := func(a *model.Action) {
		for _, e := range a.Effects {
			if e.Until != "ever" && b.goesOn(e.Until) {
				behind = append(behind, impact.Left{Effect: e, By: a.ID})
			}
		}
	}
	done := b.doneActions()
	for i := range done {
		leave(&done[i])
	}
	for i, g := range groups {
		out[i] = slices.Clone(behind)
		for _, m := range g {
			leave(&acts[m])
		}
		behind = slices.DeleteFunc(behind, func(l impact.Left) bool {
			return slices.ContainsFunc(g, func(m int) bool { return l.Effect.Until == "action:"+string(acts[m].ID) })
		})
	}
	return out
}

// summaries are the planes over the whole plan, in the mapping's order. What
// could be avoided is the difference to the ideal, in which a plane that is
// disturbed at all is disturbed once, for just the actions that disturb it
// themselves.
func (b *build) summaries(p *model.Plan, impacts []impact.BundleImpact) {
	by := map[model.PlaneID]model.PlaneSummary{}
	for _, s := range b.engine.Planes(impacts) {
		by[s.ID] = s
	}
	p.Planes = make([]model.PlaneSummary, 0, len(by))
	for _, plane := range b.in.Catalog.Planes() {
		s, ok := by[plane.ID]
		if !ok {
			s = model.PlaneSummary{ID: plane.ID, Levels: map[string]model.Span{}}
		}
		var own int64
		for i := range p.Actions {
			a := &p.Actions[i]
			if a.Footprint[plane.ID] == model.Disturbed {
				own += a.ExpectedS
			}
		}
		s.Avoidable = model.Avoidable{Announcements: max(s.Announcements-1, 0), S: s.ExposureS - own}
		p.Planes = append(p.Planes, s)
	}
}
