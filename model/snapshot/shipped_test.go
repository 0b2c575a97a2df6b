package snapshot

import (
	"slices"
	"testing"

	"planewise/model"
)

// manifestsOnly is a snapshot as a cluster alone shows it: no list of Helm.
func manifestsOnly(manifests ...Manifest) Snapshot {
	return Snapshot{Sources: source(KindManifests, KindCatalog), Manifests: manifests, Products: []Product{{Name: "csm", Version: "1.5.2"}}}
}

func shipped(name, status string, charts ...string) Manifest {
	m := Manifest{Name: name, Status: status}
	for i := 0; i < len(charts); i += 2 {
		m.Charts = append(m.Charts, Chart{Namespace: "services", Name: charts[i], Chart: charts[i], Version: charts[i+1]})
	}
	return m
}

func versions(r model.Release) map[string]string {
	out := map[string]string{}
	for _, c := range r.Components {
		out[c.Name] = c.Version
	}
	return out
}

// Without a list of what is installed, what was shipped last is taken to run where
// the shipment succeeded; where not, the version is unknown and not a guess.
func TestChartsFromManifests(t *testing.T) {
	s := manifestsOnly(
		shipped("core", "failed", "half", "1.0.0", "both", "1.0.0"),
		shipped("platform", "success", "a", "1.2.3", "both", "1.0.0", "same", "3.0.0", "twice", "4.0.0"),
		shipped("sysmgmt", "success", "same", "3.0.0", "twice", "4.1.0", "bare", ""),
	)
	releases, notes := s.Running(ours)
	if len(releases) != 1 {
		t.Fatalf("%+v", releases)
	}
	want := map[string]string{"a": "1.2.3", "half": Unknown, "both": Unknown, "same": "3.0.0", "twice": Unknown, "bare": Unknown}
	got := versions(releases[0])
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s: %q, want %q", name, got[name], v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
	for _, code := range []string{"charts-from-manifests", "manifest-not-shipped", "manifests-disagree"} {
		if !slices.Contains(codes(notes), code) {
			t.Errorf("%s is not said: %v", code, notes)
		}
	}
	if n := len(slices.DeleteFunc(slices.Clone(notes), func(d model.Diagnostic) bool { return d.Code != "manifests-disagree" })); n != 1 {
		t.Errorf("%d charts are said to be shipped in two versions: %v", n, notes)
	}
}

// Where it is known when manifests were shipped, the last one counts, in whatever order
// they stand; a failed one after it takes the knowledge away again.
func TestTheLastShipmentCounts(t *testing.T) {
	at := func(m Manifest, when string) Manifest { m.Shipped = when; return m }
	one, two, failed := shipped("b", "success", "x", "1.0.0"), shipped("a", "success", "x", "2.0.0"), shipped("c", "failed", "x", "3.0.0")
	const early, mid, late = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"
	for _, c := range []struct {
		name string
		all  []Manifest
		want string
		code string
	}{
		{"the later", []Manifest{at(one, late), at(two, early)}, "1.0.0", ""},
		{"the earlier failed", []Manifest{at(failed, early), at(one, late)}, "1.0.0", "manifest-not-shipped"},
		{"the later failed", []Manifest{at(failed, late), at(one, early)}, Unknown, "manifest-not-shipped"},
		{"one without a time", []Manifest{at(one, late), two}, Unknown, "manifests-disagree"},
		{"at the same time", []Manifest{at(one, late), at(two, late)}, Unknown, "manifests-disagree"},
		{"a third after both", []Manifest{at(one, early), at(two, early), at(shipped("d", "success", "x", "4.0.0"), late)}, "4.0.0", ""},
		{"a third before both", []Manifest{at(one, mid), at(two, mid), at(shipped("d", "success", "x", "4.0.0"), early)}, Unknown, "manifests-disagree"},
		{"a third beside one without", []Manifest{at(one, early), two, at(shipped("d", "success", "x", "4.0.0"), late)}, Unknown, "manifests-disagree"},
	} {
		for range 2 {
			releases, notes := manifestsOnly(c.all...).Running(ours)
			if got := versions(releases[0])["x"]; got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
			for _, code := range []string{"manifest-not-shipped", "manifests-disagree"} {
				if slices.Contains(codes(notes), code) != (code == c.code) {
					t.Errorf("%s: %v", c.name, notes)
				}
			}
			slices.Reverse(c.all)
		}
	}
}

// Where helm list was given, it says what runs, and nothing is added from manifests.
func TestTheListOfHelmCounts(t *testing.T) {
	s := manifestsOnly(shipped("platform", "failed", "a", "1.2.3", "b", "1.0.0"))
	s.Sources = source(KindManifests, KindHelm)
	s.Charts = []Chart{{Namespace: "services", Name: "a", Chart: "a", Version: "1.2.2"}}
	releases, notes := s.Running(ours)
	if got := versions(releases[0]); len(got) != 1 || got["a"] != "1.2.2" {
		t.Errorf("%v", got)
	}
	for _, n := range notes {
		if n.Code != "chart-unattributed" {
			t.Errorf("%v", n)
		}
	}
}

// A chart of the release that no manifest lists stays as released: a cluster without a
// list of Helm cannot show that it was removed. An unknown version is a difference.
func TestOverlayOfShippedCharts(t *testing.T) {
	chart := func(name, version string) model.Component {
		return model.Component{Kind: model.KindChart, Namespace: "services", Name: name, Version: version, Values: "v"}
	}
	claimed := model.Release{Product: "csm", Version: "1.5.2", Components: []model.Component{chart("a", "1.2.3"), chart("half", "1.0.0"), chart("unlisted", "9.0.0")}}
	runs, _ := manifestsOnly(shipped("core", "crashed", "half", "1.0.0"), shipped("platform", "success", "a", "1.2.3")).Running(ours)
	out := Overlay(claimed, runs[0], Snapshot{}.Gone())
	drift := out.Running.Drift
	got := versions(out)
	if got["a"] != "1.2.3" || got["half"] != Unknown || got["unlisted"] != "9.0.0" {
		t.Errorf("%v", got)
	}
	if len(drift) != 1 || drift[0] != (Drift{Component: "chart:services/half", Claimed: "1.0.0", Runs: Unknown}) {
		t.Errorf("%+v", drift)
	}
}
