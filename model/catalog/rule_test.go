package catalog

import (
	"slices"
	"strconv"
	"testing"

	"planewise/model"

	"pgregory.net/rapid"
)

func kea() *Catalog {
	old := rule("old", model.Match{Kind: model.KindChart, Name: "kea"}, "< 0.11.0")
	old.Workloads = []model.Workload{{Service: "api", Replicas: 1, Method: model.MethodRecreate, ExclusiveVolume: true}}
	recent := rule("new", model.Match{Kind: model.KindChart, Name: "kea"}, ">= 0.11.0")
	recent.Planes = []model.PlaneID{"compute"}
	recent.Workloads = []model.Workload{{Service: "api", Replicas: 3, Method: model.MethodRolling}}
	c, _ := New(base(old, recent))
	return c
}

func TestRuleOfBothSides(t *testing.T) {
	v10, v11, v12, odd := chart("s", "kea", "0.10.0"), chart("s", "kea", "0.11.0"), chart("s", "kea", "0.12.0"), chart("s", "kea", "latest")
	for _, tc := range []struct {
		name          string
		before, after *model.Component
		replicas      int
		method        model.Method
		facts         []string
		known         bool
	}{
		{"upgrade within a rule", &v11, &v12, 3, model.MethodRolling, []string{"mapped-by"}, true},
		{"upgrade across rules", &v10, &v11, 1, model.MethodRecreate, []string{"mapped-by", "mapped-by", "runs-with-the-weaker-of"}, true},
		{"downgrade across rules", &v11, &v10, 1, model.MethodRecreate, []string{"mapped-by", "mapped-by", "runs-with-the-weaker-of"}, true},
		{"added", nil, &v11, 3, model.MethodRolling, []string{"mapped-by"}, true},
		{"removed", &v10, nil, 1, model.MethodRecreate, []string{"mapped-by"}, true},
		{"to a version outside of every range", &v10, &odd, 1, model.MethodRecreate, []string{"mapped-by"}, false},
		{"from a version outside of every range", &odd, &v11, 3, model.MethodRolling, []string{"mapped-by"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, facts, known := kea().Rule(tc.before, tc.after)
			if known != tc.known {
				t.Fatalf("known: %v", known)
			}
			if len(r.Workloads) != 1 || r.Workloads[0].Replicas != tc.replicas || r.Workloads[0].Method != tc.method {
				t.Errorf("workloads: %+v", r.Workloads)
			}
			var relations []string
			for _, f := range facts {
				relations = append(relations, f.Relation)
			}
			if !slices.Equal(relations, tc.facts) {
				t.Errorf("facts: %+v", facts)
			}
		})
	}
	if _, _, known := kea().Rule(nil, nil); known {
		t.Error("nothing at all is known")
	}
	foo := chart("s", "foo", "1")
	if _, facts, known := kea().Rule(&foo, &foo); known || len(facts) != 0 {
		t.Errorf("an invented chart is known: %v", facts)
	}
	r, _, _ := kea().Rule(&v10, &v11)
	if !slices.Equal(r.Planes, []model.PlaneID{"control", "compute"}) {
		t.Errorf("planes of both sides: %v", r.Planes)
	}
}

func drawWorkload(t *rapid.T, label string) model.Workload {
	w := model.Workload{
		Service:         "api",
		Replicas:        rapid.IntRange(1, 5).Draw(t, label+" replicas"),
		Needed:          rapid.SampledFrom([]string{"", "1", "2", "quorum", "all"}).Draw(t, label+" needed"),
		Method:          rapid.SampledFrom([]model.Method{model.MethodRolling, model.MethodRecreate, model.MethodStateful, model.MethodUnknown}).Draw(t, label+" method"),
		MaxUnavailable:  rapid.SampledFrom([]string{"", "0", "1", "50%", "100%"}).Draw(t, label+" unavailable"),
		MaxSurge:        rapid.SampledFrom([]string{"", "0", "1", "100%"}).Draw(t, label+" surge"),
		ExclusiveVolume: rapid.Bool().Draw(t, label+" volume"),
		Leader:          rapid.Bool().Draw(t, label+" leader"),
	}
	if s := rapid.Int64Range(-1, 3).Draw(t, label+" restart"); s >= 0 {
		w.Restart = &model.Estimate{P50s: s, P90s: s}
	}
	return w
}

// The workload that holds during a change is at least as weak as either side in
// every respect, whichever comes first.
func TestWeakerIsWeakerThanBoth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawWorkload(t, "a"), drawWorkload(t, "b")
		x, y := weakerWorkload(a, b), weakerWorkload(b, a)
		for _, w := range []model.Workload{a, b} {
			n := x.Replicas
			p90 := func(e *model.Estimate) int64 {
				if e == nil {
					return 1 << 60
				}
				return e.P90s
			}
			switch {
			case x.Replicas > w.Replicas:
				t.Fatalf("more replicas than %+v: %+v", w, x)
			case weakness(x.Method) < weakness(w.Method):
				t.Fatalf("a milder method than %+v: %+v", w, x)
			case harderNeed(x.Needed, w.Needed) != x.Needed && harderNeed(w.Needed, x.Needed) != x.Needed:
				t.Fatalf("needs less than %+v: %+v", w, x)
			case share(x.MaxUnavailable, n) < share(w.MaxUnavailable, n) || share(x.MaxSurge, n) > share(w.MaxSurge, n):
				t.Fatalf("a gentler roll-out than %+v: %+v", w, x)
			case w.ExclusiveVolume && !x.ExclusiveVolume || w.Leader && !x.Leader:
				t.Fatalf("forgets a volume or a leader of %+v: %+v", w, x)
			case p90(x.Restart) < p90(w.Restart):
				t.Fatalf("restarts sooner than %+v: %+v", w, x)
			}
		}
		if x.Replicas != y.Replicas || x.Method != y.Method || x.ExclusiveVolume != y.ExclusiveVolume || x.Leader != y.Leader ||
			share(x.MaxUnavailable, x.Replicas) != share(y.MaxUnavailable, y.Replicas) || share(x.MaxSurge, x.Replicas) != share(y.MaxSurge, y.Replicas) {
			t.Fatalf("the order of the sides matters: %+v, %+v", x, y)
		}
		if same := weakerWorkload(a, a); content(same) != content(a) {
			t.Fatalf("a workload is weaker than itself: %+v, %+v", a, same)
		}
	})
}

func TestPairs(t *testing.T) {
	w := func(service model.ServiceID, name string) model.Workload {
		return model.Workload{Service: service, Name: name, Replicas: 1}
	}
	for _, tc := range []struct {
		name          string
		before, after []model.Workload
		want          int
	}{
		{"another name, one each", []model.Workload{w("api", "prometheus")}, []model.Workload{w("api", "vmstorage")}, 1},
		{"two of one service, by name", []model.Workload{w("api", "a"), w("api", "b")}, []model.Workload{w("api", "b"), w("api", "a")}, 2},
		{"one splits into two", []model.Workload{w("api", "a")}, []model.Workload{w("api", "b"), w("api", "c")}, 3},
		{"gone and new", []model.Workload{w("api", "a")}, []model.Workload{w("db", "b")}, 2},
		{"none", nil, nil, 0},
	} {
		if got := pairs(tc.before, tc.after); len(got) != tc.want {
			t.Errorf("%s: %d pairs, want %d", tc.name, len(got), tc.want)
		}
	}
}

func TestWayBackOfBothSides(t *testing.T) {
	yes, no, unknown := &model.Rollback{Possible: model.Yes, P90s: 10}, &model.Rollback{Possible: model.No}, &model.Rollback{Possible: model.UnknownWhich}
	for _, tc := range []struct {
		name       string
		a, b, want *model.Rollback
	}{
		{"no beats yes", no, yes, no}, {"no beats unknown", unknown, no, no}, {"unknown beats yes", yes, unknown, unknown},
		{"silence beats yes", nil, yes, nil}, {"no beats silence", nil, no, no}, {"both silent", nil, nil, nil},
		{"the longer of two", yes, &model.Rollback{Possible: model.Yes, P90s: 5}, yes},
	} {
		if got := harder(tc.a, tc.b); got != tc.want {
			t.Errorf("%s: %+v", tc.name, got)
		}
		if got := harder(tc.b, tc.a); got != tc.want {
			t.Errorf("%s, the other way round: %+v", tc.name, got)
		}
	}
}

func TestWorkloads(t *testing.T) {
	c := kea()
	got := c.Workloads([]model.Component{chart("s", "kea", "0.11.0"), chart("s", "foo", "1")})
	if len(got) != 1 || got[0].Replicas != 3 {
		t.Errorf("one release: %+v", got)
	}
	both := []model.Component{chart("s", "kea", "0.11.0"), chart("s", "kea", "0.10.0"), chart("s", "kea", "0.11.1")}
	got = c.Workloads(both)
	if len(got) != 1 || got[0].Replicas != 1 || got[0].Method != model.MethodRecreate {
		t.Errorf("two releases: %+v", got)
	}
	slices.Reverse(both)
	if again := c.Workloads(both); content(again) != content(got) {
		t.Errorf("the order matters: %+v, %+v", again, got)
	}
	shelved := chart("s", "kea", "0.10.0")
	shelved.NotDeployed = true
	if got := c.Workloads([]model.Component{shelved}); len(got) != 0 {
		t.Errorf("what nothing ships runs: %+v", got)
	}
}

func BenchmarkRule(b *testing.B) {
	c := kea()
	v10, v11 := chart("s", "kea", "0.10.0"), chart("s", "kea", "0.11.0")
	b.ReportAllocs()
	for b.Loop() {
		c.Rule(&v10, &v11)
	}
}

// BenchmarkCheck10k asks for ten thousand components of which half have a rule.
func BenchmarkCheck10k(b *testing.B) {
	var rules []model.Rule
	var comps []model.Component
	for i := range 10000 {
		name := "chart-" + strconv.Itoa(i)
		comps = append(comps, chart("services", name, "1.0.0"))
		if i%2 == 0 {
			rules = append(rules, rule("", model.Match{Kind: model.KindChart, Name: name}, ""))
		}
	}
	c, _ := New(base(rules...))
	b.ReportAllocs()
	for b.Loop() {
		if got := len(c.Check(comps)); got != 5000 {
			b.Fatal(got)
		}
	}
}
