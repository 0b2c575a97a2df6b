package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
)

// The names of buckets and keys, as drawn in the package comment.
const (
	bucketMeta      = "meta"
	bucketDocuments = "documents"
	bucketNames     = "names"
	bucketHistory   = "history"
	bucketNotes     = "notes"
	keySchema       = "schema"
)

// record is what a name points to, and one version in its history.
type record struct {
	// Digest of the document, hex; "" for one that the program carries and the user hid.
	Digest string `json:"digest"`
	Origin Origin `json:"origin"`
	At     string `json:"at,omitempty"`
	// Version of a release, by which it is found too.
	Version string `json:"version,omitempty"`
}

// migration brings a store to a layout from the one before.
type migration struct {
	to    int
	apply func(*bolt.Tx) error
}

// migrations in their order. Each has a test with a file of the layout before it;
// none may be changed once a planewise with it was published.
var migrations = [...]migration{
	{1, createBuckets},
	{2, nameRecords},
	{3, func(*bolt.Tx) error { return nil }}, // large documents may be compressed
}

const (
	currentLayout = 3
	// oldestReadable is the oldest layout that is read as it is.
	oldestReadable = 2
)

// layout is the number of a store's layout, 0 for a file without one.
func layout(tx *bolt.Tx) (int, error) {
	b := tx.Bucket([]byte(bucketMeta))
	if b == nil {
		if k, _ := tx.Cursor().First(); k != nil {
			return 0, fmt.Errorf("%w: it belongs to another program", ErrDamaged)
		}
		return 0, nil
	}
	text := string(b.Get([]byte(keySchema)))
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n < 1:
		return 0, fmt.Errorf("%w: its layout has the number %q", ErrDamaged, text)
	case n > currentLayout:
		return n, fmt.Errorf("%w (layout %d; this one knows up to %d)", ErrNewer, n, currentLayout)
	}
	for _, name := range bucketsOf(n) {
		if tx.Bucket([]byte(name)) == nil {
			return n, fmt.Errorf("%w: the part %q is missing", ErrDamaged, name)
		}
	}
	return n, nil
}

// bucketsOf lists the buckets that every store of a layout has.
func bucketsOf(layout int) []string {
	all := []string{bucketMeta, bucketDocuments, bucketNames}
	if layout >= 2 {
		all = append(all, bucketHistory, bucketNotes)
	}
	return all
}

// migrate brings the store to the current layout, step by step in one transaction.
func migrate(tx *bolt.Tx) error {
	n, err := layout(tx)
	if err != nil || n == currentLayout {
		return err
	}
	for _, m := range migrations {
		if m.to <= n {
			continue
		}
		if err := m.apply(tx); err != nil {
			return fmt.Errorf("bring the layout to number %d: %w", m.to, err)
		}
	}
	return tx.Bucket([]byte(bucketMeta)).Put([]byte(keySchema), strconv.AppendInt(nil, currentLayout, 10))
}

// createBuckets makes layout 1: documents by digest, and names that hold a digest.
func createBuckets(tx *bolt.Tx) error {
	for _, name := range bucketsOf(1) {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}

// nameRecords makes layout 2: a name says where its document comes from, and has a
// history. Before it, every document came from the user.
func nameRecords(tx *bolt.Tx) error {
	for _, name := range []string{bucketHistory, bucketNotes} {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	names := tx.Bucket([]byte(bucketNames))
	return names.ForEachBucket(func(kind []byte) error {
		old := map[string]string{}
		b := names.Bucket(kind)
		if err := b.ForEach(func(k, v []byte) error {
			old[string(k)] = string(v)
			return nil
		}); err != nil {
			return err
		}
		for _, name := range sortedKeys(old) {
			r := record{Digest: old[name], Origin: User}
			if doc := stored(tx, Kind(kind), r.Digest); doc != nil {
				r.Version = header(doc).Version
			}
			if err := putRecord(tx, Kind(kind), name, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// at follows bucket names from the root, nil where one is missing, or there is no store.
func at(tx *bolt.Tx, path ...string) *bolt.Bucket {
	if tx == nil {
		return nil
	}
	b := tx.Bucket([]byte(path[0]))
	for _, name := range path[1:] {
		if b == nil {
			return nil
		}
		b = b.Bucket([]byte(name))
	}
	return b
}

// makeAt is at, and makes what is missing.
func makeAt(tx *bolt.Tx, path ...string) (*bolt.Bucket, error) {
	b, err := tx.CreateBucketIfNotExists([]byte(path[0]))
	for _, name := range path[1:] {
		if err != nil {
			return nil, err
		}
		b, err = b.CreateBucketIfNotExists([]byte(name))
	}
	return b, err
}

// stored is the value of a document, nil where there is none.
func stored(tx *bolt.Tx, kind Kind, digest string) []byte {
	b := at(tx, bucketDocuments, string(kind))
	if b == nil || digest == "" {
		return nil
	}
	return b.Get([]byte(digest))
}

// putRecord points a name to a version and adds that to the name's history.
func putRecord(tx *bolt.Tx, kind Kind, name string, r record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	names, err := makeAt(tx, bucketNames, string(kind))
	if err != nil {
		return err
	}
	if err := names.Put([]byte(name), text); err != nil {
		return err
	}
	h, err := makeAt(tx, bucketHistory, string(kind), name)
	if err != nil {
		return err
	}
	n, err := h.NextSequence()
	if err != nil {
		return err
	}
	return h.Put(binary.BigEndian.AppendUint64(nil, n), text)
}

// readRecord parses an entry. An entry that cannot be parsed is damage.
func readRecord(text []byte) (record, error) {
	var r record
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("%w: an entry is unreadable: %w", ErrDamaged, err)
	}
	if r.Digest != "" && !isHex(r.Digest, 64) {
		return r, fmt.Errorf("%w: an entry has the digest %q", ErrDamaged, r.Digest)
	}
	return r, nil
}

func (r record) time() time.Time {
	t, err := time.Parse(time.RFC3339, r.At)
	if err != nil {
		return time.Time{}
	}
	return t
}
