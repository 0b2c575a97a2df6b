package document

import (
	"reflect"
	"slices"
	"strings"
)

// field is one JSON field of a struct type, embedded ones included.
type field struct {
	name      string
	label     string // as it is written, with the colon
	index     []int
	typ       reflect.Type
	omitEmpty bool
	apart     bool // no part of a plan's content
}

// fields lists the JSON fields of a struct type in the order in which they are
// written: as declared, those of an embedded struct in its place.
func (e *encoder) fields(t reflect.Type) []field {
	fs, ok := e.types[t]
	if !ok {
		if e.types == nil {
			e.types = map[reflect.Type][]field{}
		}
		fs = jsonFields(t)
		e.types[t] = fs
	}
	return fs
}

func jsonFields(t reflect.Type) []field {
	var fs []field
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("json")
		if tag == "-" || f.PkgPath != "" {
			continue
		}
		if f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct {
			for _, inner := range jsonFields(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				fs = append(fs, inner)
			}
			continue
		}
		name, opts, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		fs = append(fs, field{name, string(appendText(nil, name)) + ": ", f.Index, f.Type, opts == "omitempty", slices.Contains(notContent[t], name)})
	}
	return fs
}

// isEmpty is what omitempty leaves out, as in encoding/json.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}

// field is the field of a struct type with exactly this JSON name.
func (e *encoder) field(t reflect.Type, name string) (field, bool) {
	for _, f := range e.fields(t) {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}
