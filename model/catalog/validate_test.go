package catalog

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

func sound() model.Rule { return rule("r", model.Match{Kind: model.KindChart, Name: "a"}, "") }

func withWorkload(w model.Workload) func(*model.Mapping) {
	return func(m *model.Mapping) {
		r := sound()
		r.Workloads = []model.Workload{w}
		m.Rules = []model.Rule{r}
	}
}

func withRule(change func(*model.Rule)) func(*model.Mapping) {
	return func(m *model.Mapping) {
		r := sound()
		change(&r)
		m.Rules = []model.Rule{r}
	}
}

func withNeeds(n *model.Need) func(*model.Mapping) {
	return func(m *model.Mapping) { m.Capabilities[0].Needs = n }
}

// Every mistake gives one diagnostic; a rule with one maps nothing.
func TestMistakes(t *testing.T) {
	estimate := func(p50, p90 int64) *model.Estimate { return &model.Estimate{P50s: p50, P90s: p90} }
	for _, tc := range []struct {
		name   string
		change func(*model.Mapping)
		code   string
		says   string
		unmaps bool
	}{
		{"bare wildcard", withRule(func(r *model.Rule) { r.Match = model.Match{Kind: model.KindChart, Name: "*"} }), "bare-wildcard", "nobody has looked at", true},
		{"kind alone", withRule(func(r *model.Rule) { r.Match = model.Match{Kind: model.KindChart} }), "bare-wildcard", "nobody has looked at", true},
		{"wildcards everywhere", withRule(func(r *model.Rule) { r.Match = model.Match{Name: "*?", Namespace: "*", Manifest: "*"} }), "bare-wildcard", "nobody has looked at", true},
		{"namespace alone", withRule(func(r *model.Rule) { r.Match = model.Match{Namespace: "services"} }), "bare-wildcard", "nobody has looked at", true},
		{"kind and namespace", withRule(func(r *model.Rule) { r.Match = model.Match{Kind: model.KindChart, Namespace: "services"} }), "bare-wildcard", "nobody has looked at", true},
		{"kind and list", withRule(func(r *model.Rule) { r.Match = model.Match{Kind: model.KindChart, Manifest: "platform"} }), "bare-wildcard", "nobody has looked at", true},
		{"one letter", withRule(func(r *model.Rule) { r.Match = model.Match{Kind: model.KindChart, Name: "c*"} }), "bare-wildcard", "nobody has looked at", true},
		{"scattered letters", withRule(func(r *model.Rule) { r.Match = model.Match{Kind: model.KindChart, Name: "c*r*a*y*"} }), "bare-wildcard", "nobody has looked at", true},
		{"family without a kind", withRule(func(r *model.Rule) { r.Match = model.Match{Name: "cray-*"} }), "bare-wildcard", "nobody has looked at", true},
		{"role of what is not booted", withRule(func(r *model.Rule) { r.Match = model.Match{Kind: model.KindChart, Role: "worker"} }), "bare-wildcard", "nobody has looked at", true},
		{"unknown plane", withRule(func(r *model.Rule) { r.Planes = []model.PlaneID{"contorl"} }), "unknown-plane", `"contorl"`, true},
		{"no plane", withRule(func(r *model.Rule) { r.Planes = nil }), "unknown-plane", "no plane", true},
		{"bad version range", withRule(func(r *model.Rule) { r.Version = "=> 1" }), "bad-constraint", `"=> 1"`, true},
		{"absurd duration", withRule(func(r *model.Rule) { r.Duration = estimate(1, maxSeconds+1) }), "bad-duration", "30 days", true},
		{"p90 below p50", withRule(func(r *model.Rule) { r.Duration = estimate(10, 5) }), "bad-duration", "only 5 s at p90", true},
		{"effect on an unknown service", withRule(func(r *model.Rule) { r.Effects = []model.EffectRule{{Service: "x"}} }), "unknown-service", `"x"`, true},
		{"effect on an unknown plane", withRule(func(r *model.Rule) { r.Effects = []model.EffectRule{{Planes: []model.PlaneID{"x"}}} }), "unknown-plane", `"x"`, true},
		{"effect until whenever", withRule(func(r *model.Rule) { r.Effects = []model.EffectRule{{Service: "api", Until: "later"}} }), "bad-effect", `"later"`, true},
		{"crossing of nonsense", withRule(func(r *model.Rule) {
			r.Effects = []model.EffectRule{{Service: "api", Crossing: &model.Crossing{Product: "p", To: ">"}}}
		}), "bad-constraint", `">"`, true},
		{"retires the unknown", withRule(func(r *model.Rule) { r.Retires = []model.RetireRule{{Capability: "x"}} }), "unknown-capability", `"x"`, true},
		{"no source", withRule(func(r *model.Rule) { r.Basis = model.BasisDocumented }), "missing-source", "documented", false},

		{"unknown service", withWorkload(model.Workload{Service: "x", Replicas: 1}), "unknown-service", `"x"`, true},
		{"no replicas", withWorkload(model.Workload{Service: "api"}), "bad-number", "no replicas", true},
		{"needs more than there are", withWorkload(model.Workload{Service: "api", Replicas: 3, Needed: "4"}), "bad-number", "needs 4 of 3", true},
		{"needs none", withWorkload(model.Workload{Service: "api", Replicas: 3, Needed: "0"}), "bad-number", `"0"`, true},
		{"over 100%", withWorkload(model.Workload{Service: "api", Replicas: 3, MaxUnavailable: "101%"}), "bad-number", `"101%"`, true},
		{"surge over 100%", withWorkload(model.Workload{Service: "api", Replicas: 3, MaxSurge: "200%"}), "bad-number", `"200%"`, true},

		{"need on an unknown name", withNeeds(&model.Need{All: []model.Need{{Service: "api"}, {Service: "x"}}}), "unknown-need", "service:x", false},
		{"need on an unknown capability", withNeeds(&model.Need{All: []model.Need{{Service: "api"}, {Capability: "x"}}}), "unknown-need", "capability:x", false},
		{"k over n", withNeeds(&model.Need{All: []model.Need{{Service: "api"}, {Of: []model.Need{{Service: "db"}}, AtLeast: 2}}}), "bad-need", "at least 2 of 1", false},
		{"k of 0", withNeeds(&model.Need{All: []model.Need{{Service: "api"}, {Of: []model.Need{{Service: "db"}}}}}), "bad-need", "at least 0 of 1", false},
		{"capability on an unknown plane", func(m *model.Mapping) { m.Capabilities[0].Plane = "x" }, "unknown-plane", `"x"`, false},
		{"capability without needs", withNeeds(nil), "unserved-capability", "control.api", false},
		{"service without instances", func(m *model.Mapping) { m.Services = append(m.Services, model.Service{ID: "ghost"}) }, "unprovided-service", "ghost", false},
		{"two capabilities of one id", func(m *model.Mapping) {
			again := m.Capabilities[0]
			again.Title = "other"
			m.Capabilities = append(m.Capabilities, again)
		}, "duplicate-capability", "control.api", false},

		{"order without names", func(m *model.Mapping) {
			m.Orders = []model.OrderRule{{ID: "o", First: "*", Then: "ship:a", Relation: model.Before}}
		}, "bare-wildcard", "every action", false},
		{"limit on no role", func(m *model.Mapping) { m.Limits = []model.Limit{{ID: "l", MaxDown: 1}} }, "bad-word", "no role", false},
		{"limit on an unknown service", func(m *model.Mapping) { m.Limits = []model.Limit{{ID: "l", Role: "worker", MinUp: 2, Service: "x"}} }, "unknown-service", `"x"`, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := base(sound())
			tc.change(&m)
			c, ds := New(m)
			if len(ds) != 1 || string(ds[0].Code) != tc.code || !strings.Contains(ds[0].Subject+" "+ds[0].Summary, tc.says) {
				t.Fatalf("want one %s saying %q, got %+v", tc.code, tc.says, ds)
			}
			if _, ok := c.Lookup(chart("", "a", "1")); ok == tc.unmaps {
				t.Errorf("mapped: %v", ok)
			}
			again, left := New(c.Mapping())
			if content(again.Mapping().Rules) != content(c.Mapping().Rules) || slices.ContainsFunc(left, func(d model.Diagnostic) bool {
				return d.Severity == model.Blocking && d.Code != "bad-word" && d.Code != "unknown-plane"
			}) {
				t.Errorf("what is wrong is still in the merged mapping: %+v", left)
			}
		})
	}
}

func TestNeedsOfThemselves(t *testing.T) {
	m := base()
	m.Services = []model.Service{
		{ID: "api", Needs: &model.Need{All: []model.Need{{Service: "db"}, {Service: "cache"}}}},
		{ID: "db", Needs: &model.Need{Service: "disk"}},
		{ID: "disk", Needs: &model.Need{Any: []model.Need{{Capability: "control.api"}, {Service: "cache"}}}},
		{ID: "cache"},
	}
	m.Residents = append(m.Residents, model.Workload{Service: "cache", Replicas: 1})
	c, ds := New(m)
	// The capability is left without a need, which is said too.
	if !slices.Equal(codes(ds), []string{"need-cycle", "unserved-capability"}) || ds[0].Severity != model.Blocking {
		t.Fatalf("got %+v", ds)
	}
	want := []string{"capability:control.api", "service:api", "service:db", "service:disk", "capability:control.api"}
	if !slices.Equal(ds[0].Path, want) {
		t.Errorf("path %v, want %v", ds[0].Path, want)
	}
	for _, s := range c.Services() {
		leaves(s.Needs, func(n model.Need) {
			if n.Service != "cache" {
				t.Errorf("%s still needs %s", s.ID, leafName(n))
			}
		})
	}
	self := base()
	self.Services[0].Needs = &model.Need{Service: "api"}
	if _, ds := New(self); len(ds) != 1 || !slices.Equal(ds[0].Path, []string{"service:api", "service:api"}) {
		t.Errorf("a service that needs itself: %+v", ds)
	}
}

func TestDeepNeedsEnd(t *testing.T) {
	n := model.Need{Service: "api"}
	for range 10000 {
		n = model.Need{All: []model.Need{n}}
	}
	m := base()
	m.Capabilities[0].Needs = &n
	if _, ds := New(m); !slices.Contains(codes(ds), "bad-need") {
		t.Errorf("got %+v", ds)
	}
}
