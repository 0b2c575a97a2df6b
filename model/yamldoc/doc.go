// Package yamldoc reads YAML and JSON that others wrote, within bounds, and
// without losing what they wrote.
//
// A document becomes a tree of Values: mappings in their written order, lists,
// and scalars by their source text, so that the version 3.10 stays "3.10" and
// does not become the number 3.1. Every value knows its line. What a scalar
// means (a number, a truth value, nothing at all) is decided by whoever reads
// it: JSON gives the types of YAML's core schema, TextJSON keeps texts.
//
// Hostile input is refused before or while it is read: size, depth, the number
// of values, and the number after expansion of aliases are bounded, so that a
// few hundred bytes cannot become a few gigabytes.
//
// Duplicate mapping keys are errors in the project's own documents. In files of
// vendors they occur (one released manifest has its "spec" twice), and every
// parser that silently takes one of the two loses packages or whole manifests.
// With Merge they are reported with both lines and merged.
package yamldoc

import (
	"bytes"

	"planewise/model"
)

// Duplicates says what becomes of a mapping key that stands twice.
type Duplicates uint8

const (
	// Refuse: an error that names both lines.
	Refuse Duplicates = iota
	// Merge: a diagnostic with both lines; lists are joined, mappings merged, of
	// null and something the something is taken, and of two different texts the
	// later one.
	Merge
	// Last: a diagnostic with both lines; the later one is taken as a whole, as most
	// parsers do. Values stand in no diagnostic, so that it is right for files that
	// hold secrets.
	Last
)

// The bounds used where Options leaves them at 0.
const (
	// DefaultMaxBytes is far above real documents: the largest manifest of 969
	// tags has 12 kB, the largest index 12 kB.
	DefaultMaxBytes = 16 << 20
	// DefaultMaxDepth: chart values reach about 15.
	DefaultMaxDepth = 100
	// DefaultMaxNodes keeps a tree below about 200 MB.
	DefaultMaxNodes = 1_000_000
)

// Options are the bounds of a document and the rule for duplicate keys.
type Options struct {
	MaxBytes   int
	MaxDepth   int
	MaxNodes   int // values, counted after aliases are expanded
	Duplicates Duplicates
}

func (o Options) withDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MaxDepth <= 0 {
		o.MaxDepth = DefaultMaxDepth
	}
	if o.MaxNodes <= 0 {
		o.MaxNodes = DefaultMaxNodes
	}
	return o
}

// Doc is one document. Root is never nil; an empty document has a Root of kind Null.
type Doc struct {
	Name string
	Root *Value
}

// Parse reads the one document that data holds, YAML or JSON. Name stands in
// errors and diagnostics; nothing is opened. The diagnostics are about duplicate
// keys and occur with Merge and Last only.
func Parse(name string, data []byte, o Options) (*Doc, []model.Diagnostic, error) {
	o = o.withDefaults()
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if err := checkSize(name, data, o); err != nil {
		return nil, nil, err
	}
	asJSON := isJSON(data)
	if err := checkText(name, data, o, asJSON); err != nil {
		return nil, nil, err
	}
	b := builder{name: name, o: o}
	var root *Value
	var err error
	if asJSON {
		root, err = b.fromJSON(data)
	} else {
		root, err = b.fromYAML(data)
	}
	if err != nil {
		return nil, nil, err
	}
	return &Doc{Name: name, Root: root}, b.diagnostics, nil
}

// Errorf is an error about a place in the document.
func (d *Doc) Errorf(v *Value, format string, args ...any) error {
	line := 0
	if v != nil {
		line = v.Line
	}
	return Errorf(d.Name, line, format, args...)
}
