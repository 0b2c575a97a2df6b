package impact

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
	"planewise/planner/impact/duration"
)

func timelineText(b BundleImpact) string {
	var out []string
	for _, iv := range b.Timeline {
		out = append(out, fmt.Sprintf("%s %s %d/%d-%d/%d %s", iv.Capability, rangeOf(iv), iv.Start.P50s, iv.Start.P90s, iv.End.P50s, iv.End.P90s, iv.Action))
	}
	return strings.Join(out, "\n")
}

func twoServices() model.Mapping {
	return model.Mapping{
		Planes:   []model.Plane{{ID: "control"}, {ID: "compute"}},
		Services: []model.Service{{ID: "a"}, {ID: "b"}},
		Capabilities: []model.Capability{
			capability("control.a", needs("a")), capability("control.b", needs("b")), capability("compute.b", needs("b"))},
	}
}

// step of a fixed length that does something to services.
func step(id string, seconds int64, rules ...model.EffectRule) model.Task {
	return model.Task{ID: model.ActionID(id), Does: model.WorkStep, Method: model.MethodLive, Units: 1, Duration: est(seconds, seconds), Effects: rules}
}

func bundleOf(t testing.TB, e *Engine, tasks ...model.Task) BundleImpact {
	t.Helper()
	var actions []model.Action
	for _, task := range tasks {
		a, _ := do(t, e, task)
		actions = append(actions, a)
	}
	return e.Bundle(actions)
}

func TestBundle(t *testing.T) {
	e := engine(t, twoServices(), nodes("worker", 3))
	b := bundleOf(t, e,
		step("step:1", 100, puts("a", model.Outage, 40)),
		step("step:2", 200),
		step("step:3", 300, puts("a", model.Outage, 60), puts("b", model.AtRisk, 300)))
	if b.Duration != (model.Span{P50s: 600, P90s: 600}) || b.WorkS != 600 || b.DurationUnknown {
		t.Errorf("100 + 200 + 300 s: %v, work %d", b.Duration, b.WorkS)
	}
	want := `control.a outage 0/0-40/40 step:1
compute.b at-risk 300/300-600/600 step:3
control.a outage 300/300-360/360 step:3
control.b at-risk 300/300-600/600 step:3`
	if got := timelineText(b); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if b.Footprint["control"] != model.Disturbed || b.Footprint["compute"] != model.Watched {
		t.Errorf("footprint %v", b.Footprint)
	}
	if len(b.Impact) != 2 || b.Impact[0].Plane != "compute" || b.Impact[1].Worst != model.Outage {
		t.Fatalf("impact %+v", b.Impact)
	}
	if c := b.Impact[1].Capabilities[0]; c.ID != "control.a" || c.P50s != 100 || c.P90s != 100 || len(c.Facts) == 0 {
		t.Errorf("40 and 60 s of outage: %+v", c)
	}
	planes := e.Planes([]BundleImpact{b})
	control := planes[1]
	if control.ID != "control" || control.Announcements != 1 || control.ExposureS != 600 || control.Worst != model.Outage {
		t.Errorf("control: %+v", control)
	}
	// In step:3 a's outage hides b's risk for 60 of 300 s.
	if control.Levels["outage"].P90s != 100 || control.Levels["at-risk"].P90s != 240 {
		t.Errorf("control: %v", control.Levels)
	}
	if compute := planes[0]; compute.Announcements != 0 || compute.ExposureS != 0 || compute.Levels["at-risk"].P50s != 300 {
		t.Errorf("compute: %+v", compute)
	}
}

// A level that lasts through all actions lasts exactly as long as the bundle.
func TestWholeBundleLevel(t *testing.T) {
	e := engine(t, twoServices(), nodes("worker", 3))
	var tasks []model.Task
	for i := range 20 {
		task := step(fmt.Sprintf("step:%02d", i), 0, model.EffectRule{Service: "b", Level: model.AtRisk, Evidence: model.Evidence{Basis: model.BasisDocumented}})
		task.Duration = est(int64(60+i), int64(180+10*i))
		tasks = append(tasks, task)
	}
	b := bundleOf(t, e, tasks...)
	if got := b.Impact[0].Capabilities[0]; (model.Span{P50s: got.P50s, P90s: got.P90s}) != b.Duration {
		t.Errorf("at risk for %d/%d of %v", got.P50s, got.P90s, b.Duration)
	}
	if got := e.Planes([]BundleImpact{b})[0].Levels["at-risk"]; got != b.Duration {
		t.Errorf("plane at risk for %v of %v", got, b.Duration)
	}
	if last := b.Timeline[len(b.Timeline)-1].End; last != b.Duration {
		t.Errorf("the time line ends at %v, the bundle at %v", last, b.Duration)
	}
}

// The registry is out of reach from one chart to another: everything between feels
// it, and what is worse in between counts.
func TestEffectsThatOutlastTheirAction(t *testing.T) {
	e := engine(t, twoServices(), nodes("worker", 3))
	out := model.EffectRule{Service: "a", Level: model.Degraded, AtS: 50, Until: "action:step:3", Evidence: model.Evidence{Basis: model.BasisDocumented, Source: "script"}}
	tasks := []model.Task{step("step:1", 100, out), step("step:2", 200, puts("a", model.Outage, 20)), step("step:3", 300), step("step:4", 50)}
	first, _ := do(t, e, tasks[0])
	if got, want := lines(first), "control.a degraded 50/50+50/50\ncontrol.a degraded 100/100+0/0 until action:step:3"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	b := bundleOf(t, e, tasks...)
	want := `control.a degraded 50/50-100/100 step:1
control.a outage 100/100-120/120 step:2
control.a degraded 120/120-600/600 step:1`
	if got := timelineText(b); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := e.Planes([]BundleImpact{b})[1].Levels; got["degraded"].P50s != 530 || got["outage"].P50s != 20 {
		t.Errorf("530 s degraded and 20 s out: %v", got)
	}
	b = bundleOf(t, e, tasks[:2]...)
	if got := b.Timeline[len(b.Timeline)-1].End.P50s; got != 300 {
		t.Errorf("without the end in the bundle it lasts to the bundle's end: %d", got)
	}
	var bundles [][]model.Action
	for _, task := range tasks {
		a, _ := do(t, e, task)
		bundles = append(bundles, []model.Action{a})
	}
	if got := codes(e.CheckTails(bundles)); !slices.Equal(got, []string{"warning effect-outlasts-bundle"}) {
		t.Errorf("in four bundles it lasts over the time between them: %v", got)
	}
	if got := e.CheckTails([][]model.Action{slices.Concat(bundles...)}); len(got) > 0 {
		t.Errorf("in one bundle it does not: %v", got)
	}
}

func TestRemovalIsForGood(t *testing.T) {
	m := twoServices()
	m.Capabilities = append(m.Capabilities, capability("control.old", needs("a")))
	m.Rules = []model.Rule{{ID: "r", Retires: []model.RetireRule{{Capability: "control.old"}}}}
	e := engine(t, m, nodes("worker", 3))
	task := model.Task{ID: "remove:ns/a", Does: model.WorkRemove, Method: model.MethodRemove, Duration: est(60, 60),
		Workloads: []model.Workload{{Service: "a", Kind: "Deployment", Replicas: 2, Method: model.MethodRemove, Restart: est(5, 5)}}}
	a, _ := do(t, e, task)
	if got, want := lines(a), "control.a outage 60/60+0/0 until ever"; got != want {
		t.Errorf("what retires with it is not an outage, what still needs it is: got\n%s\nwant\n%s", got, want)
	}
	if a.Footprint["control"] != model.Disturbed {
		t.Errorf("footprint %v", a.Footprint)
	}
}

func TestFootprint(t *testing.T) {
	caps := map[model.CapabilityID]model.Capability{
		"compute.jobs":  {ID: "compute.jobs", Plane: "compute", Importance: model.Critical},
		"access.login":  {ID: "access.login", Plane: "access", Importance: model.Critical},
		"access.api":    {ID: "access.api", Plane: "access", Importance: model.Major},
		"access.extras": {ID: "access.extras", Plane: "access", Importance: model.Minor},
	}
	effect := func(id model.CapabilityID, r model.Range) model.Effect {
		e := model.Effect{Capability: id, Plane: caps[id].Plane}
		e.SetRange(r)
		return e
	}
	for _, c := range []struct {
		id   model.CapabilityID
		r    model.Range
		want model.Footprint
	}{
		{"access.login", model.Exactly(model.AtRisk), model.Watched},
		{"access.login", model.Exactly(model.Blip), model.Watched},
		{"access.login", model.Exactly(model.Degraded), model.Disturbed},
		{"access.api", model.Exactly(model.Degraded), model.Watched},
		{"access.api", model.Exactly(model.Outage), model.Disturbed},
		{"access.extras", model.Exactly(model.Degraded), model.Untouched},
		{"access.extras", model.Exactly(model.Outage), model.Watched},
		{"access.extras", model.Unknown(), model.Disturbed},
		{"access.login", model.Range{Least: model.None, Most: model.AtRisk}, model.Watched},
		{"access.login", model.Range{Least: model.AtRisk, Most: model.Degraded}, model.Disturbed},
		{"compute.jobs", model.Exactly(model.AtRisk), model.Watched},
		{"compute.jobs", model.Exactly(model.Blip), model.Disturbed},
		{"somebody.else", model.Exactly(model.AtRisk), model.Disturbed},
	} {
		e := effect(c.id, c.r)
		if c.id == "somebody.else" {
			e.Plane = "else"
		}
		if got := Footprint([]model.Effect{e}, caps, defaultPolicy())[e.Plane]; got != c.want {
			t.Errorf("%s %s: %s, want %s", c.id, c.r, got, c.want)
		}
	}
	if got := Footprint(nil, caps, defaultPolicy()); len(got) != 2 || got["access"] != model.Untouched {
		t.Errorf("planes without effects are listed: %v", got)
	}
}

func TestPolicyThatCountsNothing(t *testing.T) {
	_, notes := New(oneService(), nodes("worker", 3), model.Policy{})
	if got := codes(notes); !slices.Equal(got, []string{"warning policy-without-thresholds"}) {
		t.Errorf("diagnostics %v", got)
	}
}

// anyTask draws a task over the services a, b and c.
func anyTask(i int) *rapid.Generator[model.Task] {
	return rapid.Custom(func(t *rapid.T) model.Task {
		p50 := rapid.Int64Range(0, 3000).Draw(t, "p50")
		task := model.Task{ID: model.ActionID(fmt.Sprintf("step:%d", i)), Does: model.WorkStep, Method: model.MethodLive, Units: 1,
			Duration: est(p50, p50+rapid.Int64Range(0, 6000).Draw(t, "more"))}
		for range rapid.IntRange(0, 3).Draw(t, "workloads") {
			task.Workloads = append(task.Workloads, anyWorkload().Draw(t, "workload"))
		}
		for range rapid.IntRange(0, 2).Draw(t, "effects") {
			r := model.EffectRule{
				Service: rapid.SampledFrom([]model.ServiceID{"a", "b", "c"}).Draw(t, "service"),
				Level:   model.Level(rapid.IntRange(0, int(model.Outage)).Draw(t, "level")),
				AtS:     rapid.Int64Range(0, 500).Draw(t, "at"),
				Unknown: rapid.Bool().Draw(t, "unknown"),
				Until:   rapid.SampledFrom([]string{"", "", "", "ever", "action:step:1", "action:step:9"}).Draw(t, "until"),
			}
			if rapid.Bool().Draw(t, "limited") {
				l := rapid.Int64Range(0, 900).Draw(t, "lasts")
				r.Lasts = est(l, l+rapid.Int64Range(0, 900).Draw(t, "lasts more"))
			}
			task.Effects = append(task.Effects, r)
		}
		if rapid.IntRange(0, 9).Draw(t, "unknown on") == 0 {
			task.UnknownOn = []model.PlaneID{"control"}
		}
		return task
	})
}

func anyWorkload() *rapid.Generator[model.Workload] {
	return rapid.Custom(func(t *rapid.T) model.Workload {
		r := rapid.Int64Range(1, 300).Draw(t, "restart")
		w := model.Workload{
			Service:        rapid.SampledFrom([]model.ServiceID{"a", "b", "c"}).Draw(t, "service"),
			Kind:           rapid.SampledFrom([]string{"Deployment", "StatefulSet", "DaemonSet"}).Draw(t, "kind"),
			Name:           rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "name"),
			Replicas:       rapid.IntRange(1, 7).Draw(t, "replicas"),
			Needed:         rapid.SampledFrom([]string{"", "1", "2", "quorum", "all"}).Draw(t, "needed"),
			MaxUnavailable: rapid.SampledFrom([]string{"", "0", "1", "2", "50%", "100%"}).Draw(t, "unavailable"),
			MaxSurge:       rapid.SampledFrom([]string{"", "0", "1", "100%"}).Draw(t, "surge"),
			Leader:         rapid.Bool().Draw(t, "leader"),
			Restart:        est(r, r+rapid.Int64Range(0, 300).Draw(t, "restart more")),
			Failover:       est(5, 30),
		}
		if rapid.Bool().Draw(t, "no restart time") {
			w.Restart = nil
		}
		if rapid.IntRange(0, 3).Draw(t, "recreate") == 0 {
			w.Method = model.MethodRecreate
		}
		return w
	})
}

// tangled is a mapping with every kind of need.
func tangled() model.Mapping {
	m := model.Mapping{Planes: []model.Plane{{ID: "control"}, {ID: "compute"}}}
	m.Services = []model.Service{
		{ID: "a"}, {ID: "b", Needs: &model.Need{Service: "a", From: level(model.Degraded), HoldsS: 60}}, {ID: "c"},
		{ID: "d", Needs: &model.Need{Of: []model.Need{a("a"), a("b"), a("c")}, AtLeast: 2}}, {ID: "e", Needs: &model.Need{Any: []model.Need{a("b"), a("c")}}},
		{ID: "f", Needs: &model.Need{Service: "d", Cap: level(model.Degraded)}},
	}
	m.Capabilities = []model.Capability{
		capability("control.all", needs("a", "b", "c")), capability("control.soft", needs("f")),
		capability("compute.any", needs("e")), capability("compute.chain", &model.Need{All: []model.Need{{Capability: "control.soft"}, a("e")}}),
	}
	m.Capabilities[0].ToleranceS = 30
	m.Capabilities[3].ToleranceS = 300
	return m
}

// impatient is tangled without anything that hides short gaps.
func impatient() model.Mapping {
	m := tangled()
	m.Services[1].Needs.HoldsS = 0
	for i := range m.Capabilities {
		m.Capabilities[i].ToleranceS = 0
	}
	return m
}

func quietEngine(m model.Mapping, s model.System) *Engine {
	e, _ := New(m, s, defaultPolicy())
	return e
}

func anyActions(t *rapid.T, e *Engine) []model.Action {
	var out []model.Action
	for i := range rapid.IntRange(0, 6).Draw(t, "actions") {
		a, _, _ := e.Action(anyTask(i).Draw(t, "task"))
		out = append(out, a)
	}
	return out
}

func TestSpansHold(t *testing.T) {
	e := quietEngine(tangled(), nodes("worker", 4))
	rapid.Check(t, func(t *rapid.T) {
		actions := anyActions(t, e)
		check := func(what string, s model.Span) {
			if s.P50s < 0 || s.P50s > s.P90s {
				t.Fatalf("%s: %v", what, s)
			}
		}
		for _, a := range actions {
			check("duration", a.Duration)
			for _, x := range a.Effects {
				check("start", x.Start)
				check("lasts", x.Lasts)
				if x.Range().IsNone() {
					t.Fatalf("an effect that is none: %+v", x)
				}
			}
		}
		b := e.Bundle(actions)
		check("bundle", b.Duration)
		type on struct {
			capability model.CapabilityID
			plane      model.PlaneID // of "*"
		}
		last := map[on]model.Interval{}
		for _, iv := range b.Timeline {
			of := on{iv.Capability, iv.Plane}
			check("interval start", iv.Start)
			check("interval end", iv.End)
			if iv.End.P50s < iv.Start.P50s || iv.End.P90s < iv.Start.P90s || iv.End.P50s > b.Duration.P50s || iv.End.P90s > b.Duration.P90s {
				t.Fatalf("interval %+v in a bundle of %v", iv, b.Duration)
			}
			if before, ok := last[of]; ok && before.End.P90s > iv.Start.P90s && before.End.P50s > iv.Start.P50s {
				t.Fatalf("two levels at once: %+v and %+v", before, iv)
			}
			last[of] = iv
		}
		for _, p := range b.Impact {
			for _, c := range p.Capabilities {
				check(string(c.ID), model.Span{P50s: c.P50s, P90s: c.P90s})
			}
		}
		for _, p := range e.Planes([]BundleImpact{b}) {
			for l, s := range p.Levels {
				check(l, s)
			}
		}
	})
}

func TestAFurtherActionNeverShortensABundle(t *testing.T) {
	e := quietEngine(tangled(), nodes("worker", 4))
	rapid.Check(t, func(t *rapid.T) {
		actions := anyActions(t, e)
		before := e.Bundle(actions)
		more, _, _ := e.Action(anyTask(7).Draw(t, "further")) // 9 would end effects
		after := e.Bundle(slices.Insert(actions, rapid.IntRange(0, len(actions)).Draw(t, "at"), more))
		if after.Duration.P50s < before.Duration.P50s || after.Duration.P90s < before.Duration.P90s || after.WorkS < before.WorkS {
			t.Fatalf("%v became %v", before.Duration, after.Duration)
		}
		for i, p := range before.Impact {
			if after.Impact[i].Worst < p.Worst {
				t.Fatalf("%s got better: %s, %s", p.Plane, p.Worst, after.Impact[i].Worst)
			}
		}
	})
}

// worstLevels of a task, per capability.
func worstLevels(e *Engine, task model.Task) map[model.CapabilityID]model.Range {
	a, _, _ := e.Action(task)
	out := map[model.CapabilityID]model.Range{}
	for _, x := range reachOf(e).Effects(a.Effects) {
		out[x.Capability] = out[x.Capability].Worse(x.Range())
	}
	return out
}

func noBetter(t *rapid.T, what string, before, after map[model.CapabilityID]model.Range) {
	for c, r := range before {
		if after[c].Least < r.Least || after[c].Most < r.Most {
			t.Fatalf("%s: %s went from %v to %v", what, c, r, after[c])
		}
	}
}

// One replica less is never better, with the same number needed and taken away.
// (Percentages are another matter: 25% of 4 takes one away, 25% of 3 none. That is
// Kubernetes' rounding, and true. And what is only short may hide better than what
// is mild but long: levels are compared without tolerances and holds.)
func TestAReplicaLessIsNeverBetter(t *testing.T) {
	e := quietEngine(impatient(), nodes("worker", 4))
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorkload().Draw(t, "workload")
		w.Replicas = rapid.IntRange(2, 7).Draw(t, "replicas")
		w.MaxUnavailable = rapid.SampledFrom([]string{"0", "1", "2"}).Draw(t, "fewer")
		w.MaxSurge = rapid.SampledFrom([]string{"0", "1", "2"}).Draw(t, "more")
		if w.Needed == "all" {
			w.Needed = "" // "all" of fewer is fewer needed
		}
		fewer := w
		fewer.Replicas--
		task := step("step:0", 1000)
		task.Workloads = []model.Workload{w}
		less := task
		less.Workloads = []model.Workload{fewer}
		noBetter(t, fmt.Sprintf("%d replicas instead of %d", fewer.Replicas, w.Replicas), worstLevels(e, task), worstLevels(e, less))

		m, f := impatient(), impatient()
		m.Residents, f.Residents = []model.Workload{w}, []model.Workload{fewer}
		batch := rapid.IntRange(1, 4).Draw(t, "batch")
		noBetter(t, "rolled", worstLevels(quietEngine(m, nodes("worker", 4)), roll("worker", 4, batch)), worstLevels(quietEngine(f, nodes("worker", 4)), roll("worker", 4, batch)))
	})
}

func TestAddingUnknownNeverLowersAnEnd(t *testing.T) {
	e := quietEngine(tangled(), nodes("worker", 4))
	rapid.Check(t, func(t *rapid.T) {
		task := anyTask(0).Draw(t, "task")
		before := worstLevels(e, task)
		more := task
		more.Effects = append(slices.Clone(task.Effects), model.EffectRule{Service: rapid.SampledFrom([]model.ServiceID{"a", "b", "c", "d", "e", "f"}).Draw(t, "service"), Unknown: true})
		noBetter(t, "an unknown effect", before, worstLevels(e, more))
		more.Effects, more.UnknownOn = task.Effects, []model.PlaneID{"control"}
		noBetter(t, "an unknown plane", before, worstLevels(e, more))
		more.UnknownOn = task.UnknownOn
		more.Workloads = append(slices.Clone(task.Workloads), model.Workload{Service: "a", Name: "new", Kind: "who knows", Replicas: 1, Restart: est(1, 1)})
		noBetter(t, "an unknown workload", before, worstLevels(e, more))
	})
}

func TestShuffledInputGivesTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, s := tangled(), nodes("worker", 4, "master", 3, "compute", 64)
		m.Residents = []model.Workload{anyWorkload().Draw(t, "r1"), anyWorkload().Draw(t, "r2"), anyWorkload().Draw(t, "r3")}
		m.Rules = []model.Rule{{ID: "r", Workloads: []model.Workload{anyWorkload().Draw(t, "r4"), anyWorkload().Draw(t, "r5")}}}
		s.Workloads = []model.ObservedWorkload{{Kind: "Deployment", Name: "x", Replicas: 1}, {Kind: "StatefulSet", Namespace: "n", Name: "y", Replicas: 2}}
		s.Measured = []model.Measured{{Action: "step:*", P50s: 1, P90s: 2, Samples: 1}, {Action: "step:1", P50s: 3, P90s: 4, Samples: 2}}
		tasks := []model.Task{anyTask(0).Draw(t, "t0"), anyTask(1).Draw(t, "t1"), roll("worker", 4, 1)}
		run := func() string {
			e, notes := New(m, s, defaultPolicy())
			var actions []model.Action
			var all []any
			for _, task := range tasks {
				a, facts, more := e.Action(task)
				slices.SortFunc(facts, func(a, b model.Fact) int { return strings.Compare(string(a.ID), string(b.ID)) })
				actions = append(actions, a)
				all = append(all, a, facts, more)
			}
			b := e.Bundle(actions)
			all = append(all, notes, b, e.Planes([]BundleImpact{b}), e.CheckLimits(tasks))
			data, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
		before := run()
		shuffle(t, m.Planes)
		shuffle(t, m.Services)
		shuffle(t, m.Capabilities)
		shuffle(t, m.Residents)
		shuffle(t, m.Rules[0].Workloads)
		shuffle(t, s.Nodes)
		shuffle(t, s.Workloads)
		shuffle(t, s.Measured)
		for i := range tasks {
			shuffle(t, tasks[i].Workloads)
			shuffle(t, tasks[i].Effects)
		}
		for i := range m.Capabilities {
			shuffle(t, m.Capabilities[i].Needs.All)
		}
		if after := run(); after != before {
			at := 0
			for at < min(len(before), len(after)) && before[at] == after[at] {
				at++
			}
			from := max(0, at-200)
			t.Fatalf("shuffled input differs:\n%s\n%s", before[from:min(len(before), at+200)], after[from:min(len(after), at+200)])
		}
	})
}

func shuffle[T any](t *rapid.T, s []T) {
	for i, x := range rapid.Permutation(slices.Clone(s)).Draw(t, "order") {
		s[i] = x
	}
}

func TestExpectedIsThatOfTheDuration(t *testing.T) {
	e := engine(t, twoServices(), nodes("worker", 3))
	task := step("step:1", 0)
	task.Duration = est(60, 120)
	if a, _ := do(t, e, task); a.ExpectedS != duration.Expected(model.Span{P50s: 60, P90s: 120}) || a.ExpectedS != 84 {
		t.Errorf("expected %d", a.ExpectedS)
	}
}

// What an earlier sitting left behind is felt from the start, up to and including the
// action that ends it; without such an action to the end. It is not the bundle's own
// doing.
func TestBundleAfter(t *testing.T) {
	e := engine(t, twoServices(), nodes("worker", 3))
	rule := puts("a", model.Outage, 0)
	rule.Lasts, rule.Until = nil, "action:step:3"
	begin, _ := do(t, e, step("step:0", 50, rule))
	var left []Left
	for _, x := range begin.Effects {
		if x.Until != "" {
			left = append(left, Left{Effect: x, By: begin.ID})
		}
	}
	if len(left) != 1 {
		t.Fatalf("left behind is %+v", left)
	}
	var actions []model.Action
	for _, task := range []model.Task{step("step:1", 100, puts("b", model.Blip, 10)), step("step:3", 300), step("step:4", 50)} {
		a, _ := do(t, e, task)
		actions = append(actions, a)
	}
	b := e.BundleAfter(left, actions)
	want := `compute.b blip 0/0-10/10 step:1
control.a outage 0/0-400/400 step:0
control.b blip 0/0-10/10 step:1`
	if got := timelineText(b); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if own := e.Bundle(actions); own.Footprint["control"] != b.Footprint["control"] || own.Duration != b.Duration {
		t.Errorf("footprint %v in %v, by itself %v in %v", b.Footprint, b.Duration, own.Footprint, own.Duration)
	}
	b = e.BundleAfter(left, []model.Action{actions[0], actions[2]})
	want = `compute.b blip 0/0-10/10 step:1
control.a outage 0/0-150/150 step:0
control.b blip 0/0-10/10 step:1`
	if got := timelineText(b); got != want {
		t.Errorf("with nothing that ends it: got\n%s\nwant\n%s", got, want)
	}
}
