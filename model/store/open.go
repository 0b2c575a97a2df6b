package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
)

// growBy is by how many bytes the file grows beyond what a change needs. The library
// would double it.
const growBy = 128 << 10

// sound remembers the state in which the file was last verified, so that a process
// verifies each state once. A change writes another header.
type sound struct {
	mu   sync.Mutex
	info os.FileInfo
	meta meta
}

func (s *sound) verify(f *os.File, info os.FileInfo) error {
	metas, err := readMetas(f, info.Size())
	if err != nil {
		return err
	}
	m := newest(metas)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.info != nil && os.SameFile(s.info, info) && s.info.Size() == info.Size() && s.info.ModTime().Equal(info.ModTime()) && s.meta == m {
		return nil
	}
	if err := structure(f, info.Size(), m); err != nil {
		return err
	}
	s.info, s.meta = info, m
	return nil
}

// opener opens the file for bbolt: locked and verified.
type opener struct {
	write   bool
	timeout time.Duration
	sound   *sound
	file    *os.File
}

func (o *opener) database(path string) (*bolt.DB, error) {
	return bolt.Open(path, 0o600, &bolt.Options{Timeout: o.timeout, ReadOnly: !o.write, OpenFile: o.open})
}

// errEmpty: there is no file, or one without a byte.
var errEmpty = errors.New("there is no store yet")

// errReplaced: another file has taken the place of the one that was opened.
var errReplaced = errors.New("it was replaced")

func (o *opener) open(path string, flag int, mode os.FileMode) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, flag&^os.O_CREATE, mode)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !o.write:
			return nil, errEmpty
		case errors.Is(err, fs.ErrNotExist):
			if err := create(path); err != nil {
				return nil, err
			}
			continue
		case err != nil:
			return nil, err
		}
		if err = o.prepare(f); err == nil {
			o.file = f
			return f, nil
		}
		f.Close()
		if !errors.Is(err, errReplaced) {
			return nil, err
		}
	}
}

func (o *opener) prepare(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: it is no regular file", ErrDamaged)
	}
	if err := lock(f, o.write, o.timeout); err != nil {
		return err
	}
	if info, err = f.Stat(); err != nil { // the writer that held the lock may have changed it
		return err
	}
	now, err := os.Stat(f.Name())
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !os.SameFile(now, info):
		return errReplaced // a change of this file would be lost
	case err != nil:
		return err
	}
	if info.Size() == 0 {
		if o.write {
			return nil // bbolt writes its first pages
		}
		return errEmpty
	}
	if err := o.sound.verify(f, info); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// guard turns what goes wrong inside the library into an error: its panics, and
// faults of the memory that the file is mapped to (the file may be cut short, or its
// disk fail, while it is read).
func (o *opener) guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		// The library's own locks may be held for ever, so it is not closed, and the
		// mapping stays until the program ends. The lock that other programs wait for
		// is let go.
		if o.file != nil {
			unlock(o.file)
			o.file.Close()
		}
		err = fmt.Errorf("%w: reading it failed: %v", ErrDamaged, r)
	}()
	return fn()
}

// beside begins the names of the files that become the store's once they are complete.
func beside(path string) string { return "." + filepath.Base(path) + ".new-" }

// create makes a file without documents. It comes into being whole, so that one whose
// writing was cut off is never found in its place.
func create(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), beside(path)+"*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := f.Close(); err != nil {
		return err
	}
	db, err := bolt.Open(f.Name(), 0o600, nil) // it writes the first pages, and syncs them
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	_ = os.Link(f.Name(), path) // it fails where another program was first, or there are no links
	// Opening makes a file only in a file system without links, and where the path is
	// itself a link to nothing. The library then writes the first pages in place.
	if f, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	syncFolder(filepath.Dir(path))
	return f.Close()
}

// makeFolder makes a folder for the owner alone, and those above it.
func makeFolder(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if above := filepath.Dir(path); above != path {
		if err := makeFolder(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// syncFolder brings the names in a folder to the disk, so that a file which holds
// something can be found after a power cut. Not every system can do it.
func syncFolder(path string) {
	if d, err := os.Open(path); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
