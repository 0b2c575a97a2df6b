package impact

import (
	"strings"
	"testing"

	"planewise/model"
)

func TestBudgetsAsTheyWereSeen(t *testing.T) {
	for _, c := range []struct {
		name string
		o    model.ObservedWorkload
		want string // codes of blocking findings
	}{
		{"2 of 3 have to stay, one may go", model.ObservedWorkload{Replicas: 3, PDB: &model.PDB{Name: "b", MinAvailable: "2", Allowed: count(1)}}, ""},
		{"one may go by the numbers, none when it was looked at, since only 2 were ready",
			model.ObservedWorkload{Replicas: 3, Ready: count(2), PDB: &model.PDB{Name: "b", MinAvailable: "2", Allowed: count(0)}}, "blocking budget-blocks-drain"},
		{"none may go by the numbers", model.ObservedWorkload{Replicas: 1, PDB: &model.PDB{Name: "b", MinAvailable: "1"}}, "blocking budget-blocks-drain"},
		{"two budgets: Kubernetes evicts none", model.ObservedWorkload{Replicas: 3, PDB: &model.PDB{Name: "b", MinAvailable: "1", Allowed: count(2), Also: []string{"c"}}}, "blocking several-budgets"},
		{"what allows is not known", model.ObservedWorkload{Replicas: 3, PDB: &model.PDB{Name: "b", MinAvailable: "2"}}, ""},
	} {
		for _, mapped := range []bool{true, false} {
			o := c.o
			o.Kind, o.Namespace, o.Name, o.Nodes = "Deployment", "ns", "w", []string{"w1"}
			s := nodes("worker", 3)
			s.TakenAt = "2026-01-10T19:00:00Z"
			s.Hosts = []model.Host{{Name: "w1", Role: "worker"}}
			s.Workloads = []model.ObservedWorkload{o}
			w := model.Workload{Kind: "Deployment", Namespace: "ns", Name: "w", Replicas: 3}
			if !mapped {
				w.Name = "other" // a workload of which the mapping knows nothing is drained, too
			}
			_, _, notes := anEngine(onRoleMapping(w), s).Action(roll("worker", 3, 1))
			var got []string
			for _, d := range notes {
				if d.Severity == model.Blocking {
					got = append(got, codesOf([]model.Diagnostic{d}))
				}
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s (mapped %v): got %v, want %s", c.name, mapped, got, c.want)
			}
		}
	}
}

// A budget of pods that run on other nodes does not stop this drain.
func TestBudgetElsewhere(t *testing.T) {
	s := nodes("worker", 3, "master", 3)
	s.TakenAt = "2026-01-10T19:00:00Z"
	s.Hosts = []model.Host{{Name: "w1", Role: "worker"}, {Name: "m1", Role: "master"}}
	s.Workloads = []model.ObservedWorkload{{Kind: "Deployment", Name: "x", Replicas: 1, PDB: &model.PDB{MinAvailable: "1"}, Nodes: []string{"m1"}}}
	e := anEngine(onRoleMapping(model.Workload{Kind: "Deployment", Name: "w", Replicas: 2}), s)
	if _, _, notes := e.Action(roll("worker", 3, 1)); len(notes) > 0 {
		t.Errorf("%+v", notes)
	}
	if _, _, notes := e.Action(roll("master", 3, 1)); codesOf(notes) != "blocking budget-blocks-drain" {
		t.Errorf("%+v", notes)
	}
}

func TestUnmanagedPods(t *testing.T) {
	s := nodes("worker", 2)
	s.Hosts = []model.Host{{Name: "w1", Role: "worker"}, {Name: "w2", Role: "worker", Unmanaged: []string{"home/shell"}}}
	_, _, notes := anEngine(onRoleMapping(model.Workload{Kind: "Deployment", Name: "w", Replicas: 2}), s).Action(roll("worker", 2, 1))
	if len(notes) != 1 || notes[0].Code != "unmanaged-pods" || notes[0].Subject != "node:w2" || !strings.Contains(notes[0].Summary, "home/shell") {
		t.Errorf("%+v", notes)
	}
}

// What was seen says what the mapping would have said, where that is something else.
func TestSeenAgainstMapping(t *testing.T) {
	w := model.Workload{Kind: "Deployment", Name: "w", Replicas: 3, Method: model.MethodRolling, MaxUnavailable: "1"}
	for _, c := range []struct {
		name string
		o    model.ObservedWorkload
		want string
	}{
		{"the same", model.ObservedWorkload{Replicas: 3, Method: model.MethodRolling, MaxUnavailable: "1"}, "3 instances seen on the site"},
		{"fewer", model.ObservedWorkload{Replicas: 2}, "2 instances seen on the site; the mapping says 3 instances"},
		{"stopped first", model.ObservedWorkload{Replicas: 3, Method: model.MethodRecreate}, "3 instances seen on the site, updated by recreate; the mapping says updated by rolling"},
		{"another strategy", model.ObservedWorkload{Replicas: 1, MaxUnavailable: "2", MaxSurge: "0"},
			"1 instance seen on the site, 2 unavailable and 0 more at a time; the mapping says 3 instances, 1 unavailable and 25% more at a time"},
		{"a volume", model.ObservedWorkload{Replicas: 3, ExclusiveVolume: true}, "3 instances seen on the site, with a volume for one node at a time; the mapping says no such volume"},
	} {
		c.o.Kind, c.o.Name = "Deployment", "w"
		s := nodes("worker", 3)
		s.Workloads, s.TakenAt = []model.ObservedWorkload{c.o}, "2026-01-10T19:00:00Z"
		_, facts, _ := anEngine(onRoleMapping(w), s).Action(model.Task{ID: "ship:w", Method: model.MethodRolling, Workloads: []model.Workload{{Service: "s", Kind: "Deployment", Name: "w", Replicas: 3, Method: model.MethodRolling, MaxUnavailable: "1"}}})
		found := false
		for _, f := range facts {
			if f.Relation == "restarts" {
				found = true
				if !strings.HasSuffix(f.Text, "; "+c.want) || f.Basis != model.BasisObserved || f.Source != "system test, taken at 2026-01-10T19:00:00Z" {
					t.Errorf("%s: %+v, want %q", c.name, f, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%s: no fact", c.name)
		}
	}
}

// Where one node carries more members than a budget lets go, fewer nodes at a time
// would not help: there are none fewer than one.
func TestBudgetOfOneNode(t *testing.T) {
	s := nodes("worker", 3)
	s.Hosts = []model.Host{{Name: "w1", Role: "worker"}, {Name: "w2", Role: "worker"}}
	s.Workloads = []model.ObservedWorkload{{Kind: "StatefulSet", Namespace: "ns", Name: "w", Replicas: 3, Nodes: []string{"w1", "w1", "w2"}, PDB: &model.PDB{Name: "b", MinAvailable: "2"}}}
	m := onRoleMapping(model.Workload{Kind: "StatefulSet", Namespace: "ns", Name: "w", Replicas: 3, Needed: "quorum"})
	_, _, notes := anEngine(m, s).Action(roll("worker", 3, 1))
	for _, d := range notes {
		if d.Code == "budget-blocks-drain" && d.Hint != "spread its instances over more nodes before the work" {
			t.Error(d.Hint)
		}
	}
	if !strings.Contains(codesOf(notes), "blocking budget-blocks-drain") {
		t.Errorf("%+v", notes)
	}
}
