package split_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"planewise/model"
	"planewise/planner/bundle"
	"planewise/planner/split"
)

var planes = []model.PlaneID{"control", "compute"}

func policy() model.Policy {
	return model.Policy{Sitting: 100, Costs: []model.PlaneCost{{Plane: "compute", Fixed: 1000, Rate: 16, Watch: 2}, {Plane: "control", Fixed: 10, Rate: 1, Watch: 1}}}
}

// act is an action that disturbs the planes named.
func act(id model.ActionID, seconds int64, disturbs ...model.PlaneID) model.Action {
	a := model.Action{ID: id, ExpectedS: seconds, Footprint: map[model.PlaneID]model.Footprint{}}
	for _, p := range disturbs {
		a.Footprint[p] = model.Disturbed
	}
	return a
}

func after(a model.Action, first model.ActionID, r model.Relation) model.Action {
	a.After = append(a.After, model.Edge{Action: first, Kind: model.RequiredEdge, Relation: r})
	return a
}

// Every relation between actions, and what the user has fixed, is what the solver is
// told, by the places of the actions.
func TestProblem(t *testing.T) {
	tailed := act("d", 5)
	tailed.Tail = &model.Tail{}
	watching := act("b", 20)
	watching.Footprint["compute"], watching.Rank = model.Watched, 3
	acts := []model.Action{
		act("a", 10, "control"), after(after(watching, "a", model.Before), "gone", model.Before), after(act("c", 30, "compute"), "a", model.Apart),
		after(tailed, "b", model.NotDuring), after(act("e", 1), "d", model.NotDuring), after(act("f", 1), "a", model.NotDuring), after(act("g", 1), "a", model.Soak), after(act("h", 1), "h", model.Before),
	}
	p := policy()
	p.Pins = []model.Pin{{Action: "c", Bundle: 2}}
	edits := model.Edits{Moved: []model.Move{{Action: "f", With: "g"}, {Action: "f", With: "f"}}, Pins: []model.Pin{{Action: "h", With: "a"}, {Action: "gone", With: "a"}}}
	got, diags := split.Problem(planes, p, edits, acts)
	if diff := cmp.Diff([][]int64{{10, 1000}, {1, 16}, {1, 2}, {100}}, [][]int64{got.Fixed, got.Rate, got.Watch, {got.Sitting}}); diff != "" {
		t.Error(diff)
	}
	if n := got.Nodes[1]; n.Work != 20 || n.Rank != 3 || !cmp.Equal(n.Foot, []uint8{uint8(model.Untouched), uint8(model.Watched)}) {
		t.Errorf("b is %+v", n)
	}
	if n := got.Nodes[2]; n.Pin != 2 || !cmp.Equal(n.Foot, []uint8{uint8(model.Untouched), uint8(model.Disturbed)}) {
		t.Errorf("c is %+v", n)
	}
	// What leaves a tail comes last of two that must not overlap.
	want := [][][2]int{{{0, 1}, {1, 3}, {4, 3}}, {{5, 6}, {7, 0}}, {{0, 2}}, {{0, 6}}}
	if diff := cmp.Diff(want, [][][2]int{got.Before, got.With, got.Apart, got.Soak}); diff != "" {
		t.Error(diff)
	}
	if len(diags) != 1 || diags[0].Code != "pin-without-action" || diags[0].Subject != "gone" {
		t.Errorf("diagnostics %v", diags)
	}
}

// No pin is passed over in silence, and of two that contradict each other none wins
// unsaid.
func TestPinsThatHoldNothing(t *testing.T) {
	windows := []model.Window{{Name: "w"}}
	for _, c := range []struct {
		name    string
		windows []model.Window
		pins    []model.Pin
		want    []string
	}{
		{"an ordinal", nil, []model.Pin{{Action: "a", Bundle: 1}, {Action: "a", Bundle: 1}}, nil},
		{"two ordinals", nil, []model.Pin{{Action: "a", Bundle: 1}, {Action: "a", Bundle: 2}, {Action: "a", Bundle: 1}}, []string{"blocking pin-contradiction a"}},
		{"an ordinal without action", nil, []model.Pin{{Action: "gone", Bundle: 1}}, []string{"warning pin-without-action gone"}},
		{"a window where there is none", nil, []model.Pin{{Action: "a", Window: "w"}}, []string{"warning pin-unmatched a"}},
		{"a window", windows, []model.Pin{{Action: "a", Window: "w"}}, nil},
		{"nothing", windows, []model.Pin{{Action: "a"}}, []string{"warning pin-unmatched a"}},
		{"itself", nil, []model.Pin{{Action: "a", With: "a"}}, []string{"warning pin-unmatched a"}},
		{"another, and an ordinal", nil, []model.Pin{{Action: "a", With: "b", Bundle: 2}}, nil},
	} {
		p := policy()
		p.Windows, p.Pins = c.windows, c.pins[:len(c.pins)-1]
		_, diags := split.Problem(planes, p, model.Edits{Pins: c.pins[len(c.pins)-1:]}, []model.Action{act("a", 10, planes...), act("b", 10, planes...)})
		var got []string
		for _, d := range diags {
			got = append(got, fmt.Sprint(d.Severity, " ", d.Code, " ", d.Subject))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// A plane that the policy does not price is not free: it is as dear as the dearest.
func TestUnpricedPlanes(t *testing.T) {
	p, diags := split.Problem([]model.PlaneID{"network", "control"}, policy(), model.Edits{}, nil)
	if p.Fixed[0] != 1000 || p.Rate[0] != 16 || p.Watch[0] != 2 || p.Fixed[1] != 10 {
		t.Errorf("%v %v %v", p.Fixed, p.Rate, p.Watch)
	}
	var codes []string
	for _, d := range diags {
		codes = append(codes, string(d.Code)+" "+d.Subject)
	}
	if diff := cmp.Diff([]string{"plane-without-cost network", "cost-without-plane compute"}, codes); diff != "" {
		t.Error(diff)
	}
}

func TestSolve(t *testing.T) {
	acts := []model.Action{act("a", 100, "control"), act("b", 100, "compute"), after(act("c", 100, "control"), "a", model.Before)}
	p, _ := split.Problem(planes, policy(), model.Edits{}, acts)
	s, diags := split.Solve(p, acts, 0)
	if len(diags) > 0 || s.Status != bundle.Optimal || len(s.Bundles) != 2 || s.Cost != bundle.Cost(p, s.Bundles) {
		t.Errorf("%+v %v", s, diags)
	}
	if s, diags := split.Solve(bundle.Problem{}, nil, 0); len(s.Bundles) > 0 || s.Status != bundle.Optimal || diags != nil {
		t.Errorf("of nothing: %+v %v", s, diags)
	}
}

// Constraints that contradict each other still give a plan, never an optimal one, and
// are named by their actions.
func TestContradiction(t *testing.T) {
	acts := []model.Action{act("a", 100, "control"), after(after(act("b", 100), "a", model.Apart), "a", model.With)}
	p, _ := split.Problem(planes, policy(), model.Edits{}, acts)
	s, diags := split.Solve(p, acts, 0)
	if s.Status == bundle.Optimal || len(s.Bundles) != 1 || s.LowerBound > s.Cost {
		t.Errorf("%+v", s)
	}
	if len(diags) != 1 || diags[0].Severity != model.Blocking || !strings.Contains(strings.Join(diags[0].Path, " "), "a apart b") {
		t.Errorf("%v", diags)
	}
}

// A gap is never rounded to nothing, and only no gap is no gap.
func TestOptimality(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cost := rapid.Int64Range(0, math.MaxInt64).Draw(t, "cost")
		bound := rapid.Int64Range(0, cost).Draw(t, "bound")
		ideal := rapid.Int64Range(0, bound).Draw(t, "ideal")
		o := split.Optimality(bundle.Solution{Cost: cost, LowerBound: bound, Ideal: ideal, Status: bundle.Bounded, Explored: 7})
		if o.Cost != cost || o.LowerBound != bound || o.Ideal != ideal || o.Explored != 7 || o.Scope != "split" || o.Status != "bounded" {
			t.Fatalf("%+v", o)
		}
		if (o.GapPermille == 0) != (bound == cost) || o.GapPermille > 1000 || o.SeparationPermille > 1000 || o.SeparationPermille < 0 {
			t.Fatalf("cost %d, bound %d: %+v", cost, bound, o)
		}
		if cost > 0 && cost < 1<<50 && o.SeparationPermille != ideal*1000/cost {
			t.Fatalf("separation %d of %d / %d", o.SeparationPermille, ideal, cost)
		}
	})
	if o := split.Optimality(bundle.Solution{}); o.SeparationPermille != 1000 || o.GapPermille != 0 || o.Status != "optimal" {
		t.Errorf("nothing to do: %+v", o)
	}
}

// The cut before a bundle is explained by what leads over it and what it saves.
func TestWhy(t *testing.T) {
	acts := []model.Action{act("a", 100, "control"), after(act("b", 100, "compute"), "a", model.Before)}
	problem, _ := split.Problem(planes, policy(), model.Edits{}, acts)
	s, _ := split.Solve(problem, acts, 0)
	if len(s.Bundles) != 2 {
		t.Fatalf("split into %v", s.Bundles)
	}
	p := model.Plan{Actions: acts, Planes: []model.PlaneSummary{{ID: "control"}, {ID: "compute"}}, Optimality: split.Optimality(s),
		Bundles: []model.Bundle{{Label: "B1", Actions: []model.ActionID{"a"}}, {Label: "B2", Actions: []model.ActionID{"b"}}}}
	said, err := split.Why(p, policy(), 1)
	if err != nil || len(said) < 2 || !strings.Contains(said[0], "a not after b") || !strings.Contains(strings.Join(said, " "), "compute") {
		t.Errorf("%q, %v", said, err)
	}
	for _, i := range []int{-1, 0, 2} {
		if said, err := split.Why(p, policy(), i); said != nil || err != nil {
			t.Errorf("before bundle %d: %q, %v", i, said, err)
		}
	}
}
