package bundle_test

import (
	"math/rand/v2"
	"testing"

	"planewise/planner/bundle"
)

// brute finds the cheapest valid split by trying every assignment of nodes to
// bundles. It shares nothing with the solver but Cost. It returns the cost and
// the smallest number of bundles at that cost; ok is false if no split is valid.
func brute(p bundle.Problem) (cost int64, count int, ok bool) {
	n := len(p.Nodes)
	in := make([]int, n)
	var try func(v, used int)
	try = func(v, used int) {
		if v == n {
			bundles, valid := split(p, in)
			if !valid {
				return
			}
			c := bundle.Cost(p, bundles)
			if !ok || c < cost || c == cost && len(bundles) < count {
				cost, count, ok = c, len(bundles), true
			}
			return
		}
		for b := range n {
			in[v] = b
			try(v+1, max(used, b+1))
		}
	}
	try(0, 0)
	return cost, count, ok
}

// split turns an assignment into bundles if it is valid and has no empty bundle
// before the last.
func split(p bundle.Problem, in []int) ([][]int, bool) {
	last := 0
	for _, b := range in {
		last = max(last, b)
	}
	bundles := make([][]int, last+1)
	for v, b := range in {
		bundles[b] = append(bundles[b], v)
	}
	for _, b := range bundles {
		if len(b) == 0 {
			return nil, false
		}
	}
	for v, node := range p.Nodes {
		if node.Pin != 0 && in[v] != node.Pin-1 {
			return nil, false
		}
		for w, other := range p.Nodes {
			if node.Rank < other.Rank && in[v] > in[w] {
				return nil, false
			}
		}
	}
	for _, e := range p.Before {
		if in[e[0]] > in[e[1]] {
			return nil, false
		}
	}
	for _, e := range p.With {
		if in[e[0]] != in[e[1]] {
			return nil, false
		}
	}
	for _, e := range p.Apart {
		if in[e[0]] == in[e[1]] {
			return nil, false
		}
	}
	for _, e := range p.Soak {
		if in[e[0]] >= in[e[1]] {
			return nil, false
		}
	}
	return bundles, true
}

// shape says what a random problem may contain.
type shape struct {
	planes, ranks            int
	before, with, apart      int // pairs, at most
	soak, pins, cycles, zero int
}

// random makes a problem of n nodes. Prices are small and round, so that ties are
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
	pairs := func(limit int, ordered bool) (out [][2]int) {
		if limit == 0 {
			return nil
		}
		for range r.IntN(limit + 1) {
			a, b := r.IntN(n), r.IntN(n)
			if a == b {
				continue
			}
			if ordered && a > b && (s.cycles == 0 || r.IntN(s.cycles) > 0) {
				a, b = b, a
			}
			out = append(out, [2]int{a, b})
		}
		return out
	}
	p.Before = pairs(s.before, true)
	p.With = pairs(s.with, false)
	p.Apart = pairs(s.apart, false)
	p.Soak = pairs(s.soak, true)
	if s.pins > 0 {
		for range r.IntN(s.pins + 1) {
			p.Nodes[r.IntN(n)].Pin = 1 + r.IntN(3)
		}
	}
	return p
}

var shapes = map[string]shape{
	"free":     {planes: 3},
	"order":    {planes: 3, before: 6},
	"dense":    {planes: 4, before: 14},
	"ranks":    {planes: 4, ranks: 3, before: 4, zero: 3},
	"circles":  {planes: 2, before: 6, cycles: 3},
	"with":     {planes: 3, before: 5, with: 2},
	"apart":    {planes: 3, before: 5, apart: 3, zero: 3},
	"soak":     {planes: 3, before: 5, soak: 3, zero: 3},
	"pins":     {planes: 3, before: 4, pins: 2, zero: 3},
	"all":      {planes: 3, ranks: 2, before: 3, with: 1, apart: 2, soak: 2, pins: 2, cycles: 8, zero: 4},
	"no plane": {planes: 0, before: 3, apart: 2, soak: 2, pins: 1},
}

// agree solves p and compares with the reference.
func agree(t *testing.T, p bundle.Problem) {
	t.Helper()
	cost, count, ok := brute(p)
	sol, err := bundle.Solve(p, bundle.Options{})
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	if !ok {
		if sol.Status != bundle.Infeasible {
			t.Fatalf("%+v: status %v, want infeasible", p, sol.Status)
		}
		return
	}
	if sol.Status != bundle.Optimal || sol.Cost != cost || sol.LowerBound != cost {
		t.Fatalf("%+v: %v, cost %d, bound %d; want optimal %d\n%v", p, sol.Status, sol.Cost, sol.LowerBound, cost, sol.Bundles)
	}
	if len(sol.Bundles) != count {
		t.Fatalf("%+v: %d bundles, want %d", p, len(sol.Bundles), count)
	}
	if err := bundle.Valid(p, sol.Bundles); err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	if sol.Ideal > cost {
		t.Fatalf("%+v: ideal %d above cost %d", p, sol.Ideal, cost)
	}
}

func TestAgreesWithBruteForce(t *testing.T) {
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, uint64(len(name))))
			for size, times := range map[int]int{1: 10, 2: 40, 3: 150, 4: 200, 5: 200, 6: 15} {
				for range times {
					agree(t, random(r, size, s))
				}
			}
		})
	}
}
