package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
)

const remedy = "run: go generate ./fixtures"

// What the program carries are the sources, checked and in canonical form.
func TestCarriedDocumentsAreTheSources(t *testing.T) {
	want, err := generate(fixtures.FS)
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join("..", "..", "..", "..", "fixtures", "canonical")
	have := map[string]bool{}
	err = fs.WalkDir(os.DirFS(folder), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		have[file] = true
		got, err := os.ReadFile(filepath.Join(folder, file))
		switch {
		case err != nil:
			return err
		case want[file] == nil:
			t.Errorf("fixtures/canonical/%s has no source any more; %s", file, remedy)
		case !bytes.Equal(got, want[file]):
			t.Errorf("fixtures/canonical/%s is not what its source says; %s", file, remedy)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for file := range want {
		if !have[file] {
			t.Errorf("fixtures/canonical/%s is missing; %s", file, remedy)
		}
	}
}

// Reading the canonical form without a check gives what a checked reading gives.
func TestUncheckedReadingIsTheSame(t *testing.T) {
	same[model.Release](t, "release")
	same[model.Mapping](t, "mapping")
	same[model.Procedure](t, "procedure")
	same[model.System](t, "system")
	same[model.Policy](t, "policy")
}

func same[T any](t *testing.T, kind string) {
	t.Helper()
	docs := fixtures.Documents(kind)
	if len(docs) == 0 {
		t.Errorf("no %s is carried; %s", kind, remedy)
	}
	for _, d := range docs {
		data, err := d.Content()
		if err != nil {
			t.Fatal(err)
		}
		want, err := document.Decode[T](d.Name, data)
		if err != nil {
			t.Fatal(err)
		}
		got, err := document.Kept[T](data)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s %s reads as something else: %v", kind, d.Name, err)
		}
		if again, err := document.Canonical(got); err != nil || !bytes.Equal(again, data) || document.DigestBytes(data) != d.Digest {
			t.Errorf("%s %s is not kept in canonical form: %v", kind, d.Name, err)
		}
		if kind == "mapping" != (d.Name == "default") || strings.ContainsAny(d.Name, "/ ") {
			t.Errorf("%s is called %q", kind, d.Name)
		}
	}
}

// A site's layer over the merged default gives what it gives over the parts.
func TestLayersOverTheMergedDefault(t *testing.T) {
	var parts []model.Mapping
	if err := each(fixtures.FS, "mapping", func(file string, text []byte) error {
		part, err := document.Decode[model.Mapping](file, text)
		parts = append(parts, part)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	written := catalog.Join("default", parts...)
	site := model.Mapping{Format: model.FormatMapping, Name: "site"}
	for i := 0; i < len(written.Rules); i += 3 {
		r := written.Rules[i]
		r.Effects, r.Evidence.Text = nil, "the site's"
		site.Rules = append(site.Rules, r)
	}
	for _, c := range written.Capabilities[:5] {
		c.ToleranceS, c.Evidence = c.ToleranceS+1, model.Evidence{}
		site.Capabilities = append(site.Capabilities, c)
	}
	site.Residents, site.Orders = written.Residents[:3:3], written.Orders[:3:3]

	data, err := fixtures.Documents("mapping")[0].Content()
	if err != nil {
		t.Fatal(err)
	}
	merged, err := document.Kept[model.Mapping](data)
	if err != nil {
		t.Fatal(err)
	}
	a, saidOfA := catalog.New(written, site)
	b, saidOfB := catalog.New(merged, site)
	if document.Digest(a.Mapping()) != document.Digest(b.Mapping()) || !reflect.DeepEqual(saidOfA, saidOfB) {
		t.Errorf("the site's layer means something else over the merged default:\n%v\n%v", saidOfA, saidOfB)
	}
}
