package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"planewise/model"
	docs "planewise/model/document"
)

var noon = time.Date(2024, 10, 24, 12, 0, 0, 0, time.UTC)

func release(version string) []byte {
	b, err := docs.Recode("release", "r", []byte("format: planewise.release/1\nproduct: csm\nversion: "+version+"\ncomponents: []\n"))
	if err != nil {
		panic(err)
	}
	return b
}

// drawn reads the tree in the package comment: one line of names for each bucket or
// key, such as "names/KIND/NAME".
func drawn(t *testing.T) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var lines, path []string
	for line := range strings.Lines(f.Doc.Text()) {
		text, ok := strings.CutPrefix(line, "\t")
		if !ok {
			continue
		}
		name := strings.Fields(text)[0]
		depth := (len(text) - len(strings.TrimLeft(text, " "))) / 2
		path = append(path[:depth], strings.TrimSuffix(name, "/"))
		if strings.HasSuffix(name, "/") {
			name = "/"
		} else {
			name = ""
		}
		lines = append(lines, strings.Join(path, "/")+name)
	}
	return lines
}

// dump lists every bucket ("a/b/") and key ("a/b/c") of a store.
func dump(tx *bolt.Tx) []string {
	var lines []string
	var walk func(prefix string, b *bolt.Bucket)
	walk = func(prefix string, b *bolt.Bucket) {
		_ = b.ForEach(func(k, v []byte) error {
			if v == nil {
				lines = append(lines, prefix+string(k)+"/")
				walk(prefix+string(k)+"/", b.Bucket(k))
				return nil
			}
			lines = append(lines, prefix+string(k))
			return nil
		})
	}
	_ = tx.ForEach(func(name []byte, b *bolt.Bucket) error {
		lines = append(lines, string(name)+"/")
		walk(string(name)+"/", b)
		return nil
	})
	return lines
}

// The tree in the package comment is the tree in the file: everything in a store
// that was used for all it can do is drawn, and everything that is drawn occurs.
func TestLayoutIsAsDrawn(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "store.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range Kinds() {
		word := kind.document()
		doc := fmt.Appendf(nil, `{"format":"planewise.%s/1","version":"1"}`, word)
		if _, err := s.Put(kind, "a-name", doc, noon); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SetNote("a-subject", "text", noon); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, k := range Kinds() {
		kinds = append(kinds, string(k))
	}
	words := strings.NewReplacer("KIND", "("+strings.Join(kinds, "|")+")", "DIGEST", "[0-9a-f]{64}", "NAME", "a-name",
		"SUBJECT", "a-subject", "SEQUENCE", "\\x00{7}\\x01")
	patterns := drawn(t)
	seen := make([]bool, len(patterns))
	if err := s.view(func(tx *bolt.Tx) error {
		for _, line := range dump(tx) {
			i := slices.IndexFunc(patterns, func(p string) bool {
				return regexp.MustCompile("^" + words.Replace(p) + "$").MatchString(line)
			})
			if i < 0 {
				t.Errorf("%q is in the store and is not drawn", line)
				continue
			}
			seen[i] = true
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, p := range patterns {
		if !seen[i] {
			t.Errorf("%q is drawn and is not in the store", p)
		}
	}
	if len(patterns) < 12 {
		t.Errorf("only %d lines are drawn", len(patterns))
	}
}

// edit changes a fresh store behind its back.
func edit(t *testing.T, fn func(tx *bolt.Tx) error) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "store.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(Releases, "csm-1.5.0", release("1.5.0"), noon); err != nil {
		t.Fatal(err)
	}
	if err := s.update(fn); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(tx *bolt.Tx) error
		is   error
		want string
	}{
		{"newer layout", func(tx *bolt.Tx) error {
			return tx.Bucket([]byte(bucketMeta)).Put([]byte(keySchema), []byte("4"))
		}, ErrNewer, "the store is of a newer planewise (layout 4; this one knows up to 3); update planewise, or name another file with --store"},
		{"layout that is no number", func(tx *bolt.Tx) error {
			return tx.Bucket([]byte(bucketMeta)).Put([]byte(keySchema), []byte("\x1b[2J"))
		}, ErrDamaged, `its layout has the number "\x1b[2J"; move the file away`},
		{"missing part", func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte(bucketNotes)) },
			ErrDamaged, `the part "notes" is missing`},
		{"another program's file", func(tx *bolt.Tx) error {
			_, err := tx.CreateBucket([]byte("other"))
			return errors.Join(err, tx.DeleteBucket([]byte(bucketMeta)))
		}, ErrDamaged, "it belongs to another program"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := edit(t, c.edit)
			for _, readOnly := range []bool{true, false} {
				_, err := Open(s.Path(), Options{ReadOnly: readOnly})
				if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("read only %v: got %v, want %q", readOnly, err, c.want)
				}
			}
		})
	}
}

func TestCheckFinds(t *testing.T) {
	digest := []byte(hexOf(release("1.5.0")))
	for _, c := range []struct {
		name string
		edit func(tx *bolt.Tx) error
		want string
		get  error // what reading the document says
	}{
		{"changed content", func(tx *bolt.Tx) error {
			return at(tx, bucketDocuments, "release").Put(digest, bytes.Replace(release("1.5.0"), []byte("csm"), []byte("xsm"), 1))
		}, "the content is not what its digest says", ErrDamaged},
		{"missing document", func(tx *bolt.Tx) error {
			return at(tx, bucketDocuments, "release").Delete(digest)
		}, "its document is missing", ErrDamaged},
		{"missing history", func(tx *bolt.Tx) error {
			return at(tx, bucketHistory, "release").DeleteBucket([]byte("csm-1.5.0"))
		}, "its history is missing", nil},
		{"unreadable entry", func(tx *bolt.Tx) error {
			return at(tx, bucketNames, "release").Put([]byte("csm-1.5.0"), []byte("{"))
		}, "an entry is unreadable", ErrDamaged},
		{"entry without sense", func(tx *bolt.Tx) error {
			return at(tx, bucketNames, "release").Put([]byte("csm-1.5.0"), []byte(`{"digest":"../../x"}`))
		}, `an entry has the digest "../../x"`, ErrDamaged},
		{"unreadable version", func(tx *bolt.Tx) error {
			return at(tx, bucketHistory, "release", "csm-1.5.0").Put(binary.BigEndian.AppendUint64(nil, 1), nil)
		}, "an entry is unreadable", nil},
		{"unreadable note", func(tx *bolt.Tx) error {
			return tx.Bucket([]byte(bucketNotes)).Put([]byte("x"), []byte("x"))
		}, "it cannot be read", nil},
		{"a stranger", func(tx *bolt.Tx) error {
			_, err := tx.CreateBucket([]byte("other"))
			return err
		}, "this does not belong into the store", nil},
		{"a kind that does not exist", func(tx *bolt.Tx) error {
			_, err := makeAt(tx, bucketDocuments, "letter")
			return err
		}, "this does not belong into the store", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := edit(t, c.edit)
			ds, err := s.Check()
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(ds, func(d model.Diagnostic) bool { return strings.Contains(d.Summary, c.want) }) {
				t.Errorf("got %v, want %q", ds, c.want)
			}
			if _, err := s.Get(Releases, "csm-1.5.0"); !errors.Is(err, c.get) {
				t.Errorf("reading it says %v, want %v", err, c.get)
			}
		})
	}
}
