package bundle_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"planewise/planner/bundle"
)

// plain is n nodes on one plane, without constraints.
func plain(n int) bundle.Problem {
	p := bundle.Problem{Sitting: 1, Fixed: []int64{3}, Rate: []int64{2}, Watch: []int64{1}}
	for v := range n {
		p.Nodes = append(p.Nodes, bundle.Node{Work: 1, Foot: []uint8{uint8(v % 3)}})
	}
	return p
}

func TestConflicts(t *testing.T) {
	type list = []bundle.Constraint
	tests := []struct {
		name string
		make func(p *bundle.Problem)
		want list
	}{
		{"apart from itself", func(p *bundle.Problem) { p.Apart = [][2]int{{1, 1}} }, list{{bundle.KindApart, 1, 1}}},
		{"soak on itself", func(p *bundle.Problem) { p.Soak = [][2]int{{1, 1}} }, list{{bundle.KindSoak, 1, 1}}},
		{"with and apart", func(p *bundle.Problem) {
			p.With, p.Apart = [][2]int{{0, 1}, {2, 1}, {3, 4}}, [][2]int{{0, 2}}
		}, list{{bundle.KindApart, 0, 2}, {bundle.KindWith, 0, 1}, {bundle.KindWith, 2, 1}}},
		{"apart in a circle", func(p *bundle.Problem) {
			p.Before, p.Apart = [][2]int{{0, 1}, {1, 2}, {2, 0}, {3, 4}}, [][2]int{{0, 2}}
		}, list{{bundle.KindApart, 0, 2}, {bundle.KindBefore, 0, 1}, {bundle.KindBefore, 1, 2}, {bundle.KindBefore, 2, 0}}},
		{"soak in a circle", func(p *bundle.Problem) {
			p.Before, p.Soak = [][2]int{{1, 2}, {2, 0}}, [][2]int{{0, 1}}
		}, list{{bundle.KindSoak, 0, 1}, {bundle.KindBefore, 1, 2}, {bundle.KindBefore, 2, 0}}},
		{"soak against rank", func(p *bundle.Problem) {
			p.Nodes[0].Rank, p.Soak = 1, [][2]int{{0, 1}}
		}, list{{bundle.KindSoak, 0, 1}, {bundle.KindRank, 1, 0}}},
		{"pins against with", func(p *bundle.Problem) {
			p.Nodes[0].Pin, p.Nodes[2].Pin, p.With = 1, 2, [][2]int{{0, 2}}
		}, list{{bundle.KindPin, 0, 1}, {bundle.KindPin, 2, 2}, {bundle.KindWith, 0, 2}}},
		{"pins against order", func(p *bundle.Problem) {
			p.Nodes[0].Pin, p.Nodes[2].Pin, p.Before = 2, 1, [][2]int{{0, 1}, {1, 2}}
		}, list{{bundle.KindPin, 2, 1}, {bundle.KindPin, 0, 2}, {bundle.KindBefore, 0, 1}, {bundle.KindBefore, 1, 2}}},
		{"pins against rank", func(p *bundle.Problem) {
			p.Nodes[0].Pin, p.Nodes[2].Pin, p.Nodes[2].Rank = 2, 1, 4
		}, list{{bundle.KindPin, 2, 1}, {bundle.KindPin, 0, 2}, {bundle.KindRank, 0, 2}}},
		{"pin against soak", func(p *bundle.Problem) {
			p.Nodes[1].Pin, p.Soak = 1, [][2]int{{0, 1}}
		}, list{{bundle.KindPin, 1, 1}, {bundle.KindSoak, 0, 1}}},
		{"pins too close for soak", func(p *bundle.Problem) {
			p.Nodes[0].Pin, p.Nodes[2].Pin, p.Soak = 1, 2, [][2]int{{0, 1}, {1, 2}}
		}, list{{bundle.KindPin, 2, 2}, {bundle.KindSoak, 0, 1}, {bundle.KindSoak, 1, 2}}},
		{"pin beyond the last", func(p *bundle.Problem) { p.Nodes[1].Pin = 1 << 40 }, list{{bundle.KindPin, 1, 1 << 40}, {bundle.KindFilled, -1, 5}}},
		{"apart with one bundle left", func(p *bundle.Problem) {
			p.Nodes[0].Pin, p.Nodes[3].Pin = 1, 2
			p.Before, p.Apart = [][2]int{{1, 0}, {4, 3}}, [][2]int{{0, 1}, {3, 2}}
		}, list{{bundle.KindBefore, 1, 0}, {bundle.KindApart, 0, 1}, {bundle.KindPin, 0, 1}}},
		{"fewer groups than bundles", func(p *bundle.Problem) {
			p.Nodes[3].Pin, p.With = 4, [][2]int{{0, 1}, {1, 2}}
		}, list{{bundle.KindWith, 0, 1}, {bundle.KindWith, 1, 2}, {bundle.KindPin, 3, 4}, {bundle.KindFilled, -1, 1}, {bundle.KindFilled, -1, 2}, {bundle.KindFilled, -1, 3}}},
		{"bundle that nothing can fill", func(p *bundle.Problem) {
			p.Nodes[0].Pin, p.Nodes[1].Pin = 1, 3
			p.Before = [][2]int{{2, 0}, {1, 3}, {1, 4}}
		}, list{{bundle.KindBefore, 1, 3}, {bundle.KindBefore, 1, 4}, {bundle.KindBefore, 2, 0}, {bundle.KindPin, 0, 1}, {bundle.KindPin, 1, 3}, {bundle.KindFilled, -1, 2}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := plain(5)
			tt.make(&p)
			sol, err := bundle.Solve(p, bundle.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if sol.Status != bundle.Infeasible || sol.Bundles != nil {
				t.Fatalf("%v %v, want infeasible", sol.Status, sol.Bundles)
			}
			if !reflect.DeepEqual(sol.Conflict, tt.want) {
				t.Errorf("conflict %v, want %v", sol.Conflict, tt.want)
			}
		})
	}
}

// The constraints of a conflict cannot hold together: a problem with them alone
// is infeasible too.
func TestConflictIsOne(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 0))
	seen := 0
	for _, s := range shapes {
		for range 100 {
			wide := s.shape
			wide.apart, wide.pins, wide.soak = wide.apart+3, wide.pins+3, wide.soak+2
			p := random(r, 4+r.IntN(5), wide)
			sol := mustSolve(t, p)
			if sol.Status != bundle.Infeasible {
				continue
			}
			seen++
			if only := mustSolve(t, restrict(p, sol.Conflict)); only.Status != bundle.Infeasible {
				t.Fatalf("%s: %v can hold together: %+v", s.name, sol.Conflict, p)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d infeasible problems: the test tests too little", seen)
	}
}

// restrict keeps of p the nodes and what the list names.
func restrict(p bundle.Problem, list []bundle.Constraint) bundle.Problem {
	q := p
	q.Nodes = slices.Clone(p.Nodes)
	for v := range q.Nodes {
		q.Nodes[v].Pin, q.Nodes[v].Rank = 0, 0
	}
	q.Before, q.With, q.Apart, q.Soak = nil, nil, nil, nil
	for _, c := range list {
		pair := [2]int{c.A, c.B}
		switch c.Kind {
		case bundle.KindBefore, bundle.KindRank:
			q.Before = append(q.Before, pair)
		case bundle.KindWith:
			q.With = append(q.With, pair)
		case bundle.KindApart:
			q.Apart = append(q.Apart, pair)
		case bundle.KindSoak:
			q.Soak = append(q.Soak, pair)
		case bundle.KindPin:
			q.Nodes[c.A].Pin = c.B
		}
	}
	return q
}
