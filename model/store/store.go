package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// Store is a file of documents. It holds nothing open between its operations; its
// methods may be called at the same time.
type Store struct {
	path  string
	o     Options
	sound sound
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
	s := &Store{path: path, o: o}
	if o.ReadOnly {
		return s, s.Read(func(*Reader) error { return nil })
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, s.wrong("its folder cannot be made: %w; create it, or name another file with --store", err)
	}
	// An up-to-date store needs no writer's lock.
	r, err := s.begin()
	if err != nil {
		return nil, err
	}
	if err := r.end(); err != nil || r.layout == currentLayout {
		return s, err
	}
	return s, s.update(func(*bolt.Tx) error { return nil })
}

// Path is the store's file.
func (s *Store) Path() string { return s.path }

// update runs fn in a transaction that is committed as a whole or not at all.
func (s *Store) update(fn func(*bolt.Tx) error) error {
	return s.change(func(db *bolt.DB, _ *os.File) error {
		return db.Update(func(tx *bolt.Tx) error {
			if err := migrate(tx); err != nil { // another program may have removed the file since Open
				return err
			}
			return fn(tx)
		})
	})
}

// change calls fn with the file, locked for this process alone.
func (s *Store) change(fn func(*bolt.DB, *os.File) error) error {
	if s.o.ReadOnly {
		return s.fail(ErrReadOnly, "it is open for reading only; run a command that writes")
	}
	o := &opener{write: true, timeout: s.o.Timeout, sound: &s.sound}
	return s.explain(o.guard(func() error {
		db, err := o.database(s.path)
		if err != nil {
			return err
		}
		db.AllocSize = growBy
		err = fn(db, o.file)
		if closing := db.Close(); err == nil {
			err = closing
		}
		return err
	}))
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
