package actions

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

func rolling(role, sel string) model.Stage {
	return model.Stage{ID: role + sel, Title: "Rebuild", Does: model.WorkRoll, Run: model.RunAlways, Role: role, Select: sel, Batch: 5,
		Carries: []model.Match{{Kind: model.KindNodeImage, Role: role}, {Kind: model.KindRPM}}}
}

func TestBatch(t *testing.T) {
	limits := []model.Limit{
		{ID: "five", Role: "worker", MaxDown: 5},
		{ID: "few", Role: "worker", MaxDown: 1, UpTo: 4},
		{ID: "fifth", Role: "worker", MaxDownPermille: 200, Default: true},
		{ID: "servers", Role: "worker", MinUp: 2, Service: "projection", When: "dvs"},
		{ID: "others", Role: "storage", MaxDown: 1},
	}
	for _, c := range []struct {
		workers, servers, stage, site, policy int // servers 0: none; -1: one on each worker
		want                                  int
		broken                                bool
		cut                                   string // the limit that a warning names
	}{
		{workers: 3, servers: -1, want: 1},                                     // a fifth of 3 is none, at least one; 3-2 = 1
		{workers: 4, servers: -1, want: 1},                                     // 4*0.2 = 0.8
		{workers: 9, servers: -1, want: 1},                                     // 1.8 rounded down
		{workers: 10, servers: -1, want: 2},                                    // 2.0
		{workers: 40, servers: -1, want: 5},                                    // 8, but never more than 5
		{workers: 40, servers: 6, want: 4},                                     // 6 servers, two stay
		{workers: 40, servers: 3, want: 1},                                     // 3-2
		{workers: 40, servers: 2, want: 1, broken: true},                       // none may go
		{workers: 2, servers: -1, want: 1, broken: true},                       // 2-2
		{workers: 40, servers: 0, want: 5},                                     // no projection on this system
		{workers: 40, servers: 0, policy: 3, want: 3},                          // the policy asks for less
		{workers: 40, servers: 0, policy: 9, want: 5, cut: "stage:"},           // and does not get more
		{workers: 40, servers: 0, site: 2, want: 2},                            // the site
		{workers: 40, servers: 0, site: 2, policy: 4, want: 4},                 // the policy's word counts
		{workers: 40, servers: 0, stage: 1, policy: 4, want: 1, cut: "stage:"}, // the vendor says one at a time
		{workers: 6, servers: -1, site: 2, want: 2},                            // more than a fifth, because the site wants it
		{workers: 6, servers: -1, policy: 5, want: 4, cut: "servers"},          // two servers stay
		{workers: 10, servers: 0, site: 8, want: 5, cut: "stage:"},             // the stage's own
		{workers: 10, servers: 0, stage: 9, site: 8, want: 5, cut: "five"},
		{workers: 4, servers: -1, policy: 2, want: 1, cut: "few"},
		{workers: 3, servers: 0, site: 3, want: 1, cut: "few"},
		{workers: 5, servers: 0, site: 2, want: 2}, // the limit for few is for four at most
		{workers: 2, servers: 0, site: 1, want: 1},
		{workers: 1, servers: 0, want: 1},                                           // never more than there are
		{workers: 1000, servers: -1, stage: 100, policy: 100, want: 5, cut: "five"}, // five
	} {
		cat := known()
		cat.limits = limits
		sys := system("worker", c.workers)
		if c.servers != 0 {
			w := model.Workload{Service: "projection", CountFrom: "nodes:worker"}
			if c.servers > 0 {
				w = model.Workload{Service: "projection", Replicas: c.servers}
			}
			cat.residents, sys.Features = []model.Workload{w}, []string{"dvs"}
		}
		sys.Batch = map[string]int{"worker": c.site}
		stage := rolling("worker", "all")
		if c.stage > 0 {
			stage.Batch = c.stage
		}
		w := build(t, "1.0.0", "2.0.0", "node-image worker 1 -> 2")
		in := w.input(cat, sys, procedure(stage))
		in.Policy.Batch = map[string]int{"worker": c.policy}
		r := From(in)
		k := task(t, r, "roll:worker")
		broken := slices.ContainsFunc(r.Diagnostics, func(d model.Diagnostic) bool { return d.Code == "limit-broken" && d.Severity == model.Blocking })
		if k.Units != c.workers || k.Batch != c.want || broken != c.broken {
			t.Errorf("%+v: %d units, batch %d, broken %v", c, k.Units, k.Batch, broken)
		}
		cut := ""
		for _, d := range r.Diagnostics {
			if d.Code == "batch-cut" && d.Severity == model.Warning {
				cut += d.Summary
			}
		}
		if (c.cut == "") != (cut == "") || !strings.Contains(cut, c.cut) {
			t.Errorf("%+v: warned of %q", c, cut)
		}
	}
}

// A limit that asks for instances to stay says nothing where the service has none.
func TestLimitOfNoInstances(t *testing.T) {
	for instances, want := range map[int]struct {
		most  int
		holds bool
	}{0: {6, false}, 2: {1, true}, 9: {6, true}} {
		cat := known()
		if instances > 0 {
			cat.residents = []model.Workload{{Service: "s", Replicas: instances}}
		}
		w := build(t, "1.0.0", "2.0.0", "node-image worker 1 -> 2")
		in := w.input(cat, system("worker", 6), procedure(rolling("worker", "")))
		b := newBuilder(in)
		b.serving = map[model.ServiceID][]model.Workload{"s": cat.residents}
		most, holds := b.allowed(model.Limit{Role: "worker", Service: "s", MinUp: 1})
		if most != want.most || holds != want.holds {
			t.Errorf("%d instances: %d, %v, want %+v", instances, most, holds, want)
		}
	}
}

func TestLimitIsShown(t *testing.T) {
	cat := known()
	cat.limits = []model.Limit{{ID: "five", Role: "worker", MaxDown: 2, Evidence: model.Evidence{Basis: model.BasisDocumented, Source: "guide", Text: "Two at most."}}}
	w := build(t, "1.0.0", "2.0.0", "node-image worker 1 -> 2")
	r := From(w.input(cat, system("worker", 30), procedure(rolling("worker", "all"))))
	facts := task(t, r, "roll:worker").Facts
	if !slices.ContainsFunc(facts, func(f model.Fact) bool {
		return f.Relation == "limited-by" && f.Object == "five" && strings.Contains(f.Text, "At most 2")
	}) {
		t.Errorf("the rule that forced the batch is not shown: %+v", facts)
	}
}

func TestRolls(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", "node-image worker 1 -> 2\nrpm acpid 1 -> 2")
	p := procedure(rolling("storage", ""), rolling("master", "rest"), rolling("worker", "all"), rolling("master", "first"))
	in := w.input(known(), system("storage", 4, "master", 3, "worker", 6), p)
	equal(t, "plain", taskList(From(in)), []string{
		"0 roll:storage [rpm:acpid.noarch]", "1 roll:master/rest", "2 roll:worker [node-image:worker.x86_64]", "3 roll:master/first",
	})
	in.Policy = model.Policy{CanaryRoles: []string{"storage", "master", "worker"}, SoakS: 3600}
	r := From(in)
	equal(t, "canaries", taskList(r), []string{
		"0 roll:storage/first [rpm:acpid.noarch]", "0 roll:storage/rest",
		"1 roll:master/canary", "1 roll:master/rest",
		"2 roll:worker/first [node-image:worker.x86_64]", "2 roll:worker/rest", "3 roll:master/first",
	})
	equal(t, "links", linkList(r), []string{
		"roll:master/canary soak roll:master/rest required",
		"roll:storage/first soak roll:storage/rest required",
		"roll:worker/first soak roll:worker/rest required",
	})
	for id, want := range map[model.ActionID]int{"roll:storage/first": 1, "roll:storage/rest": 3, "roll:master/rest": 1, "roll:master/first": 1, "roll:worker/rest": 5} {
		if n := task(t, r, id).Units; n != want {
			t.Errorf("%s: %d units, want %d", id, n, want)
		}
	}
	consistent(t, r)
	accounted(t, r)
}

// What a package disturbs belongs to the nodes it acts on, whoever is rolled first.
func TestPackageActsOnItsRole(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", "rpm agent 1 -> 2\nrpm other 1 -> 2")
	cat := known()
	cat.rules["rpm:agent.noarch"] = model.Rule{Method: model.MethodLive, ActsOn: "worker", Effects: []model.EffectRule{{Service: "projection", Level: model.AtRisk}}}
	p := procedure(rolling("storage", ""), rolling("worker", "all"))
	r := From(w.input(cat, system("storage", 3, "worker", 3), p))
	equal(t, "both roles", taskList(r), []string{"0 roll:storage [rpm:other.noarch]", "1 roll:worker [rpm:agent.noarch]"})
	for id, want := range map[model.ActionID]int{"roll:storage": 0, "roll:worker": 1} {
		if got := len(task(t, r, id).Effects); got != want {
			t.Errorf("%s has %d effects, want %d", id, got, want)
		}
	}
	accounted(t, r)
	r = From(w.input(cat, system("storage", 3), p))
	equal(t, "no such nodes", taskList(r), []string{"0 roll:storage [rpm:agent.noarch rpm:other.noarch]"})
	in := w.input(cat, system("storage", 3, "worker", 3), p)
	in.Policy.CanaryRoles = []string{"worker"}
	r = From(in)
	for _, id := range []model.ActionID{"roll:worker/first", "roll:worker/rest"} {
		if got := len(task(t, r, id).Effects); got != 1 {
			t.Errorf("%s has %d effects", id, got)
		}
	}
}

func TestUnknownPackage(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", "rpm odd 1 -> 2")
	cat := known()
	delete(cat.rules, "rpm")
	p := procedure(rolling("storage", ""), rolling("worker", ""))
	r := From(w.input(cat, system("storage", 3, "worker", 3), p))
	for id, want := range map[model.ActionID]string{"roll:storage": "storage", "roll:worker": "access, compute, control"} {
		if got := join(task(t, r, id).UnknownOn); got != want {
			t.Errorf("%s: unknown on %q, want %q", id, got, want)
		}
	}
	equal(t, "codes", codes(r), []string{"warning unmapped-component rpm:odd.noarch"})
	cat.rules["rpm:odd.noarch"] = model.Rule{Method: model.MethodDelivery}
	r = From(w.input(cat, system("storage", 3, "worker", 3), procedure(append([]model.Stage{deliver()}, p.Stages...)...)))
	if c := change(t, r, "rpm:odd.noarch"); c.Action == nil || *c.Action != "step:deliver" {
		t.Errorf("a package that is only uploaded is carried by %v", c.Action)
	}
}

func TestRollouts(t *testing.T) {
	stages := []model.Stage{deliver(),
		{ID: "c", Does: model.WorkRollout, Run: model.RunSite, Role: "compute", Method: model.MethodStage, Carries: []model.Match{{Kind: model.KindNodeImage, Role: "compute"}}},
		{ID: "u", Does: model.WorkRollout, Run: model.RunSite, Role: "uan", Method: model.MethodReboot, Carries: []model.Match{{Kind: model.KindNodeImage, Role: "uan"}}},
	}
	for _, c := range []struct {
		policy       map[string]string
		compute, uan model.Method // "" for none
		codes        []string
	}{
		{nil, model.MethodStage, model.MethodReboot, nil},
		{map[string]string{"compute": "reboot"}, model.MethodReboot, model.MethodReboot, nil},
		{map[string]string{"compute": "none", "uan": "none"}, "", "", nil},
		{map[string]string{"uan": "stage"}, model.MethodStage, model.MethodReboot, []string{"warning rollout-not-staged rollout:uan"}},
	} {
		w := build(t, "1.0.0", "2.0.0", "node-image compute 1 -> 2\nnode-image uan 1 -> 2")
		in := w.input(known(), system("compute", 100, "uan", 2), procedure(stages...))
		in.Policy.Rollout = c.policy
		r := From(in)
		got := map[string]model.Method{}
		for _, k := range r.Tasks {
			if k.Does == model.WorkRollout {
				got[k.Role] = k.Method
			}
		}
		if got["compute"] != c.compute || got["uan"] != c.uan {
			t.Errorf("%v: %v", c.policy, got)
		}
		equal(t, "codes", codes(r), c.codes)
		accounted(t, r)
		if c.compute == "" {
			equal(t, "skipped", skips(r), []string{"p/c: the policy's roll-out for compute nodes is none", "p/u: the policy's roll-out for uan nodes is none"})
			equal(t, "delivered all the same", taskList(r), []string{"0 step:deliver [node-image:compute.x86_64 node-image:uan.x86_64]"})
		}
	}
}

func TestRolloutCanary(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", "node-image compute 1 -> 2\nnode-image uan 1 -> 2")
	cat := known()
	cat.orders = []model.OrderRule{{ID: "r", First: "rollout:compute", Then: "rollout:uan", Relation: model.NotDuring}}
	in := w.input(cat, system("compute", 100, "uan", 1), procedure(
		model.Stage{ID: "c", Does: model.WorkRollout, Run: model.RunSite, Role: "compute", Method: model.MethodStage, Carries: []model.Match{{Kind: model.KindNodeImage, Role: "compute"}}},
		model.Stage{ID: "u", Does: model.WorkRollout, Run: model.RunSite, Role: "uan", Method: model.MethodReboot, Carries: []model.Match{{Kind: model.KindNodeImage, Role: "uan"}}}))
	in.Policy.CanaryRoles = []string{"compute", "uan"}
	r := From(in)
	equal(t, "tasks", taskList(r), []string{
		"0 rollout:compute/first [node-image:compute.x86_64]", "0 rollout:compute/rest", "1 rollout:uan [node-image:uan.x86_64]",
	})
	equal(t, "links", linkList(r), []string{
		"rollout:compute/first before rollout:compute/rest required",
		"rollout:compute/first not-during rollout:uan vendor-order", "rollout:compute/rest not-during rollout:uan vendor-order",
	})
	if n := task(t, r, "rollout:compute/rest").Units; n != 99 {
		t.Errorf("%d units, want 99", n)
	}
	consistent(t, r)
}

func TestNoImageForNodes(t *testing.T) {
	nodes := func(groups ...model.NodeGroup) model.System { return model.System{Nodes: groups} }
	for _, c := range []struct {
		name  string
		world string
		sys   model.System
		want  string
	}{
		{"all have one", "node-image compute 1 -> 2", nodes(model.NodeGroup{Role: "compute", Count: 8}), ""},
		{"another architecture has none", "node-image compute 1 -> 2", nodes(model.NodeGroup{Role: "compute", Count: 8}, model.NodeGroup{Role: "compute", Arch: "aarch64", Count: 5}), "5 compute nodes of aarch64"},
		{"their image is gone", "node-image uan 1 -> -", nodes(model.NodeGroup{Role: "uan", Count: 2}), "2 uan nodes of x86_64"},
		{"somebody else's nodes", "node-image compute 1 -> 2", nodes(model.NodeGroup{Role: "compute", Count: 8}, model.NodeGroup{Role: "uan", Count: 2}), ""},
		{"the image stays as it is", "node-image compute 1 -> 1\nchart ns/a platform 1 -> 2", nodes(model.NodeGroup{Role: "compute", Arch: "aarch64", Count: 5}), ""},
		{"no such nodes", "node-image compute 1 -> 2", nodes(model.NodeGroup{Role: "compute", Arch: "aarch64", Count: 0}), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := build(t, "1.0.0", "2.0.0", c.world)
			r := From(w.input(known(), c.sys, procedure(deliver(), shipping("platform"))))
			got := ""
			for _, d := range r.Diagnostics {
				if d.Code == "no-image-for-nodes" && d.Severity == model.Blocking {
					got += d.Summary
				}
			}
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
