package planner_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid" // why: properties over generated inputs, with shrinking

	"planewise/model"
	"planewise/planner"
	"planewise/planner/resume"
)

// resumed plans what is left of a plan of which some things are done.
func resumed(t testing.TB, in planner.Input, p model.Plan, said ...string) model.Plan {
	t.Helper()
	return planner.Build(after(t, in, p, said...))
}

// after is the input of a plan of which some things are done.
func after(t testing.TB, in planner.Input, p model.Plan, said ...string) planner.Input {
	t.Helper()
	done, err := resume.Done(p, said)
	if err != nil {
		t.Fatal(err)
	}
	in.Edits.Done = done
	return in
}

func hasCode(p model.Plan, code model.Code) *model.Diagnostic {
	for i := range p.Diagnostics {
		if p.Diagnostics[i].Code == code {
			return &p.Diagnostics[i]
		}
	}
	return nil
}

func actionIDs(p model.Plan) []string {
	var ids []string
	for _, a := range p.Actions {
		ids = append(ids, string(a.ID))
	}
	slices.Sort(ids)
	return ids
}

func demoInput(w world) planner.Input {
	return w.input(w.set("csm-1.5.2", "uan-2.6.0"), w.set("csm-1.6.0-rc.3", "uan-2.7.0"))
}

// The registry is gone from the one chart to the other: an update that stops between
// the two stands in an outage, and says so.
func TestResumeInTheMiddleOfAnOutage(t *testing.T) {
	in := demoInput(embedded(t))
	whole := planner.Build(in)
	p := resumed(t, in, whole, "B1", "ship:istio-system/cray-istio-operator", "ship:istio-system/cray-istio-deploy")
	checkPlan(t, p)
	checkFile(t, p)
	s := p.Standing
	if s == nil || len(s.Ongoing) == 0 {
		t.Fatal("nothing goes on")
	}
	worst := s.Ongoing[0]
	if worst.Capability != "control.registry" || worst.Level != model.Outage || worst.Until != "action:ship:istio-system/cray-istio" || worst.Action != "ship:istio-system/cray-istio-deploy" {
		t.Errorf("the worst that goes on is %+v", worst)
	}
	ender := slices.IndexFunc(p.Bundles, func(b model.Bundle) bool { return slices.Contains(b.Actions, "ship:istio-system/cray-istio") })
	if ender < 0 || worst.Bundle == nil || *worst.Bundle != p.Bundles[ender].Key {
		t.Errorf("it ends in %v, the chart that ends it is in bundle %d", worst.Bundle, ender)
	}
	// It is felt in every bundle up to the one that ends it.
	for _, b := range p.Bundles[:ender+1] {
		i := slices.IndexFunc(b.Timeline, func(v model.Interval) bool { return v.Capability == "control.registry" && v.Level == model.Outage })
		if i < 0 || b.Timeline[i].Start.P90s != 0 {
			t.Errorf("%s does not begin with the registry gone", b.Label)
		}
	}
	if d := hasCode(p, "disturbed-now"); d == nil || d.Subject != "control.registry" {
		t.Errorf("no warning of the outage that goes on: %v", d)
	}
	if p.Answers[0].Topic != "standing" || !strings.Contains(p.Answers[0].Text, "outage now") {
		t.Errorf("the first line under the plan is %q", p.Answers[0].Text)
	}
	if s.Stay.Status != model.StayNotSupported || s.Rollback.Possible == model.Yes || s.PointOfNoReturn == nil {
		t.Errorf("stay %s, way back %s from %v", s.Stay.Status, s.Rollback.Possible, s.PointOfNoReturn)
	}
	// Once the chart is shipped it is over.
	p = resumed(t, in, whole, "B1", "ship:istio-system/cray-istio-operator", "ship:istio-system/cray-istio-deploy", "ship:istio-system/cray-istio")
	if i := slices.IndexFunc(p.Standing.Ongoing, func(o model.Ongoing) bool { return o.Capability == "control.registry" }); i >= 0 {
		t.Errorf("still %+v", p.Standing.Ongoing[i])
	}
}

// 4 of 6 workers are done: the other two are left, in less time, and both their
// changes and their effects stay in the plan.
func TestResumeARoll(t *testing.T) {
	in := demoInput(embedded(t))
	whole := planner.Build(in)
	at := slices.IndexFunc(whole.Actions, func(a model.Action) bool { return a.ID == "roll:worker" })
	roll := whole.Actions[at]
	var before []string
	for _, b := range whole.Bundles {
		if slices.Contains(b.Actions, roll.ID) {
			break
		}
		before = append(before, b.Label)
	}
	p := resumed(t, in, whole, append(before, "roll:workers:4/6")...)
	checkPlan(t, p)
	checkFile(t, p)
	at = slices.IndexFunc(p.Actions, func(a model.Action) bool { return a.ID == "roll:worker" })
	if at < 0 {
		t.Fatal("the rest of the roll is not planned")
	}
	left := p.Actions[at]
	if left.Units != 2 || left.ExpectedS*3 != roll.ExpectedS || left.Duration.P90s >= roll.Duration.P90s {
		t.Errorf("left are %d units in %d s (%+v), of %d in %d s (%+v)", left.Units, left.ExpectedS, left.Duration, roll.Units, roll.ExpectedS, roll.Duration)
	}
	for _, id := range roll.Changes {
		if !slices.Contains(left.Changes, id) || !slices.Contains(p.Standing.Partly, id) {
			t.Errorf("%s is not among what is left (%v) and made in part (%v)", id, left.Changes, p.Standing.Partly)
		}
	}
	if d := hasCode(p, "interrupted-roll"); d == nil || d.Subject != "roll:worker" {
		t.Error("nobody is told to look at the nodes")
	}
	done := p.Standing.Done[len(p.Standing.Done)-1]
	if done.ID != "roll:worker" || done.Units != 4 || done.Of != 6 {
		t.Errorf("the last done is %+v", done)
	}
	for _, level := range []model.CapabilityID{"compute.jobs", "control.registry"} {
		if !slices.ContainsFunc(left.Effects, func(e model.Effect) bool { return e.Capability == level }) {
			t.Errorf("the rest of the roll does not touch %s", level)
		}
	}
	// A fifth node, counted as of six or as of the two that are left.
	for _, word := range []string{"roll:worker:5/6", "roll:worker:1/2"} {
		again := resumed(t, in, p, word)
		if got := again.Edits.Done[slices.IndexFunc(again.Edits.Done, func(d model.Done) bool { return d.Action == "roll:worker" })]; got != (model.Done{Action: "roll:worker", Units: 5, Of: 6}) {
			t.Errorf("%s gives %+v", word, got)
		}
	}
	if last := resumed(t, in, p, "roll:worker:5/6"); !slices.ContainsFunc(last.Actions, func(a model.Action) bool {
		return a.ID == "roll:worker" && strings.HasSuffix(a.Title, ": the last of 6")
	}) {
		t.Error("the last worker is not called that")
	}
	// All of them: the roll is over.
	again := resumed(t, in, p, "roll:worker:2/2")
	if slices.Contains(actionIDs(again), "roll:worker") || hasCode(again, "interrupted-roll") != nil {
		t.Error("after all six the roll goes on")
	}
	// The system has grown meanwhile.
	for i := range in.System.Nodes {
		if in.System.Nodes[i].Role == "worker" {
			in.System.Nodes = slices.Clone(in.System.Nodes)
			in.System.Nodes[i].Count++
		}
	}
	in.Edits.Done = p.Edits.Done
	grown := planner.Build(in)
	if d := hasCode(grown, "done-units-differ"); d == nil || !strings.Contains(d.Summary, "3 are taken to be left") {
		t.Errorf("a seventh worker: %v", d)
	}
}

// All done: nothing is left, and the state is the documented target.
func TestResumeWhenAllIsDone(t *testing.T) {
	in := demoInput(embedded(t))
	whole := planner.Build(in)
	var all []string
	for _, b := range whole.Bundles {
		all = append(all, b.Label)
	}
	p := resumed(t, in, whole, all...)
	checkPlan(t, p)
	if len(p.Actions) != 0 || len(p.Bundles) != 0 || p.Standing.Next != nil {
		t.Errorf("%d actions and %d bundles are left", len(p.Actions), len(p.Bundles))
	}
	if p.Standing.Stay.Status != model.StaySupported || len(p.Standing.Stay.Facts) != 1 {
		t.Errorf("everything is done, and staying there is %s", p.Standing.Stay.Status)
	}
	if hasCode(p, "done-out-of-order") != nil {
		t.Error("everything is done, and yet out of order")
	}
	for _, o := range p.Standing.Ongoing {
		if o.Until != "ever" && o.Until != "tail" {
			t.Errorf("%s goes on until %s", o.Capability, o.Until)
		}
	}
}

func TestDoneOutOfOrder(t *testing.T) {
	in := demoInput(embedded(t))
	whole := planner.Build(in)
	p := resumed(t, in, whole, "roll:worker")
	d := hasCode(p, "done-out-of-order")
	if d == nil || len(d.Path) != 2 || d.Path[1] != "roll:worker" {
		t.Fatalf("workers before everything else: %v", d)
	}
	// A documented order that is broken blocks.
	for _, a := range whole.Actions {
		for _, e := range a.After {
			if e.Kind != model.RequiredEdge || e.Relation != model.Before {
				continue
			}
			p := resumed(t, in, whole, string(a.ID))
			if !slices.ContainsFunc(p.Diagnostics, func(d model.Diagnostic) bool {
				return d.Code == "done-out-of-order" && d.Severity == model.Blocking && d.Path[0] == string(e.Action) && d.Path[1] == string(a.ID)
			}) {
				t.Errorf("%s done before %s does not block", a.ID, e.Action)
			}
			return
		}
	}
	t.Fatal("the demo has no documented edge: choose another pair for this test")
}

func TestDoneNothing(t *testing.T) {
	in := demoInput(embedded(t))
	in.Edits.Done = []model.Done{{Action: "ship:services/no-such"}}
	p := planner.Build(in)
	if d := hasCode(p, "done-nothing"); d == nil || d.Subject != "ship:services/no-such" {
		t.Errorf("got %v", d)
	}
	if len(p.Actions) != len(planner.Build(demoInput(embedded(t))).Actions) {
		t.Error("and yet something is left out")
	}
}

// What holds wherever an update stops.
func TestResumeProperties(t *testing.T) {
	w := embedded(t)
	pairs := [][2][]model.Release{
		{w.set("csm-1.5.2", "uan-2.6.0"), w.set("csm-1.6.0-rc.3", "uan-2.7.0")},
		{w.set("csm-1.5.0"), w.set("csm-1.5.2")},
		{w.set("csm-1.3.5"), w.set("csm-1.4.3")},
	}
	var plans []model.Plan
	var ins []planner.Input
	for _, pair := range pairs {
		in := w.input(pair[0], pair[1])
		ins, plans = append(ins, in), append(plans, planner.Build(in))
	}
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.IntRange(0, len(pairs)-1).Draw(rt, "pair")
		in, whole := ins[k], plans[k]
		n := rapid.IntRange(1, len(whole.Bundles)).Draw(rt, "bundles done")
		var said []string
		gone := map[string]bool{}
		for _, b := range whole.Bundles[:n] {
			said = append(said, b.Label)
			for _, id := range b.Actions {
				gone[string(id)] = true
			}
		}
		p := planner.Build(after(t, in, whole, said...))
		checkPlan(t, p)

		// What is left is all that is not done, and nothing else.
		want := slices.DeleteFunc(actionIDs(whole), func(id string) bool { return gone[id] })
		if got := actionIDs(p); !slices.Equal(got, want) {
			rt.Fatalf("left are %d actions, want %d", len(got), len(want))
		}
		if hasCode(p, "done-out-of-order") != nil {
			rt.Fatal("the plan's own order is out of order")
		}
		// Less work costs no more.
		if p.Optimality.Cost > whole.Optimality.Cost {
			rt.Fatalf("what is left costs %d, the whole %d", p.Optimality.Cost, whole.Optimality.Cost)
		}
		// Every change is made, carried, or was never carried.
		made := 0
		for _, c := range p.Changes {
			if strings.HasPrefix(c.Reason, "done with ") {
				made++
			}
		}
		if made != len(p.Standing.Made) {
			rt.Fatalf("%d changes say that they are made, the standing %d", made, len(p.Standing.Made))
		}
		// What goes on is felt: each has facts, and the bundle that ends it is there.
		facts := map[model.FactID]bool{}
		for _, f := range p.Facts {
			facts[f.ID] = true
		}
		for _, o := range p.Standing.Ongoing {
			if len(o.Facts) == 0 || o.Range().IsNone() {
				rt.Fatalf("%+v", o)
			}
			for _, id := range o.Facts {
				if !facts[id] {
					rt.Fatalf("%s cites fact %s, which the plan does not hold", o.Capability, id)
				}
			}
		}
		// The order in which it is said does not matter, nor in how many steps.
		slices.Reverse(said)
		if !bytes.Equal(encoded(t, planner.Build(after(t, in, whole, said...))), encoded(t, p)) {
			rt.Fatal("said in another order it is another plan")
		}
		step := whole
		for _, b := range whole.Bundles[:n] {
			var ids []string
			for _, id := range b.Actions {
				ids = append(ids, string(id))
			}
			step = planner.Build(after(t, in, step, ids...))
		}
		if !bytes.Equal(encoded(t, step), encoded(t, p)) {
			rt.Fatal("told step by step it is another plan")
		}
	})
}

// Whatever is said to be done, in whatever order it was: a plan comes out that lists
// every change, and nothing of what is left is lost.
func TestResumeFromAnywhere(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.5.0"), w.set("csm-1.5.2"))
	whole := planner.Build(in)
	rapid.Check(t, func(rt *rapid.T) {
		in := in
		gone := map[string]bool{}
		for _, a := range whole.Actions {
			switch rapid.IntRange(0, 3).Draw(rt, string(a.ID)) {
			case 0:
				in.Edits.Done = append(in.Edits.Done, model.Done{Action: a.ID})
				gone[string(a.ID)] = true
			case 1:
				if a.Units > 1 {
					in.Edits.Done = append(in.Edits.Done, model.Done{Action: a.ID, Units: rapid.IntRange(1, a.Units-1).Draw(rt, "units"), Of: a.Units})
				}
			}
		}
		p := planner.Build(in)
		checkPlan(t, p)
		if got, want := actionIDs(p), slices.DeleteFunc(actionIDs(whole), func(id string) bool { return gone[id] }); !slices.Equal(got, want) {
			rt.Fatalf("left are %d actions, want %d", len(got), len(want))
		}
		if len(p.Changes) != len(whole.Changes) {
			rt.Fatalf("%d changes of %d are listed", len(p.Changes), len(whole.Changes))
		}
		if len(in.Edits.Done) > 0 && len(p.Standing.Done) != len(in.Edits.Done) {
			rt.Fatalf("%d of %d done actions are listed", len(p.Standing.Done), len(in.Edits.Done))
		}
	})
}

// REDS is removed for good, and its service lives on in the new discovery: what the
// removal leaves behind ends when that is shipped.
func TestRemovedAndReplaced(t *testing.T) {
	in := demoInput(embedded(t))
	whole := planner.Build(in)
	var before, upTo []string
	for _, b := range whole.Bundles {
		if !slices.Contains(b.Actions, "ship:services/cray-hms-discovery") {
			before = append(before, b.Label)
			continue
		}
		for _, id := range b.Actions {
			if id == "ship:services/cray-hms-discovery" {
				break
			}
			upTo = append(upTo, string(id))
		}
		break
	}
	ongoing := func(p model.Plan) string {
		for _, o := range p.Standing.Ongoing {
			if o.Capability == "control.inventory" {
				return o.Level.String() + " " + o.Until
			}
		}
		return "-"
	}
	all := append(slices.Clone(before), upTo...)
	if !slices.Contains(upTo, "remove:services/cray-hms-reds") {
		all = append(all, "remove:services/cray-hms-reds")
	}
	if got := ongoing(resumed(t, in, whole, all...)); got != "degraded action:ship:services/cray-hms-discovery" {
		t.Errorf("before the new discovery: %s", got)
	}
	if got := ongoing(resumed(t, in, whole, append(all, "ship:services/cray-hms-discovery")...)); got != "-" {
		t.Errorf("after it: %s", got)
	}
}

// What the target adds replaces a removed workload only where somebody brings it.
func TestRemovedAndNotReplaced(t *testing.T) {
	in := demoInput(embedded(t))
	without := func(set []model.Release, names ...string) []model.Release {
		out := slices.Clone(set)
		for i := range out {
			out[i].Components = slices.DeleteFunc(slices.Clone(out[i].Components), func(c model.Component) bool {
				return c.Kind == model.KindChart && slices.Contains(names, c.Name)
			})
		}
		return out
	}
	in.From = without(in.From, "cray-hms-meds", "cray-hms-discovery")
	in.To = without(in.To, "cray-hms-meds")
	in.Edits.Done = []model.Done{{Action: "remove:services/cray-hms-reds"}}
	for _, c := range []struct {
		name     string
		excluded []string
		done     []model.Done
		want     string
	}{
		{"still to come", nil, nil, "action:ship:services/cray-hms-discovery"},
		{"there", nil, []model.Done{{Action: "ship:services/cray-hms-discovery"}}, "-"},
		{"left out", []string{"ship:services/cray-hms-discovery"}, nil, "ever"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := in
			in.Edits.Excluded = c.excluded
			in.Edits.Done = append(slices.Clone(in.Edits.Done), c.done...)
			p := planner.Build(in)
			checkPlan(t, p)
			got := "-"
			for _, o := range p.Standing.Ongoing {
				if o.Capability == "control.inventory" {
					got = o.Until
				}
			}
			if got != c.want {
				t.Errorf("the inventory is without discovery until %q, not %q", got, c.want)
			}
		})
	}
}
