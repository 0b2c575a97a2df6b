package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/model/store"
	"planewise/model/yamldoc"
	"planewise/planner/impact"
)

// ErrBusy: another process has held the store's lock for too long.
var ErrBusy = store.ErrBusy

// open opens the store, as a library with what the program carries.
func (a *App) open() (library, error) { return a.shared() }

func (a *App) shared() (*shared, error) {
	s, err := a.store()
	return &shared{s, map[Kind][]Entry{}}, err
}

// store is the same for all of an invocation, as long as its file is there. The file
// itself is open only during each operation, so that commands run side by side.
func (a *App) store() (*store.Store, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.storeFile(); err != nil {
		return nil, err
	}
	if a.opened != nil && a.Files.Exists(a.StorePath) {
		return a.opened, nil
	}
	s, err := store.Open(a.StorePath, store.Options{})
	if err != nil {
		return nil, err
	}
	a.opened = s
	return s, nil
}

// storeFile refuses a store that could not be opened without waiting for ever.
func (a *App) storeFile() error {
	if err := a.Files.Check(a.StorePath); err != nil && a.Files.Exists(a.StorePath) {
		return fmt.Errorf("the store: %w (--store)", err)
	}
	return nil
}

// shared is the library of the store's documents and of those that the program
// carries, where the store has no other of the name and the user did not remove it.
// What a kind has is listed once. The documents are the store's, or of one moment of it.
type shared struct {
	reader
	listed map[Kind][]Entry
}

type reader interface {
	Get(kind store.Kind, ref string) (store.Document, error)
	List(kind store.Kind) ([]store.Entry, error)
	Hidden(kind store.Kind) ([]string, error)
}

// entries are the documents of a kind by name.
func (l *shared) entries(kind Kind) ([]Entry, error) {
	return once(l.listed, kind, func() ([]Entry, error) { return l.list(kind) })
}

func (l *shared) list(kind Kind) ([]Entry, error) {
	own, err := l.List(store.Kind(kind))
	if err != nil {
		return nil, err
	}
	hidden, err := l.Hidden(store.Kind(kind))
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, e := range own {
		// An older planewise copied what it carried into the store.
		if e.Origin != store.Embedded {
			hidden = append(hidden, e.Name)
			out = append(out, Entry{Name: e.Name, Origin: string(e.Origin), Digest: e.Digest})
		}
	}
	for _, d := range fixtures.Documents(string(kind)) {
		if !slices.Contains(hidden, d.Name) {
			out = append(out, Entry{Name: d.Name, Origin: string(store.Embedded), Digest: d.Digest})
		}
	}
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func (l *shared) entry(kind Kind, name string) (Entry, error) {
	entries, err := l.entries(kind)
	if err != nil {
		return Entry{}, err
	}
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.Name == name })
	if i < 0 {
		return Entry{}, errNotFound
	}
	return entries[i], nil
}

func (l *shared) names(kind Kind) ([]string, error) {
	entries, err := l.entries(kind)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	return names, nil
}

func (l *shared) document(kind Kind, name string) (kept, error) {
	switch e, err := l.entry(kind, name); {
	case err != nil && !errors.Is(err, errNotFound):
		return kept{}, err
	case err == nil && e.Origin == string(store.Embedded):
		return embedded{}.document(kind, name)
	case err != nil && fixtures.Documents(string(kind)) != nil && !strings.HasPrefix(name, "sha256:"):
		return kept{}, err
	}
	d, err := l.Get(store.Kind(kind), name) // by its digest, too
	if errors.Is(err, store.ErrNotFound) {
		return kept{}, errNotFound
	}
	return kept{d.Data, d.Digest}, err
}

// together lets fn read several documents of one moment, in one transaction where the
// library is the store. Who writes waits for fn.
func together(lib library, fn func(library) error) error {
	l, ok := lib.(*shared)
	if !ok {
		return fn(lib)
	}
	s, ok := l.reader.(*store.Store)
	if !ok {
		return fn(lib)
	}
	return s.Read(func(r *store.Reader) error { return fn(&shared{r, map[Kind][]Entry{}}) })
}

// Entry is one document of the store.
type Entry struct {
	Name   string `json:"name"`
	Origin string `json:"origin"`
	Digest string `json:"digest"`
	// Customizations is the digest of what a system sets in its charts; "" where
	// nothing is known of that.
	Customizations string `json:"customizations,omitempty"`
}

// List lists the documents of a kind by name.
func (a *App) List(kind Kind) ([]Entry, error) {
	lib, err := a.shared()
	if err != nil {
		return nil, err
	}
	entries, err := lib.entries(kind)
	if entries == nil {
		entries = []Entry{}
	}
	return entries, err
}

// put keeps a document under a name.
func (a *App) put(kind Kind, name string, doc []byte) (Entry, error) {
	s, err := a.store()
	if err != nil {
		return Entry{}, err
	}
	digest, err := s.Put(store.Kind(kind), name, doc, a.Now())
	return Entry{Name: name, Origin: string(store.User), Digest: digest}, err
}

// Remove forgets a document and its history. One that the program carries is hidden
// until the user keeps another under its name; where it had been replaced by the
// user's, it is there again.
func (a *App) Remove(kind Kind, name string) error {
	s, err := a.store()
	if err != nil {
		return err
	}
	lib := &shared{s, map[Kind][]Entry{}}
	if e, err := lib.entry(kind, name); err == nil && e.Origin == string(store.Embedded) {
		return s.Hide(store.Kind(kind), name)
	}
	return s.Delete(store.Kind(kind), name)
}

// Document is a document's canonical JSON.
func (a *App) Document(kind Kind, name string) ([]byte, error) {
	lib, err := a.open()
	if err != nil {
		return nil, err
	}
	d, err := find(lib, kind, name)
	return d.data, err
}

// ImportDocument reads a system or policy into the store, under its own name.
func (a *App) ImportDocument(kind Kind, path string) (Entry, error) {
	name, doc, diags, err := a.read(kind, path)
	if err != nil {
		return Entry{}, err
	}
	if model.HasBlocking(diags) {
		return Entry{}, blocked(path, diags)
	}
	return a.put(kind, name, doc)
}

func blocked(path string, diags []model.Diagnostic) error {
	var errs []error
	for _, d := range diags {
		if d.Severity == model.Blocking {
			errs = append(errs, fmt.Errorf("%s: %s: %s; %s", path, d.Subject, d.Summary, d.Hint))
		}
	}
	return errors.Join(errs...)
}

// CheckDocument says what is wrong or remarkable about a system or policy file.
func (a *App) CheckDocument(kind Kind, path string) ([]model.Diagnostic, error) {
	_, _, diags, err := a.read(kind, path)
	return diags, err
}

// read reads a document of the user's and looks at it as a plan would.
func (a *App) read(kind Kind, path string) (name string, doc []byte, diags []model.Diagnostic, err error) {
	data, err := a.Files.Read(path, yamldoc.DefaultMaxBytes)
	if err != nil {
		return "", nil, nil, fmt.Errorf("read %s: %w", kind, err)
	}
	lib, err := a.open()
	if err != nil {
		return "", nil, nil, err
	}
	system, err := oneDocument[model.System](a, lib, Systems, DemoRequest().System)
	if err != nil {
		return "", nil, nil, err
	}
	policy, err := oneDocument[model.Policy](a, lib, Policies, DemoRequest().Policy)
	if err != nil {
		return "", nil, nil, err
	}
	var v any
	switch kind {
	case Systems:
		if system, err = document.Decode[model.System](path, data); err != nil {
			return "", nil, nil, err
		}
		name, v = system.Name, system
	case Policies:
		if policy, err = document.Decode[model.Policy](path, data); err != nil {
			return "", nil, nil, err
		}
		name, v = policy.Name, policy
	default:
		return "", nil, nil, fmt.Errorf("internal error: no check for a %s", kind)
	}
	layers, err := a.layers(lib, nil)
	if err != nil {
		return "", nil, nil, err
	}
	c, _ := catalog.New(layers...)
	_, diags = impact.New(c.Mapping(), system, policy)
	doc, err = document.Canonical(v)
	return name, doc, diags, err
}

// StoreInfo is what a store holds.
type StoreInfo struct {
	Path   string      `json:"path"`
	Layout int         `json:"layout"`
	Bytes  int64       `json:"bytes"`
	Kinds  []KindCount `json:"kinds"`
}

// KindCount is the number of documents of a kind: the names, those of them that the
// program carries, and the versions in the store.
type KindCount struct {
	Kind     Kind `json:"kind"`
	Names    int  `json:"names"`
	Embedded int  `json:"embedded"`
	Versions int  `json:"versions"`
}

// StoreInfo says where the store is and what it holds.
func (a *App) StoreInfo() (StoreInfo, error) {
	s, err := a.store()
	if err != nil {
		return StoreInfo{}, err
	}
	lib := &shared{s, map[Kind][]Entry{}}
	i, err := s.Info()
	if err != nil {
		return StoreInfo{}, err
	}
	out := StoreInfo{Path: i.Path, Layout: i.Layout, Bytes: i.Bytes, Kinds: []KindCount{}}
	for _, k := range i.Kinds {
		one := KindCount{Kind: Kind(k.Kind), Versions: k.Documents}
		entries, err := lib.entries(one.Kind)
		if err != nil {
			return out, err
		}
		one.Names = len(entries)
		for _, e := range entries {
			if e.Origin == string(store.Embedded) {
				one.Embedded++
			}
		}
		out.Kinds = append(out.Kinds, one)
	}
	return out, nil
}

// Compacted says what compacting the store did to its file.
type Compacted struct {
	Path   string `json:"path"`
	Before int64  `json:"bytes_before"`
	After  int64  `json:"bytes_after"`
}

// CompactStore writes the store's file anew, smaller.
func (a *App) CompactStore() (Compacted, error) {
	s, err := a.store()
	if err != nil {
		return Compacted{}, err
	}
	before, after, err := s.Compact()
	return Compacted{Path: s.Path(), Before: before, After: after}, err
}

// CheckStore reads everything in the store and says what is wrong with it.
func (a *App) CheckStore() ([]model.Diagnostic, error) {
	if err := a.storeFile(); err != nil {
		return nil, err
	}
	s, err := store.Open(a.StorePath, store.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	diags, err := s.Check()
	if diags == nil {
		diags = []model.Diagnostic{}
	}
	return diags, err
}
