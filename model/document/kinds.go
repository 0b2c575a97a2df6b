package document

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"

	// why: validation of JSON Schema 2020-12 with exact places of what is wrong.
	"github.com/santhosh-tekuri/jsonschema/v6"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/yamldoc"
)

// kind is one kind of document.
type kind struct {
	name    string // "policy"
	version int    // the newest format that this planewise knows
	typ     reflect.Type
	schema  func() (*jsonschema.Schema, error)
}

func (k kind) format(version int) string {
	return "planewise." + k.name + "/" + strconv.Itoa(version)
}

var kinds = []kind{
	newKind[model.Customizations]("customizations"),
	newKind[model.Mapping]("mapping"),
	newKind[model.Plan]("plan"),
	newKind[model.Policy]("policy"),
	newKind[model.Procedure]("procedure"),
	newKind[model.Release]("release"),
	newKind[model.System]("system"),
}

// Kinds lists the kinds of documents by name.
func Kinds() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// newKind compiles its schema when it is used first, and once.
func newKind[T any](name string) kind {
	return kind{name, 1, reflect.TypeFor[T](), sync.OnceValues(func() (*jsonschema.Schema, error) {
		return compile(name)
	})}
}

func compile(name string) (*jsonschema.Schema, error) {
	text, err := schemaFile(name)
	if err != nil {
		return nil, fmt.Errorf("internal error: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("internal error: schema of %s: %w", name, err)
	}
	c := jsonschema.NewCompiler()
	url := "urn:planewise:schema:" + name
	if err := c.AddResource(url, doc); err != nil {
		return nil, fmt.Errorf("internal error: schema of %s: %w", name, err)
	}
	s, err := c.Compile(url)
	if err != nil {
		return nil, fmt.Errorf("internal error: schema of %s: %w", name, err)
	}
	return s, nil
}

func schemaFile(kind string) ([]byte, error) {
	return fixtures.Published.ReadFile("schema/" + kind + ".schema.json")
}

func kindOf(t reflect.Type) (kind, error) {
	for _, k := range kinds {
		if k.typ == t {
			return k, nil
		}
	}
	return kind{}, fmt.Errorf("internal error: %s is no document", t)
}

func kindNamed(name string) (kind, error) {
	for _, k := range kinds {
		if k.name == name {
			return k, nil
		}
	}
	return kind{}, fmt.Errorf("there is no kind of document %q: use one of %s", name, strings.Join(Kinds(), ", "))
}

// checkFormat reads the format word. newer: the document is of this kind and of a
// later format.
func (k kind) checkFormat(doc *yamldoc.Doc) (newer bool, err error) {
	root := doc.Root
	if root.Kind != yamldoc.Map {
		return false, problem(doc.Name, root.Line, "", "this is %s, not a %s; a %s begins with \"format: %s\"",
			root.Kind, k.name, k.name, k.format(k.version))
	}
	word := root.Get("format")
	if word == nil {
		return false, problem(doc.Name, root.Line, "", "the field \"format\" is missing; a %s begins with \"format: %s\"",
			k.name, k.format(k.version))
	}
	other, version, ok := splitFormat(word.String())
	switch {
	case !ok:
		return false, problem(doc.Name, word.Line, "format", "%q is not a format of planewise; a %s has %q",
			word.String(), k.name, k.format(k.version))
	case other != k.name:
		return false, problem(doc.Name, word.Line, "format", "this is a %s, and a %s is expected here; name another file, or correct the format to %q",
			other, k.name, k.format(k.version))
	}
	return version > k.version, nil
}

// tooNew is the error for a document that only a later planewise can read.
func (k kind) tooNew(doc *yamldoc.Doc) error {
	word := doc.Root.Get("format")
	return problem(doc.Name, word.Line, "format", "this %s was written by a newer planewise (%s; this one knows up to %s); update planewise, or write the document in the older format",
		k.name, word.String(), k.format(k.version))
}

func splitFormat(word string) (name string, version int, ok bool) {
	rest, found := strings.CutPrefix(word, "planewise.")
	name, number, slash := strings.Cut(rest, "/")
	if !found || !slash {
		return "", 0, false
	}
	if _, err := kindNamed(name); err != nil {
		return "", 0, false
	}
	version, err := strconv.Atoi(number)
	return name, version, err == nil && version >= 1 && strconv.Itoa(version) == number
}
