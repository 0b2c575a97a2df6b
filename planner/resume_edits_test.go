package planner_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner"
)

// A file that was written by hand never makes more done than it says.
func TestDoneByHand(t *testing.T) {
	in := demoInput(embedded(t))
	const roll = model.ActionID("roll:worker") // of six nodes
	cases := []struct {
		name string
		done []model.Done
		left int // units; 0: the action is done
		said string
	}{
		{"all", []model.Done{{Action: roll}}, 0, ""},
		{"six", []model.Done{{Action: roll, Units: 6}}, 0, ""},
		{"fewer than none", []model.Done{{Action: roll, Units: -3, Of: 6}}, 6, "-3 of 6 were"},
		{"none of six", []model.Done{{Action: roll, Of: 6}}, 6, "0 of 6 were"},
		{"of fewer than none", []model.Done{{Action: roll, Units: 2, Of: -6}}, 6, "2 of -6 were"},
		{"more than there are", []model.Done{{Action: roll, Units: 9}}, 0, "9 were"},
		{"six of eight that there were", []model.Done{{Action: roll, Units: 6, Of: 8}}, 2, "2 are taken to be left"},
		{"all four that there were", []model.Done{{Action: roll, Units: 4, Of: 4}}, 2, "2 are taken to be left"},
		{"four of five", []model.Done{{Action: roll, Units: 4, Of: 5}}, 2, "2 are taken to be left"},
		{"several", []model.Done{{Action: roll, Units: 1, Of: 6}, {Action: roll, Units: 4, Of: 6}, {Action: roll, Units: 2, Of: 6}, {Action: roll, Units: 4, Of: 6}}, 2, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in.Edits.Done = c.done
			p := planner.Build(in)
			checkPlan(t, p)
			left := 0
			if i := slices.IndexFunc(p.Actions, func(a model.Action) bool { return a.ID == roll }); i >= 0 {
				left = p.Actions[i].Units
			}
			if left != c.left {
				t.Errorf("%d are left, want %d", left, c.left)
			}
			d := hasCode(p, "done-units-differ")
			if (d != nil) != (c.said != "") || d != nil && !strings.Contains(d.Summary, c.said) {
				t.Errorf("said is %+v, want %q", d, c.said)
			}
			in.Edits.Done = slices.Clone(c.done)
			slices.Reverse(in.Edits.Done)
			if !bytes.Equal(encoded(t, planner.Build(in)), encoded(t, p)) {
				t.Error("in another order it is another plan")
			}
		})
	}
}

// What an action left behind until one that is left out goes on, also when nothing is
// left to do.
func TestOngoingWithoutAnEnd(t *testing.T) {
	in := demoInput(embedded(t))
	whole := planner.Build(in)
	in.Edits.Excluded = []string{"ship:istio-system/cray-istio"}
	for _, a := range whole.Actions {
		if a.ID != "ship:istio-system/cray-istio" {
			in.Edits.Done = append(in.Edits.Done, model.Done{Action: a.ID})
		}
	}
	p := planner.Build(in)
	checkPlan(t, p)
	if len(p.Actions) > 0 {
		t.Fatalf("%d actions are left", len(p.Actions))
	}
	i := slices.IndexFunc(p.Standing.Ongoing, func(o model.Ongoing) bool { return o.Capability == "control.registry" && o.Bundle == nil })
	if i < 0 {
		t.Fatalf("the registry is back: %+v", p.Standing.Ongoing)
	}
	for _, a := range p.Answers {
		if a.Topic == "administration" && (!strings.Contains(a.Text, "outage now for") || len(a.Facts) == 0) {
			t.Errorf("administrators are told %q", a.Text)
		}
	}
	if p.Standing.Stay.Status == model.StaySupported {
		t.Error("something is left out, and staying is supported")
	}
}

// A roll that was stopped leaves something unknown, and the plan does not say that it
// knows all.
func TestInterruptedIsUnknown(t *testing.T) {
	in := demoInput(embedded(t))
	p := resumed(t, in, planner.Build(in), "roll:worker:4/6")
	if !slices.ContainsFunc(p.Unknowns, func(u model.UnknownThing) bool {
		return u.Subject == "roll:worker" && strings.Contains(u.What, "4 of 6")
	}) {
		t.Errorf("the state of the other nodes is not among %v", p.Unknowns)
	}
}

// What is done and left out has left something behind that nobody looks at.
func TestDoneAndLeftOut(t *testing.T) {
	in := demoInput(embedded(t))
	in.Edits.Done = []model.Done{{Action: "roll:worker", Units: 4, Of: 6}, {Action: "roll:no-such"}}
	in.Edits.Excluded = []string{"roll:worker"}
	p := planner.Build(in)
	checkPlan(t, p)
	if d := hasCode(p, "done-left-out"); d == nil || d.Subject != "roll:worker" || d.Severity != model.Blocking {
		t.Errorf("said is %+v", d)
	}
	if d := hasCode(p, "done-nothing"); d == nil || d.Subject != "roll:no-such" {
		t.Errorf("of what does not exist is said %+v", d)
	}
	// The last of the masters is left out: the others have what it has not.
	in.Edits.Done = []model.Done{{Action: "roll:master/rest"}}
	in.Edits.Excluded = []string{"roll:master/first"}
	p = planner.Build(in)
	checkPlan(t, p)
	c := changeOf(t, p, "node-image:master.x86_64")
	if slices.Contains(p.Standing.Made, c.ID) || !slices.Contains(p.Standing.Partly, c.ID) || !strings.Contains(c.Reason, "roll:master/first, which brings it to other nodes, is left out") {
		t.Errorf("the masters' image is made although one does not have it: %q", c.Reason)
	}
}

// A group that belongs into one sitting and is begun goes on in the first bundle, also
// where what is begun is a roll.
func TestGroupThatIsBegun(t *testing.T) {
	in := demoInput(embedded(t))
	in.Policy.UntestedCuts = "forbid"
	whole := planner.Build(in)
	var pair []model.ActionID
	for _, a := range whole.Actions {
		for _, e := range a.After {
			if e.Relation == model.With && a.Units > 1 {
				pair = []model.ActionID{a.ID, e.Action}
			}
		}
	}
	if pair == nil {
		t.Fatal("no roll of the demo belongs into one sitting with something: choose another pair for this test")
	}
	in.Edits.Done = []model.Done{{Action: pair[0], Units: 1, Of: 2}}
	p := planner.Build(in)
	if d := hasCode(p, "half-done-group"); d == nil {
		t.Errorf("of %s and %s, begun, nothing is said", pair[0], pair[1])
	}
	first := p.Bundles[0].Actions
	if !slices.Contains(first, pair[0]) || !slices.Contains(first, pair[1]) {
		t.Errorf("%v are not both in the first bundle, which has %v", pair, first)
	}
}

// What was rolled before the interruption may not be back when the plan goes on, where
// nothing makes sure of it.
func TestSequenceGoesOn(t *testing.T) {
	in := demoInput(embedded(t))
	in.Procedures = slices.Clone(in.Procedures)
	for i := range in.Procedures {
		stages := slices.Clone(in.Procedures[i].Stages)
		for k := range stages {
			stages[k].Gates, stages[k].Wait = nil, nil
		}
		in.Procedures[i].Stages = stages
	}
	whole := planner.Build(in)
	for _, said := range []string{"roll:master/rest", "roll:master/rest:1/2"} {
		p := resumed(t, in, whole, said)
		if !slices.ContainsFunc(p.Diagnostics, func(d model.Diagnostic) bool {
			return d.Code == "recovery-not-assured" && slices.Contains(d.Path, "done roll:master/rest")
		}) {
			t.Errorf("%s: nobody is told that what was rolled may not be back", said)
		}
	}
}
