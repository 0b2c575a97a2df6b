package store

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"

	bolt "go.etcd.io/bbolt"

	docs "planewise/model/document"
)

// Reader reads the store as it was at one moment. Its methods may be called at the
// same time.
type Reader struct {
	s      *Store
	o      *opener
	db     *bolt.DB
	tx     *bolt.Tx   // nil where there is no store
	layout int        // 0 where there is none
	mu     sync.Mutex // a transaction is for one at a time
	broken bool       // the library panicked; it is not closed (see guard)
}

// Read calls fn with a reader of everything in the store. Changes, also those of this
// process, wait until fn returns, so that it should not be long. A store that does not
// exist has no content.
func (s *Store) Read(fn func(*Reader) error) (err error) {
	r, err := s.begin()
	if err != nil {
		return err
	}
	defer func() {
		if ending := r.end(); err == nil {
			err = ending
		}
	}()
	if r.tx != nil && r.layout < oldestReadable {
		return s.wrong("it has an older layout (%d; this planewise uses %d); open it for writing once to bring it up to date", r.layout, currentLayout)
	}
	return fn(r)
}

// begin opens the file and a transaction, in whatever layout the store is.
func (s *Store) begin() (*Reader, error) {
	r := &Reader{s: s, o: &opener{timeout: s.o.Timeout, sound: &s.sound}}
	err := r.guard(func() (err error) {
		if r.db, err = r.o.database(s.path); err != nil {
			return err
		}
		if r.tx, err = r.db.Begin(false); err != nil {
			return err
		}
		r.layout, err = layout(r.tx)
		if err == nil && r.layout == 0 {
			err = errEmpty
		}
		return err
	})
	if err == nil {
		return r, nil
	}
	if ending := r.end(); !errors.Is(err, errEmpty) {
		return nil, err
	} else if ending != nil {
		return nil, ending
	}
	return r, nil
}

// end lets go of the file.
func (r *Reader) end() error {
	db, tx := r.db, r.tx
	r.db, r.tx = nil, nil
	if db == nil || r.broken {
		return nil
	}
	return r.guard(func() error {
		var err error
		if tx != nil {
			err = tx.Rollback()
		}
		return errors.Join(err, db.Close())
	})
}

// guard lets one at a time use the transaction, and explains what goes wrong.
func (r *Reader) guard(fn func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	ended := false
	err := r.o.guard(func() error {
		err := fn()
		ended = true
		return err
	})
	r.broken = r.broken || !ended
	return r.s.explain(err)
}

// view runs fn in a transaction for reading. A store that does not exist has no
// content, and fn is not called.
func (s *Store) view(fn func(*bolt.Tx) error) error {
	return s.Read(func(r *Reader) error {
		if r.tx == nil {
			return nil
		}
		return r.guard(func() error { return fn(r.tx) })
	})
}

// Get finds a document as Store.Get does.
func (r *Reader) Get(kind Kind, ref string) (Document, error) {
	var e Entry
	var v []byte
	err := r.guard(func() (err error) {
		if e, err = r.s.resolve(r.tx, kind, ref); err == nil {
			v = bytes.Clone(stored(r.tx, kind, e.hex()))
		}
		return err
	})
	if err != nil {
		return Document{}, err
	}
	data, err := unpack(v)
	if err == nil && !docs.Matches("sha256:"+e.hex(), data) {
		err = fmt.Errorf("%w: the content of %s %s is not what it was", ErrDamaged, kind, ref)
	}
	return Document{e, data}, r.s.explain(err)
}

// List lists the documents of a kind by name.
func (r *Reader) List(kind Kind) (es []Entry, err error) {
	err = r.guard(func() error {
		es, err = list(r.tx, kind)
		return err
	})
	return es, err
}

// History lists the versions of a document, newest first.
func (r *Reader) History(kind Kind, name string) ([]Entry, error) {
	var es []Entry
	err := r.guard(func() error {
		current, _, err := lookup(r.tx, kind, name)
		if err != nil || current.Digest == "" {
			return err
		}
		return eachVersion(r.tx, kind, name, func(_ []byte, v record) error {
			es = append(es, v.entry(kind, name))
			return nil
		})
	})
	if err == nil && len(es) == 0 {
		err = r.s.notFound(kind, name, nil)
	}
	slices.Reverse(es)
	return es, err
}
