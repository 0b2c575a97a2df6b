package bundle

import (
	"cmp"
	"slices"
)

// spread is the rough split of a problem with pins: it deals the groups, in order,
// evenly to the bundles up to the last pin, as far as the groups' windows allow.
// That meets order, soaks and pins; where it breaks an apart or leaves a bundle
// empty, it returns nil.
func (c *contraction) spread() [][]int {
	n := len(c.groups)
	before, soak := newDigraph(n, c.before), newDigraph(n, c.soak)
	place, _ := before.components()
	order := make([]int32, n)
	for g := range order {
		order[g] = int32(g)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(c.groups[a].level, c.groups[b].level), cmp.Compare(place[a], place[b]))
	})
	in := make([]int, n) // first possible bundle, then the bundle
	floor, highest := 1, 1
	for i, v := range order {
		g := &c.groups[v]
		if i > 0 && g.level != c.groups[order[i-1]].level {
			floor = highest
		}
		// Nothing that v waits for is behind the last bundle v can be in.
		in[v] = max(in[v], floor, g.earliest, min(g.latest, 1+i*c.lastPin/n))
		highest = max(highest, in[v])
		for _, w := range before.next(v) {
			in[w] = max(in[w], in[v])
		}
		for _, w := range soak.next(v) {
			in[w] = max(in[w], in[v]+1)
		}
	}
	return c.deal(in, highest)
}

// deal turns an assignment into bundles if none is empty and no apart broken.
func (c *contraction) deal(in []int, count int) [][]int {
	for _, e := range c.apart {
		if in[e[0]] == in[e[1]] {
			return nil
		}
	}
	out := make([][]int, count)
	for g, b := range in {
		out[b-1] = append(out[b-1], c.groups[g].nodes...)
	}
	if slices.ContainsFunc(out, func(b []int) bool { return len(b) == 0 }) {
		return nil
	}
	return out
}
