package planner

import "planewise/model"

// running are the workloads of both sides: while the update is under way either
// may be there, and of two variants the weaker counts.
func (b *build) running() []model.Workload {
	before, after := deployed(b.in.From), deployed(b.in.To)
	var out []model.Workload
	for _, id := range before.order {
		out = append(out, b.in.Catalog.Running(before.last[id], after.last[id])...)
	}
	for _, id := range after.order {
		if before.last[id] == nil {
			out = append(out, b.in.Catalog.Running(nil, after.last[id])...)
		}
	}
	return out
}

// parts are the components of a side that run something, the last of each id.
type parts struct {
	order []model.ComponentID
	last  map[model.ComponentID]*model.Component
}

func deployed(set []model.Release) parts {
	p := parts{last: map[model.ComponentID]*model.Component{}}
	for i := range set {
		for k := range set[i].Components {
			c := &set[i].Components[k]
			if c.NotDeployed || c.Kind == model.KindImage || c.Kind == model.KindRPM {
				continue
			}
			id := c.ID()
			if p.last[id] == nil {
				p.order = append(p.order, id)
			}
			p.last[id] = c
		}
	}
	return p
}
