package bundle_test

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"planewise/planner/bundle"
)

// reference finds the cheapest valid split by trying every sequence of disjoint
// non-empty sets of nodes. It shares no code with the solver.
type reference struct {
	p     bundle.Problem
	memo  map[[2]int]answer // by done set and number of bundles; nil: try everything anew
	tries int
}

// answer is the least cost of a rest, and the fewest bundles at that cost.
type answer struct {
	cost  int64
	count int
	ok    bool
}

func (a answer) better(b answer) bool {
	return a.ok && (!b.ok || a.cost < b.cost || a.cost == b.cost && a.count < b.count)
}

func (r *reference) solve(done, count int) answer {
	all := 1<<len(r.p.Nodes) - 1
	if done == all {
		r.tries++
		return answer{ok: true}
	}
	if a, ok := r.memo[[2]int{done, count}]; ok {
		return a
	}
	var best answer
	rest := all &^ done
	for next := rest; next > 0; next = (next - 1) & rest {
		if !r.allowed(done, next, count+1) {
			continue
		}
		a := r.solve(done|next, count+1)
		a.cost += r.cost(next)
		a.count++
		if a.better(best) {
			best = a
		}
	}
	if r.memo != nil {
		r.memo[[2]int{done, count}] = best
	}
	return best
}

// allowed reports whether the set may be the bundle with the given ordinal, when
// the nodes of done are in earlier bundles and all others in later ones.
func (r *reference) allowed(done, set, ordinal int) bool {
	in := func(s, v int) bool { return s>>v&1 != 0 }
	for v, node := range r.p.Nodes {
		if in(set, v) && node.Pin != 0 && node.Pin != ordinal {
			return false
		}
		for w, other := range r.p.Nodes {
			if in(set, v) && other.Rank < node.Rank && !in(done|set, w) {
				return false
			}
		}
	}
	for _, e := range r.p.Before {
		if in(set, e[1]) && !in(done|set, e[0]) {
			return false
		}
	}
	for _, e := range r.p.Soak {
		if in(set, e[1]) && !in(done, e[0]) {
			return false
		}
	}
	for _, e := range r.p.With {
		if in(set, e[0]) != in(set, e[1]) {
			return false
		}
	}
	for _, e := range r.p.Apart {
		if in(set, e[0]) && in(set, e[1]) {
			return false
		}
	}
	return true
}

func (r *reference) cost(set int) int64 {
	var work int64
	for s := set; s > 0; s &= s - 1 {
		work += r.p.Nodes[bits.TrailingZeros(uint(s))].Work
	}
	cost := r.p.Sitting
	for plane := range r.p.Fixed {
		worst := uint8(0)
		for s := set; s > 0; s &= s - 1 {
			worst = max(worst, r.p.Nodes[bits.TrailingZeros(uint(s))].Foot[plane])
		}
		if worst == 2 {
			cost += r.p.Fixed[plane] + r.p.Rate[plane]*work
		}
		if worst == 1 {
			cost += r.p.Watch[plane] * work
		}
	}
	return cost
}

// agree solves p, with pins in both ways, and compares with the reference.
func agree(t *testing.T, p bundle.Problem, want answer) {
	t.Helper()
	compare(t, p, want, bundle.Solve)
	if slices.ContainsFunc(p.Nodes, func(n bundle.Node) bool { return n.Pin > 0 }) {
		compare(t, p, want, bundle.SolveSearch)
	}
}

func compare(t *testing.T, p bundle.Problem, want answer, solve func(bundle.Problem, bundle.Options) (bundle.Solution, error)) {
	t.Helper()
	sol, err := solve(p, bundle.Options{})
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	if !want.ok {
		if sol.Status != bundle.Infeasible || len(sol.Conflict) == 0 {
			t.Fatalf("%+v: status %v, conflict %v, want infeasible with a reason", p, sol.Status, sol.Conflict)
		}
		return
	}
	if sol.Status != bundle.Optimal || sol.Cost != want.cost || sol.LowerBound != want.cost {
		t.Fatalf("%+v: %v, cost %d, bound %d; want optimal %d\n%v", p, sol.Status, sol.Cost, sol.LowerBound, want.cost, sol.Bundles)
	}
	if len(sol.Bundles) != want.count {
		t.Fatalf("%+v: %d bundles, want %d", p, len(sol.Bundles), want.count)
	}
	if err := bundle.Valid(p, sol.Bundles); err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	if sol.Ideal > want.cost {
		t.Fatalf("%+v: ideal %d above cost %d", p, sol.Ideal, want.cost)
	}
}

// shapes of random problems; together they contain every kind of constraint, and
// each alone.
var shapes = []struct {
	name string
	shape
}{
	{"free", shape{planes: 3}},
	{"order", shape{planes: 3, before: 6}},
	{"dense order", shape{planes: 4, before: 16}},
	{"few prices", shape{planes: 2, before: 12, zero: 2}},
	{"ranks", shape{planes: 4, ranks: 3, before: 4, zero: 3}},
	{"circles", shape{planes: 2, before: 6, cycles: 3}},
	{"with", shape{planes: 3, before: 5, with: 2}},
	{"apart", shape{planes: 3, before: 5, apart: 3, zero: 3}},
	{"soak", shape{planes: 3, before: 5, soak: 3, zero: 3}},
	{"pins", shape{planes: 3, before: 4, pins: 2, zero: 3}},
	{"many pins", shape{planes: 2, before: 3, apart: 3, pins: 4, zero: 2}},
	{"far pins", shape{planes: 3, before: 3, pins: 2, span: 8, zero: 4}},
	{"pins together", shape{planes: 3, ranks: 2, before: 2, soak: 1, pins: 6, span: 2, zero: 4}},
	{"all", shape{planes: 3, ranks: 2, before: 3, with: 1, apart: 2, soak: 2, pins: 2, cycles: 8, zero: 4}},
	{"no plane", shape{planes: 0, before: 3, apart: 2, soak: 2, pins: 1}},
}

// TestBruteForce compares with all ordered partitions: in all about 9,700
// problems of up to 6 nodes, a hundred of 7, and two dozen of 8.
func TestBruteForce(t *testing.T) {
	times := []int{1: 10, 2: 60, 3: 200, 4: 250, 5: 180, 6: 50, 7: 8, 8: 2}
	for i, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, uint64(i)))
			for n, count := range times {
				for range count {
					p := random(r, n, s.shape)
					ref := reference{p: p}
					agree(t, p, ref.solve(0, 0))
				}
			}
		})
	}
}

// TestReference compares with the same reference, which now remembers what it
// has seen, on problems of up to 11 nodes.
func TestReference(t *testing.T) {
	for i, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(2, uint64(i)))
			for n := 9; n <= 11; n++ {
				for range 4 {
					wide := s.shape
					wide.before *= 2
					p := random(r, n, wide)
					ref := reference{p: p, memo: map[[2]int]answer{}}
					agree(t, p, ref.solve(0, 0))
				}
			}
		})
	}
}

// The reference itself tries every ordered partition: there are 1, 3, 13, 75, 541.
func TestReferenceIsComplete(t *testing.T) {
	for n, want := range []int{1: 1, 3, 13, 75, 541} {
		if n == 0 {
			continue
		}
		ref := reference{p: bundle.Problem{Nodes: make([]bundle.Node, n)}}
		ref.solve(0, 0)
		if ref.tries != want {
			t.Errorf("%d nodes: %d ordered partitions, want %d", n, ref.tries, want)
		}
	}
}
