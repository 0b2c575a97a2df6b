package actions

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

func deliver() model.Stage {
	return model.Stage{ID: "deliver", Title: "Upload", Does: model.WorkStep, Method: model.MethodDelivery,
		Carries: []model.Match{{Kind: model.KindImage}, {Kind: model.KindRPM}, {Kind: model.KindNodeImage}, {Kind: model.KindKernel}}}
}

func TestClaims(t *testing.T) {
	for _, c := range []struct {
		name   string
		world  string
		stages []model.Stage
		tasks  []string
		skips  []string
	}{
		{
			"a list in its order, lists in theirs", `
				chart services/b sysmgmt 1 -> 2
				chart kube/z platform 1 -> 2
				chart services/a sysmgmt 1 -> 2`,
			[]model.Stage{shipping("platform"), shipping("sysmgmt")},
			[]string{"0 ship:kube/z [chart:kube/z]", "1 ship:services/b [chart:services/b]", "1 ship:services/a [chart:services/a]"},
			nil,
		},
		{
			"the first stage that ships a change has it", `
				chart ns/nexus nexus 1 -> 2
				chart ns/a platform 1 -> 2`,
			[]model.Stage{
				{ID: "early", Does: model.WorkShip, Carries: []model.Match{{Kind: model.KindChart, Namespace: "ns", Name: "nexus"}}},
				shipping("platform"), shipping("nexus"),
			},
			[]string{"0 ship:ns/nexus [chart:ns/nexus]", "1 ship:ns/a [chart:ns/a]"},
			[]string{"p/ship-nexus: what it would ship is shipped by early"},
		},
		{
			"a stage that ships takes charts that come, and neither packages nor what goes", `
				chart ns/new platform - -> 2
				chart ns/old platform 1 -> -
				rpm acpid 1 -> 2
				undeploy ns/old`,
			[]model.Stage{
				{ID: "all", Does: model.WorkShip, Carries: []model.Match{{Name: "*"}}}, {ID: "gone", Does: model.WorkRemove, Carries: []model.Match{{Name: "*"}}},
				{ID: "workers", Does: model.WorkRoll, Run: model.RunAlways, Role: "worker", Carries: []model.Match{{Kind: model.KindRPM}}},
			},
			[]string{"0 ship:ns/new [chart:ns/new]", "1 remove:ns/old [chart:ns/old]", "2 roll:worker [rpm:acpid.noarch]"},
			nil,
		},
		{
			"entries of a stage's own list follow each other", `
				chart ns/a platform 1 -> 2
				chart ns/b platform 1 -> 2`,
			[]model.Stage{{ID: "s", Does: model.WorkShip, Carries: []model.Match{{Kind: model.KindChart, Name: "b"}, {Kind: model.KindChart, Name: "a"}}}},
			[]string{"0 ship:ns/b [chart:ns/b]", "1 ship:ns/a [chart:ns/a]"},
			nil,
		},
		{
			"an upload takes what nothing ships, although it comes first", `
				image coredns 1 -> 2
				image other 1 -> 2
				rpm acpid 1 -> 2`,
			[]model.Stage{deliver(),
				{ID: "dns", Does: model.WorkStep, Run: model.RunAlways, Method: model.MethodRolling, Carries: []model.Match{{Kind: model.KindImage, Name: "*coredns*"}}},
				{ID: "workers", Does: model.WorkRoll, Run: model.RunAlways, Role: "worker", Carries: []model.Match{{Kind: model.KindRPM}}}},
			[]string{"0 step:deliver [image:other]", "1 step:dns [image:coredns]", "2 roll:worker [rpm:acpid.noarch]"},
			nil,
		},
		{
			"a mere upload starts no stage", `
				image ceph 1 -> 2`,
			[]model.Stage{deliver(), {ID: "ceph", Does: model.WorkCeph, Role: "storage", Carries: []model.Match{{Kind: model.KindCeph}, {Kind: model.KindImage, Name: "ceph"}}}},
			[]string{"0 step:deliver [image:ceph]"},
			[]string{"p/ceph: it would carry uploads only, which start nothing"},
		},
		{
			"undeploys before their list, the rest last", `
				chart ns/old1 platform 1 -> -
				chart ns/old2 platform 1 -> -
				chart ns/a platform 1 -> 2
				undeploy ns/old2 before platform
				undeploy ns/old1`,
			[]model.Stage{{ID: "un1", Does: model.WorkRemove, Manifests: []string{"platform"}}, shipping("platform"), {ID: "un2", Does: model.WorkRemove}},
			[]string{"0 remove:ns/old2 [chart:ns/old2]", "1 ship:ns/a [chart:ns/a]", "2 remove:ns/old1 [chart:ns/old1]"},
			nil,
		},
		{
			"an orphan goes only where a stage names it", `
				chart ns/named platform 1 -> - orphan
				chart ns/lost platform 1 -> - orphan`,
			[]model.Stage{{ID: "rm", Does: model.WorkRemove, Carries: []model.Match{{Kind: model.KindChart, Namespace: "ns", Name: "named"}}}, {ID: "rest", Does: model.WorkRemove}},
			[]string{"0 remove:ns/named [chart:ns/named]"},
			[]string{"p/rest: it carries no change"},
		},
		{
			"rolls run although nothing changes, but not without nodes", `
				chart ns/a platform 1 -> 2`,
			[]model.Stage{shipping("platform"),
				{ID: "w", Does: model.WorkRoll, Run: model.RunAlways, Role: "worker"},
				{ID: "x", Does: model.WorkRoll, Run: model.RunAlways, Role: "gateway"},
				{ID: "m", Does: model.WorkRoll, Run: model.RunAlways, Role: "master", Select: "rest"}},
			[]string{"0 ship:ns/a [chart:ns/a]", "1 roll:worker"},
			[]string{"p/x: the system has no gateway nodes", "p/m: the system has no master node but the first"},
		},
		{
			"a list that no stage names is shipped in the release's place", `
				chart ns/a platform 1 -> 2
				chart ns/n extra 1 -> 2
				chart ns/z nexus 1 -> 2`,
			[]model.Stage{shipping("platform"), shipping("nexus")},
			[]string{"0 ship:ns/a [chart:ns/a]", "1 ship:ns/n [chart:ns/n]", "2 ship:ns/z [chart:ns/z]"},
			nil,
		},
		{
			"what no stage carries gets a step of its own", `
				firmware bmc 1 -> 2`,
			[]model.Stage{{ID: "s", Does: model.WorkStep, Run: model.RunAlways, Method: model.MethodLive}},
			[]string{"0 step:s", "1 step:unplaced-p [firmware:bmc]"},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := build(t, "1.0.0", "2.0.0", c.world)
			r := From(w.input(known(), system("master", 1, "worker", 3, "storage", 3), procedure(c.stages...)))
			equal(t, "tasks", taskList(r), c.tasks)
			equal(t, "skipped", skips(r), c.skips)
			accounted(t, r)
		})
	}
}

// accounted checks that every change is carried by exactly one task, or has a reason.
func accounted(t reporter, r Result) {
	t.Helper()
	carriers := map[model.ChangeID][]model.ActionID{}
	for _, k := range r.Tasks {
		for _, c := range k.Changes {
			carriers[c] = append(carriers[c], k.ID)
		}
	}
	for _, c := range r.Changes {
		by := carriers[c.ID]
		switch {
		case c.Action == nil && (len(by) > 0 || c.Reason == ""):
			t.Errorf("%s has no action, carriers %v, reason %q", c.ID, by, c.Reason)
		case c.Action != nil && (len(by) != 1 || by[0] != *c.Action):
			t.Errorf("%s says %s, carried by %v", c.ID, *c.Action, by)
		}
		delete(carriers, c.ID)
	}
	if len(carriers) > 0 {
		t.Errorf("carried but not a change: %v", carriers)
	}
}

func TestReasons(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", `
		chart ns/a platform! 1 -> 2
		chart ns/lost platform 1 -> - orphan
		image gone 1 -> -
		node-image uan 1 -> -
		chart ns/inert platform 1 -> 2`)
	w.changes[4].Inert, w.changes[4].Reason = true, "only the version stands differently"
	w.changes[0].After.NotDeployed = true
	r := From(w.input(known(), system("uan", 2), procedure(deliver(), shipping("platform"))))
	for id, want := range map[model.ChangeID]string{
		"chart:ns/a":            `its list "platform" is not shipped`,
		"chart:ns/lost":         "nothing undeploys it",
		"image:gone":            "nothing that runs is removed",
		"node-image:uan.x86_64": "they keep what they run",
		"chart:ns/inert":        "only the version",
	} {
		if c := change(t, r, id); c.Action != nil || !strings.Contains(c.Reason, want) {
			t.Errorf("%s: action %v, reason %q, want %q", id, c.Action, c.Reason, want)
		}
	}
	equal(t, "tasks", taskList(r), nil)
}

func TestMovedChart(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", `
		chart new/b platform 1 -> 2 move
		undeploy old/b before platform`)
	w.changes[0].Before.Namespace = "old"
	cat := known()
	cat.rules["chart:new/b"] = model.Rule{Planes: []model.PlaneID{"control"}, Workloads: []model.Workload{{Service: "b", Replicas: 1}}}
	r := From(w.input(cat, system(), procedure(model.Stage{ID: "un", Does: model.WorkRemove, Manifests: []string{"platform"}}, shipping("platform"))))
	equal(t, "tasks", taskList(r), []string{"0 remove:old/b", "1 ship:new/b [chart:new/b]"})
	e := task(t, r, "remove:old/b").Effects
	if len(e) != 1 || e[0].Service != "b" || e[0].Level != model.Outage || e[0].Until != "action:ship:new/b" {
		t.Errorf("what it serves is gone until it is shipped anew: %+v", e)
	}
}

// A chart that the script undeploys and ships again is gone in between, even where
// its version stays.
func TestReinstalledChart(t *testing.T) {
	for _, c := range []struct {
		name    string
		stages  []model.Stage
		after   bool
		tasks   []string
		unknown string
	}{
		{"no stage removes", []model.Stage{shipping("platform")}, false, []string{"0 ship:ns/a [chart:ns/a]"}, ""},
		{"a stage removes", []model.Stage{{ID: "un", Does: model.WorkRemove, Manifests: []string{"platform"}}, shipping("platform")}, false,
			[]string{"0 remove:ns/a", "1 ship:ns/a [chart:ns/a]"}, ""},
		{"removed after all", []model.Stage{shipping("platform"), {ID: "un", Does: model.WorkRemove}}, true, []string{"0 ship:ns/a [chart:ns/a]"}, "control"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := build(t, "1.0.0", "2.0.0", "chart ns/a platform 1 -> 2\nundeploy ns/a before platform")
			w.changes[0].Reinstalled, w.changes[0].GoneAfter = true, c.after
			cat := known()
			cat.rules["chart:ns/a"] = model.Rule{Planes: []model.PlaneID{"control"}, Method: model.MethodRolling, Workloads: []model.Workload{{Service: "a", Replicas: 3}}}
			r := From(w.input(cat, system(), procedure(c.stages...)))
			equal(t, "tasks", taskList(r), c.tasks)
			k := task(t, r, "ship:ns/a")
			if k.Method != model.MethodReinstall || len(k.Workloads) != 1 || join(k.UnknownOn) != c.unknown {
				t.Errorf("%s, workloads %+v, unknown on %q", k.Method, k.Workloads, join(k.UnknownOn))
			}
			if len(c.tasks) > 1 {
				e := task(t, r, "remove:ns/a").Effects
				if len(e) != 1 || e[0].Level != model.Outage || e[0].Until != "action:ship:ns/a" {
					t.Errorf("what it serves is gone until it is ready: %+v", e)
				}
			}
		})
	}
}

// What a person leaves out of a description is not there; what a snapshot does not show
// may be, and a plan without the work on it is less than the update.
func TestNodesThatNoSnapshotShows(t *testing.T) {
	blocked := func(taken string, resident model.Workload, features ...string) bool {
		m := known()
		m.residents = append(m.residents, resident)
		sys := system("master", 3)
		sys.TakenAt, sys.Features = taken, features
		w := build(t, "1.0.0", "2.0.0", "chart ns/a platform 1 -> 2")
		r := From(w.input(m, sys, procedure(shipping("platform"), model.Stage{ID: "x", Does: model.WorkRoll, Run: model.RunAlways, Role: "gateway"})))
		if len(r.Tasks) != 1 || len(r.Skipped) != 1 {
			t.Fatalf("tasks %v, skipped %v", taskList(r), skips(r))
		}
		return slices.Contains(codes(r), "blocking no-such-nodes nodes:gateway")
	}
	const taken = "2026-01-10T20:00:00Z"
	lives := model.Workload{Service: "web", Kind: "node", Name: "gateway", RunsOn: "gateway"}
	counted := model.Workload{Service: "web", Kind: "node", Name: "gateway", CountFrom: "nodes:worker+gateway"}
	if !blocked(taken, lives) || !blocked(taken, counted) {
		t.Error("nodes that the snapshot does not show are taken to be absent")
	}
	if blocked("", lives) {
		t.Error("a person's description is doubted")
	}
	if blocked(taken, model.Workload{Service: "web", Kind: "node", Name: "x", RunsOn: "worker"}) {
		t.Error("nodes on which nothing lives are missed")
	}
	lives.When = "gateways"
	if blocked(taken, lives) || !blocked(taken, lives, "gateways") {
		t.Error("the condition of what lives there does not count")
	}
}
