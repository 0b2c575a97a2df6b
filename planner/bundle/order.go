package bundle

import "slices"

// order is the graph of everything that says "in no later bundle": Before and
// Soak pairs, ranks, and in both directions With and equal pins. Its vertices are
// the nodes, then one bar between each two neighbouring ranks: all nodes of the
// lower rank lead to the bar and the bar to all of the higher, so that ranks cost
// edges in proportion to nodes, not to pairs.
type order struct {
	graph  digraph
	vertex []int32 // node -> vertex; nodes joined by With or a pin share one
	rank   []int   // node -> place of its rank among the ranks in use
}

func newOrder(p *Problem) *order {
	n := len(p.Nodes)
	o := &order{vertex: make([]int32, n), rank: denseRanks(p)}
	join := newUnion(n)
	for _, e := range p.With {
		join.join(e[0], e[1])
	}
	pinned := make(map[int]int)
	for v, node := range p.Nodes {
		if node.Pin == 0 {
			continue
		}
		if first, ok := pinned[node.Pin]; ok {
			join.join(first, v)
		} else {
			pinned[node.Pin] = v
		}
	}
	for v := range n {
		o.vertex[v] = int32(join.find(v))
	}
	ranks := 0
	for _, r := range o.rank {
		ranks = max(ranks, r+1)
	}
	edges := make([][2]int32, 0, len(p.Before)+len(p.Soak)+2*n)
	for _, list := range [][][2]int{p.Before, p.Soak} {
		for _, e := range list {
			edges = append(edges, [2]int32{o.vertex[e[0]], o.vertex[e[1]]})
		}
	}
	for v, r := range o.rank {
		if r > 0 {
			edges = append(edges, [2]int32{int32(n + r - 1), o.vertex[v]})
		}
		if r < ranks-1 {
			edges = append(edges, [2]int32{o.vertex[v], int32(n + r)})
		}
	}
	o.graph = newDigraph(n+max(ranks-1, 0), edges)
	return o
}

// denseRanks numbers the ranks in use from 0.
func denseRanks(p *Problem) []int {
	used := make([]int, len(p.Nodes))
	for v, n := range p.Nodes {
		used[v] = n.Rank
	}
	out := slices.Clone(used)
	slices.Sort(used)
	used = slices.Compact(used)
	for v := range out {
		out[v], _ = slices.BinarySearch(used, out[v])
	}
	return out
}

// union is a disjoint-set forest whose representatives are smallest members.
type union []int32

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = int32(i)
	}
	return u
}

func (u union) find(v int) int {
	for u[v] != int32(v) {
		u[v] = u[u[v]]
		v = int(u[v])
	}
	return v
}

func (u union) join(a, b int) {
	a, b = u.find(a), u.find(b)
	u[max(a, b)] = int32(min(a, b))
}
