package records

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid" // why: properties over generated inputs, with shrinking

	"planewise/model"
)

func TestShrinkByHand(t *testing.T) {
	d := &model.Span{P50s: 100, P90s: 200}
	for _, c := range []struct {
		name    string
		samples []int64
		d       *model.Span
		want    model.Span
	}{
		{"nothing", nil, nil, model.Span{}},
		{"only the default", nil, d, *d},
		// (4*100 + 1*300)/5 = 140; (4*200 + 1*300)/5 = 220
		{"one sample moves it by a fifth", []int64{300}, d, model.Span{P50s: 140, P90s: 220}},
		// upper median of 60 80 90 120 is 90, largest 120: (400+360)/8 = 95, (800+480)/8 = 160
		{"four count half", []int64{120, 60, 90, 80}, d, model.Span{P50s: 95, P90s: 160}},
		// rounded up: (400+101)/5 = 100.2, (800+101)/5 = 180.2
		{"rounded up", []int64{101}, d, model.Span{P50s: 101, P90s: 181}},
		{"no default, few samples", []int64{100, 100}, nil, model.Span{P50s: 100, P90s: 150}},
		{"no default, odd", []int64{101}, nil, model.Span{P50s: 101, P90s: 152}},
		{"no default, ten samples", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, nil, model.Span{P50s: 6, P90s: 9}},
	} {
		if got := Shrink(c.samples, c.d); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestShrinkProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		samples := rapid.SliceOfN(rapid.Int64Range(1, 100_000), 1, 60).Draw(t, "samples")
		p50 := rapid.Int64Range(1, 100_000).Draw(t, "p50")
		d := model.Span{P50s: p50, P90s: p50 + rapid.Int64Range(0, 100_000).Draw(t, "tail")}
		got := Shrink(samples, &d)
		low, high := min(d.P50s, slices.Min(samples)), max(d.P90s, slices.Max(samples))
		if got.P50s < low || got.P90s > high || got.P50s > got.P90s {
			t.Fatalf("%+v is outside of %d..%d", got, low, high)
		}
		mixed := slices.Clone(samples)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if again := Shrink(mixed, &d); again != got {
			t.Fatalf("another order gives %+v, not %+v", again, got)
		}
		// The same value often enough is believed to a hundredth.
		many := slices.Repeat([]int64{5000}, 4000)
		if s := Shrink(many, &d); s.P50s > 5000+max(0, d.P50s-5000)/1000+1 || s.P50s < 5000-5000/1000-1 {
			t.Fatalf("4000 runs of 5000 s give %+v against %+v", s, d)
		}
	})
}

func run(action string, took int64, outcome Outcome, units, batch int) Run {
	return Run{Action: model.ActionID(action), TookS: took, Outcome: outcome, Units: units, Batch: batch, Planned: &model.Span{P50s: 100, P90s: 200}}
}

func TestLearn(t *testing.T) {
	records := []Record{
		{Outcome: OK, Runs: []Run{run("ship:services/cray-bos", 50, OK, 1, 0), run("roll:worker", 6000, OK, 6, 2)}},
		{Outcome: OK, Runs: []Run{run("roll:worker/rest", 4001, OK, 2, 1), run("ship:services/cray-bos", 70, OK, 1, 0)}},
		{Outcome: Failed, Runs: []Run{run("ship:services/cray-bos", 9999, Failed, 1, 0), run("", 9999, OK, 1, 0), run("ceph:daemons", -1, OK, 1, 0)}},
	}
	got := Learn(records, func(action string, perUnit bool) (model.Span, bool) {
		return model.Span{P50s: 1000, P90s: 2000}, action == "roll:worker*" && perUnit
	})
	want := []model.Measured{
		// 3 turns of 2000, 2 turns of 2001: (4*1000 + 2*2001)/6 and (4*2000 + 2*2001)/6
		{Action: "roll:worker*", P50s: 1334, P90s: 2001, Samples: 2, PerUnit: true, Source: "records of this site, 2 against a default that counts 4"},
		{Action: "ship:services/cray-bos", P50s: 70, P90s: 105, Samples: 2, Source: "records of this site, 2 without a default"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	slices.Reverse(records)
	if again := Learn(records, nil); len(again) != 2 {
		t.Errorf("%+v", again)
	}
}

// One night that a person reported and the deployment engine logged is one sample; two
// nights are two.
func TestOneEventIsOneSample(t *testing.T) {
	person := Record{Start: "2026-01-10T20:00:00Z", End: "2026-01-10T22:00:00Z", Bundle: "roll:worker", Outcome: OK, Runs: []Run{run("roll:worker", 7200, OK, 2, 2)}}
	engine := Record{Start: "2026-01-10T20:10:00Z", End: "2026-01-10T21:10:00Z", Outcome: OK, Runs: []Run{run("roll:worker", 3600, OK, 2, 2)}}
	if got := Learn([]Record{person, engine}, nil); got[0].Samples != 1 || got[0].P50s != 3600 {
		t.Errorf("%+v", got)
	}
	engine.Start, engine.End = "2026-01-11T20:10:00Z", "2026-01-11T21:10:00Z"
	if got := Learn([]Record{person, engine}, nil); got[0].Samples != 2 {
		t.Errorf("%+v", got)
	}
}

func TestCoverage(t *testing.T) {
	records := []Record{
		{Outcome: OK, Bundle: "a", TookS: 150, Planned: model.Span{P50s: 100, P90s: 200}, Runs: []Run{run("ship:a", 100, OK, 1, 0), run("ship:b", 101, OK, 1, 0)}},
		{Outcome: OK, Bundle: "b", TookS: 201, Planned: model.Span{P50s: 100, P90s: 200}, Runs: []Run{run("ship:a", 200, OK, 1, 0), run("roll:worker", 300, OK, 1, 0)}},
		{Outcome: RolledBack, Bundle: "c", TookS: 1, Planned: model.Span{P50s: 100, P90s: 200}},
	}
	want := []Coverage{
		{Kind: "bundle", Samples: 2, Between: 1, Above: 1, Within90Permille: 500},
		{Kind: "roll", Samples: 1, Above: 1},
		{Kind: "ship", Samples: 3, Within50: 1, Between: 2, Within90Permille: 1000},
	}
	if got := CoverageOf(records); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

// The default is the figure of the earliest plan, whatever the order of the records.
func TestPlannedIsTheEarliest(t *testing.T) {
	old := Record{Start: "2025-01-01T00:00:00Z", Outcome: OK, Runs: []Run{{Action: "roll:worker", Units: 6, Batch: 2, TookS: -1, Outcome: OK, Planned: &model.Span{P50s: 300, P90s: 601}}}}
	later := Record{Start: "2026-01-01T00:00:00Z", Outcome: OK, Runs: []Run{{Action: "roll:worker", Units: 6, Batch: 2, TookS: 900, Outcome: OK, Planned: &model.Span{P50s: 9000, P90s: 9000}}}}
	d := Planned([]Record{later, old})
	if span, ok := d("roll:worker*", true); !ok || span != (model.Span{P50s: 100, P90s: 201}) {
		t.Errorf("%+v %v", span, ok)
	}
	if _, ok := d("ship:x", false); ok {
		t.Error("a default out of nothing")
	}
	if got := Learn([]Record{later, old}, d); got[0].P50s != 140 || got[0].P90s != 221 {
		t.Errorf("%+v", got)
	}
}
