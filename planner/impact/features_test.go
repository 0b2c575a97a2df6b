package impact

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

// twoWays is a service that runs in one of two ways, a need of some systems, and
// nodes that carry only what depends on a feature.
func twoWays() model.Mapping {
	m := model.Mapping{
		Planes:   []model.Plane{{ID: "compute"}, {ID: "access"}},
		Services: []model.Service{{ID: "fabric"}, {ID: "login"}, {ID: "wlm"}},
		Capabilities: []model.Capability{
			capability("compute.launch", needs("wlm")),
			capability("access.login", &model.Need{All: []model.Need{{Service: "login"}, {Service: "fabric", When: "chn"}}}),
		},
		Features: []model.FeatureChoice{{ID: "net", Title: "the network of the users", OneOf: []string{"chn", "can"}, Exclusive: true}},
	}
	for _, f := range []string{"slurm", "pbs"} {
		m.Residents = append(m.Residents, model.Workload{Service: "wlm", Kind: "node-daemon", Name: f, CountFrom: "nodes:worker", Needed: "1", RunsOn: "worker", When: f})
	}
	m.Residents = append(m.Residents,
		model.Workload{Service: "fabric", Kind: "node-daemon", CountFrom: "nodes:worker", Needed: "1", RunsOn: "worker"},
		model.Workload{Service: "login", Kind: "node", CountFrom: "nodes:uan", Needed: "all", RunsOn: "uan", When: "uan"})
	return m
}

func withFeatures(words ...string) model.System {
	s := nodes("worker", 3, "uan", 2)
	s.Features = words
	return s
}

// A word that is missing or mistyped must not make what depends on it vanish.
func TestAFeatureThatIsNotStatedIsUnknown(t *testing.T) {
	none, risk := model.Range{}, model.Exactly(model.AtRisk)
	maybe := model.Range{Least: model.None, Most: model.AtRisk}
	for _, c := range []struct {
		name          string
		words         []string
		launch, login model.Range // of rolling workers
		uan           model.Range // of rolling login nodes, for access.login
		codes         string
	}{
		{"all stated", []string{"can", "slurm", "uan"}, risk, none, model.Exactly(model.Degraded), ""},
		{"the other network", []string{"chn", "slurm", "uan"}, risk, risk, model.Exactly(model.Degraded), ""},
		{"nothing stated", nil, model.Unknown(), maybe, model.Unknown(), "feature-not-stated feature-not-stated feature-not-stated"},
		{"a slip", []string{"can", "slrum", "uan"}, model.Unknown(), none, model.Exactly(model.Degraded), "feature-not-stated unknown-feature"},
		{"both networks", []string{"can", "chn", "slurm", "uan"}, risk, risk, model.Exactly(model.Degraded), "contradicting-features"},
		{"a site's own word", []string{"can", "slurm", "uan", "quantum"}, risk, none, model.Exactly(model.Degraded), "unknown-feature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, notes := New(twoWays(), withFeatures(c.words...), defaultPolicy())
			var got []string
			for _, n := range notes {
				got = append(got, string(n.Code))
				if n.Severity != model.Warning || n.Hint == "" {
					t.Errorf("%+v", n)
				}
			}
			if text := strings.Join(got, " "); text != c.codes {
				t.Errorf("diagnostics %s, want %s", text, c.codes)
			}
			feels := func(role string, id model.CapabilityID) (worst model.Range) {
				a, _ := do(t, e, roll(role, e.nodesOf(role), 1))
				for _, x := range a.Effects {
					if x.Capability == id {
						worst = worst.Worse(x.Range())
					}
				}
				return worst
			}
			if r := feels("worker", "compute.launch"); r != c.launch {
				t.Errorf("launch is %v, want %v", r, c.launch)
			}
			if r := feels("worker", "access.login"); r != c.login {
				t.Errorf("login while workers roll is %v, want %v", r, c.login)
			}
			if r := feels("uan", "access.login"); r != c.uan {
				t.Errorf("login while login nodes roll is %v, want %v", r, c.uan)
			}
		})
	}
}

// What was seen on the site exists, whatever the features say.
func TestWhatIsSeenIsNotInDoubt(t *testing.T) {
	s := withFeatures("can", "uan")
	s.Workloads = []model.ObservedWorkload{{Kind: "node-daemon", Name: "slurm", Replicas: 3}}
	e, _ := New(twoWays(), s, defaultPolicy())
	i := slices.IndexFunc(e.live, func(in *instances) bool { return in.Name == "slurm" })
	if i < 0 || e.live[i].doubt {
		t.Errorf("slurm was seen with 3 instances and is in doubt: %+v", e.live)
	}
}

// Where one of several things is enough and one of them may not exist, the loss of
// another may be anything up to an outage, and the loss of it no more than that.
func TestDoubtAmongAlternatives(t *testing.T) {
	m := twoWays()
	m.Capabilities[0].Needs = &model.Need{Any: []model.Need{{Service: "wlm"}, {Service: "fabric", When: "chn"}}}
	e, _ := New(m, withFeatures("slurm", "uan"), defaultPolicy())
	a, _ := do(t, e, ship(model.Workload{Service: "wlm", Replicas: 1, Method: model.MethodRecreate, Restart: est(100, 100)}))
	if !hasRange(a, "compute.launch", model.Unknown()) {
		t.Errorf("got\n%s", lines(a))
	}
}

func TestHintsForMistypedFeatures(t *testing.T) {
	words := []string{"can", "chn", "dvs", "pbs", "sbps", "slurm", "uai", "uan"}
	for word, want := range map[string]string{"dvss": "dvs", "slrum": "slurm", "sbp": "sbps", "quantum": "", "x": ""} {
		if got := strings.Join(nearWords(word, words), " "); got != want {
			t.Errorf("near %s: %q, want %q", word, got, want)
		}
	}
}

// A single feature of which nobody saw whether the system has it may be there: what
// depends on it must not vanish. One that is stated counts as stated, and a word that
// the mapping does not know as nothing.
func TestAFeatureThatWasNotSeenIsUndecided(t *testing.T) {
	m := onRoleMapping(model.Workload{Kind: "node", Name: "n", RunsOn: "worker", CountFrom: "nodes:worker", When: "extra"})
	m.Residents = append(m.Residents, model.Workload{Service: "s", Kind: "node", Name: "w", RunsOn: "worker", CountFrom: "nodes:worker"})
	for _, c := range []struct {
		features, unseen []string
		has, undecided   bool
	}{
		{nil, nil, false, false},
		{nil, []string{"extra"}, true, true},
		{[]string{"extra"}, []string{"extra"}, true, false},
		{nil, []string{"other"}, false, false},
	} {
		s := nodes("worker", 3)
		s.Features, s.UnseenFeatures = c.features, c.unseen
		got := Decide(m, s)
		if got.Has("extra") != c.has || got.Undecides("extra") != c.undecided {
			t.Errorf("%v, not seen %v: has %v, undecided %v", c.features, c.unseen, got.Has("extra"), got.Undecides("extra"))
		}
		if _, notes := New(m, s, defaultPolicy()); c.undecided != slices.ContainsFunc(notes, func(d model.Diagnostic) bool { return d.Code == "feature-not-stated" }) {
			t.Errorf("%v, not seen %v: %+v", c.features, c.unseen, notes)
		}
	}
}
