package bundle_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"planewise/planner/bundle"
)

// dayAndNight is long cheap work in front of a short dear node: two bundles.
func dayAndNight() bundle.Problem {
	return bundle.Problem{
		Sitting: 100, Fixed: []int64{50, 10}, Rate: []int64{8, 2}, Watch: []int64{3, 1},
		Nodes:  []bundle.Node{{Work: 40, Foot: []uint8{0, 2}}, {Work: 30, Foot: []uint8{0, 2}}, {Work: 10, Foot: []uint8{2, 1}, Rank: 1}},
		Before: [][2]int{{0, 2}},
	}
}

func TestWithoutCut(t *testing.T) {
	p := dayAndNight()
	sol := mustSolve(t, p)
	if !reflect.DeepEqual(sol.Bundles, [][]int{{0, 1}, {2}}) {
		t.Fatalf("split %v", sol.Bundles)
	}
	cut, err := bundle.WithoutCut(p, sol, 0, bundle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Apart: 2*100, 10+2*70, 50+8*10+1*10. As one: 100, 10+2*80, 50+8*80.
	if cut.Status != bundle.Optimal || cut.Cost != 100+170+690 || cut.Merged != 960-490 {
		t.Errorf("%v at %d, merged %+d", cut.Status, cut.Cost, cut.Merged)
	}
	if want := []bundle.Toll{{DisturbedSecs: 70}, {DisturbedSecs: 10, WatchedSecs: -10}}; !reflect.DeepEqual(cut.Planes, want) {
		t.Errorf("tolls %+v, want %+v", cut.Planes, want)
	}
	if want := []bundle.Constraint{{Kind: bundle.KindBefore, A: 0, B: 2}, {Kind: bundle.KindRank, A: 0, B: 2}}; !reflect.DeepEqual(cut.Across, want) {
		t.Errorf("across %v, want %v", cut.Across, want)
	}
}

func TestWithoutForcedCut(t *testing.T) {
	tests := []struct {
		name string
		make func(p *bundle.Problem)
		want []bundle.Constraint
	}{
		{"apart", func(p *bundle.Problem) { p.Apart = [][2]int{{2, 1}} }, []bundle.Constraint{{Kind: bundle.KindApart, A: 2, B: 1}}},
		{"soak", func(p *bundle.Problem) { p.Soak = [][2]int{{0, 2}} }, []bundle.Constraint{{Kind: bundle.KindSoak, A: 0, B: 2}}},
		{"pins", func(p *bundle.Problem) { p.Nodes[1].Pin, p.Nodes[2].Pin = 1, 2 },
			[]bundle.Constraint{{Kind: bundle.KindPin, A: 1, B: 1}, {Kind: bundle.KindPin, A: 2, B: 2}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := dayAndNight()
			tt.make(&p)
			cut, err := bundle.WithoutCut(p, mustSolve(t, p), 0, bundle.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if cut.Status != bundle.Infeasible || !reflect.DeepEqual(cut.Conflict, tt.want) {
				t.Errorf("%v, conflict %v, want %v", cut.Status, cut.Conflict, tt.want)
			}
			if !slices.Contains(cut.Across, tt.want[0]) {
				t.Errorf("across %v lacks %v", cut.Across, tt.want[0])
			}
		})
	}
}

// A later pin follows its bundle when two bundles before it become one.
func TestWithoutCutMovesPins(t *testing.T) {
	p := dayAndNight()
	p.Nodes = append(p.Nodes, bundle.Node{Work: 50, Foot: []uint8{0, 1}, Rank: 2, Pin: 3})
	sol := mustSolve(t, p)
	if len(sol.Bundles) != 3 {
		t.Fatalf("split %v", sol.Bundles)
	}
	cut, err := bundle.WithoutCut(p, sol, 0, bundle.Options{})
	if err != nil || cut.Status != bundle.Optimal || len(cut.Bundles) != 2 {
		t.Errorf("%+v, %v", cut, err)
	}
}

// Removing a cut of an optimal split never pays, and the parts of the toll add up.
func TestWithoutCutProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 0))
	for _, s := range shapes {
		for range 30 {
			p := random(r, 4+r.IntN(8), s.shape)
			sol := mustSolve(t, p)
			for i := range len(sol.Bundles) - 1 {
				cut, err := bundle.WithoutCut(p, sol, i, bundle.Options{})
				if err != nil {
					t.Fatalf("%+v: %v", p, err)
				}
				pinned := slices.ContainsFunc(p.Nodes, func(n bundle.Node) bool { return n.Pin > 0 })
				if cut.Status != bundle.Infeasible && !pinned && cut.Cost < sol.Cost {
					t.Fatalf("%s, cut %d: %d without it, %d with it: %+v", s.name, i, cut.Cost, sol.Cost, p)
				}
				if cut.Status == bundle.Infeasible && len(cut.Conflict) == 0 {
					t.Fatalf("%s, cut %d: impossible without a reason: %+v", s.name, i, p)
				}
				sum := -p.Sitting
				for plane, toll := range cut.Planes {
					sum += int64(toll.Announcements)*p.Fixed[plane] + toll.DisturbedSecs*p.Rate[plane] + toll.WatchedSecs*p.Watch[plane]
				}
				if sum != cut.Merged {
					t.Fatalf("%s, cut %d: tolls add up to %d, not %d: %+v", s.name, i, sum, cut.Merged, p)
				}
			}
		}
	}
}

func TestWithoutCutRefuses(t *testing.T) {
	p := dayAndNight()
	sol := mustSolve(t, p)
	for _, i := range []int{-1, 1, 9} {
		if _, err := bundle.WithoutCut(p, sol, i, bundle.Options{}); err == nil {
			t.Errorf("cut %d: no error", i)
		}
	}
	if _, err := bundle.WithoutCut(p, bundle.Solution{Bundles: [][]int{{0}, {1}}}, 0, bundle.Options{}); err == nil {
		t.Error("a split without node 2: no error")
	}
}
