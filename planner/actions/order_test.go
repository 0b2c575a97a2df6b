package actions

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

const threeCharts = `
	chart ns/a platform 1 -> 2
	chart ns/b platform 1 -> 2
	chart ns/c sysmgmt 1 -> 2`

func twoLists() model.Procedure { return procedure(shipping("platform"), shipping("sysmgmt")) }

func TestBoundaries(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", threeCharts)
	in := w.input(known(), system(), procedure(model.Stage{ID: "all", Does: model.WorkShip, Manifests: []string{"platform", "sysmgmt"}}))
	r := From(in)
	if len(r.Boundaries) != 1 || r.Boundaries[0].ID != "order:p/all/sysmgmt" || r.Boundaries[0].Rank != 1 {
		t.Fatalf("boundaries %+v", r.Boundaries)
	}
	if f := r.Boundaries[0].Fact; f.Basis != model.BasisDocumented || f.Source != "guide" || !slices.ContainsFunc(model.DistinctFacts(r.Facts()), func(x model.Fact) bool { return x.ID == f.ID }) {
		t.Errorf("fact %+v", f)
	}
	in.Policy.Relax = []string{"order:p/all/*"}
	r = From(in)
	equal(t, "relaxed", taskList(r), []string{"0 ship:ns/a [chart:ns/a]", "0 ship:ns/b [chart:ns/b]", "0 ship:ns/c [chart:ns/c]"})
	if len(r.Boundaries) != 0 {
		t.Errorf("boundaries %+v", r.Boundaries)
	}
}

func TestLinks(t *testing.T) {
	for _, c := range []struct {
		name   string
		orders []model.OrderRule
		policy model.Policy
		stages []model.Stage
		links  []string
		codes  []string
	}{
		{
			"documented relations, by globs",
			[]model.OrderRule{
				{ID: "r1", First: "ship:ns/b", Then: "ship:ns/a", Relation: model.Before, Required: true},
				{ID: "r2", First: "ship:ns/a", Then: "ship:*/c", Relation: model.NotDuring},
				{ID: "r3", First: "ship:ns/none", Then: "ship:ns/a", Relation: model.Before},
			}, model.Policy{}, nil,
			[]string{"ship:ns/b before ship:ns/a required", "ship:ns/a not-during ship:ns/c vendor-order"}, nil,
		},
		{
			"what the ranks say already is no link",
			[]model.OrderRule{{ID: "r1", First: "ship:ns/a", Then: "ship:ns/c", Relation: model.Before}}, model.Policy{}, nil, nil, nil,
		},
		{
			"the procedure knows better than a rule that is not required",
			[]model.OrderRule{{ID: "r1", First: "ship:ns/c", Then: "ship:ns/a", Relation: model.Before}}, model.Policy{}, nil, nil,
			[]string{"info order-ignored r1"},
		},
		{
			"conditions on system and transition",
			[]model.OrderRule{
				{ID: "r1", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.With, When: "chn"},
				{ID: "r2", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.Before, Crossing: &model.Crossing{Product: "p", From: "< 2.0.0", To: ">= 3.0.0"}},
				{ID: "r3", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.Before, Crossing: &model.Crossing{Product: "p", From: "< 2.0.0", To: ">= 2.0.0"}},
			}, model.Policy{}, nil, []string{"ship:ns/a before ship:ns/b vendor-order"}, nil,
		},
		{
			"a policy relaxes the vendor's order, not what is required",
			[]model.OrderRule{
				{ID: "r1", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.Before},
				{ID: "r2", First: "ship:ns/b", Then: "ship:ns/c", Relation: model.With, Required: true},
			}, model.Policy{Relax: []string{"r*"}}, nil, []string{"ship:ns/b with ship:ns/c required"}, nil,
		},
		{
			"order list keeps the list", nil, model.Policy{Order: "list"}, nil,
			[]string{"ship:ns/a before ship:ns/b vendor-order"}, nil,
		},
		{
			"no cut inside a script", nil, model.Policy{UntestedCuts: "forbid"},
			[]model.Stage{withScript(shipping("platform"), "up.sh"), withScript(shipping("sysmgmt"), "up.sh")},
			[]string{"ship:ns/a with ship:ns/b required", "ship:ns/b with ship:ns/c required"}, nil,
		},
		{
			"a stage requires another, and belongs to it", nil, model.Policy{},
			[]model.Stage{shipping("platform"), withRequired(shipping("sysmgmt"), "ship-platform")},
			[]string{"ship:ns/a before ship:ns/c required", "ship:ns/b before ship:ns/c required",
				"ship:ns/a with ship:ns/c required", "ship:ns/b with ship:ns/c required"}, nil,
		},
		{
			"required in a circle: done together",
			[]model.OrderRule{
				{ID: "r1", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.Before, Required: true},
				{ID: "r2", First: "ship:ns/b", Then: "ship:ns/a", Relation: model.Before, Required: true},
			}, model.Policy{}, nil,
			[]string{"ship:ns/a with ship:ns/b required", "ship:ns/a before ship:ns/b required", "ship:ns/b before ship:ns/a required"},
			[]string{"info coupled-group ship:ns/a"},
		},
		{
			"a required edge against the ranks is an error in the data",
			[]model.OrderRule{{ID: "r1", First: "ship:ns/c", Then: "ship:ns/a", Relation: model.Before, Required: true}}, model.Policy{}, nil,
			[]string{"ship:ns/c before ship:ns/a required"},
			[]string{"blocking order-circle order:p/ship-sysmgmt"},
		},
		{
			"a circle of vendor orders loses one",
			[]model.OrderRule{
				{ID: "r1", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.Before},
				{ID: "r2", First: "ship:ns/b", Then: "ship:ns/a", Relation: model.Before},
			}, model.Policy{}, nil,
			[]string{"ship:ns/a before ship:ns/b vendor-order"},
			[]string{"blocking order-circle r2:ship:ns/b>ship:ns/a"},
		},
		{
			"together and apart",
			[]model.OrderRule{
				{ID: "r1", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.With, Required: true},
				{ID: "r2", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.Apart},
			}, model.Policy{}, nil,
			[]string{"ship:ns/a with ship:ns/b required", "ship:ns/a apart ship:ns/b vendor-order"},
			[]string{"blocking apart-in-group r2:ship:ns/a>ship:ns/b"},
		},
		{
			"the longer soak and the stronger kind of one pair",
			[]model.OrderRule{
				{ID: "r1", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.Soak, SoakS: 60},
				{ID: "r2", First: "ship:ns/a", Then: "ship:ns/b", Relation: model.Soak, SoakS: 30, Required: true},
			}, model.Policy{}, nil,
			[]string{"ship:ns/a soak ship:ns/b required"}, nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := build(t, "1.0.0", "2.0.0", threeCharts)
			cat := known()
			cat.orders = c.orders
			p := twoLists()
			if c.stages != nil {
				p = procedure(c.stages...)
			}
			in := w.input(cat, system(), p)
			in.Policy = c.policy
			r := From(in)
			equal(t, "links", linkList(r), c.links)
			equal(t, "codes", codes(r), c.codes)
			consistent(t, r)
		})
	}
}

func withScript(s model.Stage, script string) model.Stage {
	s.Script = script
	return s
}

func withRequired(s model.Stage, id string) model.Stage {
	s.Required, s.With = []string{id}, []string{id}
	return s
}

// consistent checks what the solver relies on: ranks in order and explained, links
// between tasks that exist, required links along the ranks, every fact kept.
func consistent(t reporter, r Result) {
	t.Helper()
	rank := map[model.ActionID]int{}
	for i, k := range r.Tasks {
		if _, twice := rank[k.ID]; twice {
			t.Errorf("two tasks %s", k.ID)
		}
		rank[k.ID] = k.Rank
		if i > 0 && k.Rank < r.Tasks[i-1].Rank {
			t.Errorf("%s of rank %d follows rank %d", k.ID, k.Rank, r.Tasks[i-1].Rank)
		}
	}
	for i, b := range r.Boundaries {
		if b.Rank != i+1 || b.ID == "" {
			t.Errorf("boundary %d: %+v", i, b)
		}
	}
	facts := map[model.FactID]bool{}
	for _, f := range r.Facts() {
		facts[f.ID] = true
	}
	ids := map[string]bool{}
	for _, l := range r.Links {
		first, okF := rank[l.First]
		then, okT := rank[l.Then]
		switch {
		case !okF || !okT || l.First == l.Then:
			t.Errorf("link %s: no such pair", l.ID)
		case ids[l.ID]:
			t.Errorf("two links %s", l.ID)
		case l.Relation == model.Before && first > then:
			t.Errorf("link %s goes against the ranks %d and %d", l.ID, first, then)
		case !facts[l.Fact.ID]:
			t.Errorf("link %s: its fact is lost", l.ID)
		}
		ids[l.ID] = true
	}
	for _, k := range r.Tasks {
		if len(k.Facts) == 0 || k.Method == "" || k.Units < 1 {
			t.Errorf("%s: %d facts, method %q, %d units", k.ID, len(k.Facts), k.Method, k.Units)
		}
		for _, f := range k.Facts {
			if !facts[f.ID] {
				t.Errorf("%s: fact %s is lost", k.ID, f.ID)
			}
		}
	}
	if !slices.IsSortedFunc(r.Links, func(x, y model.Link) int { return strings.Compare(x.ID, y.ID) }) {
		t.Errorf("links are not sorted")
	}
}

func TestLowered(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", `
		chart ns/a storage 1 -> 2
		chart ns/b platform 1 -> 2
		chart ns/c sysmgmt 1 -> 2`)
	cat := known()
	cat.orders = []model.OrderRule{
		{ID: "r1", First: "ship:ns/b", Then: "ship:ns/c", Relation: model.Before, Required: true},
		{ID: "r2", First: "ship:ns/c", Then: "ship:ns/a", Relation: model.Before, Required: true},
	}
	r := From(w.input(cat, system(), procedure(shipping("storage"), shipping("platform"), shipping("sysmgmt"))))
	equal(t, "what is required before a lowered task is lowered too", taskList(r), []string{"0 ship:ns/a [chart:ns/a]", "0 ship:ns/b [chart:ns/b]", "0 ship:ns/c [chart:ns/c]"})
	for _, d := range r.Diagnostics {
		if d.Code == "order-circle" && !slices.Equal(d.Path, []string{"ship:ns/c", "ship:ns/a", "order:p/ship-sysmgmt"}) {
			t.Errorf("path %v", d.Path)
		}
	}
	consistent(t, r)
}

func TestUntil(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", threeCharts)
	stage := shipping("platform")
	stage.Effects = []model.EffectRule{
		{Service: "x", Level: model.Outage, Until: "action:ship:ns/c"},
		{Service: "y", Level: model.Outage, Until: "action:ship:ns/gone"},
		{Service: "z", Level: model.Outage, Until: "ever"},
		{Service: "w", Level: model.Blip, When: "chn"},
	}
	r := From(w.input(known(), system(), procedure(stage, shipping("sysmgmt"))))
	e := task(t, r, "ship:ns/a").Effects
	if len(e) != 3 || e[0].Until != "action:ship:ns/c" || e[0].Unknown || e[1].Until != "" || !e[1].Unknown || e[2].Until != "ever" {
		t.Errorf("%+v", e)
	}
	if n := len(task(t, r, "ship:ns/b").Effects); n != 0 {
		t.Errorf("the stage's effects stand on its first task only, the second has %d", n)
	}
}
