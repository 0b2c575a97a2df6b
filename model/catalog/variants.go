package catalog

import "planewise/model"

// Variants are the rules of a component whatever its version, most specific
// first: what a component is mapped to in all releases, for those who ask
// without naming one.
func (c *Catalog) Variants(comp model.Component) []Match {
	var out []Match
	for _, list := range [][]*entry{c.exact[comp.Kind][comp.Name], c.exact[""][comp.Name], c.open[comp.Kind], c.open[""]} {
		for _, e := range list {
			if e.matchesBut(&comp) {
				out = append(out, Match{Rule: e.rule, Key: e.key, Layer: c.layers[e.layer]})
			}
		}
	}
	return out
}
