package verify_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/verify"
)

// Whatever orders there are: a bundle is needed by exactly those that a walk along
// required edges reaches, and none of those is said to follow by order only.
func TestNeededByIsReachable(t *testing.T) {
	today := planner.Input{Catalog: embedded(t).base.Catalog}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 70).Draw(t, "bundles") // more than one word of bits
		var p model.Plan
		next := map[int][]int{}
		for i := range n {
			a := model.Action{ID: model.ActionID(fmt.Sprintf("a%02d", i))}
			for range rapid.IntRange(0, 2).Draw(t, "edges") {
				if i == 0 {
					break
				}
				j := rapid.IntRange(0, i-1).Draw(t, "first")
				kind := rapid.SampledFrom([]model.EdgeKind{model.RequiredEdge, model.VendorOrder}).Draw(t, "kind")
				a.After = append(a.After, model.Edge{Action: model.ActionID(fmt.Sprintf("a%02d", j)), Kind: kind, Relation: model.Before})
				if kind == model.RequiredEdge {
					next[j] = append(next[j], i)
				}
			}
			p.Actions = append(p.Actions, a)
			p.Bundles = append(p.Bundles, model.Bundle{Key: a.ID, Label: fmt.Sprintf("B%d", i+1), Actions: []model.ActionID{a.ID}})
		}
		for i, b := range checked(t, verify.Input{Plan: p, Was: today, Is: today}).Bundles {
			reached := map[int]bool{}
			var walk func(int)
			walk = func(at int) {
				for _, j := range next[at] {
					if !reached[j] {
						reached[j] = true
						walk(j)
					}
				}
			}
			walk(i)
			var want []string
			for j := range n {
				if reached[j] {
					want = append(want, p.Bundles[j].Label)
				}
			}
			if !slices.Equal(b.Less.NeededBy, want) && len(b.Less.NeededBy)+len(want) > 0 {
				t.Fatalf("%s is needed by %v, want %v", b.Label, b.Less.NeededBy, want)
			}
		}
	})
}
