package app

import (
	"errors"
	"fmt"

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

// open opens the store and puts the embedded documents into a new one. The file
// itself is open only during each operation, so that commands run side by side.
func (a *App) open() (library, error) {
	s, err := a.store()
	if err != nil {
		return nil, err
	}
	return kept{s}, nil
}

// store is the same for all of an invocation, as long as its file is there.
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
	if _, err := s.Seed(fixtures.FS, a.Now()); err != nil {
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

// kept is the library of the store's documents: of the store, or of one moment of it.
type kept struct{ reader }

type reader interface {
	Get(kind store.Kind, ref string) (store.Document, error)
	List(kind store.Kind) ([]store.Entry, error)
}

func (k kept) names(kind Kind) ([]string, error) {
	entries, err := k.List(store.Kind(kind))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	return names, nil
}

func (k kept) document(kind Kind, name string) ([]byte, error) {
	d, err := k.Get(store.Kind(kind), name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errNotFound
	}
	return d.Data, err
}

// together lets fn read several documents of one moment, in one transaction where the
// library is the store. Who writes waits for fn.
func together(lib library, fn func(library) error) error {
	k, _ := lib.(kept)
	s, ok := k.reader.(*store.Store)
	if !ok {
		return fn(lib)
	}
	return s.Read(func(r *store.Reader) error { return fn(kept{r}) })
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
	s, err := a.store()
	if err != nil {
		return nil, err
	}
	entries, err := s.List(store.Kind(kind))
	if err != nil {
		return nil, err
	}
	out := []Entry{}
	for _, e := range entries {
		out = append(out, Entry{Name: e.Name, Origin: string(e.Origin), Digest: e.Digest})
	}
	return out, nil
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

// Remove forgets a document and its history.
func (a *App) Remove(kind Kind, name string) error {
	s, err := a.store()
	if err != nil {
		return err
	}
	return s.Delete(store.Kind(kind), name)
}

// Document is a document's canonical JSON.
func (a *App) Document(kind Kind, name string) ([]byte, error) {
	s, err := a.store()
	if err != nil {
		return nil, err
	}
	d, err := s.Get(store.Kind(kind), name)
	return d.Data, err
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

// KindCount is the number of documents of a kind.
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
	i, err := s.Info()
	if err != nil {
		return StoreInfo{}, err
	}
	out := StoreInfo{Path: i.Path, Layout: i.Layout, Bytes: i.Bytes, Kinds: []KindCount{}}
	for _, k := range i.Kinds {
		out.Kinds = append(out.Kinds, KindCount{Kind: Kind(k.Kind), Names: k.Names, Embedded: k.Embedded, Versions: k.Documents})
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
