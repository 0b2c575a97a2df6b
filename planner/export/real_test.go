package export_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // why: the tests must not depend on the machine's zone files

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/planner"
	"planewise/planner/export"
)

func load[T any](t testing.TB, folder string) []T {
	t.Helper()
	names, err := fs.Glob(fixtures.FS, folder+"/*.yaml")
	if err != nil || names == nil {
		t.Fatalf("no %s: %v", folder, err)
	}
	slices.Sort(names)
	var out []T
	for _, name := range names {
		data, err := fs.ReadFile(fixtures.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		one, err := document.Decode[T](path.Base(name), data)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, one)
	}
	return out
}

// real is the plan of a real update with all that the project knows about it,
// placed in windows, with its inputs embedded.
func real(t testing.TB, from, to string) model.Plan {
	t.Helper()
	releases := load[model.Release](t, "releases")
	find := func(refs string) (out []model.Release) {
		for ref := range strings.SplitSeq(refs, "+") {
			i := slices.IndexFunc(releases, func(r model.Release) bool { return r.Ref() == ref })
			if i < 0 {
				t.Fatalf("no release %s", ref)
			}
			out = append(out, releases[i])
		}
		return out
	}
	in := planner.Input{From: find(from), To: find(to), Known: releases, Procedures: load[model.Procedure](t, "procedures"),
		At: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC), Zones: time.LoadLocation}
	in.Catalog, _ = catalog.New(load[model.Mapping](t, "mapping")...)
	for _, s := range load[model.System](t, "systems") {
		if s.Name == "demo" {
			in.System = s
		}
	}
	for _, p := range load[model.Policy](t, "policies") {
		if p.Name == "jobs-first" {
			in.Policy = p
		}
	}
	in.Policy.Windows = windows()
	p := planner.Build(in)
	embed := func(kind, name string, v any) {
		content, err := document.Canonical(v)
		if err != nil {
			t.Fatal(err)
		}
		p.Inputs = append(p.Inputs, model.Input{Kind: kind, Name: name, Digest: document.Digest(v), Content: content})
	}
	for _, r := range slices.Concat(in.From, in.To) {
		embed("release", r.Ref(), r)
	}
	embed("mapping", in.Catalog.Mapping().Name, in.Catalog.Mapping())
	for _, x := range in.Procedures {
		embed("procedure", x.Name, x)
	}
	embed("system", in.System.Name, in.System)
	embed("policy", in.Policy.Name, in.Policy)
	p.ID = document.PlanID(p)
	return p
}

func windows() []model.Window {
	grant := func(others model.Footprint) map[model.PlaneID]model.Footprint {
		return map[model.PlaneID]model.Footprint{"control": model.Disturbed, "access": others, "compute": others, "storage": others}
	}
	return []model.Window{
		{Name: "nightly", Zone: "Europe/Zurich", Start: "2026-01-05T20:00:00", DurationS: 36000, RRule: "FREQ=DAILY", Grants: grant(model.Watched), Limits: "run"},
		{Name: "weekend", Zone: "Europe/Zurich", Start: "2026-01-10T06:00:00", DurationS: 122400, RRule: "FREQ=WEEKLY", Grants: grant(model.Disturbed), Limits: "run"},
	}
}

const largestFrom, largestTo = "csm-1.5.2+uan-2.6.0", "csm-1.6.0-rc.3+uan-2.7.0"

// Every format takes the largest real plan without complaint.
func TestRealPlan(t *testing.T) {
	p := real(t, largestFrom, largestTo)
	if len(p.Bundles) < 3 || p.Bundles[len(p.Bundles)-1].Window == nil {
		t.Fatalf("%d bundles, the last without a window: this plan tests too little", len(p.Bundles))
	}
	for _, f := range export.Formats() {
		files, _, err := export.Write(f.Name, p, export.Options{})
		if err != nil {
			t.Error(err)
		}
		for _, file := range files {
			if len(file.Data) == 0 {
				t.Errorf("%s: %s is empty", f.Name, file.Name)
			}
			if dir := exportTo(); dir != "" {
				keep(t, dir, f.Name+"-"+file.Name, file.Data)
			}
		}
	}
}

// Each export of a real plan shall take less than 10 ms.
func BenchmarkWrite(b *testing.B) {
	p := real(b, largestFrom, largestTo)
	for _, f := range export.Formats() {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := export.Write(f.Name, p, export.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
