package store

import (
	"encoding/json"

	bolt "go.etcd.io/bbolt"
)

// Hidden are the names of documents that the program carries and the user removed.
// They are not sorted.
func (s *Store) Hidden(kind Kind) (names []string, err error) {
	err = s.Read(func(r *Reader) error {
		names, err = r.Hidden(kind)
		return err
	})
	return names, err
}

// Hidden is Store.Hidden.
func (r *Reader) Hidden(kind Kind) ([]string, error) {
	var names []string
	err := r.guard(func() error {
		b := at(r.tx, bucketNames, string(kind))
		if b == nil {
			return nil
		}
		return b.ForEach(func(k, v []byte) error {
			one, err := readRecord(v)
			if err == nil && one.Digest == "" {
				names = append(names, string(k))
			}
			return err
		})
	})
	return names, err
}

// Hide remembers that the user removed a document that the program carries. What the
// store has under the name goes, with its history; the next Put shows the name again.
func (s *Store) Hide(kind Kind, name string) error {
	if err := s.checkName(kind, name); err != nil {
		return err
	}
	return s.update(func(tx *bolt.Tx) error {
		b, err := makeAt(tx, bucketNames, string(kind))
		if err != nil {
			return err
		}
		if err := remove(tx, kind, name); err != nil {
			return err
		}
		text, err := json.Marshal(record{Origin: Embedded})
		if err != nil {
			return err
		}
		return b.Put([]byte(name), text)
	})
}
