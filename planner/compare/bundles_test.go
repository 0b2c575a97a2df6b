package compare_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/compare"
)

// small is a plan of two bundles; a test changes a copy of it.
func small() model.Plan {
	most := model.Outage
	return model.Plan{
		ID:      "p",
		Changes: []model.Change{{ID: "chart:a", From: "1", To: "2", Action: new(model.ActionID("ship:a"))}},
		Actions: []model.Action{{ID: "ship:a"}, {ID: "ship:b"}, {ID: "roll:worker"}},
		Bundles: []model.Bundle{
			{
				Key: "ship:a", Label: "B1", Actions: []model.ActionID{"ship:a", "ship:b"}, WorkS: 600, Duration: model.Span{P50s: 600, P90s: 900},
				Footprint: map[model.PlaneID]model.Footprint{"control": model.Watched},
				Window:    &model.Slot{Name: "night", Start: "2026-03-02T20:00:00Z", End: "2026-03-02T21:00:00Z"},
				Impact: []model.PlaneImpact{{Plane: "control", Capabilities: []model.CapabilityImpact{
					{ID: "control.api", Level: model.Blip, P50s: 10, P90s: 20},
					{ID: "control.dns", Level: model.AtRisk, Unknown: true, Most: &most, P50s: 10, P90s: 20},
				}}},
				Gates: []model.Gate{{ID: "g1"}}, Stay: model.PlanStay{Status: model.StaySupported}, Rollback: model.ActionRollback{Possible: model.Yes},
			},
			{Key: "roll:worker", Label: "B2", Actions: []model.ActionID{"roll:worker"}, WorkS: 60, Duration: model.Span{P50s: 60, P90s: 90}},
		},
	}
}

func TestBundlesOfTwoPlans(t *testing.T) {
	api := func(p *model.Plan) *model.CapabilityImpact { return &p.Bundles[0].Impact[0].Capabilities[0] }
	cases := []struct {
		name   string
		change func(*model.Plan)
		want   []compare.Change // of B1
		says   string
	}{
		{"nothing", func(p *model.Plan) {}, []compare.Change{compare.Same}, ""},
		{"worse level", func(p *model.Plan) { api(p).Level = model.Degraded }, []compare.Change{compare.Worse}, "control.api was blip and is degraded now."},
		{"not known any more", func(p *model.Plan) { api(p).Unknown = true }, []compare.Change{compare.Worse}, "control.api was blip and is unknown, at least blip now."},
		{"longer at its level", func(p *model.Plan) { api(p).P90s = 40 }, []compare.Change{compare.Worse}, "control.api is blip for up to 40 s, not 20 s."},
		{"milder", func(p *model.Plan) { api(p).Level = model.AtRisk }, []compare.Change{compare.Milder}, "control.api was blip and is at-risk now."},
		{"not felt any more", func(p *model.Plan) { p.Bundles[0].Impact = nil }, []compare.Change{compare.Milder}, "control.api was blip and is none now."},
		{"became known", func(p *model.Plan) { p.Bundles[0].Impact[0].Capabilities[1].Unknown = false }, []compare.Change{compare.Milder}, "control.dns was unknown, at least at-risk and is at-risk now."},
		{"another plane", func(p *model.Plan) { p.Bundles[0].Footprint["compute"] = model.Disturbed }, []compare.Change{compare.Worse}, "The plane compute was untouched and is disturbed now."},
		{"longer", func(p *model.Plan) { p.Bundles[0].Duration.P90s = 1800 }, []compare.Change{compare.Longer}, "It takes 10 min to 30 min, not 10 min to 15 min."},
		{"shorter", func(p *model.Plan) { p.Bundles[0].Duration.P90s = 600 }, []compare.Change{compare.Shorter}, "It takes 10 min, not 10 min to 15 min."},
		{"duration lost", func(p *model.Plan) { p.Bundles[0].DurationUnknown = true }, []compare.Change{compare.Longer}, "not known any more"},
		{"later", func(p *model.Plan) { p.Bundles[0].Window.Start = "2026-03-09T20:00:00Z" }, []compare.Change{compare.Later}, "It starts on 2026-03-09T20:00:00Z in night, not on 2026-03-02T20:00:00Z."},
		{"earlier", func(p *model.Plan) { p.Bundles[0].Window.Start = "2026-03-01T20:00:00Z" }, []compare.Change{compare.Earlier}, "It starts on"},
		{"the same instant elsewhere", func(p *model.Plan) { p.Bundles[0].Window.Start = "2026-03-02T21:00:00+01:00" }, []compare.Change{compare.Same}, ""},
		{"date lost", func(p *model.Plan) { p.Bundles[0].Window = nil }, []compare.Change{compare.Later}, "It has lost its date"},
		{"worse and later", func(p *model.Plan) {
			api(p).Level, p.Bundles[0].Window.Start = model.Outage, "2026-03-09T20:00:00Z"
		}, []compare.Change{compare.Worse, compare.Later}, ""},
		{"more to do", func(p *model.Plan) { p.Bundles[0].Actions = append(p.Bundles[0].Actions, "step:new") }, []compare.Change{compare.Changed}, "It does in addition step:new (the first plan did not have)."},
		{"taken from the next", func(p *model.Plan) {
			p.Bundles[0].Actions, p.Bundles = append(p.Bundles[0].Actions, "roll:worker"), p.Bundles[:1]
		}, []compare.Change{compare.Changed}, "roll:worker (in the other plan in B2)"},
		{"another order", func(p *model.Plan) { slices.Reverse(p.Bundles[0].Actions) }, []compare.Change{compare.Changed}, "the same in another order"},
		{"another version", func(p *model.Plan) { p.Changes[0].To = "3" }, []compare.Change{compare.Changed}, "chart:a 1 -> 3, not 1 -> 2"},
		{"other gates", func(p *model.Plan) { p.Bundles[0].Gates = []model.Gate{{ID: "g2"}} }, []compare.Change{compare.Changed}, "new g2, gone g1"},
		{"no way back", func(p *model.Plan) { p.Bundles[0].Rollback.Possible = model.No }, []compare.Change{compare.Changed}, `was "yes" and is "no" now`},
		{"no staying", func(p *model.Plan) { p.Bundles[0].Stay.Status = model.StayNotSupported }, []compare.Change{compare.Changed}, "was supported and is not supported now"},
		{"found by its actions", func(p *model.Plan) {
			p.Bundles[0].Key, p.Bundles[0].Label = "ship:0", "B7"
			p.Bundles[0].Actions = append([]model.ActionID{"ship:0"}, p.Bundles[0].Actions...)
		}, []compare.Change{compare.Changed}, "ship:0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := small()
			c.change(&p)
			d := compare.Plans(small(), p)
			i := slices.IndexFunc(d.Bundles, func(b compare.BundleDiff) bool { return b.Old == "B1" })
			if i < 0 {
				t.Fatalf("B1 is lost: %+v", d.Bundles)
			}
			b := d.Bundles[i]
			if !slices.Equal(b.Changes, c.want) || b.Status != c.want[0] {
				t.Errorf("it is %v (%s), want %v: %v", b.Changes, b.Status, c.want, b.Details)
			}
			if got := strings.Join(b.Details, "\n"); !strings.Contains(got, c.says) {
				t.Errorf("it says %q, want %q", got, c.says)
			}
		})
	}
}

func TestNewAndGoneBundles(t *testing.T) {
	less := small()
	less.Bundles = less.Bundles[:1]
	d := compare.Plans(small(), less)
	if b := d.Bundles[1]; b.Status != compare.Gone || b.Old != "B2" || b.New != "" || d.Same {
		t.Errorf("%+v", d)
	}
	d = compare.Plans(less, small())
	if b := d.Bundles[1]; b.Status != compare.New || b.New != "B2" || b.Old != "" || d.Same {
		t.Errorf("%+v", d)
	}
}

func TestNewWarningsAreADifference(t *testing.T) {
	p := small()
	p.Diagnostics = []model.Diagnostic{{Severity: model.Warning, Code: "untested-cut", Subject: "B2", Summary: "x"}, {Severity: model.Info, Code: "note"}}
	d := compare.Plans(small(), p)
	if d.Same || !slices.Equal(d.Appeared, []string{"untested-cut B2: x"}) || len(d.Settled) > 0 {
		t.Errorf("%+v", d)
	}
	if d = compare.Plans(p, small()); d.Same || len(d.Settled) != 1 {
		t.Errorf("%+v", d)
	}
}

// Between any two real plans: a plan is the same as itself; every bundle of both
// has exactly one line; what is new one way is gone the other way, what is worse
// or longer one way is not the same the other way.
func TestDiffProperties(t *testing.T) {
	w := embedded(t)
	var plans []model.Plan
	for _, q := range [][2]string{{"csm-1.5.0", "csm-1.5.1"}, {"csm-1.5.0", "csm-1.5.2"}, {"csm-1.5.1", "csm-1.5.2"}, {"csm-1.4.3", "csm-1.5.2"}} {
		in := w.input(q[0], q[1])
		plans = append(plans, planner.Build(in))
		in.System.Nodes = slices.Clone(in.System.Nodes)
		for i := range in.System.Nodes {
			in.System.Nodes[i].Count++
		}
		plans = append(plans, planner.Build(in))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SampledFrom(plans).Draw(t, "a"), rapid.SampledFrom(plans).Draw(t, "b")
		if d := compare.Plans(a, a); !d.Same {
			t.Fatalf("a plan differs from itself: %+v", d)
		}
		there, back := compare.Plans(a, b), compare.Plans(b, a)
		olds, news := map[string]int{}, map[string]int{}
		for _, x := range there.Bundles {
			olds[x.Old]++
			news[x.New]++
		}
		for _, p := range a.Bundles {
			if olds[p.Label] != 1 {
				t.Fatalf("%s of the first plan has %d lines", p.Label, olds[p.Label])
			}
		}
		for _, p := range b.Bundles {
			if news[p.Label] != 1 {
				t.Fatalf("%s of the second plan has %d lines", p.Label, news[p.Label])
			}
		}
		count := func(d compare.Diff) map[compare.Change]int {
			n := map[compare.Change]int{}
			for _, x := range d.Bundles {
				n[x.Status]++
			}
			return n
		}
		x, y := count(there), count(back)
		if x[compare.New] != y[compare.Gone] || x[compare.Gone] != y[compare.New] {
			t.Fatalf("there %v, back %v", x, y)
		}
		if there.Same != back.Same {
			t.Fatal("the same one way only")
		}
	})
}

func TestInputsOfTwoPlans(t *testing.T) {
	before := []model.Input{{Kind: "policy", Name: "a", Digest: "1"}, {Kind: "release", Name: "r", Digest: "1"}, {Kind: "system", Name: "s", Digest: "1"}}
	after := []model.Input{{Kind: "release", Name: "r", Digest: "2"}, {Kind: "system", Name: "s", Digest: "1"}, {Kind: "policy", Name: "b", Digest: "1"}}
	want := []compare.InputDiff{{Kind: "policy", Name: "a", Old: "1"}, {Kind: "policy", Name: "b", New: "1"}, {Kind: "release", Name: "r", Old: "1", New: "2"}}
	if got := compare.Inputs(before, after); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// Nothing that is compared is changed by it.
func TestPlansAreNotChanged(t *testing.T) {
	p, q := small(), small()
	q.Bundles[0].Footprint = maps.Clone(q.Bundles[0].Footprint)
	q.Bundles[0].Footprint["compute"] = model.Watched
	compare.Plans(p, q)
	if d := compare.Plans(p, small()); !d.Same {
		t.Errorf("the first plan was changed: %+v", d)
	}
}
