package document

import (
	"bytes"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// Canonical returns the one form in which planewise writes v as JSON: fields in
// the order of the Go type, map keys sorted, two spaces of indent, a line feed at
// the end, whole numbers only, text in Unicode NFC. Lists and maps that are nil
// are written as empty ones, so that a document does not depend on how its value
// was built.
//
// Characters that a terminal would act on or hide (see package clean) are
// written as \u escapes, so that canonical JSON can be printed as it is. Bytes
// that are not UTF-8 become U+FFFD.
//
// encoding/json is not used for this: it writes nil lists as null and escapes by
// its own rules, and the bytes here are a contract that digests depend on.
func Canonical(v any) ([]byte, error) {
	e := newEncoder()
	if err := e.value(reflect.ValueOf(v)); err != nil {
		return nil, fmt.Errorf("write %T as canonical JSON: %w", v, err)
	}
	return append(e.out, '\n'), nil
}

// Digest is "sha256:" and the hash of v's canonical form, in hex. It is "" for a
// value that has no canonical form; no type of package model is one.
func Digest(v any) string {
	b, err := Canonical(v)
	if err != nil {
		return ""
	}
	return DigestBytes(b)
}

// DigestBytes is the digest of a document that is already canonical. When a release came
// out is no part of what it is: its digest is that of its Undated form.
func DigestBytes(canonical []byte) string { return sha256Of(Undated(canonical)) }

// Matches reports whether a digest is that of a document in canonical form. That of a
// release may be older: once, the date counted.
func Matches(digest string, canonical []byte) bool {
	return digest == DigestBytes(canonical) || digest == sha256Of(canonical)
}

func sha256Of(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Undated is a document in canonical form, a release without its date.
func Undated(canonical []byte) []byte {
	if !bytes.HasPrefix(canonical, []byte("{\n  \"format\": \"planewise.release/")) {
		return canonical
	}
	before, rest, dated := bytes.Cut(canonical, []byte("\n  \"date\": ")) // further in, lines begin with more spaces
	_, after, more := bytes.Cut(rest, []byte("\n"))
	if !dated || !more {
		return canonical
	}
	return slices.Concat(before, []byte("\n"), after)
}

// encoder writes one canonical document.
type encoder struct {
	out   []byte
	depth int
	types map[reflect.Type][]field // fields of the struct types met so far
	// extras are the unknown fields to write again, and path the place the encoder
	// is at; both only for plans (see extra.go).
	extras extras
	path   []string
	// holes are where the members stand that are no part of a plan's content.
	holes []hole
}

var (
	rawType    = reflect.TypeFor[json.RawMessage]()
	numberType = reflect.TypeFor[json.Number]()
	textType   = reflect.TypeFor[encoding.TextMarshaler]()
	inputType  = reflect.TypeFor[model.Input]()
)

// isText reports whether values of type t write themselves as a word.
func isText(t reflect.Type) bool { return t.NumMethod() > 0 && t.Implements(textType) }

func newEncoder() *encoder { return &encoder{types: map[reflect.Type][]field{}} }

func (e *encoder) value(v reflect.Value) error {
	if !v.IsValid() {
		e.out = append(e.out, "null"...)
		return nil
	}
	t := v.Type()
	if t == rawType {
		return e.raw(v.Bytes())
	}
	if v.Kind() != reflect.Pointer && isText(t) {
		b, err := v.Interface().(encoding.TextMarshaler).MarshalText()
		if err != nil {
			return err
		}
		e.out = appendText(e.out, string(b))
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			e.out = append(e.out, "null"...)
			return nil
		}
		return e.value(v.Elem())
	case reflect.String:
		if t == numberType {
			return e.raw([]byte(v.String()))
		}
		e.out = appendText(e.out, v.String())
	case reflect.Bool:
		e.out = strconv.AppendBool(e.out, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.out = strconv.AppendInt(e.out, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		e.out = strconv.AppendUint(e.out, v.Uint(), 10)
	case reflect.Slice, reflect.Array:
		return e.list(v)
	case reflect.Map:
		return e.dict(v)
	case reflect.Struct:
		return e.object(v)
	default:
		return fmt.Errorf("a %s has no canonical form", v.Type())
	}
	return nil
}

func (e *encoder) list(v reflect.Value) error {
	if v.Len() == 0 {
		e.out = append(e.out, "[]"...)
		return nil
	}
	e.out = append(e.out, '[')
	e.depth++
	var ids identities
	for i := range v.Len() {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.newline()
		if len(e.extras) > 0 {
			e.path = append(e.path, ids.next(v.Index(i)))
		}
		if err := e.value(v.Index(i)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
		if len(e.extras) > 0 {
			e.path = e.path[:len(e.path)-1]
		}
	}
	e.depth--
	e.newline()
	e.out = append(e.out, ']')
	return nil
}

func (e *encoder) dict(v reflect.Value) error {
	type pair struct {
		key   string
		value reflect.Value
	}
	pairs := make([]pair, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		key, err := keyText(it.Key())
		if err != nil {
			return err
		}
		pairs = append(pairs, pair{compose(key), it.Value()})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return strings.Compare(a.key, b.key) })
	w := members{e: e}
	for i, p := range pairs {
		if i > 0 && pairs[i-1].key == p.key {
			return fmt.Errorf("two keys are the same text: %q", p.key)
		}
		w.key(p.key)
		if err := e.member(p.key, p.value); err != nil {
			return fmt.Errorf("%s: %w", p.key, err)
		}
	}
	w.end()
	return nil
}

func keyText(k reflect.Value) (string, error) {
	if isText(k.Type()) {
		b, err := k.Interface().(encoding.TextMarshaler).MarshalText()
		return string(b), err
	}
	if k.Kind() != reflect.String {
		return "", fmt.Errorf("a map with keys of type %s has no canonical form", k.Type())
	}
	return k.String(), nil
}

func (e *encoder) object(v reflect.Value) error {
	w := members{e: e}
	here := e.extras.at(e.path)
	e.writeExtras(&w, here, "")
	t := v.Type()
	for _, f := range e.fields(t) {
		fv := v.FieldByIndex(f.index)
		if absent := f.omitEmpty && isEmpty(fv) || wasAbsent(here, f.name) && fv.IsZero(); !absent {
			start := len(e.out)
			w.next()
			e.out = append(e.out, f.label...)
			var err error
			if t == inputType && f.typ == rawType {
				err = e.embedded(v.Interface().(model.Input))
			} else {
				err = e.member(f.name, fv)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			if f.apart {
				e.holes = append(e.holes, hole{start, len(e.out)})
			}
		}
		e.writeExtras(&w, here, f.name)
	}
	w.end()
	return nil
}

// member writes a field's value and keeps the path where somebody needs it.
func (e *encoder) member(name string, v reflect.Value) error {
	if len(e.extras) == 0 {
		return e.value(v)
	}
	e.path = append(e.path, name)
	defer func() { e.path = e.path[:len(e.path)-1] }()
	return e.value(v)
}

const manySpaces = "                                        "

func (e *encoder) newline() {
	e.out = append(e.out, '\n')
	n := 2 * e.depth
	for ; n > len(manySpaces); n -= len(manySpaces) {
		e.out = append(e.out, manySpaces...)
	}
	e.out = append(e.out, manySpaces[:n]...)
}

// members writes the fields of one object.
type members struct {
	e *encoder
	n int
}

func (m *members) key(name string) {
	m.next()
	m.e.out = append(appendText(m.e.out, name), ": "...)
}

// next begins the line of the next field.
func (m *members) next() {
	if m.n == 0 {
		m.e.out = append(m.e.out, '{')
		m.e.depth++
	} else {
		m.e.out = append(m.e.out, ',')
	}
	m.n++
	m.e.newline()
}

func (m *members) end() {
	if m.n == 0 {
		m.e.out = append(m.e.out, "{}"...)
		return
	}
	m.e.depth--
	m.e.newline()
	m.e.out = append(m.e.out, '}')
}
