package bundle_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"planewise/planner/bundle"
	"planewise/planner/internal/gen"
)

func TestEmptyProblem(t *testing.T) {
	sol, err := bundle.Solve(bundle.Problem{Sitting: 5}, bundle.Options{})
	if err != nil || sol.Status != bundle.Optimal || sol.Cost != 0 || sol.Ideal != 0 || sol.LowerBound != 0 || len(sol.Bundles) != 0 {
		t.Errorf("got %+v, %v", sol, err)
	}
}

// Two planes, one dear and one cheap. What is worth a bundle of its own is plain
// arithmetic.
func TestArithmetic(t *testing.T) {
	base := bundle.Problem{Sitting: 100, Fixed: []int64{50, 10}, Rate: []int64{8, 2}, Watch: []int64{3, 1}}
	dear := bundle.Node{Work: 10, Foot: []uint8{2, 0}}
	cheap := bundle.Node{Work: 20, Foot: []uint8{0, 2}}
	watch := bundle.Node{Work: 5, Foot: []uint8{1, 0}}
	long := bundle.Node{Work: 40, Foot: []uint8{0, 2}}
	tests := []struct {
		name   string
		nodes  []bundle.Node
		before [][2]int
		want   [][]int
		cost   int64
	}{
		{"one", []bundle.Node{dear}, nil, [][]int{{0}}, 100 + 50 + 8*10},
		// Apart 100+50+8*10 + 100+10+2*20; together 100 + 50+8*30 + 10+2*30.
		{"apart is cheaper", []bundle.Node{dear, cheap}, nil, nil, 230 + 150},
		{"together is cheaper", []bundle.Node{dear, watch}, nil, [][]int{{0, 1}}, 100 + 50 + 8*15},
		// In one bundle 100 + (50+8*90) + (10+2*90); dear last 2*100 + 10+2*80 + 50+8*10.
		{"order that fits", []bundle.Node{long, long, dear}, [][2]int{{0, 2}, {1, 2}}, [][]int{{0, 1}, {2}}, 210 + 160 + 130},
		// Three bundles 300 + 10+2*40 + 50+8*10 + 10+2*40 against one at 1060, or two
		// of which one has both planes: 200 + 10+2*40 + (50+8*50) + (10+2*50) = 850.
		{"order that does not", []bundle.Node{long, long, dear}, [][2]int{{0, 2}, {2, 1}}, [][]int{{0}, {2}, {1}}, 300 + 90 + 130 + 90},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := base
			p.Nodes, p.Before = tt.nodes, tt.before
			sol, err := bundle.Solve(p, bundle.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if sol.Status != bundle.Optimal || sol.Cost != tt.cost {
				t.Errorf("%v cost %d %v, want %d", sol.Status, sol.Cost, sol.Bundles, tt.cost)
			}
			if tt.want != nil && !reflect.DeepEqual(sol.Bundles, tt.want) {
				t.Errorf("bundles %v, want %v", sol.Bundles, tt.want)
			}
		})
	}
}

// At equal cost the split with fewer bundles wins: free sittings and no rates
// make every split cost the same.
func TestFewerBundlesAtEqualCost(t *testing.T) {
	p := bundle.Problem{Fixed: []int64{0}, Rate: []int64{0}, Watch: []int64{0}}
	for v := range 9 {
		p.Nodes = append(p.Nodes, bundle.Node{Work: int64(v), Foot: []uint8{uint8(v % 3)}})
	}
	p.Apart = [][2]int{{3, 4}}
	sol, err := bundle.Solve(p, bundle.Options{})
	if err != nil || sol.Status != bundle.Optimal || len(sol.Bundles) != 2 {
		t.Errorf("got %+v, %v; want two bundles", sol, err)
	}
}

func TestMalformed(t *testing.T) {
	good := func() bundle.Problem {
		return bundle.Problem{
			Sitting: 1, Fixed: []int64{1}, Rate: []int64{2}, Watch: []int64{1},
			Nodes: []bundle.Node{{Work: 1, Foot: []uint8{2}}, {Work: 1, Foot: []uint8{1}}},
		}
	}
	tests := []struct {
		name  string
		spoil func(p *bundle.Problem)
		opts  bundle.Options
		want  string
	}{
		{"negative work", func(p *bundle.Problem) { p.Nodes[1].Work = -1 }, bundle.Options{}, "node 1: work -1 is negative"},
		{"negative pin", func(p *bundle.Problem) { p.Nodes[1].Pin = -2 }, bundle.Options{}, "node 1: pin -2 is negative"},
		{"short footprint", func(p *bundle.Problem) { p.Nodes[0].Foot = nil }, bundle.Options{}, "node 0: footprint of 0 planes"},
		{"level", func(p *bundle.Problem) { p.Nodes[0].Foot[0] = 3 }, bundle.Options{}, "level 3"},
		{"prices disagree", func(p *bundle.Problem) { p.Watch = nil }, bundle.Options{}, "must agree"},
		{"negative price", func(p *bundle.Problem) { p.Fixed[0] = -1 }, bundle.Options{}, "negative"},
		{"negative sitting", func(p *bundle.Problem) { p.Sitting = -1 }, bundle.Options{}, "sitting -1"},
		{"watching dearer", func(p *bundle.Problem) { p.Watch[0] = 3 }, bundle.Options{}, "less than the 3"},
		{"before out of range", func(p *bundle.Problem) { p.Before = [][2]int{{0, 2}} }, bundle.Options{}, "before[0]: nodes 0 and 2"},
		{"with out of range", func(p *bundle.Problem) { p.With = [][2]int{{-1, 0}} }, bundle.Options{}, "with[0]"},
		{"apart out of range", func(p *bundle.Problem) { p.Apart = [][2]int{{0, 1}, {9, 0}} }, bundle.Options{}, "apart[1]"},
		{"soak out of range", func(p *bundle.Problem) { p.Soak = [][2]int{{0, 7}} }, bundle.Options{}, "soak[0]"},
		{"work overflows", func(p *bundle.Problem) { p.Nodes[0].Work = math.MaxInt64 }, bundle.Options{}, "too large"},
		{"works overflow", func(p *bundle.Problem) { p.Nodes[0].Work, p.Nodes[1].Work = 1<<62, 1<<62 }, bundle.Options{}, "too large"},
		{"price overflows", func(p *bundle.Problem) { p.Fixed[0] = math.MaxInt64 }, bundle.Options{}, "too large"},
		{"sitting overflows", func(p *bundle.Problem) { p.Sitting = math.MaxInt64 }, bundle.Options{}, "too large"},
		{"order too short", func(p *bundle.Problem) {}, bundle.Options{Order: []int{1}}, "order has 1 entries for 2"},
		{"negative effort", func(p *bundle.Problem) {}, bundle.Options{Effort: -1}, "effort -1"},
		{"too many planes", func(p *bundle.Problem) {
			p.Fixed, p.Rate, p.Watch = make([]int64, 40), make([]int64, 40), make([]int64, 40)
		}, bundle.Options{}, "40 planes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := good()
			if _, err := bundle.Solve(p, bundle.Options{}); err != nil {
				t.Fatalf("before: %v", err)
			}
			tt.spoil(&p)
			_, err := bundle.Solve(p, tt.opts)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// Large prices and works that just fit are solved, and solved right.
func TestLargeNumbers(t *testing.T) {
	p := bundle.Problem{
		Sitting: 1 << 40, Fixed: []int64{1 << 40}, Rate: []int64{1 << 20}, Watch: []int64{0},
		Nodes: []bundle.Node{{Work: 1 << 36, Foot: []uint8{2}}, {Work: 1 << 36, Foot: []uint8{0}}},
	}
	sol, err := bundle.Solve(p, bundle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(2<<40 + 1<<40 + 1<<56); sol.Cost != want || len(sol.Bundles) != 2 {
		t.Errorf("cost %d in %d bundles, want %d in 2", sol.Cost, len(sol.Bundles), want)
	}
}

// With tables of a few rows the search has to rely on sketches, chains and mixed
// rows; it comes to the same optimum.
func TestTightTables(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	for _, s := range shapes {
		for range 40 {
			n := 5 + r.IntN(6)
			wide := s.shape
			wide.before *= 2
			p := random(r, n, wide)
			want, err := bundle.Solve(p, bundle.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, limit := range []int{1, 3, 8} {
				got, err := bundle.SolveTight(p, bundle.Options{Effort: 1 << 30}, limit)
				if err != nil {
					t.Fatal(err)
				}
				if got.Status != want.Status || got.Cost != want.Cost || len(got.Bundles) != len(want.Bundles) {
					t.Fatalf("%s, limit %d: %v at %d, want %v at %d\n%+v", s.name, limit, got.Status, got.Cost, want.Status, want.Cost, p)
				}
			}
		}
	}
}

// Whatever the effort, the split is valid and the optimum lies between the lower
// bound and the cost.
func TestBoundsHoldAtAnyEffort(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	bounded := 0
	for _, s := range shapes {
		for range 25 {
			wide := s.shape
			wide.before *= 3
			p := random(r, 8+r.IntN(7), wide)
			want, err := bundle.Solve(p, bundle.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, effort := range []int64{1, 30, 100, 300, 1000, 3000} {
				got, err := bundle.SolveTight(p, bundle.Options{Effort: effort}, 2)
				if err != nil {
					t.Fatal(err)
				}
				if got.Status == bundle.NotFound {
					// Only Apart makes it hard to find a split with pins.
					if len(p.Apart) == 0 || got.Bundles != nil {
						t.Fatalf("%s, effort %d: %v %v\n%+v", s.name, effort, got.Status, got.Bundles, p)
					}
					if want.Status == bundle.Optimal && got.LowerBound > want.Cost {
						t.Fatalf("%s, effort %d: bound %d, optimum %d\n%+v", s.name, effort, got.LowerBound, want.Cost, p)
					}
					continue
				}
				if (got.Status == bundle.Infeasible) != (want.Status == bundle.Infeasible) {
					t.Fatalf("%s, effort %d: %v, want %v\n%+v", s.name, effort, got.Status, want.Status, p)
				}
				if got.Status == bundle.Infeasible {
					continue
				}
				if got.Status == bundle.Bounded {
					bounded++
				}
				if got.LowerBound > want.Cost || got.Cost < want.Cost || got.LowerBound < got.Ideal || got.Status == bundle.Optimal && got.Cost != want.Cost {
					t.Fatalf("%s, effort %d: %v %d..%d, optimum %d\n%+v", s.name, effort, got.Status, got.LowerBound, got.Cost, want.Cost, p)
				}
				if err := bundle.Valid(p, got.Bundles); err != nil {
					t.Fatalf("%s, effort %d: %v\n%+v", s.name, effort, err, p)
				}
			}
		}
	}
	if bounded == 0 {
		t.Error("no result was bounded: the test tests nothing")
	}
}

// Equal problems give equal splits, in whatever order their constraints are listed.
func TestDeterminism(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	for _, s := range shapes {
		for range 20 {
			p := random(r, 12, s.shape)
			first, err1 := bundle.Solve(p, bundle.Options{Effort: 2000})
			q := p
			for _, list := range []*[][2]int{&q.Before, &q.With, &q.Apart, &q.Soak} {
				*list = slices.Clone(*list)
				r.Shuffle(len(*list), func(i, j int) { (*list)[i], (*list)[j] = (*list)[j], (*list)[i] })
			}
			second, err2 := bundle.Solve(q, bundle.Options{Effort: 2000})
			if !reflect.DeepEqual(first, second) || (err1 == nil) != (err2 == nil) {
				t.Fatalf("%s: %+v, then %+v", s.name, first, second)
			}
		}
	}
}

// Stage-ordered problems of real size are solved to a proof.
func TestStagedToProof(t *testing.T) {
	for seed := range uint64(20) {
		for _, stages := range []int{10, 15, 25} {
			p := gen.Staged(gen.Spec{Seed: seed, Nodes: 30 + int(seed)*5, Stages: stages, EdgesPermille: 300})
			sol, err := bundle.Solve(p, bundle.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if sol.Status != bundle.Optimal {
				t.Errorf("seed %d, %d stages: %v, %d..%d", seed, stages, sol.Status, sol.LowerBound, sol.Cost)
			}
			if err := bundle.Valid(p, sol.Bundles); err != nil {
				t.Errorf("seed %d, %d stages: %v", seed, stages, err)
			}
		}
	}
}

// Ten thousand nodes: a valid split, a bound better than ideal, a gap under 5 %.
func TestTenThousand(t *testing.T) {
	p := gen.Staged(gen.Large(10_000))
	sol, err := bundle.Solve(p, bundle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := bundle.Valid(p, sol.Bundles); err != nil {
		t.Fatal(err)
	}
	if sol.LowerBound <= sol.Ideal || (sol.Cost-sol.LowerBound)*20 > sol.Cost {
		t.Errorf("%v: bound %d, cost %d, ideal %d", sol.Status, sol.LowerBound, sol.Cost, sol.Ideal)
	}
}

// Large problems without stages: nothing is proven, but the result is valid and
// has a bound. Rough splits have to respect apart and soak.
func TestLargeAndWild(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 0))
	for _, n := range []int{60, 300, 2500} {
		p := gen.Wild(uint64(n), n, 2)
		for range n / 10 {
			a, b := r.IntN(n), r.IntN(n)
			if a > b {
				a, b = b, a
			}
			if a != b && r.IntN(2) == 0 {
				p.Soak = append(p.Soak, [2]int{a, b})
			} else if a != b {
				p.Apart = append(p.Apart, [2]int{a, b})
			}
		}
		sol, err := bundle.Solve(p, bundle.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := bundle.Valid(p, sol.Bundles); err != nil {
			t.Fatalf("%d nodes: %v", n, err)
		}
		if sol.LowerBound <= sol.Ideal || sol.LowerBound > sol.Cost {
			t.Errorf("%d nodes: ideal %d, bound %d, cost %d", n, sol.Ideal, sol.LowerBound, sol.Cost)
		}
	}
}

// With many planes there can be more footprints than the palette holds. The
// result is then valid and honest about its bound.
func TestManyPlanes(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 0))
	for range 5 {
		p := random(r, 40, shape{planes: 14, before: 40, soak: 3})
		sol, err := bundle.Solve(p, bundle.Options{Effort: 20_000})
		if err != nil {
			t.Fatal(err)
		}
		if err := bundle.Valid(p, sol.Bundles); err != nil {
			t.Fatal(err)
		}
		if sol.Status != bundle.Bounded || sol.LowerBound > sol.Cost {
			t.Errorf("%v, bound %d, cost %d", sol.Status, sol.LowerBound, sol.Cost)
		}
	}
	// Few nodes have few unions, whatever the planes.
	p := random(r, 7, shape{planes: 14, before: 4})
	ref := reference{p: p}
	agree(t, p, ref.solve(0, 0))
}
