package app

import (
	"errors"
	"fmt"
	"strings"

	"planewise/fixtures"
	"planewise/model/document"
	"planewise/planner/inputs"
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
	// Edits are the mappings that hold what was edited on this site.
	Edits Kind = "edits"
)

// library finds documents by kind and name: those that the program carries, or these
// with the store's.
type library interface {
	// names are sorted.
	names(kind Kind) ([]string, error)
	// document is the document's canonical form; errNotFound where there is none.
	document(kind Kind, name string) (kept, error)
}

// kept is a document as it is kept.
type kept struct {
	data   []byte // canonical JSON
	digest string
}

var errNotFound = errors.New("not found")

// embedded is the library of documents the program carries.
type embedded struct{}

func (embedded) names(kind Kind) ([]string, error) {
	var names []string
	for _, d := range fixtures.Documents(string(kind)) {
		names = append(names, d.Name)
	}
	return names, nil
}

func (embedded) document(kind Kind, name string) (kept, error) {
	for _, d := range fixtures.Documents(string(kind)) {
		if d.Name == name {
			data, err := d.Content()
			return kept{data, d.Digest}, err
		}
	}
	return kept{}, errNotFound
}

// load reads all documents of a kind in the order of their names.
func load[T any](lib library, kind Kind) ([]T, error) {
	names, err := lib.names(kind)
	if err != nil {
		return nil, err
	}
	out := make([]T, len(names))
	for i, name := range names {
		if out[i], err = get[T](lib, kind, name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// get reads one document of a kind by its name.
func get[T any](lib library, kind Kind, name string) (T, error) {
	d, err := find(lib, kind, name)
	if err != nil {
		var none T
		return none, err
	}
	v, err := document.Kept[T](d.data)
	if r, ok := lib.(*reading); ok && err == nil {
		r.read = append(r.read, inputs.Read{Value: v, Content: d.data, Digest: d.digest})
	}
	return v, err
}

// reading is a library that remembers what was read from it.
type reading struct {
	library
	read []inputs.Read
}

// find is library.document, with an error that says which names there are.
func find(lib library, kind Kind, name string) (kept, error) {
	d, err := lib.document(kind, name)
	if !errors.Is(err, errNotFound) {
		return d, err
	}
	names, err := lib.names(kind)
	if err != nil {
		return d, err
	}
	return d, fmt.Errorf("no %s is called %q: use a file, or one of %s", kind, name, strings.Join(names, ", "))
}
