package split

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/bundle"
)

// numbered are actions named a0, a1, ... and a problem of as many nodes, all alike.
func numbered(n int) ([]model.Action, bundle.Problem) {
	p := bundle.Problem{Sitting: 1, Fixed: []int64{3}, Rate: []int64{2}, Watch: []int64{1}}
	var acts []model.Action
	for i := range n {
		acts = append(acts, model.Action{ID: model.ActionID(fmt.Sprint("a", i))})
		p.Nodes = append(p.Nodes, bundle.Node{Work: 1, Foot: []uint8{2}})
	}
	return acts, p
}

func TestSolveSaysWhyThereIsNoSplit(t *testing.T) {
	acts, p := numbered(30)
	crowd := func(p *bundle.Problem, size, bundles int) { // all apart, all before a pin
		p.Nodes[size].Pin = bundles
		for a := range size {
			p.Before = append(p.Before, [2]int{a, size})
			for b := range a {
				p.Apart = append(p.Apart, [2]int{b, a})
			}
		}
	}
	tests := []struct {
		name, code, summary string
		effort              int64
		change              func(p *bundle.Problem)
		path                []string
	}{
		{"pins the wrong way round", "contradicting-constraints", "no split meets all constraints", 0, func(p *bundle.Problem) {
			p.Nodes[4].Pin, p.Nodes[7].Pin, p.Nodes[7].Rank = 3, 2, 1
			p.Nodes[4].Rank = 0
		}, []string{"a7 is pinned to bundle 2", "a4 is pinned to bundle 3", "a4 not after a7"}},
		{"too few actions in front", "contradicting-constraints", "no split meets all constraints", 0, func(p *bundle.Problem) {
			p.Nodes[4].Pin = 6
			for v := range p.Nodes {
				if v > 4 {
					p.Before = append(p.Before, [2]int{4, v})
				}
			}
		}, []string{"a4 is pinned to bundle 6", "bundles 1 to 5 must not be empty", "a4 not after a5", "a4 not after a6", "a4 not after a7",
			"a4 not after a8", "a4 not after a9", "a4 not after a10", "a4 not after a11", "a4 not after a12", "17 more such orders of two actions"}},
		{"too many apart", "contradicting-constraints", "no split meets all constraints", 0, func(p *bundle.Problem) { crowd(p, 3, 2) },
			[]string{"a3 is pinned to bundle 2", "a0 apart a1", "a0 apart a2", "a1 apart a2", "a0 not after a3", "a1 not after a3", "a2 not after a3"}},
		{"not decided", "split-not-found", "within", 100, func(p *bundle.Problem) { crowd(p, 20, 19) }, nil},
		{"figures", "contradicting-constraints", "negative", 0, func(p *bundle.Problem) { p.Nodes[2].Work = -1 }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := p
			q.Nodes = append([]bundle.Node(nil), p.Nodes...)
			tt.change(&q)
			s, diags := Solve(q, acts, tt.effort)
			if len(s.Bundles) != 1 || len(s.Bundles[0]) != len(acts) || s.Status != bundle.Bounded {
				t.Errorf("%v %v, want all actions in one bundle", s.Status, s.Bundles)
			}
			if len(diags) != 1 || string(diags[0].Code) != tt.code || diags[0].Severity != model.Blocking || !strings.Contains(diags[0].Summary, tt.summary) {
				t.Fatalf("%+v, want a blocking %s with %q", diags, tt.code, tt.summary)
			}
			if d := diags[0]; !reflect.DeepEqual(d.Path, tt.path) {
				t.Errorf("path %q, want %q", d.Path, tt.path)
			}
			if d := diags[0]; tt.code == "split-not-found" && (d.Hint == "" || strings.Contains(d.Hint, "costs")) {
				t.Errorf("hint %q", d.Hint)
			}
		})
	}
}
