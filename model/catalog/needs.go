package catalog

import (
	"fmt"
	"strconv"

	"planewise/model"
	"planewise/model/graph"
)

// maxNeedDepth bounds the nesting of one need, as the impact engine does; real
// ones have two or three levels.
const maxNeedDepth = 32

// need is the need without its wrong parts; nil where nothing is left.
func (c *checker) need(n *model.Need, from model.Evidence) *model.Need { return c.needAt(n, from, 0) }

func (c *checker) needAt(n *model.Need, from model.Evidence, depth int) *model.Need {
	if n == nil {
		return nil
	}
	if depth > maxNeedDepth {
		c.bad("bad-need", "the need is nested more than "+strconv.Itoa(maxNeedDepth)+" levels deep", "name a service for the inner part")
		return nil
	}
	c.seconds("time a need holds", n.HoldsS)
	own := inherit(from, n.Evidence)
	c.source(own)
	if n.Service != "" || n.Capability != "" {
		return c.leaf(n)
	}
	if len(n.Of) > 0 && (n.AtLeast < 1 || n.AtLeast > len(n.Of)) {
		c.bad("bad-need", fmt.Sprintf("it needs at least %d of %d", n.AtLeast, len(n.Of)), "at_least must lie between 1 and the number of things")
		return nil
	}
	return c.composite(n, own, depth)
}

func (c *checker) leaf(n *model.Need) *model.Need {
	what := "service:" + string(n.Service)
	known := c.services[n.Service]
	if n.Capability != "" {
		what, known = "capability:"+string(n.Capability), c.capabilities[n.Capability]
	}
	if !known {
		c.bad("unknown-need", "it needs "+what+", which nothing defines", "define it or correct the name", c.subject, what)
		return nil
	}
	return n
}

func (c *checker) composite(n *model.Need, own model.Evidence, depth int) *model.Need {
	out := *n
	out.All, out.Any, out.Of = nil, nil, nil
	for _, list := range [...]struct {
		from []model.Need
		to   *[]model.Need
	}{{n.All, &out.All}, {n.Any, &out.Any}, {n.Of, &out.Of}} {
		for i := range list.from {
			if kid := c.needAt(&list.from[i], own, depth+1); kid != nil {
				*list.to = append(*list.to, *kid)
			}
		}
	}
	if len(out.All)+len(out.Any)+len(out.Of) == 0 {
		return nil
	}
	out.AtLeast = min(out.AtLeast, len(out.Of))
	return &out
}

// cutCycles reports cycles among the needs of services and capabilities, and
// takes out the needs that close them: what follows needs an order in which
// everything comes after what it needs.
func (m *merger) cutCycles(out *model.Mapping) {
	var nodes []string
	var edges []graph.Edge[string]
	each := func(subject string, n *model.Need) {
		nodes = append(nodes, subject)
		leaves(n, func(leaf model.Need) { edges = append(edges, graph.Edge[string]{From: subject, To: leafName(leaf)}) })
	}
	for _, c := range out.Capabilities {
		each("capability:"+string(c.ID), c.Needs)
	}
	for _, s := range out.Services {
		each("service:"+string(s.ID), s.Needs)
	}
	of := map[string]int{}
	for i, part := range graph.New(nodes, edges).Components() {
		if part.Cycle == nil {
			continue
		}
		for _, member := range part.Members {
			of[member] = i + 1
		}
		m.note(model.Blocking, "need-cycle", part.Cycle[0], "it needs itself",
			"remove one of these needs; until then none of those within the cycle counts", part.Cycle...)
	}
	if len(of) == 0 {
		return
	}
	for i, c := range out.Capabilities {
		out.Capabilities[i].Needs = cut(c.Needs, of, of["capability:"+string(c.ID)])
		out.Capabilities[i].Broken = c.Broken || of["capability:"+string(c.ID)] > 0
	}
	for i, s := range out.Services {
		out.Services[i].Needs = cut(s.Needs, of, of["service:"+string(s.ID)])
		out.Services[i].Broken = s.Broken || of["service:"+string(s.ID)] > 0
	}
}

func leafName(n model.Need) string {
	if n.Capability != "" {
		return "capability:" + string(n.Capability)
	}
	return "service:" + string(n.Service)
}

// leaves visits the services and capabilities that a need names.
func leaves(n *model.Need, visit func(model.Need)) {
	if n == nil {
		return
	}
	if n.Service != "" || n.Capability != "" {
		visit(*n)
		return
	}
	for _, list := range [...][]model.Need{n.All, n.Any, n.Of} {
		for i := range list {
			leaves(&list[i], visit)
		}
	}
}

// cut is a need without the leaves that lie in the given cycle (0: in none).
func cut(n *model.Need, of map[string]int, cycle int) *model.Need {
	if n == nil || cycle == 0 {
		return n
	}
	if n.Service != "" || n.Capability != "" {
		if of[leafName(*n)] == cycle {
			return nil
		}
		return n
	}
	out := *n
	out.All, out.Any, out.Of = cutList(n.All, of, cycle), cutList(n.Any, of, cycle), cutList(n.Of, of, cycle)
	if len(out.All)+len(out.Any)+len(out.Of) == 0 {
		return nil
	}
	out.AtLeast = min(out.AtLeast, len(out.Of))
	return &out
}

func cutList(ns []model.Need, of map[string]int, cycle int) []model.Need {
	var out []model.Need
	for i := range ns {
		if kid := cut(&ns[i], of, cycle); kid != nil {
			out = append(out, *kid)
		}
	}
	return out
}
