package planner

import "planewise/model"

// running are the workloads of both sides: while the update is under way either
// may be there, and of two variants the weaker counts.
func (b *build) running() []model.Workload {
	parts := deployed(b.in.From, b.in.To)
	out := make([]model.Workload, 0, 2*len(parts))
	for _, c := range parts {
		before, after := c[0], c[1]
		if b.isMade(before, after) {
			if before = after; before == nil {
				continue // removed by now
			}
		}
		out = append(out, b.in.Catalog.Running(before, after)...)
	}
	return out
}

// isMade reports whether a component runs the target's version already.
func (b *build) isMade(before, after *model.Component) bool {
	switch {
	case b.resumed == nil:
		return false
	case after != nil:
		return b.resumed.made[after.ID()]
	}
	return b.resumed.made[before.ID()]
}

// deployed are the components that run something, as they are before and after: the
// last of each id on a side, nil where a side has none.
func deployed(from, to []model.Release) [][2]*model.Component {
	var out [][2]*model.Component
	place := map[model.ComponentID]int{}
	var id []byte
	for side, set := range [...][]model.Release{from, to} {
		for i := range set {
			for k := range set[i].Components {
				c := &set[i].Components[k]
				if c.NotDeployed || c.Kind == model.KindImage || c.Kind == model.KindRPM {
					continue
				}
				id = c.AppendID(id[:0])
				at, known := place[model.ComponentID(id)]
				if !known {
					at = len(out)
					place[model.ComponentID(id)] = at
					out = append(out, [2]*model.Component{})
				}
				out[at][side] = c
			}
		}
	}
	return out
}
