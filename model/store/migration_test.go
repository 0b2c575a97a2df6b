package store

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// oldStores is set to write the checked-in files of older layouts again. That is
// needed only when a layout is added: run it with the planewise that still writes
// the old one.
var oldStores = flag.Bool("old-stores", false, "write testdata/layout-*.db")

const (
	layout1 = "testdata/layout-1.db"
	layout2 = "testdata/layout-2.db"
)

// writeLayout1 makes a store as layout 1 had it: a digest under each name, no
// history, no notes.
func writeLayout1(t *testing.T) {
	t.Helper()
	writeOld(t, layout1, func(tx *bolt.Tx) error {
		if err := createBuckets(tx); err != nil {
			return err
		}
		contents, err := makeAt(tx, bucketDocuments, string(Releases))
		if err != nil {
			return err
		}
		names, err := makeAt(tx, bucketNames, string(Releases))
		if err != nil {
			return err
		}
		for _, version := range []string{"1.5.0", "1.5.2"} {
			data := release(version)
			if err := contents.Put([]byte(hexOf(data)), data); err != nil {
				return err
			}
			if err := names.Put([]byte("csm-"+version), []byte(hexOf(data))); err != nil {
				return err
			}
		}
		return tx.Bucket([]byte(bucketMeta)).Put([]byte(keySchema), []byte("1"))
	})
}

// writeLayout2 makes a store as layout 2 had it: every document as it is.
func writeLayout2(t *testing.T) {
	t.Helper()
	writeOld(t, layout2, func(tx *bolt.Tx) error {
		if err := errors.Join(createBuckets(tx), nameRecords(tx)); err != nil {
			return err
		}
		for _, version := range []string{"1.5.0", "1.5.2"} {
			data := release(version)
			r := record{Digest: hexOf(data), Origin: User, At: stamp(noon), Version: version}
			if err := put(tx, Releases, "csm-"+version, r, data); err != nil {
				return err
			}
		}
		return tx.Bucket([]byte(bucketMeta)).Put([]byte(keySchema), []byte("2"))
	})
}

func writeOld(t *testing.T, path string, fn func(*bolt.Tx) error) {
	t.Helper()
	os.Remove(path)
	db, err := bolt.Open(path, 0o600, &bolt.Options{PageSize: 4096})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(fn); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func copyOf(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMigrationFromLayout1(t *testing.T) {
	if *oldStores {
		writeLayout1(t)
	}
	path := copyOf(t, layout1)

	// For reading alone it is refused, and not changed.
	before, _ := os.ReadFile(path)
	if _, err := Open(path, Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "older layout (1; this planewise uses 3)") {
		t.Errorf("got %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("reading changed the file")
	}

	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Get(Releases, "1.5.2")
	if err != nil || d.Name != "csm-1.5.2" || d.Origin != User || !bytes.Equal(d.Data, release("1.5.2")) {
		t.Errorf("got %+v, %v", d.Entry, err)
	}
	if h, err := s.History(Releases, "csm-1.5.0"); err != nil || len(h) != 1 {
		t.Errorf("history %v, %v", h, err)
	}
	if ds, err := s.Check(); err != nil || len(ds) > 0 {
		t.Errorf("%v, %v", ds, err)
	}
	if info, err := s.Info(); err != nil || info.Layout != currentLayout {
		t.Errorf("layout %d, %v", info.Layout, err)
	}
}

// Layout 2 is read as it is, by who may not change it too.
func TestMigrationFromLayout2(t *testing.T) {
	if *oldStores {
		writeLayout2(t)
	}
	path := copyOf(t, layout2)
	for _, c := range []struct {
		readOnly bool
		layout   int
	}{{true, 2}, {false, currentLayout}} {
		s, err := Open(path, Options{ReadOnly: c.readOnly})
		if err != nil {
			t.Fatal(err)
		}
		if d, err := s.Get(Releases, "1.5.2"); err != nil || d.Name != "csm-1.5.2" || !bytes.Equal(d.Data, release("1.5.2")) {
			t.Errorf("got %+v, %v", d.Entry, err)
		}
		if ds, err := s.Check(); err != nil || len(ds) > 0 {
			t.Errorf("%v, %v", ds, err)
		}
		if info, err := s.Info(); err != nil || info.Layout != c.layout {
			t.Errorf("layout %d, want %d, %v", info.Layout, c.layout, err)
		}
	}
}

// A migration that fails leaves the file as it was.
func TestMigrationIsOneTransaction(t *testing.T) {
	path := copyOf(t, layout1)
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	err = db.Update(func(tx *bolt.Tx) error {
		if err := migrate(tx); err != nil {
			t.Error(err)
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if err := db.View(func(tx *bolt.Tx) error {
		if n, err := layout(tx); n != 1 || err != nil {
			t.Errorf("layout %d, %v", n, err)
		}
		if tx.Bucket([]byte(bucketHistory)) != nil {
			t.Error("half of the migration is there")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// Migrations are in order, and lead to the current layout.
func TestMigrationsAreInOrder(t *testing.T) {
	for i, m := range migrations {
		if m.to != i+1 {
			t.Errorf("migration %d leads to layout %d", i, m.to)
		}
	}
	if len(migrations) != currentLayout {
		t.Errorf("%d migrations for layout %d", len(migrations), currentLayout)
	}
}
