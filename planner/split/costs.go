package split

import "planewise/model"

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
