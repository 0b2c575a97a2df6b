package catalog

import (
	"slices"

	"planewise/model"
)

// checkNamed checks planes, capabilities, services, residents, orders and limits,
// fills in their evidence, and takes out what is wrong.
func (m *merger) checkNamed(out *model.Mapping) {
	for i, c := range out.Capabilities {
		k := &checker{merger: m, subject: string(c.ID)}
		k.planeNames([]model.PlaneID{c.Plane})
		k.seconds("tolerance", c.ToleranceS)
		k.source(c.Evidence)
		k.wrong = false
		c.Needs = k.need(c.Needs, c.Evidence)
		c.Broken = k.wrong
		out.Capabilities[i] = fillCapability(c)
	}
	for i, s := range out.Services {
		k := &checker{merger: m, subject: string(s.ID)}
		k.source(s.Evidence)
		s.Needs = k.need(s.Needs, s.Evidence)
		s.Broken = k.wrong
		out.Services[i] = fillService(s)
	}
	m.cutCycles(out)
	out.Residents = keep(m, out.Residents, residentKey, func(k *checker, w model.Workload) { k.workload(w) })
	for i, w := range out.Residents {
		out.Residents[i] = fillWorkload(w, w.Evidence)
	}
	out.Orders = keep(m, out.Orders, func(o model.OrderRule) string { return o.ID }, (*checker).order)
	out.Limits = keep(m, out.Limits, func(l model.Limit) string { return l.ID }, (*checker).limit)
}

// keep is what is in order of a list.
func keep[T any](m *merger, list []T, id func(T) string, check func(*checker, T)) []T {
	return slices.DeleteFunc(list, func(x T) bool {
		k := &checker{merger: m, subject: id(x)}
		check(k, x)
		return k.wrong
	})
}

func (c *checker) order(o model.OrderRule) {
	if Literal(o.First) == 0 || Literal(o.Then) == 0 {
		c.bad("bare-wildcard", "the order would hold for every action", "name the actions on both sides")
	}
	c.seconds("soak", o.SoakS)
	c.crossing(o.Crossing)
	c.source(o.Evidence)
}

func (c *checker) limit(l model.Limit) {
	if l.Role == "" {
		c.bad("bad-word", "the limit names no role", "name the role of the nodes")
	}
	if l.MinUp > 0 || l.Service != "" {
		c.service(l.Service, "the limit")
	}
	c.source(l.Evidence)
}

// checkServed reports services that nothing provides and capabilities that
// nothing serves.
func (m *merger) checkServed(out model.Mapping) {
	provided := map[model.ServiceID]bool{}
	for _, w := range out.Residents {
		provided[w.Service] = true
	}
	for _, r := range out.Rules {
		for _, w := range r.Workloads {
			provided[w.Service] = true
		}
	}
	for _, s := range out.Services {
		if s.Needs == nil && !provided[s.ID] {
			m.note(model.Warning, "unprovided-service", string(s.ID),
				"no rule and no resident has a workload of the service", "add a workload that names it, or remove the service")
		}
	}
	for _, c := range out.Capabilities {
		if c.Needs == nil {
			m.note(model.Warning, "unserved-capability", string(c.ID),
				"nothing says what the capability needs, so that nothing can be seen to disturb it", "give it needs")
		}
	}
}
