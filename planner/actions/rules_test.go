package actions

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

func TestUnmappedChart(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", "chart ns/odd platform 1 -> 2\nchart ns/new platform - -> 2")
	r := From(w.input(&mapped{}, system(), procedure(shipping("platform"))))
	for _, id := range []model.ActionID{"ship:ns/odd", "ship:ns/new"} {
		k := task(t, r, id)
		if k.Method != model.MethodUnknown || join(k.UnknownOn) != "access, compute, control, storage" {
			t.Errorf("%s: method %s, unknown on %v", id, k.Method, k.UnknownOn)
		}
		if !slices.ContainsFunc(k.Facts, func(f model.Fact) bool { return f.Relation == "unmapped" && f.Basis == model.BasisUnknown }) {
			t.Errorf("%s: no fact says why: %v", id, k.Facts)
		}
	}
	equal(t, "codes", codes(r), []string{"warning unmapped-component chart:ns/new", "warning unmapped-component chart:ns/odd"})
}

func TestRuleIntoTask(t *testing.T) {
	rule := model.Rule{
		Planes: []model.PlaneID{"control"}, Rollback: &model.Rollback{Possible: model.Yes, P90s: 60, Evidence: documented},
		Workloads: []model.Workload{
			{Service: "api", Replicas: 3, Method: model.MethodRolling},
			{Service: "uai", Replicas: 1, When: "uai"},
		},
		Effects: []model.EffectRule{
			{Service: "api", Level: model.Blip},
			{Service: "api", Level: model.Outage, Crossing: &model.Crossing{Product: "p", From: "< 2.0.0", To: ">= 2.0.0"}},
			{Service: "api", Level: model.Outage, Crossing: &model.Crossing{Product: "p", From: "< 1.0.0", To: ">= 2.0.0"}},
			{Service: "api", Level: model.Outage, Crossing: &model.Crossing{Product: "other", From: "", To: ""}},
			{Service: "api", Level: model.Degraded, When: "!chn"},
			{Service: "api", Level: model.Degraded, When: "chn"},
		},
	}
	cat := &mapped{rules: map[string]model.Rule{"chart": rule}}
	w := build(t, "1.0.0", "2.0.0", `
		chart ns/up platform 1 -> 2
		chart ns/new platform - -> 2
		chart ns/old platform 1 -> -
		undeploy ns/old before platform`)
	r := From(w.input(cat, system(), procedure(model.Stage{ID: "un", Does: model.WorkRemove, Manifests: []string{"platform"}}, shipping("platform"))))
	up := task(t, r, "ship:ns/up")
	if up.Method != model.MethodRolling || len(up.Workloads) != 1 || up.Workloads[0].Replicas != 3 || up.Rollback.Possible != model.Yes {
		t.Errorf("%+v", up)
	}
	if len(up.Effects) != 3 || up.Effects[1].Level != model.Outage || up.Effects[1].Crossing != nil || up.Effects[2].When != "" {
		t.Errorf("only what holds here, without its conditions: %+v", up.Effects)
	}
	if n := len(task(t, r, "ship:ns/new").Workloads); n != 0 {
		t.Errorf("nothing of a new chart runs yet, but %d workloads restart", n)
	}
	if old := task(t, r, "remove:ns/old"); old.Method != model.MethodRemove || len(old.Workloads) != 1 || old.Workloads[0].Method != model.MethodRemove {
		t.Errorf("%+v", old)
	}
}

func TestDowngrades(t *testing.T) {
	cat := known()
	cat.rules["chart:ns/db"] = model.Rule{Planes: []model.PlaneID{"control"}, Stateful: true, Method: model.MethodStateful}
	cat.rules["chart:ns/safe"] = model.Rule{Planes: []model.PlaneID{"control"}, Stateful: true, Method: model.MethodStateful,
		Rollback: &model.Rollback{Possible: model.Yes, P90s: 60, Evidence: documented}}
	w := build(t, "1.0.0", "2.0.0", `
		chart ns/db platform 2 -> 1
		chart ns/safe platform 2 -> 1
		chart ns/plain platform 2 -> 1
		kubernetes kubernetes 2 -> 1
		ceph ceph 2 -> 1`)
	r := From(w.input(cat, system("master", 3, "storage", 3), procedure(shipping("platform"),
		model.Stage{ID: "k", Does: model.WorkStep, Run: model.RunAlways, Role: "master", Method: model.MethodRolling, Carries: []model.Match{{Kind: model.KindKubernetes}}},
		model.Stage{ID: "c", Does: model.WorkCeph, Role: "storage", Carries: []model.Match{{Kind: model.KindCeph}}})))
	for id, want := range map[model.ActionID]string{
		"ship:ns/db": "control no", "ship:ns/safe": "control yes", "ship:ns/plain": " unknown",
		"step:k": "access, compute, control, storage no", "ceph:daemons": "access, compute, control, storage no",
	} {
		k := task(t, r, id)
		if got := join(k.UnknownOn) + " " + string(k.Rollback.Possible); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if k := task(t, r, "step:k"); k.Units != 3 {
		t.Errorf("one master after the other: %d units", k.Units)
	}
}

// A downgrade that no stage carries is as dangerous as one that a stage does, and
// all that the procedure says nothing of is in one step.
func TestDowngradeWithoutAStage(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", `
		chart ns/a platform 1 -> 2
		rpm acpid 1 -> 2
		kubernetes kubernetes 2 -> 1
		ceph ceph 2 -> 1`)
	r := From(w.input(known(), system("master", 3), procedure(shipping("platform"))))
	k := task(t, r, "step:unplaced-p")
	if len(k.UnknownOn) != 4 || k.Rollback.Possible != model.No || k.Method != model.MethodUnknown || len(k.Changes) < 2 {
		t.Errorf("%+v", k)
	}
	downgraded := 0
	for _, f := range k.Facts {
		if f.Relation == "downgraded" {
			downgraded++
		}
	}
	if downgraded != 2 {
		t.Errorf("%d downgrades are said", downgraded)
	}
	for _, d := range r.Diagnostics {
		if d.Code == "no-stage" && len(d.Path) != len(k.Changes) {
			t.Errorf("%v names other changes than %v", d.Path, k.Changes)
		}
	}
}

// What a borrowed or lower basis says is not raised by what is said with it.
func TestEvidenceIsNeverRaised(t *testing.T) {
	for basis := model.BasisUnknown; basis <= model.BasisMeasured; basis++ {
		p := &run{basis: basis, proc: model.Procedure{Evidence: model.Evidence{Basis: model.BasisDocumented, Source: "page"}}}
		for said := model.BasisUnknown; said <= model.BasisMeasured; said++ {
			e := model.Evidence{Basis: said, Text: "So."}
			if got := p.evidence(model.Evidence{}, e); got.Basis != min(said, basis) || got.Text != "So." {
				t.Errorf("%s said under %s is %+v", said, basis, got)
			}
			if p.limit(&e); e.Basis != min(said, basis) {
				t.Errorf("%s limited by %s is %s", said, basis, e.Basis)
			}
		}
		if got := p.evidence(); got.Basis != min(model.BasisDocumented, basis) || got.Source != "page" {
			t.Errorf("nothing said under %s is %+v", basis, got)
		}
		if got := (&run{basis: basis}).evidence(); got.Basis != min(model.BasisInferred, basis) {
			t.Errorf("nothing known under %s is %+v", basis, got)
		}
		if got := p.ref(); got.Basis != basis {
			t.Errorf("the procedure's basis is %s, want %s", got.Basis, basis)
		}
	}
}

func TestChartDuration(t *testing.T) {
	per := &model.Estimate{P50s: 60, P90s: 300, Evidence: documented}
	for _, c := range []struct {
		name    string
		rule    *model.Estimate
		per     *model.Estimate
		timeout string
		want    model.Span
		known   bool
	}{
		{"the mapping's figure", &model.Estimate{P50s: 7, P90s: 9}, per, "20m", model.Span{P50s: 7, P90s: 9}, true},
		{"the stage's", nil, per, "", model.Span{P50s: 60, P90s: 300}, true},
		{"stretched to the chart's own limit", nil, per, "20m0s", model.Span{P50s: 60, P90s: 1200}, true},
		{"not shortened by it", nil, per, "1m", model.Span{P50s: 60, P90s: 300}, true},
		{"the limit alone", nil, nil, "10m", model.Span{P50s: 120, P90s: 600}, true},
		{"nothing known", nil, nil, "", model.Span{}, false},
		{"nonsense", nil, nil, "soon", model.Span{}, false},
		{"absurd", nil, nil, "9000h", model.Span{}, false},
	} {
		w := build(t, "1.0.0", "2.0.0", "chart ns/a platform 1 -> 2")
		w.changes[0].After.Timeout = c.timeout
		stage := shipping("platform")
		stage.PerUnit = c.per
		cat := &mapped{rules: map[string]model.Rule{"chart": {Planes: []model.PlaneID{"control"}, Duration: c.rule}}}
		got := task(t, From(w.input(cat, system(), procedure(stage))), "ship:ns/a").Duration
		if (got != nil) != c.known || got != nil && got.Span() != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	if per.P90s != 300 || strings.Contains(per.Text, "limit") {
		t.Error("the procedure's own figure was altered")
	}
}

func TestRestarts(t *testing.T) {
	cat := known()
	cat.rules["chart:a"] = model.Rule{Workloads: []model.Workload{{Service: "dns", Name: "dns", Kind: "Deployment", Replicas: 3, Method: model.MethodRolling}}}
	cat.rules["chart:b"] = model.Rule{Workloads: []model.Workload{{Service: "dns", Name: "dns", Kind: "Deployment", Replicas: 1, Method: model.MethodRolling}}}
	cat.residents = []model.Workload{{Service: "mds", Kind: "ceph-mds", CountFrom: "ceph:mds"}, {Service: "mon", Kind: "ceph-mon", CountFrom: "ceph:mons"}, {Service: "agent", Kind: "node"}}
	w := build(t, "1.0.0", "2.0.0", "ceph ceph 1 -> 2")
	r := From(w.input(cat, system("storage", 3), procedure(
		model.Stage{ID: "r", Does: model.WorkStep, Run: model.RunAlways, Method: model.MethodRolling, Restarts: []model.Workload{{Service: "dns"}, {Service: "nobody"}, {Service: "own", Replicas: 2, Method: model.MethodRecreate}}},
		model.Stage{ID: "c", Does: model.WorkCeph, Carries: []model.Match{{Kind: model.KindCeph}}, Role: "storage"},
	)))
	ws := task(t, r, "step:r").Workloads
	if len(ws) != 3 || ws[0].Replicas != 1 || ws[1].Method != model.MethodUnknown || ws[2].Method != model.MethodRecreate {
		t.Errorf("the weaker of two versions, unknown where the mapping has none: %+v", ws)
	}
	if ws := task(t, r, "ceph:daemons").Workloads; len(ws) != 2 {
		t.Errorf("the daemons of Ceph: %+v", ws)
	}
}

func TestRetirements(t *testing.T) {
	cat := known()
	cat.rules["chart:ns/uas"] = model.Rule{Retires: []model.RetireRule{{Capability: "access.uai-create", Affected: "users", When: "uai", Evidence: documented}}}
	cat.rules["chart:ns/bos"] = model.Rule{Method: model.MethodRolling, Retires: []model.RetireRule{
		{Capability: "control.boot-v1", Affected: "scripts", Replacement: "v2", Crossing: &model.Crossing{Product: "p", From: "< 2.0.0", To: ">= 2.0.0"}},
		{Capability: "control.boot-v0", Affected: "scripts"},
	}}
	w := build(t, "1.0.0", "2.0.0", "chart ns/uas platform 1 -> - orphan\nchart ns/bos platform 1 -> 2")
	sys := system()
	for _, uai := range []bool{false, true} {
		want := []string{"control.boot-v1 chart:ns/bos ship:ns/bos"}
		if uai {
			sys.Features = []string{"uai"}
			want = []string{"access.uai-create chart:ns/uas -", "control.boot-v1 chart:ns/bos ship:ns/bos"}
		}
		var got []string
		for _, x := range From(w.input(cat, sys, procedure(shipping("platform")))).Retired {
			action := "-"
			if x.Action != nil {
				action = string(*x.Action)
			}
			got = append(got, string(x.Capability)+" "+string(x.Change)+" "+action)
		}
		equal(t, "retired", got, want)
	}
}

func TestHooks(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", `
		chart ns/a platform 1 -> 2
		hook pre_install_check/pre hooks/check.sh
		hook deliver_product/post hooks/odd.sh`)
	for _, h := range w.to.Hooks {
		c := model.Component{Kind: model.KindHook, Namespace: "p", Name: h.Stage + "/" + h.When, Version: h.Script}
		w.changes = append(w.changes, model.Change{ID: c.ID(), Kind: model.KindHook, Name: c.Name, To: h.Script, Direction: model.Added, After: &c})
	}
	stage := shipping("platform")
	stage.Hook = "pre-install-check/pre" // either spelling
	r := From(w.input(known(), system(), procedure(stage)))
	equal(t, "tasks", taskList(r), []string{"0 ship:ns/a [chart:ns/a]", "1 step:hook-deliver_product/post [hook:p/deliver_product/post]"})
	if k := task(t, r, "step:hook-deliver_product/post"); len(k.UnknownOn) != 4 || k.Method != model.MethodUnknown || k.Duration != nil {
		t.Errorf("%+v", k)
	}
	if c := change(t, r, "hook:p/pre_install_check/pre"); c.Action != nil || !strings.Contains(c.Reason, "say what it does") {
		t.Errorf("%+v", c)
	}
	equal(t, "codes", codes(r), []string{"warning unknown-hook hooks/odd.sh"})
	accounted(t, r)
}

func TestStageAsAWhole(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", threeCharts)
	stage := shipping("platform")
	stage.Duration = &model.Estimate{P50s: 100, P90s: 200}
	stage.PerUnit = &model.Estimate{P50s: 10, P90s: 20}
	stage.Gates = []model.Gate{{ID: "g"}}
	stage.Stay = &model.Stay{Status: model.StayNotSupported}
	stage.NoReturn = true
	p := procedure(stage, shipping("sysmgmt"))
	p.Gates, p.Quiesce = []model.Gate{{ID: "all"}}, []model.Quiesce{{ID: "sessions"}}
	r := From(w.input(known(), system(), p))
	a, b := task(t, r, "ship:ns/a"), task(t, r, "ship:ns/b")
	if a.Duration.Span() != (model.Span{P50s: 110, P90s: 220}) || b.Duration.Span() != (model.Span{P50s: 10, P90s: 20}) {
		t.Errorf("durations %+v, %+v", a.Duration, b.Duration)
	}
	if len(a.Gates) != 1 || len(b.Gates) != 0 || a.Stay != nil || b.Stay == nil || !a.NoReturn || !b.NoReturn {
		t.Errorf("%+v\n%+v", a, b)
	}
	if len(r.Gates) != 1 || len(r.Quiesce) != 1 {
		t.Errorf("gates %v, quiesce %v", r.Gates, r.Quiesce)
	}
}
