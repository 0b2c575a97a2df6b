package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// Compact writes the file anew without the room that what was deleted left in it, and
// with its large documents compressed. It says how many bytes the file had and has.
// The new file is written and checked beside the old one and then takes its place, so
// that one or the other is there at every moment. A store in which Check finds damage
// stays as it is.
func (s *Store) Compact() (before, after int64, err error) {
	err = s.change(func(db *bolt.DB, f *os.File) error {
		info, err := f.Stat()
		if err != nil {
			return err
		}
		path, err := filepath.EvalSymlinks(s.path) // the file is replaced, not a link to it
		if err != nil {
			return err
		}
		removeUnfinished(path)
		small, err := os.CreateTemp(filepath.Dir(path), beside(path)+"*")
		if err != nil {
			return err
		}
		defer os.Remove(small.Name())
		defer small.Close()
		if err := likeBefore(small, info); err != nil {
			return fmt.Errorf("the new file cannot be given the owner and mode of the old one: %w; run this as the store's owner", err)
		}
		if err := db.View(func(tx *bolt.Tx) error { return copyTo(small.Name(), tx) }); err != nil {
			return err
		}
		if err := s.checkCopy(small.Name()); err != nil {
			return err
		}
		now, err := small.Stat()
		if err != nil {
			return err
		}
		if err := small.Sync(); err != nil {
			return err
		}
		before, after = info.Size(), now.Size()
		if err := os.Rename(small.Name(), path); err != nil {
			return err
		}
		syncFolder(filepath.Dir(path))
		return nil
	})
	return before, after, err
}

// removeUnfinished removes what a compaction left that was ended from outside.
func removeUnfinished(path string) {
	entries, _ := os.ReadDir(filepath.Dir(path)) // what cannot be listed stays
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), beside(path)) {
			_ = os.Remove(filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
}

// copyTo writes the whole store into an empty file, in one transaction.
func copyTo(path string, from *bolt.Tx) error {
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	db.AllocSize = os.Getpagesize()
	err = db.Update(func(to *bolt.Tx) error {
		return from.ForEach(func(name []byte, b *bolt.Bucket) error {
			made, err := to.CreateBucket(name)
			if err != nil {
				return err
			}
			return copyBucket(made, b, string(name) == bucketDocuments)
		})
	})
	if closing := db.Close(); err == nil {
		err = closing
	}
	return err
}

func copyBucket(to, from *bolt.Bucket, packing bool) error {
	to.FillPercent = 1
	if err := to.SetSequence(from.Sequence()); err != nil {
		return err
	}
	return from.ForEach(func(k, v []byte) (err error) {
		if v == nil {
			made, err := to.CreateBucket(k)
			if err != nil {
				return err
			}
			return copyBucket(made, from.Bucket(k), packing)
		}
		if packing {
			if v, err = pack(v); err != nil {
				return err
			}
		}
		return to.Put(k, v)
	})
}

// checkCopy reads everything in the new file.
func (s *Store) checkCopy(path string) error {
	small, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	ds, err := small.Check()
	if err == nil && len(ds) > 0 {
		err = s.fail(ErrDamaged, "%s: %s; nothing was changed (planewise store check says all that is wrong)", ds[0].Subject, ds[0].Summary)
	}
	return err
}
