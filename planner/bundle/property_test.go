package bundle_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"planewise/planner/bundle"
)

// One more constraint never makes a plan cheaper, and never a solvable problem of
// an unsolvable one.
func TestConstraintsNeverLowerCost(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 0))
	for _, s := range shapes {
		for range 60 {
			p := random(r, 4+r.IntN(8), s.shape)
			base := mustSolve(t, p)
			q := p
			kind := addConstraint(r, &q)
			more := mustSolve(t, q)
			if base.Status == bundle.Infeasible && more.Status != bundle.Infeasible {
				t.Fatalf("%s: one more %s makes it feasible: %+v", s.name, kind, p)
			}
			if more.Status != bundle.Infeasible && more.Cost < base.Cost {
				t.Fatalf("%s: one more %s lowers the cost from %d to %d: %+v", s.name, kind, base.Cost, more.Cost, p)
			}
		}
	}
}

func addConstraint(r *rand.Rand, p *bundle.Problem) string {
	n := len(p.Nodes)
	pair := [2]int{r.IntN(n), r.IntN(n)}
	switch r.IntN(5) {
	case 0:
		p.Before = append(slices.Clone(p.Before), pair)
		return "before"
	case 1:
		p.With = append(slices.Clone(p.With), pair)
		return "with"
	case 2:
		p.Apart = append(slices.Clone(p.Apart), pair)
		return "apart"
	case 3:
		p.Soak = append(slices.Clone(p.Soak), pair)
		return "soak"
	default:
		p.Nodes = slices.Clone(p.Nodes)
		if p.Nodes[pair[0]].Pin == 0 {
			p.Nodes[pair[0]].Pin = 1 + r.IntN(3)
		}
		return "pin"
	}
}

// The names of the nodes do not matter for status, cost and number of bundles.
func TestRenaming(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 0))
	for _, s := range shapes {
		for range 60 {
			p := random(r, 4+r.IntN(9), s.shape)
			a, b := mustSolve(t, p), mustSolve(t, renamed(p, r.Perm(len(p.Nodes))))
			if a.Status != b.Status || a.Cost != b.Cost || len(a.Bundles) != len(b.Bundles) || a.LowerBound != b.LowerBound || a.Ideal != b.Ideal {
				t.Fatalf("%s: %v at %d, renamed %v at %d: %+v", s.name, a.Status, a.Cost, b.Status, b.Cost, p)
			}
		}
	}
}

// Prices times ten make the cost ten times as large.
func TestScaling(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 0))
	for range 200 {
		p := random(r, 4+r.IntN(8), shape{planes: 3, ranks: 2, before: 6, soak: 1})
		q := p
		q.Sitting *= 10
		for _, list := range []*[]int64{&q.Fixed, &q.Rate, &q.Watch} {
			*list = slices.Clone(*list)
			for i := range *list {
				(*list)[i] *= 10
			}
		}
		if a, b := mustSolve(t, p), mustSolve(t, q); a.Cost*10 != b.Cost {
			t.Fatalf("%d, with tenfold prices %d: %+v", a.Cost, b.Cost, p)
		}
	}
}

// A split that is optimal stays so when it is demanded: every node pinned to the
// bundle it is in.
func TestPinnedToTheOptimum(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 0))
	for range 200 {
		p := random(r, 4+r.IntN(9), shape{planes: 3, before: 6, apart: 1, soak: 1})
		a := mustSolve(t, p)
		if a.Status != bundle.Optimal {
			continue
		}
		q := p
		q.Nodes = slices.Clone(p.Nodes)
		for i, b := range a.Bundles {
			for _, v := range b {
				q.Nodes[v].Pin = i + 1
			}
		}
		if b := mustSolve(t, q); b.Status != bundle.Optimal || b.Cost != a.Cost {
			t.Fatalf("pinned: %v at %d, want %d: %+v", b.Status, b.Cost, a.Cost, p)
		}
	}
}

func mustSolve(t *testing.T, p bundle.Problem) bundle.Solution {
	t.Helper()
	sol, err := bundle.Solve(p, bundle.Options{})
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	if sol.Status == bundle.Bounded {
		t.Fatalf("%+v: not solved to the optimum", p)
	}
	if sol.Status == bundle.Optimal {
		if err := bundle.Valid(p, sol.Bundles); err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
	}
	return sol
}
