package impact

import (
	"slices"
	"testing"

	"planewise/model"
)

// onTwoRoles has a service on the workers and one on the routers.
func onTwoRoles() model.Mapping {
	m := twoServices()
	m.Residents = []model.Workload{
		{Service: "a", Kind: "node-daemon", CountFrom: "nodes:worker", RunsOn: "worker"},
		{Service: "b", Kind: "node-daemon", CountFrom: "nodes:router", RunsOn: "router"},
	}
	return m
}

// Pods have nowhere to run, either.
func TestPodsWithoutNodes(t *testing.T) {
	m := onTwoRoles()
	m.Residents[0] = model.Workload{Service: "a", Kind: "Deployment", Replicas: 2}
	e, notes := New(m, nodes("router", 2), defaultPolicy())
	if !slices.Equal(codes(notes), []string{"warning no-nodes"}) {
		t.Errorf("diagnostics %v", codes(notes))
	}
	a, _ := do(t, e, roll("router", 2, 1))
	if r := rangeOfAll(a, "control.a"); r != model.Unknown() {
		t.Errorf("control.a on no workers is %v", r)
	}
}

func rangeOfAll(a model.Action, id model.CapabilityID) (worst model.Range) {
	for _, x := range a.Effects {
		if x.Capability == id {
			worst = worst.Worse(x.Range())
		}
	}
	return worst
}

// A service that counts from nodes that are not there is not safe, it is unknown.
func TestARoleWithoutNodes(t *testing.T) {
	for _, s := range []model.System{nodes("worker", 3), nodes("worker", 3, "router", 0), nodes("worker", 3, "router", -1)} {
		e, notes := New(onTwoRoles(), s, defaultPolicy())
		i := slices.IndexFunc(notes, func(n model.Diagnostic) bool { return n.Code == "no-nodes" })
		if i < 0 || notes[i].Severity != model.Warning || !slices.Equal(notes[i].Path, []string{"service:b"}) {
			t.Fatalf("diagnostics %+v", notes)
		}
		a, _ := do(t, e, roll("worker", 3, 1))
		if r := rangeOfAll(a, "control.b"); !r.IsUnknown() || r.Most != model.Outage {
			t.Errorf("control.b while workers roll is %v", r)
		}
		quiet := ship()
		quiet.Method = model.MethodJob
		if a, _ := do(t, e, quiet); len(a.Effects) > 0 {
			t.Errorf("where nothing is disturbed nothing is unknown:\n%s", lines(a))
		}
	}
	if _, notes := New(onTwoRoles(), nodes("worker", 3, "router", 2), defaultPolicy()); len(notes) > 0 {
		t.Errorf("all nodes are there: %v", notes)
	}
}

func TestCephWithoutDaemonsIsNotSafe(t *testing.T) {
	s := cephSystem(func(c *model.Ceph) { c.OSDHosts = 0 })
	s.Nodes[0].Count = 3
	e, notes := New(cephMapping(), s, defaultPolicy())
	if !slices.Contains(codes(notes), "warning unknown-count") {
		t.Errorf("diagnostics %v", codes(notes))
	}
	a, _ := do(t, e, roll("storage", 3, 1))
	if r := rangeOfAll(a, "storage.block"); r.Most != model.Outage {
		t.Errorf("block storage without a count of hosts is %v", r)
	}
}

// What was left out of a need, since it was wrong, may be what the work disturbs.
func TestABrokenNeedIsUnknown(t *testing.T) {
	for name, need := range map[string]*model.Need{
		"unknown name":   needs("made-up"),
		"one of two":     needs("b", "made-up"),
		"left out above": nil,
	} {
		m := twoServices()
		for i := range m.Capabilities {
			if m.Capabilities[i].ID == "control.b" {
				m.Capabilities[i].Needs, m.Capabilities[i].Broken = need, need == nil
			}
		}
		e, _ := New(m, nodes("worker", 3), defaultPolicy())
		a, _ := do(t, e, ship(model.Workload{Service: "a", Replicas: 1, Method: model.MethodRecreate, Restart: est(30, 60)}))
		if r := rangeOfAll(a, "control.b"); !r.IsUnknown() || r.Most != model.Outage {
			t.Errorf("%s: control.b is %v while something else restarts", name, r)
		}
		if r := rangeOfAll(a, "control.a"); r.IsUnknown() {
			t.Errorf("%s: control.a is %v", name, r)
		}
	}
}
