package schedule

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"planewise/model"
)

// step is an action and its task.
type step struct {
	id       model.ActionID
	stage    string
	possible model.Possible
	back     int64
	noReturn bool
	delivery bool
	stay     model.StayStatus
}

func taken(steps ...step) (actions []model.Action, tasks []model.Task) {
	for _, s := range steps {
		method := model.MethodRolling
		if s.delivery {
			method = model.MethodDelivery
		}
		a := model.Action{ID: s.id, Method: method, NoReturn: s.noReturn, Rollback: model.ActionRollback{Possible: s.possible, P90s: s.back}}
		t := model.Task{ID: s.id, Method: method, Stage: s.stage, Rollback: model.Rollback{Possible: s.possible, Evidence: model.Evidence{Basis: model.BasisDocumented, Source: "D", Text: "back of " + string(s.id)}}}
		if s.stay != "" {
			t.Stay = &model.Stay{Status: s.stay, Evidence: model.Evidence{Basis: model.BasisDocumented, Source: "D", Text: "stay after " + s.stage}}
		}
		actions, tasks = append(actions, a), append(tasks, t)
	}
	return actions, tasks
}

func bundlesOf(lists ...string) (bundles []model.Bundle) {
	for _, list := range lists {
		var b model.Bundle
		for id := range strings.FieldsSeq(list) {
			b.Actions = append(b.Actions, model.ActionID(id))
		}
		bundles = append(bundles, b)
	}
	return bundles
}

func id(p *model.ActionID) string {
	if p == nil {
		return "-"
	}
	return string(*p)
}

func TestWayBack(t *testing.T) {
	yes := func(id model.ActionID, back int64) step { return step{id: id, possible: model.Yes, back: back} }
	cases := []struct {
		name         string
		steps        []step
		point, stop  string
		possible     model.Possible
		back         int64
		says         string // text of one of the facts
		factsAtLeast int
	}{
		{"all can be undone", []step{yes("a", 10), yes("b", 20)}, "-", "-", model.Yes, 30, "back of a", 2},
		{"no way back of the second", []step{yes("a", 10), {id: "b", possible: model.No}, yes("c", 5)}, "b", "a", model.No, 10, "back of b", 3},
		{"not known", []step{yes("a", 10), {id: "b", possible: model.UnknownWhich}}, "b", "a", model.UnknownWhich, 10, "back of b", 2},
		{"not said at all is not known", []step{yes("a", 10), {id: "b"}}, "b", "a", model.UnknownWhich, 10, "", 2},
		{"none is worse than not known", []step{{id: "a"}, {id: "b", possible: model.No}}, "a", "-", model.No, 0, "", 2},
		{"no return, whatever the rollback says", []step{yes("a", 10), {id: "b", possible: model.Yes, back: 20, noReturn: true}}, "b", "a", model.No, 10, "", 2},
		{"a delivery may stay", []step{yes("a", 10), {id: "b", delivery: true}, yes("c", 20)}, "-", "-", model.Yes, 30, "", 2},
		{"a negative time is none", []step{yes("a", -5), yes("b", 20)}, "-", "-", model.Yes, 20, "", 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			actions, tasks := taken(c.steps...)
			var order []string
			for _, s := range c.steps {
				order = append(order, string(s.id))
			}
			s := Stops(Begun{}, bundlesOf(strings.Join(order, " ")), actions, tasks, nil)[0]
			if id(s.PointOfNoReturn) != c.point || id(s.LastSafeStop) != c.stop {
				t.Errorf("point of no return %s, last safe stop %s; want %s, %s", id(s.PointOfNoReturn), id(s.LastSafeStop), c.point, c.stop)
			}
			if s.Rollback.Possible != c.possible || s.Rollback.P90s != c.back || len(s.Rollback.Facts) < c.factsAtLeast {
				t.Errorf("way back %+v, want %s in %d s with %d facts", s.Rollback, c.possible, c.back, c.factsAtLeast)
			}
			if !hasText(s.Facts, c.says) {
				t.Errorf("no fact says %q: %v", c.says, s.Facts)
			}
		})
	}
}

func hasText(facts []model.Fact, text string) bool {
	for _, f := range facts {
		if strings.Contains(f.Text, text) {
			return true
		}
	}
	return false
}

func TestStay(t *testing.T) {
	at := func(id model.ActionID, stage string, stay model.StayStatus) step {
		return step{id: id, stage: stage, possible: model.Yes, stay: stay}
	}
	cases := []struct {
		name    string
		steps   []step
		bundles []string
		want    string // one letter a boundary: supported, unknown, not supported
	}{
		{"documented", []step{at("a", "1", "supported"), at("b", "2", "supported")}, []string{"a", "b"}, "s s"},
		{"nothing documents it", []step{at("a", "1", ""), at("b", "2", "")}, []string{"a", "b"}, "u u"},
		{"a stage half done is not what is documented", []step{at("a", "1", "supported"), at("b", "1", "supported")}, []string{"a", "b"}, "u s"},
		{"a later statement covers stages that say nothing", []step{at("a", "1", ""), at("b", "2", "supported")}, []string{"a", "b"}, "u s"},
		{"but not when those are not done", []step{at("a", "1", ""), at("b", "2", "supported")}, []string{"b", "a"}, "u s"},
		{"nor what comes after it", []step{at("a", "1", "supported"), at("b", "2", "")}, []string{"a", "b"}, "s u"},
		{"a warning holds from the first task on, and stays", []step{at("a", "1", "not-supported"), at("b", "1", "not-supported"), at("c", "2", "supported")}, []string{"a", "b", "c"}, "n n n"},
		{"unknown is worse than supported", []step{at("a", "1", "supported"), at("b", "2", "unknown")}, []string{"a", "b"}, "s u"},
		{"the worst of a stage's tasks", []step{at("a", "1", "supported"), at("b", "1", "not-supported")}, []string{"a b"}, "n"},
		{"deliveries change no state", []step{{id: "a", stage: "0", delivery: true}, at("b", "1", "supported")}, []string{"a", "b"}, "s s"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			actions, tasks := taken(c.steps...)
			var got []string
			for _, s := range Stops(Begun{}, bundlesOf(c.bundles...), actions, tasks, nil) {
				got = append(got, string(s.Stay.Status[:1]))
				if len(s.Stay.Facts) == 0 {
					t.Errorf("boundary %d: a claim without a fact", s.Bundle)
				}
				for _, id := range s.Stay.Facts {
					if !hasID(s.Facts, id) {
						t.Errorf("boundary %d: fact %s is not there", s.Bundle, id)
					}
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

func hasID(facts []model.Fact, id model.FactID) bool {
	for _, f := range facts {
		if f.ID == id {
			return true
		}
	}
	return false
}

func TestStayAtTheEnd(t *testing.T) {
	actions, tasks := taken(step{id: "a", stage: "1", stay: "not-supported"}, step{id: "b", stage: "2"})
	final := &model.Stay{Status: model.StaySupported, Evidence: model.Evidence{Basis: model.BasisDocumented, Text: "all of the release"}}
	stops := Stops(Begun{}, bundlesOf("a", "b"), actions, tasks, final)
	if stops[0].Stay.Status != model.StayNotSupported || stops[1].Stay.Status != model.StaySupported || !hasText(stops[1].Facts, "all of the release") {
		t.Errorf("got %+v", stops)
	}
}

func TestCheck(t *testing.T) {
	edge := func(r model.Relation, soak int64) []model.Edge {
		return []model.Edge{{Action: "a", Relation: r, Kind: model.RequiredEdge, SoakS: soak}}
	}
	tail := &model.Tail{}
	cases := []struct {
		name   string
		after  []model.Edge
		tailed bool
		split  []string
		broken bool
	}{
		{"before, in order", edge(model.Before, 0), false, []string{"a b"}, false},
		{"before, out of order", edge(model.Before, 0), false, []string{"b a"}, true},
		{"before, in a later bundle", edge(model.Before, 0), false, []string{"b", "a"}, true},
		{"with", edge(model.With, 0), false, []string{"b a"}, false},
		{"with, apart", edge(model.With, 0), false, []string{"a", "b"}, true},
		{"apart", edge(model.Apart, 0), false, []string{"b", "a"}, false},
		{"apart, together", edge(model.Apart, 0), false, []string{"a b"}, true},
		{"soak", edge(model.Soak, 60), false, []string{"a", "b"}, false},
		{"soak, together", edge(model.Soak, 60), false, []string{"a b"}, true},
		{"soak of nothing, together", edge(model.Soak, 0), false, []string{"a b"}, false},
		{"soak, out of order", edge(model.Soak, 60), false, []string{"b", "a"}, true},
		{"not during", edge(model.NotDuring, 0), false, []string{"a b"}, false},
		{"not during a tail", edge(model.NotDuring, 0), true, []string{"a b"}, true},
		{"before the tail begins", edge(model.NotDuring, 0), true, []string{"b a"}, false},
		{"after the tail, as placement sees to", edge(model.NotDuring, 0), true, []string{"a", "b"}, false},
		{"an action that is not there", edge(model.Before, 0), false, []string{"b"}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, b := model.Action{ID: "a"}, model.Action{ID: "b", After: c.after}
			if c.tailed {
				a.Tail = tail
			}
			ds := Check(bundlesOf(c.split...), []model.Action{a, b})
			if (len(ds) > 0) != c.broken {
				t.Errorf("got %v", ds)
			}
			if c.broken && (!strings.Contains(ds[0].Summary, "a") || !strings.Contains(ds[0].Summary, "b")) {
				t.Errorf("%q does not name both", ds[0].Summary)
			}
		})
	}
}

func TestRanks(t *testing.T) {
	actions := []model.Action{{ID: "a", Rank: 1}, {ID: "b", Rank: 2}, {ID: "c", Rank: 2}}
	for split, want := range map[string]int{"a|b c": 0, "a b|c": 0, "a c|b": 0, "b|a c": 1, "b|a|c": 1, "b c|a": 1} {
		if ds := Check(bundlesOf(strings.Split(split, "|")...), actions); len(ds) != want || want > 0 && ds[0].Subject != "a" {
			t.Errorf("%s: %v", split, ds)
		}
	}
	// Without a rank the short one would go first, into tonight's window.
	in := Input{At: monday, Zones: zoned, Bundles: []model.Bundle{bundle("a", 1, compute), bundle("b", 1, control)},
		Policy: model.Policy{Windows: []model.Window{once("tonight", 1, 3, control), once("later", 20, 25, both)}}}
	in.Actions = actionsOf(in.Bundles)
	if got := told(in, Place(in)); got[0] != "b 1-2 tonight" {
		t.Errorf("without ranks: %v", got)
	}
	in.Actions[1].Rank = 1
	if got := told(in, Place(in)); got[0] != "a 20-21 later" || got[1] != "b 21-22 later" {
		t.Errorf("with ranks: %v", got)
	}
}

// What Place dates can be carried out in the order it gives: after every action,
// all that its edges ask for is done.
func TestEveryIntermediateStateHoldsItsEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t, rapid.IntRange(1, 5).Draw(t, "bundles"))
		r := Place(in)
		var order []model.Bundle
		for _, p := range r.Placements {
			order = append(order, in.Bundles[p.Bundle])
		}
		if len(order) != len(in.Bundles) {
			t.Fatalf("%d of %d bundles", len(order), len(in.Bundles))
		}
		done := make(map[model.ActionID]bool)
		byID := newGrid(in).byID
		for _, b := range order {
			for _, first := range b.After {
				if !done[first] {
					t.Fatalf("%s before %s", b.Key, first)
				}
			}
			for _, id := range b.Actions {
				for _, e := range byID[id].After {
					if e.Relation != model.NotDuring && !done[e.Action] {
						t.Fatalf("%s before %s", id, e.Action)
					}
				}
				done[id] = true
			}
		}
		if ds := Check(order, in.Actions); len(ds) > 0 {
			t.Fatal(ds)
		}
	})
}

// Stops do not depend on the order in which actions are given.
func TestStopsAreDeterministic(t *testing.T) {
	actions, tasks := taken(
		step{id: "a", stage: "1", possible: model.Yes, back: 1, stay: "supported"},
		step{id: "b", stage: "2"}, step{id: "c", stage: "3", possible: model.No, stay: "unknown"})
	bundles := bundlesOf("a b", "c")
	want := Stops(Begun{}, bundles, actions, tasks, nil)
	rapid.Check(t, func(t *rapid.T) {
		shuffled := rapid.Permutation(actions).Draw(t, "actions")
		if diff := cmp.Diff(want, Stops(Begun{}, bundles, shuffled, tasks, nil)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// What was done before counts for where one may stay, and the way back of all of it
// is told.
func TestNow(t *testing.T) {
	actions, tasks := taken(
		step{id: "a", stage: "1", possible: model.Yes, back: 10, stay: "supported"},
		step{id: "b", stage: "1", possible: model.Yes, back: 20, stay: "supported"},
		step{id: "c", stage: "2", possible: model.No, stay: "not-supported"},
		step{id: "d", stage: "3", possible: model.Yes, back: 40, stay: "supported"},
	)
	cases := []struct {
		name           string
		done, partly   string
		stay           model.StayStatus
		possible       model.Possible
		back           int64
		point, stop    string
		later          string   // bundles that are left
		laterStay      []string // after each of them
		laterWaysPoint []string
	}{
		{"nothing", "", "", "supported", model.Yes, 0, "-", "-", "a b", []string{"supported"}, []string{"-"}},
		{"half a stage", "a", "", "unknown", model.Yes, 10, "-", "-", "b", []string{"supported"}, []string{"-"}},
		{"a whole stage", "b a", "", "supported", model.Yes, 30, "-", "-", "c", []string{"not-supported"}, []string{"c"}},
		{"some of the units", "a", "b", "unknown", model.Yes, 30, "-", "-", "b", []string{"supported"}, []string{"-"}},
		{"past the point of no return", "a b c", "d", "not-supported", model.No, 30, "c", "b", "d", []string{"not-supported"}, []string{"-"}},
		{"what is not there", "x", "y", "supported", model.Yes, 0, "-", "-", "a b", []string{"supported"}, []string{"-"}},
	}
	ids := func(list string) []model.ActionID { return bundlesOf(list)[0].Actions }
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			begun := Begun{Done: ids(c.done), Partly: ids(c.partly)}
			now := Now(begun, actions, tasks, nil)
			if now.Stay.Status != c.stay || now.Rollback.Possible != c.possible || now.Rollback.P90s != c.back || id(now.PointOfNoReturn) != c.point || id(now.LastSafeStop) != c.stop {
				t.Errorf("got stay %s, way back %s in %d s, from %s, stop %s", now.Stay.Status, now.Rollback.Possible, now.Rollback.P90s, id(now.PointOfNoReturn), id(now.LastSafeStop))
			}
			if len(now.Stay.Facts) == 0 {
				t.Error("a claim without a fact")
			}
			for i, s := range Stops(begun, bundlesOf(c.later), actions, tasks, nil) {
				if string(s.Stay.Status) != c.laterStay[i] || id(s.PointOfNoReturn) != c.laterWaysPoint[i] {
					t.Errorf("after bundle %d: stay %s, point of no return %s", i, s.Stay.Status, id(s.PointOfNoReturn))
				}
			}
		})
	}
}
