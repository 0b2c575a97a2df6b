package loftsman

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	yamlv3 "go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/ingest/csm"
	"planewise/planner/export/internal/sample"
)

func manifests(t testing.TB, files []File) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".yaml") {
			out[f.Name] = f.Data
		}
	}
	return out
}

// readBack reads the manifests as a release tree that ships them in their order.
func readBack(t interface{ Fatal(...any) }, files map[string][]byte) []model.Component {
	tree := fstest.MapFS{"docker/index.yaml": {Data: []byte("{}\n")}}
	script := "#!/bin/bash\n"
	for _, name := range slices.Sorted(maps.Keys(files)) {
		tree["manifests/"+name] = &fstest.MapFile{Data: files[name]}
		script += `deploy "${BUILDDIR}/manifests/` + name + "\"\n"
	}
	tree["upgrade.sh"] = &fstest.MapFile{Data: []byte(script)}
	tree["lib/version.sh"] = &fstest.MapFile{Data: []byte("RELEASE_VERSION=1.0.0\n")}
	tree["iuf-product-manifest.yaml"] = &fstest.MapFile{Data: []byte("iuf_version: ^0.5.0\nname: csm\nversion: 1.0.0\ndescription: test\ncontent: {}\n")}
	r, _, err := csm.Read(tree, "exported")
	if err != nil {
		t.Fatal(err)
	}
	var out []model.Component
	for _, c := range r.Components {
		if c.Kind == model.KindChart {
			c.Manifest, c.Position = "", 0
			out = append(out, c)
		}
	}
	return out
}

func TestSampleReadsBack(t *testing.T) {
	files, diags, err := Plan(sample.Plan(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := manifests(t, files)
	if len(got) != 2 || len(files) != 2+4 {
		t.Fatalf("%d manifests of %d files", len(got), len(files))
	}
	if len(diags) != 1 || diags[0].Code != CodeTypeNotKept || len(diags[0].Path) != 2 {
		t.Errorf("diagnostics: %v", diags)
	}
	want := sample.Release().Components[1:3]
	want = append(slices.Clone(want), sample.Release().Components[0])
	for i := range want {
		want[i].Manifest, want[i].Position = "", 0
	}
	if back := readBack(t, got); fmt.Sprintf("%+v", back) != fmt.Sprintf("%+v", want) {
		t.Errorf("read back:\n%+v\nwant:\n%+v", back, want)
	}
}

// Reading the exported files back as a release gives the same charts in the same order.
func TestReadingBackGivesTheSameCharts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z][a-z0-9-]{0,10}[a-z0-9]`)
		text := rapid.OneOf(rapid.StringMatching(`[ -~]{0,12}`), rapid.SampledFrom([]string{"true", "3", "1.10", "null", "~", "a: b", "- x", "#", "", "\n", "ä", "{{ x }}"}))
		var charts []model.Component
		for i := range rapid.IntRange(1, 6).Draw(t, "charts") {
			c := model.Component{Kind: model.KindChart, Name: fmt.Sprintf("%s%d", name.Draw(t, "name"), i), Namespace: name.Draw(t, "namespace"),
				Version: rapid.StringMatching(`[0-9]{1,2}(\.[0-9]{1,2}){0,2}(-[0-9a-z]{1,3})?`).Draw(t, "version")}
			if rapid.Bool().Draw(t, "renamed") {
				c.Chart = "chart-" + name.Draw(t, "chart")
			}
			if rapid.Bool().Draw(t, "limited") {
				c.Timeout = rapid.SampledFrom([]string{"20m", "20m0s", "1h30m"}).Draw(t, "limit")
			}
			if rapid.Bool().Draw(t, "settings") {
				values := map[string]any{"image": map[string]any{"tag": text.Draw(t, "tag")}, "list": []any{text.Draw(t, "one"), map[string]any{"k": text.Draw(t, "two")}}}
				values[rapid.StringMatching(`[a-zA-Z][a-zA-Z0-9_/.-]{0,9}`).Draw(t, "key")] = text.Draw(t, "value")
				b, err := json.Marshal(values)
				if err != nil {
					t.Fatal(err)
				}
				c.Values = string(b)
			}
			charts = append(charts, c)
		}
		p, r := planOf(charts, rapid.IntRange(1, 3).Draw(t, "bundles"))
		files, _, err := Plan(p, Options{Releases: []model.Release{r}})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]byte{}
		for _, f := range files {
			if strings.HasSuffix(f.Name, ".yaml") {
				got[f.Name] = f.Data
			}
		}
		back := readBack(t, got)
		if len(back) != len(charts) {
			t.Fatalf("%d charts came back of %d", len(back), len(charts))
		}
		for i, c := range charts {
			b := back[i]
			if b.ID() != c.ID() || b.Version != c.Version || b.Chart != c.Chart || b.Timeout != c.Timeout || !sameJSON(b.Values, c.Values) {
				t.Fatalf("chart %d:\n%+v\n%+v", i, c, b)
			}
		}
	})
}

func sameJSON(a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && fmt.Sprint(x) == fmt.Sprint(y)
}

// planOf ships the charts in n bundles, in their order.
func planOf(charts []model.Component, n int) (model.Plan, model.Release) {
	r := model.Release{Format: model.FormatRelease, Product: "acme", Version: "1", Components: charts}
	p := model.Plan{System: "demo", Bundles: make([]model.Bundle, n)}
	for i, c := range charts {
		id := model.ActionID("ship:" + c.Namespace + "/" + c.Name)
		p.Changes = append(p.Changes, model.Change{ID: c.ID(), Kind: model.KindChart, Direction: model.Upgrade, Action: &id})
		p.Actions = append(p.Actions, model.Action{ID: id, Changes: []model.ChangeID{c.ID()}})
		b := &p.Bundles[i*n/len(charts)]
		b.Actions = append(b.Actions, id)
	}
	for i := range p.Bundles {
		p.Bundles[i].Label = fmt.Sprintf("B%d", i+1)
	}
	return p, r
}

// Every field of an exported manifest has the place and the type that it has in
// real manifests; settings are the charts' own.
func TestFieldsAreThoseOfRealManifests(t *testing.T) {
	known := map[string]bool{}
	real, err := filepath.Glob(filepath.Join(corpus(t), "csm", "*", "manifests", "*.yaml"))
	if err != nil || real == nil {
		t.Skip("no release trees in the corpus")
	}
	for _, name := range real {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for place := range places(t, data) {
			known[place] = true
		}
	}
	files, _, err := Plan(sample.Plan(), Options{Source: Source{Name: "local", Type: "directory", Location: "./helm"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range manifests(t, files) {
		for place := range places(t, data) {
			if !known[place] {
				t.Errorf("%s: no real manifest has %s", name, place)
			}
		}
	}
}

// places are the paths of a manifest's scalars with their types.
func places(t *testing.T, data []byte) map[string]bool {
	t.Helper()
	var v any
	if err := yamlv3.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if strings.HasSuffix(path, ".values") {
				out[path+" mapping"] = true
				return
			}
			for k, one := range v {
				walk(path+"."+k, one)
			}
		case []any:
			for _, one := range v {
				walk(path+"[]", one)
			}
		default:
			out[fmt.Sprintf("%s %T", path, v)] = true
		}
	}
	walk("", v)
	return out
}

func corpus(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("PLANEWISE_CORPUS"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			found := filepath.Join(dir, "..", "shared", "corpus")
			if _, err := os.Stat(found); err != nil {
				t.Skip("the corpus of real releases is not here")
			}
			return found
		}
	}
	t.Fatal("no go.mod above the test")
	return ""
}

// Names that Helm would not take are refused and reported; the text has them all.
func TestHostileNames(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			p := sample.Hostile(attack)
			r := sample.Release()
			for i := range r.Components {
				r.Components[i].Name += attack
			}
			files, diags, err := Plan(p, Options{Releases: []model.Release{r}})
			if err != nil {
				t.Fatal(err)
			}
			if got := manifests(t, files); len(got) != 0 {
				t.Errorf("%d manifests", len(got))
			}
			refused := 0
			for _, d := range diags {
				if d.Code == CodeNameRefused {
					refused++
				}
			}
			if refused != 3 {
				t.Errorf("%d charts were refused: %.300v", refused, diags)
			}
			for _, f := range files {
				if text := string(f.Data); !strings.Contains(text, clean.Text(attack)) || clean.Block(text) != text {
					t.Errorf("%s lost the name or holds control characters", f.Name)
				}
			}
		})
	}
}

// Settings may hold anything: they are read back as they were.
func TestHostileSettings(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			r := sample.Release()
			values, err := json.Marshal(map[string]any{"a": strings.ToValidUTF8(attack, "?"), "list": []string{strings.ToValidUTF8(attack, "?")}})
			if err != nil {
				t.Fatal(err)
			}
			r.Components[1].Values = string(values)
			files, _, err := Plan(sample.Plan(), Options{Releases: []model.Release{r}})
			if err != nil {
				t.Fatal(err)
			}
			if back := readBack(t, manifests(t, files))[0]; !sameJSON(back.Values, string(values)) {
				t.Errorf("%.200q became %.200q", values, back.Values)
			}
		})
	}
}

func TestAPlanWithoutItsReleases(t *testing.T) {
	p := sample.Plan()
	p.Inputs = nil
	if _, _, err := Plan(p, Options{}); err == nil || !strings.Contains(err.Error(), "acme-1.1.0") {
		t.Errorf("%v does not name the release", err)
	}
	p = sample.Plan()
	p.Inputs[0].Content = json.RawMessage("null")
	if _, _, err := Plan(p, Options{}); err == nil {
		t.Error("a release without content was taken")
	}
}
