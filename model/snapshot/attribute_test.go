package snapshot

import (
	"slices"
	"testing"

	"planewise/model"
)

// Installed charts that no export attributes belong to the product whose claimed
// release ships them: taken for missing, they would count as new and disturb nobody.
func TestAttribute(t *testing.T) {
	s := Snapshot{
		Sources:  source(KindHelm, KindCatalog),
		Products: []Product{{Name: "csm", Version: "1.5.2"}, {Name: "uan", Version: "2.6.0"}},
		Charts:   []Chart{{Namespace: "services", Name: "a", Chart: "a", Version: "0.9.0"}, {Namespace: "services", Name: "b", Chart: "other-b", Version: "1.0.0"}, {Namespace: "services", Name: "u", Chart: "u", Version: "2.0.0"}, {Namespace: "site", Name: "own", Chart: "own", Version: "1.0.0"}},
	}
	chart := func(name, version string) model.Component {
		return model.Component{Kind: model.KindChart, Namespace: "services", Name: name, Version: version}
	}
	claimed := map[string]model.Release{
		"csm": {Product: "csm", Version: "1.5.2", Components: []model.Component{chart("a", "1.0.0"), chart("b", "1.0.0"), chart("gone", "1.0.0")}},
		"uan": {Product: "uan", Version: "2.6.0", Components: []model.Component{chart("u", "2.0.0")}},
	}
	runs, _ := s.Running(ours)
	runs, notes := s.Attribute(runs, claimed, ours)
	if !slices.Contains(codes(notes), "chart-unattributed") {
		t.Error("the site's own chart is not said")
	}
	got := map[string][]string{}
	drift := map[string][]Drift{}
	for _, r := range runs {
		for _, c := range r.Components {
			got[r.Product] = append(got[r.Product], string(c.ID())+" "+c.Version)
		}
		if c, ok := claimed[r.Product]; ok {
			drift[r.Product] = Overlay(c, r, s.Gone()).Running.Drift
		}
	}
	for product, want := range map[string][]string{
		"csm": {"chart:services/a 0.9.0", "chart:services/b 1.0.0"}, "uan": {"chart:services/u 2.0.0"}, Unattributed: {"chart:site/own 1.0.0"},
	} {
		if !slices.Equal(got[product], want) {
			t.Errorf("%s: %q, want %q", product, got[product], want)
		}
	}
	if want := []Drift{{Component: "chart:services/a", Claimed: "1.0.0", Runs: "0.9.0"}, {Component: "chart:services/gone", Claimed: "1.0.0"}}; !slices.Equal(drift["csm"], want) || len(drift["uan"]) != 0 {
		t.Errorf("%+v", drift)
	}
}

// Where the platform's release is not known, charts that nobody claims are part of what
// the plan starts from: left out, they would count as installed anew.
func TestUnclaimedChartsAreOfThePlatform(t *testing.T) {
	s := Snapshot{Sources: source(KindHelm), Charts: []Chart{{Namespace: "services", Name: "a", Chart: "a", Version: "0.9.0"}}}
	runs, _ := s.Running(ours)
	runs, notes := s.Attribute(runs, nil, ours)
	if len(runs[0].Components) != 1 || runs[0].Product != "csm" || len(runs[1].Components) != 0 {
		t.Errorf("%+v", runs)
	}
	if slices.Contains(codes(notes), "chart-unattributed") {
		t.Error("a chart that is planned for is said not to be")
	}
}
