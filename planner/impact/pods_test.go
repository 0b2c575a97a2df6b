package impact

import (
	"fmt"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/impact/duration"
)

func TestUpdateMethods(t *testing.T) {
	w := func(set func(*model.Workload)) model.Workload {
		w := model.Workload{Service: "s", Kind: "Deployment", Namespace: "ns", Replicas: 3, Restart: est(30, 60), Failover: est(5, 20), Evidence: model.Evidence{Basis: model.BasisChart, Source: "chart"}}
		set(&w)
		return w
	}
	for _, c := range []struct {
		name string
		w    model.Workload
		want string
	}{
		{"25% of 3: 0 fewer (0.75 down), 1 more (0.75 up): all three stay", w(func(w *model.Workload) {}), ""},
		{"25% of 4: 1 fewer, 1 more, two waves of 30/60: three of four up",
			w(func(w *model.Workload) { w.Replicas = 4 }), "control.s at-risk 0/0+{2}"},
		{"one replica: the new one starts first, then a hand-over",
			w(func(w *model.Workload) { w.Replicas = 1 }), "control.s blip 30/60+1/10"},
		{"one replica without surge: 25% of 1 is none, and so is the surge: Kubernetes takes one away",
			w(func(w *model.Workload) { w.Replicas, w.MaxSurge = 1, "0" }), "control.s outage 0/0+30/60"},
		{"1 of 3 at a time, none more: three waves",
			w(func(w *model.Workload) { w.MaxUnavailable, w.MaxSurge = "1", "0" }), "control.s at-risk 0/0+{3}"},
		{"50% of 3 is 1, surge 25% of 3 is 1: two waves",
			w(func(w *model.Workload) { w.MaxUnavailable = "50%" }), "control.s at-risk 0/0+{2}"},
		{"2 of 3 away, 2 needed: too few",
			w(func(w *model.Workload) { w.MaxUnavailable, w.MaxSurge, w.Needed = "2", "0", "2" }), "control.s degraded 0/0+{2}"},
		{"all counted as capacity: one less is felt",
			w(func(w *model.Workload) { w.MaxUnavailable, w.MaxSurge, w.Needed = "1", "0", "all" }), "control.s degraded 0/0+{3}"},
		{"100% away: none left",
			w(func(w *model.Workload) { w.MaxUnavailable, w.MaxSurge = "100%", "0" }), "control.s outage 0/0+30/60"},
		{"recreate: all three stop",
			w(func(w *model.Workload) { w.Method = model.MethodRecreate }), "control.s outage 0/0+30/60"},
		{"an exclusive volume: the new one waits for the old one to go",
			w(func(w *model.Workload) { w.Replicas, w.ExclusiveVolume = 1, true }), "control.s outage 0/0+30/60"},
		{"StatefulSet of 3, one by one: two of three up",
			w(func(w *model.Workload) { w.Kind = "StatefulSet" }), "control.s at-risk 0/0+{3}"},
		{"StatefulSet of 1",
			w(func(w *model.Workload) { w.Kind, w.Replicas = "StatefulSet", 1 }), "control.s outage 0/0+30/60"},
		{"quorum of 3: two of three are a majority, a leader moves once, at P90 twice",
			w(func(w *model.Workload) { w.Kind, w.Needed, w.Leader = "StatefulSet", "quorum", true }),
			// three restarts are 97/180; the second move is half-way, at P90 only
			"control.s outage 0/0+5/20\ncontrol.s at-risk 5/20+43/70\ncontrol.s outage 48/90+0/20\ncontrol.s at-risk 48/110+49/70"},
		{"quorum of 2: one of two is no majority",
			w(func(w *model.Workload) { w.Kind, w.Replicas, w.Needed = "StatefulSet", 2, "quorum" }), "control.s outage 0/0+{2}"},
		{"quorum of 5: four of five",
			w(func(w *model.Workload) { w.Kind, w.Replicas, w.Needed = "StatefulSet", 5, "quorum" }), "control.s at-risk 0/0+{5}"},
		{"DaemonSet on the six workers, node by node, any will do",
			w(func(w *model.Workload) { w.Kind, w.Replicas, w.CountFrom = "DaemonSet", 0, "nodes:worker" }), "control.s at-risk 0/0+{6}"},
		{"DaemonSet, 25% of 6 rounded up is 2 at a time, every one is needed",
			w(func(w *model.Workload) { w.Kind, w.Replicas, w.MaxUnavailable, w.Needed = "DaemonSet", 0, "25%", "all" }), "control.s degraded 0/0+{3}"},
		{"live: nothing restarts", w(func(w *model.Workload) { w.Method = model.MethodLive }), ""},
		{"a job runs", w(func(w *model.Workload) { w.Method = model.MethodJob }), ""},
		{"a method nobody knows", w(func(w *model.Workload) { w.Method = model.MethodUnknown }), "control.s unknown 0/0+600/1200"},
		{"a kind nobody knows", w(func(w *model.Workload) { w.Kind = "Rollout" }), "control.s unknown 0/0+600/1200"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, notes := do(t, engine(t, oneService(), nodes("worker", 6)), ship(c.w))
			if got, want := lines(a), rounds(c.want); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if a.Duration != (model.Span{P50s: 600, P90s: 1200}) {
				t.Errorf("duration %v, want the stated one", a.Duration)
			}
			for _, n := range notes {
				if n.Severity == model.Blocking {
					t.Errorf("unexpected %+v", n)
				}
			}
		})
	}
}

// rounds replaces "{3}" by the length of three restarts of 30/60 one after the other.
func rounds(want string) string {
	for n := 2; n < 10; n++ {
		r := duration.Repeat(model.Span{P50s: 30, P90s: 60}, n, 300)
		want = strings.ReplaceAll(want, fmt.Sprintf("{%d}", n), fmt.Sprintf("%d/%d", r.P50s, r.P90s))
	}
	return want
}

func TestReinstallLastsAsLongAsTheAction(t *testing.T) {
	task := ship(model.Workload{Service: "s", Kind: "Deployment", Replicas: 3, Restart: est(30, 60)})
	task.Method = model.MethodReinstall
	a, _ := do(t, engine(t, oneService(), nodes("worker", 6)), task)
	if got, want := lines(a), "control.s outage 0/0+600/1200"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Kubernetes rounds maxUnavailable down and maxSurge up, and takes one away where
// both come to nothing.
func TestRollout(t *testing.T) {
	for _, c := range []struct {
		n                  int
		unavailable, surge string
		less, more         int
	}{
		{1, "25%", "25%", 0, 1}, {3, "25%", "25%", 0, 1}, {4, "25%", "25%", 1, 1}, {10, "25%", "25%", 2, 3},
		{3, "50%", "25%", 1, 1}, {3, "0", "1", 0, 1}, {3, "0", "0", 1, 0}, {3, "10%", "0", 1, 0},
		{3, "100%", "0", 3, 0}, {3, "7", "0", 3, 0}, {0, "25%", "0", 0, 0},
	} {
		u, err := parseAmount(c.unavailable)
		if err != nil {
			t.Fatal(err)
		}
		s, err := parseAmount(c.surge)
		if err != nil {
			t.Fatal(err)
		}
		if less, more := rollout(c.n, u, s); less != c.less || more != c.more {
			t.Errorf("%d replicas, %s and %s: %d fewer and %d more, want %d and %d", c.n, c.unavailable, c.surge, less, more, c.less, c.more)
		}
	}
	for _, bad := range []string{"", "-1", "101%", "1.5", "x", "%", "25 %", "9999999999999999999"} {
		if _, err := parseAmount(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestBadAmountsAreBlocking(t *testing.T) {
	w := model.Workload{Service: "s", Kind: "Deployment", Replicas: 3, MaxUnavailable: "120%", Restart: est(30, 60)}
	a, notes := do(t, engine(t, oneService(), nodes("worker", 6)), ship(w))
	if got := lines(a); got != "control.s outage 0/0+30/60" {
		t.Errorf("a nonsensical limit must not be taken for a mild one: %s", got)
	}
	if !model.HasBlocking(notes) {
		t.Errorf("no blocking diagnostic: %v", codes(notes))
	}
}

func TestObservedBeatsTheMapping(t *testing.T) {
	s := nodes("worker", 6)
	s.Workloads = []model.ObservedWorkload{{Kind: "Deployment", Namespace: "ns", Name: "kea", Replicas: 1, Method: model.MethodRecreate}}
	w := model.Workload{Service: "s", Kind: "deployment", Namespace: "ns", Name: "kea", Replicas: 3, Restart: est(30, 60), Evidence: model.Evidence{Basis: model.BasisChart, Text: "three"}}
	m := oneService()
	m.Rules = []model.Rule{{ID: "kea", Workloads: []model.Workload{w}}}
	e := engine(t, m, s)
	a, facts, _ := e.Action(ship(w))
	if got := lines(a); got != "control.s outage 0/0+30/60" {
		t.Errorf("the site's single instance counts: %s", got)
	}
	if text := factTexts(facts, a.Effects[0].Facts); !strings.Contains(text, "[observed]") || !strings.Contains(text, "1 instance seen on the site") {
		t.Errorf("the fact does not say that it was seen: %s", text)
	}
	w.Namespace = "elsewhere"
	if a, _ := do(t, e, ship(w)); lines(a) != "" {
		t.Errorf("another namespace's workload must not count: %s", lines(a))
	}
}

func TestMeasuredBeatsEstimates(t *testing.T) {
	s := nodes("worker", 6)
	s.Measured = []model.Measured{
		{Action: "ship:*", P50s: 400, P90s: 500, Samples: 9},
		{Action: "ship:ns/*", P50s: 20, P90s: 40, Samples: 3, Source: "records of March"},
	}
	w := model.Workload{Service: "s", Kind: "Deployment", Replicas: 1, Method: model.MethodRecreate, Restart: est(30, 60)}
	a, facts, _ := engine(t, oneService(), s).Action(ship(w))
	if a.Duration != (model.Span{P50s: 20, P90s: 40}) {
		t.Errorf("duration %v, want the most specific measurement", a.Duration)
	}
	if got := lines(a); got != "control.s outage 0/0+20/40" {
		t.Errorf("what was over in 20 s cannot have been out for longer: %s", got)
	}
	if text := factTexts(facts, a.Facts); !strings.Contains(text, "[measured] 3 runs of ship:ns/* on this site") {
		t.Errorf("no fact of the measurement: %s", text)
	}
}

func TestUnknownDurationsWidenAndAreListed(t *testing.T) {
	e := engine(t, oneService(), nodes("worker", 6))
	task := ship(model.Workload{Service: "s", Kind: "Deployment", Replicas: 1, Method: model.MethodRecreate})
	task.Duration = nil
	a, notes := do(t, e, task)
	// A restart of 30 to 300 s is assumed, and 20 to 60 s beside it.
	if a.Duration != (model.Span{P50s: 50, P90s: 360}) || !a.DurationUnknown {
		t.Errorf("duration %v, unknown %v", a.Duration, a.DurationUnknown)
	}
	if got := codes(notes); len(got) != 1 || got[0] != "info unknown-duration" {
		t.Errorf("diagnostics %v", got)
	}
	task.Workloads[0].Restart = est(30, 60)
	if a, notes := do(t, e, task); a.DurationUnknown || len(notes) > 0 || a.Duration != (model.Span{P50s: 50, P90s: 120}) {
		t.Errorf("with known restarts the duration follows: %v %v %v", a.Duration, a.DurationUnknown, notes)
	}
	task = model.Task{ID: "step:x", Does: model.WorkStep, Method: model.MethodJob}
	if a, _ := do(t, e, task); !a.DurationUnknown || a.Duration != defaultStep.Span() || a.ExpectedS == 0 {
		t.Errorf("a step of unknown length: %v %v %d", a.Duration, a.DurationUnknown, a.ExpectedS)
	}
}

// Something that restarts and nobody says what: unknown, never none.
func TestSilenceIsUnknown(t *testing.T) {
	e := engine(t, oneService(), nodes("worker", 6))
	if a, _ := do(t, e, model.Task{ID: "step:x", Does: model.WorkStep, Duration: est(60, 60)}); lines(a) != "control.s unknown 0/0+60/60" {
		t.Errorf("no method at all: %s", lines(a))
	}
	a, notes := do(t, e, model.Task{ID: "ship:ns/x", Does: model.WorkShip, Method: model.MethodUnknown, Duration: est(60, 60)})
	if got := lines(a); got != "control.s unknown 0/0+60/60" || a.Footprint["control"] != model.Disturbed {
		t.Errorf("%s, footprint %v", got, a.Footprint)
	}
	if got := codes(notes); len(got) != 1 || got[0] != "warning effect-not-stated" {
		t.Errorf("diagnostics %v", got)
	}
	for _, m := range []model.Method{model.MethodLive, model.MethodJob, model.MethodDelivery, model.MethodRolling} {
		if a, _ := do(t, e, model.Task{ID: "ship:ns/x", Does: model.WorkShip, Method: m, Duration: est(60, 60)}); lines(a) != "" {
			t.Errorf("%s without a workload restarts nothing: %s", m, lines(a))
		}
	}
}
