package impact

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
)

// placed is a mapping of several workloads, each behind a capability of its own:
// control.NAME, with an importance.
func placedMapping(ws ...model.Workload) model.Mapping {
	m := model.Mapping{Planes: []model.Plane{{ID: "control"}}}
	for _, w := range ws {
		w.Service = model.ServiceID(w.Name)
		c := capability(model.CapabilityID("control."+w.Name), needs(w.Service))
		if strings.HasPrefix(w.Name, "minor") {
			c.Importance = model.Minor
		}
		m.Services = append(m.Services, model.Service{ID: w.Service})
		m.Capabilities = append(m.Capabilities, c)
		m.Residents = append(m.Residents, w)
	}
	return m
}

// workersSeen are workers w1 ... with the nodes on which workloads run.
func workersSeen(n int, at map[string][]string, ws ...model.Workload) model.System {
	s := nodes("worker", n)
	for i := range n {
		s.Hosts = append(s.Hosts, model.Host{Name: fmt.Sprintf("w%d", i+1), Role: "worker"})
	}
	for _, w := range ws {
		if where, ok := at[w.Name]; ok {
			s.Workloads = append(s.Workloads, model.ObservedWorkload{Kind: w.Kind, Name: w.Name, Replicas: len(where), Nodes: where})
		}
	}
	return s
}

// byNode writes the nodes of an action: "w2: control.a outage, control.b at-risk (last)".
func byNode(a model.Action) string {
	var out []string
	for _, n := range a.Nodes {
		var caps []string
		for _, c := range n.Capabilities {
			word := strings.TrimPrefix(string(c.ID), "control.") + " " + c.Range().String()
			if c.Unknown {
				word += " to " + c.Range().Most.String()
			}
			caps = append(caps, word)
		}
		line := n.Name + ": " + strings.Join(caps, ", ")
		if n.Last {
			line += " (last)"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestPlacement(t *testing.T) {
	restart := est(100, 100)
	single := func(name string) model.Workload {
		return model.Workload{Kind: "Deployment", Name: name, Replicas: 1, Restart: restart}
	}
	three := model.Workload{Kind: "Deployment", Name: "three", Replicas: 3, Needed: "2", Restart: restart}
	members := model.Workload{Kind: "StatefulSet", Name: "members", Replicas: 3, Needed: "quorum", Restart: restart}
	daemon := model.Workload{Kind: "DaemonSet", Name: "daemon", CountFrom: "nodes:worker", Needed: "2"}
	leader := model.Workload{Kind: "StatefulSet", Name: "leader", Replicas: 3, Leader: true, Restart: restart, Failover: est(10, 10)}
	for _, c := range []struct {
		name  string
		ws    []model.Workload
		at    map[string][]string
		units int
		want  string
	}{
		{"a single instance is gone for a restart when its node goes, and nobody feels the others", []model.Workload{single("db")},
			map[string][]string{"db": {"w2"}}, 4, "w2: db outage (last)\nw1: \nw3: \nw4: "},
		{"two singletons on two nodes: neither is better taken last", []model.Workload{single("a"), single("b")},
			map[string][]string{"a": {"w2"}, "b": {"w3"}}, 4, "w2: a outage\nw3: b outage\nw1: \nw4: "},
		{"the critical one decides", []model.Workload{single("a"), single("minor")},
			map[string][]string{"a": {"w3"}, "minor": {"w1"}}, 4, "w3: a outage (last)\nw1: minor outage\nw2: \nw4: "},
		{"a roll of some of the nodes only: which is not known, nor what is last", []model.Workload{single("db")},
			map[string][]string{"db": {"w2"}}, 3, "w2: db outage\nw1: \nw3: \nw4: "},
		{"two of three on one node: 3 - 2 = 1 up, 2 needed; one of three: 2 up", []model.Workload{three},
			map[string][]string{"three": {"w1", "w1", "w4"}}, 4, "w1: three degraded\nw4: three at-risk\nw2: \nw3: "},
		{"two of three members on one node: 1 is no majority", []model.Workload{members},
			map[string][]string{"members": {"w1", "w1", "w4"}}, 4, "w1: members outage\nw4: members at-risk\nw2: \nw3: "},
		{"what lives on labelled nodes goes with those: 3 of 4, 2 needed", []model.Workload{daemon},
			map[string][]string{"daemon": {"w1", "w2", "w4"}}, 4, "w1: daemon at-risk\nw2: daemon at-risk\nw4: daemon at-risk\nw3: "},
		{"one on each node where nothing else was seen", []model.Workload{daemon}, nil, 4,
			"w1: daemon at-risk\nw2: daemon at-risk\nw3: daemon at-risk\nw4: daemon at-risk"},
		{"where a singleton runs is not known: any node may carry it", []model.Workload{single("db")}, nil, 4,
			"w1: db unknown to outage\nw2: db unknown to outage\nw3: db unknown to outage\nw4: db unknown to outage"},
		{"the leader may be on any node with a member", []model.Workload{leader},
			map[string][]string{"leader": {"w1", "w2", "w3"}}, 4,
			"w1: leader unknown, at least at-risk to outage\nw2: leader unknown, at least at-risk to outage\nw3: leader unknown, at least at-risk to outage\nw4: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, facts, _ := anEngine(placedMapping(c.ws...), workersSeen(4, c.at, c.ws...)).Action(roll("worker", c.units, 1))
			if got := byNode(a); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			known := map[model.FactID]model.Fact{}
			for _, f := range facts {
				known[f.ID] = f
			}
			for _, n := range a.Nodes {
				if len(n.Facts) != 1 || known[n.Facts[0]].Basis != model.BasisObserved || known[n.Facts[0]].Object != "node:"+n.Name {
					t.Errorf("%s has no fact of what was seen there: %v", n.Name, n.Facts)
				}
			}
		})
	}
}

// What is not known of nodes is said, and is never nothing.
func TestPlacementNotKnown(t *testing.T) {
	db := model.Workload{Kind: "Deployment", Name: "db", Replicas: 1, Restart: est(100, 100)}
	s := workersSeen(2, nil, db)
	s.Nodes[0].Count = 5
	a, _, _ := anEngine(placedMapping(db), s).Action(roll("worker", 5, 1))
	if a.Nameless != 3 || strings.Join(a.Unplaced, " ") != "db" {
		t.Errorf("3 of 5 workers have no name and db no place: %d, %v", a.Nameless, a.Unplaced)
	}
	if a, _, _ := anEngine(placedMapping(db), nodes("worker", 5)).Action(roll("worker", 5, 1)); a.Nodes != nil || a.Unplaced != nil {
		t.Errorf("without names nothing is said of nodes: %+v", a.Nodes)
	}
	task := roll("worker", 5, 1)
	task.UnknownOn = []model.PlaneID{"control"}
	a, _, _ = anEngine(placedMapping(db), s).Action(task)
	for _, n := range a.Nodes {
		if len(n.Capabilities) != 1 || n.Capabilities[0].Range() != model.Unknown() {
			t.Errorf("the whole action is unknown, and %s is %+v", n.Name, n.Capabilities)
		}
	}
}

// Of a node nothing may be said that the roll of all nodes does not have, too: the worst
// of the nodes is no worse than the action, and what the action has for certain by
// what moves off nodes, some node may have.
func TestNodesAgreeWithTheAction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := []string{"Deployment", "StatefulSet"}
		var ws []model.Workload
		at := map[string][]string{}
		workers := rapid.IntRange(2, 5).Draw(t, "workers")
		for _, name := range []string{"a", "b", "c"} {
			w := model.Workload{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Name: name, Replicas: rapid.IntRange(1, 4).Draw(t, "n"), Restart: est(50, 100),
				Needed: rapid.SampledFrom([]string{"", "quorum", "all"}).Draw(t, "needed")}
			if rapid.Bool().Draw(t, "placed") {
				for range w.Replicas {
					at[name] = append(at[name], fmt.Sprintf("w%d", rapid.IntRange(1, workers).Draw(t, "node")))
				}
			}
			ws = append(ws, w)
		}
		a, _, _ := anEngine(placedMapping(ws...), workersSeen(workers, at, ws...)).Action(roll("worker", workers, 1))
		whole, single := map[model.CapabilityID]model.Range{}, map[model.CapabilityID]model.Range{}
		for _, e := range a.Effects {
			whole[e.Capability] = whole[e.Capability].Worse(e.Range())
		}
		for _, n := range a.Nodes {
			for _, c := range n.Capabilities {
				single[c.ID] = single[c.ID].Worse(c.Range())
			}
		}
		for _, w := range ws {
			id := model.CapabilityID("control." + w.Name)
			if single[id].Most != whole[id].Most {
				t.Fatalf("%s: the worst node %v, the action %v\n%s", id, single[id], whole[id], byNode(a))
			}
		}
	})
}
