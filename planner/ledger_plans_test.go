package planner_test

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/planner"
)

// booked is a plan whose unknowns and bases the ledger holds.
type booked struct {
	name           string // of its file in testdata/ledger
	from, to       string // releases joined by "+"
	system, policy string
	path           string
	// without takes parts of the input away.
	without func(*planner.Input)
}

// bookedPlans cover every embedded procedure, system and policy, ways that nobody
// describes, and systems of which a part is not known.
func bookedPlans() []booked {
	onDemo := func(name, from, to string, without func(*planner.Input)) booked {
		return booked{name: name, from: from, to: to, system: "demo", policy: "jobs-first", without: without}
	}
	return []booked{
		onDemo("patch-1.2", "csm-1.2.0", "csm-1.2.2", nil),
		onDemo("minor-1.3", "csm-1.2.2", "csm-1.3.0", nil),
		{name: "patch-1.3", from: "csm-1.3.0", to: "csm-1.3.5", system: "small", policy: "jobs-first"},
		{name: "minor-1.4", from: "csm-1.3.5", to: "csm-1.4.0", system: "small", policy: "shortest-total"},
		{name: "patch-1.4", from: "csm-1.4.0", to: "csm-1.4.3", system: "large", policy: "jobs-first"},
		{name: "minor-1.5", from: "csm-1.4.3", to: "csm-1.5.0", system: "demo", policy: "fewest-windows"},
		onDemo("patch-1.5", "csm-1.5.0", "csm-1.5.2", nil),
		{name: "minor-1.6-iuf", from: "csm-1.5.2+uan-2.6.0", to: "csm-1.6.0-rc.3+uan-2.7.0", system: "demo", policy: "jobs-first", path: "iuf"},
		{name: "minor-1.6-manual", from: "csm-1.5.2", to: "csm-1.6.0-rc.3", system: "large", policy: "shortest-total", path: "manual"},
		{name: "uan", from: "uan-2.6.0", to: "uan-2.7.0", system: "large", policy: "jobs-first"},
		onDemo("skipped-minor", "csm-1.4.0", "csm-1.6.0-rc.3", nil),
		onDemo("downgrade", "csm-1.5.2", "csm-1.5.0", nil),

		onDemo("no-ceph-numbers", "csm-1.5.0", "csm-1.5.2", func(in *planner.Input) { in.System.Ceph = nil }),
		onDemo("monitors-only", "csm-1.5.2", "csm-1.6.0-rc.3", func(in *planner.Input) { in.System.Ceph = &model.Ceph{Mons: 3} }),
		onDemo("no-workloads-seen", "csm-1.5.2", "csm-1.6.0-rc.3", func(in *planner.Input) { in.System.Workloads = nil }),
		onDemo("no-workers", "csm-1.5.0", "csm-1.5.2", withoutRole("worker")),
		onDemo("no-storage-nodes", "csm-1.5.2", "csm-1.6.0-rc.3", withoutRole("storage")),
		onDemo("no-node-counts", "csm-1.5.2", "csm-1.6.0-rc.3", func(in *planner.Input) { in.System.Nodes = nil }),
		onDemo("no-features", "csm-1.5.0", "csm-1.5.2", func(in *planner.Input) { in.System.Features = nil }),
		onDemo("half-a-snapshot", "csm-1.5.0", "csm-1.5.2", halfSeen),
		onDemo("nothing-known-of-the-system", "csm-1.5.2", "csm-1.6.0-rc.3", func(in *planner.Input) { in.System = model.System{Format: model.FormatSystem, Name: "bare"} }),
		onDemo("some-components-unmapped", "csm-1.5.0", "csm-1.5.2", someUnmapped),
		onDemo("no-procedures", "csm-1.5.0", "csm-1.5.2", func(in *planner.Input) { in.Procedures = nil }),
	}
}

func withoutRole(role string) func(*planner.Input) {
	return func(in *planner.Input) {
		in.System.Nodes = slices.DeleteFunc(slices.Clone(in.System.Nodes), func(g model.NodeGroup) bool { return g.Role == role })
	}
}

// halfSeen is the system as a snapshot shows it that broke off: some of its nodes
// by name, one of them not ready, a workload short of an instance, and not whether
// it has what its features say.
func halfSeen(in *planner.Input) {
	s := &in.System
	ready := 0
	s.TakenAt, s.Partial = "2026-01-05T08:00:00Z", true
	s.Hosts = []model.Host{{Name: "ncn-w001", Role: "worker"}, {Name: "ncn-w002", Role: "worker", NotReady: true}, {Name: "ncn-m001", Role: "master"}}
	s.Workloads = []model.ObservedWorkload{
		{Kind: "Deployment", Namespace: "services", Name: "cray-bos", Replicas: 1, Method: model.MethodRolling, Ready: &ready, Nodes: []string{"ncn-w001"}},
		{Kind: "StatefulSet", Namespace: "dvs", Name: "cray-dvs-mqtt-ss", Replicas: 3},
	}
	s.Features, s.UnseenFeatures = []string{"slurm"}, []string{"can", "chn", "dvs", "sbps", "uai", "uan"}
}

// someUnmapped takes the rules of the charts whose names begin with cray-h or with
// spire out of the mapping.
func someUnmapped(in *planner.Input) {
	m := in.Catalog.Mapping()
	m.Rules = slices.DeleteFunc(slices.Clone(m.Rules), func(r model.Rule) bool {
		return r.Match.Kind == model.KindChart && (strings.HasPrefix(r.Match.Name, "cray-h") || strings.HasPrefix(r.Match.Name, "spire"))
	})
	in.Catalog, _ = catalog.New(m)
}

// build makes the plan.
func (b booked) build(tb testing.TB, w world) model.Plan {
	tb.Helper()
	in := w.input(w.set(strings.Split(b.from, "+")...), w.set(strings.Split(b.to, "+")...))
	in.System, in.Policy, in.Path = w.systems[b.system], w.policies[b.policy], b.path
	if b.without != nil {
		b.without(&in)
	}
	return planner.Build(in)
}
