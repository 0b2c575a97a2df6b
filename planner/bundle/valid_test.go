package bundle_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"planewise/planner/bundle"
)

func TestValidFindsWhatIsWrong(t *testing.T) {
	tests := []struct {
		name    string
		make    func(p *bundle.Problem)
		bundles [][]int
		want    string
	}{
		{"missing", nil, [][]int{{0, 1}}, "node 2 lies in no bundle"},
		{"twice", nil, [][]int{{0, 1}, {1, 2}}, "node 1 lies in bundles 1 and 2"},
		{"unknown", nil, [][]int{{0, 1, 7}}, "node 7"},
		{"empty", nil, [][]int{{0, 1, 2}, {}}, "bundle 2 is empty"},
		{"before", func(p *bundle.Problem) { p.Before = [][2]int{{2, 0}} }, [][]int{{0, 1}, {2}}, "before[0]"},
		{"run order", func(p *bundle.Problem) { p.Before = [][2]int{{2, 0}} }, [][]int{{0, 1, 2}}, "runs after"},
		{"circle", func(p *bundle.Problem) { p.Before = [][2]int{{2, 0}, {0, 2}} }, [][]int{{0, 1, 2}}, ""},
		{"with", func(p *bundle.Problem) { p.With = [][2]int{{2, 0}} }, [][]int{{0, 1}, {2}}, "with[0]"},
		{"apart", func(p *bundle.Problem) { p.Apart = [][2]int{{2, 0}} }, [][]int{{0, 1, 2}}, "apart[0]"},
		{"soak", func(p *bundle.Problem) { p.Soak = [][2]int{{2, 0}} }, [][]int{{0, 1, 2}}, "soak[0]"},
		{"pin", func(p *bundle.Problem) { p.Nodes[1].Pin = 2 }, [][]int{{0, 1}, {2}}, "pinned to bundle 2"},
		{"rank", func(p *bundle.Problem) { p.Nodes[0].Rank = 5 }, [][]int{{0, 1}, {2}}, "rank"},
		{"fine", func(p *bundle.Problem) { p.Nodes[2].Rank = 5 }, [][]int{{0, 1}, {2}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := plain(3)
			if tt.make != nil {
				tt.make(&p)
			}
			err := bundle.Valid(p, tt.bundles)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestRunOrder(t *testing.T) {
	one := func(p *bundle.Problem) [][2]int { // everything in one bundle
		var with [][2]int
		for v := range p.Nodes[1:] {
			with = append(with, [2]int{0, v + 1})
		}
		return with
	}
	tests := []struct {
		name  string
		make  func(p *bundle.Problem)
		order []int
		want  []int
	}{
		{"by index", func(p *bundle.Problem) {}, nil, []int{0, 1, 2, 3, 4}},
		{"by place", func(p *bundle.Problem) {}, []int{3, 1, 4, 1, 5}, []int{1, 3, 0, 2, 4}},
		{"by pairs", func(p *bundle.Problem) { p.Before = [][2]int{{4, 0}, {2, 1}} }, nil, []int{2, 1, 3, 4, 0}},
		{"by rank", func(p *bundle.Problem) { p.Nodes[0].Rank, p.Nodes[1].Rank = 7, 3 }, nil, []int{2, 3, 4, 1, 0}},
		{"pairs over rank", func(p *bundle.Problem) {
			p.Nodes[0].Rank, p.Before = 7, [][2]int{{0, 2}}
		}, nil, []int{1, 3, 4, 0, 2}},
		{"circle", func(p *bundle.Problem) { p.Before = [][2]int{{3, 1}, {1, 3}, {4, 3}} }, nil, []int{0, 1, 2, 4, 3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := plain(5)
			p.With = one(&p)
			tt.make(&p)
			sol, err := bundle.Solve(p, bundle.Options{Order: tt.order})
			if err != nil {
				t.Fatal(err)
			}
			if len(sol.Bundles) != 1 || !reflect.DeepEqual(sol.Bundles[0], tt.want) {
				t.Errorf("run order %v, want %v", sol.Bundles, tt.want)
			}
		})
	}
}

// Inside a bundle nodes of lower rank run first where no pair says otherwise.
func TestRanksInsideBundles(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 0))
	for range 100 {
		p := random(r, 10, shape{planes: 2, ranks: 4})
		for _, b := range mustSolve(t, p).Bundles {
			for i, v := range b {
				if i > 0 && p.Nodes[v].Rank < p.Nodes[b[i-1]].Rank {
					t.Fatalf("%v: ranks fall in %+v", b, p)
				}
			}
		}
	}
}
