package actions

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// tables are what is looked up in the mapping and the procedures, whatever changes.
type tables struct {
	procedures []model.Procedure // by product, name and path
	orders     []model.OrderRule // by id
	planes     []model.PlaneID   // sorted
	// serving are the workloads of a service, one per kind and name; see gather.
	serving map[model.ServiceID][]model.Workload
	// constraints that the two contain, parsed; those that cannot be are left out.
	constraints map[string]version.Constraint
}

func newTables(catalog Catalog, procedures []model.Procedure) *tables {
	c := &tables{
		procedures: slices.Clone(procedures), orders: slices.Clone(catalog.Orders()),
		serving: map[model.ServiceID][]model.Workload{}, constraints: map[string]version.Constraint{},
	}
	slices.SortFunc(c.procedures, func(x, y model.Procedure) int {
		return cmp.Or(strings.Compare(x.Product, y.Product), strings.Compare(x.Name, y.Name), strings.Compare(x.Path, y.Path))
	})
	slices.SortStableFunc(c.orders, func(x, y model.OrderRule) int { return strings.Compare(x.ID, y.ID) })
	for _, p := range catalog.Planes() {
		c.planes = append(c.planes, p.ID)
	}
	slices.Sort(c.planes)
	m := catalog.Mapping()
	for i := range m.Rules {
		c.gather(m.Rules[i].Workloads)
	}
	c.gather(m.Residents)
	for _, list := range c.serving {
		slices.SortFunc(list, func(x, y model.Workload) int {
			return cmp.Or(strings.Compare(workloadName(x), workloadName(y)), strings.Compare(x.Kind, y.Kind))
		})
	}
	c.parse(m)
	return c
}

// gather adds workloads by their service; of several versions of one, by kind and
// name, the one with the fewest instances counts.
func (c *tables) gather(ws []model.Workload) {
	for i := range ws {
		w := &ws[i]
		list := c.serving[w.Service]
		at := slices.IndexFunc(list, func(o model.Workload) bool { return o.Kind == w.Kind && workloadName(o) == workloadName(*w) })
		switch {
		case at < 0:
			c.serving[w.Service] = append(list, *w)
		case w.CountFrom == "" && w.Replicas < list[at].Replicas:
			list[at] = *w
		}
	}
}

// parse reads all constraints once: they are held against the two versions of
// every plan.
func (c *tables) parse(m model.Mapping) {
	add := func(texts ...string) {
		for _, text := range texts {
			if parsed, err := version.ParseConstraint(text); err == nil {
				c.constraints[text] = parsed
			}
		}
	}
	crossing := func(x *model.Crossing) {
		if x != nil {
			add(x.From, x.To)
		}
	}
	for _, p := range c.procedures {
		add(p.From, p.To)
		for _, f := range p.Forbids {
			add(f.To)
		}
		for _, s := range p.Stages {
			for i := range s.Effects {
				crossing(s.Effects[i].Crossing)
			}
		}
	}
	for i := range c.orders {
		crossing(c.orders[i].Crossing)
	}
	for _, r := range m.Rules {
		for i := range r.Effects {
			crossing(r.Effects[i].Crossing)
		}
		for i := range r.Retires {
			crossing(r.Retires[i].Crossing)
		}
	}
}

// satisfies holds a version against a constraint; what cannot be compared does not
// satisfy it.
func (c *tables) satisfies(constraint, v string) bool {
	parsed, known := c.constraints[constraint]
	if !known {
		return satisfies(constraint, v)
	}
	ok, err := parsed.Holds(v)
	return err == nil && ok
}
