package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // why: the tests must not depend on the machine's zone files

	"planewise/model"
)

type grants = map[model.PlaneID]model.Footprint

const (
	hour = int64(3600)
	week = 7 * 24 * hour
)

var zoned = time.LoadLocation

// monday is the time the tests plan from, at midnight UTC.
var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// clock is an offset from monday as "2006-01-02T15:04:05".
func clock(hours int64) string {
	return monday.Add(time.Duration(hours) * time.Hour).Format("2006-01-02T15:04:05")
}

func once(name string, from, to int64, g grants) model.Window {
	return model.Window{Name: name, Zone: "UTC", Start: clock(from), DurationS: (to - from) * hour, Grants: g, Limits: "run"}
}

func freeze(name string, from, to int64) model.Freeze {
	return model.Freeze{Name: name, Zone: "UTC", Start: clock(from), DurationS: (to - from) * hour}
}

// bundle of one action with the same name and a certain duration.
func bundle(key model.ActionID, hours int64, g grants, after ...model.ActionID) model.Bundle {
	s := hours * hour
	return model.Bundle{Key: key, Label: strings.ToUpper(string(key)), Footprint: g, Actions: []model.ActionID{key}, WorkS: s, Duration: model.Span{P50s: s, P90s: s}, After: after}
}

// actionsOf makes the one action of each bundle.
func actionsOf(bundles []model.Bundle) []model.Action {
	var list []model.Action
	for _, b := range bundles {
		list = append(list, model.Action{ID: b.Key, Footprint: b.Footprint, ExpectedS: b.WorkS, Duration: b.Duration, Units: 1})
	}
	return list
}

// told writes a result in hours from monday: "a 0-2 nightly", "b -" without a date.
func told(in Input, r Result) []string {
	var lines []string
	slot := func(s *model.Slot) string {
		from, _ := time.Parse(time.RFC3339, s.Start)
		to, _ := time.Parse(time.RFC3339, s.End)
		return strings.TrimSpace(fmt.Sprintf("%s-%s %s", trim(from.Sub(monday).Hours()), trim(to.Sub(monday).Hours()), s.Name))
	}
	for _, p := range r.Placements {
		key := string(in.Bundles[p.Bundle].Key)
		switch {
		case p.Slot == nil:
			lines = append(lines, key+" -")
		case p.Parts == nil:
			lines = append(lines, key+" "+slot(p.Slot))
		default:
			for _, part := range p.Parts {
				var steps []string
				for _, s := range part.Steps {
					if s.First > 0 {
						steps = append(steps, fmt.Sprintf("%s[%d-%d]", s.Action, s.First, s.Last))
					} else {
						steps = append(steps, string(s.Action))
					}
				}
				lines = append(lines, fmt.Sprintf("%s part %s %s: %s", key, part.Label, strings.Join(steps, ","), slot(part.Window)))
			}
		}
	}
	return lines
}

func trim(hours float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", hours), "0"), ".")
}

var (
	control = grants{"control": model.Disturbed}
	compute = grants{"compute": model.Disturbed}
	watched = grants{"control": model.Watched}
	both    = grants{"control": model.Disturbed, "compute": model.Disturbed}
	nobody  = grants{"control": model.Untouched}
)

func TestPlace(t *testing.T) {
	nightly := model.Window{Name: "nightly", Zone: "UTC", Start: clock(22), RRule: "FREQ=DAILY", DurationS: 6 * hour, Grants: control, Limits: "run"}
	starts := func(w model.Window) model.Window { w.Limits = "starts"; return w }
	tail := func(hours int64) *model.Tail {
		return &model.Tail{Lasts: &model.Span{P50s: hour, P90s: hours * hour}}
	}
	cases := []struct {
		name    string
		policy  model.Policy
		bundles []model.Bundle
		edit    func([]model.Action)
		want    []string
		codes   string
	}{
		{
			name:    "one after another in the earliest window, the rest in the next",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("a", 2, control), bundle("b", 3, control, "a"), bundle("c", 4, control, "b")},
			want:    []string{"a 22-24 nightly", "b 24-27 nightly", "c 46-50 nightly"},
		},
		{
			name:    "free to choose, the order that ends first",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("a", 2, control), bundle("b", 3, control), bundle("c", 4, control)},
			want:    []string{"a 22-24 nightly", "c 24-28 nightly", "b 46-49 nightly"},
		},
		{
			name:    "a reserve is kept free for the way back",
			policy:  model.Policy{Windows: []model.Window{nightly}, ReservePermille: 500},
			bundles: []model.Bundle{bundle("a", 4, control), bundle("b", 1, control)},
			want:    []string{"a 22-28 nightly", "b 46-47.5 nightly"},
		},
		{
			name:    "a bundle that disturbs nobody runs outside windows",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("a", 2, nobody)},
			want:    []string{"a 0-2"},
		},
		{
			name:    "but not in a freeze",
			policy:  model.Policy{Windows: []model.Window{nightly}, Freezes: []model.Freeze{freeze("f", 1, 30)}},
			bundles: []model.Bundle{bundle("a", 2, nobody)},
			want:    []string{"a 30-32"},
		},
		{
			name:    "one that only watches needs a window that grants watching",
			policy:  model.Policy{Windows: []model.Window{once("none", 0, 9, grants{}), once("watch", 10, 19, watched)}},
			bundles: []model.Bundle{bundle("a", 2, watched)},
			want:    []string{"a 10-12 watch"},
		},
		{
			name:    "disturbing is more than watching",
			policy:  model.Policy{Windows: []model.Window{once("watch", 0, 9, watched), once("disturb", 10, 19, control)}},
			bundles: []model.Bundle{bundle("a", 2, control), bundle("b", 2, watched, "a")},
			want:    []string{"a 10-12 disturb", "b 12-14 disturb"},
		},
		{
			name:    "a window cut by a freeze",
			policy:  model.Policy{Windows: []model.Window{once("w", 0, 10, control)}, Freezes: []model.Freeze{freeze("f", 3, 4), freeze("g", 3, 5)}},
			bundles: []model.Bundle{bundle("a", 4, control)},
			want:    []string{"a 5-9 w"},
		},
		{
			name: "a freeze that recurs, over midnight",
			policy: model.Policy{Windows: []model.Window{nightly}, Freezes: []model.Freeze{
				{Name: "backup", Zone: "UTC", Start: clock(-1), RRule: "FREQ=DAILY;COUNT=4", DurationS: 3 * hour},
			}},
			bundles: []model.Bundle{bundle("a", 2, control), bundle("b", 3, control, "a")},
			want:    []string{"a 26-28 nightly", "b 94-97 nightly"},
		},
		{
			name:    "a window that is open already",
			policy:  model.Policy{Windows: []model.Window{once("w", -9, 3, control), once("x", 9, 13, control)}},
			bundles: []model.Bundle{bundle("a", 2, control), bundle("b", 4, control, "a")},
			want:    []string{"a 0-2 w", "b 9-13 x"},
		},
		{
			name:    "adjacent windows add up in time",
			policy:  model.Policy{Windows: []model.Window{once("v", 0, 3, control), once("w", 3, 6, both)}},
			bundles: []model.Bundle{bundle("a", 5, control)},
			want:    []string{"a 0-5 v + w"},
		},
		{
			name:    "grants of two windows do not add up",
			policy:  model.Policy{Windows: []model.Window{once("v", 0, 9, control), once("w", 0, 9, compute), once("x", 20, 29, both)}},
			bundles: []model.Bundle{bundle("a", 5, both)},
			want:    []string{"a 20-25 x"},
		},
		{
			name:    "a window that limits starts may be outlasted",
			policy:  model.Policy{Windows: []model.Window{starts(once("s", 2, 3, control))}},
			bundles: []model.Bundle{bundle("a", 8, control), bundle("b", 8, control)},
			want:    []string{"a 2-10 s", "b -"},
			codes:   "blocking no-window-in-time",
		},
		{
			name:    "but not into a freeze",
			policy:  model.Policy{Windows: []model.Window{starts(once("s", 2, 3, control)), starts(once("s2", 40, 41, control))}, Freezes: []model.Freeze{freeze("f", 9, 12)}},
			bundles: []model.Bundle{bundle("a", 8, control)},
			want:    []string{"a 40-48 s2"},
		},
		{
			name:    "an independent bundle does not wait for the rare window of another",
			policy:  model.Policy{Windows: []model.Window{nightly, once("monthly", 100, 110, both)}},
			bundles: []model.Bundle{bundle("a", 2, compute), bundle("b", 5, control)},
			want:    []string{"b 22-27 nightly", "a 100-102 monthly"},
		},
		{
			name:    "a dependent one does",
			policy:  model.Policy{Windows: []model.Window{nightly, once("monthly", 100, 110, both)}},
			bundles: []model.Bundle{bundle("a", 2, compute), bundle("b", 5, control, "a")},
			want:    []string{"a 100-102 monthly", "b 102-107 monthly"},
		},
		{
			name:    "equal ends keep the order of the split",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("b", 2, control), bundle("a", 1, control)},
			want:    []string{"b 22-24 nightly", "a 24-25 nightly"},
		},
		{
			name:    "the policy's soak time lies between bundles",
			policy:  model.Policy{Windows: []model.Window{nightly}, SoakS: 3 * hour},
			bundles: []model.Bundle{bundle("a", 1, control), bundle("b", 2, control)},
			want:    []string{"a 22-23 nightly", "b 26-28 nightly"},
		},
		{
			name:    "an edge's soak time counts from the end",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("a", 1, control), bundle("b", 1, control)},
			edit: func(as []model.Action) {
				as[1].After = []model.Edge{{Action: "a", Relation: model.Soak, SoakS: 30 * hour}}
			},
			want: []string{"a 22-23 nightly", "b 70-71 nightly"},
		},
		{
			name:    "not during the tail",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("a", 1, control), bundle("b", 1, control, "a")},
			edit: func(as []model.Action) {
				as[0].Tail = tail(2)
				as[1].After = []model.Edge{{Action: "a", Relation: model.NotDuring}}
			},
			want: []string{"a 22-23 nightly", "b 25-26 nightly"},
		},
		{
			name:    "not-during is no order: the tail goes last",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("a", 1, control), bundle("b", 1, control)},
			edit: func(as []model.Action) {
				as[0].Tail = &model.Tail{} // without end
				as[1].After = []model.Edge{{Action: "a", Relation: model.NotDuring}}
			},
			want: []string{"b 22-23 nightly", "a 23-24 nightly"},
		},
		{
			name:    "a tail without end that has to come first",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("a", 1, control), bundle("b", 1, control, "a")},
			edit: func(as []model.Action) {
				as[0].Tail = &model.Tail{}
				as[1].After = []model.Edge{{Action: "a", Relation: model.NotDuring}}
			},
			want:  []string{"a 22-23 nightly", "b -"},
			codes: "blocking tail-without-end",
		},
		{
			name:    "a pin holds a bundle in its window",
			policy:  model.Policy{Windows: []model.Window{nightly, once("late", 60, 62, both)}, Pins: []model.Pin{{Action: "a", Window: "late"}}},
			bundles: []model.Bundle{bundle("a", 1, nobody)},
			want:    []string{"a 60-61 late"},
		},
		{
			name:    "a pin to a window that grants too little",
			policy:  model.Policy{Windows: []model.Window{nightly, once("late", 60, 62, compute)}, Pins: []model.Pin{{Action: "a", Window: "late"}}},
			bundles: []model.Bundle{bundle("a", 1, control)},
			want:    []string{"a -"},
			codes:   "blocking pin-contradiction",
		},
		{
			name:    "a pin to no window",
			policy:  model.Policy{Windows: []model.Window{nightly}, Pins: []model.Pin{{Action: "a", Window: "late"}}},
			bundles: []model.Bundle{bundle("a", 1, control), bundle("b", 1, control)},
			want:    []string{"a -", "b 22-23 nightly"},
			codes:   "blocking pin-contradiction",
		},
		{
			name:    "what waits for an undated bundle has no date either",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("a", 1, compute), bundle("b", 1, control, "a"), bundle("c", 1, control)},
			want:    []string{"a -", "b -", "c 22-23 nightly"},
			codes:   "blocking no-window, blocking waits-for-undated",
		},
		{
			name:    "too long for every window",
			policy:  model.Policy{Windows: []model.Window{nightly}},
			bundles: []model.Bundle{bundle("a", 7, control)},
			want:    []string{"a -"},
			codes:   "blocking does-not-fit, warning window-too-short",
		},
		{
			name:    "a freeze that covers everything",
			policy:  model.Policy{HorizonS: week, Windows: []model.Window{nightly}, Freezes: []model.Freeze{freeze("all", -1, 24*8)}},
			bundles: []model.Bundle{bundle("a", 1, control), bundle("b", 1, nobody)},
			want:    []string{"a -", "b -"},
			codes:   "blocking freeze-covers-all, blocking freeze-covers-all, warning window-frozen",
		},
		{
			name:    "a freeze over the only window",
			policy:  model.Policy{HorizonS: week, Windows: []model.Window{once("w", 5, 9, control)}, Freezes: []model.Freeze{freeze("f", 4, 10)}},
			bundles: []model.Bundle{bundle("a", 1, control), bundle("b", 1, nobody)},
			want:    []string{"a -", "b 0-1"},
			codes:   "blocking no-window, warning window-frozen",
		},
		{
			name:    "beyond the horizon",
			policy:  model.Policy{HorizonS: week, Windows: []model.Window{nightly, once("late", 200, 210, both)}},
			bundles: []model.Bundle{bundle("a", 1, compute)},
			want:    []string{"a -"},
			codes:   "blocking no-window, info window-not-ahead",
		},
		{
			name:    "a window that cannot be read does not hold up the others",
			policy:  model.Policy{Windows: []model.Window{nightly, {Name: "bad", Zone: "Nowhere/City", Start: clock(0), DurationS: 1}}},
			bundles: []model.Bundle{bundle("a", 1, control)},
			want:    []string{"a 22-23 nightly"},
			codes:   "blocking unknown-zone",
		},
		{
			name:    "no windows, no dates",
			policy:  model.Policy{},
			bundles: []model.Bundle{bundle("a", 1, control)},
			want:    []string{"a -"},
		},
		{
			name:    "freezes alone date nothing",
			policy:  model.Policy{Freezes: []model.Freeze{freeze("f", 0, 1)}},
			bundles: []model.Bundle{bundle("a", 1, control)},
			want:    []string{"a -"},
			codes:   "info freezes-unused",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := Input{At: monday, Policy: c.policy, Bundles: c.bundles, Actions: actionsOf(c.bundles), Zones: time.LoadLocation}
			if c.edit != nil {
				c.edit(in.Actions)
			}
			r := Place(in)
			if got := told(in, r); !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
			var codes []string
			for _, d := range r.Diagnostics {
				codes = append(codes, string(d.Severity)+" "+string(d.Code))
			}
			if got := strings.Join(codes, ", "); got != c.codes {
				t.Errorf("got diagnostics %q, want %q: %v", got, c.codes, r.Diagnostics)
			}
		})
	}
}
