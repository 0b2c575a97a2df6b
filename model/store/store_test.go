package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"planewise/model/document"
	"planewise/model/store"
)

var noon = time.Date(2024, 10, 24, 12, 0, 0, 0, time.UTC)

func open(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "data", "store.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// doc makes a small document of a kind.
func doc(kind store.Kind, content string) []byte {
	word := string(kind)
	if kind == store.Edits {
		word = "mapping"
	}
	return fmt.Appendf(nil, `{"format":"planewise.%s/1","content":%q}`, word, content)
}

func release(product, version string) []byte {
	return fmt.Appendf(nil, `{"format":"planewise.release/1","product":%q,"version":%q,"components":[]}`, product, version)
}

func put(t testing.TB, s *store.Store, kind store.Kind, name string, data []byte) string {
	t.Helper()
	d, err := s.Put(kind, name, data, noon)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func names(es []store.Entry) string {
	var ns []string
	for _, e := range es {
		ns = append(ns, e.Name)
	}
	return strings.Join(ns, " ")
}

func TestPutAndGet(t *testing.T) {
	s := open(t)
	digest := put(t, s, store.Policies, "jobs-first", doc(store.Policies, "a"))
	for _, ref := range []string{"jobs-first", digest, digest[:len("sha256:")+6]} {
		d, err := s.Get(store.Policies, ref)
		if err != nil {
			t.Fatal(err)
		}
		if d.Digest != digest || d.Name != "jobs-first" || d.Origin != store.User || !d.At.Equal(noon) ||
			document.DigestBytes(d.Data) != digest {
			t.Errorf("%s: got %+v", ref, d)
		}
	}
	// Kinds do not see each other.
	if _, err := s.Get(store.Systems, "jobs-first"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a policy was found as a system: %v", err)
	}
	// The content is copied out of the file.
	d, _ := s.Get(store.Policies, "jobs-first")
	d.Data[0] = 'x'
	if again, _ := s.Get(store.Policies, "jobs-first"); again.Data[0] != '{' {
		t.Error("what Get returned is shared with the store")
	}
}

func TestHistory(t *testing.T) {
	s := open(t)
	a := put(t, s, store.Policies, "p", doc(store.Policies, "a"))
	b := put(t, s, store.Policies, "p", doc(store.Policies, "b"))
	put(t, s, store.Policies, "p", doc(store.Policies, "b"))
	put(t, s, store.Policies, "p", doc(store.Policies, "a"))
	es, err := s.History(store.Policies, "p")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range es {
		got = append(got, e.Digest)
	}
	if want := []string{a, b, a}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// An older version is found by its digest.
	if d, err := s.Get(store.Policies, b); err != nil || d.Name != "" || !strings.Contains(string(d.Data), `"b"`) {
		t.Errorf("got %+v, %v", d, err)
	}
	if _, err := s.History(store.Policies, "q"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("history of nothing: %v", err)
	}
}

func TestHistoryForgetsTheOldest(t *testing.T) {
	s := open(t)
	first := put(t, s, store.Policies, "p", doc(store.Policies, "0"))
	put(t, s, store.Policies, "q", doc(store.Policies, "1")) // shared with the second version of p
	for i := 1; i <= 101; i++ {
		put(t, s, store.Policies, "p", doc(store.Policies, fmt.Sprint(i)))
	}
	es, err := s.History(store.Policies, "p")
	if err != nil || len(es) != 100 {
		t.Fatalf("%d versions, %v", len(es), err)
	}
	if _, err := s.Get(store.Policies, first); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the oldest version is still there: %v", err)
	}
	if d, err := s.Get(store.Policies, "q"); err != nil || !strings.Contains(string(d.Data), `"1"`) {
		t.Errorf("a document that another name points to went with it: %v", err)
	}
	noDamage(t, s)
}

func TestDelete(t *testing.T) {
	s := open(t)
	a := put(t, s, store.Releases, "csm-1.5.0", release("csm", "1.5.0"))
	put(t, s, store.Releases, "copy", release("csm", "1.5.0"))
	old := put(t, s, store.Releases, "csm-1.5.1", release("csm", "1.5.1-a"))
	put(t, s, store.Releases, "csm-1.5.1", release("csm", "1.5.1"))
	if err := s.Delete(store.Releases, old); err == nil || !strings.Contains(err.Error(), "is an older version") {
		t.Errorf("an older version alone was deleted: %v", err)
	}
	if err := s.Delete(store.Releases, "1.5.1"); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(store.Releases, "csm-1.5.0"); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(store.Releases, "csm-1.5.0"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
	es, err := s.List(store.Releases)
	if err != nil || names(es) != "copy" {
		t.Errorf("left are %q, %v", names(es), err)
	}
	if _, err := s.Get(store.Releases, a); err != nil {
		t.Errorf("the document of another name is gone: %v", err)
	}
	if _, err := s.Get(store.Releases, old); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the old version of a deleted name is still there: %v", err)
	}
	noDamage(t, s)
}

func TestResolve(t *testing.T) {
	s := open(t)
	put(t, s, store.Releases, "csm-1.5.2", release("csm", "1.5.2"))
	put(t, s, store.Releases, "csm-1.6.0-rc.3", release("csm", "1.6.0-rc.3"))
	put(t, s, store.Releases, "uan-2.6.0", release("uan", "2.6.0"))
	put(t, s, store.Releases, "uss-2.6.0", release("uss", "2.6.0"))
	for _, c := range []struct{ ref, want string }{
		{"csm-1.5.2", "csm-1.5.2"},
		{"1.5.2", "csm-1.5.2"},
		{"1.6.0-rc.3", "csm-1.6.0-rc.3"},
		{"uan-2.6.0", "uan-2.6.0"},
	} {
		if d, err := s.Get(store.Releases, c.ref); err != nil || d.Name != c.want {
			t.Errorf("%s: got %q, %v", c.ref, d.Name, err)
		}
	}
	for _, c := range []struct {
		ref  string
		is   error
		want string
	}{
		{"2.6.0", store.ErrAmbiguous, "release 2.6.0 may be uan-2.6.0 or uss-2.6.0; name one of them"},
		{"rc.3", store.ErrNotFound, "release rc.3 is not there; known are csm-1.5.2, csm-1.6.0-rc.3, uan-2.6.0, uss-2.6.0"},
		{"", store.ErrNotFound, "known are"},
		{"sha256:ffffffffffff", store.ErrNotFound, "is not there"},
		{"sha256:12", nil, "too short for a digest, or none"},
		{"sha256:XYZXYZXYZ", nil, "too short for a digest, or none"},
		{"\x1b[2J", store.ErrNotFound, `release \x1b[2J is not there`},
	} {
		_, err := s.Get(store.Releases, c.ref)
		if err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%q: got %v, want %q", c.ref, err, c.want)
		}
	}
}

func TestPutRefuses(t *testing.T) {
	s := open(t)
	for _, c := range []struct {
		name string
		kind store.Kind
		doc  string
		as   string
		want string
	}{
		{"no name", store.Policies, string(doc(store.Policies, "a")), "", "needs a name"},
		{"long name", store.Policies, string(doc(store.Policies, "a")), strings.Repeat("x", 513), "shorten it"},
		{"line break in a name", store.Policies, string(doc(store.Policies, "a")), "a\nb", "control characters"},
		{"name like a digest", store.Policies, string(doc(store.Policies, "a")), "sha256:aa", "looks like a digest"},
		{"unknown kind", "letter", "{}", "a", "no kind of document"},
		{"no JSON", store.Policies, "format: planewise.policy/1", "a", "is not JSON"},
		{"another kind", store.Policies, string(doc(store.Systems, "a")), "a", `has the format "planewise.system/1"; a policy begins with "planewise.policy/"`},
		{"too large", store.Policies, strings.Repeat(" ", store.MaxDocument+1), "a", "up to 64 MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.Put(c.kind, c.as, []byte(c.doc), noon)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	info, err := s.Info()
	if err != nil || info.Kinds[0].Documents != 0 {
		t.Errorf("something was kept: %+v, %v", info, err)
	}
}

func TestNotes(t *testing.T) {
	s := open(t)
	for _, step := range []struct{ subject, text string }{{"b", "first"}, {"a", "x"}, {"b", "second"}, {"a", ""}} {
		if err := s.SetNote(step.subject, step.text, noon); err != nil {
			t.Fatal(err)
		}
	}
	ns, err := s.Notes()
	if err != nil || len(ns) != 1 || ns[0].Subject != "b" || ns[0].Text != "second" || !ns[0].At.Equal(noon) {
		t.Errorf("got %+v, %v", ns, err)
	}
	if err := s.SetNote("", "x", noon); err == nil {
		t.Error("a note without a subject was kept")
	}
}

func TestFilesAreForTheOwnerAlone(t *testing.T) {
	s := open(t)
	for path, want := range map[string]fs.FileMode{s.Path(): 0o600, filepath.Dir(s.Path()): 0o700} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %v, want %v", path, got, want)
		}
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "store.db")
	s, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if es, err := s.List(store.Releases); err != nil || len(es) != 0 {
		t.Errorf("got %v, %v", es, err)
	}
	if _, err := s.Get(store.Releases, "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if info, err := s.Info(); err != nil || info.Exists {
		t.Errorf("got %+v, %v", info, err)
	}
	if _, err := s.Put(store.Releases, "x", release("a", "1"), noon); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("opening for reading made a folder")
	}
}

func TestInfo(t *testing.T) {
	s := open(t)
	put(t, s, store.Releases, "csm-1.5.2", release("csm", "1.5.2"))
	put(t, s, store.Releases, "csm-1.5.2", release("csm", "1.5.2+site"))
	put(t, s, store.Edits, "mapping", doc(store.Edits, "x"))
	if err := s.SetNote("x", "y", noon); err != nil {
		t.Fatal(err)
	}
	info, err := s.Info()
	if err != nil {
		t.Fatal(err)
	}
	releases := info.Kinds[0]
	edits := info.Kinds[slices.IndexFunc(info.Kinds, func(k store.KindInfo) bool { return k.Kind == store.Edits })]
	if !info.Exists || info.Bytes == 0 || info.Layout != 3 || info.Notes != 1 ||
		releases.Names != 1 || releases.Documents != 2 || releases.Bytes == 0 ||
		edits.Kind != store.Edits || edits.Names != 1 {
		t.Errorf("got %+v", info)
	}
}

func noDamage(t testing.TB, s *store.Store) {
	t.Helper()
	ds, err := s.Check()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ds {
		t.Errorf("%s: %s", d.Subject, d.Summary)
	}
}

// A release that gets a date, or another one, is the same version with that date.
func TestPutDatesARelease(t *testing.T) {
	s := open(t)
	dated := func(day string) []byte {
		return []byte(strings.Replace(string(release("p", "1.0.0")), `"components"`, `"date":"`+day+`","components"`, 1))
	}
	first := put(t, s, store.Releases, "p-1.0.0", release("p", "1.0.0"))
	for _, day := range []string{"2025-01-01", "2025-02-02", "2025-02-02"} {
		if again := put(t, s, store.Releases, "p-1.0.0", dated(day)); again != first {
			t.Errorf("%s: another digest, %s and %s", day, again, first)
		}
		d, err := s.Get(store.Releases, "p-1.0.0")
		if err != nil || !strings.Contains(string(d.Data), day) {
			t.Errorf("%s: got %s, %v", day, d.Data, err)
		}
	}
	if all, err := s.History(store.Releases, "p-1.0.0"); err != nil || len(all) != 1 {
		t.Errorf("%d versions, %v", len(all), err)
	}
}
