// Package schemagen derives the JSON Schemas of planewise's documents from the
// types of package model: the structure by reflection, titles, descriptions and
// the words of enumerations from the source's comments and constants, and what Go
// cannot say (ranges, patterns, which fields must be there) from the table in
// limits.go.
//
// Run it with
//
//	go run ./model/document/internal/genschema
//
// after any change to package model; a test fails while the files in
// fixtures/schema are behind.
package schemagen

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"planewise/model"
	"planewise/model/document"
)

// Schema is the part of JSON Schema 2020-12 that the documents need, in the order
// in which it is written.
type Schema struct {
	Dialect     string          `json:"$schema,omitempty"`
	ID          string          `json:"$id,omitempty"`
	Ref         string          `json:"$ref,omitempty"`
	Title       string          `json:"title,omitempty"`
	Description string          `json:"description,omitempty"`
	Type        any             `json:"type,omitempty"` // a word or a list of words
	Const       string          `json:"const,omitempty"`
	Enum        []string        `json:"enum,omitempty"`
	Pattern     string          `json:"pattern,omitempty"`
	Minimum     *int64          `json:"minimum,omitempty"`
	Maximum     *int64          `json:"maximum,omitempty"`
	MinLength   int             `json:"minLength,omitempty"`
	MinItems    int             `json:"minItems,omitempty"`
	Required    []string        `json:"required,omitempty"`
	If          *Schema         `json:"if,omitempty"`
	Then        *Schema         `json:"then,omitempty"`
	Else        *Schema         `json:"else,omitempty"`
	OneOf       []Schema        `json:"oneOf,omitempty"`
	Properties  json.RawMessage `json:"properties,omitempty"`
	// ByPattern: the keys of a mapping have a form.
	ByPattern  map[string]Schema `json:"patternProperties,omitempty"`
	Additional any               `json:"additionalProperties,omitempty"`
	Items      *Schema           `json:"items,omitempty"`
	AnyOf      []Schema          `json:"anyOf,omitempty"`
	Defs       json.RawMessage   `json:"$defs,omitempty"`
}

// Root is one kind of document.
type Root struct {
	Kind   string // "policy"
	Format string
	Type   reflect.Type
	// Open: readers keep fields they do not know, so the schema allows them.
	Open bool
}

// Roots lists the documents by name.
func Roots() []Root {
	return []Root{
		{"customizations", model.FormatCustomizations, reflect.TypeFor[model.Customizations](), false},
		{"mapping", model.FormatMapping, reflect.TypeFor[model.Mapping](), false},
		{"plan", model.FormatPlan, reflect.TypeFor[model.Plan](), true},
		{"policy", model.FormatPolicy, reflect.TypeFor[model.Policy](), false},
		{"procedure", model.FormatProcedure, reflect.TypeFor[model.Procedure](), false},
		{"release", model.FormatRelease, reflect.TypeFor[model.Release](), false},
		{"system", model.FormatSystem, reflect.TypeFor[model.System](), false},
	}
}

// Generate returns the schema of each kind of document. modelDir is the folder of
// package model's source.
func Generate(modelDir string) (map[string][]byte, error) {
	docs, err := readSource(modelDir)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, root := range Roots() {
		g := generator{docs: docs, root: root, defs: map[string]json.RawMessage{}}
		b, err := g.document()
		if err != nil {
			return nil, fmt.Errorf("schema of %s: %w", root.Kind, err)
		}
		out[root.Kind] = b
	}
	return out, nil
}

type generator struct {
	docs source
	root Root
	defs map[string]json.RawMessage
}

func (g *generator) document() ([]byte, error) {
	s, err := g.object(g.root.Type)
	if err != nil {
		return nil, err
	}
	s.Dialect = "https://json-schema.org/draft/2020-12/schema"
	s.ID = "urn:planewise:schema:" + strings.ReplaceAll(strings.TrimPrefix(g.root.Format, "planewise."), "/", ":")
	s.Title = "planewise " + g.root.Kind
	if s.Defs, err = document.Canonical(g.defs); err != nil {
		return nil, err
	}
	return document.Canonical(s)
}

// object describes a struct type itself; of everywhere else only refers to it.
func (g *generator) object(t reflect.Type) (Schema, error) {
	s := Schema{Title: title(t.Name()), Description: g.docs.typeDoc(t), Type: "object", Additional: false}
	if g.root.Open {
		s.Additional = nil
	}
	var properties strings.Builder
	properties.WriteByte('{')
	err := eachField(t, func(owner reflect.Type, f reflect.StructField, name string, optional bool) error {
		p, err := g.property(owner, f, name)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t.Name(), f.Name, err)
		}
		b, err := document.Canonical(p)
		if err != nil {
			return err
		}
		if properties.Len() > 1 {
			properties.WriteByte(',')
		}
		fmt.Fprintf(&properties, "%q:%s", name, b)
		if g.required(t, name, optional) {
			s.Required = append(s.Required, name)
		}
		return nil
	})
	properties.WriteByte('}')
	s.Properties = json.RawMessage(properties.String())
	for _, name := range oneOf[t.Name()] {
		s.OneOf = append(s.OneOf, Schema{Required: []string{name}})
	}
	if len(partial[t.Name()]) > 0 && err == nil {
		err = g.partial(&s, t)
	}
	return s, err
}

// partial lets a procedure leave out what is said elsewhere. Which fields of its stages
// have to be there depends on that too, so it is said here and not of the stages.
func (g *generator) partial(s *Schema, t reflect.Type) error {
	if t == reflect.TypeFor[model.Stage]() {
		s.Required = nil
		return nil
	}
	var whole []string
	err := eachField(reflect.TypeFor[model.Stage](), func(_ reflect.Type, _ reflect.StructField, name string, optional bool) error {
		if g.required(reflect.TypeFor[model.Stage](), name, optional) {
			whole = append(whole, name)
		}
		return nil
	})
	s.If, s.Then, s.Else = &Schema{}, stagesWith("id"), stagesWith(whole...)
	for _, field := range partial[t.Name()] {
		s.If.AnyOf = append(s.If.AnyOf, Schema{Required: []string{field}})
	}
	s.Required, s.Else.Required = []string{"format", "name"}, s.Required
	return err
}

// stagesWith says which fields every stage needs.
func stagesWith(fields ...string) *Schema {
	list := strings.Join(fields, `","`)
	return &Schema{Properties: json.RawMessage(`{"stages":{"items":{"required":["` + list + `"]}}}`)}
}

// required: in a document that people write, every field that has no "empty"
// meaning; in a plan, which has to open for ever, what its contract names.
func (g *generator) required(t reflect.Type, name string, optional bool) bool {
	if g.root.Open {
		return planRequires(t.Name(), name)
	}
	return !optional && !mayBeAbsent[t.Name()+"."+name] && !mayBeAbsent["*."+name]
}

func (g *generator) property(owner reflect.Type, f reflect.StructField, name string) (Schema, error) {
	s, err := g.of(f.Type)
	if err != nil {
		return s, err
	}
	if doc := g.docs.fieldDoc(owner, f); doc != "" {
		s.Description = doc
	}
	if name == "format" && owner == g.root.Type {
		s.Const = g.root.Format
	}
	apply(&s, owner.Name(), name, g.root.Open)
	return s, nil
}

var textType = reflect.TypeFor[encoding.TextMarshaler]()

func (g *generator) of(t reflect.Type) (Schema, error) {
	if t == reflect.TypeFor[json.RawMessage]() {
		return Schema{Type: []string{"object", "null"}}, nil
	}
	if t.Kind() == reflect.Pointer {
		return g.pointer(t.Elem())
	}
	if t.Name() != "" && t.PkgPath() != "" {
		return Schema{Ref: "#/$defs/" + t.Name()}, g.define(t)
	}
	switch t.Kind() {
	case reflect.String:
		return Schema{Type: "string"}, nil
	case reflect.Bool:
		return Schema{Type: "boolean"}, nil
	case reflect.Int, reflect.Int64:
		return Schema{Type: "integer"}, nil
	case reflect.Slice:
		items, err := g.of(t.Elem())
		return Schema{Type: "array", Items: &items}, err
	case reflect.Map:
		return g.mapping(t)
	}
	return Schema{}, fmt.Errorf("no schema for type %s", t)
}

// mapping describes a map. Keys that are words of an enumeration are written out as
// fields, and keys of a form as patternProperties: editors complete the first, and
// validators report both better than propertyNames.
func (g *generator) mapping(t reflect.Type) (Schema, error) {
	s := Schema{Type: "object"}
	values, err := g.of(t.Elem())
	if err != nil {
		return s, err
	}
	words, _ := g.docs.enum(t.Key())
	form := limits[t.Key().Name()].pattern
	switch {
	case g.root.Open || t.Key().PkgPath() == "" || len(words) == 0 && form == "":
		s.Additional = &values
	case len(words) > 0:
		b, err := document.Canonical(values)
		if err != nil {
			return s, err
		}
		var fields []string
		for _, w := range words {
			fields = append(fields, fmt.Sprintf("%q:%s", w, b))
		}
		s.Properties, s.Additional = json.RawMessage("{"+strings.Join(fields, ",")+"}"), false
	default:
		s.ByPattern, s.Additional = map[string]Schema{form: values}, false
	}
	return s, nil
}

// pointer is a value that may be absent. In a plan it stands there as null; in a
// document that people write it is left out.
func (g *generator) pointer(t reflect.Type) (Schema, error) {
	s, err := g.of(t)
	if err != nil || !g.root.Open {
		return s, err
	}
	if s.Ref == "" {
		s.Type = []string{s.Type.(string), "null"}
		return s, nil
	}
	return Schema{AnyOf: []Schema{s, {Type: "null"}}}, nil
}

// define adds a named type to the definitions.
func (g *generator) define(t reflect.Type) error {
	if _, ok := g.defs[t.Name()]; ok {
		return nil
	}
	g.defs[t.Name()] = nil // a type may contain itself
	s := Schema{Title: title(t.Name()), Description: g.docs.typeDoc(t)}
	switch {
	case t.Kind() == reflect.Struct:
		var err error
		if s, err = g.object(t); err != nil {
			return err
		}
	case t.Implements(textType):
		s.Type = "string"
		s.Enum = words(t)
	case t.Kind() == reflect.String:
		s.Type = "string"
		var meanings string
		if s.Enum, meanings = g.docs.enum(t); meanings != "" {
			s.Description = strings.TrimSpace(s.Description + " " + meanings)
		}
		apply(&s, t.Name(), "", g.root.Open)
	default:
		return fmt.Errorf("no schema for type %s", t)
	}
	b, err := document.Canonical(s)
	g.defs[t.Name()] = b
	return err
}

// words are the words of a numbered enumeration, in its order.
func words(t reflect.Type) []string {
	var ws []string
	for i := range 256 {
		v := reflect.New(t)
		v.Elem().SetUint(uint64(i))
		w, err := v.Interface().(encoding.TextMarshaler).MarshalText()
		if err != nil || v.Interface().(encoding.TextUnmarshaler).UnmarshalText(w) != nil {
			break
		}
		ws = append(ws, string(w))
	}
	return ws
}

// eachField calls fn for the JSON fields of a struct type in their order; those of
// an embedded struct stand in its place, with that struct as their owner.
func eachField(t reflect.Type, fn func(owner reflect.Type, f reflect.StructField, name string, optional bool) error) error {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("json")
		if f.Anonymous && !tagged {
			if err := eachField(f.Type, fn); err != nil {
				return err
			}
			continue
		}
		name, opts, _ := strings.Cut(tag, ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if !tagged || name == "" {
			return fmt.Errorf("%s.%s has no JSON name", t.Name(), f.Name)
		}
		if err := fn(t, f, name, opts == "omitempty"); err != nil {
			return err
		}
	}
	return nil
}

// title splits a type's name into words: "NodeGroup" is "node group".
func title(name string) string {
	var b strings.Builder
	for i, r := range name {
		upper := r >= 'A' && r <= 'Z'
		if upper && i > 0 && (name[i-1] < 'A' || name[i-1] > 'Z') {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	if s := b.String(); s != strings.ToUpper(s) {
		return strings.ToLower(s)
	}
	return b.String()
}
