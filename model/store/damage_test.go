package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planewise/model/store"
)

func rawMessage(b []byte) json.RawMessage { return b }

// sample is the file of a store with some of everything in it: small and large
// documents, histories, deletions.
func sample(t testing.TB) []byte {
	t.Helper()
	s := open(t)
	for i := range 40 {
		put(t, s, store.Releases, fmt.Sprintf("csm-1.%d.0", i), release("csm", fmt.Sprintf("1.%d.0", i)))
	}
	for i := range 6 {
		put(t, s, store.Plans, "plan", doc(store.Plans, strings.Repeat(fmt.Sprint(i), 9000)))
	}
	put(t, s, store.Plans, "large", doc(store.Plans, strings.Repeat("compressed ", 30_000)))
	if err := s.Delete(store.Releases, "csm-1.7.0"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetNote("plan", "a note", noon); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// use does everything that a store can do with a file that may be damaged. Whatever
// the file holds, that ends, without a panic, and with errors that name the file.
func use(t testing.TB, path string) (opened bool) {
	t.Helper()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		check(t, path, err)
		return false
	}
	for _, kind := range []store.Kind{store.Releases, store.Plans} {
		es, err := s.List(kind)
		check(t, path, err)
		for _, e := range es {
			_, err := s.Get(kind, e.Name)
			check(t, path, err)
			_, err = s.History(kind, e.Name)
			check(t, path, err)
		}
		_, err = s.Get(kind, "1.3.0")
		check(t, path, err)
	}
	_, err = s.Notes()
	check(t, path, err)
	_, err = s.Info()
	check(t, path, err)
	_, err = s.Check()
	check(t, path, err)
	_, err = s.Put(store.Releases, "new-1", release("new", "1"), noon)
	check(t, path, err)
	check(t, path, s.Delete(store.Releases, "csm-1.1.0"))
	_, err = s.Put(store.Plans, "plan", doc(store.Plans, strings.Repeat("x", 30000)), noon)
	check(t, path, err)
	return true
}

func check(t testing.TB, path string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var e *store.Error
	if !errors.As(err, &e) || e.Path != path || strings.ContainsAny(err.Error(), "\n\x1b") {
		t.Fatalf("the error does not say which store: %v", err)
	}
}

func damaged(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNoStoreAtAll(t *testing.T) {
	good := sample(t)
	noise := make([]byte, 100_000)
	rand.NewChaCha8([32]byte{1}).Read(noise)
	for _, c := range []struct {
		name string
		file []byte
	}{
		{"one byte", []byte{0}},
		{"a text", []byte("format: planewise.release/1\n")},
		{"noise", noise},
		{"zeros", make([]byte, 1<<16)},
		{"only the first pages", good[:2*4096]},
		{"cut in the middle", good[:len(good)/2]},
		{"cut short", good[:64<<10]},
		{"shifted", good[1:]},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := damaged(t, c.file)
			_, err := store.Open(path, store.Options{})
			if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "move the file away to start with a new store, or restore a copy") {
				t.Errorf("got %v", err)
			}
			if after, _ := os.ReadFile(path); string(after) != string(c.file) {
				t.Error("the damaged file was changed")
			}
		})
	}
	t.Run("a folder", func(t *testing.T) {
		_, err := store.Open(t.TempDir(), store.Options{})
		if err == nil {
			t.Error("a folder is no store")
		}
	})
	t.Run("below a file", func(t *testing.T) {
		_, err := store.Open(filepath.Join(damaged(t, nil), "x", "store.db"), store.Options{})
		if err == nil || !strings.Contains(err.Error(), "its folder cannot be made: ") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no place", func(t *testing.T) {
		_, err := store.Open("", store.Options{})
		if err == nil || !strings.Contains(err.Error(), "name a file with --store") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an empty file is a new store", func(t *testing.T) {
		if !use(t, damaged(t, nil)) {
			t.Error("it was refused")
		}
	})
}

// Flipped bits and overwritten stretches, anywhere: errors or unharmed content,
// never the end of the program.
func TestFlippedBits(t *testing.T) {
	good := sample(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	opened := 0
	const files = 120
	for range files {
		bad := append([]byte(nil), good...)
		for range 1 + rnd.IntN(4) {
			at := rnd.IntN(len(bad))
			if rnd.IntN(2) == 0 { // headers of pages decide the most
				at = at/4096*4096 + rnd.IntN(200)
			}
			bad[at] ^= 1 << rnd.IntN(8)
		}
		if rnd.IntN(4) == 0 { // one page over another
			from, to := rnd.IntN(len(bad)/4096)*4096, rnd.IntN(len(bad)/4096)*4096
			copy(bad[to:to+4096], good[from:from+4096])
		}
		if use(t, damaged(t, bad)) {
			opened++
		}
	}
	// Both must occur, or the test tests nothing.
	if opened == 0 || opened == files {
		t.Errorf("%d of %d files could be opened", opened, files)
	}
}

func FuzzDamagedFile(f *testing.F) {
	good := sample(f)
	f.Add(uint32(0), []byte{1, 2, 3, 4})
	f.Add(uint32(4096+16), []byte{0xff})
	f.Add(uint32(3*4096), []byte{3, 0, 0, 0, 0, 0, 0, 0, 1})
	f.Add(uint32(2*4096+10), []byte{0xff, 0xff})
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		bad := append([]byte(nil), good...)
		copy(bad[int(at)%len(bad):], patch)
		use(t, damaged(t, bad))
	})
}
