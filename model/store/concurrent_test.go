package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"planewise/model/store"
)

// Who does not get the lock in time is told so, and nothing waits for ever.
func TestBusy(t *testing.T) {
	s := open(t)
	put(t, s, store.Policies, "p", doc(store.Policies, "a"))
	other, err := bolt.Open(s.Path(), 0o600, nil) // a writer that does not let go
	if err != nil {
		t.Fatal(err)
	}
	quick := store.Options{Timeout: time.Millisecond}
	_, openErr := store.Open(s.Path(), quick)
	_, readErr := store.Open(s.Path(), store.Options{Timeout: time.Millisecond, ReadOnly: true})
	for _, err := range []error{openErr, readErr} {
		if !errors.Is(err, store.ErrBusy) || !strings.Contains(err.Error(), "another planewise is working on it; try again in a moment, or name another file with --store") {
			t.Errorf("got %v", err)
		}
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(s.Path(), quick); err != nil {
		t.Errorf("after the other let go: %v", err)
	}
}

// A reader does not keep another out; a writer waits for it.
func TestReadersShare(t *testing.T) {
	s := open(t)
	put(t, s, store.Policies, "p", doc(store.Policies, "a"))
	reader, err := bolt.Open(s.Path(), 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	quick, err := store.Open(s.Path(), store.Options{Timeout: time.Millisecond}) // up to date: no writer's lock
	if err != nil {
		t.Fatal(err)
	}
	if _, err := quick.Get(store.Policies, "p"); err != nil {
		t.Error(err)
	}
	if _, err := quick.Put(store.Policies, "p", doc(store.Policies, "b"), noon); !errors.Is(err, store.ErrBusy) {
		t.Errorf("got %v", err)
	}
}

// Several stores on one file, opened at once and used at once: every write is there
// in the end, every read sees a whole document.
func TestSideBySide(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "store.db")
	const workers, writes = 6, 8
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			s, err := store.Open(path, store.Options{Timeout: time.Minute})
			if err != nil {
				t.Error(err)
				return
			}
			for i := range writes {
				if _, err := s.Put(store.Policies, fmt.Sprintf("p%d", w), doc(store.Policies, fmt.Sprint(w, i)), noon); err != nil {
					t.Error(err)
				}
				if _, err := s.Put(store.Policies, "shared", doc(store.Policies, fmt.Sprint(w, i)), noon); err != nil {
					t.Error(err)
				}
				if _, err := s.Get(store.Policies, "shared"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for w := range workers {
		h, err := s.History(store.Policies, fmt.Sprintf("p%d", w))
		if err != nil || len(h) != writes {
			t.Errorf("worker %d: %d versions, %v", w, len(h), err)
		}
	}
	if h, err := s.History(store.Policies, "shared"); err != nil || len(h) != workers*writes {
		t.Errorf("%d versions of the shared document, %v", len(h), err)
	}
	noDamage(t, s)
}
