package planner_test

import (
	"fmt"
	"testing"

	"planewise/model"
	"planewise/planner"
)

func drifted(t *testing.T, running *model.Running) model.Plan {
	t.Helper()
	w := embedded(t)
	in := w.input(w.set("csm-1.5.1"), w.set("csm-1.5.2"))
	in.From[0].Running = running
	return planner.Build(in)
}

func countOf(p model.Plan, severity model.Severity, code model.Code) (n int) {
	for _, d := range p.Diagnostics {
		if d.Severity == severity && d.Code == code {
			n++
		}
	}
	return n
}

// A plan from a running system lists how it differs from the release it claims to
// run: what says most is a warning, and nothing of a long list is lost.
func TestDriftIsInThePlan(t *testing.T) {
	r := &model.Running{Name: "system:demo", System: "demo", Drift: []model.Drift{
		{Component: "chart:services/a", Claimed: "1.0.0", Runs: "0.9.0"}, {Component: "chart:services/gone", Claimed: "1.0.0"}, {Component: "chart:services/own", Runs: "3.0.0"},
	}, NotSeen: []string{"ceph:ceph", "chart:services/b", "chart:services/c"}, Mixed: []model.Mixed{{Component: "kubernetes:kubernetes", Versions: []string{"v1.21.12", "v1.22.13"}}}, Unfinished: []model.Unfinished{{Component: "chart:services/a", Status: "failed"}}}
	p := drifted(t, r)
	for code, want := range map[model.Code]int{"drift": 3, "not-seen": 2, "mixed-versions": 1, "helm-not-deployed": 1, "other-system": 0, "claim-unknown": 0} {
		if got := countOf(p, model.Warning, code); got != want {
			t.Errorf("%s: %d warnings, want %d", code, got, want)
		}
	}
	many := &model.Running{Name: "system:demo", System: "demo"}
	for i := range 97 {
		many.Drift = append(many.Drift, model.Drift{Component: model.ComponentID(fmt.Sprintf("chart:services/gone-%02d", i)), Claimed: "1.0.0"})
	}
	many.Drift = append(many.Drift, model.Drift{Component: "chart:services/last", Claimed: "1.0.0", Runs: "1.0.1"})
	p = drifted(t, many)
	if w, i := countOf(p, model.Warning, "drift"), countOf(p, model.Info, "drift"); w != 20 || i != 78 {
		t.Errorf("%d warnings and %d informations, want 20 and 78", w, i)
	}
	for _, d := range p.Diagnostics {
		if d.Subject == "chart:services/last" && d.Code == "drift" && d.Severity != model.Warning {
			t.Error("another version that runs is hidden behind what does not run")
		}
	}
}

// Where neither the release nor what runs is known, all of the target would count as
// new, which disturbs nobody: such a plan must not be used.
func TestUnknownStartBlocks(t *testing.T) {
	p := drifted(t, &model.Running{Name: "system:demo", System: "demo", Unclaimed: true, NotSeen: []string{"chart"}})
	if countOf(p, model.Blocking, "not-seen") != 1 {
		t.Errorf("not blocked: %v", p.Diagnostics)
	}
	p = drifted(t, &model.Running{Name: "system:demo", System: "demo", Unclaimed: true})
	if countOf(p, model.Blocking, "not-seen") != 0 || countOf(p, model.Warning, "claim-unknown") != 1 {
		t.Errorf("%v", p.Diagnostics)
	}
}

func TestPlanForAnotherSystem(t *testing.T) {
	if p := drifted(t, &model.Running{Name: "system:other", System: "other"}); countOf(p, model.Warning, "other-system") != 1 {
		t.Error("what runs elsewhere is taken for this system without a word")
	}
}

// A version that nobody knows is not one that runs.
func TestDriftOfAnUnknownVersion(t *testing.T) {
	p := drifted(t, &model.Running{Name: "system:demo", System: "demo", Drift: []model.Drift{{Component: "chart:services/a", Claimed: "1.0.0", Runs: "unknown"}}})
	for _, d := range p.Diagnostics {
		if d.Code == "drift" && d.Summary != "which version runs is not known, and csm-1.5.1 ships 1.0.0" {
			t.Error(d.Summary)
		}
	}
	if countOf(p, model.Warning, "drift") != 1 {
		t.Errorf("%v", p.Diagnostics)
	}
}

// What is unknown because of a fault that was seen is settled by repairing that, and not
// by a rule of the mapping.
func TestUnknownBecauseOfAFault(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.5.1"), w.set("csm-1.5.2"))
	whole := planner.Build(in)
	s := in.System
	s.Hosts = []model.Host{{Name: "m1", Role: "master"}, {Name: "m2", Role: "master"}, {Name: "m3", Role: "master", NotReady: true}}
	in.System = s
	known := map[string]bool{}
	for _, u := range whole.Unknowns {
		known[u.Subject] = true
	}
	found := 0
	for _, u := range planner.Build(in).Unknowns {
		if !known[u.Subject] {
			if found++; u.SettleBy != "repairing that before the work, and importing the system again" {
				t.Errorf("%+v", u)
			}
		}
	}
	if found == 0 {
		t.Error("a master that is not ready makes nothing unknown")
	}
}
