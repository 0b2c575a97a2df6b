package compare_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/compare"
)

// summary makes a plane's summary from minutes.
func summary(id model.PlaneID, announcements int, exposure int64, minutes map[string]int64) model.PlaneSummary {
	s := model.PlaneSummary{ID: id, Announcements: announcements, ExposureS: exposure * 60, Levels: map[string]model.Span{}}
	for level, m := range minutes {
		s.Levels[level] = model.Span{P50s: m * 30, P90s: m * 60}
	}
	return s
}

func option(name string, planes ...model.PlaneSummary) compare.Option {
	return compare.Option{Name: name, Steps: []model.Plan{{ID: name, Planes: planes}}}
}

func TestVerdicts(t *testing.T) {
	quiet := summary("compute", 0, 0, nil)
	cases := []struct {
		name     string
		options  []compare.Option
		gentlest []string
		proven   bool
		want     string
	}{
		{
			"nothing felt", []compare.Option{option("a", quiet), option("b", quiet)},
			[]string{"a", "b"}, true, "nothing is felt in any of them",
		},
		{
			"the same", []compare.Option{option("a", summary("compute", 1, 60, map[string]int64{"outage": 5})), option("b", summary("compute", 1, 60, map[string]int64{"outage": 5}))},
			[]string{"a", "b"}, true, "the same in all: 1 announcement for 1 h, outage up to 5 min",
		},
		{
			"one is gentlest", []compare.Option{option("a", summary("compute", 1, 60, map[string]int64{"outage": 5})), option("b", quiet)},
			[]string{"b"}, true, "gentlest: b (no announcement); a: 1 announcement for 1 h, outage up to 5 min",
		},
		{
			"trade-off", []compare.Option{option("a", summary("compute", 1, 60, map[string]int64{"outage": 5})), option("b", summary("compute", 2, 30, map[string]int64{"outage": 5}))},
			[]string{}, false, "no option is best in everything: fewest announcements a (1), shortest exposure b (30 min)",
		},
		{
			"an outage is not better than degraded", []compare.Option{option("a", summary("compute", 1, 60, map[string]int64{"outage": 5})), option("b", summary("compute", 1, 60, map[string]int64{"degraded": 5}))},
			[]string{"b"}, true, "gentlest: b (1 announcement for 1 h, degraded up to 5 min); a: 1 announcement for 1 h, outage up to 5 min",
		},
		{
			"unknown is never the gentlest without saying so", []compare.Option{option("a", summary("compute", 1, 60, map[string]int64{"unknown": 5})), option("b", summary("compute", 2, 60, map[string]int64{"unknown": 5}))},
			[]string{"a"}, false, "gentlest by what is known: a (1 announcement for 1 h, unknown up to 5 min); b: 2 announcements for 1 h, unknown up to 5 min; not everything is known about a and b, which may turn out worse",
		},
		{
			"unknown against a known outage", []compare.Option{option("a", summary("compute", 1, 60, map[string]int64{"unknown": 5})), option("b", summary("compute", 1, 60, map[string]int64{"outage": 5}))},
			[]string{}, false, "not everything is known about a, which may turn out worse",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, err := compare.Of("targets", c.options)
			if err != nil {
				t.Fatal(err)
			}
			row := r.Planes[0]
			if !slices.Equal(row.Gentlest, c.gentlest) || row.Proven != c.proven || !strings.Contains(row.Verdict, c.want) {
				t.Errorf("gentlest %v, proven %v, verdict %q", row.Gentlest, row.Proven, row.Verdict)
			}
		})
	}
}

// A plan that does not know a plane says nothing about it, which is not that
// nothing is felt.
func TestPlaneThatAPlanDoesNotDescribe(t *testing.T) {
	r, err := compare.Of("plans", []compare.Option{option("a", summary("network", 1, 9, nil)), option("b", summary("compute", 0, 0, nil))})
	if err != nil {
		t.Fatal(err)
	}
	row := r.Planes[0]
	if !row.Cells[1].Missing || row.Cells[0].Missing || !slices.Equal(row.Gentlest, []string{"a"}) {
		t.Errorf("%+v", row)
	}
	if want := "gentlest by what is known: a (1 announcement for 9 min); b: not described; not everything is known about b"; !strings.HasPrefix(row.Verdict, want) {
		t.Errorf("%q", row.Verdict)
	}
}

func TestVerdictWarnsOfWhatMustNotBeDone(t *testing.T) {
	bad := option("bad", summary("compute", 0, 0, nil))
	bad.Steps[0].Diagnostics = []model.Diagnostic{{Severity: model.Blocking, Code: "no-supported-path", Subject: "csm"}}
	r, err := compare.Of("targets", []compare.Option{option("good", summary("compute", 1, 1, nil)), bad})
	if err != nil {
		t.Fatal(err)
	}
	if v := r.Planes[0].Verdict; !strings.HasPrefix(v, "gentlest: bad") || !strings.Contains(v, "but bad must not be carried out") {
		t.Errorf("%q", v)
	}
	if got := r.Options[1].Only.Blocking; !slices.Equal(got, []string{"no-supported-path csm"}) {
		t.Errorf("only %v", got)
	}
}

// A part of an option is shown and does not count as a choice.
func TestPartsAreNoChoice(t *testing.T) {
	part := option("part", summary("compute", 0, 0, nil))
	part.Part = true
	r, err := compare.Of("decoupling", []compare.Option{option("a", summary("compute", 2, 9, nil)), option("b", summary("compute", 1, 9, nil)), part})
	if err != nil {
		t.Fatal(err)
	}
	if g := r.Planes[0].Gentlest; !slices.Equal(g, []string{"b"}) {
		t.Errorf("gentlest %v", g)
	}
	if len(r.Planes[0].Cells) != 3 {
		t.Error("the part is not shown")
	}
}

// What an option in steps costs is the sum of its steps.
func TestStepsAddUp(t *testing.T) {
	id := model.ActionID("rollout:uan")
	step := model.Plan{
		Planes: []model.PlaneSummary{summary("access", 2, 30, map[string]int64{"outage": 4, "at-risk": 7})},
		Actions: []model.Action{
			{ID: id, Role: "uan", Units: 2, Method: model.MethodReboot, Footprint: map[model.PlaneID]model.Footprint{"access": model.Disturbed}},
			{ID: "rollout:compute", Role: "compute", Units: 9, Method: model.MethodStage, Tail: &model.Tail{Plane: "compute"}},
			{ID: "step:live", Role: "worker", Units: 5, Method: model.MethodLive, Footprint: map[model.PlaneID]model.Footprint{"access": model.Watched}},
		},
		Bundles: []model.Bundle{
			{WorkS: 100, Footprint: map[model.PlaneID]model.Footprint{"access": model.Disturbed}, Parts: []model.Part{
				{Footprint: map[model.PlaneID]model.Footprint{"access": model.Disturbed}}, {Footprint: map[model.PlaneID]model.Footprint{"access": model.Watched}},
			}},
			{WorkS: 50, Footprint: map[model.PlaneID]model.Footprint{"access": model.Untouched}},
		},
		Retired:    []model.Retired{{Capability: "access.uai-create"}},
		Unknowns:   []model.UnknownThing{{Subject: string(id)}, {Subject: "x", Planes: []string{"control"}}},
		Optimality: model.Optimality{Cost: 7, Status: "optimal"},
	}
	r, err := compare.Of("ways", []compare.Option{{Name: "two", Steps: []model.Plan{step, step}}, {Name: "one", Steps: []model.Plan{step}}})
	if err != nil {
		t.Fatal(err)
	}
	want := compare.Total{Plans: 1, Actions: 3, Bundles: 2, WorkS: 150, Windows: 2, Reboots: 11, Retirements: 1, Unknowns: 2, Cost: 7, Proven: true}
	if got := r.Options[1].Total; got != want {
		t.Errorf("one step:  %+v\nwant       %+v", got, want)
	}
	want = compare.Total{Plans: 2, Actions: 6, Bundles: 4, WorkS: 300, Windows: 4, Reboots: 22, Retirements: 2, Unknowns: 4, Cost: 14, Proven: true}
	if got := r.Options[0].Total; got != want {
		t.Errorf("two steps: %+v\nwant       %+v", got, want)
	}
	cell := compare.Cell{
		Announcements: 4, ExposureS: 3600, Outage: model.Span{P50s: 240, P90s: 480}, AtRisk: model.Span{P50s: 420, P90s: 840},
		Windows: 4, Actions: 4, Reboots: 4, Retirements: 2, Unknowns: 2,
	}
	if got := r.Planes[0].Cells[0]; got != cell {
		t.Errorf("access: %+v\nwant    %+v", got, cell)
	}
}

// Figures that are made up do not run over and turn into small ones.
func TestHugeFigures(t *testing.T) {
	huge := model.Plan{Planes: []model.PlaneSummary{{ID: "compute", ExposureS: math.MaxInt64, Levels: map[string]model.Span{"outage": {P50s: math.MaxInt64, P90s: math.MaxInt64}}}}}
	huge.Optimality.Cost = math.MaxInt64
	huge.Bundles = []model.Bundle{{WorkS: math.MaxInt64}, {WorkS: math.MaxInt64}}
	r, err := compare.Of("ways", []compare.Option{option("small", summary("compute", 0, 1, map[string]int64{"outage": 1})), {Name: "huge", Steps: []model.Plan{huge, huge, huge}}})
	if err != nil {
		t.Fatal(err)
	}
	if g := r.Planes[0].Gentlest; !slices.Equal(g, []string{"small"}) {
		t.Errorf("gentlest %v: %+v", g, r.Planes[0].Cells)
	}
	if h := r.Options[1].Total; h.WorkS <= 0 || h.Cost != math.MaxInt64 {
		t.Errorf("%+v", h)
	}
}

func TestOnly(t *testing.T) {
	plan := func(to string, more ...string) model.Plan {
		p := model.Plan{Changes: []model.Change{{ID: "chart:a", To: to}, {ID: "chart:same", To: "1"}}}
		for _, id := range more {
			p.Changes = append(p.Changes, model.Change{ID: model.ChangeID(id), To: "1"})
			p.Actions = append(p.Actions, model.Action{ID: model.ActionID("ship:" + id), Effects: []model.Effect{
				{Capability: model.CapabilityID(id), Level: model.AtRisk, Unknown: true}, {Capability: "shared", Level: model.Degraded},
			}})
		}
		return p
	}
	r, err := compare.Of("targets", []compare.Option{
		{Name: "a", Steps: []model.Plan{plan("1")}}, {Name: "b", Steps: []model.Plan{plan("2", "x")}}, {Name: "c", Steps: []model.Plan{plan("2", "y")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if o := r.Options[0].Only; !slices.Equal(o.Versions, []string{"chart:a"}) || len(o.Changes)+len(o.Actions)+len(o.Outages) > 0 {
		t.Errorf("a: %+v", o)
	}
	o := r.Options[1].Only
	if !slices.Equal(o.Changes, []string{"x"}) || !slices.Equal(o.Actions, []string{"ship:x"}) || len(o.Versions) > 0 {
		t.Errorf("b: %+v", o)
	}
	if !slices.Equal(o.Outages, []string{"x"}) {
		t.Errorf("an effect that may be an outage counts as one: %v", o.Outages)
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	a := option("a", summary("compute", 0, 0, nil))
	many := []compare.Option{}
	for i := range 9 {
		many = append(many, option(fmt.Sprint(i), summary("compute", 0, 0, nil)))
	}
	for want, options := range map[string][]compare.Option{
		"1 options to compare: give 2 to 8": {a},
		"9 options":                         many,
		`two options are called "a"`:        {a, a},
		`option "none" has no plan`:         {a, {Name: "none"}},
	} {
		if _, err := compare.Of("targets", options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func cellOptions(t *rapid.T) []compare.Option {
	n := rapid.IntRange(2, 5).Draw(t, "options")
	var out []compare.Option
	for i := range n {
		m := map[string]int64{}
		for _, level := range []string{"outage", "degraded", "blip", "at-risk", "unknown"} {
			m[level] = int64(rapid.IntRange(0, 2).Draw(t, level))
		}
		out = append(out, option(fmt.Sprint("o", i), summary("compute", rapid.IntRange(0, 2).Draw(t, "announcements"), int64(rapid.IntRange(0, 2).Draw(t, "exposure")), m)))
	}
	return out
}

// The gentlest are no worse than any other, whoever judges them; the verdict does
// not depend on the order of the options; nobody with unknown time is proven.
func TestVerdictProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := cellOptions(t)
		r, err := compare.Of("targets", options)
		if err != nil {
			t.Fatal(err)
		}
		row := r.Planes[0]
		cell := map[string]compare.Cell{}
		for i, c := range r.Options {
			cell[c.Name] = row.Cells[i]
		}
		for _, g := range row.Gentlest {
			a := cell[g]
			for name, b := range cell {
				if a.Announcements > b.Announcements || a.ExposureS > b.ExposureS || a.Outage.P90s > b.Outage.P90s || a.Unknown.P90s > b.Unknown.P90s ||
					a.Outage.P90s+a.Degraded.P90s > b.Outage.P90s+b.Degraded.P90s {
					t.Fatalf("%s is called gentlest, and %s is better in something: %+v %+v", g, name, a, b)
				}
			}
			if row.Proven && a.Unknown.P90s > 0 {
				t.Fatalf("%s is proven gentlest with unknown time", g)
			}
		}
		turned := slices.Clone(options)
		slices.Reverse(turned)
		back, err := compare.Of("targets", turned)
		if err != nil {
			t.Fatal(err)
		}
		g := slices.Clone(back.Planes[0].Gentlest)
		slices.Reverse(g)
		if !slices.Equal(g, row.Gentlest) || back.Planes[0].Proven != row.Proven {
			t.Fatalf("in another order %v, not %v", g, row.Gentlest)
		}
	})
}

// The three targets of a real start: every plane has a verdict, and the figures
// are those of the plans.
func TestRealTargets(t *testing.T) {
	w := embedded(t)
	var options []compare.Option
	for _, to := range []string{"csm-1.5.1", "csm-1.5.2", "csm-1.6.0-rc.3"} {
		options = append(options, compare.Option{Name: to, Steps: []model.Plan{planner.Build(w.input("csm-1.5.0", to))}})
	}
	r, err := compare.Of("targets", options)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Planes) != 4 {
		t.Fatalf("%d planes", len(r.Planes))
	}
	for _, row := range r.Planes {
		if row.Verdict == "" {
			t.Errorf("%s has no verdict", row.Plane)
		}
		for i, o := range options {
			s := o.Steps[0].Planes[slices.IndexFunc(o.Steps[0].Planes, func(s model.PlaneSummary) bool { return s.ID == row.Plane })]
			if c := row.Cells[i]; c.Announcements != s.Announcements || c.ExposureS != s.ExposureS || c.Outage != s.Levels["outage"] {
				t.Errorf("%s of %s: %+v, the plan says %+v", row.Plane, o.Name, c, s)
			}
		}
	}
	if len(r.Options[2].Only.Retired) == 0 {
		t.Error("what ends with 1.6 is not named as its own")
	}
}
