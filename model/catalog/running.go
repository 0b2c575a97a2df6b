package catalog

import (
	"slices"
	"strings"

	"planewise/model"
)

// Workloads are what runs on a system that has these components, residents not
// among them: the workloads of their rules, each once. Where several components
// (the releases of both sides of a plan) describe one workload differently, the
// weakest holds. Components that no script ships do not count. Sorted by service,
// namespace, name and condition.
func (c *Catalog) Workloads(components []model.Component) []model.Workload {
	variants := map[string][]model.Workload{}
	used := map[*entry]bool{}
	for i := range components {
		e := c.find(&components[i])
		if e == nil || used[e] || components[i].NotDeployed {
			continue
		}
		used[e] = true
		for _, w := range e.rule.Workloads {
			k := residentKey(w)
			variants[k] = append(variants[k], w)
		}
	}
	out := make([]model.Workload, 0, len(variants))
	for _, ws := range variants {
		// In one order, whatever that of the components: names and evidence are
		// those of the last.
		slices.SortFunc(ws, func(a, b model.Workload) int { return strings.Compare(content(a), content(b)) })
		weakest := ws[0]
		for _, w := range ws[1:] {
			weakest = weakerWorkload(weakest, w)
		}
		out = append(out, weakest)
	}
	slices.SortFunc(out, func(a, b model.Workload) int { return strings.Compare(residentKey(a), residentKey(b)) })
	return out
}
