package ingest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/ingest/csm"
)

// corpusTrees lists the release trees of the corpus, or skips the test.
func corpusTrees(t testing.TB) []string {
	t.Helper()
	dir := os.Getenv("PLANEWISE_CORPUS")
	if dir == "" {
		dir = filepath.Join(moduleRoot(t), "..", "shared", "corpus")
	}
	trees, _ := filepath.Glob(filepath.Join(dir, "csm", "v*"))
	if len(trees) == 0 {
		t.Skipf("no release trees in %s/csm: set PLANEWISE_CORPUS to a folder that holds csm/vX.Y.Z to read real releases", dir)
	}
	return trees
}

func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no go.mod above the test")
	return ""
}

// The embedded releases are what the reader makes of the trees today.
func TestFixturesComeFromTheCorpus(t *testing.T) {
	for _, tree := range corpusTrees(t) {
		r, diagnostics, err := Read(tree)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(diagnostics) > 0 {
			t.Errorf("%s: unexpected diagnostics %v", tree, diagnostics)
		}
		if want := strings.TrimPrefix(filepath.Base(tree), "v"); r.Version != want || r.Product != "csm" {
			t.Errorf("%s: read as %s", tree, r.Ref())
		}
		file := filepath.Join(moduleRoot(t), "fixtures", "releases", r.Ref()+".yaml")
		want, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		back, _, err := ReadNeutral(file, want)
		if err != nil {
			t.Error(err)
			continue
		}
		r.Date = back.Date // no tree says it
		got, err := WriteNeutral(r)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from its tree; run go run ./model/ingest/internal/genreleases", file)
		}
		if !reflect.DeepEqual(back, r) {
			t.Errorf("%s does not read back as the release it was written from", file)
		}
	}
}

func TestEmbedded(t *testing.T) {
	releases, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, r := range releases {
		refs = append(refs, r.Ref())
	}
	want := "csm-1.2.0 csm-1.2.2 csm-1.3.0 csm-1.3.5 csm-1.4.0 csm-1.4.3 csm-1.5.0 csm-1.5.1 csm-1.5.2 csm-1.6.0-rc.3 uan-2.6.0 uan-2.7.0"
	if got := strings.Join(refs, " "); got != want {
		t.Errorf("embedded releases\n got %s\nwant %s", got, want)
	}
}

// facts of one release, as independent readings of the trees state them.
type facts struct {
	charts, unshipped int
	kubernetes, ceph  string
	nodes             string // master and worker, storage, compute, PIT
	kernels           string // master and worker, storage, compute
	images, packages  int
	undeploys         string // counts before storage, before sysmgmt, at the end
	hooks             int
}

const (
	kernel150500 = "5.14.21-150500.55.39.1.27360.1.PTF.1215587-default"
	kernel150400 = "5.14.21-150400.24.38.1.25440.1.PTF.1204911-default"
	kernel87     = "5.3.18-150300.59.87-default"
	kernel43     = "5.3.18-150300.59.43-default"
)

var corpusFacts = map[string]facts{
	"1.2.0":      {charts: 84, kubernetes: "v1.20.13", ceph: "v15.2.15", nodes: "0.2.89 0.2.89  1.5.9-20220629214741-g941f5cd", kernels: kernel43 + " " + kernel43 + " ", images: 26, packages: 45, undeploys: "2 1 0"},
	"1.2.2":      {charts: 84, kubernetes: "v1.20.13", ceph: "v15.2.15", nodes: "0.2.92 0.2.92  1.5.9-20220810202700-g941f5cd", kernels: kernel43 + " " + kernel43 + " ", images: 26, packages: 45, undeploys: "2 1 0"},
	"1.3.0":      {charts: 90, kubernetes: "v1.21.12", ceph: "v16.2.9", nodes: "0.3.59 0.3.59  1.8.8-20221013160829", kernels: kernel87 + " " + kernel87 + " ", images: 31, packages: 30, undeploys: "2 1 0"},
	"1.3.5":      {charts: 90, kubernetes: "v1.21.12", ceph: "v16.2.13", nodes: "0.3.59 0.3.59  1.8.8-20221013160829", kernels: kernel87 + " " + kernel87 + " ", images: 31, packages: 32, undeploys: "2 1 0"},
	"1.4.0":      {charts: 89, unshipped: 1, kubernetes: "v1.21.12", ceph: "v16.2.9", nodes: "0.4.71 0.3.59  0.4.71", kernels: kernel150400 + " " + kernel87 + " ", images: 39, packages: 34, undeploys: "6 2 0"},
	"1.4.3":      {charts: 90, unshipped: 1, kubernetes: "v1.21.12", ceph: "v16.2.13", nodes: "0.4.71 0.3.59  0.4.71", kernels: kernel150400 + " " + kernel87 + " ", images: 36, packages: 38, undeploys: "6 2 0"},
	"1.5.0":      {charts: 92, unshipped: 2, kubernetes: "v1.22.13", ceph: "v17.2.6", nodes: "5.2.54 5.2.54 5.2.54 5.2.54", kernels: kernel150500 + " " + kernel150500 + " " + kernel150500, images: 50, packages: 52, undeploys: "3 1 0"},
	"1.5.1":      {charts: 92, unshipped: 2, kubernetes: "v1.22.13", ceph: "v17.2.6", nodes: "5.2.54 5.2.54 5.2.59 5.2.54", kernels: kernel150500 + " " + kernel150500 + " " + kernel150500, images: 50, packages: 52, undeploys: "3 1 0"},
	"1.5.2":      {charts: 92, unshipped: 2, kubernetes: "v1.22.13", ceph: "v17.2.6", nodes: "5.2.54 5.2.54 5.2.59 5.2.54", kernels: kernel150500 + " " + kernel150500 + " " + kernel150500, images: 46, packages: 52, undeploys: "3 1 0"},
	"1.6.0-rc.3": {charts: 90, unshipped: 2, kubernetes: "v1.24.17", ceph: "v17.2.6", nodes: "6.2.30 6.2.30 6.2.30 6.2.30", kernels: "6.4.0-150600.23.17-default 6.4.0-150600.23.17-default 6.4.0-150600.23.17-default", images: 45, packages: 58, undeploys: "4 1 1", hooks: 3},
}

func factsOf(t *testing.T, r model.Release) facts {
	byID := map[model.ComponentID]model.Component{}
	f := facts{hooks: len(r.Hooks)}
	for _, c := range r.Components {
		switch {
		case c.NotDeployed:
			f.unshipped++
			continue
		case c.Kind == model.KindChart:
			f.charts++
		case c.Kind == model.KindImage:
			f.images++
		case c.Kind == model.KindRPM:
			f.packages++
		}
		if _, twice := byID[c.ID()]; twice {
			t.Errorf("%s: %s twice", r.Ref(), c.ID())
		}
		byID[c.ID()] = c
	}
	v := func(kind, role string) string { return byID[model.ComponentID(kind+":"+role+".x86_64")].Version }
	for _, kind := range []string{"node-image", "kernel"} {
		if v(kind, "master") != v(kind, "worker") {
			t.Errorf("%s: masters and workers boot different images", r.Ref())
		}
	}
	f.nodes = strings.Join([]string{v("node-image", "worker"), v("node-image", "storage"), v("node-image", "compute"), v("node-image", "pit")}, " ")
	f.kernels = strings.Join([]string{v("kernel", "worker"), v("kernel", "storage"), v("kernel", "compute")}, " ")
	f.kubernetes, f.ceph = byID["kubernetes:kubernetes"].Version, byID["ceph:ceph"].Version
	before := map[string]int{}
	for _, u := range r.Undeploys {
		before[u.Before]++
	}
	f.undeploys = fmt.Sprint(before["storage"], before["sysmgmt"], before[""])
	return f
}

func TestCorpusFacts(t *testing.T) {
	order := "storage platform keycloak-gatekeeper core-services sysmgmt nexus"
	for _, tree := range corpusTrees(t) {
		r, _, err := Read(tree)
		if err != nil {
			t.Error(err)
			continue
		}
		var shipped []string
		for _, m := range r.Manifests {
			if m.Deployed {
				shipped = append(shipped, m.Name)
			}
		}
		if got := strings.Join(shipped, " "); got != order {
			t.Errorf("%s ships %s, want %s", r.Ref(), got, order)
		}
		want, ok := corpusFacts[r.Version]
		if !ok {
			continue // a release that nobody has counted
		}
		if got := factsOf(t, r); got != want {
			t.Errorf("%s\n got %+v\nwant %+v", r.Ref(), got, want)
		}
	}
}

// A copy under a name that says nothing is the same release: it is known by what
// it holds. With three charts more it still follows the release's procedure.
func TestCopiesOfTheCorpus(t *testing.T) {
	for _, tree := range corpusTrees(t) {
		want, _, err := Read(tree)
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(t.TempDir(), "tree")
		if err := os.CopyFS(copied, os.DirFS(tree)); err != nil {
			t.Fatal(err)
		}
		got, ds, err := Read(copied)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) || len(ds) > 0 {
			t.Errorf("%s: the copy is read as %s, %v", want.Ref(), got.Ref(), ds)
		}
		file := filepath.Join(copied, "manifests", "nexus.yaml")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(file); err != nil { // the copy is read-only, as its source
			t.Fatal(err)
		}
		for _, name := range []string{"one", "two", "three"} {
			data = fmt.Appendf(data, "  - {name: invented-%s, version: 1.0.0, namespace: services}\n", name)
		}
		write(t, file, string(data))
		got, ds, err = Read(copied)
		if err != nil {
			t.Fatal(err)
		}
		if got.Product != "csm" || len(got.Components) != len(want.Components)+3 || len(ds) != 1 || ds[0].Code != csm.CodeInferredVersion {
			t.Errorf("%s with three more charts: %s, %d components, %v", want.Ref(), got.Ref(), len(got.Components), ds)
		}
	}
}

func BenchmarkReadTree(b *testing.B) {
	trees := corpusTrees(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(trees[len(trees)-1]); err != nil {
			b.Fatal(err)
		}
	}
}
