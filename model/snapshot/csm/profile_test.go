package csm_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
)

// A snapshot that shows nothing changes nothing of what was known, and says so.
func TestNothingIsInvented(t *testing.T) {
	base := model.System{
		Name: "x", Nodes: []model.NodeGroup{{Role: "compute", Count: 512, Hardware: "nvidia"}}, Features: []string{"dvs", "uan"},
		Workloads: []model.ObservedWorkload{{Kind: "Deployment", Name: "a", Replicas: 2}}, Ceph: &model.Ceph{Mons: 5},
	}
	got, notes := snapshot.Snapshot{}.System("x", &base, csm.Profile())
	if !reflect.DeepEqual(got.Nodes, base.Nodes) || !slices.Equal(got.Features, base.Features) || !reflect.DeepEqual(got.Workloads, base.Workloads) || got.Ceph.Mons != 5 {
		t.Errorf("%+v", got)
	}
	for _, code := range []string{"no-inventory", "no-cluster-nodes", "no-workloads", "no-ceph", "feature-unknown", "kept-from-before"} {
		if !slices.Contains(codes(notes), code) {
			t.Errorf("%s is not said: %v", code, codes(notes))
		}
	}
	empty, _ := snapshot.Snapshot{}.System("x", nil, csm.Profile())
	if len(empty.Nodes)+len(empty.Features)+len(empty.Workloads) != 0 || empty.Ceph != nil {
		t.Errorf("out of nothing came %+v", empty)
	}
}

// What the exports would have shown, and did not, has gone.
func TestWhatWasAskedForAndIsNotThere(t *testing.T) {
	base := model.System{Nodes: []model.NodeGroup{{Role: "uan", Count: 2}}, Features: []string{"uan", "uai", "dvs"}}
	s := snapshot.Snapshot{
		Sources:  source(snapshot.KindInventory, snapshot.KindBoot, snapshot.KindWorkloads),
		Machines: []snapshot.Machine{{ID: "x1", Role: "compute", Root: "sbps"}}, Workloads: []snapshot.Workload{},
	}
	got, _ := s.System("x", &base, csm.Profile())
	if got.Count("uan") != 0 || !slices.Equal(got.Features, []string{"sbps"}) {
		t.Errorf("%+v", got)
	}
}

func TestFeatures(t *testing.T) {
	cases := []struct {
		name string
		s    snapshot.Snapshot
		want string
	}{
		{"root by template", snapshot.Snapshot{Templates: []snapshot.Template{{Root: "sbps"}}}, "sbps"},
		{"root by label", snapshot.Snapshot{Nodes: []snapshot.Node{{Role: "worker", Marks: []string{"cps-pm-node=True"}}}}, "dvs"},
		{"local disks are none of both", snapshot.Snapshot{Machines: []snapshot.Machine{{ID: "a", Role: "master", Root: "local"}}}, ""},
		{"the network in use", snapshot.Snapshot{Networks: []string{"CAN", "CHN"}, UserNetwork: "CHN"}, "chn"},
		{"pbs", snapshot.Snapshot{Workloads: []snapshot.Workload{workload("user", "pbs")}}, "pbs"},
		{"slurm elsewhere is not the site's", snapshot.Snapshot{Workloads: []snapshot.Workload{workload("tests", "slurmctld")}}, ""},
		{"user access instances", snapshot.Snapshot{Workloads: []snapshot.Workload{workload("services", "cray-uas-mgr")}}, "uai"},
		{"login nodes", snapshot.Snapshot{Machines: []snapshot.Machine{{ID: "a", Role: "uan"}}}, "uan"},
	}
	for _, c := range cases {
		sys, _ := c.s.System("x", nil, csm.Profile())
		if got := strings.Join(sys.Features, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A single feature that no export shows is not absent: the system says that it was not
// seen, until an export shows that it is not there. A description before knows as well.
func TestFeaturesThatWereNotSeen(t *testing.T) {
	sts := []snapshot.Workload{{ObservedWorkload: model.ObservedWorkload{Kind: "StatefulSet", Namespace: "a", Name: "b"}}}
	for _, c := range []struct {
		name string
		s    snapshot.Snapshot
		base *model.System
		want []string
	}{
		{"nothing was exported", snapshot.Snapshot{}, nil, []string{"uai", "uan"}},
		{"all was", snapshot.Snapshot{Sources: source(snapshot.KindInventory, snapshot.KindWorkloads)}, nil, nil},
		{"but not to its end", snapshot.Snapshot{Sources: source(snapshot.KindInventory, snapshot.KindWorkloads), Partial: true}, nil, []string{"uai", "uan"}},
		{"no Deployments were", snapshot.Snapshot{Sources: source(snapshot.KindInventory, snapshot.KindWorkloads), Workloads: sts}, nil, []string{"uai"}},
		{"the description before has none", snapshot.Snapshot{}, &model.System{Name: "x"}, nil},
		{"nor does it know", snapshot.Snapshot{}, &model.System{Name: "x", UnseenFeatures: []string{"uai"}}, []string{"uai"}},
		{"it has them", snapshot.Snapshot{}, &model.System{Name: "x", Features: []string{"uai", "uan"}}, nil},
	} {
		if got, _ := c.s.System("x", c.base, csm.Profile()); !slices.Equal(got.UnseenFeatures, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got.UnseenFeatures, c.want)
		}
	}
}

func codes(notes []model.Diagnostic) []string {
	var out []string
	for _, n := range notes {
		out = append(out, string(n.Code))
	}
	return slices.Compact(out)
}

func source(kinds ...string) []snapshot.Source { return []snapshot.Source{{Name: "a", Kinds: kinds}} }

func workload(namespace, name string) snapshot.Workload {
	return snapshot.Workload{ObservedWorkload: model.ObservedWorkload{Kind: "Deployment", Namespace: namespace, Name: name}}
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
		s := snapshot.Snapshot{Products: []snapshot.Product{{Name: "csm", Version: "1.0.0", Images: []snapshot.Image{{Name: in, ID: "id"}}}}, Machines: []snapshot.Machine{{ID: "m", Role: "worker", Image: "id"}}}
		releases, _ := s.Running(csm.Profile())
		got := " "
		for _, c := range releases[0].Components {
			got = c.Image + " " + c.Version
		}
		if got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
