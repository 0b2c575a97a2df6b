package impact

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
)

// reachOf are all capabilities of an engine.
func reachOf(e *Engine) model.Reach {
	var out model.Reach
	for _, plane := range e.planes {
		for _, n := range e.byPlane[plane] {
			out = append(out, e.asReached(n))
		}
	}
	return out
}

// tolerantEngine has capabilities that tolerate no gap, short ones, and whole actions.
func tolerantEngine() *Engine {
	m := tangled()
	for i := range m.Capabilities {
		m.Capabilities[i].ToleranceS = []int64{0, 30, 5000}[i%3]
	}
	e, _ := New(m, nodes("worker", 4), defaultPolicy())
	return e
}

// What is written as one effect on any capability stands for just those effects that
// the rules give, whatever else the action does.
func TestAnyCapabilityStandsForTheEffects(t *testing.T) {
	e := tolerantEngine()
	starred := 0
	rapid.Check(t, func(t *rapid.T) {
		task := anyTask(0).Draw(t, "task")
		task.UnknownOn = rapid.SampledFrom([][]model.PlaneID{nil, {"control"}, {"compute"}, {"control", "compute"}}).Draw(t, "unknown on")
		s := e.begin(task.ID)
		s.behave(task)
		s.stated(task)
		s.unknownPlanes(task)
		s.close()
		s.unknowable()
		all := s.effects()
		short := s.anything(slices.Clone(all))
		if len(short) < len(all) {
			starred++
		}
		if got := reachOf(e).Effects(short); !reflect.DeepEqual(got, all) {
			t.Fatalf("%+v\nstands for\n%+v\ninstead of\n%+v", short, got, all)
		}
		footprint := Footprint(all, e.capabilities, e.policy)
		if got := e.footprint(short); !reflect.DeepEqual(got, footprint) {
			t.Fatalf("footprint %v, of all effects %v", got, footprint)
		}
	})
	if starred == 0 {
		t.Error("no task was wholly unknown")
	}
}

// A bundle is the same whether its actions say "any capability" or name each.
func TestAnyCapabilityInBundles(t *testing.T) {
	e := tolerantEngine()
	rapid.Check(t, func(t *rapid.T) {
		actions := anyActions(t, e)
		for i := range 3 {
			blank, _, _ := e.Action(model.Task{ID: model.ActionID(fmt.Sprintf("ship:%d", i)), UnknownOn: e.planes, Units: 1})
			if len(blank.Effects) != 1 || blank.Effects[0].Plane != model.Any {
				t.Fatalf("an effect on anything is %+v", blank.Effects)
			}
			actions = slices.Insert(actions, rapid.IntRange(0, len(actions)).Draw(t, "at"), blank)
		}
		named := slices.Clone(actions)
		for i := range named {
			named[i].Effects = reachOf(e).Effects(named[i].Effects)
		}
		short, long := e.Bundle(actions), e.Bundle(named)
		if !reflect.DeepEqual(short.Footprint, long.Footprint) || !reflect.DeepEqual(short.Impact, long.Impact) {
			t.Fatalf("impact\n%+v\ninstead of\n%+v", short.Impact, long.Impact)
		}
		if a, b := e.Planes([]BundleImpact{short}), e.Planes([]BundleImpact{long}); !reflect.DeepEqual(a, b) {
			t.Fatalf("planes\n%+v\ninstead of\n%+v", a, b)
		}
		short.Timeline = reachOf(e).Intervals(short.Timeline)
		for _, c := range reachOf(e) {
			if a, b := lineOf(short.Timeline, c.Capability), lineOf(long.Timeline, c.Capability); a != b {
				t.Fatalf("%s\n%s\ninstead of\n%s", c.Capability, a, b)
			}
		}
	})
}

// lineOf is a capability's time line, stretches of one level joined.
func lineOf(timeline []model.Interval, id model.CapabilityID) string {
	var list []model.Interval
	for _, iv := range timeline {
		if iv.Capability != id {
			continue
		}
		if n := len(list); n > 0 && list[n-1].End == iv.Start && rangeOf(list[n-1]) == rangeOf(iv) && list[n-1].Times == iv.Times {
			list[n-1].End = iv.End
			continue
		}
		list = append(list, iv)
	}
	slices.SortFunc(list, func(a, b model.Interval) int { return byP90(a.Start, b.Start) })
	out := ""
	for _, iv := range list {
		out += fmt.Sprintln(rangeOf(iv), iv.Start, iv.End, iv.Times)
	}
	return out
}

// A long run of actions of which nothing is known is one interval.
func TestLongRunIsOneInterval(t *testing.T) {
	e := quietEngine(tangled(), nodes("worker", 4))
	blank := func(n int) []model.Action {
		var out []model.Action
		for i := range n {
			a, _, _ := e.Action(model.Task{ID: model.ActionID(fmt.Sprintf("ship:%03d", i)), UnknownOn: e.planes, Units: 1})
			out = append(out, a)
		}
		return out
	}
	if b := e.Bundle(blank(longRun)); len(b.Timeline) != longRun {
		t.Errorf("%d actions in a row: %d intervals", longRun, len(b.Timeline))
	}
	b := e.Bundle(blank(100))
	if len(b.Timeline) != 1 || b.Timeline[0].More != 99 || b.Timeline[0].Action != "ship:000" || b.Timeline[0].End != b.Duration {
		t.Errorf("100 actions in a row: %+v", b.Timeline)
	}
	for _, c := range b.Impact[0].Capabilities {
		if len(c.Facts) != mostFacts || c.More != 100-mostFacts {
			t.Errorf("%s names %d facts and %d more", c.ID, len(c.Facts), c.More)
		}
	}
}
