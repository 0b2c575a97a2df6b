package model

import (
	"cmp"
	"slices"
)

// SortComponents puts the components into the order of a release: by manifest as
// shipped, then by position, then by id; what no manifest ships comes last.
func (r *Release) SortComponents() {
	rank := make(map[string]int, len(r.Manifests))
	for i, m := range r.Manifests {
		rank[m.Name] = i + 1
	}
	type keyed struct {
		rank int
		id   ComponentID
		c    Component
	}
	all := make([]keyed, len(r.Components))
	for i, c := range r.Components {
		n := rank[c.Manifest]
		if n == 0 {
			n = len(r.Manifests) + 1
		}
		all[i] = keyed{n, c.ID(), c}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.c.Position, b.c.Position), cmp.Compare(a.id, b.id))
	})
	for i := range all {
		r.Components[i] = all[i].c
	}
}
