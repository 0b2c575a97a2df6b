package impact

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

// worstOf is the worst that an action does to a capability.
func worstOf(a model.Action, c model.CapabilityID) model.Range {
	var r model.Range
	for _, e := range a.Effects {
		if e.Capability == c {
			r = r.Worse(e.Range())
		}
	}
	return r
}

// A standby that was away may be missing when the daemons are upgraded: the data may
// then be gone for as long as one restarts, and is never surely there.
func TestUpgradeWithAStandbyAway(t *testing.T) {
	upgrade := model.Task{ID: "ceph:daemons", Does: model.WorkCeph, Method: model.MethodCephDaemon, Units: 1, Duration: est(3000, 6000)}
	for _, c := range []struct {
		standby, away int
		least, most   model.Level
	}{
		{2, 0, model.Blip, model.Outage}, {2, 1, model.Blip, model.Outage}, {1, 1, model.Outage, model.Outage},
	} {
		s := cephSystem(func(c2 *model.Ceph) {
			c2.MDSStandby = c.standby
			if c.away > 0 {
				c2.Faults = &model.CephFaults{MDS: c.away}
			}
		})
		e, _ := New(cephMapping(), s, defaultPolicy())
		a, _ := do(t, e, upgrade)
		var long int64 // for how long it is, or may be, an outage
		for _, x := range a.Effects {
			if x.Capability == "storage.file" && x.Range().Most == model.Outage {
				long = max(long, x.Lasts.P90s)
			}
		}
		if short := c.standby > c.away; short != (long < 100) {
			t.Errorf("%d stand by, %d are away: an outage of at most %d s", c.standby, c.away, long)
		}
	}
}

// Nothing is evicted of what has no instances, and a drain leaves daemon sets alone.
func TestBudgetsThatStopNoDrain(t *testing.T) {
	for name, o := range map[string]model.ObservedWorkload{
		"no instances": {Kind: "Deployment", Name: "x", Replicas: 0},
		"a daemon set": {Kind: "DaemonSet", Name: "x", Replicas: 3},
	} {
		s := nodes("worker", 3)
		s.Hosts = []model.Host{{Name: "w1", Role: "worker"}}
		o.PDB, o.Nodes = &model.PDB{MinAvailable: "100%"}, []string{"w1"}
		s.Workloads = []model.ObservedWorkload{o}
		if _, _, notes := anEngine(onRoleMapping(model.Workload{Kind: "Deployment", Name: "w", Replicas: 2}), s).Action(roll("worker", 3, 1)); strings.Contains(codesOf(notes), "budget") {
			t.Errorf("%s: %v", name, notes)
		}
	}
}

// How long a roll takes: as stated for the whole, else batch by batch; what was
// measured of each batch goes before both.
func TestLengthOfARoll(t *testing.T) {
	measured := func(per bool) []model.Measured {
		return []model.Measured{{Action: "roll:*", P50s: 500, P90s: 500, Samples: 3, PerUnit: per}}
	}
	for name, c := range map[string]struct {
		whole, each *model.Estimate
		measured    []model.Measured
		want        int64
	}{
		"the whole is stated":                       {whole: est(700, 700), want: 700},
		"each node is stated":                       {each: est(100, 100), want: 600},
		"both are: each node counts":                {whole: est(700, 700), each: est(100, 100), want: 600},
		"the whole was measured":                    {whole: est(700, 700), each: est(100, 100), measured: measured(false), want: 500},
		"each was measured":                         {whole: est(700, 700), measured: measured(true), want: 3000},
		"each was measured, nothing else was known": {measured: measured(true), want: 3000},
	} {
		s := nodes("worker", 6)
		s.Measured = c.measured
		r := roll("worker", 6, 1)
		r.Duration, r.PerUnit = c.whole, c.each
		if a, _ := do(t, engine(t, oneService(), s), r); a.Duration.P50s != c.want || a.Duration.P90s != c.want {
			t.Errorf("%s: %+v, want %d", name, a.Duration, c.want)
		}
	}
}

// A need rests on its own evidence where it has any, else on that of what needs it.
func TestEvidenceOfANeed(t *testing.T) {
	for name, c := range map[string]struct {
		need model.Evidence
		want model.Evidence
	}{
		"none":          {model.Evidence{}, model.Evidence{Basis: model.BasisDocumented, Source: "page", Text: "It says so."}},
		"a basis alone": {model.Evidence{Basis: model.BasisDefault}, model.Evidence{Basis: model.BasisDefault}},
		"a text alone":  {model.Evidence{Text: "Nobody knows."}, model.Evidence{Text: "Nobody knows."}},
		"all":           {model.Evidence{Basis: model.BasisChart, Source: "c", Text: "d"}, model.Evidence{Basis: model.BasisChart, Source: "c", Text: "d"}},
	} {
		m := oneService()
		m.Capabilities[0].Evidence = model.Evidence{Basis: model.BasisDocumented, Source: "page", Text: "It says so."}
		m.Capabilities[0].Needs.All[0].Evidence = c.need
		_, facts, _ := engine(t, m, nodes("worker", 3)).Action(ship(model.Workload{Service: "s", Kind: "Deployment", Replicas: 1, Method: model.MethodRecreate, Restart: est(10, 10)}))
		found := false
		for _, f := range facts {
			if f.Subject == "capability:control.s" {
				found = true
				if got := (model.Evidence{Basis: f.Basis, Source: f.Source, Text: f.Text}); got != c.want {
					t.Errorf("%s: %+v, want %+v", name, got, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%s: no fact leads to the capability in %+v", name, facts)
		}
	}
}

// A need that the system does not have ties the capability to nothing.
func TestANeedThatIsNotHere(t *testing.T) {
	m := oneService()
	m.Services = append(m.Services, model.Service{ID: "other"})
	absent := capability("control.other", &model.Need{All: []model.Need{{Service: "other"}, {Service: "s", When: "chn"}}})
	alone := capability("control.alone", &model.Need{All: []model.Need{{Service: "s", When: "chn"}}})
	m.Capabilities = append(m.Capabilities, absent, alone)
	for _, has := range []bool{false, true} {
		s := nodes("worker", 3)
		if has {
			s.Features = []string{"chn"}
		}
		e, _ := New(m, s, defaultPolicy())
		a, _ := do(t, e, ship(model.Workload{Service: "s", Kind: "Deployment", Replicas: 1, Method: model.MethodRecreate, Restart: est(10, 10)}))
		for _, c := range []model.CapabilityID{"control.other", "control.alone"} {
			if got := worstOf(a, c); got.IsNone() == has {
				t.Errorf("with the feature %v: %s is %v", has, c, got)
			}
		}
	}
}

// A daemon set that runs on fewer nodes than there are is on no node for certain.
func TestFewerInstancesThanNodes(t *testing.T) {
	for wanted, placed := range map[int]bool{4: false, 6: true} {
		w := model.Workload{Kind: "DaemonSet", Name: "d", RunsOn: "worker", Replicas: wanted, Needed: "all", Method: model.MethodDaemonSet, Restart: est(10, 10)}
		s := workersSeen(3, nil)
		s.Nodes[0].Count = 6 // three of them by name
		e, _ := New(placedMapping(w), s, defaultPolicy())
		a, _ := do(t, e, roll("worker", 6, 1))
		if got := len(a.Unplaced) == 0; got != placed {
			t.Errorf("%d instances on 6 nodes, 3 of them known: not placed %v", wanted, a.Unplaced)
		}
	}
}

// What several effects of an action leave behind is all felt in the bundle, though an
// earlier action has left some of it.
func TestEverythingLeftBehindIsFelt(t *testing.T) {
	m := oneService()
	for _, c := range []model.CapabilityID{"control.a", "control.b"} {
		m.Capabilities = append(m.Capabilities, capability(c, needs("s")))
	}
	stays := func(c model.CapabilityID, l model.Level) model.Effect {
		return model.Effect{Capability: c, Plane: "control", Level: l, Lasts: model.Span{P50s: 10, P90s: 10}, Until: "action:end", Facts: []model.FactID{"f"}}
	}
	act := func(id model.ActionID, effects ...model.Effect) model.Action {
		return model.Action{ID: id, Duration: model.Span{P50s: 100, P90s: 100}, ExpectedS: 100, Effects: effects}
	}
	e := engine(t, m, nodes("worker", 3))
	x := e.Bundle([]model.Action{act("one", stays("control.a", model.Outage)), act("two", stays("control.a", model.Outage), stays("control.b", model.Degraded)), act("end")})
	until := map[model.CapabilityID]int64{}
	for _, i := range x.Timeline {
		until[i.Capability] = max(until[i.Capability], i.End.P90s)
	}
	if until["control.a"] < 300 || until["control.b"] < 300 {
		t.Errorf("felt until %v, want 300 of both", until)
	}
}

// Of two variants of a workload the one that stops all its instances counts.
func TestTheWeakerVariantCounts(t *testing.T) {
	// Its method would come first by name.
	base := model.Workload{Service: "s", Kind: "Deployment", Name: "w", Replicas: 3, Method: model.MethodDaemonSet}
	for name, change := range map[string]func(*model.Workload){
		"recreated":                   func(w *model.Workload) { w.Method = model.MethodRecreate },
		"installed again":             func(w *model.Workload) { w.Method = model.MethodReinstall },
		"a volume that only one has":  func(w *model.Workload) { w.ExclusiveVolume = true },
		"fewer":                       func(w *model.Workload) { w.Replicas = 2 },
		"fewer, though the other ...": func(w *model.Workload) { w.Replicas, w.Method = 1, model.MethodRolling },
	} {
		weak := base
		weak.Method = model.MethodStateful
		change(&weak)
		for _, list := range [][]model.Workload{{base, weak}, {weak, base}} {
			got := inventory(model.System{}, list)
			if len(got) != 1 || *got[0] != weak {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
}

// A limit on who goes last is looked at only where it names one, and the first number
// that a roll may take at a time is the hosts that there are.
func TestHostsAwayTogether(t *testing.T) {
	for hosts, want := range map[int]model.Range{1: model.Exactly(model.Outage), 2: model.Exactly(model.AtRisk), 3: model.Exactly(model.AtRisk)} {
		s := cephSystem(func(c *model.Ceph) { c.OSDHosts, c.Pools[0].Size, c.Pools[0].MinSize = hosts, min(hosts, 3), 1 })
		a, _ := do(t, engineOf(cephMapping(), s), roll("storage", hosts, 1))
		if got := worstOf(a, "storage.block"); got.Least > want.Most || hosts > 1 && got.Most == model.Outage && got.Least == model.Outage {
			t.Errorf("one of %d hosts away: %v, want %v", hosts, got, want)
		}
	}
}

func engineOf(m model.Mapping, s model.System) *Engine {
	e, _ := New(m, s, defaultPolicy())
	return e
}

// Nodes that take no pods from others are named by role, all of them.
func TestCordonedNodesAreNamed(t *testing.T) {
	s := nodes("worker", 4, "master", 3)
	for _, n := range []string{"w3", "w1", "w2"} {
		s.Hosts = append(s.Hosts, model.Host{Name: n, Role: "worker", Cordoned: true})
	}
	s.Hosts = append(s.Hosts, model.Host{Name: "m1", Role: "master", Cordoned: true}, model.Host{Name: "w4", Role: "worker", Cordoned: true, NotReady: true})
	_, notes := New(oneService(), s, defaultPolicy())
	var got []string
	for _, d := range notes {
		if strings.HasPrefix(d.Subject, "cordoned:") {
			_, words, _ := strings.Cut(d.Summary, " on ")
			words, _, _ = strings.Cut(words, ";")
			got = append(got, d.Subject+": "+words)
		}
	}
	slices.Sort(got)
	want := []string{"cordoned:master: 1 master node when the site was looked at: m1", "cordoned:worker: 3 worker nodes when the site was looked at: w1, w2, w3"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Of what a node carries, what has no second instance comes first.
func TestSingleInstancesComeFirst(t *testing.T) {
	ws := []model.Workload{
		{Kind: "Deployment", Name: "a", Replicas: 2, Method: model.MethodRolling}, {Kind: "Deployment", Name: "b", Replicas: 1, Method: model.MethodRecreate},
		{Kind: "Deployment", Name: "c", Replicas: 3, Method: model.MethodRolling}, {Kind: "Deployment", Name: "d", Replicas: 1, Method: model.MethodRecreate},
	}
	at := map[string][]string{"a": {"w1", "w2"}, "b": {"w1"}, "c": {"w1", "w2", "w3"}, "d": {"w1"}}
	a, _ := do(t, engineOf(placedMapping(ws...), workersSeen(3, at, ws...)), roll("worker", 3, 1))
	for _, n := range a.Nodes {
		var got []string
		for _, w := range n.Workloads {
			got = append(got, w.Name)
		}
		if n.Name == "w1" && strings.Join(got, " ") != "b d a c" {
			t.Errorf("w1 carries %v", got)
		}
	}
}

// A limit that names no node as the last says nothing of the order.
func TestNobodyHasToGoLast(t *testing.T) {
	first, rest := roll("master", 1, 1), roll("master", 2, 1)
	first.ID, rest.ID = "roll:master/first", "roll:master/rest"
	for last, want := range map[int]string{0: "", 1: "blocking limit-broken"} {
		m := oneService()
		m.Limits = []model.Limit{{ID: "order", Role: "master", Last: last, MaxDown: 1}}
		if got := codesOf(engineOf(m, nodes("master", 3)).CheckLimits([]model.Task{first, rest})); got != want {
			t.Errorf("number %d goes last: %q, want %q", last, got, want)
		}
	}
}

// Of many nodes on which members run eight are named and the others counted.
func TestManyMembersAreCounted(t *testing.T) {
	for n, want := range map[int]int{3: 3, 8: 8, 9: 9, 20: 9} {
		var at []string
		for i := range n {
			at = append(at, "w"+string(rune('a'+i)))
		}
		s := &scene{Engine: &Engine{}}
		got := s.where(group{in: &instances{seen: &model.ObservedWorkload{Nodes: at}}})
		if len(got) != want || n > 8 && !strings.HasSuffix(got[8], " more") {
			t.Errorf("%d nodes: %q", n, got)
		}
	}
}
