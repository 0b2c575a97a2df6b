package schedule

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
)

func action(id model.ActionID, seconds int64, after ...model.Edge) model.Action {
	return model.Action{ID: id, Duration: model.Span{P50s: seconds, P90s: 2 * seconds}, Units: 1, After: after}
}

func before(id model.ActionID) model.Edge { return model.Edge{Action: id, Relation: model.Before} }
func notDuring(id model.ActionID) model.Edge {
	return model.Edge{Action: id, Relation: model.NotDuring}
}

func TestElapsed(t *testing.T) {
	cases := []struct {
		name    string
		actions []model.Action
		lanes   int
		want    int64 // p50
	}{
		{"nothing", nil, 3, 0},
		{"one lane is the sum", []model.Action{action("a", 10), action("b", 20)}, 1, 30},
		{"two lanes", []model.Action{action("a", 10), action("b", 20)}, 2, 20},
		{"no lanes count as one", []model.Action{action("a", 10), action("b", 20)}, 0, 30},
		{"a chain gains nothing", []model.Action{action("a", 10), action("b", 20, before("a"))}, 2, 30},
		{"the longest chain first", []model.Action{action("a", 10), action("b", 10), action("c", 10), action("d", 30, before("c"))}, 2, 40},
		{"never at the same time", []model.Action{action("a", 10), action("b", 20, notDuring("a"))}, 2, 30},
		{"an edge to another bundle is no matter", []model.Action{action("a", 10, before("x"))}, 2, 10},
		{
			// Graham's anomaly: with three lanes the list schedule would take longer.
			"more lanes are never shown to take longer",
			[]model.Action{
				action("a", 3), action("b", 2), action("c", 2), action("d", 2),
				action("e", 4, before("d")), action("f", 4, before("d")), action("g", 4, before("d")), action("h", 4, before("d")),
				action("i", 9, before("a")),
			}, 4, 12,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Elapsed(c.actions, c.lanes); got.P50s != c.want || got.P90s != 2*c.want {
				t.Errorf("got %+v, want %d and %d", got, c.want, 2*c.want)
			}
		})
	}
}

func drawActions(t *rapid.T) []model.Action {
	var list []model.Action
	for i := range rapid.IntRange(1, 9).Draw(t, "actions") {
		a := action(model.ActionID(fmt.Sprintf("a%d", i)), rapid.Int64Range(0, 20).Draw(t, "length"))
		for k := range i {
			switch rapid.IntRange(0, 6).Draw(t, "edge") {
			case 0:
				a.After = append(a.After, before(list[k].ID))
			case 1:
				a.After = append(a.After, notDuring(list[k].ID))
			}
		}
		list = append(list, a)
	}
	return list
}

func TestElapsedProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		actions := drawActions(t)
		var sum, chain int64
		end := make(map[model.ActionID]int64)
		for _, a := range actions {
			sum += a.Duration.P50s
			var from int64
			for _, e := range a.After {
				if e.Relation == model.Before {
					from = max(from, end[e.Action])
				}
			}
			end[a.ID] = from + a.Duration.P50s
			chain = max(chain, end[a.ID])
		}
		last := sum
		for lanes := 1; lanes <= 4; lanes++ {
			got := Elapsed(actions, lanes).P50s
			if got < chain || got > last || got*int64(lanes) < sum || lanes == 1 && got != sum {
				t.Fatalf("%d lanes: %d; sum %d, chain %d, with a lane less %d", lanes, got, sum, chain, last)
			}
			last = got
			checkLine(t, actions, lanes)
		}
	})
}

// checkLine: the schedule behind the figure could be carried out.
func checkLine(t *rapid.T, actions []model.Action, lanes int) {
	line := Line(actions, lanes, p50)
	at := make(map[model.ActionID]Lane)
	for _, l := range line {
		at[l.Action] = l
	}
	if len(at) != len(actions) {
		t.Fatalf("%d of %d actions", len(at), len(actions))
	}
	for i, a := range line {
		for _, b := range line[i+1:] {
			if a.Lane == b.Lane && a.Start < b.End && b.Start < a.End {
				t.Fatalf("%v and %v in one lane", a, b)
			}
		}
	}
	for _, a := range actions {
		me := at[a.ID]
		if me.End-me.Start != a.Duration.P50s || me.Lane >= lanes {
			t.Fatalf("%v", me)
		}
		for _, e := range a.After {
			other := at[e.Action]
			if e.Relation == model.Before && me.Start < other.End {
				t.Fatalf("%v starts before %v ends", me, other)
			}
			if e.Relation == model.NotDuring && me.Start < other.End && other.Start < me.End {
				t.Fatalf("%v and %v at the same time", me, other)
			}
		}
	}
}

// Lanes change what fits a window, and nothing else.
func TestLanesInAWindow(t *testing.T) {
	b := bundle("a", 6, control)
	b.Actions = []model.ActionID{"a", "b"}
	half := model.Span{P50s: 3 * hour, P90s: 3 * hour}
	in := Input{
		At: monday, Bundles: []model.Bundle{b}, Zones: zoned,
		Actions: []model.Action{{ID: "a", Duration: half, Units: 1, Footprint: control}, {ID: "b", Duration: half, Units: 1, Footprint: control}},
		Policy:  model.Policy{Windows: []model.Window{once("w", 0, 4, control), once("x", 10, 20, control)}},
	}
	for lanes, want := range map[int]string{0: "a 10-16 x", 1: "a 10-16 x", 2: "a 0-3 w"} {
		in.Policy.Lanes = lanes
		r := Place(in)
		if got := told(in, r)[0]; got != want || r.ExtraCost != 0 {
			t.Errorf("%d lanes: %s, want %s; extra cost %d", lanes, got, want, r.ExtraCost)
		}
	}
}
