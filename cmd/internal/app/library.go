package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup" // why: several goroutines, the first error

	"planewise/fixtures"
	"planewise/model/document"
)

// Kind is a kind of document the store keeps.
type Kind string

const (
	Releases   Kind = "release"
	Mappings   Kind = "mapping"
	Procedures Kind = "procedure"
	Systems    Kind = "system"
	Policies   Kind = "policy"
	Plans      Kind = "plan"
)

// folders of the embedded documents.
var folders = map[Kind]string{
	Releases: "releases", Mappings: "mapping", Procedures: "procedures", Systems: "systems", Policies: "policies",
}

// library finds documents by kind and name. The store is one; the embedded
// documents are another, for what has to work without a store.
type library interface {
	// names are sorted.
	names(kind Kind) ([]string, error)
	// document is the document's bytes; errNotFound where there is none.
	document(kind Kind, name string) ([]byte, error)
}

var errNotFound = errors.New("not found")

// embedded is the library of documents the program carries.
type embedded struct{}

func (embedded) names(kind Kind) ([]string, error) {
	entries, err := fs.ReadDir(fixtures.FS, folders[kind])
	if err != nil {
		return nil, fmt.Errorf("internal error: embedded %s: %w", folders[kind], err)
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".yaml"); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func (embedded) document(kind Kind, name string) ([]byte, error) {
	data, err := fs.ReadFile(fixtures.FS, path.Join(folders[kind], name+".yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNotFound
	}
	return data, err
}

// load reads all documents of a kind in the order of their names.
func load[T any](lib library, kind Kind) ([]T, error) {
	names, err := lib.names(kind)
	if err != nil {
		return nil, err
	}
	// Documents are read side by side: a first start reads all that the program
	// carries, and nobody should wait for one after the other.
	out := make([]T, len(names))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		group.Go(func() (err error) {
			out[i], err = get[T](lib, kind, name)
			return err
		})
	}
	return out, group.Wait()
}

// get reads one document of a kind by its name.
func get[T any](lib library, kind Kind, name string) (T, error) {
	var none T
	data, err := lib.document(kind, name)
	if errors.Is(err, errNotFound) {
		names, listErr := lib.names(kind)
		if listErr != nil {
			return none, listErr
		}
		return none, fmt.Errorf("no %s is called %q: use a file, or one of %s", kind, name, strings.Join(names, ", "))
	}
	if err != nil {
		return none, err
	}
	if _, ok := lib.(kept); ok {
		// The store holds canonical JSON that was checked when it was put there.
		err := json.Unmarshal(data, &none)
		return none, err
	}
	return document.Decode[T](name, data)
}
