package store

import (
	"encoding/json"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Note is a remark of the user about something: a plan's id, a bundle, a release.
type Note struct {
	Subject string    `json:"-"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
}

// maxNote bounds a remark, in bytes.
const maxNote = 64 << 10

// SetNote keeps a remark about a subject in place of the one before; an empty text
// removes it.
func (s *Store) SetNote(subject, text string, at time.Time) error {
	switch {
	case subject == "" || len(subject) > maxName:
		return s.wrong("a note needs a subject of 1 to %d bytes", maxName)
	case len(text) > maxNote:
		return s.wrong("the note has %d bytes; shorten it to %d", len(text), maxNote)
	}
	return s.update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucketNotes))
		if text == "" {
			return b.Delete([]byte(subject))
		}
		v, err := json.Marshal(Note{Text: text, At: at.UTC().Truncate(time.Second)})
		if err != nil {
			return err
		}
		return b.Put([]byte(subject), v)
	})
}

// Notes lists all remarks by subject.
func (s *Store) Notes() ([]Note, error) {
	var ns []Note
	err := s.view(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte(bucketNotes)).ForEach(func(k, v []byte) error {
			n := Note{Subject: string(k)}
			if err := json.Unmarshal(v, &n); err != nil {
				return fmt.Errorf("%w: the note on %q is unreadable", ErrDamaged, k)
			}
			ns = append(ns, n)
			return nil
		})
	})
	return ns, err
}
