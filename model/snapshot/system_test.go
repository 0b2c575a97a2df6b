package snapshot

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

func codes(notes []model.Diagnostic) []string {
	var out []string
	for _, n := range notes {
		out = append(out, string(n.Code))
	}
	return slices.Compact(out)
}

// A snapshot that shows nothing changes nothing of what was known, and says so.
func TestNothingIsInvented(t *testing.T) {
	base := model.System{
		Name: "x", Nodes: []model.NodeGroup{{Role: "compute", Count: 512, Hardware: "nvidia"}}, Features: []string{"dvs", "uan"},
		Workloads: []model.ObservedWorkload{{Kind: "Deployment", Name: "a", Replicas: 2}}, Ceph: &model.Ceph{Mons: 5},
	}
	got, notes := Snapshot{}.System("x", &base)
	if !reflect.DeepEqual(got.Nodes, base.Nodes) || !slices.Equal(got.Features, base.Features) || !reflect.DeepEqual(got.Workloads, base.Workloads) || got.Ceph.Mons != 5 {
		t.Errorf("%+v", got)
	}
	for _, code := range []string{"no-inventory", "no-cluster-nodes", "no-workloads", "no-ceph", "feature-unknown", "kept-from-before"} {
		if !slices.Contains(codes(notes), code) {
			t.Errorf("%s is not said: %v", code, codes(notes))
		}
	}
	empty, _ := Snapshot{}.System("x", nil)
	if len(empty.Nodes)+len(empty.Features)+len(empty.Workloads) != 0 || empty.Ceph != nil {
		t.Errorf("out of nothing came %+v", empty)
	}
}

func source(kinds ...string) []Source { return []Source{{Name: "a", Kinds: kinds}} }

// What the exports would have shown, and did not, has gone.
func TestWhatWasAskedForAndIsNotThere(t *testing.T) {
	base := model.System{Nodes: []model.NodeGroup{{Role: "uan", Count: 2}}, Features: []string{"uan", "uai", "dvs"}}
	s := Snapshot{
		Sources:  source(KindInventory, KindBoot, KindWorkloads),
		Machines: []Machine{{ID: "x1", Role: "compute", Root: "sbps"}}, Workloads: []Workload{},
	}
	got, _ := s.System("x", &base)
	if got.Count("uan") != 0 || !slices.Equal(got.Features, []string{"sbps"}) {
		t.Errorf("%+v", got)
	}
}

// A kind that a partial snapshot does not show is as it was; in a whole one it has gone.
func TestKindsThatWereRefused(t *testing.T) {
	base := model.System{Workloads: []model.ObservedWorkload{{Kind: "Deployment", Name: "old"}, {Kind: "StatefulSet", Name: "etcd", Replicas: 3}}}
	s := Snapshot{Sources: source(KindWorkloads), Workloads: []Workload{workload("a", "new")}}
	for _, c := range []struct {
		partial bool
		want    string
	}{{true, "new etcd"}, {false, "new"}} {
		s.Partial = c.partial
		got, notes := s.System("x", &base)
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
	got, _ := s.System("x", &model.System{Nodes: []model.NodeGroup{{Role: "storage", Count: 1, Hardware: "old"}}})
	want := []model.NodeGroup{{Role: "worker", Count: 1}, {Role: "worker", Arch: "aarch64", Count: 1}, {Role: "storage", Count: 1, Hardware: "old"}}
	if !reflect.DeepEqual(got.Nodes, want) {
		t.Errorf("%+v", got.Nodes)
	}
}

func TestFeatures(t *testing.T) {
	cases := []struct {
		name string
		s    Snapshot
		want string
	}{
		{"root by template", Snapshot{Templates: []Template{{Root: "sbps"}}}, "sbps"},
		{"root by label", Snapshot{Nodes: []Node{{Role: "worker", Marks: []string{"cps-pm-node=True"}}}}, "dvs"},
		{"local disks are none of both", Snapshot{Machines: []Machine{{ID: "a", Role: "master", Root: "local"}}}, ""},
		{"the network in use", Snapshot{Networks: []string{"CAN", "CHN"}, UserNetwork: "CHN"}, "chn"},
		{"pbs", Snapshot{Workloads: []Workload{workload("user", "pbs")}}, "pbs"},
		{"slurm elsewhere is not the site's", Snapshot{Workloads: []Workload{workload("tests", "slurmctld")}}, ""},
		{"user access instances", Snapshot{Workloads: []Workload{workload("services", "cray-uas-mgr")}}, "uai"},
		{"login nodes", Snapshot{Machines: []Machine{{ID: "a", Role: "uan"}}}, "uan"},
	}
	for _, c := range cases {
		sys, _ := c.s.System("x", nil)
		if got := strings.Join(sys.Features, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func workload(namespace, name string) Workload {
	return Workload{ObservedWorkload: model.ObservedWorkload{Kind: "Deployment", Namespace: namespace, Name: name}}
}

func TestImageVersion(t *testing.T) {
	for in, want := range map[string]string{
		"secure-kubernetes-5.2.54-x86_64.squashfs": "kubernetes 5.2.54",
		"secure-storage-ceph-6.2.28-x86_64":        "storage-ceph 6.2.28",
		"compute-csm-1.5-5.2.59-x86_64":            "compute 5.2.59",
		"cray-application-5.4.0-aarch64":           "cray-application 5.4.0",
		"nothing":                                  " ",
		"":                                         " ",
		"x-1.2":                                    " ",
	} {
		stem, v, _ := imageVersion(in)
		if got := stem + " " + v; got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
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
	releases, notes := s.Running("csm")
	if len(releases) != 1 || releases[0].Version != "1.5.10" || !slices.Contains(codes(notes), "several-releases") {
		t.Errorf("%+v %v", releases, notes)
	}
	if releases, notes = (Snapshot{}).Running("csm"); releases[0].Version != "unknown" || !slices.Contains(codes(notes), "release-unknown") {
		t.Errorf("%+v %v", releases, notes)
	}
}

// A single feature that no export shows is not absent: the system says that it was not
// seen, until an export shows that it is not there. A description before knows as well.
func TestFeaturesThatWereNotSeen(t *testing.T) {
	sts := []Workload{{ObservedWorkload: model.ObservedWorkload{Kind: "StatefulSet", Namespace: "a", Name: "b"}}}
	for _, c := range []struct {
		name string
		s    Snapshot
		base *model.System
		want []string
	}{
		{"nothing was exported", Snapshot{}, nil, []string{"uai", "uan"}},
		{"all was", Snapshot{Sources: source(KindInventory, KindWorkloads)}, nil, nil},
		{"but not to its end", Snapshot{Sources: source(KindInventory, KindWorkloads), Partial: true}, nil, []string{"uai", "uan"}},
		{"no Deployments were", Snapshot{Sources: source(KindInventory, KindWorkloads), Workloads: sts}, nil, []string{"uai"}},
		{"the description before has none", Snapshot{}, &model.System{Name: "x"}, nil},
		{"nor does it know", Snapshot{}, &model.System{Name: "x", UnseenFeatures: []string{"uai"}}, []string{"uai"}},
		{"it has them", Snapshot{}, &model.System{Name: "x", Features: []string{"uai", "uan"}}, nil},
	} {
		if got, _ := c.s.System("x", c.base); !slices.Equal(got.UnseenFeatures, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got.UnseenFeatures, c.want)
		}
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
		got, _ := c.s.System("x", c.base)
		if got.Ceph.OSDHosts != c.hosts || (len(got.Ceph.Pools) > 0) != c.pools {
			t.Errorf("%s: %+v", c.name, got.Ceph)
		}
	}
}
