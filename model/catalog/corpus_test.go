package catalog_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/model/ingest"
)

// csm is the embedded default mapping.
func csm(t testing.TB) model.Mapping {
	t.Helper()
	entries, err := fixtures.FS.ReadDir("mapping")
	if err != nil {
		t.Fatal(err)
	}
	var parts []model.Mapping
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".yaml") {
			continue
		}
		data, err := fixtures.FS.ReadFile("mapping/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		m, err := document.Decode[model.Mapping](e.Name(), data)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, m)
	}
	return catalog.Join("csm", parts...)
}

func csmCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, ds := catalog.New(csm(t))
	for _, d := range ds {
		t.Errorf("%s %s %s: %s %v", d.Severity, d.Code, d.Subject, d.Summary, d.Path)
	}
	return c
}

// releases are the trees of the corpus, by folder name.
func releases(t testing.TB) map[string]model.Release {
	t.Helper()
	folder := os.Getenv("PLANEWISE_CORPUS")
	if folder == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for !exists(filepath.Join(root, "go.mod")) && root != filepath.Dir(root) {
			root = filepath.Dir(root)
		}
		folder = filepath.Join(root, "..", "shared", "corpus")
	}
	trees, err := filepath.Glob(filepath.Join(folder, "csm", "v*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(trees) == 0 {
		t.Skip("the corpus of release trees is not here: set PLANEWISE_CORPUS to its folder")
	}
	out := map[string]model.Release{}
	for _, tree := range trees {
		r, _, err := ingest.Read(tree)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(tree)] = r
	}
	return out
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Nothing of the ten trees is unmapped, and charts that are invented are.
func TestCorpusIsMapped(t *testing.T) {
	c := csmCatalog(t)
	invented := []string{"cray-hms-foo", "cray-bos2", "istio"}
	for name, r := range releases(t) {
		if len(r.Components) < 100 {
			t.Errorf("%s: only %d components", name, len(r.Components))
		}
		for _, d := range c.Check(r.Components) {
			t.Errorf("%s: %s: %s", name, d.Subject, d.Summary)
		}
		comps := slices.Clone(r.Components)
		for _, n := range invented {
			comps = append(comps, model.Component{Kind: model.KindChart, Namespace: "services", Name: n, Version: "1.0.0", Manifest: "sysmgmt"})
		}
		var got []string
		for _, d := range c.Check(comps) {
			got = append(got, d.Subject)
		}
		if want := []string{"chart:services/cray-bos2", "chart:services/cray-hms-foo", "chart:services/istio"}; !slices.Equal(got, want) {
			t.Errorf("%s with invented charts: %v", name, got)
		}
	}
}

// Every package, kernel, image and removed chart of the embedded releases too,
// whether the corpus is there or not.
func TestEmbeddedReleasesAreMapped(t *testing.T) {
	c := csmCatalog(t)
	entries, err := fixtures.FS.ReadDir("releases")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".yaml") {
			continue
		}
		read++
		data, err := fixtures.FS.ReadFile("releases/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		r, err := document.Decode[model.Release](e.Name(), data)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range c.Check(r.Components) {
			t.Errorf("%s: %s: %s", e.Name(), d.Subject, d.Summary)
		}
		for _, u := range r.Undeploys {
			comp := model.Component{Kind: model.KindChart, Namespace: u.Namespace, Name: u.Name, Version: "0.1.0"}
			if _, ok := c.Lookup(comp); !ok {
				t.Errorf("%s removes %s/%s, which no rule maps", e.Name(), u.Namespace, u.Name)
			}
		}
	}
	if read == 0 {
		t.Fatal("no embedded release was read")
	}
}

// What nobody has heard of is not taken for something known.
func TestInventedComponentsStayUnknown(t *testing.T) {
	c := csmCatalog(t)
	for _, comp := range []model.Component{
		{Kind: model.KindRPM, Name: "cray-foo-tools", Arch: "noarch", Version: "1-1"},
		{Kind: model.KindRPM, Name: "hms-foo-ct-test", Arch: "noarch", Version: "1-1"},
		{Kind: model.KindRPM, Name: "kernel-rt", Arch: "x86_64", Version: "1-1"},
		{Kind: model.KindRPM, Name: "dracut-metal-foo", Arch: "noarch", Version: "1-1"},
		{Kind: model.KindImage, Name: "cray-canu", Version: "1"},
		{Kind: model.KindNodeImage, Name: "x", Role: "router", Version: "1"},
		{Kind: model.KindKernel, Name: "kernel", Role: "router", Version: "1"},
		{Kind: model.KindFirmware, Name: "nic", Version: "1"},
		{Kind: model.KindOther, Name: "cray-bos", Version: "1"},
		{Kind: model.KindChart, Namespace: "services", Name: "cray-bos-extra", Version: "1"},
		{Kind: model.KindChart, Namespace: "services", Name: "cray", Version: "1"},
	} {
		if m, ok := c.Lookup(comp); ok {
			t.Errorf("%s is taken for %q", comp.ID(), m.Rule.Title)
		}
	}
}

func TestKeaOfTwoReleases(t *testing.T) {
	c := csmCatalog(t)
	kea := func(v string) *model.Component {
		return &model.Component{Kind: model.KindChart, Namespace: "services", Name: "cray-dhcp-kea", Version: v}
	}
	for _, tc := range []struct {
		before, after string
		want          int
	}{
		{"0.10.26", "0.10.27", 1}, {"0.10.27", "0.11.5", 1}, {"0.11.5", "0.11.6", 3},
	} {
		r, _, ok := c.Rule(kea(tc.before), kea(tc.after))
		if !ok || len(r.Workloads) != 1 || r.Workloads[0].Replicas != tc.want {
			t.Errorf("%s -> %s: %v, %+v", tc.before, tc.after, ok, r.Workloads)
		}
	}
}

// What ends for good on the way to 1.5 and 1.6.
func TestRetirements(t *testing.T) {
	c := csmCatalog(t)
	got := map[model.CapabilityID]string{}
	for _, r := range c.Mapping().Rules {
		for _, x := range r.Retires {
			got[x.Capability] = r.Match.Name
			if x.Affected == "" || x.Replacement == "" {
				t.Errorf("%s: who is affected, and what comes instead? %+v", r.Match.Name, x)
			}
		}
	}
	want := map[model.CapabilityID]string{"access.uai-create": "cray-uas-mgr", "control.boot-v1": "cray-bos", "control.rolling-reboot": "cray-crus"}
	if len(got) != len(want) {
		t.Errorf("retirements: %v", got)
	}
	for c, chart := range want {
		if got[c] != chart {
			t.Errorf("%s ends with %q, want %q", c, got[c], chart)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	m := csm(b)
	b.ReportAllocs()
	for b.Loop() {
		catalog.New(m)
	}
}
