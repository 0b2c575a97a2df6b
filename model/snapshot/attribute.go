package snapshot

import (
	"slices"

	"planewise/model"
)

// Attribute gives installed charts to the product whose claimed release ships them,
// where no export says to which they belong: without the lists that were shipped, and
// in catalogues that do not name charts, none does. A chart that is installed must
// never look as if it were not. Claimed are the releases that the products claim to
// be, by product; of those that are not known the charts stay as they are. Where the
// platform's is not known, what nobody claims is taken to be of the platform: left out
// of its start, a chart of the target would count as installed anew, which disturbs
// nobody.
func (s Snapshot) Attribute(runs []model.Release, claimed map[string]model.Release, p Profile) ([]model.Release, []model.Diagnostic) {
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
		if _, known := claimed[p.Platform]; !known {
			out[i].Components = moveTo(out, p.Platform, out[i].Components)
		}
		if n := len(out[i].Components); n > 0 {
			notes.Add(model.Info, "chart-unattributed", "charts", "export the product catalogue: "+p.Catalogue, "%d installed charts belong to no product that the exports name", n)
		}
	}
	return out, notes.Sorted()
}

// moveTo gives components to the release of a product, and returns those that stay
// where they are, since there is no such release.
func moveTo(all []model.Release, product string, parts []model.Component) []model.Component {
	i := slices.IndexFunc(all, func(r model.Release) bool { return r.Product == product })
	if i < 0 {
		return parts
	}
	all[i].Components = append(all[i].Components, parts...)
	all[i].SortComponents()
	return nil
}
