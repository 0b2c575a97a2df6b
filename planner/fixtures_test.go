package planner_test

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/customizations/csm"
	"planewise/model/document"
	"planewise/model/ingest"
	"planewise/planner"
)

// all reads the embedded documents of a folder, by name.
func all[T any](tb testing.TB, folder string) map[string]T {
	tb.Helper()
	out := map[string]T{}
	entries, err := fs.ReadDir(fixtures.FS, folder)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".yaml")
		if !ok {
			continue
		}
		data, err := fs.ReadFile(fixtures.FS, path.Join(folder, e.Name()))
		if err != nil {
			tb.Fatal(err)
		}
		v, err := document.Decode[T](e.Name(), data)
		if err != nil {
			tb.Fatal(err)
		}
		out[name] = v
	}
	if len(out) == 0 {
		tb.Fatalf("no embedded documents in %s", folder)
	}
	return out
}

// world is everything embedded.
type world struct {
	releases   map[string]model.Release
	systems    map[string]model.System
	policies   map[string]model.Policy
	procedures []model.Procedure
	catalog    *catalog.Catalog
}

// embedded is the world of the embedded documents. Systems and policies are the
// caller's own; the rest is read once and must not be changed.
func embedded(tb testing.TB) world {
	tb.Helper()
	embeddedOnce.Do(func() { readEmbedded(tb) })
	if embeddedWorld.catalog == nil {
		tb.Fatal("the embedded documents cannot be read")
	}
	w := embeddedWorld
	w.releases = maps.Clone(w.releases)
	w.systems, w.policies = all[model.System](tb, "systems"), all[model.Policy](tb, "policies")
	return w
}

var (
	embeddedOnce  sync.Once
	embeddedWorld world
)

func readEmbedded(tb testing.TB) {
	w := world{releases: all[model.Release](tb, "releases")}
	procedures := all[model.Procedure](tb, "procedures")
	for _, name := range sortedKeys(procedures) {
		w.procedures = append(w.procedures, procedures[name])
	}
	mappings := all[model.Mapping](tb, "mapping")
	var parts []model.Mapping
	for _, name := range sortedKeys(mappings) {
		parts = append(parts, mappings[name])
	}
	var diags []model.Diagnostic
	w.catalog, diags = catalog.New(catalog.Join("default", parts...))
	for _, d := range diags {
		if d.Severity != model.Info {
			tb.Errorf("embedded mapping: %s %s: %s", d.Code, d.Subject, d.Summary)
		}
	}
	embeddedWorld = w
}

// input is what a plan from one set to another is made from, on the demo system
// with the default policy.
func (w world) input(from, to []model.Release) planner.Input {
	return planner.Input{
		From: from, To: to, Catalog: w.catalog, Procedures: w.procedures,
		System: w.systems["demo"], Policy: w.policies["jobs-first"], Zones: time.LoadLocation, Tool: "test", BaseChart: csm.BaseChart(),
	}
}

func (w world) set(names ...string) []model.Release {
	var out []model.Release
	for _, n := range names {
		out = append(out, w.releases[n])
	}
	return out
}

// csm are the embedded releases of CSM, in name order.
func (w world) csm() []string {
	var names []string
	for _, n := range sortedKeys(w.releases) {
		if strings.HasPrefix(n, "csm-") {
			names = append(names, n)
		}
	}
	return names
}

// corpus is the folder of real release trees; tests that need it are skipped
// where it does not exist.
func corpus(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("PLANEWISE_CORPUS")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			tb.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared", "corpus")
	}
	dir = filepath.Join(dir, "csm")
	if _, err := os.Stat(dir); err != nil {
		tb.Skip("no real release trees here: set PLANEWISE_CORPUS to the folder that holds csm/vX.Y.Z")
	}
	return dir
}

// trees are the real release trees, by version.
func trees(tb testing.TB) map[string]model.Release {
	tb.Helper()
	dirs, err := filepath.Glob(filepath.Join(corpus(tb), "v*"))
	if err != nil || len(dirs) == 0 {
		tb.Fatalf("no trees in %s: %v", corpus(tb), err)
	}
	out := map[string]model.Release{}
	for _, d := range dirs {
		r, _, err := ingest.Read(d)
		if err != nil {
			tb.Fatalf("%s: %v", d, err)
		}
		out[filepath.Base(d)] = r
	}
	return out
}
