package schedule

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"planewise/model"
)

// rolled is a bundle of three actions, the second of which is a roll of units
// of an hour each; the first and the last take one hour.
func rolled(units, batch int, g grants) (model.Bundle, []model.Action) {
	actions := []model.Action{
		{ID: "pre", Footprint: grants{"control": model.Watched}, ExpectedS: hour, Units: 1},
		{ID: "roll", Footprint: g, ExpectedS: int64(units) * hour, Units: units, Batch: batch},
		{ID: "post", Footprint: grants{"control": model.Watched}, ExpectedS: hour, Units: 1},
	}
	footprint := grants{"control": model.Watched}
	for p, f := range g {
		footprint[p] = max(footprint[p], f)
	}
	s := int64(units+2) * hour
	b := model.Bundle{Key: "roll", Label: "B1", Footprint: footprint, Actions: []model.ActionID{"pre", "roll", "post"}, WorkS: s, Duration: model.Span{P50s: s, P90s: s}}
	return b, actions
}

// hourly is the duration of steps of rolled.
func hourly(steps []model.PartStep, units int) model.Span {
	n := int64(0)
	for _, s := range steps {
		switch {
		case s.First > 0:
			n += int64(s.Last - s.First + 1)
		case s.Action == "roll":
			n += int64(units)
		default:
			n++
		}
	}
	return model.Span{P50s: n * hour, P90s: n * hour}
}

// priced makes every cut of rolled dearer than none, as an optimal split does.
var priced = model.Policy{
	Sitting: 100,
	Costs:   []model.PlaneCost{{Plane: "control", Fixed: 10}, {Plane: "compute", Fixed: 1000}},
}

func TestSplit(t *testing.T) {
	all := grants{"control": model.Disturbed, "compute": model.Disturbed}
	cases := []struct {
		name    string
		windows []model.Window
		units   int
		batch   int
		with    bool // pre belongs to the roll
		pins    []model.Pin
		want    []string
		codes   string
	}{
		{
			name: "fits in one piece: not cut, though the parts would end earlier", units: 4,
			windows: []model.Window{once("a", 0, 5, all), once("b", 6, 9, all), once("c", 20, 29, all)},
			want:    []string{"roll 20-26 c"},
		},
		{
			name: "cut between units where it must be", units: 4,
			windows: []model.Window{once("a", 0, 4, all), once("b", 6, 9, all)},
			want:    []string{"roll part 1 of 2 pre,roll[1-3]: 0-4 a", "roll part 2 of 2 roll[4-4],post: 6-8 b"},
			codes:   "warning split-roll",
		},
		{
			name: "between batches only", units: 4, batch: 2,
			windows: []model.Window{once("a", 0, 4, all), once("b", 6, 9, all)},
			want:    []string{"roll part 1 of 2 pre,roll[1-2]: 0-3 a", "roll part 2 of 2 roll[3-4],post: 6-9 b"},
			codes:   "warning split-roll",
		},
		{
			name: "an expensive announcement is worth a wait", units: 4,
			windows: []model.Window{once("a", 0, 3, all), once("b", 4, 7, all), once("c", 20, 25, all), once("d", 26, 28, grants{"control": model.Watched})},
			want:    []string{"roll part 1 of 2 pre: 0-1 a", "roll part 2 of 2 roll,post: 20-25 c"},
			codes:   "warning split-roll",
		},
		{
			name: "not where a unit fits nowhere", units: 4,
			windows: []model.Window{once("a", 0, 9, grants{"control": model.Disturbed})},
			want:    []string{"roll -"},
			codes:   "blocking no-window",
		},
		{
			name: "what belongs together is not cut, so the roll stays whole", units: 4, with: true,
			windows: []model.Window{once("a", 0, 4, all), once("b", 6, 9, all)},
			want:    []string{"roll -"},
			codes:   "blocking does-not-fit",
		},
		{
			name: "nor what a pin holds together", units: 4, pins: []model.Pin{{Action: "post", With: "roll"}},
			windows: []model.Window{once("a", 0, 4, all), once("b", 6, 9, all)},
			want:    []string{"roll -"},
			codes:   "blocking does-not-fit",
		},
		{
			name: "the parts keep to the pin", units: 4, pins: []model.Pin{{Action: "post", Window: "b"}},
			windows: []model.Window{once("a", 0, 4, all), once("b", 6, 9, all), once("b", 30, 33, all)},
			want:    []string{"roll part 1 of 2 pre,roll[1-2]: 6-9 b", "roll part 2 of 2 roll[3-4],post: 30-33 b"},
			codes:   "warning split-roll",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b, actions := rolled(c.units, c.batch, all)
			if c.with {
				actions[1].After = []model.Edge{{Action: "pre", Relation: model.With}}
			}
			in := Input{At: monday, Policy: priced, Bundles: []model.Bundle{b}, Actions: actions, Zones: time.LoadLocation}
			in.Policy.Windows, in.Policy.Pins = c.windows, c.pins
			in.Span = func(s []model.PartStep) model.Span { return hourly(s, c.units) }
			r := Place(in)
			if got := told(in, r); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			var codes []string
			for _, d := range r.Diagnostics {
				codes = append(codes, string(d.Severity)+" "+string(d.Code))
			}
			if got := strings.Join(codes, ", "); got != c.codes {
				t.Errorf("got %q, want %q: %v", got, c.codes, r.Diagnostics)
			}
		})
	}
}

// The price of a split is that of its parts less that of the bundle, and every
// part is announced.
func TestSplitPaysItsAnnouncements(t *testing.T) {
	all := grants{"control": model.Disturbed, "compute": model.Disturbed}
	b, actions := rolled(4, 1, all)
	in := Input{At: monday, Policy: priced, Bundles: []model.Bundle{b}, Actions: actions, Zones: time.LoadLocation}
	in.Policy.Windows = []model.Window{once("a", 0, 4, all), once("b", 6, 9, all)}
	in.Policy.LeadS = map[model.PlaneID]int64{"compute": 2 * hour}
	in.Span = func(s []model.PartStep) model.Span { return hourly(s, 4) }
	r := Place(in)
	// Both parts disturb both planes, so work is charged as before.
	if want := int64(100 + 10 + 1000); r.ExtraCost != want {
		t.Errorf("extra cost %d, want %d", r.ExtraCost, want)
	}
	var got []string
	for _, a := range r.Announce {
		got = append(got, string(a.Plane)+" "+a.By)
	}
	want := []string{"compute 2026-01-04T22:00:00Z", "control 2026-01-05T00:00:00Z", "compute 2026-01-05T04:00:00Z", "control 2026-01-05T06:00:00Z"}
	if !slices.Equal(got, want) {
		t.Errorf("announcements %v, want %v", got, want)
	}
	var late []string
	for _, d := range r.Diagnostics {
		if d.Code == "announcement-late" {
			late = append(late, d.Summary)
		}
	}
	if len(late) != 1 || !strings.Contains(late[0], "part 1 of 2 disturbs compute") || !strings.Contains(late[0], "2 h too late") {
		t.Errorf("late: %v", late)
	}
}

// bestSplit tries every set of cuts and every start of every part.
func bestSplit(in Input, units int, from int64) (cost, end int64, ok bool) {
	g := newGrid(in)
	p := &placer{in: in}
	atoms := units + 2
	var try func(i int, t, cost int64)
	bestCost, bestEnd := int64(1<<60), int64(1<<60)
	try = func(i int, t, sum int64) {
		if sum > bestCost || sum == bestCost && t >= bestEnd {
			return
		}
		if i == atoms {
			if cmp.Or(cmp.Compare(sum, bestCost), cmp.Compare(t, bestEnd)) < 0 {
				bestCost, bestEnd, ok = sum, t, true
			}
			return
		}
		for k := i + 1; k <= atoms; k++ {
			footprint := grants{}
			for a := i; a < k; a++ {
				id := model.ActionID("roll")
				if a == 0 {
					id = "pre"
				} else if a == atoms-1 {
					id = "post"
				}
				for plane, f := range g.byID[id].Footprint {
					footprint[plane] = max(footprint[plane], f)
				}
			}
			need := int64(k - i)
			for h := t; h+need <= gridHours; h++ {
				if g.may(footprint, "", h, h+need) {
					try(k, h+need, sum+p.cost(footprint, need*hour))
				}
			}
		}
	}
	try(0, from, 0)
	return bestCost, bestEnd, ok
}

func TestSplitAgainstReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.IntRange(2, 3).Draw(t, "units")
		b, actions := rolled(units, 1, grants{"control": model.Disturbed, "compute": rapid.SampledFrom([]model.Footprint{model.Watched, model.Disturbed}).Draw(t, "compute")})
		in := Input{At: monday, Policy: priced, Bundles: []model.Bundle{b}, Actions: actions, Zones: time.LoadLocation}
		in.Policy.HorizonS = gridHours * hour
		// Any prices: a cut may save more than it costs, where part of the bundle
		// disturbs less than the rest.
		in.Policy.Costs = slices.Clone(priced.Costs)
		in.Policy.Costs[0].Rate = rapid.Int64Range(0, 2).Draw(t, "rate")
		in.Policy.Costs[0].Watch = rapid.Int64Range(0, 1).Draw(t, "watch")
		in.Span = func(s []model.PartStep) model.Span { return hourly(s, units) }
		for from := int64(0); from < gridHours-4; {
			from += rapid.Int64Range(0, 6).Draw(t, "gap")
			length := rapid.Int64Range(1, 4).Draw(t, "length")
			g := rapid.SampledFrom([]grants{control, both, watched, {"control": model.Disturbed, "compute": model.Watched}}).Draw(t, "grants")
			in.Policy.Windows = append(in.Policy.Windows, once("w", from, from+length, g))
			from += length
		}
		want := score{undated: 1}
		if cost, end, ok := bestSplit(in, units, 0); ok {
			want = score{0, end}
			whole := (&placer{in: in}).cost(b.Footprint, b.WorkS)
			if fits := newGrid(in).best(make(map[int]placed)); fits.undated == 0 {
				want.end, cost = fits.end, whole // in one piece where that is possible
			}
			if r := Place(in); r.ExtraCost != cost-whole {
				t.Fatalf("extra cost %d, want %d: %v", r.ExtraCost, cost-whole, told(in, r))
			}
		}
		r := Place(in)
		got := score{undated: 1}
		if pl := r.Placements[0]; pl.Slot != nil {
			last := pl.Slot
			if pl.Parts != nil {
				last = pl.Parts[len(pl.Parts)-1].Window
			}
			got = score{0, sittingOf(t, last).to}
		}
		if got != want {
			t.Fatalf("got %+v, want %+v: %v", got, want, told(in, r))
		}
		checkParts(t, b, actions, r.Placements[0].Parts)
	})
}

// checkParts: the parts do all of the bundle, each unit once, in its order.
func checkParts(t *rapid.T, b model.Bundle, actions []model.Action, parts []model.Part) {
	if parts == nil {
		return
	}
	units := make(map[model.ActionID]int)
	for _, a := range actions {
		units[a.ID] = max(1, a.Units)
	}
	var order []model.ActionID
	work := int64(0)
	done := make(map[model.ActionID]int)
	for _, p := range parts {
		work += p.WorkS
		for _, s := range p.Steps {
			if len(order) == 0 || order[len(order)-1] != s.Action {
				order = append(order, s.Action)
			}
			first, last := s.First, s.Last
			if first == 0 {
				first, last = 1, units[s.Action]
			}
			if first != done[s.Action]+1 || last < first {
				t.Fatalf("%s: units %d-%d after %d", s.Action, first, last, done[s.Action])
			}
			done[s.Action] = last
		}
	}
	if !slices.Equal(order, b.Actions) || work != b.WorkS {
		t.Fatalf("parts do %v, %d s of work; the bundle %v, %d s", order, work, b.Actions, b.WorkS)
	}
	for id, n := range units {
		if done[id] != n {
			t.Fatalf("%s: %d of %d units", id, done[id], n)
		}
	}
}
