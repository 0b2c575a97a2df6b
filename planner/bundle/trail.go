package bundle

import "slices"

// trail is the order graph once more, over single nodes and with a reason on
// each edge. It is built only to find out where pins allow a node to be, and to
// explain a conflict.
type trail struct {
	p     *Problem
	back  bool // all edges are turned round
	graph digraph
	why   []step // beside graph.to
}

// step is the reason of an edge, and whether it forces a strictly later bundle.
type step struct {
	kind   Kind
	strict bool
}

func newTrail(p *Problem, back bool) *trail {
	n := len(p.Nodes)
	rank := denseRanks(p)
	ranks := 0
	for _, r := range rank {
		ranks = max(ranks, r+1)
	}
	var edges [][2]int32
	var why []step
	add := func(a, b int, s step) {
		if back {
			a, b = b, a
		}
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
	t := &trail{p: p, back: back, graph: newDigraph(n+max(ranks-1, 0), edges), why: make([]step, len(edges))}
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
			first, then := int(u), int(v)
			if t.back {
				first, then = then, first
			}
			out = append(out, t.as(s.kind, first, then))
		}
		v = u
	}
	slices.Reverse(out)
	return out
}

// ranked reports whether ranks alone put a in no later bundle than b.
func (t *trail) ranked(a, b int) bool { return t.p.Nodes[a].Rank < t.p.Nodes[b].Rank }

// as names the constraint as the problem states it: a With pair may be walked
// against its direction.
func (t *trail) as(kind Kind, a, b int) Constraint {
	if kind == KindWith && !slices.Contains(t.p.With, [2]int{a, b}) {
		a, b = b, a
	}
	return Constraint{kind, a, b}
}

// reach is how far pins, soaks and order push each vertex, and the edge that says so;
// via 0 where it is the vertex's own pin, or nothing.
type reach struct {
	bound     []int32
	from, via []int32
}

// push computes the first possible bundle of each vertex; on the trail back, the last
// one, negative, which without any pin is less than all pins are. No circle may be
// strict.
func (t *trail) push() reach {
	size := t.graph.size()
	r := reach{make([]int32, size), make([]int32, size), make([]int32, size)}
	queue := make([]int32, 0, size)
	queued := make([]bool, size)
	for v := range size {
		r.bound[v] = 1
		if t.back {
			r.bound[v] = -noLimit
		}
		if v < len(t.p.Nodes) && t.p.Nodes[v].Pin > 0 {
			r.bound[v] = int32(t.p.Nodes[v].Pin)
			if t.back {
				r.bound[v] = -r.bound[v]
			}
		}
		queue, queued[v] = append(queue, int32(v)), true
	}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		queued[v] = false
		for i := t.graph.start[v]; i < t.graph.start[v+1]; i++ {
			w, bound := t.graph.to[i], r.bound[v]
			if t.why[i].strict {
				bound++
			}
			if bound <= r.bound[w] {
				continue
			}
			r.bound[w], r.from[w], r.via[w] = bound, v, i+1
			if !queued[w] {
				queue, queued[w] = append(queue, w), true
			}
		}
	}
	return r
}

// pushed tells what pushes v: the chain back to a pin, or to the first bundle.
func (t *trail) pushed(v int, r reach) []Constraint {
	origin := v
	for r.via[origin] != 0 {
		origin = int(r.from[origin])
	}
	var out []Constraint
	if origin < len(t.p.Nodes) && t.p.Nodes[origin].Pin > 0 && (t.back || t.p.Nodes[origin].Pin > 1) {
		out = append(out, Constraint{KindPin, origin, t.p.Nodes[origin].Pin})
	}
	a, b := origin, v
	if t.back {
		a, b = v, origin
	}
	if origin < len(t.p.Nodes) && r.bound[origin] == r.bound[v] && t.ranked(a, b) {
		return append(out, Constraint{KindRank, a, b})
	}
	return append(out, t.tell(origin, v, r.from, r.via)...)
}
