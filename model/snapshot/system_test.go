package snapshot

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

// ours is a system with a platform and roles, and nothing else of its own.
var ours = Profile{Platform: "csm", Roles: []string{"worker", "storage"}}

func codes(notes []model.Diagnostic) []string {
	var out []string
	for _, n := range notes {
		out = append(out, string(n.Code))
	}
	return slices.Compact(out)
}

func source(kinds ...string) []Source { return []Source{{Name: "a", Kinds: kinds}} }

// A kind that a partial snapshot does not show is as it was; in a whole one it has gone.
func TestKindsThatWereRefused(t *testing.T) {
	base := model.System{Workloads: []model.ObservedWorkload{{Kind: "Deployment", Name: "old"}, {Kind: "StatefulSet", Name: "etcd", Replicas: 3}}}
	s := Snapshot{Sources: source(KindWorkloads), Workloads: []Workload{workload("a", "new")}}
	for _, c := range []struct {
		partial bool
		want    string
	}{{true, "new etcd"}, {false, "new"}} {
		s.Partial = c.partial
		got, notes := s.System("x", &base, ours)
		var names []string
		for _, w := range got.Workloads {
			names = append(names, w.Name)
		}
		if strings.Join(names, " ") != c.want || slices.Contains(codes(notes), "kept-from-before") != c.partial {
			t.Errorf("partial %v: %v, %v", c.partial, names, notes)
		}
	}
}

func TestClusterBeatsInventory(t *testing.T) {
	s := Snapshot{
		Sources:  source(KindInventory, KindNodes),
		Nodes:    []Node{{Name: "w1", Role: "worker"}, {Name: "w2", Role: "worker", Arch: "aarch64"}},
		Machines: []Machine{{ID: "x1", Role: "worker"}, {ID: "x2", Role: "worker"}, {ID: "x3", Role: "worker"}, {ID: "x4", Role: "storage"}, {ID: "x5"}},
	}
	got, _ := s.System("x", &model.System{Nodes: []model.NodeGroup{{Role: "storage", Count: 1, Hardware: "old"}}}, ours)
	want := []model.NodeGroup{{Role: "worker", Count: 1}, {Role: "worker", Arch: "aarch64", Count: 1}, {Role: "storage", Count: 1, Hardware: "old"}}
	if !reflect.DeepEqual(got.Nodes, want) {
		t.Errorf("%+v", got.Nodes)
	}
}

func workload(namespace, name string) Workload {
	return Workload{ObservedWorkload: model.ObservedWorkload{Kind: "Deployment", Namespace: namespace, Name: name}}
}

// Of several versions the lowest is what is still to be updated: v1.9 is below v1.10.
func TestMixedVersions(t *testing.T) {
	var notes Notes
	c, ok := pick(model.Component{Kind: model.KindKubernetes, Name: "kubernetes"}, map[string]int{"v1.10.0": 9, "v1.9.0": 1}, &notes)
	if !ok || c.Version != "v1.9.0" || len(notes.Sorted()) != 1 {
		t.Errorf("%+v %v", c, notes.Sorted())
	}
	if _, ok := pick(model.Component{}, nil, &notes); ok {
		t.Error("a version out of nothing")
	}
}

// Old versions stay in the catalogue after an update; the newest one runs.
func TestNewestProduct(t *testing.T) {
	s := Snapshot{Products: []Product{{Name: "csm", Version: "1.5.10"}, {Name: "csm", Version: "1.5.9"}, {Name: "csm", Version: "1.4.4"}}}
	releases, notes := s.Running(ours)
	if len(releases) != 1 || releases[0].Version != "1.5.10" || !slices.Contains(codes(notes), "several-releases") {
		t.Errorf("%+v %v", releases, notes)
	}
	if releases, notes = (Snapshot{}).Running(ours); releases[0].Version != "unknown" || !slices.Contains(codes(notes), "release-unknown") {
		t.Errorf("%+v %v", releases, notes)
	}
}

// Pools whose hosts are not known, or only some of them, say nothing of copies; such a
// storage cluster is unknown, and no reason to refuse the whole system.
func TestPoolsWithoutHosts(t *testing.T) {
	pools := []model.Pool{{Name: "p", Serves: "block", Size: 3, MinSize: 2}}
	ceph := func(hosts int) *Ceph { return &Ceph{Layout: model.Ceph{Mons: 3, OSDHosts: hosts, Pools: pools}} }
	for _, c := range []struct {
		name  string
		s     Snapshot
		base  *model.System
		hosts int
		pools bool
	}{
		{"no tree", Snapshot{Sources: source(KindCephPools), Ceph: ceph(0)}, nil, 0, false},
		{"half a tree", Snapshot{Sources: []Source{{Name: "a", Kinds: []string{KindCephPools, KindCephTree}, Partial: true}}, Ceph: ceph(1)}, nil, 0, false},
		{"half a tree, and it was whole before", Snapshot{Sources: []Source{{Name: "a", Kinds: []string{KindCephPools, KindCephTree}, Partial: true}}, Ceph: ceph(1)}, &model.System{Name: "x", Ceph: &model.Ceph{OSDHosts: 4}}, 4, true},
		{"the tree", Snapshot{Sources: source(KindCephPools, KindCephTree), Ceph: ceph(3)}, nil, 3, true},
		{"hosts that another answer names", Snapshot{Sources: source(KindCephPools), Ceph: ceph(3)}, nil, 3, true},
	} {
		got, _ := c.s.System("x", c.base, ours)
		if got.Ceph.OSDHosts != c.hosts || (len(got.Ceph.Pools) > 0) != c.pools {
			t.Errorf("%s: %+v", c.name, got.Ceph)
		}
	}
}

func TestImageVersion(t *testing.T) {
	site := Profile{ImageStem: func(s string) string { return strings.TrimPrefix(s, "hardened-") }}
	for in, want := range map[string]string{
		"hardened-worker-5.2.54-x86_64.squashfs": "worker 5.2.54",
		"ceph-6.2.28-x86_64":                     "ceph 6.2.28",
		"compute-1.5-5.2.59-x86_64":              "compute-1.5 5.2.59",
		"application-5.4.0-aarch64":              "application 5.4.0",
		"hardened-5.4.0":                         "hardened 5.4.0",
		"nothing":                                " ",
		"":                                       " ",
		"x-1.2":                                  " ",
	} {
		stem, v, _ := site.imageVersion(in)
		if got := stem + " " + v; got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
	if stem, v, _ := (Profile{}).imageVersion("hardened-worker-5.2.54"); stem != "hardened-worker" || v != "5.2.54" {
		t.Errorf("%s %s", stem, v)
	}
}
