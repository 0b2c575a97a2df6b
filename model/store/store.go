package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	// why: one file, transactions that survive a crash, and locks between processes.
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// DefaultTimeout is how long an operation waits for another program's lock.
const DefaultTimeout = time.Second

// Options of a store.
type Options struct {
	// Timeout is how long an operation waits for the lock; 0 is DefaultTimeout.
	Timeout time.Duration
	// ReadOnly: nothing is created, migrated or changed. A file that does not exist
	// is an empty store.
	ReadOnly bool
}

// Store is a file of documents. It holds nothing open; its methods may be called at
// the same time.
type Store struct {
	path string
	o    Options
}

// Open prepares the store at path: it creates the file and its folder (for the
// owner alone) where they do not exist, and brings an older layout up to date.
func Open(path string, o Options) (*Store, error) {
	if path == "" {
		return nil, &Error{path, "there is no place for it; name a file with --store, or set HOME or XDG_DATA_HOME", fs.ErrNotExist}
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	s := &Store{path, o}
	if o.ReadOnly {
		if err := s.view(func(*bolt.Tx) error { return nil }); err != nil {
			return nil, err
		}
		return s, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, s.wrong("its folder cannot be made: %w; create it, or name another file with --store", err)
	}
	switch current, err := s.upToDate(); {
	case err != nil:
		return nil, err
	case current:
		return s, nil
	}
	if err := s.access(true, func(db *bolt.DB) error { return db.Update(migrate) }); err != nil {
		return nil, err
	}
	return s, nil
}

// Path is the store's file.
func (s *Store) Path() string { return s.path }

// upToDate looks whether the file exists and has the current layout, so that
// opening an up-to-date store needs no writer's lock.
func (s *Store) upToDate() (current bool, err error) {
	err = s.access(false, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			n, err := layout(tx)
			current = n == currentLayout
			return err
		})
	})
	if errors.Is(err, errEmpty) {
		return false, nil
	}
	return current, err
}

// errEmpty: there is no file, or one without a byte.
var errEmpty = errors.New("there is no store yet")

// view runs fn in a transaction for reading. A store that does not exist has no
// content, and fn is not called.
func (s *Store) view(fn func(*bolt.Tx) error) error {
	err := s.access(false, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			n, err := layout(tx)
			switch {
			case err != nil:
				return err
			case n == 0:
				return errEmpty
			case n < currentLayout:
				return s.wrong("it has an older layout (%d; this planewise uses %d); open it for writing once to bring it up to date", n, currentLayout)
			}
			return fn(tx)
		})
	})
	if errors.Is(err, errEmpty) {
		return nil
	}
	return err
}

// update runs fn in a transaction that is committed as a whole or not at all.
func (s *Store) update(fn func(*bolt.Tx) error) error {
	if s.o.ReadOnly {
		return s.fail(ErrReadOnly, "it is open for reading only; run a command that writes")
	}
	return s.access(true, func(db *bolt.DB) error {
		return db.Update(func(tx *bolt.Tx) error {
			if err := migrate(tx); err != nil { // another program may have removed the file since Open
				return err
			}
			return fn(tx)
		})
	})
}

// access opens the file, verifies it, and calls fn with it. Nothing that fn learns
// from the file may be kept without a copy.
func (s *Store) access(write bool, fn func(*bolt.DB) error) error {
	o := &opener{write: write, timeout: s.o.Timeout}
	err := o.guard(func() error {
		db, err := bolt.Open(s.path, 0o600, &bolt.Options{
			Timeout:  s.o.Timeout,
			ReadOnly: !write,
			OpenFile: o.open,
		})
		if err != nil {
			return err
		}
		err = fn(db)
		if closing := db.Close(); err == nil {
			err = closing
		}
		return err
	})
	return s.explain(err)
}

// opener opens the file for bbolt: locked and verified.
type opener struct {
	write   bool
	timeout time.Duration
	file    *os.File
}

func (o *opener) open(path string, flag int, mode os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(path, flag, mode)
	if err != nil {
		if !o.write && errors.Is(err, fs.ErrNotExist) {
			return nil, errEmpty
		}
		return nil, err
	}
	if err := o.prepare(f); err != nil {
		f.Close()
		return nil, err
	}
	o.file = f
	return f, nil
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
	if info.Size() == 0 {
		if o.write {
			return nil // bbolt writes its first pages
		}
		return errEmpty
	}
	if err := structure(f, info.Size()); err != nil {
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

func (s *Store) wrong(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{s.path, err.Error(), errors.Unwrap(err)}
}

func (s *Store) fail(sentinel error, format string, args ...any) error {
	return &Error{s.path, fmt.Sprintf(format, args...), sentinel}
}

// explain gives an error the store's path and a remedy.
func (s *Store) explain(err error) error {
	var own *Error
	switch {
	case err == nil, errors.As(err, &own), errors.Is(err, errEmpty):
		return err
	case errors.Is(err, ErrBusy), errors.Is(err, bolterrors.ErrTimeout):
		return s.fail(ErrBusy, "another planewise is working on it; try again in a moment, or name another file with --store")
	case errors.Is(err, ErrDamaged):
		return s.fail(ErrDamaged, "%v; move the file away to start with a new store, or restore a copy", err)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return s.fail(ErrDamaged, "%v: %v; move the file away to start with a new store, or restore a copy", ErrDamaged, err)
	case errors.Is(err, ErrNewer):
		return s.fail(ErrNewer, "%v; update planewise, or name another file with --store", err)
	case errors.Is(err, fs.ErrPermission):
		return s.wrong("%w; allow yourself to write it, or name another file with --store", plain(err))
	}
	return s.wrong("%w", plain(err))
}

// plain drops the path from an error of the operating system; it is already named.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
