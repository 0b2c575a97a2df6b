package gen_test

import (
	"testing"

	"planewise/planner/bundle"
	"planewise/planner/internal/gen"
)

// The first numbers of splitmix64 with seed 1234567, as published with it, halved
// by the shift of Intn.
func TestRand(t *testing.T) {
	r := gen.New(1234567)
	for _, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423} {
		if got := r.Intn(1 << 62); uint64(got) != want>>1&(1<<62-1) {
			t.Errorf("got %d, want %d", got, want>>1&(1<<62-1))
		}
	}
}

func TestStaged(t *testing.T) {
	p := gen.Staged(gen.Large(1000))
	if len(p.Nodes) != 1000 || len(p.Before) == 0 {
		t.Fatalf("%d nodes, %d pairs", len(p.Nodes), len(p.Before))
	}
	last := 0
	for _, n := range p.Nodes {
		if n.Rank != last && n.Rank != last+1 {
			t.Fatalf("rank %d behind %d", n.Rank, last)
		}
		last = n.Rank
	}
	if last != 23 {
		t.Errorf("%d stages, want 24", last+1)
	}
	for _, e := range p.Before {
		if p.Nodes[e[0]].Rank != p.Nodes[e[1]].Rank || e[0] >= e[1] {
			t.Fatalf("pair %v leads out of its stage, or back", e)
		}
	}
}

// Whatever the seed, the constraints of Bound can be met.
func TestBound(t *testing.T) {
	for seed := range uint64(50) {
		sol, err := bundle.Solve(gen.Bound(seed, 9), bundle.Options{})
		if err != nil || sol.Status != bundle.Optimal {
			t.Errorf("seed %d: %v, %v, %v", seed, sol.Status, sol.Conflict, err)
		}
	}
}

// Whatever the seed, the pins of Pinned can be met, and those that are meant not to be,
// cannot.
func TestPins(t *testing.T) {
	for seed := range uint64(60) {
		p := gen.Wild(seed, 6+int(seed%9), 2)
		switch seed % 3 {
		case 1:
			p = gen.Staged(gen.Spec{Seed: seed, Nodes: 14, Stages: 4, EdgesPermille: 300})
		case 2:
			p = gen.Bound(seed, 9)
			for v := range p.Nodes {
				p.Nodes[v].Pin = 0
			}
		}
		for _, tt := range []struct {
			name string
			p    bundle.Problem
			want bundle.Status
		}{
			{"pinned", gen.Pinned(p, seed, 1+int(seed%4)), bundle.Optimal},
			{"late", gen.Late(p, seed), bundle.Infeasible},
			{"reversed", gen.Reversed(p, seed), bundle.Infeasible},
			{"crowded", gen.Crowded(p, seed), bundle.Infeasible},
		} {
			if len(tt.p.Before) == len(p.Before) && tt.name == "crowded" || tt.name == "reversed" && len(p.Before)+len(p.Soak) == 0 {
				continue // there was nothing to make it of
			}
			sol, err := bundle.Solve(tt.p, bundle.Options{})
			if err != nil || sol.Status != tt.want {
				t.Errorf("seed %d: %s is %v, %v, want %v", seed, tt.name, sol.Status, err, tt.want)
			}
		}
	}
}
