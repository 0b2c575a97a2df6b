package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	rule "github.com/santhosh-tekuri/jsonschema/v6/kind" // why: says which rule was broken, not only a sentence

	"planewise/model/yamldoc"
)

// breach is one broken rule of a schema.
type breach struct {
	Problem
	// word: an enumeration, a range or a form; the document's shape is right.
	word bool
}

// validate checks a document against its schema and says what is wrong in words
// of its own: the library's are about schemas, not about documents.
func (k kind) validate(root *yamldoc.Value) ([]breach, error) {
	schema, err := k.schema()
	if err != nil {
		return nil, err
	}
	err = schema.Validate(shape{strict: k.name == "plan"}.of(root, k.typ))
	if err == nil {
		return nil, nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return nil, fmt.Errorf("internal error: %w", err)
	}
	t := translator{root: root, schema: schema}
	t.walk(invalid)
	return t.found, nil
}

// shape turns a tree into the generic values that the schema library checks. What
// a scalar is follows the Go type: a version without quotes is a text.
type shape struct {
	// strict: the document was written by a program; scalars are what they are and
	// null is null.
	strict bool
}

var integer = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

func (s shape) of(n *yamldoc.Value, t reflect.Type) any {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case n.IsNull():
		return nil
	case t == rawType && n.Kind == yamldoc.Map:
		return map[string]any{} // any content will do
	case n.Kind == yamldoc.Map:
		return s.mapping(n, t)
	case n.Kind == yamldoc.List:
		var elem reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			elem = t.Elem()
		}
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = s.of(item, elem)
		}
		return list
	}
	return s.scalar(n, t)
}

func (s shape) mapping(n *yamldoc.Value, t reflect.Type) any {
	m := make(map[string]any, len(n.Entries))
	var e encoder
	for _, entry := range n.Entries {
		var below reflect.Type
		if t != nil && t.Kind() == reflect.Map {
			below = t.Elem()
		}
		if t != nil && t.Kind() == reflect.Struct {
			if f, ok := e.field(t, entry.Key); ok {
				below = f.typ
			}
		}
		if below != nil && t.Kind() == reflect.Struct && entry.Value.IsNull() && !s.strict {
			continue // "windows:" with every entry commented out
		}
		m[entry.Key] = s.of(entry.Value, below)
	}
	return m
}

func (s shape) scalar(n *yamldoc.Value, t reflect.Type) any {
	text := t != nil && (t.Kind() == reflect.String || isText(t))
	switch {
	case n.Quoted, text && !s.strict:
		return n.Text
	case n.Text == "true":
		return true
	case n.Text == "false":
		return false
	case integer.MatchString(n.Text):
		return json.Number(n.Text)
	}
	var v any
	if err := json.Unmarshal(rawJSON(n), &v); err != nil {
		return n.Text
	}
	return v
}

type translator struct {
	root   *yamldoc.Value
	schema *jsonschema.Schema
	found  []breach
}

func (t *translator) walk(e *jsonschema.ValidationError) {
	if _, ok := e.ErrorKind.(*rule.OneOf); ok {
		t.exclusive(e)
		return
	}
	if len(e.Causes) == 0 {
		t.leaf(e)
		return
	}
	for _, c := range e.Causes {
		// A value that may be null is "anyOf X, null": that it is not null is not
		// what is wrong with it.
		if want, ok := c.ErrorKind.(*rule.Type); ok && isAnyOf(e) && slices.Equal(want.Want, []string{"null"}) {
			continue
		}
		t.walk(c)
	}
}

func isAnyOf(e *jsonschema.ValidationError) bool {
	_, ok := e.ErrorKind.(*rule.AnyOf)
	return ok
}

func (t *translator) add(e *jsonschema.ValidationError, line int, word bool, format string, args ...any) {
	if line == 0 {
		line = t.at(e.InstanceLocation).Line
	}
	t.found = append(t.found, breach{Problem{line, t.path(e.InstanceLocation), fmt.Sprintf(format, args...)}, word})
}

// at is the value at a location, or the nearest above it.
func (t *translator) at(location []string) *yamldoc.Value {
	n := t.root
	for _, key := range location {
		below := n.Path(key)
		if below == nil {
			return n
		}
		n = below
	}
	return n
}

func (t *translator) path(location []string) string {
	var steps []step
	n := t.root
	for _, key := range location {
		if i, err := strconv.Atoi(key); err == nil && n.Kind == yamldoc.List {
			steps = append(steps, step{index: i})
		} else {
			steps = append(steps, step{key: key})
		}
		if below := n.Path(key); below != nil {
			n = below
		}
	}
	return pathText(steps)
}

func (t *translator) leaf(e *jsonschema.ValidationError) {
	switch k := e.ErrorKind.(type) {
	case *rule.Required:
		for _, name := range k.Missing {
			t.add(e, 0, false, "the field %q is missing; add it", name)
		}
	case *rule.AdditionalProperties:
		for _, name := range k.Properties {
			t.unknownField(e, name)
		}
	case *rule.Type:
		t.add(e, 0, false, "this is %s; write %s", typeWord(k.Got), typeWords(k.Want))
	case *rule.Enum:
		t.add(e, 0, true, "%s is not allowed here; use one of %s", quoted(k.Got), list(k.Want))
	case *rule.Const:
		t.add(e, 0, true, "%s is not allowed here; write %v", quoted(k.Got), k.Want)
	case *rule.Pattern:
		t.add(e, 0, true, "%s does not have the right form; %s", quoted(k.Got), formWords(k.Want))
	case *rule.Minimum:
		t.add(e, 0, true, "%s is too small; write at least %s", k.Got.RatString(), k.Want.RatString())
	case *rule.Maximum:
		t.add(e, 0, true, "%s is too large; write at most %s", k.Got.RatString(), k.Want.RatString())
	case *rule.MinLength:
		t.add(e, 0, true, "the text is empty; write one")
	case *rule.MinItems:
		t.add(e, 0, true, "the list is empty; it needs at least %d", k.Want)
	default:
		t.add(e, 0, false, "%s", strings.TrimPrefix(e.Error(), "jsonschema: "))
	}
}

func (t *translator) unknownField(e *jsonschema.ValidationError, name string) {
	line := 0
	for _, entry := range t.at(e.InstanceLocation).Entries {
		if entry.Key == name {
			line = entry.Line
		}
	}
	known, form := t.keysAt(e.InstanceLocation)
	near := nearest(name, known)
	switch {
	case known == nil && form == "":
		t.add(e, line, false, "there is no field %q; remove it", name)
	case near != "":
		t.add(e, line, false, "there is no field %q; did you mean %q?", name, near)
	case form != "":
		t.add(e, line, false, "%q does not have the right form for a key; %s", name, formWords(form))
	default:
		t.add(e, line, false, "there is no field %q; remove it, the fields here are %s", name, strings.Join(known, ", "))
	}
}

// keysAt is what the schema allows as keys at a location: names, or a form.
func (t *translator) keysAt(location []string) (names []string, form string) {
	s := t.schemaAt(location)
	if s == nil {
		return nil, ""
	}
	for pattern := range s.PatternProperties {
		form = pattern.String()
	}
	return slices.Sorted(maps.Keys(s.Properties)), form
}

// schemaAt is the part of the schema that holds at a location, nil where that is
// not one part alone.
func (t *translator) schemaAt(location []string) *jsonschema.Schema {
	s := target(t.schema)
	for _, key := range location {
		switch {
		case s == nil:
			return nil
		case s.Items2020 != nil:
			s = target(s.Items2020)
		case s.Properties[key] != nil:
			s = target(s.Properties[key])
		default:
			values, _ := s.AdditionalProperties.(*jsonschema.Schema)
			for _, byPattern := range s.PatternProperties {
				values = byPattern
			}
			s = target(values)
		}
	}
	return s
}

// target follows references.
func target(s *jsonschema.Schema) *jsonschema.Schema {
	for s != nil && s.Ref != nil {
		s = s.Ref
	}
	return s
}

// exclusive: exactly one of some fields has to be set.
func (t *translator) exclusive(e *jsonschema.ValidationError) {
	var choices, set []string
	s := t.schemaAt(e.InstanceLocation)
	if s == nil {
		t.add(e, 0, false, "fields that exclude each other are set, or none of them; keep one")
		return
	}
	for _, alternative := range s.OneOf {
		for _, name := range alternative.Required {
			choices = append(choices, name)
			if t.at(e.InstanceLocation).Get(name) != nil {
				set = append(set, name)
			}
		}
	}
	if len(set) == 0 {
		t.add(e, 0, false, "one of %s is missing; set exactly one", strings.Join(choices, ", "))
		return
	}
	t.add(e, 0, false, "%s exclude each other; keep one of them", strings.Join(set, " and "))
}
