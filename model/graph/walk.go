package graph

import "slices"

// Reachable are the nodes to which a path leads from any of the given ones,
// themselves included, sorted; unknown nodes are left out. O(n+m).
func (g *Graph[K]) Reachable(from ...K) []K {
	seen := make([]bool, len(g.nodes))
	var stack []int32
	for _, k := range from {
		if i, ok := g.index(k); ok && !seen[i] {
			seen[i] = true
			stack = append(stack, int32(i))
		}
	}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, j := range g.successors(int(i)) {
			if !seen[j] {
				seen[j] = true
				stack = append(stack, j)
			}
		}
	}
	var reached []K
	for i, k := range g.nodes {
		if seen[i] {
			reached = append(reached, k)
		}
	}
	return reached
}

// Path is a shortest path, both ends included, and of several shortest ones the
// first by its keys; nil where there is none. The path from a node to itself is
// the node alone. O(n+m).
func (g *Graph[K]) Path(from, to K) []K {
	i, ok := g.index(from)
	if !ok {
		return nil
	}
	j, ok := g.index(to)
	if !ok {
		return nil
	}
	if i == j {
		return []K{from}
	}
	return g.keys(g.shortest(i, j, nil))
}

// shortest is the first shortest path of at least one edge; within, where given,
// are the nodes it may use. A breadth-first walk finds nodes of one distance in
// the order of their first paths, so the first to reach a node is on its first path.
func (g *Graph[K]) shortest(from, to int, within func(int32) bool) []int32 {
	parent := make([]int32, len(g.nodes))
	for i := range parent {
		parent[i] = -1
	}
	queue := []int32{int32(from)}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, j := range g.successors(int(i)) {
			if int(j) == to {
				path := []int32{j, i}
				for int(i) != from {
					i = parent[i]
					path = append(path, i)
				}
				slices.Reverse(path)
				return path
			}
			if parent[j] < 0 && int(j) != from && (within == nil || within(j)) {
				parent[j] = i
				queue = append(queue, j)
			}
		}
	}
	return nil
}
