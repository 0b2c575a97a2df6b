package impact

import (
	"encoding/json"
	"math"
	"sync"
	"testing"

	"planewise/model"
	"planewise/model/catalog"
)

func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"", "0", "1", "25%", "100%", "101%", "-1", " 7 ", "1e3", "%", "٣"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		a, err := parseAmount(text)
		if err != nil {
			return
		}
		n = n & 0xffff
		if down, up := a.down(n), a.up(n); down < 0 || up < down || up-down > 1 || a.percent && up > n {
			t.Fatalf("%q of %d: %d down, %d up", text, n, down, up)
		}
		if less, more := rollout(n, a, amount{}); less < 0 || less > n || more != 0 || n > 0 && less == 0 {
			t.Fatalf("%q of %d without a surge: %d fewer, %d more", text, n, less, more)
		}
	})
}

func FuzzGlob(f *testing.F) {
	f.Add("roll:*", "roll:worker/first")
	f.Add("*a*b", "aab")
	f.Add("?", "")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if catalog.Glob(pattern, text) && pattern == "" && text != "" {
			t.Fatalf("nothing matches %q", text)
		}
		if !catalog.Glob(text, text) && catalog.Literal(text) == len(text) {
			t.Fatalf("%q does not match itself", text)
		}
		if !catalog.Glob("*", text) || !catalog.Glob(pattern+"*", pattern) && catalog.Literal(pattern) == len(pattern) {
			t.Fatalf("a star matches anything")
		}
	})
}

// Numbers from damaged files end in numbers, not in overflow or panic.
func TestAbsurdNumbers(t *testing.T) {
	huge := int64(math.MaxInt64)
	e := quietEngine(tangled(), nodes("worker", 4))
	for _, task := range []model.Task{
		step("step:1", 0, model.EffectRule{Service: "a", Level: model.Outage, AtS: huge, Lasts: est(huge, huge)}),
		step("step:2", 0, model.EffectRule{Service: "a", Level: model.Outage, AtS: -huge, Lasts: est(-1, huge)}),
		{ID: "roll:worker", Method: model.MethodRebuild, Role: "worker", Units: math.MaxInt, Batch: math.MaxInt, PerUnit: est(huge, huge), Wait: est(huge, huge)},
		{ID: "ship:x", Does: model.WorkShip, Duration: est(huge, huge), Workloads: []model.Workload{{Service: "a", Replicas: math.MaxInt, Restart: est(huge-1, huge), Leader: true}}},
		{ID: "ceph:daemons", Does: model.WorkCeph, Workloads: []model.Workload{{Service: "a", Kind: "ceph-osd", Replicas: math.MaxInt}}},
		{ID: "x", Method: "made-up", Does: "made-up", Rollback: model.Rollback{P90s: -huge}},
		{},
	} {
		a, _, _ := e.Action(task)
		if a.Duration.P50s < 0 || a.Duration.P90s < a.Duration.P50s || a.ExpectedS < 0 || a.Rollback.P90s < 0 {
			t.Errorf("%s: %v, expected %d", task.ID, a.Duration, a.ExpectedS)
		}
		b := e.Bundle([]model.Action{a, {ID: "y", Duration: model.Span{P50s: huge, P90s: -huge}}})
		if b.Duration.P50s < 0 || b.Duration.P90s < b.Duration.P50s {
			t.Errorf("%s: bundle %v", task.ID, b.Duration)
		}
		if _, err := json.Marshal(e.Planes([]BundleImpact{b})); err != nil {
			t.Error(err)
		}
	}
	if b := e.Bundle(nil); b.Duration != (model.Span{}) || b.Timeline == nil || len(b.Impact) != 2 {
		t.Errorf("an empty bundle: %+v", b)
	}
}

// One engine works for several callers at once and gives all of them the same.
func TestOneEngineForMany(t *testing.T) {
	m, s, tasks := synthetic(1)
	e := quietEngine(m, s)
	results := make([]string, 4)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() {
			var actions []model.Action
			for _, task := range tasks {
				a, _, _ := e.Action(task)
				actions = append(actions, a)
			}
			data, err := json.Marshal([]any{actions, e.Bundle(actions).Timeline})
			if err != nil {
				t.Error(err)
			}
			results[i] = string(data)
		})
	}
	wg.Wait()
	for _, r := range results[1:] {
		if r != results[0] {
			t.Fatal("two callers got different answers")
		}
	}
}

// A correlation of 0 is that: independent parts, not some default.
func TestCorrelationOfZeroIsZero(t *testing.T) {
	with := func(permille int) model.Span {
		p := defaultPolicy()
		p.CorrelationPermille = permille
		e, _ := New(oneService(), nodes("worker", 3), p)
		task := step("step:1", 0)
		task.Duration = est(60, 600)
		a, _, _ := e.Action(task)
		return e.Bundle([]model.Action{a, a, a, a, a}).Duration
	}
	// The more parts go together, the less does an overrun of any move the median.
	if with(0).P50s <= with(300).P50s || with(300).P50s <= with(1000).P50s {
		t.Errorf("0 is %v, 300 is %v, 1000 is %v", with(0), with(300), with(1000))
	}
}
