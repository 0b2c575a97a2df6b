package snapshot

import (
	"slices"
	"testing"

	"planewise/model"
)

// What the list of installed charts does not name is gone only where the list is
// whole and nobody shipped the chart: helm hides installations that hang.
func TestGone(t *testing.T) {
	chart := model.Component{Kind: model.KindChart, Namespace: "services", Name: "a"}
	shipped := []Manifest{{Name: "m", Charts: []Chart{{Namespace: "services", Name: "a", Chart: "a", Version: "1.0.0"}}}}
	cases := []struct {
		name string
		s    Snapshot
		gone bool
	}{
		{"no list", Snapshot{}, false},
		{"half a list", Snapshot{Sources: []Source{{Kinds: []string{KindHelm}, Partial: true}}}, false},
		{"one of two lists is damaged", Snapshot{Sources: []Source{{Kinds: []string{KindHelm}}, {Kinds: []string{KindHelm}, Partial: true}}}, false},
		{"another file is damaged", Snapshot{Sources: []Source{{Kinds: []string{KindHelm}}, {Kinds: []string{KindPods}, Partial: true}}}, true},
		{"shipped, so its installation may hang", Snapshot{Sources: source(KindHelm), Manifests: shipped}, false},
		{"a whole list", Snapshot{Sources: source(KindHelm)}, true},
	}
	for _, c := range cases {
		if got := c.s.Gone()(chart); got != c.gone {
			t.Errorf("%s: gone %v, want %v", c.name, got, c.gone)
		}
	}
}

// What was not exported stays as claimed and is listed, whatever its kind; what no
// export can show is no matter of seeing.
func TestOverlayListsWhatWasNotSeen(t *testing.T) {
	claimed := model.Release{Product: "csm", Version: "1.5.2", Components: []model.Component{
		{Kind: model.KindChart, Namespace: "services", Name: "a", Version: "1.0.0"},
		{Kind: model.KindChart, Namespace: "services", Name: "never", Version: "1.0.0", NotDeployed: true},
		{Kind: model.KindKubernetes, Name: "kubernetes", Version: "v1.22.13"},
		{Kind: model.KindCeph, Name: "ceph", Version: "v17.2.6"},
		{Kind: model.KindNodeImage, Name: "kubernetes", Role: "worker", Arch: "x86_64", Version: "5.2.54"},
		{Kind: model.KindKernel, Name: "kernel", Role: "worker", Arch: "x86_64", Version: "5.14"},
		{Kind: model.KindRPM, Name: "acpid", Arch: "x86_64", Version: "2.0"},
		{Kind: model.KindImage, Name: "nginx", Version: "1.0"},
	}}
	runs := model.Release{Components: []model.Component{{Kind: model.KindKubernetes, Name: "kubernetes", Version: "v1.21.12"}}, Running: &model.Running{Mixed: []model.Mixed{{Component: "kubernetes:kubernetes", Versions: []string{"v1.21.12", "v1.22.13"}}}}}
	got := Overlay(claimed, runs, Snapshot{}.Gone())
	if len(got.Components) != len(claimed.Components) {
		t.Errorf("%d components, want all %d", len(got.Components), len(claimed.Components))
	}
	// The same chart in a list that nobody ships is no second claim.
	twice := model.Release{Components: []model.Component{
		{Kind: model.KindChart, Namespace: "services", Name: "a", Version: "1.0.0"}, {Kind: model.KindChart, Namespace: "services", Name: "a", Version: "1.7.0", NotDeployed: true}}}
	if d := Overlay(twice, model.Release{Components: twice.Components[:1]}, Snapshot{}.Gone()).Running.Drift; len(d) != 0 {
		t.Errorf("drift of a chart that nobody ships: %+v", d)
	}
	want := []string{"ceph:ceph", "chart:services/a", "kernel:worker.x86_64", "node-image:worker.x86_64"}
	if !slices.Equal(got.Running.NotSeen, want) {
		t.Errorf("not seen %v, want %v", got.Running.NotSeen, want)
	}
	if d := got.Running.Drift; len(d) != 1 || d[0] != (Drift{Component: "kubernetes:kubernetes", Claimed: "v1.22.13", Runs: "v1.21.12"}) || len(got.Running.Mixed) != 1 {
		t.Errorf("%+v", got.Running)
	}
}

// Several versions of one thing become a fact about the release that runs.
func TestRunningKeepsMixedVersions(t *testing.T) {
	s := Snapshot{Nodes: []Node{{Name: "a", Role: "worker", Kubelet: "v1.22.13"}, {Name: "b", Role: "worker", Kubelet: "v1.21.12"}}, Ceph: &Ceph{Versions: []DaemonVersion{{"mon", "16.2.13", 3}, {"osd", "17.2.6", 8}}}}
	releases, _ := s.Running(ours)
	if len(releases) != 1 || releases[0].Running == nil {
		t.Fatalf("%+v", releases)
	}
	var ids []string
	for _, m := range releases[0].Running.Mixed {
		ids = append(ids, string(m.Component)+" "+m.Versions[0]+" "+m.Versions[1])
	}
	if want := []string{"ceph:ceph v16.2.13 v17.2.6", "kubernetes:kubernetes v1.21.12 v1.22.13"}; !slices.Equal(ids, want) {
		t.Errorf("%v, want %v", ids, want)
	}
	for _, c := range releases[0].Components {
		if len(c.Versions) > 0 {
			t.Errorf("%s keeps its versions", c.ID())
		}
	}
}
