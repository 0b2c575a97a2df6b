package store

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	bolt "go.etcd.io/bbolt"

	docs "planewise/model/document"
)

// Kind is a kind of document.
type Kind string

const (
	Releases   Kind = "release"
	Mappings   Kind = "mapping"
	Procedures Kind = "procedure"
	Systems    Kind = "system"
	Policies   Kind = "policy"
	Plans      Kind = "plan"
	// Edits are mappings too: what was edited on this site, above all other layers.
	Edits Kind = "edits"
	// Records are what past maintenances took, Snapshots what was seen of systems. They
	// have no published schema: planewise writes both itself.
	Records   Kind = "record"
	Snapshots Kind = "snapshot"
	// Customizations are what sites set in their charts, by the name of the system.
	Customizations Kind = "customizations"
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{Releases, Mappings, Procedures, Systems, Policies, Plans, Edits, Records, Snapshots, Customizations}
}

// document is the kind's word in a document's format.
func (k Kind) document() string {
	if k == Edits {
		return string(Mappings)
	}
	return string(k)
}

// Origin says who put a document into the store.
type Origin string

const (
	// Embedded: it is one that the program carries. Nothing puts these into a store any
	// more; an older planewise did.
	Embedded Origin = "embedded"
	// User: it was imported or edited; nothing replaces it but the user.
	User Origin = "user"
)

const (
	// MaxDocument bounds one document, in bytes.
	MaxDocument = docs.MaxPlan
	// maxName bounds a name; names are plan ids, releases and file names.
	maxName = 512
	// maxVersions is the length of a history; older versions are forgotten.
	maxVersions = 100
)

// Entry describes a document by one of its names.
type Entry struct {
	Kind   Kind
	Name   string // "" for a version that no name points to any more
	Digest string // "sha256:" and hex
	Origin Origin
	At     time.Time // when it was put there; zero where that is not known
	// Version of a release.
	Version string
}

func (e Entry) hex() string { return strings.TrimPrefix(e.Digest, "sha256:") }

// Document is an entry with its content, canonical JSON.
type Document struct {
	Entry
	Data []byte
}

// Put keeps a document under a name, as its newest version, and returns its digest.
// The document is JSON with the format word of its kind; it is kept in canonical
// form. The same document again changes nothing; a release that got another date, which
// its digest leaves out, is the same version with that date.
func (s *Store) Put(kind Kind, name string, doc []byte, at time.Time) (digest string, err error) {
	if err := s.checkName(kind, name); err != nil {
		return "", err
	}
	data, head, err := s.canonical(kind, name, doc)
	if err != nil {
		return "", err
	}
	r := record{Digest: hexOf(data), Origin: User, At: stamp(at), Version: head.Version}
	err = s.update(func(tx *bolt.Tx) error { return put(tx, kind, name, r, data) })
	if err != nil {
		return "", err
	}
	return "sha256:" + r.Digest, nil
}

func put(tx *bolt.Tx, kind Kind, name string, r record, data []byte) error {
	old, _, err := lookup(tx, kind, name)
	if err != nil {
		return err
	}
	b, err := makeAt(tx, bucketDocuments, string(kind))
	if err != nil {
		return err
	}
	v, err := pack(data)
	if err != nil {
		return err
	}
	again := old.Digest == r.Digest && old.Origin == r.Origin
	if again && bytes.Equal(b.Get([]byte(r.Digest)), v) {
		return nil
	}
	if err := b.Put([]byte(r.Digest), v); err != nil || again {
		return err
	}
	if err := putRecord(tx, kind, name, r); err != nil {
		return err
	}
	return forgetOldest(tx, kind, name)
}

// Get finds a document by its name, by its digest or the start of it
// ("sha256:3f8a1c"), or, a release, by its version where that is unique.
func (s *Store) Get(kind Kind, ref string) (d Document, err error) {
	err = s.Read(func(r *Reader) error {
		d, err = r.Get(kind, ref)
		return err
	})
	return d, err
}

// List lists the documents of a kind by name.
func (s *Store) List(kind Kind) (es []Entry, err error) {
	err = s.Read(func(r *Reader) error {
		es, err = r.List(kind)
		return err
	})
	return es, err
}

// History lists the versions of a document, newest first.
func (s *Store) History(kind Kind, name string) (es []Entry, err error) {
	err = s.Read(func(r *Reader) error {
		es, err = r.History(kind, name)
		return err
	})
	return es, err
}

func list(tx *bolt.Tx, kind Kind) ([]Entry, error) {
	names := at(tx, bucketNames, string(kind))
	if names == nil {
		return nil, nil
	}
	var es []Entry
	err := names.ForEach(func(k, v []byte) error {
		r, err := readRecord(v)
		if err != nil || r.Digest == "" {
			return err
		}
		es = append(es, r.entry(kind, string(k)))
		return nil
	})
	return es, err
}

// Delete forgets a name, its history, and the documents nothing else points to.
func (s *Store) Delete(kind Kind, ref string) error {
	return s.update(func(tx *bolt.Tx) error {
		e, err := s.resolve(tx, kind, ref)
		if err != nil {
			return err
		}
		if e.Name == "" {
			return s.wrong("%s %s is an older version; name the document to delete all of it", kind, ref)
		}
		return remove(tx, kind, e.Name)
	})
}

// remove takes a name away with all that belongs to it alone.
func remove(tx *bolt.Tx, kind Kind, name string) error {
	if err := at(tx, bucketNames, string(kind)).Delete([]byte(name)); err != nil {
		return err
	}
	mine := map[string]bool{}
	if err := eachVersion(tx, kind, name, func(_ []byte, r record) error {
		mine[r.Digest] = true
		return nil
	}); err != nil {
		return err
	}
	if h := at(tx, bucketHistory, string(kind)); h != nil && h.Bucket([]byte(name)) != nil {
		if err := h.DeleteBucket([]byte(name)); err != nil {
			return err
		}
	}
	return sweep(tx, kind, mine)
}

// sweep deletes those of the documents to which no history points any more.
func sweep(tx *bolt.Tx, kind Kind, digests map[string]bool) error {
	histories, contents := at(tx, bucketHistory, string(kind)), at(tx, bucketDocuments, string(kind))
	if histories != nil {
		if err := histories.ForEachBucket(func(name []byte) error {
			return eachVersion(tx, kind, string(name), func(_ []byte, r record) error {
				delete(digests, r.Digest)
				return nil
			})
		}); err != nil {
			return err
		}
	}
	if contents == nil {
		return nil
	}
	for _, d := range sortedKeys(digests) {
		if err := contents.Delete([]byte(d)); err != nil {
			return err
		}
	}
	return nil
}

// forgetOldest keeps a history at its length.
func forgetOldest(tx *bolt.Tx, kind Kind, name string) error {
	var keys [][]byte
	var digests []string
	if err := eachVersion(tx, kind, name, func(k []byte, r record) error {
		keys, digests = append(keys, append([]byte(nil), k...)), append(digests, r.Digest)
		return nil
	}); err != nil || len(keys) <= maxVersions {
		return err
	}
	h := at(tx, bucketHistory, string(kind), name)
	gone := map[string]bool{}
	for i := range len(keys) - maxVersions {
		if err := h.Delete(keys[i]); err != nil {
			return err
		}
		gone[digests[i]] = true
	}
	return sweep(tx, kind, gone)
}

// lookup reads what a name points to; known says whether there is an entry, which
// may be that of a deleted document.
func lookup(tx *bolt.Tx, kind Kind, name string) (r record, known bool, err error) {
	b := at(tx, bucketNames, string(kind))
	if b == nil {
		return r, false, nil
	}
	text := b.Get([]byte(name))
	if text == nil {
		return r, false, nil
	}
	r, err = readRecord(text)
	return r, true, err
}

// eachVersion calls fn for the versions of a name, oldest first.
func eachVersion(tx *bolt.Tx, kind Kind, name string, fn func(key []byte, r record) error) error {
	h := at(tx, bucketHistory, string(kind), name)
	if h == nil {
		return nil
	}
	return h.ForEach(func(k, v []byte) error {
		r, err := readRecord(v)
		if err != nil {
			return err
		}
		return fn(k, r)
	})
}

func (r record) entry(kind Kind, name string) Entry {
	return Entry{Kind: kind, Name: name, Digest: "sha256:" + r.Digest, Origin: r.Origin, At: r.time(), Version: r.Version}
}

// head is what the store reads of a document.
type head struct {
	Format  string `json:"format"`
	Version string `json:"version"`
}

func header(doc []byte) head {
	var h head
	_ = json.Unmarshal(doc, &h) // a document without these has none
	return h
}

// smaller is what to do about a document beyond the reader's bounds.
const smaller = ": make it smaller (of a plan: give the components that it does not know a rule, see planewise mapping check)"

func (s *Store) canonical(kind Kind, name string, doc []byte) ([]byte, head, error) {
	if len(doc) > MaxDocument {
		return nil, head{}, s.wrong("%s %s has %d MiB; the store keeps documents up to %d MiB%s", kind, name, len(doc)>>20, MaxDocument>>20, smaller)
	}
	var h head
	if err := json.Unmarshal(doc, &h); err != nil {
		return nil, h, s.wrong("%s %s is not JSON: %w; put the canonical form of the document", kind, name, err)
	}
	if want := "planewise." + kind.document() + "/"; !strings.HasPrefix(h.Format, want) {
		return nil, h, s.wrong("%s %s has the format %q; a %s begins with %q", kind, name, h.Format, kind.document(), want)
	}
	data, err := docs.Canonical(json.RawMessage(doc))
	if err != nil {
		return nil, h, err
	}
	if err := docs.CheckBounds(string(kind)+" "+name, data); err != nil {
		return nil, h, s.wrong("%w; it is not kept, since it could not be read again%s", err, smaller)
	}
	return data, h, nil
}

func (s *Store) checkName(kind Kind, name string) error {
	switch {
	case !slices.Contains(Kinds(), kind):
		return s.wrong("there is no kind of document %q", kind)
	case name == "":
		return s.wrong("a %s needs a name", kind)
	case len(name) > maxName:
		return s.wrong("the name of a %s has %d bytes; shorten it to %d", kind, len(name), maxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		return s.wrong("the name %q of a %s holds control characters; choose another", name, kind)
	case strings.HasPrefix(name, "sha256:"):
		return s.wrong("the name %q of a %s looks like a digest; choose another", name, kind)
	}
	return nil
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// hexOf is the digest of a document without its prefix.
func hexOf(data []byte) string { return strings.TrimPrefix(docs.DigestBytes(data), "sha256:") }

func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
