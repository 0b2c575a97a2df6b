package impact

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

func TestLimits(t *testing.T) {
	m := oneService()
	m.Residents = []model.Workload{{Service: "s", Kind: "DaemonSet", Name: "projection", CountFrom: "nodes:worker", Needed: "2"}}
	m.Limits = []model.Limit{
		{ID: "workers-per-batch", Role: "worker", MaxDown: 5, Evidence: model.Evidence{Basis: model.BasisDocumented, Source: "doc"}},
		{ID: "workers-share", Role: "worker", MaxDownPermille: 200},
		{ID: "projection", Role: "worker", MinUp: 2, Service: "s"},
		{ID: "storage", Role: "storage", MaxDown: 1},
		{ID: "first-last", Role: "master", MaxDown: 1, Last: 1},
		{ID: "not-here", Role: "worker", MaxDown: 1, When: "chn"},
	}
	named := func(id model.ActionID, task model.Task) model.Task { task.ID = id; return task }
	for _, c := range []struct {
		name    string
		workers int
		tasks   []model.Task
		want    string
	}{
		{"five of forty", 40, []model.Task{roll("worker", 40, 5)}, ""},
		{"six of forty", 40, []model.Task{roll("worker", 40, 6)}, "workers-per-batch"},
		{"two of six: a fifth is 1.2, rounded down 1", 6, []model.Task{roll("worker", 6, 2)}, "workers-share"},
		{"one of four: a fifth is 0.8, but at least one may go", 4, []model.Task{roll("worker", 4, 1)}, ""},
		{"one of three leaves two projection servers", 3, []model.Task{roll("worker", 3, 1)}, ""},
		{"one of two leaves one", 2, []model.Task{roll("worker", 2, 1)}, "projection"},
		{"a batch is never larger than its task", 40, []model.Task{roll("worker", 1, 9)}, ""},
		{"two storage nodes at once", 3, []model.Task{roll("storage", 4, 2)}, "storage"},
		{"number 1 last", 3, []model.Task{named("roll:master/rest", roll("master", 2, 1)), roll("worker", 3, 1), named("roll:master/first", roll("master", 1, 1))}, ""},
		{"number 1 first", 3, []model.Task{named("roll:master/first", roll("master", 1, 1)), named("roll:master/rest", roll("master", 2, 1))}, "first-last"},
		{"number 1 not alone", 3, []model.Task{named("roll:master/first", roll("master", 2, 1))}, "first-last"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := engine(t, m, nodes("worker", c.workers, "storage", 4, "master", 3))
			var got []string
			for _, d := range e.CheckLimits(c.tasks) {
				if d.Severity != model.Blocking || d.Code != "limit-broken" {
					t.Errorf("unexpected %+v", d)
				}
				got = append(got, strings.TrimPrefix(d.Path[len(d.Path)-1], "limit:"))
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

// No compute node reboots while workers that project root file systems are away,
// and the tail of a staged roll-out has no known end.
func TestNotDuringATail(t *testing.T) {
	m := oneService()
	m.Orders = []model.OrderRule{{ID: "dvs", First: "roll:worker*", Then: "rollout:compute*", Relation: model.NotDuring, When: "dvs"}}
	s := nodes("worker", 3, "compute", 64)
	s.Features = []string{"dvs"}
	workers := model.Action{ID: "roll:worker/rest"}
	staged := model.Action{ID: "rollout:compute", Tail: &model.Tail{Text: "each reboots when its job ends"}}
	rebooted := model.Action{ID: "rollout:compute"}
	for _, c := range []struct {
		name    string
		bundles [][]model.Action
		dvs     bool
		want    int
	}{
		{"workers first", [][]model.Action{{workers}, {staged}}, true, 0},
		{"workers first, same bundle", [][]model.Action{{workers, staged}}, true, 0},
		{"staged first", [][]model.Action{{staged}, {workers}}, true, 1},
		{"staged first, same bundle", [][]model.Action{{staged, workers}}, true, 1},
		{"rebooted at once: no tail", [][]model.Action{{rebooted}, {workers}}, true, 0},
		{"a system without dvs", [][]model.Action{{staged}, {workers}}, false, 0},
	} {
		x := s
		if !c.dvs {
			x.Features = nil
		}
		if got := engine(t, m, x).CheckTails(c.bundles); len(got) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestBadSystems(t *testing.T) {
	for _, c := range []struct {
		name string
		s    model.System
		want string
	}{
		{"no nodes", model.System{Name: "x"}, "blocking no-nodes"},
		{"only empty groups", nodes("worker", 0), "blocking no-nodes"},
		{"measured backwards", model.System{Nodes: nodes("worker", 3).Nodes, Measured: []model.Measured{{Action: "x", P50s: 9, P90s: 3}}}, "blocking bad-duration"},
		{"observed by the million", model.System{Nodes: nodes("worker", 3).Nodes, Workloads: []model.ObservedWorkload{{Name: "x", Replicas: 1 << 30}}}, "blocking absurd-count"},
		{"observed 150%", model.System{Nodes: nodes("worker", 3).Nodes, Workloads: []model.ObservedWorkload{{Name: "x", Replicas: 1, MaxUnavailable: "150%"}}}, "blocking bad-amount"},
		{"observed twice", model.System{Nodes: nodes("worker", 3).Nodes, Workloads: []model.ObservedWorkload{{Name: "x", Replicas: 1}, {Name: "x", Replicas: 2}}}, "blocking duplicate-workload"},
		{"a budget with both limits", model.System{Nodes: nodes("worker", 3).Nodes, Workloads: []model.ObservedWorkload{{Name: "x", Replicas: 1, PDB: &model.PDB{MinAvailable: "1", MaxUnavailable: "1"}}}}, "blocking bad-budget"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, notes := New(oneService(), c.s, defaultPolicy())
			if !slices.Contains(codes(notes), c.want) {
				t.Errorf("got %v, want %s", codes(notes), c.want)
			}
			e.Action(roll("worker", 3, 1))
			e.Action(roll("compute", 3, 1))
			e.Action(ship(model.Workload{Service: "s", Name: "x", Replicas: 2}))
		})
	}
}
