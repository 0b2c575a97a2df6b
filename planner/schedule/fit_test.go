package schedule

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"planewise/model"
)

func TestFit(t *testing.T) {
	span := model.Span{P50s: 1000, P90s: 3000}
	cases := []struct {
		name                string
		span                model.Span
		percentile, reserve int
		want                int64
	}{
		{"the 90th by default", span, 0, 0, 3000},
		{"the median", span, 50, 0, 1000},
		{"half way", span, 70, 0, 2000},
		{"rounded up", model.Span{P50s: 10, P90s: 11}, 51, 0, 11},
		{"below the median nothing is known", span, 10, 0, 1000},
		{"above the 90th nothing is known", span, 99, 0, 3000},
		{"a reserve", span, 90, 250, 3750},
		{"a reserve, rounded up", model.Span{P50s: 1, P90s: 1}, 90, 1, 2},
		{"a negative reserve is none", span, 90, -5, 3000},
		{"nothing takes a second", model.Span{}, 90, 500, 1},
		{"ends in the wrong order", model.Span{P50s: 3000, P90s: 1000}, 90, 0, 3000},
		{"absurd lengths do not overflow", model.Span{P50s: math.MaxInt64, P90s: math.MaxInt64}, 70, math.MaxInt32, 11 * maxSpan},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := fit(c.span, model.Policy{Percentile: c.percentile, ReservePermille: c.reserve}); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestCeilRoot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1_000_000).Draw(t, "n")
		r := ceilRoot(n)
		if r*r < n || r > 0 && (r-1)*(r-1) >= n {
			t.Fatalf("root of %d is not %d", n, r)
		}
	})
}

// A part takes no less than its share, no longer part is shorter, and the whole
// is the whole.
func TestPartSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.IntRange(2, 500).Draw(t, "units")
		b, actions := rolled(units, rapid.IntRange(0, 7).Draw(t, "batch"), control)
		b.Duration.P50s = rapid.Int64Range(0, 100*hour).Draw(t, "p50")
		b.Duration.P90s = b.Duration.P50s + rapid.Int64Range(0, 100*hour).Draw(t, "excess")
		p := &placer{in: Input{Bundles: []model.Bundle{b}, Actions: actions}, byID: make(map[model.ActionID]model.Action)}
		for _, a := range actions {
			p.byID[a.ID] = a
		}
		j := &job{bundle: &b}
		p.readAtoms(j)
		n := len(j.atoms)
		if n > maxAtoms+2 || workOf(j.atoms) != b.WorkS {
			t.Fatalf("%d atoms, %d s of work of %d", n, workOf(j.atoms), b.WorkS)
		}
		if got := p.span(j, 0, n); got != b.Duration {
			t.Fatalf("the whole takes %v, want %v", got, b.Duration)
		}
		i := rapid.IntRange(0, n-1).Draw(t, "from")
		last := model.Span{}
		for k := i + 1; k <= n; k++ {
			s := p.span(j, i, k)
			share := b.Duration.P90s * (j.weight[k] - j.weight[i]) / j.weight[n]
			if s.P50s < last.P50s || s.P90s < last.P90s || s.P90s < share || s.P90s > b.Duration.P90s {
				t.Fatalf("atoms %d to %d take %v, share %d, one less %v", i, k, s, share, last)
			}
			last = s
		}
	})
}

// A diagnostic names both sides of what does not go together.
func TestDiagnosticsNameBothSides(t *testing.T) {
	nightly := model.Window{Name: "nightly", Zone: "Europe/Zurich", Start: "2026-01-05T22:00:00", RRule: "FREQ=DAILY", DurationS: 4 * hour, Grants: control, Limits: "run"}
	monthly := model.Window{Name: "monthly", Zone: "Europe/Zurich", Start: "2026-02-07T08:00:00", RRule: "FREQ=MONTHLY;BYDAY=1SA", DurationS: 12 * hour, Grants: compute, Limits: "run"}
	two := bundle("a", 1, control)
	two.Actions = []model.ActionID{"a", "x"}
	cases := []struct {
		name    string
		policy  model.Policy
		bundles []model.Bundle
		edit    func([]model.Action)
		code    string
		says    []string
	}{
		{
			"too short", model.Policy{Windows: []model.Window{nightly, monthly}}, []model.Bundle{bundle("a", 5, control)}, nil,
			"does-not-fit", []string{"A needs 5 h", "control disturbed", "4 h", "Mon 2026-01-05 22:00 +01:00", "60 min missing", `"monthly" on Sat 2026-02-07 08:00 +01:00 if it granted control disturbed`},
		},
		{
			"nothing grants it", model.Policy{Windows: []model.Window{nightly}}, []model.Bundle{bundle("a", 2, both)}, nil,
			"no-window", []string{"A", "compute disturbed", `"nightly" on Mon 2026-01-05 22:00 +01:00 if it granted compute disturbed`},
		},
		{
			"nothing is long enough", model.Policy{Windows: []model.Window{nightly}}, []model.Bundle{bundle("a", 50, compute)}, nil,
			"no-window", []string{"no window of the policy is 2 d 2 h long"},
		},
		{
			"beyond the horizon", model.Policy{HorizonS: week, Windows: []model.Window{nightly, monthly}}, []model.Bundle{bundle("a", 2, compute)}, nil,
			"no-window", []string{`"monthly" on Sat 2026-02-07 08:00 +01:00 with a longer horizon_s`},
		},
		{
			"frozen", model.Policy{HorizonS: 6 * week, Windows: []model.Window{monthly}, Freezes: []model.Freeze{freeze("audit", 24*30, 24*50)}}, []model.Bundle{bundle("a", 2, compute)}, nil,
			"no-window", []string{"A", `freeze "audit"`, `"monthly"`},
		},
		{
			"everything frozen", model.Policy{HorizonS: week, Windows: []model.Window{nightly}, Freezes: []model.Freeze{freeze("audit", -24, 24*50)}}, []model.Bundle{bundle("a", 2, nobody)}, nil,
			"freeze-covers-all", []string{"A", `freeze "audit"`, "2026-01-05", "2026-01-12"},
		},
		{
			"two pins", model.Policy{Windows: []model.Window{nightly, monthly}, Pins: []model.Pin{{Action: "a", Window: "nightly"}, {Action: "x", Window: "monthly"}}}, []model.Bundle{two}, nil,
			"pin-contradiction", []string{`a is pinned to "nightly"`, `x to "monthly"`},
		},
		{
			"a pin to what does not grant it", model.Policy{Windows: []model.Window{nightly, monthly}, Pins: []model.Pin{{Action: "a", Window: "monthly"}}}, []model.Bundle{bundle("a", 2, control)}, nil,
			"pin-contradiction", []string{`"monthly"`, "A is pinned", "control disturbed"},
		},
		{
			"a pin to a window before what must come first",
			model.Policy{Windows: []model.Window{nightly, once("early", 1, 4, both), monthly}, Pins: []model.Pin{{Action: "b", Window: "early"}, {Action: "a", Window: "nightly"}}},
			[]model.Bundle{bundle("a", 2, control), bundle("b", 2, control, "a")},
			func(as []model.Action) {
				as[1].After = []model.Edge{{Action: "a", Relation: model.Soak, SoakS: hour * 5}}
			},
			"no-window-in-time", []string{`B (pinned to window "early")`, `wait for A (pinned to window "nightly")`},
		},
		{
			"an order of bundles that cannot be", model.Policy{Windows: []model.Window{nightly}}, []model.Bundle{bundle("a", 1, control, "b"), bundle("b", 1, control)}, nil,
			"order-broken", []string{"A stands before B"},
		},
		{
			"a guess", model.Policy{Windows: []model.Window{nightly}}, []model.Bundle{{Key: "a", Label: "A", Actions: []model.ActionID{"a"}, Footprint: control, Duration: model.Span{P50s: 60, P90s: 7200}, DurationUnknown: true}}, nil,
			"fit-by-guess", []string{"A", "2 h", "not known"},
		},
		{
			"a pin of nothing", model.Policy{Windows: []model.Window{nightly}, Pins: []model.Pin{{Action: "gone", Window: "nightly"}}}, []model.Bundle{bundle("a", 1, control)}, nil,
			"pin-unmatched", []string{"gone", `"nightly"`},
		},
		{
			"a percentile beyond what is known", model.Policy{Percentile: 99, Windows: []model.Window{nightly}}, []model.Bundle{bundle("a", 1, control)}, nil,
			"percentile-unknown", []string{"99", "90th"},
		},
		{
			"a horizon of ten years", model.Policy{HorizonS: 10 * 366 * 86400, Windows: []model.Window{nightly}}, []model.Bundle{bundle("a", 1, control)}, nil,
			"bad-horizon", []string{"1830 days"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := Input{At: monday, Policy: c.policy, Bundles: c.bundles, Actions: actionsOf(c.bundles), Zones: zoned}
			if c.edit != nil {
				c.edit(in.Actions)
			}
			r := Place(in)
			i := slices.IndexFunc(r.Diagnostics, func(d model.Diagnostic) bool { return string(d.Code) == c.code })
			if i < 0 {
				t.Fatalf("no %s: %v", c.code, r.Diagnostics)
			}
			text := r.Diagnostics[i].Summary + " | " + r.Diagnostics[i].Hint
			for _, side := range c.says {
				if !strings.Contains(text, side) {
					t.Errorf("%q does not say %q", text, side)
				}
			}
		})
	}
}

// Without a time nothing is dated, and it is said why.
func TestNoTime(t *testing.T) {
	b := bundle("a", 1, control)
	in := Input{Policy: model.Policy{ReservePermille: 500, Windows: []model.Window{once("w", 0, 9, control)}}, Bundles: []model.Bundle{b}, Zones: zoned}
	r := Place(in)
	if len(r.Placements) != 1 || r.Placements[0].Slot != nil || r.Placements[0].NeedS != 5400 {
		t.Errorf("got %+v", r.Placements)
	}
	if len(r.Diagnostics) != 1 || r.Diagnostics[0].Code != "windows-unused" {
		t.Errorf("got %v", r.Diagnostics)
	}
}

// A slot is written in the zone of its window, and the announcement before a
// change of the clocks in the time of then.
func TestSlotInItsZone(t *testing.T) {
	w := model.Window{Name: "night", Zone: "Europe/Zurich", Start: "2026-03-28T22:00:00", DurationS: 8 * hour, Grants: control, Limits: "run"}
	in := Input{At: monday, Bundles: []model.Bundle{bundle("a", 6, control)}, Zones: zoned,
		Policy: model.Policy{Windows: []model.Window{w}, LeadS: map[model.PlaneID]int64{"control": 24 * hour}}}
	in.Actions = actionsOf(in.Bundles)
	r := Place(in)
	want := &model.Slot{Name: "night", Start: "2026-03-28T22:00:00+01:00", End: "2026-03-29T05:00:00+02:00", Zone: "Europe/Zurich", Grants: control}
	if diff := cmp.Diff(want, r.Placements[0].Slot); diff != "" {
		t.Error(diff)
	}
	if len(r.Announce) != 1 || r.Announce[0].By != "2026-03-27T22:00:00+01:00" {
		t.Errorf("got %v", r.Announce)
	}
}

// The start is never before the time given, not by a fraction of a second either.
func TestStartsAtAWholeSecond(t *testing.T) {
	in := Input{At: monday.Add(300 * time.Millisecond), Bundles: []model.Bundle{bundle("a", 1, nobody)}, Zones: zoned, Policy: model.Policy{Windows: []model.Window{once("w", 5, 9, control)}}}
	if got := Place(in).Placements[0].Slot.Start; got != "2026-01-05T00:00:01Z" {
		t.Errorf("starts at %s", got)
	}
}

// Equal inputs in any order give equal results.
func TestPlaceIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t, rapid.IntRange(1, 5).Draw(t, "bundles"))
		want := Place(in)
		in.Actions = rapid.Permutation(in.Actions).Draw(t, "actions")
		if diff := cmp.Diff(want, Place(in)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// independent makes n bundles of different lengths without any order.
func independent(n int) Input {
	in := Input{At: monday, Zones: zoned, Policy: model.Policy{Windows: []model.Window{
		{Name: "nightly", Zone: "UTC", Start: clock(22), RRule: "FREQ=DAILY", DurationS: 6 * hour, Grants: control, Limits: "run"},
	}}}
	for i := range n {
		in.Bundles = append(in.Bundles, bundle(model.ActionID(rune('a'+i%26))+model.ActionID(strings.Repeat("z", i/26)), int64(1+i%4), control))
	}
	in.Actions = actionsOf(in.Bundles)
	return in
}

// When the search would take too long, the split's own order is used, and the
// result says so. Effort is counted in steps: the result is always the same.
func TestSearchGivesUp(t *testing.T) {
	for _, c := range []struct {
		name   string
		n      int
		effort int
		keep   bool
		exact  bool
	}{
		{"within the effort", 5, 0, false, true},
		{"beyond the effort", 8, 20, false, false},
		{"held", 5, 0, true, false},
		{"more bundles than a set holds", 80, 0, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := independent(c.n)
			in.Effort, in.KeepOrder = c.effort, c.keep
			r := Place(in)
			if r.Exact != c.exact {
				t.Errorf("exact %v, want %v, in %d steps", r.Exact, c.exact, r.Steps)
			}
			said := slices.ContainsFunc(r.Diagnostics, func(d model.Diagnostic) bool { return d.Code == "order-not-searched" })
			if said != (!c.exact && !c.keep) {
				t.Errorf("diagnostics %v", r.Diagnostics)
			}
			for i, p := range r.Placements {
				if p.Slot == nil || !c.exact && p.Bundle != i {
					t.Fatalf("placement %d: %+v", i, p)
				}
			}
		})
	}
}

func BenchmarkPlace(b *testing.B) {
	for _, n := range []int{4, 8, 12} {
		in := independent(n)
		b.Run(string(rune('0'+n/10))+string(rune('0'+n%10)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Place(in)
			}
		})
	}
}

// A roll of many units through nightly windows of a year.
func BenchmarkSplit(b *testing.B) {
	bundle, actions := rolled(200, 1, control)
	in := independent(0)
	in.Policy.Costs = priced.Costs
	in.Bundles, in.Actions = []model.Bundle{bundle}, actions
	if r := Place(in); r.Placements[0].Parts == nil {
		b.Fatal(r.Diagnostics)
	}
	b.ReportAllocs()
	for b.Loop() {
		Place(in)
	}
}
