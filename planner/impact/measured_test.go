package impact

import (
	"strings"
	"testing"

	"planewise/model"
)

// A measured batch goes from its start to the start of the next, so the wait for
// health is in it already: three turns of 1000 s are 3000 s, whatever the procedure
// says of waits. A stated node has its wait beside it.
func TestMeasuredBatchHoldsItsWait(t *testing.T) {
	m := onRoleMapping(model.Workload{Kind: "node", CountFrom: "nodes:worker", Needed: "all"})
	task := roll("worker", 3, 1)
	task.Wait = est(300, 300)
	stated, _ := do(t, engine(t, m, nodes("worker", 3)), task)
	if stated.Duration.P50s != 3900 {
		t.Errorf("stated: %+v, want 3900 s with the waits", stated.Duration)
	}
	s := nodes("worker", 3)
	s.Measured = []model.Measured{{Action: "roll:worker*", P50s: 1000, P90s: 1000, Samples: 10, PerUnit: true}}
	e := engine(t, m, s)
	measured, _ := do(t, e, task)
	_, facts, _ := e.Action(task)
	if measured.Duration.P50s != 3000 || measured.Duration.P90s != 3000 {
		t.Errorf("measured: %+v, want 3000 s: the wait counts twice", measured.Duration)
	}
	if got := lines(measured); got != "control.s degraded 0/0+3000/3000" {
		t.Errorf("how much of a measured batch was the wait is not known, so the nodes are away for all of it: %s", got)
	}
	if text := factTexts(facts, measured.Facts); !strings.Contains(text, "[measured] 10 runs of roll:worker* on this site") {
		t.Errorf("the measurement is no fact of the duration: %s", text)
	}
}

// Daemons of Ceph, host by host, likewise.
func TestMeasuredHostHoldsItsWait(t *testing.T) {
	m := onRoleMapping(model.Workload{Kind: "ceph-osd", CountFrom: "ceph:osd-hosts", RunsOn: "storage"})
	s := nodes("storage", 3)
	s.Ceph = &model.Ceph{Mons: 3, Mgrs: 3, OSDHosts: 3, Pools: []model.Pool{{Name: "kube", Serves: "block", Size: 3, MinSize: 2}}}
	s.Measured = []model.Measured{{Action: "ceph:*", P50s: 500, P90s: 500, Samples: 3, PerUnit: true}}
	task := model.Task{ID: "ceph:daemons", Title: "Ceph", Does: model.WorkCeph, Method: model.MethodCephDaemon, Units: 1, Wait: est(300, 900)}
	a, _ := do(t, engine(t, m, s), task)
	if a.Duration.P50s != 1500 || a.Duration.P90s != 1500 {
		t.Errorf("%+v, want three hosts of 500 s", a.Duration)
	}
}
