package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

func filled(t testing.TB) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "store.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	big := fmt.Appendf(nil, `{"format":"planewise.plan/1","x":%q}`, strings.Repeat("x", 100_000))
	if _, err := s.Put(Plans, "big", big, noon); err != nil {
		t.Fatal(err)
	}
	return s
}

// A file that is cut short while it is read is a fault of the memory it is mapped
// to. It ends the operation, not the program, and the lock is let go.
func TestFileCutShortWhileItIsRead(t *testing.T) {
	s := filled(t)
	err := s.view(func(tx *bolt.Tx) error {
		if err := os.Truncate(s.path, 8192); err != nil {
			return err
		}
		b := at(tx, bucketDocuments, string(Plans))
		return b.ForEach(func(k, v []byte) error {
			_ = strings.Count(string(v), "x")
			return nil
		})
	})
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "reading it failed") {
		t.Errorf("got %v", err)
	}
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := lock(f, true, 0); err != nil {
		t.Errorf("the lock is still held: %v", err)
	}
}

// A panic below a change is an error, and nothing of the change is kept.
func TestPanicInsideAChange(t *testing.T) {
	s := filled(t)
	err := s.update(func(tx *bolt.Tx) error {
		if err := tx.Bucket([]byte(bucketNotes)).Put([]byte("x"), []byte("{}")); err != nil {
			return err
		}
		panic("as the library does on a bad page")
	})
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
	if ns, err := s.Notes(); err != nil || len(ns) != 0 {
		t.Errorf("half of it was kept: %v, %v", ns, err)
	}
}

// A page that refers to itself would make the library call itself until the stack
// ends; it is found before.
func TestPageInACircle(t *testing.T) {
	s := filled(t)
	for i := range 400 { // until the names fill more than one page
		if _, err := s.Put(Policies, fmt.Sprintf("p%03d-%s", i, strings.Repeat("x", 50)), []byte(`{"format":"planewise.policy/1"}`), noon); err != nil {
			t.Fatal(err)
		}
		if i%100 != 99 {
			continue
		}
		b, err := os.ReadFile(s.path)
		if err != nil {
			t.Fatal(err)
		}
		if path := withCircle(t, b); path != "" {
			if _, err := Open(path, Options{}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "is used twice") {
				t.Errorf("got %v", err)
			}
			return
		}
	}
	t.Error("no branch page came about")
}

// withCircle writes a copy of the file in which the branch pages refer to
// themselves, "" where it has none.
func withCircle(t *testing.T, b []byte) string {
	size, found := os.Getpagesize(), false
	for at := 2 * size; at+size <= len(b); at += size {
		page := b[at : at+size]
		if page[8] == flagBranch && page[9] == 0 {
			copy(page[pageHeader+8:pageHeader+16], page[:8])
			found = true
		}
	}
	if !found {
		return ""
	}
	path := filepath.Join(t.TempDir(), "circle.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
