package verify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/planner"
	"planewise/planner/compare"
	"planewise/planner/inputs"
	"planewise/planner/verify"
)

func made(tb testing.TB, in planner.Input) model.Plan {
	tb.Helper()
	p, err := inputs.Plan(in)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func patch(tb testing.TB) (model.Plan, planner.Input) {
	in := embedded(tb).input("csm-1.5.0", "csm-1.5.2")
	return made(tb, in), in
}

func TestMoves(t *testing.T) {
	p, was := patch(t)
	cases := []struct {
		name   string
		move   func(*planner.Input)
		status verify.Status
		input  string // the one that moved, with its state
		used   bool
		stale  string // bundles, by their label or by an action that they hold
	}{
		{"nothing", func(*planner.Input) {}, verify.Fresh, "", false, ""},
		{"more workers", func(in *planner.Input) { in.System.Nodes = grown(in.System.Nodes, "worker") }, verify.Stale, "system demo changed", true, "roll:worker"},
		{"a title of the system", func(in *planner.Input) { in.System.Title = "other words" }, verify.Stale, "system demo changed", true, ""},
		{"a chart of the target", func(in *planner.Input) { in.To = bumped(in.To, "chart:services/cray-bos") }, verify.Stale, "release csm-1.5.2 changed", true, "ship:services/cray-bos"},
		{"the start", func(in *planner.Input) { in.From = bumped(in.From, "chart:services/cray-bos") }, verify.Stale, "release csm-1.5.0 changed", true, "ship:services/cray-bos"},
		{"the procedure that it follows", func(in *planner.Input) {
			in.Procedures = edited(in.Procedures, "csm-1.5/patch", func(p *model.Procedure) { p.Title = "another title" })
		}, verify.Stale, "procedure csm-1.5/patch changed", true, ""},
		{"another procedure", func(in *planner.Input) {
			in.Procedures = edited(in.Procedures, "csm-1.3/manual", func(p *model.Procedure) { p.Title = "another title" })
		}, verify.Fresh, "procedure csm-1.3/manual changed", false, ""},
		{"a procedure that wins now", func(in *planner.Input) {
			p := in.Procedures[slices.IndexFunc(in.Procedures, func(p model.Procedure) bool { return p.Name == "csm-1.5/patch" })]
			p.Name, p.Gates = "csm-1.5/a", []model.Gate{{ID: "more", Text: "Ask once more."}}
			in.Procedures = append(slices.Clone(in.Procedures), p)
		}, verify.Stale, "procedure csm-1.5/a new", false, "B1"},
		{"a procedure that is gone", func(in *planner.Input) {
			in.Procedures = slices.DeleteFunc(slices.Clone(in.Procedures), func(p model.Procedure) bool { return p.Name == "csm-1.2/patch" })
		}, verify.Fresh, "procedure csm-1.2/patch gone", false, ""},
		{"a mapping on top", func(in *planner.Input) {
			in.Catalog, _ = catalog.New(in.Catalog.Mapping(), model.Mapping{Format: model.FormatMapping, Name: "site", Rules: []model.Rule{{
				Match: model.Match{Kind: model.KindChart, Name: "cray-bos", Namespace: "services"}, Planes: []model.PlaneID{"control"}, Method: model.MethodUnknown,
				Evidence: model.Evidence{Basis: model.BasisUnknown},
			}}})
		}, verify.Stale, "mapping ", true, "ship:services/cray-bos roll:worker"},
		{"costs of the policy", func(in *planner.Input) { in.Policy.Sitting *= 100 }, verify.Stale, "policy jobs-first changed", true, "B1"},
		{"what the site sets", func(in *planner.Input) { in.Customizations = siteSets("cray-hms-smd", "1") }, verify.Stale, "customizations demo new", false, "ship:services/cray-hms-smd roll:worker"},
		{"what the site sets in a chart of neither side", func(in *planner.Input) { in.Customizations = siteSets("other", "1") }, verify.Fresh, "customizations demo new", false, ""},
		{"a release in between that nothing hangs on", func(in *planner.Input) {
			in.Known = append(slices.Clone(in.Known), embedded(t).releases["csm-1.5.1"])
		}, verify.Fresh, "release csm-1.5.1 new", false, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := was
			c.move(&is)
			r := checked(t, verify.Input{Plan: p, Was: was, Is: is})
			if r.Status != c.status {
				t.Errorf("it is %s, want %s: %v", r.Status, c.status, r.Reasons)
			}
			got := ""
			if len(r.Inputs) > 0 {
				m := r.Inputs[0]
				got = fmt.Sprintf("%s %s %s", m.Kind, m.Name, m.What)
				if m.Used != c.used {
					t.Errorf("the plan rests on %s: %v", m.Name, m.Used)
				}
				if m.Planned == m.Now {
					t.Error("the digests are equal")
				}
			}
			if !strings.HasPrefix(got, c.input) || (got == "") != (c.input == "") || len(r.Inputs) > 1 {
				t.Errorf("moved: %+v, want %s", r.Inputs, c.input)
			}
			var stale []string
			for _, b := range r.Bundles {
				if b.Status != verify.Fresh {
					stale = append(stale, b.Label)
					if len(b.Inputs) != 1 {
						t.Errorf("%s is moved by %v", b.Label, b.Inputs)
					}
				}
			}
			if c.name == "costs of the policy" { // that moves many; it is enough that it shows
				stale = stale[:min(1, len(stale))]
			}
			if want := labels(p, c.stale); strings.Join(stale, " ") != want {
				t.Errorf("stale are %v, want %s (%s)", stale, want, c.stale)
			}
		})
	}
}

// What the site sets is an input as others are, where the plan considered it.
func TestCustomizationsMove(t *testing.T) {
	was := embedded(t).input("csm-1.5.0", "csm-1.5.2")
	was.Customizations = siteSets("cray-hms-smd", "1")
	p := made(t, was)
	again, err := inputs.Of(p)
	if err != nil || document.Digest(again.Customizations) != document.Digest(was.Customizations) {
		t.Fatalf("the plan carries %+v (%v)", again.Customizations, err)
	}
	for _, c := range []struct {
		name  string
		now   *model.Customizations
		what  string
		stale bool // the roll of the workers
	}{
		{"as they were", siteSets("cray-hms-smd", "1"), "", false},
		{"another number", siteSets("cray-hms-smd", "3"), verify.Changed, true},
		{"more of what does not matter", siteSets("cray-hms-smd", "1", "other", "2"), verify.Changed, false},
		{"none", nil, verify.Gone, true},
	} {
		is := was
		is.Customizations = c.now
		r := checked(t, verify.Input{Plan: p, Was: was, Is: is})
		if c.what == "" {
			if r.Status != verify.Fresh || len(r.Inputs) > 0 {
				t.Errorf("%s: %s %v", c.name, r.Status, r.Inputs)
			}
			continue
		}
		if len(r.Inputs) != 1 || r.Inputs[0].Kind != inputs.Customizations || r.Inputs[0].What != c.what || !r.Inputs[0].Used || r.Status != verify.Stale {
			t.Errorf("%s: %s %+v", c.name, r.Status, r.Inputs)
		}
		if got := strings.Contains(" "+strings.Join(r.Inputs[0].Bundles, " ")+" ", " "+labels(p, "roll:worker")+" "); got != c.stale {
			t.Errorf("%s: it moves %v", c.name, r.Inputs[0].Bundles)
		}
	}
}

// siteSets are replicas that the demo system sets: chart, number, chart, number ...
func siteSets(words ...string) *model.Customizations {
	c := model.Customizations{Format: model.FormatCustomizations, Name: "demo", Charts: []model.ChartOverrides{}}
	for i := 0; i < len(words); i += 2 {
		c.Charts = append(c.Charts, model.ChartOverrides{Name: words[i], Overrides: []model.Override{{
			Kind: model.OverrideReplicas, Path: []string{"cray-service", "replicaCount"}, Value: words[i+1],
		}}})
	}
	return &c
}

func grown(nodes []model.NodeGroup, role string) []model.NodeGroup {
	nodes = slices.Clone(nodes)
	for i := range nodes {
		if nodes[i].Role == role {
			nodes[i].Count += 4
		}
	}
	return nodes
}

// bumped gives a component another version that changes what is done about it.
func bumped(set []model.Release, id model.ComponentID) []model.Release {
	set = slices.Clone(set)
	set[0].Components = slices.Clone(set[0].Components)
	for i := range set[0].Components {
		if c := &set[0].Components[i]; c.ID() == id {
			c.Version += ".7"
		}
	}
	return set
}

func edited(list []model.Procedure, name string, edit func(*model.Procedure)) []model.Procedure {
	list = slices.Clone(list)
	for i := range list {
		if list[i].Name == name {
			edit(&list[i])
		}
	}
	return list
}

// labels turns actions into the labels of their bundles: which number a bundle has
// follows from facts that have nothing to do with these tests.
func labels(p model.Plan, words string) string {
	out := strings.Fields(words)
	for i, w := range out {
		for _, b := range p.Bundles {
			if slices.Contains(b.Actions, model.ActionID(w)) {
				out[i] = b.Label
			}
		}
	}
	return strings.Join(out, " ")
}

// Two moves are told apart: each names the bundles that it touches.
func TestTwoMoves(t *testing.T) {
	p, was := patch(t)
	is := was
	is.System.Nodes = grown(is.System.Nodes, "worker")
	is.To = bumped(is.To, "chart:services/cray-bos")
	r := checked(t, verify.Input{Plan: p, Was: was, Is: is})
	for action, want := range map[string]string{"step:upload": "", "ship:services/cray-bos": "release csm-1.5.2", "roll:worker": "system demo"} {
		label := labels(p, action)
		b := r.Bundles[slices.IndexFunc(r.Bundles, func(b verify.Bundle) bool { return b.Label == label })]
		if strings.Join(b.Inputs, ", ") != want {
			t.Errorf("%s is moved by %v, want %s", label, b.Inputs, want)
		}
	}
	workers := slices.IndexFunc(r.Bundles, func(b verify.Bundle) bool { return b.Label == labels(p, "roll:worker") })
	if b := r.Bundles[workers]; b.Changes[0] != compare.Worse || !slices.Contains(b.Changes, compare.Longer) {
		t.Errorf("more workers make %s %v", b.Label, b.Changes)
	}
}

func TestUnsoundPlans(t *testing.T) {
	p, was := patch(t)
	cases := map[string]struct {
		spoil func(*model.Plan)
		want  string
	}{
		"bundles in another order": {func(p *model.Plan) { slices.Reverse(p.Bundles) }, "edge-broken"},
		"an action twice": {func(p *model.Plan) {
			p.Bundles[1].Actions = append(slices.Clone(p.Bundles[1].Actions), p.Bundles[0].Actions[0])
		}, "the action is in 2 bundles"},
		"an action nowhere":               {func(p *model.Plan) { p.Bundles[0].Actions = p.Bundles[0].Actions[1:] }, "the action is in 0 bundles"},
		"an action that is not described": {func(p *model.Plan) { p.Actions = p.Actions[1:] }, "which the plan does not describe"},
		"two bundles of one label":        {func(p *model.Plan) { p.Bundles[1].Label = "B1" }, "two bundles have this label"},
		"far too many bundles":            {func(p *model.Plan) { p.Bundles = make([]model.Bundle, 5000) }, "at most 2000 can be verified"},
		"changed by hand": {func(p *model.Plan) {
			p.Diagnostics = append(p.Diagnostics, model.Diagnostic{Severity: model.Blocking, Code: "wrong-digest", Subject: "f"})
		}, "wrong-digest"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			bad := p
			bad.Bundles, bad.Actions = slices.Clone(p.Bundles), slices.Clone(p.Actions)
			c.spoil(&bad)
			r := checked(t, verify.Input{Plan: bad, Was: was, Is: was})
			if r.Status != verify.Invalid || !strings.Contains(fmt.Sprint(r.Faults), c.want) {
				t.Errorf("%s: %v", r.Status, r.Faults)
			}
		})
	}
}

// A plan that differs from what its inputs give was changed, unless another reasoning
// made it.
func TestOtherReasoning(t *testing.T) {
	whole, was := patch(t)
	for _, c := range []struct {
		name, by string
		change   bool
		status   verify.Status
		want     string
	}{
		{"the same", planner.Reasoning, false, verify.Fresh, ""},
		{"changed", planner.Reasoning, true, verify.Invalid, "changed after it was made, or damaged"},
		{"an older one", "", true, verify.Stale, "an older reasoning, from before that was noted (test), this program reasons " + planner.Reasoning + ": made again, it differs in 1 place."},
		{"a newer one", "999", true, verify.Stale, "made by reasoning 999 (test)"},
		{"a newer one that is of the same mind", "999", false, verify.Stale, "made again, in all else it is the same."},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := whole
			p.Reasoning, p.Bundles = c.by, slices.Clone(p.Bundles)
			if c.change {
				p.Bundles[2].Rollback.P90s++
			}
			p.ID = document.PlanID(p)
			r := checked(t, verify.Input{Plan: p, Was: was, Is: was})
			if r.Status != c.status || !strings.Contains(strings.Join(r.Reasons, " "), c.want) || (len(r.Differences) == 1) != c.change {
				t.Fatalf("%s: %v %v", r.Status, r.Reasons, r.Differences)
			}
			if !c.change {
				return
			}
			old := whole.Bundles[2].Rollback.P90s
			want := fmt.Sprintf("bundle B3, rollback: p90 in seconds is said to be %d, made again it is %d (/bundles/2/rollback/p90s)", old+1, old)
			if d := r.Differences[0]; d.String() != want || d.Bundle != "B3" {
				t.Errorf("%s, want %s", d, want)
			}
			if c.status == verify.Stale && (r.Bundles[2].Status != verify.Stale || r.Bundles[1].Status != verify.Fresh) {
				t.Errorf("B3 is %s, B2 %s", r.Bundles[2].Status, r.Bundles[1].Status)
			}
		})
	}
}

// A constraint that came later: the bundle in which the plan breaks it is named.
func TestConstraintsOfToday(t *testing.T) {
	p, was := patch(t)
	is := was
	is.Procedures = edited(is.Procedures, "csm-1.5/patch", func(p *model.Procedure) {
		// The workers are to be done before the storage nodes.
		p.Stages = slices.Clone(p.Stages)
		worker := slices.IndexFunc(p.Stages, func(s model.Stage) bool { return s.Role == "worker" && s.Does == model.WorkRoll })
		storage := slices.IndexFunc(p.Stages, func(s model.Stage) bool { return s.Role == "storage" && s.Does == model.WorkRoll })
		s := p.Stages[worker]
		s.Required = nil
		p.Stages = slices.Insert(slices.Delete(p.Stages, worker, worker+1), storage, s)
		for i := range p.Stages {
			if p.Stages[i].Role == "storage" {
				p.Stages[i].Required = []string{s.ID}
			}
		}
	})
	r := checked(t, verify.Input{Plan: p, Was: was, Is: is})
	var broken []string
	for _, b := range r.Bundles {
		if len(b.Broken) > 0 {
			broken = append(broken, b.Label)
		}
	}
	if r.Status != verify.Stale || !slices.Contains(broken, labels(p, "roll:worker")) {
		t.Errorf("%s, broken in %v", r.Status, broken)
	}
}

// dated is a plan whose bundles have windows: every night, wide enough for all.
func dated(t testing.TB) (model.Plan, planner.Input) {
	in := embedded(t).input("csm-1.5.0", "csm-1.5.1")
	grants := map[model.PlaneID]model.Footprint{}
	for _, plane := range in.Catalog.Planes() {
		grants[plane.ID] = model.Disturbed
	}
	in.Policy.Windows = []model.Window{{Name: "weekend", Zone: "Europe/Zurich", Start: "2026-03-06T18:00:00", DurationS: 60 * 3600, RRule: "FREQ=WEEKLY;BYDAY=FR", Grants: grants, Limits: "run"}}
	in.Policy.Freezes = nil
	in.At = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	p := made(t, in)
	for _, b := range p.Bundles {
		if b.Window == nil && slices.Contains(footprints(b), model.Disturbed) {
			t.Fatalf("%s has no date: %v", b.Label, p.Diagnostics)
		}
	}
	return p, in
}

func footprints(b model.Bundle) []model.Footprint {
	var out []model.Footprint
	for _, f := range b.Footprint {
		out = append(out, f)
	}
	return out
}

func TestWindows(t *testing.T) {
	p, was := dated(t)
	last := p.Bundles[len(p.Bundles)-1].Window
	cases := []struct {
		name string
		now  time.Time
		move func(*planner.Input)
		want string // in the last bundle's window; "" nothing
	}{
		{"as planned", was.At, func(*planner.Input) {}, ""},
		{"no clock", time.Time{}, func(*planner.Input) {}, ""},
		{"too late", time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), func(*planner.Input) {}, "which has passed"},
		{"a freeze", was.At, func(in *planner.Input) {
			in.Policy.Freezes = []model.Freeze{{Name: "week of the review", Zone: "UTC", Start: "2026-03-01T00:00:00", DurationS: 60 * 86400}}
		}, `freeze "week of the review" now covers`},
		{"a window that grants less", was.At, func(in *planner.Input) {
			w := in.Policy.Windows[0]
			w.Grants = map[model.PlaneID]model.Footprint{"control": model.Disturbed}
			in.Policy.Windows = []model.Window{w}
		}, "no window grants it any more"},
		{"a shorter window", was.At, func(in *planner.Input) {
			w := in.Policy.Windows[0]
			w.DurationS = 60
			in.Policy.Windows = []model.Window{w}
		}, "no window grants it any more"},
		{"only starts are limited", was.At, func(in *planner.Input) {
			w := in.Policy.Windows[0]
			w.Limits = "starts"
			in.Policy.Windows = []model.Window{w}
		}, ""},
	}
	if last == nil {
		t.Fatal("the last bundle has no window")
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			is := was
			c.move(&is)
			r := checked(t, verify.Input{Plan: p, Was: was, Is: is, Now: c.now})
			b := r.Bundles[len(r.Bundles)-1]
			if c.want == "" && b.Window != "" || !strings.Contains(b.Window, c.want) {
				t.Errorf("window: %q, want %q", b.Window, c.want)
			}
			if c.want != "" && (b.Status != verify.Stale || r.Status != verify.Stale) {
				t.Errorf("the bundle is %s, the plan %s", b.Status, r.Status)
			}
		})
	}
}

func TestLess(t *testing.T) {
	edge := func(a model.ActionID, k model.EdgeKind, rel model.Relation) model.Edge {
		return model.Edge{Action: a, Kind: k, Relation: rel}
	}
	p := model.Plan{
		Actions: []model.Action{
			{ID: "a"}, {ID: "b", After: []model.Edge{edge("a", model.RequiredEdge, model.Before)}},
			{ID: "c", After: []model.Edge{edge("b", model.RequiredEdge, model.Soak)}},
			{ID: "d", After: []model.Edge{edge("c", model.VendorOrder, model.Before), edge("a", model.RequiredEdge, model.Apart)}},
		},
	}
	for i, id := range []model.ActionID{"a", "b", "c", "d"} {
		b := model.Bundle{Key: id, Label: fmt.Sprint("B", i+1), Actions: []model.ActionID{id}, Stay: model.PlanStay{Status: model.StayUnknown}}
		for _, earlier := range p.Bundles {
			b.After = append(b.After, earlier.Key)
		}
		p.Bundles = append(p.Bundles, b)
	}
	today := planner.Input{Catalog: embedded(t).base.Catalog}
	r := checked(t, verify.Input{Plan: p, Was: today, Is: today})
	want := map[string][2]string{"B1": {"B2 B3", "B4"}, "B2": {"B3", "B4"}, "B3": {"", "B4"}, "B4": {"", ""}}
	for _, b := range r.Bundles {
		if got := [2]string{strings.Join(b.Less.NeededBy, " "), strings.Join(b.Less.OrderOnly, " ")}; got != want[b.Label] {
			t.Errorf("%s: needed by %q, only the order %q", b.Label, got[0], got[1])
		}
		if b.Less.StopAfter != model.StayUnknown {
			t.Errorf("%s: stop after it: %s", b.Label, b.Less.StopAfter)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	p, was := patch(b)
	is := was
	is.System.Nodes = grown(is.System.Nodes, "worker")
	is.To = bumped(is.To, "chart:services/cray-bos")
	b.ReportAllocs()
	for b.Loop() {
		checked(b, verify.Input{Plan: p, Was: was, Is: is})
	}
}
