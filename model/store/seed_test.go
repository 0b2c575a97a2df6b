package store_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/document"
	"planewise/model/store"
)

func carried(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func uan(version, date string) string {
	return "format: planewise.release/1\nproduct: uan\nversion: " + version + "\ndate: " + date + "\ncomponents: []\n"
}

func origin(t *testing.T, s *store.Store, name string) (store.Origin, string) {
	t.Helper()
	d, err := s.Get(store.Releases, name)
	if errors.Is(err, store.ErrNotFound) {
		return "", ""
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := document.Decode[model.Release](name, d.Data)
	if err != nil {
		t.Fatal(err)
	}
	return d.Origin, r.Date
}

func TestSeed(t *testing.T) {
	s := open(t)
	seed := func(want int, files map[string]string) {
		t.Helper()
		got, err := s.Seed(carried(files), noon)
		if err != nil || got != want {
			t.Fatalf("%d changed, want %d, %v", got, want, err)
		}
	}
	expect := func(name string, origin_ store.Origin, date string) {
		t.Helper()
		if o, d := origin(t, s, name); o != origin_ || d != date {
			t.Errorf("%s is %q of %q, want %q of %q", name, o, d, origin_, date)
		}
	}
	first := map[string]string{
		"releases/uan-1.yaml": uan("1", "2024-01-01"),
		"releases/uan-2.yaml": uan("2", "2024-01-01"),
		"releases/uan-3.yaml": uan("3", "2024-01-01"),
		"releases/README":     "not a document",
	}
	seed(3, first)
	seed(0, first)

	// The user replaces one and deletes one; a newer program brings other versions of
	// all, one more, and not the third.
	mine, err := document.Recode("release", "mine", []byte(uan("1", "1999-01-01")))
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, store.Releases, "uan-1", mine)
	if err := s.Delete(store.Releases, "uan-2"); err != nil {
		t.Fatal(err)
	}
	seed(2, map[string]string{
		"releases/uan-1.yaml": uan("1", "2024-02-02"),
		"releases/uan-2.yaml": uan("2", "2024-02-02"),
		"releases/uan-4.yaml": uan("4", "2024-02-02"),
	})
	expect("uan-1", store.User, "1999-01-01")
	expect("uan-2", "", "")
	expect("uan-3", "", "")
	expect("uan-4", store.Embedded, "2024-02-02")

	// The user's document gone, the place is empty until the user fills it.
	if err := s.Delete(store.Releases, "uan-1"); err != nil {
		t.Fatal(err)
	}
	put(t, s, store.Releases, "uan-2", mine)
	seed(2, map[string]string{"releases/uan-1.yaml": uan("1", "2024-03-03"), "releases/uan-4.yaml": uan("4", "2024-03-03")})
	expect("uan-1", store.Embedded, "2024-03-03")
	expect("uan-2", store.User, "1999-01-01")
	expect("uan-4", store.Embedded, "2024-03-03")
	if h, err := s.History(store.Releases, "uan-4"); err != nil || len(h) != 2 {
		t.Errorf("%d versions, %v", len(h), err)
	}
	noDamage(t, s)
}

func TestSeedWithABrokenDocumentChangesNothing(t *testing.T) {
	s := open(t)
	_, err := s.Seed(carried(map[string]string{
		"releases/uan-1.yaml": uan("1", "2024-01-01"),
		"policies/bad.yaml":   "format: planewise.policy/1\n",
	}), noon)
	if err == nil || !strings.Contains(err.Error(), "policies/bad.yaml") {
		t.Fatalf("got %v", err)
	}
	if es, err := s.List(store.Releases); err != nil || len(es) != 0 {
		t.Errorf("half of it was kept: %v, %v", es, err)
	}
}

// What the program carries can be seeded and read back.
func TestSeedFixtures(t *testing.T) {
	s := open(t)
	changed, err := s.Seed(fixtures.FS, noon)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Seed(fixtures.FS, noon); err != nil || again != 0 {
		t.Errorf("seeded again: %d, %v", again, err)
	}
	policies, err := s.List(store.Policies)
	if err != nil || names(policies) != "fewest-windows jobs-first shortest-total" {
		t.Errorf("policies %q, %v", names(policies), err)
	}
	releases, err := s.List(store.Releases)
	if err != nil || changed < len(policies)+len(releases) {
		t.Errorf("%d changed, %v", changed, err)
	}
	for _, e := range releases {
		d, err := s.Get(store.Releases, e.Name)
		if err != nil {
			t.Error(err)
			continue
		}
		r, err := document.Decode[model.Release](e.Name, d.Data)
		if err != nil || r.Ref() != e.Name || document.Digest(r) != d.Digest || e.Version != r.Version {
			t.Errorf("%s: release %s, version %q, %v", e.Name, r.Ref(), e.Version, err)
		}
	}
	noDamage(t, s)
}
