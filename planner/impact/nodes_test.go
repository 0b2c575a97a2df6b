package impact

import (
	"strings"
	"testing"

	"planewise/model"
)

// roll rebuilds nodes of a role, 1000 s each without spread, so that the parts of
// the time line are round numbers.
func roll(role string, units, batch int) model.Task {
	return model.Task{ID: model.ActionID("roll:" + role), Title: "Roll", Does: model.WorkRoll, Method: model.MethodRebuild,
		Role: role, Units: units, Batch: batch, PerUnit: est(1000, 1000)}
}

func onRoleMapping(w model.Workload) model.Mapping {
	m := oneService()
	w.Service = "s"
	m.Residents = []model.Workload{w}
	return m
}

func TestNodesInBatches(t *testing.T) {
	restart, failover := est(100, 100), est(10, 10)
	for _, c := range []struct {
		name         string
		w            model.Workload
		workers      int
		units, batch int
		want         string
	}{
		{"pods that live on the node, two of six needed: five up all the time",
			model.Workload{Kind: "DaemonSet", CountFrom: "nodes:worker", Needed: "2"}, 6, 6, 1, "control.s at-risk 0/0+6000/6000"},
		{"the same with three workers: two up, two needed",
			model.Workload{Kind: "DaemonSet", CountFrom: "nodes:worker", Needed: "2"}, 3, 3, 1, "control.s at-risk 0/0+3000/3000"},
		{"two at a time of three: one up, two needed",
			model.Workload{Kind: "DaemonSet", CountFrom: "nodes:worker", Needed: "2"}, 3, 3, 2, "control.s degraded 0/0+2000/2000"},
		{"all at once: none up",
			model.Workload{Kind: "DaemonSet", CountFrom: "nodes:worker", Needed: "2"}, 3, 3, 3, "control.s outage 0/0+1000/1000"},
		{"nodes as capacity: every one that is away is felt",
			model.Workload{Kind: "node", CountFrom: "nodes:worker", Needed: "all"}, 40, 40, 5, "control.s degraded 0/0+8000/8000"},
		{"a single pod moves: expected once, at worst with every batch",
			model.Workload{Kind: "Deployment", Replicas: 1, Restart: restart}, 3, 3, 1,
			"control.s outage 0/0+100/100\ncontrol.s outage 1000/1000+0/100\ncontrol.s outage 2000/2000+0/100"},
		{"a single pod and one of six nodes: not expected to be hit",
			model.Workload{Kind: "Deployment", Replicas: 1, Restart: restart}, 6, 1, 1, "control.s outage 0/0+0/100"},
		{"a single pod and one of two nodes: as likely as not, so it counts",
			model.Workload{Kind: "Deployment", Replicas: 1, Restart: restart}, 2, 1, 1, "control.s outage 0/0+100/100"},
		{"three copies on six nodes: three of six batches expected to take one, two up",
			model.Workload{Kind: "Deployment", Replicas: 3, Restart: restart}, 6, 6, 1,
			"control.s at-risk 0/0+100/100\ncontrol.s at-risk 1000/1000+100/100\ncontrol.s at-risk 2000/2000+100/100\n" +
				"control.s at-risk 3000/3000+0/100\ncontrol.s at-risk 4000/4000+0/100\ncontrol.s at-risk 5000/5000+0/100"},
		{"six copies on three nodes: two a node, four up, five needed",
			model.Workload{Kind: "Deployment", Replicas: 6, Needed: "5", Restart: restart}, 3, 1, 1, "control.s degraded 0/0+100/100"},
		{"nodes of a batch are drained one after the other: two restarts",
			model.Workload{Kind: "Deployment", Replicas: 4, Restart: restart}, 4, 2, 2, "control.s at-risk 0/0+200/200"},
		{"three members that keep apart on three nodes have nowhere to go: away with the node, a majority up",
			model.Workload{Kind: "StatefulSet", Replicas: 3, Needed: "quorum", Restart: restart}, 3, 3, 1, "control.s at-risk 0/0+3000/3000"},
		{"on four nodes they move",
			model.Workload{Kind: "StatefulSet", Replicas: 3, Needed: "quorum", Restart: restart}, 4, 1, 1, "control.s at-risk 0/0+100/100"},
		{"two of four nodes at once: of three members one has nowhere to go; while another moves there is no quorum",
			model.Workload{Kind: "StatefulSet", Replicas: 3, Needed: "quorum", Restart: restart}, 4, 2, 2, "control.s outage 0/0+200/200\ncontrol.s at-risk 200/200+800/800"},
		{"two of three nodes at once: one member is no majority of three",
			model.Workload{Kind: "StatefulSet", Replicas: 3, Needed: "quorum", Restart: restart}, 3, 3, 2, "control.s outage 0/0+2000/2000"},
		{"a leader on three static members: once, at P90 with two of three batches",
			model.Workload{Kind: "static-pod", CountFrom: "nodes:worker", Needed: "quorum", Leader: true, Failover: failover}, 3, 3, 1,
			// The last stretch is 2000 s long at P50, where the second gap does not come, and
			// 1990 s at P90; a P90 is never below its P50.
			"control.s outage 0/0+10/10\ncontrol.s at-risk 10/10+990/990\ncontrol.s outage 1000/1000+0/10\ncontrol.s at-risk 1000/1010+2000/2000"},
		{"other roles' pods stay",
			model.Workload{Kind: "Deployment", Replicas: 1, RunsOn: "master", Restart: restart}, 3, 3, 1, ""},
		{"what is outside stays",
			model.Workload{Kind: "external", Replicas: 1, Restart: restart}, 3, 3, 1, ""},
		{"40 batches of one are shown in eight groups of five",
			model.Workload{Kind: "Deployment", Replicas: 1, Restart: restart}, 40, 40, 1,
			"control.s outage 0/0+100/500 x5\n" + strings.Join(groups(8, 5000, 500), "\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := nodes("master", 3, "worker", c.workers)
			a, notes := do(t, engine(t, onRoleMapping(c.w), s), roll("worker", c.units, c.batch))
			if got := lines(a); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			batches := int64((c.units + c.batch - 1) / c.batch)
			if want := (model.Span{P50s: 1000 * batches, P90s: 1000 * batches}); a.Duration != want {
				t.Errorf("duration %v, want %v", a.Duration, want)
			}
			if len(notes) > 0 {
				t.Errorf("diagnostics %v", notes)
			}
		})
	}
}

// groups of a gap that comes at P90 only, from the second group on.
func groups(n, every, lasts int64) []string {
	var out []string
	for i := int64(1); i < n; i++ {
		out = append(out, "control.s outage "+itoa(i*every)+"/"+itoa(i*every)+"+0/"+itoa(lasts)+" x5")
	}
	return out
}

func itoa(n int64) string {
	return strings.TrimSpace(strings.ReplaceAll(spanText(model.Span{P50s: n, P90s: n}), " s", ""))
}

// A gap that comes in each of many batches is judged by its own length, a level
// that lasts through all of them by the whole.
func TestToleranceInGroupsOfBatches(t *testing.T) {
	m := onRoleMapping(model.Workload{Kind: "Deployment", Replicas: 1, Restart: est(100, 100)})
	m.Capabilities[0].ToleranceS = 100
	a, _ := do(t, engine(t, m, nodes("worker", 40)), roll("worker", 40, 1))
	for _, e := range a.Effects {
		if e.Level != model.Blip || e.Times != 5 || e.Lasts.P90s != 500 {
			t.Errorf("five gaps of 100 s each are blips: %+v", e)
		}
	}
	m = onRoleMapping(model.Workload{Kind: "node", CountFrom: "nodes:worker", Needed: "all"})
	m.Capabilities[0].ToleranceS = 20_000
	if a, _ := do(t, engine(t, m, nodes("worker", 40)), roll("worker", 40, 1)); lines(a) != "control.s degraded 0/0+40000/40000" {
		t.Errorf("40 batches in a row last 40000 s, not 1000: %s", lines(a))
	}
}

func TestHealthWaitCountsForDataOnly(t *testing.T) {
	m := model.Mapping{
		Planes:   []model.Plane{{ID: "storage"}},
		Services: []model.Service{{ID: "osd"}, {ID: "rgw"}},
		Capabilities: []model.Capability{
			capability("storage.block", needs("osd")), capability("storage.object", needs("rgw"))},
		Residents: []model.Workload{
			{Service: "osd", Kind: "ceph-osd", CountFrom: "ceph:osd-hosts", RunsOn: "storage"},
			{Service: "rgw", Kind: "ceph-rgw", CountFrom: "ceph:rgw", RunsOn: "storage"}},
	}
	s := nodes("storage", 3)
	s.Ceph = &model.Ceph{Mons: 3, Mgrs: 3, RGW: 3, RGWProxy: true, OSDHosts: 3, Pools: []model.Pool{{Name: "kube", Serves: "block", Size: 3, MinSize: 2}}}
	task := roll("storage", 2, 1)
	task.Wait = est(500, 500)
	a, _ := do(t, engine(t, m, s), task)
	want := "storage.block at-risk 0/0+3000/3000\nstorage.object at-risk 0/0+1000/1000\nstorage.object at-risk 1500/1500+1000/1000"
	if got := lines(a); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDisruptionBudgets(t *testing.T) {
	for _, c := range []struct {
		name  string
		w     model.Workload
		pdb   model.PDB
		batch int
		want  string
	}{
		{"min_available 2 of 3 lets one go", model.Workload{Kind: "Deployment", Name: "d", Replicas: 3}, model.PDB{Name: "b", MinAvailable: "2"}, 1, ""},
		{"min_available 3 of 3 lets none go", model.Workload{Kind: "Deployment", Name: "d", Replicas: 3}, model.PDB{Name: "b", MinAvailable: "3"}, 1, "budget-blocks-drain b"},
		{"min_available 67% of 3 is 2.01, rounded up 3: none", model.Workload{Kind: "Deployment", Name: "d", Replicas: 3}, model.PDB{Name: "b", MinAvailable: "67%"}, 1, "budget-blocks-drain b"},
		{"min_available 66% of 3 is 1.98, rounded up 2: one", model.Workload{Kind: "Deployment", Name: "d", Replicas: 3}, model.PDB{Name: "b", MinAvailable: "66%"}, 1, ""},
		{"a single replica with min_available 1", model.Workload{Kind: "Deployment", Name: "d", Replicas: 1}, model.PDB{MinAvailable: "1"}, 1, "budget-blocks-drain d"},
		{"max_unavailable 0", model.Workload{Kind: "Deployment", Name: "d", Replicas: 3}, model.PDB{Name: "b", MaxUnavailable: "0"}, 1, "budget-blocks-drain b"},
		{"max_unavailable 1% of 3 is rounded up to 1", model.Workload{Kind: "Deployment", Name: "d", Replicas: 3}, model.PDB{Name: "b", MaxUnavailable: "1%"}, 1, ""},
		{"two members on two nodes of one batch, one may go", model.Workload{Kind: "StatefulSet", Name: "d", Replicas: 3, Needed: "quorum"}, model.PDB{Name: "b", MaxUnavailable: "1"}, 2, "budget-blocks-drain b"},
		{"one member at a time is fine", model.Workload{Kind: "StatefulSet", Name: "d", Replicas: 3, Needed: "quorum"}, model.PDB{Name: "b", MaxUnavailable: "1"}, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := nodes("worker", 3)
			s.Workloads = []model.ObservedWorkload{{Kind: c.w.Kind, Name: "d", Replicas: c.w.Replicas, PDB: &c.pdb}}
			c.w.Restart = est(10, 10)
			_, notes := do(t, engine(t, onRoleMapping(c.w), s), roll("worker", 3, c.batch))
			got := ""
			for _, n := range notes {
				if n.Severity == model.Blocking {
					got += string(n.Code) + " " + n.Subject
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestObservedPlacement(t *testing.T) {
	s := nodes("worker", 6)
	s.Workloads = []model.ObservedWorkload{{Kind: "Deployment", Name: "s", Replicas: 2, Nodes: []string{"w1", "w1"}}}
	w := model.Workload{Kind: "Deployment", Replicas: 2, Restart: est(100, 100)}
	a, _ := do(t, engine(t, onRoleMapping(w), s), roll("worker", 1, 1))
	if got := lines(a); got != "control.s outage 0/0+0/100" {
		t.Errorf("both copies on one node go with it: %s", got)
	}
	s.Workloads[0].Nodes[1] = "w2"
	a, _ = do(t, engine(t, onRoleMapping(w), s), roll("worker", 1, 1))
	if got := lines(a); got != "control.s at-risk 0/0+0/100" {
		t.Errorf("apart, one of them goes: %s", got)
	}
}

func TestNodesThatDoNotExist(t *testing.T) {
	a, notes := do(t, engine(t, oneService(), nodes("master", 3)), roll("worker", 3, 1))
	if got := codes(notes); len(got) != 1 || got[0] != "blocking no-such-nodes" {
		t.Errorf("diagnostics %v", got)
	}
	if len(a.Effects) != 1 || !a.Effects[0].Unknown {
		t.Errorf("what happens on nodes that nobody described is unknown: %s", lines(a))
	}
	for _, task := range []model.Task{roll("master", -5, -1), roll("master", 1<<40, 1<<40), roll("master", 0, 0)} {
		a, _ := do(t, engine(t, oneService(), nodes("master", 3)), task)
		if a.Duration.P90s < 1000 || a.Duration.P90s > 3000 {
			t.Errorf("%d units, %d at once: %v", task.Units, task.Batch, a.Duration)
		}
	}
}

func TestStagedRollOutIsATail(t *testing.T) {
	m := model.Mapping{
		Planes:   []model.Plane{{ID: "compute"}},
		Services: []model.Service{{ID: "nodes"}},
		Capabilities: []model.Capability{
			capability("compute.capacity", needs("nodes")),
			capability("compute.launch", &model.Need{Service: "nodes", From: level(model.Degraded), Cap: level(model.Degraded)})},
		Residents: []model.Workload{{Service: "nodes", Kind: "node", CountFrom: "nodes:compute", RunsOn: "compute", Needed: "all"}},
	}
	e := engine(t, m, nodes("compute", 512))
	stage := model.Task{ID: "rollout:compute", Does: model.WorkRollout, Method: model.MethodStage, Role: "compute", Units: 512, Duration: est(60, 60)}
	a, _ := do(t, e, stage)
	if a.Tail == nil || a.Tail.Capability != "compute.capacity" || a.Tail.Level != model.AtRisk || a.Tail.Lasts != nil || len(a.Tail.Facts) < 2 {
		t.Fatalf("tail %+v", a.Tail)
	}
	if len(a.Effects) > 0 || a.Footprint["compute"] != model.Untouched {
		t.Errorf("a tail is never charged: %s, %v", lines(a), a.Footprint)
	}
	reboot := stage
	reboot.Method, reboot.Batch, reboot.PerUnit, reboot.Duration = model.MethodReboot, 512, est(900, 1800), nil
	a, _ = do(t, e, reboot)
	if got := lines(a); a.Tail != nil || got != "compute.capacity outage 0/0+900/1800\ncompute.launch degraded 0/0+900/1800" {
		t.Errorf("all at once are an outage: %s", got)
	}
	reboot.Batch = 64
	if a, _ = do(t, e, reboot); !strings.HasPrefix(lines(a), "compute.capacity degraded 0/0+") || len(a.Effects) != 2 {
		t.Errorf("an eighth at a time degrades: %s", lines(a))
	}
}
