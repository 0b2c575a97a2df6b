package bundle

import (
	"cmp"
	"slices"
)

// group is a set of nodes that every valid split keeps in one bundle: nodes
// joined by With or by one pin, and circles of Before and rank.
type group struct {
	nodes []int // ascending
	code  code  // footprint of all of them together
	work  int64
	pin   int
	// level places the group in the vendor's order: a group of lower level is never
	// in a later bundle than one of higher level. A group that spans ranks has a
	// level of its own between them.
	level int
	// earliest and latest bundle by pins alone, from 1.
	earliest, latest int
}

// noLimit is the latest bundle of a group that no pin bounds.
const noLimit = 1 << 30

// contraction is a problem with its groups as nodes, ordered by level, then by
// smallest node.
type contraction struct {
	groups []group
	of     []int32 // node -> group
	// before, soak and apart over groups: sorted, without doubles. before holds
	// soak too and leaves out what levels imply.
	before, soak, apart [][2]int32
	lastPin             int
}

// contract forms the groups of a well-formed problem. It returns a conflict where
// a group cannot exist.
func contract(p *Problem) (*contraction, []Constraint) {
	order := newOrder(p)
	of := order.graph.components()
	c := &contraction{of: make([]int32, len(p.Nodes))}
	c.collect(p, order, of)
	c.link(p)
	if conflict := c.clash(p); conflict != nil {
		return nil, conflict
	}
	return c, nil
}

// collect makes the groups from the components of the order graph.
func (c *contraction) collect(p *Problem, order *order, of []int32) {
	slot := make([]int32, order.graph.size()) // component -> group, plus 1
	var count []int32
	for v := range p.Nodes {
		comp := of[order.vertex[v]]
		if slot[comp] == 0 {
			count = append(count, 0)
			slot[comp] = int32(len(count))
		}
		c.of[v] = slot[comp] - 1
		count[c.of[v]]++
	}
	c.groups = make([]group, len(count))
	nodes := make([]int, len(p.Nodes))
	for i, n := range count {
		c.groups[i] = group{nodes: nodes[:0:n], earliest: 1, latest: noLimit}
		nodes = nodes[n:]
	}
	coder := newCoder(p)
	for v := range p.Nodes {
		g := &c.groups[c.of[v]]
		g.nodes = append(g.nodes, v)
		g.code |= coder.code(p.Nodes[v].Foot)
		g.work += p.Nodes[v].Work
		if pin := p.Nodes[v].Pin; pin > 0 {
			g.pin = pin
			c.lastPin = max(c.lastPin, pin)
		}
	}
	for i := range c.groups {
		c.groups[i].setLevel(order.rank)
	}
	c.sort()
}

// setLevel derives the level from the ranks of the group's nodes. Groups of one
// rank take the even levels. A group over several ranks is after the rest of its
// lowest and before the rest of its highest.
func (g *group) setLevel(rank []int) {
	low, high := rank[g.nodes[0]], rank[g.nodes[0]]
	for _, v := range g.nodes {
		low, high = min(low, rank[v]), max(high, rank[v])
	}
	g.level = 2 * low
	if low < high {
		g.level++
	}
}

// sort orders the groups by level, then by smallest node.
func (c *contraction) sort() {
	perm := make([]int32, len(c.groups))
	for i := range perm {
		perm[i] = int32(i)
	}
	slices.SortStableFunc(perm, func(a, b int32) int {
		return cmp.Compare(c.groups[a].level, c.groups[b].level)
	})
	groups := make([]group, len(perm))
	place := make([]int32, len(perm))
	for i, g := range perm {
		groups[i], place[g] = c.groups[g], int32(i)
	}
	c.groups = groups
	for v, g := range c.of {
		c.of[v] = place[g]
	}
}

// link carries the constraints over to groups.
func (c *contraction) link(p *Problem) {
	for _, e := range p.Before {
		a, b := c.of[e[0]], c.of[e[1]]
		if a != b && c.groups[a].level == c.groups[b].level {
			c.before = append(c.before, [2]int32{a, b})
		}
	}
	for _, e := range p.Soak {
		a, b := c.of[e[0]], c.of[e[1]]
		c.soak = append(c.soak, [2]int32{a, b})
		if a != b && c.groups[a].level == c.groups[b].level {
			c.before = append(c.before, [2]int32{a, b})
		}
	}
	for _, e := range p.Apart {
		a, b := c.of[e[0]], c.of[e[1]]
		c.apart = append(c.apart, [2]int32{min(a, b), max(a, b)})
	}
	for _, list := range []*[][2]int32{&c.before, &c.soak, &c.apart} {
		slices.SortFunc(*list, comparePairs)
		*list = slices.Compact(*list)
	}
}

func comparePairs(a, b [2]int32) int {
	if a[0] != b[0] {
		return cmp.Compare(a[0], b[0])
	}
	return cmp.Compare(a[1], b[1])
}
