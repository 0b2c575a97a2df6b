package impact

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
)

func count(n int) *int { return &n }

// A fault that was seen may be repaired by the time of the work, or not: the level is
// at least that without it and at most that with it.
func TestFaultsThatWereSeen(t *testing.T) {
	restart := est(100, 100)
	pods := func(replicas int, needed, kind string) model.Workload {
		return model.Workload{Kind: kind, Namespace: "ns", Name: "w", Replicas: replicas, Needed: needed, Restart: restart}
	}
	ceph := func(f model.CephFaults) *model.Ceph {
		return &model.Ceph{Mons: 3, Mgrs: 2, MDSActive: 1, MDSStandby: 1, RGW: 2, RGWProxy: true, OSDHosts: 4, Faults: &f,
			Pools: []model.Pool{{Name: "p", Serves: "block", Size: 3, MinSize: 2}}}
	}
	for _, c := range []struct {
		name string
		w    model.Workload
		see  func(*model.System)
		role string
		want string
	}{
		{"two of three pods ready, one moves: 2 up of which 1 is needed, at worst 1 up", pods(3, "", "Deployment"),
			func(s *model.System) { s.Workloads[0].Ready = count(2) }, "worker", "at-risk"},
		{"two of three ready, two needed: 2 up, at worst 1", pods(3, "2", "Deployment"),
			func(s *model.System) { s.Workloads[0].Ready = count(2) }, "worker", "unknown, at least at-risk to degraded"},
		{"two of three members ready: 2 of 3 is a majority, 1 is none", pods(3, "quorum", "StatefulSet"),
			func(s *model.System) { s.Workloads[0].Ready = count(2) }, "worker", "unknown, at least at-risk to outage"},
		{"one of two ready: 1 up, at worst none", pods(2, "", "Deployment"),
			func(s *model.System) { s.Workloads[0].Ready = count(1) }, "worker", "unknown, at least at-risk to outage"},
		{"all ready is no fault", pods(2, "", "Deployment"),
			func(s *model.System) { s.Workloads[0].Ready = count(2) }, "worker", "at-risk"},
		{"nor is what was not said", pods(2, "", "Deployment"), func(*model.System) {}, "worker", "at-risk"},
		{"a master not ready: etcd has 2 of 3 without one, at worst 1",
			model.Workload{Kind: "static-pod", Name: "etcd", CountFrom: "nodes:master", RunsOn: "master", Needed: "quorum"},
			func(s *model.System) { s.Hosts = []model.Host{{Name: "m3", Role: "master", NotReady: true}} }, "master", "unknown, at least at-risk to outage"},
		{"a monitor out of the quorum", model.Workload{Kind: "ceph-mon", Name: "mon", CountFrom: "ceph:mons", RunsOn: "storage", Needed: "quorum"},
			func(s *model.System) { s.Ceph = ceph(model.CephFaults{Mons: 1}) }, "storage", "unknown, at least at-risk to outage"},
		{"a host of storage daemons down: 3 - 1 = 2 copies, at worst 1, 2 needed", model.Workload{Kind: "ceph-osd", Name: "osd", CountFrom: "ceph:osd-hosts", RunsOn: "storage"},
			func(s *model.System) { s.Ceph = ceph(model.CephFaults{OSDHosts: 1}) }, "storage", "unknown, at least at-risk to outage"},
		{"the standby of the metadata server not running: with it a gap, without it gone until the host is back",
			model.Workload{Kind: "ceph-mds", Name: "mds", CountFrom: "ceph:mds", RunsOn: "storage", Failover: est(10, 10)},
			func(s *model.System) { s.Ceph = ceph(model.CephFaults{MDS: 1}) }, "storage", "outage"}, // in the gap itself
		{"flags and health alone count no instance", model.Workload{Kind: "ceph-mon", Name: "mon", CountFrom: "ceph:mons", RunsOn: "storage", Needed: "quorum"},
			func(s *model.System) {
				s.Ceph = ceph(model.CephFaults{Health: "HEALTH_WARN", Flags: []string{"noout"}})
			}, "storage", "at-risk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := nodes("master", 3, "worker", 4, "storage", 4)
			if c.w.Namespace != "" {
				s.Workloads = []model.ObservedWorkload{{Kind: c.w.Kind, Namespace: "ns", Name: "w", Replicas: c.w.Replicas}}
			}
			c.see(&s)
			a, facts, _ := anEngine(onRoleMapping(c.w), s).Action(roll(c.role, 4, 1))
			if got := worstWords(a); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if !strings.HasPrefix(c.want, "unknown") {
				return
			}
			for _, f := range facts {
				if f.Relation == "restarts" && f.Level == "unknown" {
					if f.Basis != model.BasisObserved || f.Source != "system test" || !strings.Contains(f.Text, "when the site was looked at") {
						t.Errorf("the fact does not say what was seen: %+v", f)
					}
					return
				}
			}
			t.Error("no fact says why")
		})
	}
}

// worstWords is the worst level of an action with both of its ends.
func worstWords(a model.Action) string {
	var worst model.Range
	for _, e := range a.Effects {
		worst = worst.Worse(e.Range())
	}
	if worst.IsUnknown() {
		return worst.String() + " to " + worst.Most.String()
	}
	return worst.String()
}

// Where the standby does not run, the file system waits as long as the host is away.
func TestNoStandbyLeft(t *testing.T) {
	s := nodes("storage", 1)
	s.Ceph = &model.Ceph{MDSActive: 1, MDSStandby: 1, Faults: &model.CephFaults{MDS: 1}}
	m := onRoleMapping(model.Workload{Kind: "ceph-mds", Name: "mds", CountFrom: "ceph:mds", RunsOn: "storage", Failover: est(10, 10)})
	a, _, _ := anEngine(m, s).Action(roll("storage", 1, 1))
	// 10 s of fail-over for certain, 1000 s of rebuild where nobody takes over.
	if got := lines(a); got != "control.s outage 0/0+10/10\ncontrol.s unknown, at least at-risk 10/10+990/990" {
		t.Errorf("got\n%s", got)
	}
}

// TestStartsDegraded: what is wrong before any work is said with what it makes worse.
func TestStartsDegraded(t *testing.T) {
	s := withDown(3, 1)
	s.TakenAt = "2026-01-10T19:00:00Z"
	s.Hosts = append(s.Hosts, model.Host{Name: "w1", Role: "worker", Cordoned: true})
	s.Nodes = append(s.Nodes, model.NodeGroup{Role: "worker", Count: 1})
	_, notes := New(quorumOf(), s, defaultPolicy())
	var got []string
	for _, d := range notes {
		got = append(got, string(d.Severity)+" "+string(d.Code)+" "+d.Subject)
		if d.Subject == "nodes:master" && (!strings.Contains(d.Summary, "m1") || !strings.Contains(d.Summary, "control.s at-risk") || !strings.Contains(d.Summary, "One more away, and the service itself is at level outage")) {
			t.Errorf("%q does not name node, capability and what comes next", d.Summary)
		}
	}
	if want := "warning starts-degraded cordoned:worker, warning starts-degraded nodes:master"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	stranger := withDown(3, 0)
	stranger.TakenAt, stranger.Workloads = "2026-01-10T19:00:00Z", []model.ObservedWorkload{{Kind: "Deployment", Namespace: "home", Name: "app", Replicas: 2, Ready: count(1)}}
	if _, notes := New(quorumOf(), stranger, defaultPolicy()); codesOf(notes) != "warning starts-degraded" || !strings.Contains(notes[0].Summary, "home/app") {
		t.Errorf("a fault of something that no mapping knows: %+v", notes)
	}
	if _, notes := New(quorumOf(), withDown(3, 0), defaultPolicy()); len(notes) > 0 {
		t.Errorf("nothing is wrong, and yet: %+v", notes)
	}
}

// site is a system with observed workloads, drawn.
func site(t *rapid.T) (model.Mapping, model.System) {
	kind := rapid.SampledFrom([]string{"Deployment", "StatefulSet", "DaemonSet", "static-pod", "ceph-mon", "ceph-osd", "ceph-mds", "ceph-mgr"}).Draw(t, "kind")
	n := rapid.IntRange(1, 5).Draw(t, "instances")
	w := model.Workload{Kind: kind, Name: "w", Replicas: n, RunsOn: "worker", Restart: est(100, 200), Failover: est(10, 20),
		Needed: rapid.SampledFrom([]string{"", "quorum", "all"}).Draw(t, "needed"), Leader: rapid.Bool().Draw(t, "leader")}
	s := nodes("worker", rapid.IntRange(2, 5).Draw(t, "workers"))
	s.Ceph = &model.Ceph{Mons: n, Mgrs: n, MDSActive: 1, MDSStandby: 1, OSDHosts: 4, Pools: []model.Pool{{Name: "p", Serves: "block", Size: 3, MinSize: rapid.IntRange(1, 3).Draw(t, "min")}}}
	for i := range s.Nodes[0].Count {
		s.Hosts = append(s.Hosts, model.Host{Name: "w" + string(rune('1'+i)), Role: "worker"})
	}
	s.Workloads = []model.ObservedWorkload{{Kind: kind, Name: "w", Replicas: n}}
	return onRoleMapping(w), s
}

// levelsOf is the worst range of each capability, and whether anything is felt.
func levelsOf(a model.Action) model.Range {
	var worst model.Range
	for _, e := range a.Effects {
		worst = worst.Worse(e.Range())
	}
	return worst
}

func TestFurtherFaultNeverImproves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, s := site(t)
		task := roll("worker", s.Nodes[0].Count, rapid.IntRange(1, 2).Draw(t, "batch"))
		before := s
		fault := rapid.IntRange(0, 3).Draw(t, "fault")
		before.Workloads = []model.ObservedWorkload{s.Workloads[0]}
		ready := s.Workloads[0].Replicas - rapid.IntRange(0, s.Workloads[0].Replicas).Draw(t, "down")
		if rapid.Bool().Draw(t, "known") {
			before.Workloads[0].Ready = &ready
		}
		c := *s.Ceph
		c.Faults = &model.CephFaults{Mons: fault, Mgrs: fault, MDS: min(fault, 1), OSDHosts: fault}
		before.Ceph = &c

		after := before
		after.Workloads, after.Hosts = []model.ObservedWorkload{before.Workloads[0]}, append([]model.Host(nil), before.Hosts...)
		switch rapid.IntRange(0, 3).Draw(t, "which") {
		case 0:
			if less := ready - 1; less >= 0 && before.Workloads[0].Ready != nil {
				after.Workloads[0].Ready = &less
			}
		case 1:
			after.Hosts[0].NotReady = true
		case 2:
			after.Hosts[0].Cordoned = true
		case 3:
			more := *before.Ceph
			more.Faults = &model.CephFaults{Mons: fault + 1, Mgrs: fault + 1, MDS: 2, OSDHosts: fault + 1}
			after.Ceph = &more
		}
		a, _, _ := anEngine(m, before).Action(task)
		b, _, _ := anEngine(m, after).Action(task)
		x, y := levelsOf(a), levelsOf(b)
		if y.Least < x.Least || y.Most < x.Most {
			t.Fatalf("one fault more, and %v became %v", x, y)
		}
		if blocks(anEngine(m, before).CheckSequence([]Step{{Task: task}})) > blocks(anEngine(m, after).CheckSequence([]Step{{Task: task}})) {
			t.Fatal("one fault more, and fewer findings block")
		}
	})
}

func blocks(ds []model.Diagnostic) int {
	n := 0
	for _, d := range ds {
		if d.Severity == model.Blocking {
			n++
		}
	}
	return n
}

// A system that was seen to be healthy gives what one gives of which nobody looked.
func TestHealthyIsAsBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, s := site(t)
		plain := s
		plain.Hosts = nil
		s.Workloads = []model.ObservedWorkload{s.Workloads[0]}
		s.Workloads[0].Ready = count(s.Workloads[0].Replicas)
		c := *s.Ceph
		c.Faults = &model.CephFaults{}
		s.Ceph = &c
		task := roll("worker", s.Nodes[0].Count, 1)
		a, _, n1 := anEngine(m, s).Action(task)
		b, _, n2 := anEngine(m, plain).Action(task)
		a.Nodes, a.Unplaced, a.Facts = nil, nil, b.Facts // names of nodes add their own
		if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(n1, n2) {
			t.Fatalf("healthy: %+v %v\nas before: %+v %v", a, n1, b, n2)
		}
		_, e1 := New(m, s, defaultPolicy())
		_, e2 := New(m, plain, defaultPolicy())
		if !reflect.DeepEqual(e1, e2) {
			t.Fatalf("notes differ: %v, %v", e1, e2)
		}
	})
}

// Where a short gap that is certain begins a long time that is not, the explanation
// names the fault: the gap does not say why the rest is unknown.
func TestTheFaultIsNamedBehindAGap(t *testing.T) {
	m := oneService()
	m.Services[0].Needs = nil
	m.Residents = []model.Workload{
		{Service: "s", Kind: "static-pod", Name: "api", Needed: "2", CountFrom: "nodes:master", RunsOn: "master", Leader: true, Failover: est(10, 10)},
	}
	m.Capabilities[0].Needs = &model.Need{Service: "s", From: level(model.Degraded), HoldsS: 60}
	s := nodes("master", 3)
	s.Hosts = []model.Host{{Name: "m1", Role: "master", NotReady: true}}
	a, facts, _ := anEngine(m, s).Action(roll("master", 1, 1))
	seen := map[model.FactID]bool{}
	for _, f := range facts {
		seen[f.ID] = f.Basis == model.BasisObserved
	}
	for _, e := range a.Effects {
		if e.Unknown && !slices.ContainsFunc(e.Facts, func(id model.FactID) bool { return seen[id] }) {
			t.Errorf("%s is unknown and no fact says that a master was not ready: %+v", e.Capability, e)
		}
	}
	if got := worstWords(a); got != "unknown to degraded" {
		t.Errorf("got %s", got)
	}
}
