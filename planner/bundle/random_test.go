package bundle_test

import (
	"cmp"
	"math/rand/v2"

	"planewise/planner/bundle"
)

// shape says what a random problem may contain.
type shape struct {
	planes, ranks             int
	before, with, apart, soak int // pairs, at most
	pins                      int // nodes, at most
	span                      int // bundles they are pinned to; 0 means 4
	cycles                    int // one in cycles of the Before pairs leads backwards
	zero                      int // one in zero problems has free sittings
}

// random makes a problem of n nodes. Prices and works are small, so that ties are
// frequent.
func random(r *rand.Rand, n int, s shape) bundle.Problem {
	p := bundle.Problem{Sitting: int64(r.IntN(40))}
	for range s.planes {
		watch := int64(r.IntN(3))
		p.Fixed = append(p.Fixed, int64(r.IntN(30)))
		p.Watch = append(p.Watch, watch)
		p.Rate = append(p.Rate, watch+int64(r.IntN(6)))
	}
	if s.zero > 0 && r.IntN(s.zero) == 0 {
		p.Sitting = 0
	}
	for range n {
		node := bundle.Node{Work: int64(r.IntN(12)), Foot: make([]uint8, s.planes)}
		for i := range node.Foot {
			if r.IntN(5) < 3 {
				node.Foot[i] = uint8(r.IntN(3))
			}
		}
		if s.ranks > 1 {
			node.Rank = r.IntN(s.ranks)
		}
		p.Nodes = append(p.Nodes, node)
	}
	p.Before = pairs(r, n, s.before, s.cycles)
	p.With = pairs(r, n, s.with, 2)
	p.Apart = pairs(r, n, s.apart, 2)
	p.Soak = pairs(r, n, s.soak, s.cycles)
	if s.pins > 0 {
		for range r.IntN(s.pins + 1) {
			p.Nodes[r.IntN(n)].Pin = 1 + r.IntN(cmp.Or(s.span, 4))
		}
	}
	return p
}

// pairs draws up to limit pairs of different nodes; the first is the smaller one,
// but for one in backwards (0: always).
func pairs(r *rand.Rand, n, limit, backwards int) (out [][2]int) {
	if limit == 0 {
		return nil
	}
	for range r.IntN(limit + 1) {
		a, b := r.IntN(n), r.IntN(n)
		if a > b {
			a, b = b, a
		}
		if backwards > 0 && r.IntN(backwards) == 0 {
			a, b = b, a
		}
		if a != b {
			out = append(out, [2]int{a, b})
		}
	}
	return out
}

// renamed gives node v the name to[v].
func renamed(p bundle.Problem, to []int) bundle.Problem {
	q := p
	q.Nodes = make([]bundle.Node, len(p.Nodes))
	for v, node := range p.Nodes {
		q.Nodes[to[v]] = node
	}
	for _, list := range []*[][2]int{&q.Before, &q.With, &q.Apart, &q.Soak} {
		var moved [][2]int
		for _, e := range *list {
			moved = append(moved, [2]int{to[e[0]], to[e[1]]})
		}
		*list = moved
	}
	return q
}
