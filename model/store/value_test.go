package store

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	docs "planewise/model/document"
)

func zipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is kept is what was put, whatever its size, and packing twice is packing once.
func TestPackIsUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int{0, 1, 1000, packFrom - 3, packFrom - 2, packFrom, 3 * packFrom}).Draw(t, "size")
		text := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "text")
		data := append([]byte("{"), bytes.Repeat(text, size/len(text)+1)[:size]...)
		v, err := pack(data)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := pack(v); err != nil || !bytes.Equal(again, v) {
			t.Fatalf("packed again it is another value, %v", err)
		}
		if got, err := unpack(v); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("got %d bytes, want %d, %v", len(got), len(data), err)
		}
	})
}

// A value that was made to fill the memory, or is broken, is an error.
func TestUnpackIsBounded(t *testing.T) {
	bomb := zipped(t, make([]byte, MaxDocument+1))
	liar := zipped(t, make([]byte, packFrom))
	copy(liar[len(liar)-4:], "\xff\xff\xff\xff")
	for _, c := range []struct {
		name string
		v    []byte
		want string
	}{
		{"bomb", bomb, "more than 64 MiB"},
		{"length that lies", liar, "broken"},
		{"cut short", bomb[:len(bomb)/2], "broken"},
		{"only the magic", []byte{0x1f, 0x8b}, "broken"},
	} {
		if _, err := unpack(c.v); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// bigPlan is canonical and large enough to be compressed.
func bigPlan(text string) []byte {
	b, err := docs.Canonical(json.RawMessage(fmt.Appendf(nil, `{"format":"planewise.plan/1","x":%q}`, strings.Repeat(text, packFrom/len(text)+1))))
	if err != nil {
		panic(err)
	}
	return b
}

// Large documents that were kept as they are stay readable, and are compressed by Compact.
func TestCompact(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "store.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		if _, err := s.Put(Releases, fmt.Sprint("gone-", i), release(fmt.Sprint(strings.Repeat("9", 30_000), i)), noon); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 8 {
		if err := s.Delete(Releases, fmt.Sprint("gone-", i)); err != nil {
			t.Fatal(err)
		}
	}
	plan := bigPlan("as it was")
	digest, err := s.Put(Plans, "p", plan, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.update(func(tx *bolt.Tx) error {
		return at(tx, bucketDocuments, string(Plans)).Put([]byte(strings.TrimPrefix(digest, "sha256:")), plan)
	}); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	list := func(to *[]string) error {
		return s.view(func(tx *bolt.Tx) error { *to = dump(tx); return nil })
	}
	if err := list(&want); err != nil {
		t.Fatal(err)
	}
	before, after, err := s.Compact()
	if err != nil || after >= before/2 {
		t.Errorf("%d bytes, then %d, %v", before, after, err)
	}
	if err := list(&got); err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the store holds something else, %v", err)
	}
	if d, err := s.Get(Plans, "p"); err != nil || !bytes.Equal(d.Data, plan) {
		t.Errorf("the plan is another: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(s.path), ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A store with damage in it is not written anew: the file may be all there is.
func TestCompactRefusesDamage(t *testing.T) {
	s := edit(t, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte(bucketNotes)).Put([]byte("x"), []byte("x"))
	})
	if _, _, err := s.Compact(); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "note x: it cannot be read; nothing was changed") {
		t.Errorf("got %v", err)
	}
	if _, err := s.Get(Releases, "csm-1.5.0"); err != nil {
		t.Error(err)
	}
}

// Who waits for the lock of a file that is being replaced changes the new one.
func TestChangesWhileCompacting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	if _, err := Open(path, Options{}); err != nil {
		t.Fatal(err)
	}
	const writers, writes = 3, 15
	failed := make(chan error, writers+1)
	for w := range writers + 1 {
		go func() {
			s, err := Open(path, Options{Timeout: DefaultTimeout * 60})
			for i := 0; i < writes && err == nil; i++ {
				if w == writers {
					_, _, err = s.Compact()
				} else {
					_, err = s.Put(Policies, fmt.Sprint(w, "-", i), []byte(`{"format":"planewise.policy/1"}`), noon)
				}
			}
			failed <- err
		}()
	}
	for range writers + 1 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if es, err := s.List(Policies); err != nil || len(es) != writers*writes {
		t.Errorf("%d of %d were kept, %v", len(es), writers*writes, err)
	}
}

// A document that could not be read again is not acknowledged.
func TestPutKeepsTheReadersBounds(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "store.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, x, want string }{
		{"deep", strings.Repeat("[", 100) + strings.Repeat("]", 100), "is nested 101 levels deep, more than the 100 that are read; it is not kept"},
		{"many", "[" + strings.Repeat("0,", 2_000_000) + "0]", "values, more than the 2000000 that are read"},
	} {
		doc := fmt.Appendf(nil, `{"format":"planewise.plan/1","x":%s}`, c.x)
		if _, err := s.Put(Plans, c.name, doc, noon); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
		if _, err := s.Get(Plans, c.name); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s is there: %v", c.name, err)
		}
		// As a planewise kept it that did not look.
		data, err := docs.Canonical(json.RawMessage(doc))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.update(func(tx *bolt.Tx) error {
			return put(tx, Plans, c.name, record{Digest: hexOf(data), Origin: User}, data)
		}); err != nil {
			t.Fatal(err)
		}
		if ds, err := s.Check(); err != nil || len(ds) != 1 || !strings.HasPrefix(ds[0].Hint, "Delete it (planewise store rm "+ds[0].Subject+")") {
			t.Errorf("%s: check says %v, %v", c.name, ds, err)
		}
		if err := s.Delete(Plans, c.name); err != nil {
			t.Fatal(err)
		}
	}
}
