package bundle_test

import (
	"fmt"
	"slices"
	"testing"

	"planewise/planner/bundle"
	"planewise/planner/internal/gen"
)

// solve runs a benchmark and reports what the result is worth: the gap in per
// mille (0 is a proof).
func solve(b *testing.B, p bundle.Problem) {
	b.ReportAllocs()
	var sol bundle.Solution
	for b.Loop() {
		var err error
		if sol, err = bundle.Solve(p, bundle.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((sol.Cost-sol.LowerBound)*1000/sol.Cost), "gap‰")
	b.ReportMetric(float64(sol.Explored), "steps")
}

// BenchmarkStaged: problems of the size of real plans and above.
func BenchmarkStaged(b *testing.B) {
	for _, nodes := range []int{30, 60, 120, 240} {
		b.Run(fmt.Sprintf("nodes=%d", nodes), func(b *testing.B) {
			solve(b, gen.Staged(gen.Spec{Seed: 1, Nodes: nodes, Stages: 15, EdgesPermille: 300}))
		})
	}
}

// BenchmarkLarge: ten times the nodes should take less than fifteen times the time.
func BenchmarkLarge(b *testing.B) {
	for _, nodes := range []int{1000, 3000, 10_000} {
		b.Run(fmt.Sprintf("nodes=%d", nodes), func(b *testing.B) {
			solve(b, gen.Staged(gen.Large(nodes)))
		})
	}
}

// BenchmarkToggle solves 1,000 nodes again, each time without another one.
func BenchmarkToggle(b *testing.B) {
	p := gen.Staged(gen.Large(1000))
	b.ReportAllocs()
	drop := 0
	for b.Loop() {
		if _, err := bundle.Solve(without(p, drop), bundle.Options{}); err != nil {
			b.Fatal(err)
		}
		drop = (drop + 37) % len(p.Nodes)
	}
}

// without is the problem without a node; the nodes behind it move up.
func without(p bundle.Problem, v int) bundle.Problem {
	q := p
	q.Nodes = slices.Delete(slices.Clone(p.Nodes), v, v+1)
	q.Before = nil
	for _, e := range p.Before {
		if e[0] == v || e[1] == v {
			continue
		}
		for i := range e {
			if e[i] > v {
				e[i]--
			}
		}
		q.Before = append(q.Before, e)
	}
	return q
}

// BenchmarkWild: problems without stages.
func BenchmarkWild(b *testing.B) {
	for _, nodes := range []int{10, 15, 20, 25, 40} {
		b.Run(fmt.Sprintf("nodes=%d", nodes), func(b *testing.B) {
			solve(b, gen.Wild(1, nodes, 2))
		})
	}
}

// BenchmarkPinned: problems with pins that can be met, to bundles early and late, and
// with pins that cannot.
func BenchmarkPinned(b *testing.B) {
	for _, nodes := range []int{12, 30, 60, 120} {
		staged := gen.Staged(gen.Spec{Seed: 1, Nodes: nodes, Stages: 15, EdgesPermille: 300})
		for pins := 1; pins <= 3; pins++ {
			b.Run(fmt.Sprintf("nodes=%d/pins=%d", nodes, pins), func(b *testing.B) {
				solve(b, gen.Pinned(staged, uint64(nodes), pins))
			})
		}
		for name, p := range map[string]bundle.Problem{"late": gen.Late(staged, 1), "reversed": gen.Reversed(staged, 1), "crowded": gen.Crowded(staged, 3)} {
			b.Run(fmt.Sprintf("nodes=%d/%s", nodes, name), func(b *testing.B) { refuse(b, p) })
		}
	}
	for _, nodes := range []int{14, 20} {
		b.Run(fmt.Sprintf("wild/nodes=%d", nodes), func(b *testing.B) { solve(b, gen.Pinned(gen.Wild(1, nodes, 2), 1, 2)) })
	}
}

// refuse runs a benchmark of a problem that cannot be solved.
func refuse(b *testing.B, p bundle.Problem) {
	b.ReportAllocs()
	var sol bundle.Solution
	for b.Loop() {
		var err error
		if sol, err = bundle.Solve(p, bundle.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	if sol.Status != bundle.Infeasible {
		b.Fatalf("%v, want infeasible", sol.Status)
	}
	b.ReportMetric(float64(sol.Explored), "steps")
}
