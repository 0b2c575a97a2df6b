package impact

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

// state runs a task that puts services to levels: "a outage 30/60".
func stateTask(rules ...model.EffectRule) model.Task {
	return model.Task{ID: "step:x", Does: model.WorkStep, Method: model.MethodLive, Units: 1, Duration: est(600, 600), Effects: rules}
}

func puts(s model.ServiceID, l model.Level, seconds int64) model.EffectRule {
	return model.EffectRule{Service: s, Level: l, Lasts: est(seconds, seconds), Evidence: model.Evidence{Basis: model.BasisDocumented, Source: "doc"}}
}

func withNeeds(need model.Need) model.Mapping {
	m := model.Mapping{Planes: []model.Plane{{ID: "control"}}}
	for _, id := range []model.ServiceID{"a", "b", "c"} {
		m.Services = append(m.Services, model.Service{ID: id})
	}
	m.Capabilities = []model.Capability{capability("control.x", &need)}
	return m
}

func a(s model.ServiceID) model.Need { return model.Need{Service: s} }

func TestNeeds(t *testing.T) {
	abc := []model.Need{a("a"), a("b"), a("c")}
	for _, c := range []struct {
		name  string
		need  model.Need
		rules []model.EffectRule
		want  string
	}{
		{"all: the worst", model.Need{All: abc}, []model.EffectRule{puts("a", model.AtRisk, 60), puts("b", model.Degraded, 60)}, "control.x degraded 0/0+60/60"},
		{"any: the best is none, but one is lost", model.Need{Any: abc}, []model.EffectRule{puts("a", model.Outage, 60)}, "control.x at-risk 0/0+60/60"},
		{"any: all three lost", model.Need{Any: abc}, []model.EffectRule{puts("a", model.Outage, 60), puts("b", model.Outage, 60), puts("c", model.Degraded, 60)}, "control.x degraded 0/0+60/60"},
		{"any of one is that one", model.Need{Any: abc[:1]}, []model.EffectRule{puts("a", model.Outage, 60)}, "control.x outage 0/0+60/60"},
		{"2 of 3: one lost", model.Need{Of: abc, AtLeast: 2}, []model.EffectRule{puts("a", model.Outage, 60)}, "control.x at-risk 0/0+60/60"},
		{"2 of 3: two lost", model.Need{Of: abc, AtLeast: 2}, []model.EffectRule{puts("a", model.Outage, 60), puts("b", model.Outage, 60)}, "control.x outage 0/0+60/60"},
		{"2 of 3: one lost, one slow: as bad as the second best", model.Need{Of: abc, AtLeast: 2}, []model.EffectRule{puts("a", model.Outage, 60), puts("b", model.Degraded, 60)}, "control.x degraded 0/0+60/60"},
		{"3 of 3 is all", model.Need{Of: abc, AtLeast: 3}, []model.EffectRule{puts("a", model.Outage, 60)}, "control.x outage 0/0+60/60"},
		{"soft: counts for at most degraded", model.Need{Service: "a", Cap: level(model.Degraded)}, []model.EffectRule{puts("a", model.Outage, 60)}, "control.x degraded 0/0+60/60"},
		{"from degraded: lost redundancy does not reach", model.Need{Service: "a", From: level(model.Degraded)}, []model.EffectRule{puts("a", model.AtRisk, 60)}, ""},
		{"from degraded: trouble does", model.Need{Service: "a", From: level(model.Degraded)}, []model.EffectRule{puts("a", model.Outage, 60)}, "control.x outage 0/0+60/60"},
		{"it holds 60 s: a gap of 60 s does not reach", model.Need{Service: "a", HoldsS: 60}, []model.EffectRule{puts("a", model.Outage, 60)}, ""},
		{"it holds 60 s: a gap of 61 s does", model.Need{Service: "a", HoldsS: 60}, []model.EffectRule{puts("a", model.Outage, 61)}, "control.x outage 0/0+61/61"},
		{"it holds 60 s: of a short gap in a long risk the risk stays", model.Need{Service: "a", HoldsS: 60}, []model.EffectRule{puts("a", model.AtRisk, 300), puts("a", model.Outage, 60)}, "control.x at-risk 0/0+300/300"},
		{"a condition that does not hold", model.Need{Service: "a", When: "chn"}, []model.EffectRule{puts("a", model.Outage, 60)}, ""},
		{"a condition that holds", model.Need{Service: "a", When: "can"}, []model.EffectRule{puts("a", model.Outage, 60)}, "control.x outage 0/0+60/60"},
		{"the negation", model.Need{Service: "a", When: "!chn"}, []model.EffectRule{puts("a", model.Outage, 60)}, "control.x outage 0/0+60/60"},
		{"nested: (a or b) and c", model.Need{All: []model.Need{{Any: abc[:2]}, a("c")}}, []model.EffectRule{puts("a", model.Outage, 60)}, "control.x at-risk 0/0+60/60"},
		{"unknown of a: both ends", model.Need{All: abc}, []model.EffectRule{{Service: "a", Unknown: true}, puts("b", model.Degraded, 60)}, "control.x unknown, at least degraded 0/0+60/60\ncontrol.x unknown 60/60+540/540"},
		{"unknown behind any: at most at risk while another works", model.Need{Any: abc}, []model.EffectRule{{Service: "a", Unknown: true, Lasts: est(60, 60)}}, "control.x unknown 0/0+60/60"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := nodes("worker", 3)
			if c.need.When == "can" {
				s.Features = []string{"can"}
			}
			act, _ := do(t, engine(t, withNeeds(c.need), s), stateTask(c.rules...))
			if got := lines(act); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// any of an unknown and a working thing is between none and at risk, not outage.
func TestUnknownBehindAnyIsBounded(t *testing.T) {
	m := withNeeds(model.Need{Any: []model.Need{a("a"), a("b")}})
	act, _ := do(t, engine(t, m, nodes("worker", 3)), stateTask(model.EffectRule{Service: "a", Unknown: true, Lasts: est(60, 60)}))
	if got := act.Effects[0].Range(); got != (model.Range{Least: model.None, Most: model.AtRisk}) {
		t.Errorf("got %v", got)
	}
}

func TestTolerance(t *testing.T) {
	m := withNeeds(a("a"))
	m.Capabilities[0].ToleranceS = 60
	for _, c := range []struct {
		name  string
		rules []model.EffectRule
		want  string
	}{
		{"an outage within the tolerance is a blip", []model.EffectRule{puts("a", model.Outage, 60)}, "control.x blip 0/0+60/60"},
		{"a longer one is not", []model.EffectRule{puts("a", model.Outage, 61)}, "control.x outage 0/0+61/61"},
		{"P90 decides", []model.EffectRule{{Service: "a", Level: model.Outage, Lasts: est(10, 61)}}, "control.x outage 0/0+10/61"},
		{"a short degradation is hidden too", []model.EffectRule{puts("a", model.Degraded, 30)}, "control.x blip 0/0+30/30"},
		{"a short outage in a long degradation is part of it", []model.EffectRule{puts("a", model.Degraded, 300), puts("a", model.Outage, 30)}, "control.x degraded 0/0+300/300"},
		{"a risk is no gap", []model.EffectRule{puts("a", model.AtRisk, 300)}, "control.x at-risk 0/0+300/300"},
		{"unknown for a short time: a blip at most", []model.EffectRule{{Service: "a", Unknown: true, Lasts: est(60, 60)}}, "control.x unknown 0/0+60/60"},
	} {
		t.Run(c.name, func(t *testing.T) {
			act, _ := do(t, engine(t, m, nodes("worker", 3)), stateTask(c.rules...))
			if got := lines(act); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// Levels spread over several services, and the chain says which way they came.
func TestChainOfFacts(t *testing.T) {
	m := model.Mapping{
		Planes: []model.Plane{{ID: "compute"}},
		Services: []model.Service{
			{ID: "osd"}, {ID: "rgw", Needs: needs("osd")},
			{ID: "projection", Needs: &model.Need{Service: "rgw", Cap: level(model.Degraded)}},
			{ID: "detour", Needs: needs("projection")},
		},
		Capabilities: []model.Capability{
			capability("compute.boot", &model.Need{All: []model.Need{a("detour"), a("rgw")}}),
			capability("compute.rootfs", needs("projection")),
		},
	}
	e := engine(t, m, nodes("worker", 3))
	task := stateTask(puts("osd", model.Outage, 60))
	act, facts, _ := e.Action(task)
	if got, want := lines(act), "compute.boot outage 0/0+60/60\ncompute.rootfs degraded 0/0+60/60"; got != want {
		t.Fatalf("got\n%s", got)
	}
	want := `step:x affects service:osd [documented] 
service:rgw needs service:osd [unknown] 
capability:compute.boot needs service:rgw [unknown] `
	if got := factTexts(facts, act.Effects[0].Facts); got != want {
		t.Errorf("the nearest way is\n%s\ngot\n%s", want, got)
	}
	if got := strings.Count(factTexts(facts, act.Effects[1].Facts), "\n"); got != 3 {
		t.Errorf("compute.rootfs: four facts expected, got\n%s", factTexts(facts, act.Effects[1].Facts))
	}
}

// The chain of an any-of that is out names every one of its parts.
func TestChainOfAllAlternatives(t *testing.T) {
	m := withNeeds(model.Need{Any: []model.Need{a("a"), a("b")}})
	act, facts, _ := engine(t, m, nodes("worker", 3)).Action(stateTask(puts("a", model.Outage, 60), puts("b", model.Outage, 60)))
	text := factTexts(facts, act.Effects[0].Facts)
	if !strings.Contains(text, "service:a") || !strings.Contains(text, "service:b") {
		t.Errorf("both have to be down for it: %s", text)
	}
}

func TestBadMappings(t *testing.T) {
	for _, c := range []struct {
		name string
		m    model.Mapping
		want string
	}{
		{"a workload of an unknown service", model.Mapping{Residents: []model.Workload{{Service: "nobody"}}}, "blocking unknown-service"},
		{"an absurd duration", model.Mapping{Services: []model.Service{{ID: "a"}}, Residents: []model.Workload{{Service: "a", Failover: est(1, 1<<62)}}}, "warning bad-duration"},
		{"P90 below P50", model.Mapping{Services: []model.Service{{ID: "a"}}, Residents: []model.Workload{{Service: "a", Restart: est(50, 5)}}}, "warning bad-duration"},
		{"more needed than wanted", model.Mapping{Services: []model.Service{{ID: "a"}}, Residents: []model.Workload{{Service: "a", Replicas: 1, Needed: "2"}}}, "warning needed-above-wanted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, notes := New(c.m, nodes("worker", 3), defaultPolicy())
			if !slices.Contains(codes(notes), c.want) {
				t.Errorf("got %v, want %s", notes, c.want)
			}
		})
	}
}

func link(i int) model.ServiceID { return model.ServiceID(fmt.Sprintf("s%06d", i)) }

// A chain of 100,000 needs and a fan of as many end in reasonable time and stack.
func TestDeepAndWideMappings(t *testing.T) {
	const n = 100_000
	var m model.Mapping
	fan := &model.Need{}
	for i := range n {
		s := model.Service{ID: link(i)}
		if i > 0 {
			s.Needs = needs(link(i - 1))
		}
		m.Services = append(m.Services, s)
		fan.All = append(fan.All, model.Need{Service: s.ID})
	}
	m.Capabilities = []model.Capability{capability("control.x", fan)}
	e, notes := New(m, nodes("worker", 3), defaultPolicy())
	if len(notes) > 0 {
		t.Fatal(notes[0])
	}
	act, _, _ := e.Action(stateTask(puts(link(0), model.Outage, 60)))
	if got := lines(act); got != "control.x outage 0/0+60/60" || len(act.Effects[0].Facts) != 2 {
		t.Errorf("got %s with %d facts", got, len(act.Effects[0].Facts))
	}
}
