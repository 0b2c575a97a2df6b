package words

import (
	"slices"
	"testing"

	"planewise/model"
)

func capabilityAt(id model.CapabilityID, r model.Range) model.NodeCapability {
	var e model.Effect
	e.SetRange(r)
	return model.NodeCapability{ID: id, Level: e.Level, Unknown: e.Unknown, Most: e.Most}
}

func TestPlacement(t *testing.T) {
	out, risk, unknown := model.Exactly(model.Outage), model.Exactly(model.AtRisk), model.Unknown()
	a := model.Action{ID: "roll:worker", Role: "worker", Units: 4, Nameless: 1, Unplaced: []string{"a/x", "a/y", "a/z"}, Nodes: []model.NodeImpact{
		{Name: "w2", Last: true, Capabilities: []model.NodeCapability{capabilityAt("p.one", out), capabilityAt("p.two", out), capabilityAt("p.all", risk), capabilityAt("p.may", unknown)},
			Workloads: []model.NodeWorkload{{Name: "a/db", Here: 1, Instances: 1, Single: true}, {Name: "a/web", Here: 2, Instances: 3}, {Name: "a/dns", Here: 1, Instances: 2}}},
		{Name: "w1", Capabilities: []model.NodeCapability{capabilityAt("p.one", risk), capabilityAt("p.all", risk), capabilityAt("p.may", unknown)}},
		{Name: "w3", Capabilities: []model.NodeCapability{capabilityAt("p.all", risk), capabilityAt("p.may", unknown)}},
	}}
	p := PlacementOf(a, 0)
	want := []NodeLine{
		{Name: "w2", Worst: "unknown, at least outage", Levels: "outage: p.one, p.two", Carries: "a/db (the only instance), a/web (2 of 3)",
			Hint: "Take it last, or move a/db off it first: it moves once only, to a node that is done; taken earlier it may land on one that is still to come."},
		{Name: "w1", Worst: "unknown, at least at-risk", Levels: "at-risk: p.one"},
		{Name: "w3", Worst: "unknown, at least at-risk", Levels: "nothing beside what every node disturbs"},
	}
	want[0].Worst = "outage" // an outage is the worst there is
	if !slices.Equal(p.Nodes, want) {
		t.Errorf("got\n%+v\nwant\n%+v", p.Nodes, want)
	}
	if p.Everywhere != "at-risk: p.all; unknown: p.may" {
		t.Errorf("every node: %q", p.Everywhere)
	}
	open := []string{"1 more worker node: neither its name nor what is on it is known.",
		"It is not known on which nodes these run, so that any node may carry them: a/x, a/y, a/z."}
	if !slices.Equal(p.Open, open) {
		t.Errorf("open: %q", p.Open)
	}
	a.Units = 1
	if p := PlacementOf(a, 0); len(p.Open) != 3 || p.Open[2] != "The action takes 1 of them; the procedure says which." {
		t.Errorf("open: %q", p.Open)
	}
	// Of a list of two nodes one line says that there are more, with where to find them.
	if got := ShortPlacement(a, 1); got[1] != "2 more nodes (planewise explain PLAN roll:worker)" {
		t.Errorf("short: %q", got)
	}
	if got := ShortPlacement(model.Action{Unplaced: []string{"x"}}, 1); got != nil {
		t.Errorf("nodes of nothing: %q", got)
	}
	// A node of which nothing is disturbed, where all is known.
	if got := PlacementOf(model.Action{Nodes: []model.NodeImpact{{Name: "w1"}}}, 0).Nodes[0]; got.Levels != "nothing" || got.Worst != "none" {
		t.Errorf("nothing: %+v", got)
	}
}
