package read_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"os"
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"planewise/model"
	"planewise/model/document"
	"planewise/model/snapshot"
)

func site(t *testing.T) (snapshot.Snapshot, []model.Diagnostic) {
	t.Helper()
	r := New(csm.Answers())
	if err := r.Tree(os.DirFS("testdata"), "site"); err != nil {
		t.Fatal(err)
	}
	return r.Snapshot()
}

func workloadOf(t *testing.T, s snapshot.Snapshot, id string) snapshot.Workload {
	t.Helper()
	for _, w := range s.Workloads {
		if w.ID() == id {
			return w
		}
	}
	t.Fatalf("no workload %s", id)
	return snapshot.Workload{}
}

func TestWorkloads(t *testing.T) {
	s, notes := site(t)
	bos := workloadOf(t, s, "Deployment/services/cray-bos")
	want := model.ObservedWorkload{Kind: "Deployment", Namespace: "services", Name: "cray-bos", Replicas: 2, Method: model.MethodRolling,
		MaxUnavailable: "25%", MaxSurge: "1", PDB: &model.PDB{Name: "bos", MinAvailable: "1"}, Nodes: []string{"ncn-w001", "ncn-w002"}}
	if bos.PDB != nil {
		want.PDB.Allowed = bos.PDB.Allowed // TestSystemKeepsFaults looks at it
	}
	if !reflect.DeepEqual(bos.ObservedWorkload, want) {
		t.Errorf("cray-bos: %+v, want %+v", bos.ObservedWorkload, want)
	}
	slurm := workloadOf(t, s, "Deployment/user/slurmctld")
	if slurm.Method != model.MethodRecreate || !slurm.ExclusiveVolume || slurm.Replicas != 1 {
		t.Errorf("slurmctld: %+v", slurm)
	}
	sls := workloadOf(t, s, "StatefulSet/services/cray-sls-postgres")
	if !sls.Leader || sls.Method != model.MethodStateful || sls.Ready != 2 {
		t.Errorf("database: %+v", sls)
	}
	if speaker := workloadOf(t, s, "DaemonSet/metallb-system/speaker"); speaker.Replicas != 2 || speaker.MaxUnavailable != "1" {
		t.Errorf("daemon set: %+v", speaker)
	}
	expectCode(t, notes, "budget-blocks-drain")
	expectCode(t, notes, "workload-not-ready")
	expectCode(t, notes, "secrets-dropped")
}

func TestNodes(t *testing.T) {
	s, _ := site(t)
	want := []snapshot.Node{
		{Name: "ncn-m001", Role: "master", Kubelet: "v1.22.13", Kernel: "5.14.21-150500.55.39-default", OS: "SUSE Linux Enterprise Server 15 SP5", Ready: true},
		{Name: "ncn-w001", Role: "worker", Kubelet: "v1.22.13", Kernel: "5.14.21-150500.55.39-default", Ready: true, Zone: "x3000", Marks: []string{"cps-pm-node=True"}},
		{Name: "ncn-w002", Role: "worker", Kubelet: "v1.21.12", Kernel: "5.14.21-150500.55.39-default", Cordoned: true, Marks: []string{"iuf-prevent-rollout=true"}},
	}
	if !reflect.DeepEqual(s.Nodes, want) {
		t.Errorf("got %+v", s.Nodes)
	}
}

func TestSystem(t *testing.T) {
	s, _ := site(t)
	sys, notes := s.System("demo", &model.System{Title: "Ours", Batch: map[string]int{"worker": 2}, Features: []string{"own-word"}, Ceph: &model.Ceph{Mons: 5, RGWProxy: true}}, csm.Profile())
	want := []model.NodeGroup{
		{Role: "master", Count: 1}, {Role: "worker", Count: 2}, {Role: "storage", Count: 1}, {Role: "uan", Count: 1},
		{Role: "application", SubRole: "lnet-router", Count: 1}, {Role: "compute", Count: 1}, {Role: "compute", Arch: "aarch64", Count: 1},
	}
	if !reflect.DeepEqual(sys.Nodes, want) {
		t.Errorf("nodes %+v", sys.Nodes)
	}
	if got := strings.Join(sys.Features, " "); got != "chn dvs own-word sbps slurm uan" {
		t.Errorf("features %s", got)
	}
	if sys.Title != "Ours" || sys.Batch["worker"] != 2 || !sys.Ceph.RGWProxy {
		t.Errorf("what was known before is lost: %+v", sys)
	}
	// ceph versions knows how many monitors there are.
	if sys.Ceph.Mons != 3 {
		t.Errorf("mons %d", sys.Ceph.Mons)
	}
	if !hasCode(notes, "ceph-not-exported") {
		t.Errorf("the missing osd tree is not said: %v", notes)
	}
	doc, err := document.Canonical(sys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := document.Decode[model.System]("system.json", doc); err != nil {
		t.Errorf("the system is no valid document: %v", err)
	}
}

func TestRunning(t *testing.T) {
	s, _ := site(t)
	releases, notes := s.Running(csm.Profile())
	var refs []string
	components := map[string]map[model.ComponentID]string{}
	for _, r := range releases {
		refs = append(refs, r.Ref())
		components[r.Product] = map[model.ComponentID]string{}
		for _, c := range r.Components {
			components[r.Product][c.ID()] = c.Version
		}
		if r.Running != nil {
			r.Running.Name, r.Running.System = "system:site", "site"
		}
		doc, err := document.Canonical(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := document.Decode[model.Release]("r.json", doc); err != nil {
			t.Errorf("%s is no valid document: %v", r.Ref(), err)
		}
	}
	if got := strings.Join(refs, " "); got != "cos-2.5.146 csm-1.5.2 sat-2.6.10 uan-2.6.0 unattributed-unknown" {
		t.Errorf("releases %s", got)
	}
	csm := components["csm"]
	if components["uan"]["node-image:uan.x86_64"] != "5.4.0" || csm["node-image:uan.x86_64"] != "" {
		t.Error("the image of a product is taken for one of the platform")
	}
	for id, want := range map[model.ComponentID]string{
		"chart:services/cray-bos": "2.10.28", "chart:services/cray-hms-bss": "3.1.4", "kubernetes:kubernetes": "v1.21.12", "ceph:ceph": "v16.2.13",
		"kernel:worker.x86_64": "5.14.21-150500.55.39-default", "node-image:master.x86_64": "5.2.54",
	} {
		if csm[id] != want {
			t.Errorf("%s runs %q, want %q", id, csm[id], want)
		}
	}
	if components["uan"]["chart:services/cray-uan"] != "1.2.0" || components["unattributed"]["chart:site/site-tool"] != "0.1.0" {
		t.Errorf("charts in the wrong product: %v", components)
	}
	expectCode(t, notes, "mixed-versions")
}

// The drift of a failed shipment: the list ships 3.1.5, 3.1.4 runs.
func TestOverlay(t *testing.T) {
	s, _ := site(t)
	releases, _ := s.Running(csm.Profile())
	i := slices.IndexFunc(releases, func(r model.Release) bool { return r.Product == "csm" })
	claimed := model.Release{Product: "csm", Version: "1.5.2", Manifests: []model.Manifest{{Name: "sysmgmt", Deployed: true}}, Components: []model.Component{
		{Kind: model.KindChart, Name: "cray-hms-bss", Namespace: "services", Version: "3.1.5", Manifest: "sysmgmt", Values: `{"a":"1"}`},
		{Kind: model.KindChart, Name: "cray-bos", Namespace: "services", Version: "2.10.28", Manifest: "sysmgmt", Position: 1, Values: `{"b":"1"}`},
		{Kind: model.KindChart, Name: "gone", Namespace: "services", Version: "1.0.0", Manifest: "sysmgmt", Position: 2},
		{Kind: model.KindRPM, Name: "acpid", Arch: "x86_64", Version: "2.0"},
	}}
	got := snapshot.Overlay(claimed, releases[i], s.Gone())
	drift := got.Running.Drift
	versions := map[model.ComponentID]model.Component{}
	for _, c := range got.Components {
		versions[c.ID()] = c
	}
	if c := versions["chart:services/cray-hms-bss"]; c.Version != "3.1.4" || c.Values != "" {
		t.Errorf("the version that runs is not taken: %+v", c)
	}
	if c := versions["chart:services/cray-bos"]; c.Values != `{"b":"1"}` {
		t.Errorf("settings of the same version are lost: %+v", c)
	}
	if _, there := versions["chart:services/gone"]; there {
		t.Error("a chart that nobody installed is taken to run")
	}
	if _, there := versions["rpm:acpid.x86_64"]; !there {
		t.Error("what no cluster shows is lost")
	}
	want := []snapshot.Drift{{Component: "chart:services/cray-hms-bss", Claimed: "3.1.5", Runs: "3.1.4"}, {Component: "chart:services/gone", Claimed: "1.0.0"}}
	for _, w := range want {
		if !slices.Contains(drift, w) {
			t.Errorf("drift %v lacks %v", drift, w)
		}
	}
	incomplete := snapshot.Overlay(claimed, model.Release{}, snapshot.Snapshot{}.Gone())
	if len(incomplete.Components) != 4 || len(incomplete.Running.Drift) != 0 {
		t.Error("without the list of installed charts nothing may be taken to be gone")
	}
	if want := []string{"chart:services/cray-bos", "chart:services/cray-hms-bss", "chart:services/gone"}; !slices.Equal(incomplete.Running.NotSeen, want) {
		t.Errorf("not seen %v, want %v", incomplete.Running.NotSeen, want)
	}
}

// Nothing that was planted as a secret is in anything that is made of the files.
func TestSecretsAreDropped(t *testing.T) {
	planted := 0
	err := fs.WalkDir(os.DirFS("testdata/site"), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, _ := os.ReadFile("testdata/site/" + name)
			planted += bytes.Count(data, []byte("planted"))
		}
		return err
	})
	if err != nil || planted < 8 {
		t.Fatalf("%d secrets planted, %v", planted, err)
	}
	s, notes := site(t)
	sys, more := s.System("demo", nil, csm.Profile())
	releases, most := s.Running(csm.Profile())
	all, err := json.Marshal([]any{s, notes, sys, more, releases, most})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"planted", "cGxhbnRlZC1zZWNyZXQtMg", "spire_join_token", "X-Amz", "clone_url"} {
		if bytes.Contains(all, []byte(secret)) {
			t.Errorf("%q is kept", secret)
		}
	}
}

// Damaged files must not leak either: messages quote no content.
func TestDamageLeaksNothing(t *testing.T) {
	for _, text := range []string{
		`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{"password":"planted`,
		`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":"planted"}`,
		`[{"hosts":["x1"],"params":{"token":"planted"},"kernel":5}]`,
		`{"planted":tru}`, `planted: password`, `Error: token planted is wrong`,
		`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"loftsman-a"},"data":{"manifest.yaml":"a: [planted\n b: *planted"}}`,
		`{"apiVersion":"v1","items":[{"kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":"planted"}}]}`,
		`{"apiVersion":"v1","kind":"Status","reason":"Forbidden","message":"planted"}`,
	} {
		s, notes := read(t, text)
		all, _ := json.Marshal([]any{s, notes})
		if bytes.Contains(all, []byte("planted")) && !strings.Contains(text, `{"planted"`) {
			t.Errorf("%s: leaks: %s", text, all)
		}
	}
}

// The order of the files and their packing do not matter.
func TestOrderAndArchive(t *testing.T) {
	want, wantNotes := site(t)
	entries, err := os.ReadDir("testdata/site")
	if err != nil {
		t.Fatal(err)
	}
	r := New(csm.Answers())
	for _, e := range slices.Backward(entries) {
		if err := r.Tree(os.DirFS("testdata"), "site/"+e.Name()); err != nil {
			t.Fatal(err)
		}
	}
	got, notes := r.Snapshot()
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(notes, wantNotes) {
		t.Error("read backwards, the files give another snapshot")
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	w := tar.NewWriter(z)
	for _, e := range entries {
		data, _ := os.ReadFile("testdata/site/" + e.Name())
		_ = w.WriteHeader(&tar.Header{Name: e.Name(), Size: int64(len(data)), Mode: 0o644, ModTime: time.Unix(1_700_000_000, 0)})
		_, _ = w.Write(data)
	}
	_ = w.Close()
	_ = z.Close()
	whole := packed.Bytes()
	r = New(csm.Answers())
	if err := r.Archive("site", bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	got, _ = r.Snapshot()
	got.TakenAt = want.TakenAt
	if !reflect.DeepEqual(got, want) {
		t.Error("packed, the files give another snapshot")
	}
	r = New(csm.Answers())
	if err := r.Archive("site", bytes.NewReader(whole[:len(whole)/2])); err != nil {
		t.Fatal(err)
	}
	if half, notes := r.Snapshot(); !half.Partial || !hasCode(notes, "truncated") {
		t.Errorf("half an archive: %v", notes)
	}
	if err := New(csm.Answers()).Archive("site.tgz", strings.NewReader("no archive")); err == nil {
		t.Error("something that is no archive was read as one")
	}
}

// An archive or a compressed file is one by its content, whatever it is called; what it
// inflates to is bounded, and so is their nesting.
func TestPackedByContent(t *testing.T) {
	node := []byte(`{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"}}`)
	zipped := func(data []byte) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(data)
		_ = z.Close()
		return b.Bytes()
	}
	tarred := func(data []byte) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		_ = w.WriteHeader(&tar.Header{Name: "inner", Size: int64(len(data)), Mode: 0o644})
		_, _ = w.Write(data)
		_ = w.Close()
		return b.Bytes()
	}
	deep := node
	for range 5 {
		deep = zipped(deep)
	}
	for name, c := range map[string]struct {
		data    []byte
		nodes   int
		partial bool
	}{
		"gz": {zipped(node), 1, false}, "tar": {tarred(node), 1, false}, "tgz": {zipped(tarred(node)), 1, false},
		"an archive in one": {zipped(tarred(zipped(tarred(node)))), 1, false}, "half": {zipped(node)[:30], 0, true}, "too deep": {deep, 0, true},
		"a bomb": {zipped(bytes.Repeat([]byte(" "), 80<<20)), 0, true},
	} {
		r := New(csm.Answers())
		if err := r.File("export.bin", zero, bytes.NewReader(c.data)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s, notes := r.Snapshot(); len(s.Nodes) != c.nodes || s.Partial != c.partial {
			t.Errorf("%s: %d nodes, partial %v: %v", name, len(s.Nodes), s.Partial, notes)
		}
	}
}

// Two exports of different moments in one folder: which counts depends on their
// names alone.
func TestOrderOfDifferentMoments(t *testing.T) {
	entries, err := os.ReadDir("testdata/site")
	if err != nil {
		t.Fatal(err)
	}
	type export struct{ name, text string }
	var all []export
	later := strings.NewReplacer(`"replicas": 2`, `"replicas": 4`, "ncn-w001", "ncn-w009", `"minAvailable": 1`, `"minAvailable": 2`, "ReadWriteOnce", "ReadWriteMany",
		"2.10.28", "2.11.0", `"numberOfInstances": 3`, `"numberOfInstances": 5`, "root=craycps", "root=sbps", `"SystemDefaultRoute": "CHN"`, `"SystemDefaultRoute": "CAN"`,
		"quincy (stable)\": 3", "quincy (stable)\": 5", "Compute", "Application")
	for _, e := range entries {
		data, err := os.ReadFile("testdata/site/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, export{"1-" + e.Name(), string(data)}, export{"2-" + e.Name(), later.Replace(string(data))})
	}
	var want []byte
	for turn := range 6 {
		r := New(csm.Answers())
		for i := range all {
			e := all[(i*7+turn*5)%len(all)]
			if turn%2 == 1 {
				e = all[len(all)-1-i]
			}
			if err := r.File(e.name, zero, reader(e.text)); err != nil {
				t.Fatal(err)
			}
		}
		s, notes := r.Snapshot()
		got, err := json.Marshal([]any{s, notes})
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
			if bos := workloadOf(t, s, "Deployment/services/cray-bos"); bos.Replicas != 4 || bos.PDB.MinAvailable != "2" || strings.Join(bos.Nodes, " ") != "ncn-w002 ncn-w009" {
				t.Errorf("the later file does not count: %+v", bos)
			}
			if s.UserNetwork != "CAN" {
				t.Errorf("user network %s", s.UserNetwork)
			}
			continue
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("turn %d differs:\n%s\n%s", turn, got, want)
		}
	}
}
