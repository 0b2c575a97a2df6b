package impact_test

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/planner/actions"
	"planewise/planner/diff"
	"planewise/planner/impact"
)

// The well-known cases of CSM, through the embedded mapping, procedures and systems.

// documents are the embedded documents of a folder. Those of systems and policies
// are the caller's own; the others are read once and must not be changed.
func documents[T any](tb testing.TB, folder string) map[string]T {
	tb.Helper()
	read := func() (any, error) { return decodeAll[T](folder) }
	if folder != "systems" && folder != "policies" {
		once, _ := documentsOnce.LoadOrStore(folder, sync.OnceValues(read))
		read = once.(func() (any, error))
	}
	out, err := read()
	if err != nil {
		tb.Fatal(err)
	}
	return out.(map[string]T)
}

var documentsOnce sync.Map // folder -> func() (any, error)

func decodeAll[T any](folder string) (map[string]T, error) {
	files, err := fs.Glob(fixtures.FS, folder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	out := map[string]T{}
	for _, f := range files {
		data, err := fs.ReadFile(fixtures.FS, f)
		if err != nil {
			return nil, err
		}
		v, err := document.Decode[T](f, data)
		if err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(path.Base(f), ".yaml")] = v
	}
	return out, nil
}

// mapping is the embedded mapping.
var mapping = sync.OnceValues(func() (*catalog.Catalog, error) {
	all, err := decodeAll[model.Mapping]("mapping")
	c, _ := catalog.New(values(all)...)
	return c, err
})

func values[T any](m map[string]T) []T {
	var out []T
	for _, k := range slices.Sorted(keysOf(m)) {
		out = append(out, m[k])
	}
	return out
}

func keysOf[T any](m map[string]T) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// world is one pair of releases on one system.
type world struct {
	engine  *impact.Engine
	tasks   []model.Task
	actions map[model.ActionID]model.Action
	order   []model.Action
	facts   map[model.FactID]model.Fact
	result  actions.Result
	notes   []model.Diagnostic
}

func between(tb testing.TB, from, to, system string, change func(*model.System)) world {
	tb.Helper()
	releases := documents[model.Release](tb, "releases")
	sys := documents[model.System](tb, "systems")[system]
	if change != nil {
		change(&sys)
	}
	policy := documents[model.Policy](tb, "policies")["jobs-first"]
	cat, err := mapping()
	if err != nil {
		tb.Fatal(err)
	}
	a, b := []model.Release{releases[from]}, []model.Release{releases[to]}
	changes, _ := diff.Between(a, b, nil)
	w := world{actions: map[model.ActionID]model.Action{}, facts: map[model.FactID]model.Fact{}}
	w.result = actions.From(actions.Input{From: a, To: b, Changes: changes, Catalog: cat,
		Procedures: values(documents[model.Procedure](tb, "procedures")), System: sys, Policy: policy, Path: "manual"})
	running := cat.Workloads(slices.Concat(a[0].Components, b[0].Components))
	w.engine, w.notes = impact.New(cat.Mapping(), sys, policy, impact.Running(running))
	w.tasks = w.result.Tasks
	for _, t := range w.tasks {
		act, facts, notes := w.engine.Action(t)
		w.actions[act.ID] = act
		w.order = append(w.order, act)
		w.notes = append(w.notes, notes...)
		for _, f := range facts {
			w.facts[f.ID] = f
		}
	}
	return w
}

// feels is what a capability feels of the actions a glob-like prefix selects.
func (w world) feels(prefix string, c model.CapabilityID) []model.Effect {
	var out []model.Effect
	for _, a := range w.order {
		if !strings.HasPrefix(string(a.ID), prefix) {
			continue
		}
		for _, e := range a.Effects {
			if e.Capability == c {
				out = append(out, e)
			}
		}
	}
	return out
}

func worst(es []model.Effect) model.Range {
	var r model.Range
	for _, e := range es {
		r = r.Worse(e.Range())
	}
	return r
}

func (w world) chain(e model.Effect) string {
	var out []string
	for _, id := range e.Facts {
		f := w.facts[id]
		out = append(out, fmt.Sprintf("%s %s %s", f.Subject, f.Relation, f.Object))
	}
	return strings.Join(out, "; ")
}

func (w world) text(e model.Effect) string {
	var out []string
	for _, id := range e.Facts {
		out = append(out, w.facts[id].Text)
	}
	return strings.Join(out, "; ")
}

func TestTheMappingIsSoundOnAllSystems(t *testing.T) {
	for _, system := range []string{"demo", "small", "large"} {
		w := between(t, "csm-1.5.2", "csm-1.6.0-rc.3", system, nil)
		for _, n := range w.notes {
			if n.Severity != model.Info {
				t.Errorf("%s: %s %s %s: %s", system, n.Severity, n.Code, n.Subject, n.Summary)
			}
		}
		for _, n := range w.engine.CheckLimits(w.tasks) {
			t.Errorf("%s: the tasks break a limit: %s", system, n.Summary)
		}
		if n := w.engine.CheckTails([][]model.Action{w.order}); len(n) > 0 {
			t.Errorf("%s: tails: %v", system, n)
		}
	}
}

// A patch within 1.5 rolls the management nodes and interrupts no running job:
// they are at risk while workers that project root file systems are away, and while
// plays run on those workers.
func TestPatchDoesNotInterruptJobs(t *testing.T) {
	w := between(t, "csm-1.5.0", "csm-1.5.2", "demo", nil)
	jobs := w.feels("", "compute.jobs")
	if len(jobs) == 0 || worst(jobs) != model.Exactly(model.AtRisk) {
		t.Fatalf("running jobs: %v", worst(jobs))
	}
	if played := len(w.feels("step:cfs-update", "compute.jobs")); played == 0 {
		t.Error("plays on workers that serve are said not to reach running jobs")
	} else if got := len(w.feels("roll:worker", "compute.jobs")); got+played != len(jobs) {
		t.Errorf("%d of %d effects on running jobs come from elsewhere than the workers", len(jobs)-got-played, len(jobs))
	}
	jobs = w.feels("roll:worker", "compute.jobs")
	if chain := w.chain(jobs[0]); chain != "roll:worker restarts service:projection; capability:compute.rootfs needs service:projection; capability:compute.jobs needs capability:compute.rootfs" {
		t.Errorf("chain: %s", chain)
	}
	roll := w.actions["roll:worker"]
	if jobs[0].Lasts != roll.Duration {
		t.Errorf("at risk for %v of %v", jobs[0].Lasts, roll.Duration)
	}
	for _, a := range w.order {
		for _, e := range a.Effects {
			if e.Plane == "compute" && a.Footprint["compute"] == model.Disturbed && e.Capability == "compute.jobs" && e.Level > model.AtRisk {
				t.Errorf("%s disturbs running jobs", a.ID)
			}
		}
	}
}

// Kea has one copy in 1.5 and three in 1.6. Rolled with the workers, one copy is a
// gap of its long readiness with each move; three leave two.
func TestKeaInOneAndThreeCopies(t *testing.T) {
	old := between(t, "csm-1.5.0", "csm-1.5.2", "demo", nil)
	gap := old.feels("roll:worker", "control.dhcp")
	if worst(gap) != model.Exactly(model.Outage) || gap[0].Lasts.P50s < 180 {
		t.Errorf("one copy: %v, lasting %v", worst(gap), gap[0].Lasts)
	}
	if !strings.Contains(old.text(gap[0]), "1 of 1 down, 0 up, 1 needed") {
		t.Errorf("the arithmetic is missing: %s", old.text(gap[0]))
	}
	if !strings.Contains(old.chain(gap[0]), "service:kea") {
		t.Errorf("chain: %s", old.chain(gap[0]))
	}
	site := between(t, "csm-1.5.0", "csm-1.5.2", "demo", func(s *model.System) {
		s.Workloads = append(s.Workloads, model.ObservedWorkload{Kind: "Deployment", Namespace: "services", Name: "cray-dhcp-kea", Replicas: 3})
	})
	if got := worst(site.feels("roll:worker", "control.dhcp")); got.Most > model.AtRisk {
		t.Errorf("three copies: %v", got)
	}
}

func TestStorageNodesOneAtATime(t *testing.T) {
	w := between(t, "csm-1.5.0", "csm-1.5.2", "demo", nil)
	var block []model.Effect
	block = append(block, w.feels("roll:storage", "storage.block")...)
	if got := worst(block); got.Most > model.Blip || got.Least < model.AtRisk {
		t.Errorf("size 3, min_size 2: %v", got)
	}
	w = between(t, "csm-1.5.0", "csm-1.5.2", "demo", func(s *model.System) {
		s.Ceph.Pools = slices.Clone(s.Ceph.Pools)
		s.Ceph.Pools[0].Size = 2
	})
	block = w.feels("roll:storage", "storage.block")
	if got := worst(block); got != model.Exactly(model.Outage) {
		t.Errorf("size 2, min_size 2: %v", got)
	}
	if got := worst(w.feels("roll:storage", "compute.boot")); got.Most < model.Degraded {
		t.Errorf("what needs the data has to feel it: compute.boot %v", got)
	}
}

// With three workers, pod capacity, projection and service addresses are at risk as
// long as the workers are rolled.
func TestThreeWorkersAreAtRiskThroughout(t *testing.T) {
	w := between(t, "csm-1.5.0", "csm-1.5.2", "small", nil)
	roll := w.actions["roll:worker"]
	for _, c := range []model.CapabilityID{"control.capacity", "compute.rootfs", "access.software", "control.addresses"} {
		es := w.feels("roll:worker", c)
		if len(es) != 1 || es[0].Range() != model.Exactly(model.AtRisk) || es[0].Lasts != roll.Duration {
			t.Errorf("%s: %v, want at-risk for %v", c, es, roll.Duration)
		}
	}
	if roll.Units != 3 || roll.Batch != 1 {
		t.Errorf("%d nodes, %d at a time", roll.Units, roll.Batch)
	}
}

// On the way to 1.6 things happen in the prerequisites and the services stage.
func TestJumpTo16(t *testing.T) {
	w := between(t, "csm-1.5.2", "csm-1.6.0-rc.3", "demo", nil)
	t.Run("what retires", func(t *testing.T) {
		var ends []string
		for _, r := range w.result.Retired {
			ends = append(ends, string(r.Capability))
		}
		for _, c := range []string{"access.uai-create", "control.boot-v1"} {
			if !slices.Contains(ends, c) {
				t.Errorf("%s does not end: %v", c, ends)
			}
		}
	})
	t.Run("the Vault gap of two minutes", func(t *testing.T) {
		es := w.feels("step:prereq-restart-vault", "control.secrets")
		if len(es) != 1 || es[0].Range() != model.Exactly(model.Outage) || es[0].Lasts.P50s != 120 {
			t.Errorf("%+v", es)
		}
	})
	t.Run("the history of metrics", func(t *testing.T) {
		es := w.feels("step:prereq-health-remove", "control.monitoring-history")
		if !slices.ContainsFunc(es, func(e model.Effect) bool { return e.Until == "ever" && e.Level == model.Outage }) {
			t.Errorf("%+v", es)
		}
	})
	t.Run("volumes do not move while the drivers are replaced, five minutes for both", func(t *testing.T) {
		var sum model.Span
		for _, ship := range []string{"ship:ceph-rbd/cray-ceph-csi-rbd", "ship:ceph-cephfs/cray-ceph-csi-cephfs"} {
			for _, e := range w.feels(ship, "storage.volumes") {
				if e.Level >= model.Degraded {
					sum.P50s, sum.P90s = sum.P50s+e.Lasts.P50s, sum.P90s+e.Lasts.P90s
				}
			}
			if got := worst(w.feels(ship, "storage.block")); got.Most > model.AtRisk {
				t.Errorf("%s: mounted volumes keep working: %v", ship, got)
			}
		}
		if sum.P50s < 240 || sum.P90s < 300 || sum.P90s > 600 {
			t.Errorf("in all %v", sum)
		}
	})
	t.Run("the registry", func(t *testing.T) {
		for _, ship := range []string{"ship:nexus/cray-nexus", "ship:istio-system/cray-istio-deploy"} {
			if got := worst(w.feels(ship, "control.registry")); got != model.Exactly(model.Outage) {
				t.Errorf("%s: %v", ship, got)
			}
			if got := worst(w.feels(ship, "control.pod-scheduling")); got.Least < model.Degraded {
				t.Errorf("%s: pods whose image is not on the node cannot start: %v", ship, got)
			}
		}
		b := w.engine.Bundle([]model.Action{w.actions["ship:istio-system/cray-istio-operator"], w.actions["ship:istio-system/cray-istio-deploy"],
			w.actions["ship:istio-system/cray-istio"], w.actions["ship:services/cray-keycloak"]})
		var out []model.Interval
		for _, iv := range b.Timeline {
			if iv.Capability == "control.registry" && iv.Level == model.Outage {
				out = append(out, iv)
			}
		}
		if len(out) != 1 || out[0].Start.P50s == 0 || out[0].End.P50s >= b.Duration.P50s {
			t.Errorf("out of reach from istio's control to istio's gateways: %+v in %v", out, b.Duration)
		}
	})
	t.Run("jobs", func(t *testing.T) {
		for _, a := range w.order {
			for _, e := range a.Effects {
				if e.Capability == "compute.jobs" && e.Level > model.AtRisk {
					t.Errorf("%s: running jobs are %v: %s", a.ID, e.Range(), w.chain(e))
				}
			}
		}
	})
}

// The object store reaches node boot and projection; a gateway that is out reaches
// what administrators do; the workload manager's pods reach job launch.
func TestIndirectImpact(t *testing.T) {
	w := between(t, "csm-1.5.0", "csm-1.5.2", "large", nil)
	probe := func(service model.ServiceID) map[model.CapabilityID]model.Range {
		a, _, _ := w.engine.Action(model.Task{ID: "step:probe", Does: model.WorkStep, Method: model.MethodLive,
			Duration: &model.Estimate{P50s: 7200, P90s: 7200}, Effects: []model.EffectRule{{Service: service, Level: model.Outage}}})
		out := map[model.CapabilityID]model.Range{}
		for _, e := range a.Effects {
			out[e.Capability] = out[e.Capability].Worse(e.Range())
		}
		return out
	}
	for _, c := range []struct {
		service model.ServiceID
		reaches []model.CapabilityID
		spares  []model.CapabilityID
	}{
		{"ceph-rgw", []model.CapabilityID{"compute.boot", "compute.rootfs", "storage.object", "control.images"}, []model.CapabilityID{"storage.block", "compute.launch"}},
		{"gateway", []model.CapabilityID{"control.api", "control.auth", "control.boot-orchestration", "control.configuration", "access.api", "compute.boot"}, []model.CapabilityID{"compute.jobs", "compute.launch", "access.login", "storage.block"}},
		{"wlm", []model.CapabilityID{"compute.launch", "access.submit"}, []model.CapabilityID{"compute.jobs", "compute.boot", "control.api"}},
		{"hsn", []model.CapabilityID{"compute.jobs", "compute.launch", "access.login", "access.sessions"}, []model.CapabilityID{"control.api", "storage.block"}},
	} {
		got := probe(c.service)
		for _, id := range c.reaches {
			if got[id].Least < model.Degraded {
				t.Errorf("%s out: %s is %v", c.service, id, got[id])
			}
		}
		for _, id := range c.spares {
			if got[id].Most > model.AtRisk {
				t.Errorf("%s out: %s is %v", c.service, id, got[id])
			}
		}
	}
	// With CAN instead of CHN the fabric is not the way in.
	w = between(t, "csm-1.5.0", "csm-1.5.2", "demo", nil)
	if got := probe("hsn")["access.login"]; got.Most > model.AtRisk {
		t.Errorf("with CAN: %v", got)
	}
}

func TestLargeSystemInBatches(t *testing.T) {
	w := between(t, "csm-1.5.2", "csm-1.6.0-rc.3", "large", nil)
	roll := w.actions["roll:worker"]
	if roll.Units != 40 || roll.Batch != 5 {
		t.Fatalf("%d workers, %d at a time", roll.Units, roll.Batch)
	}
	// Eight batches of a measured 3000 to 4800 s each.
	if roll.Duration.P50s < 8*3000 || roll.Duration.P90s < 8*3600 || roll.DurationUnknown {
		t.Errorf("duration %v", roll.Duration)
	}
	es := w.feels("roll:worker", "compute.rootfs")
	if len(es) != 1 || es[0].Range() != model.Exactly(model.AtRisk) {
		t.Errorf("35 of 40 targets left: %+v", es)
	}
}

func BenchmarkRealPlan(b *testing.B) {
	for _, system := range []string{"demo", "large"} {
		w := between(b, "csm-1.5.2", "csm-1.6.0-rc.3", system, nil)
		b.Run(system, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				acts := make([]model.Action, len(w.tasks))
				for i, t := range w.tasks {
					acts[i], _, _ = w.engine.Action(t)
				}
				bundle := w.engine.Bundle(acts)
				w.engine.Planes([]impact.BundleImpact{bundle})
			}
			b.ReportMetric(float64(len(w.tasks)), "tasks")
		})
	}
}
