package planner

import "planewise/model"

// planeSummaries adds the plan up per plane. Exposure is announced time: the
// expected work of every bundle that disturbs the plane. What could be avoided
// is the difference to the ideal, in which a plane that is disturbed at all is
// disturbed once, for just the actions that disturb it themselves.
func planeSummaries(planes []model.Plane, p model.Plan) []model.PlaneSummary {
	out := make([]model.PlaneSummary, 0, len(planes))
	for _, plane := range planes {
		s := model.PlaneSummary{ID: plane.ID, Levels: map[string]model.Span{}}
		var own int64
		for _, a := range p.Actions {
			if a.Footprint[plane.ID] == model.Disturbed {
				own += a.ExpectedS
			}
		}
		for _, b := range p.Bundles {
			if b.Footprint[plane.ID] == model.Disturbed {
				s.Announcements++
				s.ExposureS += b.WorkS
			}
			for _, impact := range b.Impact {
				if impact.Plane == plane.ID {
					s.Worst = max(s.Worst, impact.Worst)
					s.Unknown = s.Unknown || impact.Unknown
				}
			}
		}
		s.Avoidable = model.Avoidable{Announcements: max(s.Announcements-1, 0), S: s.ExposureS - own}
		out = append(out, s)
	}
	return out
}

// costs of the policy's planes, in the order of the mapping's. A plane without a
// price would be free to disturb, so it costs as much as the dearest one.
func costs(planes []model.Plane, policy model.Policy) (fixed, rate, watch []int64) {
	by := map[model.PlaneID]model.PlaneCost{}
	var dearest model.PlaneCost
	for _, c := range policy.Costs {
		by[c.Plane] = c
		dearest.Fixed = max(dearest.Fixed, c.Fixed)
		dearest.Rate = max(dearest.Rate, c.Rate)
		dearest.Watch = max(dearest.Watch, c.Watch)
	}
	for _, p := range planes {
		c, priced := by[p.ID]
		if !priced {
			c = dearest
		}
		fixed, rate, watch = append(fixed, c.Fixed), append(rate, c.Rate), append(watch, c.Watch)
	}
	return fixed, rate, watch
}
