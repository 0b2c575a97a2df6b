package snapshot

import (
	"slices"
	"testing"

	"planewise/model"
)

// The newest version in the catalogue may be delivered and not deployed: what runs
// decides. Where it does not, or there is nothing to compare with, the newest stays.
func TestClaimedIsWhatFits(t *testing.T) {
	release := func(v, a, b string) model.Release {
		return model.Release{Product: "csm", Version: v, Components: []model.Component{
			{Kind: model.KindChart, Namespace: "services", Name: "a", Version: a}, {Kind: model.KindChart, Namespace: "services", Name: "b", Version: b}}}
	}
	both := map[string]model.Release{"csm-1.5.2": release("1.5.2", "1.0.0", "1.0.0"), "csm-1.6.0": release("1.6.0", "2.0.0", "1.0.0")}
	charts := func(a string) []Chart {
		return []Chart{{Namespace: "services", Name: "a", Chart: "a", Version: a}, {Namespace: "services", Name: "b", Chart: "b", Version: "1.0.0"}}
	}
	cases := []struct {
		name   string
		charts []Chart
		known  map[string]model.Release
		want   string
		said   bool
	}{
		{"delivered and not deployed", charts("1.0.0"), both, "1.5.2", true},
		{"deployed", charts("2.0.0"), both, "1.6.0", false},
		{"a tie", charts("3.0.0"), both, "1.6.0", false},
		{"nothing seen", nil, both, "1.6.0", false},
		{"the newest is not known", charts("1.0.0"), map[string]model.Release{"csm-1.5.2": both["csm-1.5.2"]}, "1.6.0", false},
	}
	for _, c := range cases {
		s := Snapshot{Sources: source(KindHelm, KindCatalog), Charts: c.charts, Products: []Product{{Name: "csm", Version: "1.5.2"}, {Name: "csm", Version: "1.6.0"}}}
		got, notes := s.Claimed(ours, func(product, version string) (model.Release, bool) {
			r, ok := c.known[product+"-"+version]
			return r, ok
		})
		runs, _ := got.Running(ours)
		i := slices.IndexFunc(runs, func(r model.Release) bool { return r.Product == "csm" })
		if runs[i].Version != c.want || slices.Contains(codes(notes), "several-releases") != c.said {
			t.Errorf("%s: %s, want %s: %v", c.name, runs[i].Version, c.want, notes)
		}
		if len(s.Products) != 2 {
			t.Errorf("%s: the snapshot itself was changed", c.name)
		}
	}
}

// One worker that boots an image of the catalogue says nothing of those that boot
// customised ones.
func TestImageOfSomeIsNotThatOfAll(t *testing.T) {
	s := Snapshot{
		Products: []Product{{Name: "csm", Version: "1.5.2", Images: []Image{{Name: "secure-kubernetes-5.2.54-x86_64", ID: "a"}}}},
		Machines: []Machine{{ID: "x1", Role: "master", Image: "a"}, {ID: "x2", Role: "worker", Image: "a"}, {ID: "x3", Role: "worker", Image: "own"}},
	}
	runs, notes := s.Running(ours)
	if !slices.Contains(codes(notes), "node-image-unknown") || len(runs) != 1 || len(runs[0].Components) != 1 || runs[0].Components[0].Role != "master" {
		t.Errorf("%+v %v", runs, notes)
	}
}
