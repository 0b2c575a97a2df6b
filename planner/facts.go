package planner

import "planewise/model"

// know notes facts that the plan points to; the same one may come several times.
// The list must not be altered afterwards.
func (b *build) know(facts []model.Fact) {
	for i := range facts {
		b.facts = append(b.facts, &facts[i])
	}
}
