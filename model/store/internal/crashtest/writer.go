package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"planewise/model/document"
	"planewise/model/store"
)

const (
	names = 12 // of each writer
	// gone stands for the digest of a document that was deleted.
	gone = "-"
)

// write changes a store, and says of each change what it is going to do and that it
// is done: "try NAME DIGEST", "ok NAME DIGEST".
func write(s settings, out io.Writer) error {
	rnd := rand.New(rand.NewPCG(s.seed, 0))
	st, err := store.Open(s.store, store.Options{Timeout: time.Minute})
	for i := 0; err == nil && (s.ops == 0 || i < s.ops); i++ {
		name := fmt.Sprintf("%s-%d", s.only, rnd.IntN(names))
		switch p := rnd.IntN(100); {
		case p < 2:
			_, _, err = st.Compact()
		case p < 20:
			fmt.Fprintf(out, "try %s %s\n", name, gone)
			if err = st.Delete(store.Plans, name); err == nil || errors.Is(err, store.ErrNotFound) {
				err = nil
				fmt.Fprintf(out, "ok %s %s\n", name, gone)
			}
		default:
			err = put(st, name, rnd, out)
		}
	}
	return err
}

func put(st *store.Store, name string, rnd *rand.Rand, out io.Writer) error {
	size := 100
	if rnd.IntN(4) == 0 {
		size = rnd.IntN(600_000) // some are compressed
	}
	var text strings.Builder
	for text.Len() < size {
		fmt.Fprintf(&text, "chart %d of %d, ", rnd.IntN(1000), rnd.IntN(30))
	}
	doc, err := document.Canonical(json.RawMessage(fmt.Appendf(nil, `{"format":"planewise.plan/1","n":%d,"x":%q}`, rnd.Uint32(), text.String())))
	if err != nil {
		return err
	}
	digest := document.DigestBytes(doc)
	fmt.Fprintf(out, "try %s %s\n", name, digest)
	if _, err := st.Put(store.Plans, name, doc, time.Time{}); err != nil {
		return err
	}
	fmt.Fprintf(out, "ok %s %s\n", name, digest)
	return nil
}

// ledger is what writers said of their documents, by name.
type ledger map[string]*entry

type entry struct{ acknowledged, tried string }

// note reads a line of a writer.
func (l ledger) note(line string) {
	var word, name, digest string
	if n, _ := fmt.Sscan(line, &word, &name, &digest); n != 3 {
		return
	}
	e := l[name]
	if e == nil {
		e = &entry{acknowledged: gone, tried: gone}
		l[name] = e
	}
	e.tried = digest
	if word == "ok" {
		e.acknowledged = digest
	}
}

// compare looks for each document of whose name the prefix is the start: it is the
// acknowledged one, or that of a change which was under way, and can be read. What is
// found counts as acknowledged from then on.
func (l ledger) compare(path, prefix string) (lost []string, err error) {
	st, err := store.Open(path, store.Options{Timeout: time.Minute})
	if err != nil {
		return nil, err
	}
	err = st.Read(func(r *store.Reader) error {
		for name, e := range l {
			if !strings.HasPrefix(name, prefix) {
				continue
			}
			found := gone
			d, err := r.Get(store.Plans, name)
			switch {
			case err == nil:
				found = d.Digest
			case !errors.Is(err, store.ErrNotFound):
				return err
			}
			if found != e.acknowledged && found != e.tried {
				lost = append(lost, fmt.Sprintf("%s is %s, acknowledged is %s, tried %s", name, found, e.acknowledged, e.tried))
			}
			e.acknowledged, e.tried = found, found
		}
		return nil
	})
	return lost, err
}

// sound checks the whole store.
func sound(path string) error {
	st, err := store.Open(path, store.Options{Timeout: time.Minute, ReadOnly: true})
	if err != nil {
		return err
	}
	ds, err := st.Check()
	if err == nil && len(ds) > 0 {
		err = fmt.Errorf("%d diagnostics: %s: %s", len(ds), ds[0].Subject, ds[0].Summary)
	}
	return err
}
