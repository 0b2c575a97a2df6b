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

func TestElapsed(t *testing.T) {
	for in, want := range map[string]int64{"0:12:34": 754, "0:12:34.567890": 755, "1 day, 2:03:04": 93784, "2 days, 0:00:00": 172800, "90": 90, "90.0": 90, "90.2": 91} {
		if got, ok := parseElapsed(in); !ok || got != want {
			t.Errorf("%s: %d, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "N/A", "None", "1:2", "a:b:c", "-1", "1:99:00", "1e9", "1 week, 1:00:00", "99999999999", "+5", "0:0x1:0"} {
		if got, ok := parseElapsed(in); ok {
			t.Errorf("%q was read as %d", in, got)
		}
	}
}

const stageHist = `
status:
  process-media: {ran: true, succeeded: true, duration: '0:12:34'}
  pre-install-check: {ran: true, succeeded: true, duration: 0:01:00, is_partial: true}
  deliver-product: {ran: false, succeeded: Paused, duration: '0:30:00'}
  update-vcs-config: {ran: Skipped, succeeded: Skipped, duration: N/A}
  update-cfs-config: {ran: false, succeeded: false, duration: null}
  prepare-images: {ran: true, succeeded: true, duration: a while}
summary: {command line: iuf -a x --password planted, media_dir: /x}
`

func TestStageHistory(t *testing.T) {
	rs, notes, err := Import("stage_hist.yaml", []byte(stageHist))
	if err != nil || len(rs) != 1 {
		t.Fatal(rs, err)
	}
	got := map[string]Run{}
	for _, r := range rs[0].Runs {
		got[r.Stage] = r
	}
	if len(got) != 4 || got["process-media"].TookS != 754 || got["pre-install-check"].Outcome != Partial || got["deliver-product"].Outcome != Failed || got["prepare-images"].TookS != -1 {
		t.Errorf("%+v", got)
	}
	if len(notes) != 1 || rs[0].Outcome != Failed || rs[0].TookS != 754+60+1800 {
		t.Errorf("%v, %+v", notes, rs[0])
	}
	resolved := rs[0].Resolve(plan())
	if got := Learn([]Record{resolved}, nil); len(got) != 1 || got[0].Action != "step:iuf-process-media" || got[0].P50s != 754 {
		t.Errorf("%+v", got)
	}
}

func TestActivity(t *testing.T) {
	const dict = `
admin:
  start: 2026-01-10t20:00:00
  states:
    2026-01-10t20:00:00: {state: in_progress, sessionid: admin-a5osq-deliver-product-p7rt6, status: Succeeded, comment: planted}
    2026-01-10t20:30:00: {state: waiting_admin, sessionid: null, status: n/a, comment: null}
    2026-01-10t21:00:00: {state: in_progress, sessionid: admin-a5osq-prepare-images-x, status: Failed}
    2026-01-10t21:10:00: {state: debug, status: n/a}
`
	check := func(name, text string) {
		t.Helper()
		rs, _, err := Import(name, []byte(text))
		if err != nil || len(rs) != 1 {
			t.Fatal(rs, err)
		}
		r := rs[0]
		if len(r.Runs) != 2 || r.Runs[0].Stage != "deliver-product" || r.Runs[0].TookS != 1800 || r.Runs[0].Outcome != OK || r.Runs[1].Outcome != Failed || r.TookS != 2400 {
			t.Errorf("%s: %+v", name, r)
		}
		if r.Start != "2026-01-10T20:00:00Z" || r.End != "2026-01-10T21:10:00Z" {
			t.Errorf("%s: from %s to %s", name, r.Start, r.End)
		}
	}
	check("activity_dict.yaml", dict)
	check("history.json", `[{"activity_state":"in_progress","start_time":1768075200,"session_name":"s-deliver-product-1"},{"activity_state":"waiting_admin","start_time":1768077000},
		{"activity_state":"in_progress","start_time":1768078800,"session_name":"s-prepare-images-1"},{"activity_state":"debug","start_time":1768079400}]`)
}

const workflow = `{"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow",
 "metadata":{"name":"ncn-lifecycle-rebuild-x7k2p","labels":{"node-type":"worker"}},
 "spec":{"arguments":{"parameters":[{"name":"targetNcns","value":"[\"ncn-w001\",\"ncn-w002\"]"},{"name":"password","value":"planted"}]}},
 "status":{"phase":"Succeeded","startedAt":"2026-01-10T20:00:00Z","finishedAt":"2026-01-10T21:00:00Z",
  "nodes":{"a":{"type":"Pod","displayName":"drain","phase":"Succeeded","startedAt":"2026-01-10T20:00:00Z","finishedAt":"2026-01-10T20:05:00Z"},
           "b":{"type":"DAG","displayName":"all","startedAt":"2026-01-10T20:00:00Z","finishedAt":"2026-01-10T21:00:00Z"}}}}`

func TestWorkflow(t *testing.T) {
	for _, text := range []string{workflow, `{"apiVersion":"v1","kind":"List","items":[` + workflow + `]}`, "[" + workflow + "]"} {
		rs, notes, err := Import("w.json", []byte(text))
		if err != nil || len(rs) != 1 || len(notes) != 0 {
			t.Fatal(rs, notes, err)
		}
		r := rs[0]
		if len(r.Runs) != 2 || r.Runs[0].Action != "roll:worker" || r.Runs[0].Units != 2 || r.Runs[0].TookS != 3600 || r.Runs[1].Stage != "step drain" || r.Runs[1].TookS != 300 {
			t.Errorf("%+v", r)
		}
	}
	still := strings.Replace(workflow, `"finishedAt":"2026-01-10T21:00:00Z",
  "nodes"`, `"nodes"`, 1)
	if rs, notes, err := Import("w.json", []byte(still)); err != nil || len(rs) != 0 || len(notes) == 0 {
		t.Errorf("a workflow that still runs: %v %v %v", rs, notes, err)
	}
}

// A file is the same wherever it lay; a workflow is the same in whatever file.
func TestSource(t *testing.T) {
	for _, name := range []string{"stage_hist.yaml", "/somewhere/else/stage_hist.yaml", `C:\exports\stage_hist.yaml`} {
		rs, _, err := Import(name, []byte(stageHist))
		if err != nil || len(rs) != 1 || rs[0].Source != "stage_hist.yaml" {
			t.Errorf("%s: %+v, %v", name, rs, err)
		}
	}
	rs, _, err := Import("/tmp/w.json", []byte(workflow))
	if err != nil || !strings.HasPrefix(rs[0].Source, WorkflowSource) || strings.Contains(rs[0].Source, "w.json") {
		t.Errorf("%+v, %v", rs, err)
	}
}

// Workers of one request go together; storage nodes and masters one after the other.
func TestTurnsOfAWorkflow(t *testing.T) {
	for role, want := range map[string]int64{"worker": 3600, "storage": 1800, "master": 1800} {
		rs, _, err := Import("w.json", []byte(strings.Replace(workflow, `"node-type":"worker"`, `"node-type":"`+role+`"`, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if got := Learn(rs, nil); len(got) != 1 || got[0].P50s != want {
			t.Errorf("%s: two nodes in an hour: %+v, want %d s a turn", role, got, want)
		}
	}
}

// A request of two of six workers stands against the plan's figure for one turn of two.
func TestResolveKnownAction(t *testing.T) {
	rs, _, err := Import("w.json", []byte(workflow))
	if err != nil {
		t.Fatal(err)
	}
	if got := rs[0].Resolve(plan()).Runs[0].Planned; got == nil || *got != (model.Span{P50s: 2000, P90s: 3000}) {
		t.Errorf("%+v, want a third of 6000 to 9000 s", got)
	}
	if got := rs[0].Resolve(model.Plan{}).Runs[0].Planned; got != nil {
		t.Errorf("%+v of a plan without the action", got)
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

func TestForeign(t *testing.T) {
	for _, text := range []string{"", "a: b", "[", "just text", `{"name":"a","operation_outputs":{}}`, `{"format":"planewise.record/1"}`} {
		if rs, _, err := Import("x", []byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, rs)
		}
	}
}

// FuzzImport reads anything: no panic, and records that are usable and keep no
// planted secret.
func FuzzImport(f *testing.F) {
	for _, seed := range []string{stageHist, workflow, "[" + workflow + "]", `[{"start_time":1}]`, "a: {states: {2026-01-10t20:00:00: {state: in_progress}}}", "status: {a: 1}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rs, _, err := Import("x", data)
		if err != nil {
			return
		}
		for _, r := range rs {
			if err := r.Check(); err != nil {
				t.Errorf("%v: %+v", err, r)
			}
		}
		for _, m := range Learn(rs, nil) {
			if m.P50s < 0 || m.P90s < m.P50s || m.Samples < 1 {
				t.Errorf("%+v", m)
			}
		}
	})
}
