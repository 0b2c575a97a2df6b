package bundle

import "slices"

// trail is the order graph once more, over single nodes and with a reason on
// each edge. It is built only to find out where pins allow a node to be, and to
// explain a conflict.
type trail struct {
	p     *Problem
	graph digraph
	why   []step // beside graph.to
}

// step is the reason of an edge, and whether it forces a strictly later bundle.
type step struct {
	kind   Kind
	strict bool
}

func newTrail(p *Problem) *trail {
	n := len(p.Nodes)
	rank := denseRanks(p)
	ranks := 0
	for _, r := range rank {
		ranks = max(ranks, r+1)
	}
	var edges [][2]int32
	var why []step
	add := func(a, b int, s step) {
		edges = append(edges, [2]int32{int32(a), int32(b)})
		why = append(why, s)
	}
	for _, e := range p.With {
		add(e[0], e[1], step{kind: KindWith})
		add(e[1], e[0], step{kind: KindWith})
	}
	for _, e := range p.Before {
		add(e[0], e[1], step{kind: KindBefore})
	}
	for _, e := range p.Soak {
		add(e[0], e[1], step{kind: KindSoak, strict: true})
	}
	pinned := make(map[int]int)
	for v, node := range p.Nodes {
		if last, ok := pinned[node.Pin]; ok && node.Pin > 0 {
			add(last, v, step{kind: KindPin})
			add(v, last, step{kind: KindPin})
		}
		pinned[node.Pin] = v
	}
	for v, r := range rank {
		if r > 0 {
			add(n+r-1, v, step{kind: KindRank})
		}
		if r < ranks-1 {
			add(v, n+r, step{kind: KindRank})
		}
	}
	t := &trail{p: p, graph: newDigraph(n+max(ranks-1, 0), edges), why: make([]step, len(edges))}
	// The rows of the graph keep the order of the edges, so the reasons can be
	// dealt out the same way.
	next := slices.Clone(t.graph.start)
	for i, e := range edges {
		t.why[next[e[0]]] = why[i]
		next[e[0]]++
	}
	return t
}

// path lists the constraints along a shortest path from a to b.
func (t *trail) path(a, b int) []Constraint {
	via := make([]int32, t.graph.size()) // edge that reached the vertex, plus 1
	from := make([]int32, t.graph.size())
	queue := []int32{int32(a)}
	for len(queue) > 0 && via[b] == 0 {
		v := queue[0]
		queue = queue[1:]
		for i := t.graph.start[v]; i < t.graph.start[v+1]; i++ {
			if w := t.graph.to[i]; via[w] == 0 && int(w) != a {
				via[w], from[w] = i+1, v
				queue = append(queue, w)
			}
		}
	}
	if via[b] == 0 {
		return nil
	}
	return t.tell(a, b, from, via)
}

// tell turns the chain of edges that reached b from a into constraints, in the
// order from a to b.
func (t *trail) tell(a, b int, from, via []int32) []Constraint {
	n := len(t.p.Nodes)
	var out []Constraint
	for v := int32(b); int(v) != a; {
		s, u := t.why[via[v]-1], from[v]
		for int(u) >= n { // a bar between ranks has no meaning of its own
			u = from[u]
		}
		switch s.kind {
		case KindPin:
			out = append(out, Constraint{KindPin, int(v), t.p.Nodes[v].Pin}, Constraint{KindPin, int(u), t.p.Nodes[u].Pin})
		default:
			out = append(out, t.as(s.kind, int(u), int(v)))
		}
		v = u
	}
	slices.Reverse(out)
	return out
}

// as names the constraint as the problem states it: a With pair may be walked
// against its direction.
func (t *trail) as(kind Kind, a, b int) Constraint {
	if kind == KindWith && !slices.Contains(t.p.With, [2]int{a, b}) {
		a, b = b, a
	}
	return Constraint{kind, a, b}
}

// reach is, per vertex, the first bundle it can be in, and the edge that says so.
type reach struct {
	first     []int32
	from, via []int32
}

// earliest computes the first possible bundle of each vertex by pins, soaks and
// order. It needs a graph in which no circle is strict.
func (t *trail) earliest() reach {
	size := t.graph.size()
	r := reach{make([]int32, size), make([]int32, size), make([]int32, size)}
	queue := make([]int32, 0, size)
	queued := make([]bool, size)
	for v := range size {
		r.first[v] = 1
		if v < len(t.p.Nodes) && t.p.Nodes[v].Pin > 1 {
			r.first[v] = int32(t.p.Nodes[v].Pin)
		}
		queue, queued[v] = append(queue, int32(v)), true
	}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		queued[v] = false
		for i := t.graph.start[v]; i < t.graph.start[v+1]; i++ {
			w, first := t.graph.to[i], r.first[v]
			if t.why[i].strict {
				first++
			}
			if first <= r.first[w] {
				continue
			}
			r.first[w], r.from[w], r.via[w] = first, v, i+1
			if !queued[w] {
				queue, queued[w] = append(queue, w), true
			}
		}
	}
	return r
}

// latest computes the last possible bundle of each vertex; noLimit where no pin
// bounds it.
func (t *trail) latest() []int32 {
	size := t.graph.size()
	last := make([]int32, size)
	for v := range size {
		last[v] = noLimit
		if v < len(t.p.Nodes) && t.p.Nodes[v].Pin > 0 {
			last[v] = int32(t.p.Nodes[v].Pin)
		}
	}
	for changed := true; changed; {
		changed = false
		for v := size - 1; v >= 0; v-- {
			for i := t.graph.start[v]; i < t.graph.start[v+1]; i++ {
				bound := last[t.graph.to[i]]
				if t.why[i].strict && bound != noLimit {
					bound--
				}
				if bound < last[v] {
					last[v], changed = bound, true
				}
			}
		}
	}
	return last
}
