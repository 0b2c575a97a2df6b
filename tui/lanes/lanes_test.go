package lanes

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"planewise/model"
)

func TestCells(t *testing.T) {
	cases := []struct {
		name            string
		lengths         []int64
		width, selected int
		want            []Cell
	}{
		{"none", nil, 80, 0, nil},
		{"no room", []int64{1}, 3, 0, nil},
		{"equal", []int64{10, 10}, 12, 0, []Cell{{0, 1, 5}, {1, 7, 5}}},
		{"in proportion", []int64{10, 30}, 16, 0, []Cell{{0, 1, 5}, {1, 7, 9}}},
		{"without lengths", []int64{0, 0}, 20, 0, []Cell{{0, 1, 3}, {1, 5, 3}}},
		{"more than fit", []int64{1, 1, 1, 1, 1, 1}, 12, 4, []Cell{{3, 1, 3}, {4, 5, 3}, {5, 9, 3}}},
		{"the first of more than fit", []int64{1, 1, 1, 1}, 8, -1, []Cell{{0, 1, 3}, {1, 5, 3}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Cells(c.lengths, c.width, c.selected)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Cells never leave the width, keep their order, and show the selected bundle.
func TestCellsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.Int64(), 1, 80).Draw(t, "lengths")
		width, selected := rapid.IntRange(4, 250).Draw(t, "width"), rapid.IntRange(0, len(lengths)-1).Draw(t, "selected")
		x, seen := 0, false
		for _, c := range Cells(lengths, width, selected) {
			if c.X != x+1 || c.W < MinCell {
				t.Fatalf("%+v after column %d", c, x)
			}
			x = c.X + c.W
			seen = seen || c.Bundle == selected
		}
		if x > width || !seen {
			t.Fatalf("ends at %d of %d, selected seen: %v", x, width, seen)
		}
	})
}

func interval(l model.Level, unknown bool, from, to int64) model.Interval {
	return model.Interval{Plane: "p", Level: l, Unknown: unknown, Start: model.Span{P50s: from / 2, P90s: from}, End: model.Span{P50s: to / 2, P90s: to}}
}

func TestLevels(t *testing.T) {
	b := model.Bundle{Duration: model.Span{P50s: 50, P90s: 100}}
	cases := []struct {
		name     string
		timeline []model.Interval
		want     string
	}{
		{"nothing", nil, ".........."},
		{"a stretch", []model.Interval{interval(model.Outage, false, 20, 50)}, "..!!!....."},
		{"a moment is not lost", []model.Interval{interval(model.Blip, false, 35, 36)}, "...~......"},
		{"no length at all", []model.Interval{interval(model.Blip, false, 100, 100)}, ".........~"},
		{"the worst counts", []model.Interval{interval(model.AtRisk, false, 0, 100), interval(model.Degraded, false, 50, 60)}, "ooooo=oooo"},
		{"unknown hides nothing behind a mild level", []model.Interval{interval(model.AtRisk, false, 0, 100), interval(model.None, true, 0, 30)}, "???ooooooo"},
		{"an outage that is known cannot be worse", []model.Interval{interval(model.Outage, false, 0, 50), interval(model.None, true, 0, 100)}, "!!!!!?????"},
		{"another plane", []model.Interval{{Plane: "q", Level: model.Outage, End: model.Span{P50s: 50, P90s: 100}}}, ".........."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b.Timeline = c.timeline
			for _, slow := range []bool{true, false} {
				got := ""
				for _, s := range Levels(b, "p", 10, slow) {
					if s.IsUnknown() {
						got += "?"
					} else {
						got += string(".o~=!"[s.Least])
					}
				}
				if slow && got != c.want {
					t.Errorf("got %s, want %s", got, c.want)
				}
			}
		})
	}
}

// Damaged plans have times that run backwards or far away.
func TestLevelsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := model.Bundle{Duration: model.Span{P50s: rapid.Int64().Draw(t, "d"), P90s: rapid.Int64().Draw(t, "d90")}}
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			b.Timeline = append(b.Timeline, model.Interval{Plane: "p", Level: model.Level(rapid.IntRange(0, 4).Draw(t, "l")),
				Start: model.Span{P50s: rapid.Int64().Draw(t, "s"), P90s: rapid.Int64().Draw(t, "s90")}, End: model.Span{P50s: rapid.Int64().Draw(t, "e"), P90s: rapid.Int64().Draw(t, "e90")}})
		}
		w := rapid.IntRange(1, 200).Draw(t, "w")
		slots := Levels(b, "p", w, rapid.Bool().Draw(t, "slow"))
		total := 0
		for _, r := range Runs(slots) {
			total += r.W
		}
		if len(slots) != w || total != w {
			t.Fatalf("%d slots and runs of %d in %d columns", len(slots), total, w)
		}
	})
}
