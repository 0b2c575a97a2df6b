package store

import (
	"fmt"
	"strings"

	bolt "go.etcd.io/bbolt"
)

const (
	// minDigest is how many digits of a digest name a document.
	minDigest = 6
	// named bounds the names that an error lists.
	named = 12
)

// resolve finds what a reference stands for: a name; a digest or the start of one,
// also of an older version; the version of a release where only one product has it.
func (s *Store) resolve(tx *bolt.Tx, kind Kind, ref string) (Entry, error) {
	r, _, err := lookup(tx, kind, ref)
	if err != nil {
		return Entry{}, err
	}
	if r.Digest != "" {
		return r.entry(kind, ref), nil
	}
	all, err := list(tx, kind)
	if err != nil {
		return Entry{}, err
	}
	if digits, ok := strings.CutPrefix(ref, "sha256:"); ok {
		return s.byDigest(tx, kind, digits, all)
	}
	var fits []Entry
	for _, e := range all {
		if e.Version != "" && e.Version == ref {
			fits = append(fits, e)
		}
	}
	switch len(fits) {
	case 0:
		return Entry{}, s.notFound(kind, ref, all)
	case 1:
		return fits[0], nil
	}
	return Entry{}, s.fail(ErrAmbiguous, "%s %s may be %s; name one of them", kind, ref, listed(fits, " or "))
}

// byDigest finds a document by the digits of its digest. A name that points to it
// now comes before one that did.
func (s *Store) byDigest(tx *bolt.Tx, kind Kind, digits string, all []Entry) (Entry, error) {
	if len(digits) < minDigest || !isHex(digits, len(digits)) {
		return Entry{}, s.wrong("sha256:%s is too short for a digest, or none; write at least %d of its digits", digits, minDigest)
	}
	b := at(tx, bucketDocuments, string(kind))
	if b == nil {
		return Entry{}, s.notFound(kind, "sha256:"+digits, all)
	}
	var found []string
	c := b.Cursor()
	for k, _ := c.Seek([]byte(digits)); k != nil && strings.HasPrefix(string(k), digits); k, _ = c.Next() {
		found = append(found, string(k))
	}
	switch len(found) {
	case 0:
		return Entry{}, s.notFound(kind, "sha256:"+digits, all)
	case 1:
	default:
		return Entry{}, s.fail(ErrAmbiguous, "sha256:%s may be %s; write more of its digits", digits, strings.Join(found[:min(len(found), named)], " or "))
	}
	for _, e := range all {
		if e.Digest == "sha256:"+found[0] {
			return e, nil
		}
	}
	return record{Digest: found[0]}.entry(kind, ""), nil
}

func (s *Store) notFound(kind Kind, ref string, all []Entry) error {
	hint := fmt.Sprintf("there is no %s in the store yet; import it", kind)
	if len(all) > 0 {
		hint = "known are " + listed(all, ", ")
	}
	return s.fail(ErrNotFound, "%s %s is not there; %s", kind, ref, hint)
}

func listed(es []Entry, separator string) string {
	var names []string
	for _, e := range es[:min(len(es), named)] {
		names = append(names, e.Name)
	}
	text := strings.Join(names, separator)
	if len(es) > named {
		text += fmt.Sprintf(" and %d more", len(es)-named)
	}
	return text
}
