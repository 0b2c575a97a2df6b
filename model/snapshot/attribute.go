package snapshot

import (
	"slices"

	"planewise/model"
)

// Attribute gives installed charts to the product whose claimed release ships them,
// where no export says to which they belong: without the lists that were shipped, and
// in catalogues that do not name charts, none does. A chart that is installed must
// never look as if it were not. Claimed are the releases that the products claim to
// be, by product; of those that are not known the charts stay as they are.
func (s Snapshot) Attribute(runs []model.Release, claimed map[string]model.Release) ([]model.Release, []model.Diagnostic) {
	var notes Notes
	installed := map[model.ComponentID]Chart{}
	for _, c := range s.Charts {
		installed[(&model.Component{Kind: model.KindChart, Namespace: c.Namespace, Name: c.Name}).ID()] = c
	}
	taken := map[model.ComponentID]bool{}
	out := make([]model.Release, 0, len(runs))
	for _, r := range runs {
		has := map[model.ComponentID]bool{}
		for i := range r.Components {
			has[r.Components[i].ID()] = true
		}
		r.Components = slices.Clone(r.Components)
		for _, c := range claimed[r.Product].Components {
			id := c.ID()
			live, there := installed[id]
			if c.Kind != model.KindChart || !there || has[id] {
				continue
			}
			found := model.Component{Kind: model.KindChart, Namespace: live.Namespace, Name: live.Name, Version: live.Version}
			if live.Chart != live.Name {
				found.Chart = live.Chart
			}
			r.Components, taken[id], has[id] = append(r.Components, found), true, true
		}
		r.SortComponents()
		out = append(out, r)
	}
	for i := range out {
		if out[i].Product != Unattributed {
			continue
		}
		out[i].Components = slices.DeleteFunc(out[i].Components, func(c model.Component) bool { return taken[c.ID()] })
		if n := len(out[i].Components); n > 0 {
			notes.Add(model.Info, "chart-unattributed", "charts", "export the product catalogue: kubectl -n services get cm cray-product-catalog -o json", "%d installed charts belong to no product that the exports name", n)
		}
	}
	return out, notes.Sorted()
}
