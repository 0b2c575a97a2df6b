package records

import (
	"strings"
	"testing"
	"time"

	"planewise/model"
)

func plan() model.Plan {
	return model.Plan{
		ID: "abc", System: "demo",
		Actions: []model.Action{
			{ID: "ship:services/cray-bos", Stage: "deploy", Units: 1, Duration: model.Span{P50s: 60, P90s: 120}},
			{ID: "roll:worker", Stage: "workers", Units: 6, Batch: 2, Duration: model.Span{P50s: 6000, P90s: 9000}},
			{ID: "step:iuf-process-media", Stage: "iuf-process-media", Units: 1, Duration: model.Span{P50s: 600, P90s: 900}},
		},
		Bundles: []model.Bundle{
			{Key: "ship:services/cray-bos", Label: "B1", Actions: []model.ActionID{"step:iuf-process-media", "ship:services/cray-bos"}, Duration: model.Span{P50s: 700, P90s: 1000}},
			{Key: "roll:worker", Label: "B2", Actions: []model.ActionID{"roll:worker"}, Duration: model.Span{P50s: 6000, P90s: 9000}},
		},
	}
}

func TestFromPlan(t *testing.T) {
	start := time.Date(2026, 1, 10, 20, 0, 0, 0, time.UTC)
	seen, err := ParseObserved("compute.boot=outage:90s")
	if err != nil {
		t.Fatal(err)
	}
	r, err := FromPlan(plan(), "b2", start, start.Add(2*time.Hour), OK, []Observed{seen})
	if err != nil {
		t.Fatal(err)
	}
	if r.Bundle != "roll:worker" || r.TookS != 7200 || r.Start != "2026-01-10T20:00:00Z" || len(r.Runs) != 1 || r.Runs[0].TookS != 7200 || r.Runs[0].Batch != 2 {
		t.Errorf("%+v", r)
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	if got := Learn([]Record{r}, nil); len(got) != 1 || got[0].P50s != 2400 {
		t.Errorf("three turns in two hours: %+v", got)
	}
	// Of several actions in one bundle none has a time of its own.
	if r, err = FromPlan(plan(), "B1", start, start.Add(time.Hour), OK, nil); err != nil || len(Learn([]Record{r}, nil)) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	for name, bad := range map[string]error{
		"no bundle": second(FromPlan(plan(), "B9", start, start.Add(time.Hour), OK, nil)),
		"backwards": second(FromPlan(plan(), "B1", start, start.Add(-time.Hour), OK, nil)),
		"a year":    second(FromPlan(plan(), "B1", start, start.Add(9000*time.Hour), OK, nil)),
	} {
		if bad == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second(_ Record, err error) error { return err }

func TestParseObserved(t *testing.T) {
	for in, want := range map[string]Observed{
		"compute.boot=outage:90s":  {Capability: "compute.boot", Level: model.Outage, S: 90},
		"access.login=blip:1m30s":  {Capability: "access.login", Level: model.Blip, S: 90},
		"control.api=degraded:600": {Capability: "control.api", Level: model.Degraded, S: 600},
	} {
		if got, err := ParseObserved(in); err != nil || got != want {
			t.Errorf("%s: %+v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "x", "x=outage", "x=gone:5s", "=outage:5s", "x=outage:soon", "x=outage:-5s", "x=outage:9000h"} {
		if got, err := ParseObserved(in); err == nil {
			t.Errorf("%q was read as %+v", in, got)
		}
	}
	if _, err := ParseOutcome("great"); err == nil {
		t.Error("an unknown outcome was taken")
	}
}

// What was noticed stands beside what the plan had said of it.
func TestObservedAgainstPlanned(t *testing.T) {
	p := plan()
	p.Bundles[1].Impact = []model.PlaneImpact{{Plane: "compute", Capabilities: []model.CapabilityImpact{
		{ID: "compute.boot", Level: model.Degraded, P50s: 60, P90s: 120}, {ID: "compute.jobs", Level: model.AtRisk, Unknown: true}}}}
	start := time.Date(2026, 1, 10, 20, 0, 0, 0, time.UTC)
	for text, worse := range map[string]bool{
		"compute.boot=outage:10s": true, "compute.boot=degraded:121s": true, "compute.boot=degraded:120s": false, "compute.boot=blip:600s": false,
		"compute.jobs=outage:10s": false, // the plan had said that it did not know
		"control.api=blip:1s":     true, "control.api=none:0s": false,
	} {
		o, err := ParseObserved(text)
		if err != nil {
			t.Fatal(err)
		}
		r, err := FromPlan(p, "B2", start, start.Add(time.Hour), OK, []Observed{o})
		if err != nil {
			t.Fatal(err)
		}
		got := r.Observed[0]
		if got.Worse() != worse || (got.Planned == nil) != strings.HasPrefix(text, "control") {
			t.Errorf("%s: %+v, worse %v", text, got, got.Worse())
		}
	}
}
