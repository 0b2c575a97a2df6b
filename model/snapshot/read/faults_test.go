package read_test

import (
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"slices"
	"strings"
	"testing"
	"time"

	"planewise/model/snapshot"
)

func readAll(t *testing.T, files map[string]string) (snapshot.Snapshot, string) {
	t.Helper()
	r := New(csm.Answers())
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := r.File(name, time.Time{}, strings.NewReader(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	s, notes := r.Snapshot()
	var codes []string
	for _, n := range notes {
		codes = append(codes, string(n.Code)+" "+n.Subject)
	}
	return s, strings.Join(codes, ", ")
}

func list(items ...string) string {
	return `{"apiVersion":"v1","kind":"List","items":[` + strings.Join(items, ",") + `]}`
}

func TestNodesAsTheyWereSeen(t *testing.T) {
	s, codes := readAll(t, map[string]string{"a.json": list(
		`{"kind":"Node","metadata":{"name":"w1"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}`,
		`{"kind":"Node","metadata":{"name":"w2"},"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}`,
		`{"kind":"Node","metadata":{"name":"w3"},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}]}}`,
		`{"kind":"Node","metadata":{"name":"w4"},"status":{}}`,
		`{"kind":"Pod","metadata":{"namespace":"home","name":"shell"},"spec":{"nodeName":"w1"},"status":{"phase":"Running"}}`,
		`{"kind":"Pod","metadata":{"namespace":"home","name":"done"},"spec":{"nodeName":"w1"},"status":{"phase":"Succeeded"}}`,
		`{"kind":"Pod","metadata":{"namespace":"kube-system","name":"etcd-w1","ownerReferences":[{"kind":"Node","name":"w1"}]},"spec":{"nodeName":"w1"},"status":{"phase":"Running"}}`,
		`{"kind":"Pod","metadata":{"namespace":"home","name":"job-1","ownerReferences":[{"kind":"Job","name":"job"}]},"spec":{"nodeName":"w1"},"status":{"phase":"Running"}}`,
	)})
	if got := s.Nodes[0].Unmanaged; len(s.Nodes) != 4 || !slices.Equal(got, []string{"home/shell"}) {
		t.Errorf("only what nothing starts again is unmanaged: %v", got)
	}
	if !s.Nodes[0].Ready || s.Nodes[1].Ready || s.Nodes[1].ReadyUnknown || !s.Nodes[3].ReadyUnknown {
		t.Errorf("%+v", s.Nodes)
	}
	for _, want := range []string{"node-not-ready node:w2", "node-cordoned node:w3"} {
		if !strings.Contains(codes, want) {
			t.Errorf("%s is not said: %s", want, codes)
		}
	}
	if strings.Contains(codes, "w4") {
		t.Errorf("of w4 nothing is known: %s", codes)
	}
}

// Kubernetes leaves out a number that is 0; an export without a status says nothing.
func TestReadyThatWasNotSaid(t *testing.T) {
	s, _ := readAll(t, map[string]string{"a.json": list(
		`{"kind":"Deployment","metadata":{"namespace":"a","name":"none"},"spec":{"replicas":2},"status":{"replicas":2,"observedGeneration":3}}`,
		`{"kind":"Deployment","metadata":{"namespace":"a","name":"some"},"spec":{"replicas":2},"status":{"replicas":2,"readyReplicas":1}}`,
		`{"kind":"Deployment","metadata":{"namespace":"a","name":"unsaid"},"spec":{"replicas":2}}`,
	)})
	var got []int
	for _, w := range s.Workloads {
		got = append(got, w.Ready)
	}
	if !slices.Equal(got, []int{0, 1, -1}) {
		t.Errorf("ready %v", got)
	}
}

func TestBudgetsOverOnePod(t *testing.T) {
	pdb := func(name, allowed string) string {
		return `{"kind":"PodDisruptionBudget","metadata":{"namespace":"a","name":"` + name + `"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"x"}}},"status":{"disruptionsAllowed":` + allowed + `}}`
	}
	s, _ := readAll(t, map[string]string{"a.json": list(
		`{"kind":"Deployment","metadata":{"namespace":"a","name":"x"},"spec":{"replicas":2,"template":{"metadata":{"labels":{"app":"x"}}}},"status":{"replicas":2}}`,
		pdb("one", "0"), pdb("two", "1"))})
	p := s.Workloads[0].PDB
	if p == nil || p.Name != "one" || p.Allowed == nil || *p.Allowed != 0 || !slices.Equal(p.Also, []string{"two"}) {
		t.Errorf("%+v", p)
	}
}

// The maps of the cluster know only daemons that run; the orchestrator knows how many
// there should be.
func TestCephDaemonsThatShouldRun(t *testing.T) {
	s, _ := readAll(t, map[string]string{
		"status.json": `{"health":{"status":"HEALTH_OK"},"quorum_names":["a","b"],"monmap":{"num_mons":3},"osdmap":{"num_osds":2,"num_up_osds":1},"mgrmap":{"available":true,"num_standbys":1},"fsmap":{"in":1,"up:standby":1}}`,
		"ls.json": `[{"service_type":"mgr","service_name":"mgr","status":{"size":3,"running":2}},{"service_type":"mds","service_name":"mds.a","status":{"size":3,"running":2}},
			{"service_type":"rgw","service_name":"rgw.a","status":{"size":2,"running":1}}]`,
		"tree.json": `{"nodes":[{"id":-2,"type":"host","name":"s1","children":[0]},{"id":-3,"type":"host","name":"s2","children":[1]},{"id":0,"type":"osd","name":"osd.0","status":"up"},{"id":1,"type":"osd","name":"osd.1","status":"down"}],"stray":[]}`,
	})
	c := s.Ceph
	if c.Layout.Mgrs != 3 || c.MissingMgrs != 1 || c.Layout.MDSActive != 1 || c.Layout.MDSStandby != 2 || c.MissingMDS != 1 || c.Layout.RGW != 2 || c.MissingRGW != 1 {
		t.Errorf("%+v", c)
	}
	if !c.TreeSeen || !slices.Equal(c.HostsDown, []string{"s2"}) {
		t.Errorf("hosts with a daemon down: %v", c.HostsDown)
	}
}
