package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model/document"
	"planewise/model/store"
)

// reference is what a store should be: names with their versions, newest last.
type reference map[store.Kind]map[string][]string

func (r reference) put(kind store.Kind, name, text string) {
	if r[kind] == nil {
		r[kind] = map[string][]string{}
	}
	vs := r[kind][name]
	if len(vs) == 0 || vs[len(vs)-1] != text {
		r[kind][name] = append(vs, text)
	}
}

// Any sequence of operations leaves the store as a map would be, and undamaged.
func TestStoreIsAMap(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		path := filepath.Join(dir, fmt.Sprint(run), "store.db")
		defer os.RemoveAll(filepath.Dir(path))
		s, err := store.Open(path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		kinds := rapid.SampledFrom(store.Kinds())
		names := rapid.SampledFrom([]string{"a", "b", "ü", "csm-1.5.0", strings.Repeat("long", 100)})
		texts := rapid.Custom(func(t *rapid.T) string {
			return strings.Repeat(rapid.StringMatching("[a-c]").Draw(t, "letter"), rapid.SampledFrom([]int{1, 10, 5000, 40000}).Draw(t, "length"))
		})
		want := reference{}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				kind, name, text := kinds.Draw(t, "kind"), names.Draw(t, "name"), texts.Draw(t, "text")
				if _, err := s.Put(kind, name, doc(kind, text), noon); err != nil {
					t.Fatal(err)
				}
				want.put(kind, name, text)
			},
			"delete": func(t *rapid.T) {
				kind, name := kinds.Draw(t, "kind"), names.Draw(t, "name")
				err := s.Delete(kind, name)
				if _, there := want[kind][name]; there != (err == nil) || err != nil && !errors.Is(err, store.ErrNotFound) {
					t.Fatalf("delete %s %s: %v", kind, name, err)
				}
				delete(want[kind], name)
			},
			"": func(t *rapid.T) {
				kind := kinds.Draw(t, "kind")
				compare(t, s, kind, want[kind])
			},
		})
		for _, kind := range store.Kinds() {
			compare(t, s, kind, want[kind])
		}
		ds, err := s.Check()
		if err != nil || len(ds) > 0 {
			t.Fatalf("%v, %v", ds, err)
		}
		info, err := s.Info()
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range info.Kinds {
			contents := map[string]bool{}
			for _, vs := range want[k.Kind] {
				for _, v := range vs {
					contents[v] = true
				}
			}
			if k.Documents != len(contents) || k.Names != len(want[k.Kind]) {
				t.Fatalf("%s: %+v, want %d documents", k.Kind, k, len(contents))
			}
		}
	})
}

func compare(t *rapid.T, s *store.Store, kind store.Kind, want map[string][]string) {
	es, err := s.List(kind)
	if err != nil || len(es) != len(want) || !slices.IsSortedFunc(es, func(a, b store.Entry) int { return strings.Compare(a.Name, b.Name) }) {
		t.Fatalf("%s: %v, %v, want %d", kind, names(es), err, len(want))
	}
	for name, versions := range want {
		h, err := s.History(kind, name)
		if err != nil || len(h) != len(versions) {
			t.Fatalf("%s %s: %d versions, %v, want %d", kind, name, len(h), err, len(versions))
		}
		for i, v := range versions {
			canonical, err := document.Canonical(rawMessage(doc(kind, v)))
			if err != nil {
				t.Fatal(err)
			}
			if got := h[len(h)-1-i].Digest; got != document.DigestBytes(canonical) {
				t.Fatalf("%s %s version %d: %s", kind, name, i, got)
			}
			d, err := s.Get(kind, document.DigestBytes(canonical))
			if err != nil || string(d.Data) != string(canonical) {
				t.Fatalf("%s %s version %d: %v", kind, name, i, err)
			}
		}
		if d, err := s.Get(kind, name); err != nil || d.Digest != h[0].Digest || d.Name != name {
			t.Fatalf("%s %s: %+v, %v", kind, name, d.Entry, err)
		}
	}
}
