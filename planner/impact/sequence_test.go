package impact

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
)

// quorumOf is a mapping with one set of static pods on the masters that needs a quorum.
func quorumOf() model.Mapping {
	return onRoleMapping(model.Workload{Kind: "static-pod", Name: "etcd", CountFrom: "nodes:master", RunsOn: "master", Needed: "quorum"})
}

// withDown are masters by name, of which the first few were not ready.
func withDown(n, down int) model.System {
	s := nodes("master", n)
	for i := range n {
		s.Hosts = append(s.Hosts, model.Host{Name: "m" + string(rune('1'+i)), Role: "master", NotReady: i < down})
	}
	return s
}

func anEngine(m model.Mapping, s model.System) *Engine {
	e, _ := New(m, s, defaultPolicy())
	return e
}

// sitting is a roll of masters.
func sitting(bundle string, units, batch int, gates, wait bool) Step {
	t := roll("master", units, batch)
	t.ID = model.ActionID("roll:master/" + bundle)
	if gates {
		t.Gates = []model.Gate{{ID: "healthy", Text: "All are healthy before each."}}
	}
	if wait {
		t.Wait = est(60, 60)
	}
	return Step{Task: t, Bundle: bundle}
}

// codesOf are the codes with their severity, one each.
func codesOf(ds []model.Diagnostic) string {
	var out []string
	for _, d := range ds {
		out = append(out, string(d.Severity)+" "+string(d.Code))
	}
	return strings.Join(out, ", ")
}

func TestSequence(t *testing.T) {
	const stake, late = "blocking quorum-at-stake", "warning recovery-not-assured"
	for _, c := range []struct {
		name    string
		n, down int
		steps   []Step
		want    string
	}{
		{"three, one at a time, a gate before each: 1 of 3 down, 2 left, 2 needed", 3, 0, []Step{sitting("B1", 3, 1, true, false)}, ""},
		{"the same with a wait", 3, 0, []Step{sitting("B1", 3, 1, false, true)}, ""},
		{"no gate and no wait: the second may go before the first is back, 1 + 1 = 2 of 3", 3, 0, []Step{sitting("B1", 3, 1, false, false)}, late},
		{"one down already: 1 + 1 = 2 of 3, 1 left, 2 needed", 3, 1, []Step{sitting("B1", 3, 1, true, true)}, stake},
		{"five with one down: 1 + 1 = 2 of 5, 3 left, 3 needed", 5, 1, []Step{sitting("B1", 5, 1, true, false)}, ""},
		{"five with one down, two at a time: 1 + 2 = 3 of 5", 5, 1, []Step{sitting("B1", 5, 2, true, false)}, stake},
		{"two at a time of three, nothing down: 2 of 3", 3, 0, []Step{sitting("B1", 3, 2, true, true)}, stake},
		{"rest then first in another bundle, no gate between: the last of the rest and the first, 1 + 1 = 2 of 3", 3, 0,
			[]Step{sitting("B1", 2, 1, true, false), sitting("B2", 1, 1, false, false)}, late},
		{"the same with a gate before the first", 3, 0, []Step{sitting("B1", 2, 1, true, false), sitting("B2", 1, 1, true, false)}, ""},
		{"the same after a wait", 3, 0, []Step{sitting("B1", 2, 1, false, true), sitting("B2", 1, 1, false, false)}, ""},
		{"a gate of something between them counts", 3, 0,
			[]Step{sitting("B1", 2, 1, true, false), {Task: model.Task{ID: "x", Gates: []model.Gate{{ID: "g"}}}, Bundle: "B2"}, sitting("B3", 1, 1, false, false)}, ""},
		{"of five two may be down; two one after the other that may not be back, then a third: 2 + 1 = 3", 5, 0,
			[]Step{sitting("B1", 2, 1, false, false), sitting("B2", 1, 1, false, false)}, late},
		{"a single member has no quorum to lose: its outage is an effect of the action", 1, 0, []Step{sitting("B1", 1, 1, false, false)}, ""},
		{"two members neither", 2, 0, []Step{sitting("B1", 2, 1, false, false)}, ""},
		{"the rest is done, and no gate before the first: the last of the rest and the first, 1 + 1 = 2 of 3", 3, 0,
			[]Step{over(sitting("done", 2, 1, true, false)), sitting("B1", 1, 1, false, true)}, late},
		{"the same with a gate before the first", 3, 0, []Step{over(sitting("done", 2, 1, true, false)), sitting("B1", 1, 1, true, true)}, ""},
		{"the rest is done with its wait", 3, 0, []Step{over(sitting("done", 2, 1, false, true)), sitting("B1", 1, 1, false, true)}, ""},
		{"what is done is over: nothing is said of it", 3, 0, []Step{over(sitting("done", 3, 2, false, false))}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := anEngine(quorumOf(), withDown(c.n, c.down)).CheckSequence(c.steps)
			if codesOf(got) != c.want {
				t.Errorf("got %q, want %q: %+v", codesOf(got), c.want, got)
			}
			for _, d := range got {
				if len(d.Path) == 0 || d.Subject != "etcd" {
					t.Errorf("no path or subject: %+v", d)
				}
			}
		})
	}
	soaks := sitting("B2", 1, 1, false, false)
	soaks.Soaks = true
	if got := anEngine(quorumOf(), withDown(3, 0)).CheckSequence([]Step{sitting("B1", 2, 1, true, false), soaks}); len(got) > 0 {
		t.Errorf("time to soak is time to come back: %+v", got)
	}
}

// over is a step that was done before the plan.
func over(x Step) Step {
	x.Done = true
	return x
}

func TestSequenceNamesThePath(t *testing.T) {
	got := anEngine(quorumOf(), withDown(3, 1)).CheckSequence([]Step{sitting("B1", 2, 1, true, false), sitting("B2", 1, 1, true, false)})
	if len(got) != 1 {
		t.Fatalf("one group, one finding: %+v", got)
	}
	if want := "1 down when the site was looked at + 1 at a time = 2 of 3, 1 left, 2 needed"; !strings.Contains(got[0].Summary, want) {
		t.Errorf("%q lacks %q", got[0].Summary, want)
	}
	if got := strings.Join(got[0].Path, " | "); got != "B1 roll:master/B1 | master nodes | m1 (not ready)" {
		t.Errorf("path %q", got)
	}
}

// What is restarted alone counts as what is drained: a StatefulSet waits for the member
// it restarts, and cephadm for each daemon, but neither brings back one that is down.
func TestRestartsInSequence(t *testing.T) {
	members := model.Workload{Kind: "StatefulSet", Namespace: "a", Name: "m", Replicas: 3, Needed: "quorum"}
	mons := model.Workload{Kind: "ceph-mon", Name: "mon", CountFrom: "ceph:mons", RunsOn: "storage", Needed: "quorum"}
	ship := members
	ship.Service = "s"
	for _, c := range []struct {
		name string
		w    model.Workload
		task model.Task
		down int
		want string
	}{
		{"3 of 3 members ready, one restarts: 2 up", members, model.Task{ID: "ship:a/m", Method: model.MethodStateful, Workloads: []model.Workload{ship}}, 0, ""},
		{"2 of 3 ready, one restarts: 1 up", members, model.Task{ID: "ship:a/m", Method: model.MethodStateful, Workloads: []model.Workload{ship}}, 1, "blocking quorum-at-stake"},
		{"another chart does not touch it", members, model.Task{ID: "ship:a/x", Method: model.MethodStateful}, 1, ""},
		{"3 of 3 monitors, one restarts", mons, model.Task{ID: "ceph:daemons", Does: model.WorkCeph, Method: model.MethodCephDaemon}, 0, ""},
		{"2 of 3 monitors, one restarts: 1 up", mons, model.Task{ID: "ceph:daemons", Does: model.WorkCeph, Method: model.MethodCephDaemon}, 1, "blocking quorum-at-stake"},
		{"a roll of other nodes takes no monitor", mons, roll("worker", 3, 1), 1, ""},
	} {
		s := nodes("worker", 3, "storage", 3)
		s.Ceph = &model.Ceph{Mons: 3}
		ready := 3 - c.down
		s.Workloads = []model.ObservedWorkload{{Kind: "StatefulSet", Namespace: "a", Name: "m", Replicas: 3, Ready: &ready}}
		s.Ceph.Faults = &model.CephFaults{Mons: c.down}
		if got := codesOf(anEngine(onRoleMapping(c.w), s).CheckSequence([]Step{{Task: c.task, Bundle: "B1"}})); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestPoolsInSequence: four hosts, pools of three copies of which two are needed.
func TestPoolsInSequence(t *testing.T) {
	m := onRoleMapping(model.Workload{Kind: "ceph-osd", Name: "osd", CountFrom: "ceph:osd-hosts", RunsOn: "storage", Needed: "1"})
	for _, c := range []struct {
		name          string
		size, least   int
		down, batch   int
		gates         bool
		domain, wants string
	}{
		{"one host at a time: 1 of 3 copies away, 2 left, 2 needed", 3, 2, 0, 1, true, "", ""},
		{"one host down already: 1 + 1 = 2 copies, 1 left", 3, 2, 1, 1, true, "", "blocking copies-at-stake"},
		{"two hosts at a time: 2 copies", 3, 2, 0, 2, true, "", "blocking copies-at-stake"},
		{"nothing makes sure that a host is back", 3, 2, 0, 1, false, "", "warning recovery-not-assured"},
		{"four copies, two needed, one down: 1 + 1 = 2 copies, 2 left", 4, 2, 1, 1, true, "", ""},
		{"two copies of which both are needed: the action shows that as an outage", 2, 2, 0, 1, true, "", ""},
		{"copies that may share a host cannot be counted by hosts; the action says so", 3, 2, 1, 1, true, "osd", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := nodes("storage", 4)
			s.Ceph = &model.Ceph{Mons: 3, OSDHosts: 4, Pools: []model.Pool{{Name: "p", Serves: "block", Size: c.size, MinSize: c.least, FailureDomain: c.domain}}}
			if c.down > 0 {
				s.Ceph.Faults = &model.CephFaults{OSDHosts: c.down}
			}
			x := roll("storage", 4, c.batch)
			if c.gates {
				x.Gates = []model.Gate{{ID: "health"}}
			}
			if got := codesOf(anEngine(m, s).CheckSequence([]Step{{Task: x, Bundle: "B1"}})); got != c.wants {
				t.Errorf("got %q, want %q", got, c.wants)
			}
		})
	}
}

// world simulates members that go down and come back, in every order there is.
type world struct {
	n      int
	faulty uint
	steps  []Step
	// lazy: what nothing makes sure of does not come back.
	lazy bool
	most int
}

func ones(set uint) int {
	k := 0
	for ; set > 0; set &= set - 1 {
		k++
	}
	return k
}

// run goes on with a step: those of it that were taken already, and those that are
// still down from before.
func (w *world) run(i int, taken, down uint) {
	w.most = max(w.most, ones(down|w.faulty))
	if i == len(w.steps) {
		return
	}
	x := w.steps[i]
	gated := len(x.Task.Gates) > 0
	if taken == 0 && (gated || x.Soaks) {
		down = 0
	}
	left := x.Task.Units - ones(taken)
	if left == 0 {
		w.run(i+1, 0, down)
		return
	}
	size := min(x.Task.Batch, left)
	for set := uint(1); set < 1<<w.n; set++ {
		if ones(set) != size || set&taken != 0 {
			continue
		}
		before := down
		if gated {
			before = 0
		}
		w.most = max(w.most, ones(before|set|w.faulty))
		after := before | set
		if !w.lazy || x.Task.Wait != nil {
			after = 0
		}
		w.run(i, taken|set, after)
	}
}

// TestSequenceAgainstEveryOrder: a finding is blocking exactly where too few may stay
// although all that was taken is back at once, and a warning exactly where too few may
// stay only if what nothing makes sure of is not back.
func TestSequenceAgainstEveryOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 5).Draw(t, "members")
		down := rapid.IntRange(0, 2).Draw(t, "down")
		var steps []Step
		left := n // a node is taken by one step only
		for _, b := range []string{"B1", "B2", "B3"}[:rapid.IntRange(1, 3).Draw(t, "steps")] {
			if left == 0 {
				break
			}
			units := rapid.IntRange(1, left).Draw(t, "units")
			left -= units
			x := sitting(b, units, rapid.IntRange(1, min(2, units)).Draw(t, "batch"), rapid.Bool().Draw(t, "gates"), rapid.Bool().Draw(t, "wait"))
			x.Soaks = rapid.Bool().Draw(t, "soaks")
			steps = append(steps, x)
		}
		needed := n/2 + 1
		prompt, lazy := world{n: n, steps: steps}, world{n: n, steps: steps, lazy: true}
		worst := func(w *world) bool {
			for set := uint(0); set < 1<<n; set++ {
				if ones(set) == down {
					w.faulty = set
					w.run(0, 0, 0)
				}
			}
			return n-w.most < needed
		}
		if n-down < needed {
			t.Skip("the quorum is gone before the work")
		}
		block, late := worst(&prompt), worst(&lazy)
		got := anEngine(quorumOf(), withDown(n, down)).CheckSequence(steps)
		if blocks := strings.Contains(codesOf(got), "quorum-at-stake"); blocks != block {
			t.Fatalf("blocking %v, simulated %v (%d down at worst): %+v", blocks, block, prompt.most, got)
		}
		if warns := len(got) > 0; warns != late {
			t.Fatalf("findings %v, simulated %v (%d down at worst): %+v", warns, late, lazy.most, got)
		}
	})
}

// The last batch of a roll may be smaller than the others, and only its members may
// still be away when the next step begins: 1 of three by two, and 1 more, of 5.
func TestSequenceLastBatchIsSmaller(t *testing.T) {
	steps := []Step{sitting("B1", 3, 2, true, false), sitting("B2", 1, 1, false, false)}
	if got := anEngine(quorumOf(), withDown(5, 0)).CheckSequence(steps); len(got) > 0 {
		t.Errorf("1 + 1 away of 5, 3 needed: %+v", got)
	}
	steps = []Step{sitting("B1", 4, 2, true, false), sitting("B2", 1, 1, false, false)}
	if got := codesOf(anEngine(quorumOf(), withDown(5, 0)).CheckSequence(steps)); got != "warning recovery-not-assured" {
		t.Errorf("2 + 1 away of 5, 3 needed: %q", got)
	}
}
