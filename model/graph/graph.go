// Package graph finds what leads round in a circle in a directed graph. Its answers
// depend on the graph's content alone: whatever order nodes and edges are given in,
// every answer is the same, ties are broken by key, and a cycle is the shortest and,
// among those, the first by keys. In the costs below n is the number of nodes and m
// that of edges.
package graph

import (
	"cmp"
	"slices"
)

// Edge leads from one node to another.
type Edge[K cmp.Ordered] struct{ From, To K }

// Graph is a directed graph; loops are allowed, repeated edges count once.
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
		arcs[i] = arc{g.index(e.From), g.index(e.To)}
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

// index is for keys that New has put in.
func (g *Graph[K]) index(k K) int32 {
	i, _ := slices.BinarySearch(g.nodes, k)
	return int32(i)
}

func (g *Graph[K]) successors(i int) []int32 { return g.next[g.first[i]:g.first[i+1]] }

func (g *Graph[K]) keys(indexes []int32) []K {
	keys := make([]K, len(indexes))
	for i, n := range indexes {
		keys[i] = g.nodes[n]
	}
	return keys
}
