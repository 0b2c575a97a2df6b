package bundle

// digraph is a directed graph over 0..n-1 in compressed rows: the targets of v
// are to[start[v]:start[v+1]], in the order the edges were given.
type digraph struct {
	start []int32
	to    []int32
}

func newDigraph(n int, edges [][2]int32) digraph {
	g := digraph{make([]int32, n+1), make([]int32, len(edges))}
	for _, e := range edges {
		g.start[e[0]+1]++
	}
	for v := range n {
		g.start[v+1] += g.start[v]
	}
	next := make([]int32, n)
	copy(next, g.start)
	for _, e := range edges {
		g.to[next[e[0]]] = e[1]
		next[e[0]]++
	}
	return g
}

func (g digraph) size() int { return len(g.start) - 1 }

func (g digraph) next(v int32) []int32 { return g.to[g.start[v]:g.start[v+1]] }

// components numbers the strongly connected components in topological order: an
// edge never leads to a component of smaller number. It is Tarjan's algorithm
// with its own stack, since a chain of a million nodes is a valid input.
func (g digraph) components() []int32 {
	n, count := g.size(), 0
	of := make([]int32, n)
	low, index := make([]int32, n), make([]int32, n)
	place := make([]int32, n) // next edge of v to follow
	var open, path []int32
	seen := int32(0)
	for root := range int32(n) {
		if index[root] != 0 {
			continue
		}
		path = append(path, root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if index[v] == 0 {
				seen++
				index[v], low[v], place[v] = seen, seen, g.start[v]
				of[v] = -1
				open = append(open, v)
			}
			if place[v] < g.start[v+1] {
				w := g.to[place[v]]
				place[v]++
				if index[w] == 0 {
					path = append(path, w)
				} else if of[w] == -1 {
					low[v] = min(low[v], index[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				u := path[len(path)-1]
				low[u] = min(low[u], low[v])
			}
			if low[v] != index[v] {
				continue
			}
			for {
				w := open[len(open)-1]
				open = open[:len(open)-1]
				of[w] = int32(count)
				if w == v {
					break
				}
			}
			count++
		}
	}
	for v := range of {
		of[v] = int32(count) - 1 - of[v]
	}
	return of
}
