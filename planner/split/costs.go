package split

import (
	"slices"

	"planewise/model"
)

// priced says which planes and prices of a policy do not meet.
func priced(planes []model.PlaneID, policy model.Policy) []model.Diagnostic {
	var out []model.Diagnostic
	for _, p := range planes {
		if !slices.ContainsFunc(policy.Costs, func(c model.PlaneCost) bool { return c.Plane == p }) {
			out = append(out, model.Diagnostic{Severity: model.Warning, Code: "plane-without-cost", Subject: string(p),
				Summary: "the policy has no costs for this plane: its time counts as much as that of the dearest plane", Hint: "add it to the policy's costs"})
		}
	}
	for _, c := range policy.Costs {
		if !slices.Contains(planes, c.Plane) {
			out = append(out, model.Diagnostic{Severity: model.Warning, Code: "cost-without-plane", Subject: string(c.Plane),
				Summary: "the policy has costs for a plane that the mapping does not have", Hint: "correct the plane's name, or add the plane to a mapping file"})
		}
	}
	return out
}

// costs of the policy's planes, in the order of the mapping's. A plane without a
// price would be free to disturb, so it costs as much as the dearest one.
func costs(planes []model.PlaneID, policy model.Policy) (fixed, rate, watch []int64) {
	by := map[model.PlaneID]model.PlaneCost{}
	var dearest model.PlaneCost
	for _, c := range policy.Costs {
		by[c.Plane] = c
		dearest.Fixed = max(dearest.Fixed, c.Fixed)
		dearest.Rate = max(dearest.Rate, c.Rate)
		dearest.Watch = max(dearest.Watch, c.Watch)
	}
	for _, p := range planes {
		c, priced := by[p]
		if !priced {
			c = dearest
		}
		fixed, rate, watch = append(fixed, c.Fixed), append(rate, c.Rate), append(watch, c.Watch)
	}
	return fixed, rate, watch
}
