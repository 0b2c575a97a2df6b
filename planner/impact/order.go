package impact

// order lists the nodes so that what is needed comes first. Package catalog has cut
// the needs that lead round in a circle; the walk ends in any case.
func (c *compiler) order() {
	seen := make([]bool, len(c.nodes))
	var visit func(n int32)
	visit = func(n int32) {
		if seen[n] {
			return
		}
		seen[n] = true
		if needs := c.nodes[n].needs; needs != nil {
			leaves(needs, func(x *need) { visit(x.leaf) })
		}
		c.places = append(c.places, n)
	}
	c.place = make([]int32, len(c.nodes))
	for n := range c.nodes {
		visit(int32(n))
	}
	for i, n := range c.places {
		c.place[n] = int32(i)
	}
}
