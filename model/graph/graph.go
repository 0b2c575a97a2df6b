// Package graph is a small directed graph whose answers depend on its content
// alone: whatever order nodes and edges are given in, every answer is the same,
// ties are broken by key, and what is not unique (a cycle, a shortest path) is
// the shortest and, among those, the first by keys.
//
// A graph does not change once it is built, so it may be read by several
// goroutines. In the costs below n is the number of nodes and m that of edges.
package graph

import (
	"cmp"
	"slices"
)

// Edge leads from one node to another.
type Edge[K cmp.Ordered] struct{ From, To K }

// Graph is a directed graph; loops are allowed, repeated edges count once. The
// zero Graph is empty.
type Graph[K cmp.Ordered] struct {
	nodes []K // sorted, so that an index orders like its key
	// The successors of node i are next[first[i]:first[i+1]], sorted.
	first []int32
	next  []int32
}

// New builds a graph of the nodes and of the ends of the edges. Floating-point
// keys must not be NaN. O((n+m) log (n+m)).
func New[K cmp.Ordered](nodes []K, edges []Edge[K]) *Graph[K] {
	all := make([]K, 0, len(nodes)+2*len(edges))
	all = append(all, nodes...)
	for _, e := range edges {
		all = append(all, e.From, e.To)
	}
	slices.Sort(all)
	g := &Graph[K]{nodes: slices.Clip(slices.Compact(all))}
	arcs := make([]arc, len(edges))
	for i, e := range edges {
		arcs[i] = arc{int32(g.mustIndex(e.From)), int32(g.mustIndex(e.To))}
	}
	g.first, g.next = adjacency(len(g.nodes), arcs)
	return g
}

// arc is an edge between indexes of nodes.
type arc struct{ from, to int32 }

// adjacency sorts arcs into successor lists; arcs is reordered.
func adjacency(n int, arcs []arc) (first, next []int32) {
	slices.SortFunc(arcs, func(a, b arc) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	arcs = slices.Compact(arcs)
	first, next = make([]int32, n+1), make([]int32, len(arcs))
	for i, a := range arcs {
		first[a.from+1]++
		next[i] = a.to
	}
	for i := range n {
		first[i+1] += first[i]
	}
	return first, next
}

func (g *Graph[K]) index(k K) (int, bool) { return slices.BinarySearch(g.nodes, k) }

// mustIndex is for keys that New has put in.
func (g *Graph[K]) mustIndex(k K) int {
	i, _ := g.index(k)
	return i
}

func (g *Graph[K]) successors(i int) []int32 { return g.next[g.first[i]:g.first[i+1]] }

// keys of indexes; nil of nil.
func (g *Graph[K]) keys(indexes []int32) []K {
	if indexes == nil {
		return nil
	}
	keys := make([]K, len(indexes))
	for i, n := range indexes {
		keys[i] = g.nodes[n]
	}
	return keys
}

// Len is the number of nodes.
func (g *Graph[K]) Len() int { return len(g.nodes) }

// Nodes are all nodes, sorted. The slice is the caller's.
func (g *Graph[K]) Nodes() []K { return slices.Clone(g.nodes) }

// Has reports whether k is a node. O(log n).
func (g *Graph[K]) Has(k K) bool {
	_, ok := g.index(k)
	return ok
}

// Edges are all edges, sorted by From, then To. O(n+m).
func (g *Graph[K]) Edges() []Edge[K] {
	edges := make([]Edge[K], 0, len(g.next))
	for i, from := range g.nodes {
		for _, j := range g.successors(i) {
			edges = append(edges, Edge[K]{from, g.nodes[j]})
		}
	}
	return edges
}

// Next are the nodes to which an edge leads from k, sorted; none for an unknown k.
func (g *Graph[K]) Next(k K) []K {
	i, ok := g.index(k)
	if !ok {
		return nil
	}
	return g.keys(g.successors(i))
}

// Reverse is the graph with every edge turned round. O(m log m).
func (g *Graph[K]) Reverse() *Graph[K] {
	arcs := make([]arc, 0, len(g.next))
	for i := range g.nodes {
		for _, j := range g.successors(i) {
			arcs = append(arcs, arc{j, int32(i)})
		}
	}
	r := &Graph[K]{nodes: g.nodes}
	r.first, r.next = adjacency(len(g.nodes), arcs)
	return r
}
