package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"

	"planewise/model"
	"planewise/model/clean"
	docs "planewise/model/document"
)

// Info says what a store holds.
type Info struct {
	Path   string
	Exists bool
	Bytes  int64 // of the file
	Layout int
	Kinds  []KindInfo
	Notes  int
}

// KindInfo counts one kind of document.
type KindInfo struct {
	Kind      Kind
	Names     int
	Documents int // all versions
	Bytes     int64
}

// Info reads what the store holds. A store that does not exist is no error.
func (s *Store) Info() (Info, error) {
	info := Info{Path: s.path}
	if st, err := os.Stat(s.path); err == nil {
		info.Exists, info.Bytes = true, st.Size()
	}
	err := s.view(func(tx *bolt.Tx) error {
		n, err := layout(tx)
		if err != nil {
			return err
		}
		info.Layout = n
		info.Notes = tx.Bucket([]byte(bucketNotes)).Stats().KeyN
		for _, kind := range Kinds() {
			k, err := count(tx, kind)
			if err != nil {
				return err
			}
			info.Kinds = append(info.Kinds, k)
		}
		return nil
	})
	return info, err
}

func count(tx *bolt.Tx, kind Kind) (KindInfo, error) {
	k := KindInfo{Kind: kind}
	es, err := list(tx, kind)
	if err != nil {
		return k, err
	}
	k.Names = len(es)
	b := at(tx, bucketDocuments, string(kind))
	if b == nil {
		return k, nil
	}
	return k, b.ForEach(func(_, v []byte) error {
		k.Documents++
		k.Bytes += int64(len(v))
		return nil
	})
}

// The code of Check's diagnostics.
const CodeDamaged = "store-damaged"

// Check reads everything in the store and says what is wrong with it: a broken header
// page, which may have taken the last change with it; documents that are not what their
// digest says, or larger than what is read of them; names that point nowhere; entries
// that cannot be read. A file whose structure is broken, or that is no store, is an error, as it is
// for every other operation.
func (s *Store) Check() ([]model.Diagnostic, error) {
	c := checker{}
	err := s.Read(func(r *Reader) error {
		if r.tx == nil {
			return nil
		}
		return r.guard(func() error { return c.all(r.o.file, r.tx) })
	})
	return model.SortDiagnostics(c.found), err
}

type checker struct{ found []model.Diagnostic }

func (c *checker) all(f *os.File, tx *bolt.Tx) error {
	if err := c.headers(f); err != nil {
		return err
	}
	for _, kind := range Kinds() {
		c.documents(tx, kind)
		c.names(tx, kind)
		c.history(tx, kind)
	}
	c.strangers(tx)
	return c.notes(tx)
}

// headers looks at both header pages. Change N writes the header N modulo 2, so what
// stood in a broken one was the change after that of the other, or the one before it.
func (c *checker) headers(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	metas, err := readMetas(f, info.Size())
	if err != nil {
		return err
	}
	last := newest(metas)
	for i, m := range metas {
		subject := fmt.Sprintf("header page %d", i+1)
		switch {
		case m.valid: // a change that was cut off may have written over what the older one leads to
		case m.tx+1 == last.tx:
			c.say(model.Warning, subject, writtenAgain, "it is broken; it was the older of the two, and nothing is lost")
		case m.tx == last.tx+1:
			c.add(subject, keepAgain, "it is broken; it held the last change (number %d), which is gone", m.tx)
		default:
			c.add(subject, keepAgain, "it is broken; it may have held the last change (number %d), which is gone then", last.tx+1)
		}
	}
	return nil
}

func (c *checker) add(subject, hint, format string, args ...any) {
	c.say(model.Blocking, subject, hint, format, args...)
}

func (c *checker) say(severity model.Severity, subject, hint, format string, args ...any) {
	c.found = append(c.found, model.Diagnostic{
		Severity: severity, Code: CodeDamaged, Subject: clean.Text(subject),
		Summary: clean.Text(fmt.Sprintf(format, args...)), Hint: hint,
	})
}

const (
	putAgain     = "Delete it and import it again; the other documents are not affected."
	keepAgain    = "See whether what was kept last is there, and keep it again; the next change writes this page anew."
	writtenAgain = "The next change writes this page anew."
)

func (c *checker) documents(tx *bolt.Tx, kind Kind) {
	b := at(tx, bucketDocuments, string(kind))
	if b == nil {
		return
	}
	_ = b.ForEach(func(k, v []byte) error { // the function never fails
		subject := string(kind) + " sha256:" + string(k)
		data, err := unpack(v)
		if err != nil {
			c.add(subject, putAgain, "%v", err)
			return nil
		}
		if !docs.Matches("sha256:"+string(k), data) {
			c.add(subject, putAgain, "the content is not what its digest says")
			return nil
		}
		again, err := docs.Canonical(json.RawMessage(data))
		if err != nil {
			c.add(subject, putAgain, "the content is not JSON")
			return nil
		}
		if !bytes.Equal(again, data) {
			c.add(subject, putAgain, "the content is not in canonical form")
		}
		if err := docs.CheckBounds(subject, data); err != nil {
			c.add(subject, "Delete it (planewise store rm "+subject+"); it cannot be read.", "%v", err)
		}
		return nil
	})
}

func (c *checker) names(tx *bolt.Tx, kind Kind) {
	b := at(tx, bucketNames, string(kind))
	if b == nil {
		return
	}
	_ = b.ForEach(func(k, v []byte) error {
		subject := string(kind) + " " + string(k)
		r, err := readRecord(v)
		switch {
		case err != nil:
			c.add(subject, putAgain, "%v", err)
		case r.Digest != "" && len(stored(tx, kind, r.Digest)) == 0:
			c.add(subject, putAgain, "its document is missing")
		case r.Digest != "" && at(tx, bucketHistory, string(kind), string(k)) == nil:
			c.add(subject, putAgain, "its history is missing")
		}
		return nil
	})
}

func (c *checker) history(tx *bolt.Tx, kind Kind) {
	h := at(tx, bucketHistory, string(kind))
	if h == nil {
		return
	}
	_ = h.ForEachBucket(func(name []byte) error {
		subject := string(kind) + " " + string(name)
		err := eachVersion(tx, kind, string(name), func(_ []byte, r record) error {
			if len(stored(tx, kind, r.Digest)) == 0 {
				c.add(subject, putAgain, "the document of an older version is missing")
			}
			return nil
		})
		if err != nil {
			c.add(subject, putAgain, "%v", err)
		}
		return nil
	})
}

func (c *checker) notes(tx *bolt.Tx) error {
	return tx.Bucket([]byte(bucketNotes)).ForEach(func(k, v []byte) error {
		if json.Unmarshal(v, new(Note)) != nil {
			c.add("note "+string(k), "Write the note again.", "it cannot be read")
		}
		return nil
	})
}

// strangers finds what no planewise of this layout puts into a store.
func (c *checker) strangers(tx *bolt.Tx) {
	known := map[string]bool{bucketMeta: true, bucketDocuments: true, bucketNames: true, bucketHistory: true, bucketNotes: true}
	kinds := map[string]bool{}
	for _, k := range Kinds() {
		kinds[string(k)] = true
	}
	_ = tx.ForEach(func(name []byte, b *bolt.Bucket) error {
		switch string(name) {
		case bucketDocuments, bucketNames, bucketHistory:
			_ = b.ForEach(func(k, v []byte) error {
				if v != nil || !kinds[string(k)] {
					c.add(string(name)+" "+string(k), "Another program wrote into the store; move the file away.", "this does not belong into the store")
				}
				return nil
			})
		}
		if !known[string(name)] {
			c.add(string(name), "Another program wrote into the store; move the file away.", "this does not belong into the store")
		}
		return nil
	})
}
