package ingest

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
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
		got, err := WriteNeutral(r)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(moduleRoot(t), "fixtures", "releases", r.Ref()+".yaml")
		want, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from its tree; run go run ./model/ingest/internal/genreleases", file)
		}
		back, _, err := ReadNeutral(file, want)
		if err != nil {
			t.Error(err)
			continue
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
