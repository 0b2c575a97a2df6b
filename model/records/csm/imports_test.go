package csm

import (
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/records"
)

func plan() model.Plan {
	return model.Plan{
		ID: "abc", System: "demo",
		Actions: []model.Action{
			{ID: "roll:worker", Stage: "workers", Units: 6, Batch: 2, Duration: model.Span{P50s: 6000, P90s: 9000}},
			{ID: "step:iuf-process-media", Stage: "iuf-process-media", Units: 1, Duration: model.Span{P50s: 600, P90s: 900}},
		},
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
	got := map[string]records.Run{}
	for _, r := range rs[0].Runs {
		got[r.Stage] = r
	}
	if len(got) != 4 || got["process-media"].TookS != 754 || got["pre-install-check"].Outcome != records.Partial || got["deliver-product"].Outcome != records.Failed || got["prepare-images"].TookS != -1 {
		t.Errorf("%+v", got)
	}
	if len(notes) != 1 || rs[0].Outcome != records.Failed || rs[0].TookS != 754+60+1800 {
		t.Errorf("%v, %+v", notes, rs[0])
	}
	resolved := rs[0].Resolve(plan(), StagePrefix)
	if got := records.Learn([]records.Record{resolved}, nil); len(got) != 1 || got[0].Action != "step:iuf-process-media" || got[0].P50s != 754 {
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
    2026-01-10t21:00:00: {state: in_progress, sessionid: admin-a5osq-prepare-images-x, status: records.Failed}
    2026-01-10t21:10:00: {state: debug, status: n/a}
`
	check := func(name, text string) {
		t.Helper()
		rs, _, err := Import(name, []byte(text))
		if err != nil || len(rs) != 1 {
			t.Fatal(rs, err)
		}
		r := rs[0]
		if len(r.Runs) != 2 || r.Runs[0].Stage != "deliver-product" || r.Runs[0].TookS != 1800 || r.Runs[0].Outcome != records.OK || r.Runs[1].Outcome != records.Failed || r.TookS != 2400 {
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
		if got := records.Learn(rs, nil); len(got) != 1 || got[0].P50s != want {
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
	if got := rs[0].Resolve(plan(), StagePrefix).Runs[0].Planned; got == nil || *got != (model.Span{P50s: 2000, P90s: 3000}) {
		t.Errorf("%+v, want a third of 6000 to 9000 s", got)
	}
	if got := rs[0].Resolve(model.Plan{}, StagePrefix).Runs[0].Planned; got != nil {
		t.Errorf("%+v of a plan without the action", got)
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
		for _, m := range records.Learn(rs, nil) {
			if m.P50s < 0 || m.P90s < m.P50s || m.Samples < 1 {
				t.Errorf("%+v", m)
			}
		}
	})
}
