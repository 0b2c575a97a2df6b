package graph

import (
	"cmp"
	"slices"
)

// topo orders nodes 0..n-1 of a graph without cycles; rank orders the nodes that
// could come next.
func topo(first, next []int32, rank []int32) []int32 {
	n := len(first) - 1
	incoming := make([]int32, n)
	for _, j := range next {
		incoming[j]++
	}
	ready := heap{rank: rank}
	for i := range n {
		if incoming[i] == 0 {
			ready.push(int32(i))
		}
	}
	order := make([]int32, 0, n)
	for len(ready.nodes) > 0 {
		i := ready.pop()
		order = append(order, i)
		for _, j := range next[first[i]:first[i+1]] {
			if incoming[j]--; incoming[j] == 0 {
				ready.push(j)
			}
		}
	}
	return order
}

// heap holds the nodes that could come next, smallest rank on top.
type heap struct {
	nodes []int32
	rank  []int32
}

func (h *heap) less(a, b int) bool {
	return h.rank[h.nodes[a]] < h.rank[h.nodes[b]]
}

func (h *heap) push(n int32) {
	h.nodes = append(h.nodes, n)
	for i := len(h.nodes) - 1; i > 0 && h.less(i, (i-1)/2); i = (i - 1) / 2 {
		h.nodes[i], h.nodes[(i-1)/2] = h.nodes[(i-1)/2], h.nodes[i]
	}
}

func (h *heap) pop() int32 {
	top, last := h.nodes[0], len(h.nodes)-1
	h.nodes[0] = h.nodes[last]
	h.nodes = h.nodes[:last]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
			if h.less(child, least) {
				least = child
			}
		}
		if least == i {
			return top
		}
		h.nodes[i], h.nodes[least] = h.nodes[least], h.nodes[i]
		i = least
	}
}

// Component is a strongly connected component: a largest set of nodes each of
// which leads to each.
type Component[K cmp.Ordered] struct {
	// Members, sorted.
	Members []K
	// Cycle is a shortest cycle through the smallest member, which it begins and
	// ends with; nil where the component is one node without a loop.
	Cycle []K
}

// Components are the strongly connected components in topological order: each
// after those that lead to it, of several that could come next the one with the
// smallest member first.
// O((n+m) log (n+m)), and O(size) more for each component with a cycle.
func (g *Graph[K]) Components() []Component[K] {
	of, count := g.assignComponents()
	members := make([][]int32, count)
	smallest := make([]int32, count)
	for i := len(of) - 1; i >= 0; i-- {
		members[of[i]] = append(members[of[i]], int32(i))
		smallest[of[i]] = int32(i)
	}
	var arcs []arc
	for i := range g.nodes {
		for _, j := range g.successors(i) {
			if of[i] != of[j] {
				arcs = append(arcs, arc{of[i], of[j]})
			}
		}
	}
	first, next := adjacency(count, arcs)
	components := make([]Component[K], 0, count)
	for _, c := range topo(first, next, smallest) {
		slices.Reverse(members[c])
		components = append(components, Component[K]{g.keys(members[c]), g.cycle(members[c])})
	}
	return components
}

// cycle is a shortest cycle through the first of the members of one component.
func (g *Graph[K]) cycle(members []int32) []K {
	start := members[0]
	if len(members) == 1 && !slices.Contains(g.successors(int(start)), start) {
		return nil
	}
	return g.keys(g.shortest(start))
}

// shortest is the first shortest way from a node round to itself. A breadth-first
// walk finds nodes of one distance in the order of their first paths, so the first
// to reach a node is on its first path. What leaves the component never comes back.
func (g *Graph[K]) shortest(start int32) []int32 {
	parent := make([]int32, len(g.nodes))
	for i := range parent {
		parent[i] = -1
	}
	queue := []int32{start}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, j := range g.successors(int(i)) {
			if j == start {
				path := []int32{j, i}
				for i != start {
					i = parent[i]
					path = append(path, i)
				}
				slices.Reverse(path)
				return path
			}
			if parent[j] < 0 {
				parent[j] = i
				queue = append(queue, j)
			}
		}
	}
	return nil
}

// assignComponents numbers the components by Tarjan's algorithm, without
// recursion: a chain of vendor-order edges is as long as a release. O(n+m).
func (g *Graph[K]) assignComponents() (of []int32, count int) {
	n := len(g.nodes)
	t := tarjan{number: make([]int32, n), low: make([]int32, n), of: make([]int32, n), at: make([]int32, n)}
	for i := range t.of {
		t.of[i] = -1
	}
	for root := range n {
		if t.number[root] == 0 {
			t.enter(int32(root))
		}
		for len(t.path) > 0 {
			i := t.path[len(t.path)-1]
			successors := g.successors(int(i))
			if int(t.at[i]) == len(successors) {
				t.leave()
				continue
			}
			j := successors[t.at[i]]
			t.at[i]++
			if t.number[j] == 0 {
				t.enter(j)
			} else if t.of[j] < 0 {
				t.low[i] = min(t.low[i], t.number[j])
			}
		}
	}
	return t.of, int(t.count)
}

// tarjan is the state of the walk: numbers by the time of entry, from 1; the
// smallest number that is reached; components once known, else -1; the next
// successor of each node; the path walked, and the nodes without a component.
type tarjan struct {
	number, low, of, at []int32
	path, open          []int32
	entered, count      int32
}

func (t *tarjan) enter(i int32) {
	t.entered++
	t.number[i], t.low[i] = t.entered, t.entered
	t.path = append(t.path, i)
	t.open = append(t.open, i)
}

func (t *tarjan) leave() {
	i := t.path[len(t.path)-1]
	t.path = t.path[:len(t.path)-1]
	if len(t.path) > 0 {
		parent := t.path[len(t.path)-1]
		t.low[parent] = min(t.low[parent], t.low[i])
	}
	if t.low[i] < t.number[i] {
		return
	}
	for {
		j := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		t.of[j] = t.count
		if j == i {
			break
		}
	}
	t.count++
}
