package catalog

import (
	"testing"

	"planewise/model"
)

func chart(namespace, name, version string) model.Component {
	return model.Component{Kind: model.KindChart, Namespace: namespace, Name: name, Version: version}
}

// base is a small mapping with nothing wrong about it.
func base(rules ...model.Rule) model.Mapping {
	return model.Mapping{
		Format: model.FormatMapping, Name: "base",
		Planes:       []model.Plane{{ID: "control"}, {ID: "compute"}},
		Services:     []model.Service{{ID: "api"}, {ID: "db"}},
		Residents:    []model.Workload{{Service: "api", Replicas: 1}, {Service: "db", Replicas: 1}},
		Capabilities: []model.Capability{{ID: "control.api", Plane: "control", Importance: model.Major, Needs: &model.Need{Service: "api"}}},
		Rules:        rules,
	}
}

func rule(id string, m model.Match, version string) model.Rule {
	return model.Rule{ID: id, Match: m, Version: version, Planes: []model.PlaneID{"control"}}
}

func clean(t *testing.T, layers ...model.Mapping) *Catalog {
	t.Helper()
	c, ds := New(layers...)
	for _, d := range ds {
		if d.Severity != model.Info {
			t.Fatalf("unexpected diagnostic: %+v", d)
		}
	}
	return c
}

// Each rule is more specific than the one after it; taking the winner away
// leaves the next one.
func TestLookupTakesTheMostSpecific(t *testing.T) {
	k := model.KindChart
	ranked := []model.Rule{
		rule("namespace-and-manifest", model.Match{Kind: k, Name: "cray-bos", Namespace: "services", Manifest: "sysmgmt"}, ""),
		rule("namespace-and-version", model.Match{Kind: k, Name: "cray-bos", Namespace: "services"}, ">= 2"),
		rule("namespace", model.Match{Kind: k, Name: "cray-bos", Namespace: "services"}, ""),
		rule("namespace-glob", model.Match{Kind: k, Name: "cray-bos", Namespace: "serv*"}, ""),
		rule("version", model.Match{Kind: k, Name: "cray-bos"}, "< 3"),
		rule("name", model.Match{Kind: k, Name: "cray-bos"}, ""),
		rule("name-without-kind", model.Match{Name: "cray-bos"}, ""),
		rule("long-glob", model.Match{Kind: k, Name: "cray-bo*", Namespace: "services"}, ""),
		rule("short-glob", model.Match{Kind: k, Name: "cray-*", Namespace: "services"}, ""),
		rule("shortest-glob", model.Match{Kind: k, Name: "cray*"}, ""),
	}
	comp := chart("services", "cray-bos", "2.30.5")
	comp.Manifest = "sysmgmt"
	for i, want := range ranked {
		got, ok := clean(t, base(ranked[i:]...)).Lookup(comp)
		if !ok || got.Key != want.ID {
			t.Errorf("with the first %d rules gone: got %q, want %q", i, got.Key, want.ID)
		}
	}
}

func TestLookup(t *testing.T) {
	c := clean(t, base(
		rule("old", model.Match{Kind: model.KindChart, Name: "kea"}, "< 0.11.0"),
		rule("new", model.Match{Kind: model.KindChart, Name: "kea"}, ">= 0.11.0"),
		rule("workers", model.Match{Kind: model.KindNodeImage, Role: "worker"}, ""),
		rule("arm", model.Match{Kind: model.KindNodeImage, Role: "worker", Arch: "aarch64"}, ""),
		rule("kmp", model.Match{Kind: model.KindRPM, Name: "*-kmp-default"}, ""),
	))
	node := func(role, arch string) model.Component {
		return model.Component{Kind: model.KindNodeImage, Name: "kubernetes", Role: role, Arch: arch, Version: "6.2.30"}
	}
	for _, tc := range []struct {
		name string
		comp model.Component
		want string
	}{
		{"below the bound", chart("services", "kea", "0.10.27"), "old"},
		{"at the bound", chart("services", "kea", "0.11.0"), "new"},
		{"a release candidate counts as its release", chart("services", "kea", "0.11.0-rc.1"), "new"},
		{"no order, no version rule", chart("services", "kea", "latest"), ""},
		{"role alone", node("worker", "x86_64"), "workers"},
		{"role and arch", node("worker", "aarch64"), "arm"},
		{"another role", node("master", "x86_64"), ""},
		{"another kind of the same name", model.Component{Kind: model.KindImage, Name: "kea", Version: "0.11.0"}, ""},
		{"glob", model.Component{Kind: model.KindRPM, Name: "mft-mlnx-kmp-default", Version: "1"}, "kmp"},
		{"invented", chart("services", "cray-hms-foo", "1.0.0"), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m, ok := c.Lookup(tc.comp)
			if ok != (tc.want != "") || m.Key != tc.want {
				t.Errorf("got %q, %v; want %q", m.Key, ok, tc.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	c := clean(t, base(rule("old", model.Match{Kind: model.KindChart, Name: "kea"}, "< 0.11.0"), rule("bos", model.Match{Kind: model.KindChart, Name: "bos"}, "")))
	shelved := chart("x", "shelved", "1")
	shelved.NotDeployed = true
	ds := c.Check([]model.Component{
		chart("s", "bos", "1"), chart("s", "kea", "0.12.0"), chart("s", "foo", "2"), chart("s", "foo", "1"), shelved,
		{Kind: model.KindImage, Name: "alpine", Version: "3"}, {Kind: model.KindHook, Name: "x"},
		{Kind: model.KindRPM, Name: "unheard-of", Arch: "noarch", Version: "1-1"},
	})
	type line struct {
		severity model.Severity
		subject  string
	}
	want := []line{
		{model.Warning, "chart:s/foo"}, {model.Warning, "chart:s/kea"}, {model.Warning, "rpm:unheard-of.noarch"}, {model.Info, "chart:x/shelved"},
	}
	if len(ds) != len(want) {
		t.Fatalf("got %d diagnostics: %+v", len(ds), ds)
	}
	for i, d := range ds {
		if d.Code != "unmapped-component" || (line{d.Severity, d.Subject}) != want[i] {
			t.Errorf("%d: got %+v, want %+v", i, d, want[i])
		}
	}
	if kea := ds[1]; len(kea.Path) != 1 || kea.Path[0] != "old" {
		t.Errorf("a version outside every range should name the rules: %+v", kea)
	}
}

func BenchmarkLookup(b *testing.B) {
	c, _ := New(base(
		rule("exact", model.Match{Kind: model.KindChart, Name: "cray-bos"}, ""),
		rule("glob", model.Match{Kind: model.KindChart, Name: "cray-hms-*"}, ""),
	))
	comps := [2]model.Component{chart("services", "cray-bos", "1"), chart("services", "cray-hms-smd", "1")}
	b.ReportAllocs()
	for b.Loop() {
		for _, comp := range comps {
			if _, ok := c.Lookup(comp); !ok {
				b.Fatal("not found")
			}
		}
	}
}
