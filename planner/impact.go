package planner

import (
	"slices"

	"planewise/model"
	"planewise/planner/impact"
	"planewise/planner/resume"
)

// impacts are what the bundles do, one after the other.
type impacts struct {
	each        []impact.BundleImpact
	diagnostics []model.Diagnostic // of tails that reach into later bundles
}

// bundles evaluates each bundle, on a system on which effects of earlier ones, and of
// what was done before, go on. groups are the bundles' actions by their place in acts.
func (e effects) bundles(groups [][]int, acts []model.Action, progress *resume.Progress) impacts {
	out := impacts{each: make([]impact.BundleImpact, len(groups))}
	inherited := inherit(groups, acts, e.done, progress)
	all := resume.Tails(e.done)
	for i, g := range groups {
		actions := members(g, acts)
		out.each[i] = e.engine.BundleAfter(inherited[i], actions)
		all = append(all, actions)
	}
	out.diagnostics = e.engine.CheckTails(all)
	return out
}

// inherit is, for each bundle, what earlier actions, of this plan or done before it,
// left behind and nothing ends before the bundle begins. What is gone for good is no
// disturbance of the bundle.
func inherit(groups [][]int, acts, done []model.Action, progress *resume.Progress) [][]impact.Left {
	out := make([][]impact.Left, len(groups))
	var behind []impact.Left
	leave := func(a *model.Action) {
		for _, e := range a.Effects {
			if e.Until != "ever" && progress.GoesOn(e.Until) {
				behind = append(behind, impact.Left{Effect: e, By: a.ID})
			}
		}
	}
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

// summarize gives the planes in the mapping's order, and what of their announced time
// could be avoided: the difference to the ideal, in which a plane that is disturbed at
// all is disturbed once, for just the actions that disturb it themselves.
func summarize(planes []model.Plane, touched []model.PlaneSummary, acts []model.Action) []model.PlaneSummary {
	out := make([]model.PlaneSummary, 0, len(planes))
	for _, plane := range planes {
		s := model.PlaneSummary{ID: plane.ID, Levels: map[string]model.Span{}}
		if i := slices.IndexFunc(touched, func(t model.PlaneSummary) bool { return t.ID == plane.ID }); i >= 0 {
			s = touched[i]
		}
		var own int64
		for i := range acts {
			if acts[i].Footprint[plane.ID] == model.Disturbed {
				own += acts[i].ExpectedS
			}
		}
		s.Avoidable = model.Avoidable{Announcements: max(s.Announcements-1, 0), S: s.ExposureS - own}
		out = append(out, s)
	}
	return out
}
