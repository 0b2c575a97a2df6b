package schedule

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"planewise/model"
)

// The reference places bundles on a grid of whole hours by trying everything:
// every order, every start. All lengths are whole hours, so every best schedule
// has one on the grid: starts are ends of others, of gaps, or of windows.

const gridHours = 30

// grid is what the reference knows of an instance.
type grid struct {
	in   Input
	byID map[model.ActionID]model.Action
}

func newGrid(in Input) *grid {
	g := &grid{in: in, byID: make(map[model.ActionID]model.Action)}
	for _, a := range in.Actions {
		g.byID[a.ID] = a
	}
	return g
}

func within(w model.Window, h int64) bool {
	from := hoursOf(w.Start)
	return from <= h && h < from+w.DurationS/hour
}

func hoursOf(start string) int64 {
	t, err := time.Parse("2006-01-02T15:04:05", start)
	if err != nil {
		panic(err)
	}
	return int64(t.Sub(monday).Hours())
}

// may reports whether work with the footprint may run in hours [from, to).
func (g *grid) may(footprint grants, pin string, from, to int64) bool {
	if to > gridHours {
		return false
	}
	for h := from; h < to; h++ {
		for _, f := range g.in.Policy.Freezes {
			if at := hoursOf(f.Start); at <= h && h < at+f.DurationS/hour {
				return false
			}
		}
	}
	granted := func(h int64, only string) bool {
		return slices.ContainsFunc(g.in.Policy.Windows, func(w model.Window) bool {
			if !within(w, h) || pin != "" && w.Name != pin || only != "" && w.Limits != only {
				return false
			}
			for plane, f := range footprint {
				if f > w.Grants[plane] {
					return false
				}
			}
			return true
		})
	}
	feels := slices.Max(append(slices.Collect(maps.Values(footprint)), model.Untouched)) > model.Untouched
	if pin == "" && !feels || granted(from, "starts") {
		return true
	}
	for h := from; h < to; h++ {
		if !granted(h, "") {
			return false
		}
	}
	return true
}

type placed struct{ from, to int64 }

// clear reports whether bundle i may start at hour h given those placed before.
func (g *grid) clear(i int, h int64, at map[int]placed) bool {
	for k, p := range at {
		if h < p.to+g.in.Policy.SoakS/hour || !g.clearOf(i, k, h, p) {
			return false
		}
	}
	return true
}

func (g *grid) clearOf(i, k int, h int64, p placed) bool {
	for _, id := range g.in.Bundles[i].Actions {
		for _, other := range g.in.Bundles[k].Actions {
			for _, e := range g.byID[id].After {
				if e.Action == other && e.Relation == model.Soak && h < p.to+e.SoakS/hour {
					return false
				}
			}
			if !clash(g.byID[id], g.byID[other]) {
				continue
			}
			if tail := g.byID[other].Tail; tail != nil && (tail.Lasts == nil || h < p.to+tail.Lasts.P90s/hour) {
				return false
			}
		}
	}
	return true
}

func clash(a, b model.Action) bool {
	not := func(x, y model.Action) bool {
		return slices.ContainsFunc(x.After, func(e model.Edge) bool { return e.Action == y.ID && e.Relation == model.NotDuring })
	}
	return not(a, b) || not(b, a)
}

// first lists the bundles that have to come before bundle i.
func (g *grid) first(i int) (list []int) {
	for k, b := range g.in.Bundles {
		before := slices.Contains(g.in.Bundles[i].After, b.Key)
		for _, id := range g.in.Bundles[i].Actions {
			for _, e := range g.byID[id].After {
				before = before || (e.Relation == model.Before || e.Relation == model.Soak) && slices.Contains(b.Actions, e.Action)
			}
		}
		if before && k != i {
			list = append(list, k)
		}
	}
	return list
}

// score is the objective for instances without splits.
type score struct{ undated, end int64 }

func (s score) less(o score) bool {
	return cmp.Or(cmp.Compare(s.undated, o.undated), cmp.Compare(s.end, o.end)) < 0
}

// best tries every bundle next, at every hour, or none any more.
func (g *grid) best(at map[int]placed) score {
	s := score{undated: int64(len(g.in.Bundles) - len(at))}
	for _, p := range at {
		s.end = max(s.end, p.to)
	}
	begin := s.end
	for i, b := range g.in.Bundles {
		if _, done := at[i]; done || slices.ContainsFunc(g.first(i), func(k int) bool { _, ok := at[k]; return !ok }) {
			continue
		}
		need := b.Duration.P90s / hour
		for h := begin; h+need <= gridHours; h++ {
			if s.undated == 0 && h+need >= s.end {
				break // no later start ends earlier
			}
			if g.clear(i, h, at) && g.may(b.Footprint, g.pin(i), h, h+need) {
				at[i] = placed{h, h + need}
				if other := g.best(at); other.less(s) {
					s = other
				}
				delete(at, i)
			}
		}
	}
	return s
}

func (g *grid) pin(i int) string {
	for _, p := range g.in.Policy.Pins {
		if slices.Contains(g.in.Bundles[i].Actions, p.Action) {
			return p.Window
		}
	}
	return ""
}

func drawFootprint(t *rapid.T, name string) grants {
	levels := []model.Footprint{model.Untouched, model.Watched, model.Disturbed}
	return grants{"p": rapid.SampledFrom(levels).Draw(t, name+" on p"), "q": rapid.SampledFrom(levels).Draw(t, name+" on q")}
}

func drawInput(t *rapid.T, bundles int) Input {
	in := Input{At: monday, Zones: time.LoadLocation, Policy: model.Policy{HorizonS: gridHours * hour}}
	for i := range rapid.IntRange(1, 5).Draw(t, "windows") {
		from := rapid.Int64Range(0, gridHours-2).Draw(t, "opens")
		w := once(fmt.Sprintf("w%d", i), from, from+rapid.Int64Range(1, 14).Draw(t, "open for"), drawFootprint(t, "grant"))
		w.Limits = rapid.SampledFrom([]string{"run", "run", "starts"}).Draw(t, "limits")
		in.Policy.Windows = append(in.Policy.Windows, w)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "freezes") {
		from := rapid.Int64Range(0, gridHours).Draw(t, "freezes at")
		in.Policy.Freezes = append(in.Policy.Freezes, freeze(fmt.Sprintf("f%d", i), from, from+rapid.Int64Range(1, 6).Draw(t, "frozen for")))
	}
	in.Policy.SoakS = rapid.SampledFrom([]int64{0, 0, hour}).Draw(t, "soak")
	for i := range bundles {
		b := bundle(model.ActionID(fmt.Sprintf("b%d", i)), rapid.Int64Range(1, 6).Draw(t, "hours"), drawFootprint(t, "footprint"))
		if i > 0 && rapid.IntRange(0, 2).Draw(t, "after another") == 0 {
			b.After = []model.ActionID{model.ActionID(fmt.Sprintf("b%d", rapid.IntRange(0, i-1).Draw(t, "after")))}
		}
		if rapid.IntRange(0, 5).Draw(t, "pinned") == 0 {
			in.Policy.Pins = append(in.Policy.Pins, model.Pin{Action: b.Key, Window: "w0"})
		}
		in.Bundles = append(in.Bundles, b)
	}
	in.Actions = actionsOf(in.Bundles)
	for i := range in.Actions {
		drawEdges(t, in.Actions, i)
	}
	return in
}

func drawEdges(t *rapid.T, actions []model.Action, i int) {
	switch rapid.IntRange(0, 4).Draw(t, "tail") {
	case 0:
		s := rapid.Int64Range(0, 5).Draw(t, "tail hours") * hour
		actions[i].Tail = &model.Tail{Lasts: &model.Span{P50s: s / 2, P90s: s}}
	case 1:
		actions[i].Tail = &model.Tail{}
	}
	if i == 0 {
		return
	}
	other := model.ActionID(fmt.Sprintf("b%d", rapid.IntRange(0, i-1).Draw(t, "other")))
	switch rapid.IntRange(0, 5).Draw(t, "edge") {
	case 0:
		actions[i].After = []model.Edge{{Action: other, Relation: model.Soak, SoakS: rapid.Int64Range(0, 8).Draw(t, "soak hours") * hour}}
	case 1:
		actions[i].After = []model.Edge{{Action: other, Relation: model.NotDuring}}
	case 2:
		actions[i].After = []model.Edge{{Action: other, Relation: model.Before}}
	}
}

// Nobody who tries everything finds more dates or an earlier end, and what was
// found may be done.
func TestPlaceAgainstReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t, rapid.IntRange(1, 4).Draw(t, "bundles"))
		g := newGrid(in)
		want := g.best(make(map[int]placed))
		r := Place(in)
		if !r.Exact {
			t.Fatal("not exact")
		}
		got := score{}
		at := make(map[int]placed)
		for _, p := range r.Placements {
			if p.Slot == nil {
				got.undated++
				continue
			}
			s := sittingOf(t, p.Slot)
			b := in.Bundles[p.Bundle]
			if !g.clear(p.Bundle, s.from, at) || !g.may(b.Footprint, g.pin(p.Bundle), s.from, s.to) || s.to-s.from != b.Duration.P90s/hour {
				t.Fatalf("%s may not run then: %v", b.Key, told(in, r))
			}
			for _, k := range g.first(p.Bundle) {
				if _, ok := at[k]; !ok {
					t.Fatalf("%s runs before %s: %v", b.Key, in.Bundles[k].Key, told(in, r))
				}
			}
			at[p.Bundle] = s
			got.end = max(got.end, s.to)
		}
		if got != want {
			t.Fatalf("got %+v, want %+v: %v", got, want, told(in, r))
		}
		if blocked := model.HasBlocking(r.Diagnostics); blocked != (got.undated > 0) {
			t.Fatalf("%d undated, diagnostics %v", got.undated, r.Diagnostics)
		}
	})
}

func sittingOf(t *rapid.T, s *model.Slot) placed {
	from, err := time.Parse(time.RFC3339, s.Start)
	to, also := time.Parse(time.RFC3339, s.End)
	if err != nil || also != nil {
		t.Fatal(err, also)
	}
	return placed{int64(from.Sub(monday) / time.Hour), int64(to.Sub(monday) / time.Hour)}
}

// The held order is the best of that order, too: compared with the reference on
// a chain.
func TestHeldOrderAgainstReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t, rapid.IntRange(2, 4).Draw(t, "bundles"))
		for i := 1; i < len(in.Bundles); i++ {
			in.Bundles[i].After = []model.ActionID{in.Bundles[i-1].Key}
		}
		in.KeepOrder = true
		want := newGrid(in).best(make(map[int]placed))
		got := score{}
		for _, p := range Place(in).Placements {
			if p.Slot == nil {
				got.undated++
			} else {
				got.end = max(got.end, sittingOf(t, p.Slot).to)
			}
		}
		if got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}
