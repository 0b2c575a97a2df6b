package snapshot

import (
	"reflect"
	"testing"

	"planewise/model"
)

// What was not as it should be stays in the system; what is fine leaves no trace.
func TestFaultsStay(t *testing.T) {
	s := Snapshot{
		Sources: source(KindNodes, KindWorkloads, KindPods, KindBudgets, KindClaims),
		Nodes: []Node{
			{Name: "w2", Role: "worker", Ready: true, Cordoned: true},
			{Name: "w1", Role: "worker", ReadyUnknown: true, Marks: []string{"cps-pm-node=True"}, Unmanaged: []string{"home/shell"}},
			{Name: "m1", Role: "master"},
		},
		Workloads: []Workload{workload("a", "x"), workload("a", "y")},
		Ceph: &Ceph{Layout: model.Ceph{Mons: 3, Mgrs: 2, OSDHosts: 3}, Health: "HEALTH_WARN", Checks: []string{"MON_DOWN: 1/3", "OSD_DOWN: 2 osds down"}, Quorum: []string{"a", "b"},
			OSDs: 6, Up: 4, Flags: []string{"noout"}, Hosts: []string{"s1", "s2", "s3"}, HostsDown: []string{"s2"}, TreeSeen: true, MissingMgrs: 1},
	}
	s.Workloads[0].Ready, s.Workloads[1].Ready = 1, -1
	got, _ := s.System("x", nil, ours)
	hosts := []model.Host{
		{Name: "m1", Role: "master", NotReady: true},
		{Name: "s1", Role: "storage"}, {Name: "s2", Role: "storage"}, {Name: "s3", Role: "storage"},
		{Name: "w1", Role: "worker", Marks: []string{"cps-pm-node=True"}, Unmanaged: []string{"home/shell"}},
		{Name: "w2", Role: "worker", Cordoned: true},
	}
	if !reflect.DeepEqual(got.Hosts, hosts) {
		t.Errorf("hosts %+v", got.Hosts)
	}
	if r := got.Workloads[0].Ready; r == nil || *r != 1 || got.Workloads[1].Ready != nil {
		t.Errorf("ready: %+v", got.Workloads)
	}
	want := &model.CephFaults{Health: "HEALTH_WARN", Checks: []string{"MON_DOWN: 1/3", "OSD_DOWN: 2 osds down"}, Flags: []string{"noout"}, Mons: 1, Mgrs: 1, OSDs: 2, OSDHosts: 1}
	if !reflect.DeepEqual(got.Ceph.Faults, want) {
		t.Errorf("faults %+v", got.Ceph.Faults)
	}
}

// Where the tree was not exported each OSD that is down may be on a host of its own.
func TestHostsOfDownOSDs(t *testing.T) {
	for _, c := range []struct {
		ceph Ceph
		want int
	}{
		{Ceph{OSDs: 6, Up: 4, Layout: model.Ceph{OSDHosts: 3}}, 2},
		{Ceph{OSDs: 9, Up: 2, Layout: model.Ceph{OSDHosts: 3}}, 3},
		{Ceph{OSDs: 6, Up: 4, Health: "HEALTH_OK", Layout: model.Ceph{OSDHosts: 3}}, 0}, // dead for long, its copies made again
		{Ceph{OSDs: 6, Up: 4, Health: "HEALTH_WARN", Checks: []string{"OSD_DOWN: 2 osds down"}, Layout: model.Ceph{OSDHosts: 3}}, 2},
		{Ceph{OSDs: 6, Up: 4, TreeSeen: true, HostsDown: []string{"s1"}, Layout: model.Ceph{OSDHosts: 3}}, 1},
	} {
		if f := c.ceph.faults(&c.ceph.Layout); f == nil || f.OSDHosts != c.want {
			t.Errorf("%+v: %+v, want %d hosts", c.ceph, f, c.want)
		}
	}
	for checks, want := range map[string]int{"PG_DEGRADED: 2/9 objects degraded": 1, "PG_AVAILABILITY: 1 pg inactive": 2, "POOL_NEARFULL: 1 pool": 0, "": 0} {
		c := Ceph{OSDs: 6, Up: 6, TreeSeen: true, Health: "HEALTH_WARN", Checks: []string{checks}, Layout: model.Ceph{OSDHosts: 3}}
		if f := c.faults(&c.Layout); f == nil || f.OSDHosts != want {
			t.Errorf("all daemons run, and %q: %+v, want copies of %d hosts missing", checks, f, want)
		}
	}
	healthy := Ceph{OSDs: 6, Up: 6, Health: "HEALTH_OK", Quorum: []string{"a", "b", "c"}, Layout: model.Ceph{Mons: 3}}
	if f := healthy.faults(&healthy.Layout); f != nil {
		t.Errorf("healthy, and yet %+v", f)
	}
}
