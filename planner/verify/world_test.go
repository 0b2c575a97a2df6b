package verify_test

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/customizations/csm"
	"planewise/model/document"
	"planewise/planner"
	"planewise/planner/verify"
)

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
		if out[name], err = document.Decode[T](e.Name(), data); err != nil {
			tb.Fatal(err)
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func ordered[T any](m map[string]T) []T {
	var out []T
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}

// world is what the program carries, on the demo system.
type world struct {
	releases map[string]model.Release
	base     planner.Input
}

func embedded(tb testing.TB) world {
	tb.Helper()
	c, _ := catalog.New(ordered(all[model.Mapping](tb, "mapping"))...)
	return world{releases: all[model.Release](tb, "releases"), base: planner.Input{
		Catalog: c, Procedures: ordered(all[model.Procedure](tb, "procedures")),
		System: all[model.System](tb, "systems")["demo"], Policy: all[model.Policy](tb, "policies")["jobs-first"],
		Zones: time.LoadLocation, Tool: "test", BaseChart: csm.BaseChart(),
	}}
}

func (w world) input(from, to string) planner.Input {
	in := w.base
	in.From, in.To = []model.Release{w.releases[from]}, []model.Release{w.releases[to]}
	return in
}

// fataler is a test, or a check of rapid's.
type fataler interface{ Fatal(...any) }

func checked(tb fataler, in verify.Input) verify.Result {
	r, err := verify.Plan(in)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}
