package document

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/yamldoc"
)

// binder sets Go values from a document's tree. It matches field names exactly
// (encoding/json does not care about case, so that "ACTIONS" could overwrite
// "actions"), takes every scalar by its text where the field is a text (so that
// the version 3.10 stays "3.10" without quotes), and keeps what it does not know.
//
// It runs after the document was checked against its schema, so what it finds
// wrong is rare: numbers out of range, words of a newer format.
type binder struct {
	types    encoder // for the cache of struct fields
	at       []step
	problems []Problem
	// keep: note unknown and absent fields (see extra.go).
	keep bool
	// lenient: a word that is not known becomes the worst it could mean.
	lenient bool
}

// step is a key of a mapping, or where that is "" an index of a list.
type step struct {
	key   string
	index int
}

// pathText writes a path as people do: "rules[3].match.kind".
func pathText(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		switch {
		case s.key == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case i == 0:
			b.WriteString(s.key)
		default:
			b.WriteString("." + s.key)
		}
	}
	return b.String()
}

// bind sets v, and returns the unknown fields below it with paths relative to it.
func (b *binder) bind(n *yamldoc.Value, v reflect.Value) []extraField {
	t := v.Type()
	if t == rawType {
		if !n.IsNull() {
			v.SetBytes(rawJSON(n))
		}
		return nil
	}
	if n.IsNull() {
		return nil
	}
	if v.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		b.word(n, v)
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		return b.bind(n, v.Elem())
	case reflect.Struct:
		return b.object(n, v)
	case reflect.Slice:
		return b.list(n, v)
	case reflect.Map:
		return b.dict(n, v)
	default:
		b.scalar(n, v)
		return nil
	}
}

func (b *binder) wrong(n *yamldoc.Value, format string, args ...any) {
	b.problems = append(b.problems, Problem{n.Line, pathText(b.at), fmt.Sprintf(format, args...)})
}

// below binds what stands under a key or at an index.
func (b *binder) below(s step, n *yamldoc.Value, v reflect.Value) []extraField {
	b.at = append(b.at, s)
	defer func() { b.at = b.at[:len(b.at)-1] }()
	return b.bind(n, v)
}

func (b *binder) word(n *yamldoc.Value, v reflect.Value) {
	u := v.Addr().Interface().(encoding.TextUnmarshaler)
	if n.Kind == yamldoc.Scalar {
		err := u.UnmarshalText([]byte(n.Text))
		if err == nil {
			return
		}
		b.wrong(n, "%v", err)
	} else {
		b.wrong(n, "%s stands where a word is expected", n.Kind)
	}
	if b.lenient {
		setWorst(v)
	}
}

// setWorst gives a word that this planewise does not know the worst meaning it
// could have: unknown is never none.
func setWorst(v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *model.Level:
		*x = model.Outage
	case *model.Footprint:
		*x = model.Disturbed
	case *model.Basis:
		*x = model.BasisUnknown
	}
}

func (b *binder) scalar(n *yamldoc.Value, v reflect.Value) {
	if n.Kind != yamldoc.Scalar {
		b.wrong(n, "%s stands where %s is expected", n.Kind, article(v.Kind()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(compose(n.Text))
	case reflect.Bool:
		switch {
		case n.Quoted:
			b.wrong(n, "%q is a text; write true or false without quotes", n.Text)
		case n.Text == "true":
			v.SetBool(true)
		case n.Text != "false":
			b.wrong(n, "%q is no truth value; write true or false", n.Text)
		}
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(n.Text, 10, v.Type().Bits())
		if err != nil || n.Quoted {
			b.wrong(n, "%q is no whole number; write digits only, without quotes", n.Text)
			return
		}
		v.SetInt(i)
	default:
		b.wrong(n, "internal error: no way to read a %s", v.Type())
	}
}

func article(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	default:
		return "a whole number"
	}
}

func (b *binder) object(n *yamldoc.Value, v reflect.Value) []extraField {
	if n.Kind != yamldoc.Map {
		b.wrong(n, "%s stands where a mapping is expected", n.Kind)
		return nil
	}
	var unknown []extraField
	last, always := "", 0 // how many of the fields that are always written are there
	for _, entry := range n.Entries {
		f, ok := b.types.field(v.Type(), entry.Key)
		if !ok {
			if b.keep {
				unknown = append(unknown, extraField{After: last, Key: compose(entry.Key), Value: rawJSON(entry.Value)})
			}
			continue
		}
		last = f.name
		if !f.omitEmpty {
			always++
		}
		below := b.below(step{key: f.name}, entry.Value, v.FieldByIndex(f.index))
		unknown = append(unknown, under(f.name, below)...)
	}
	b.span(n, v)
	if b.keep {
		unknown = append(unknown, b.absent(n, v.Type(), always)...)
	}
	return unknown
}

// absent notes the fields that are always written and are not there; present is the
// number of those that are.
func (b *binder) absent(n *yamldoc.Value, t reflect.Type, present int) []extraField {
	fields := b.types.fields(t)
	for _, f := range fields {
		if !f.omitEmpty {
			present--
		}
	}
	if present == 0 {
		return nil
	}
	var missing []extraField
	for _, f := range fields {
		if !f.omitEmpty && n.Get(f.name) == nil {
			missing = append(missing, extraField{Key: f.name, Absent: true})
		}
	}
	return missing
}

// span checks what no schema can say: half of all runs end before nine of ten do.
func (b *binder) span(n *yamldoc.Value, v reflect.Value) {
	half, most := v.FieldByName("P50s"), v.FieldByName("P90s")
	if half.IsValid() && most.IsValid() && half.Int() > most.Int() {
		b.wrong(n, "p50s (%d) is greater than p90s (%d); exchange or correct them", half.Int(), most.Int())
	}
}

func (b *binder) list(n *yamldoc.Value, v reflect.Value) []extraField {
	if n.Kind != yamldoc.List {
		b.wrong(n, "%s stands where a list is expected", n.Kind)
		return nil
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
	var byItem map[int][]extraField
	for i, item := range n.Items {
		if below := b.below(step{index: i}, item, v.Index(i)); below != nil {
			if byItem == nil {
				byItem = map[int][]extraField{}
			}
			byItem[i] = below
		}
	}
	if byItem == nil {
		return nil
	}
	var unknown []extraField
	var ids identities
	for i := range n.Items {
		unknown = append(unknown, under(ids.next(v.Index(i)), byItem[i])...)
	}
	return unknown
}

func (b *binder) dict(n *yamldoc.Value, v reflect.Value) []extraField {
	if n.Kind != yamldoc.Map {
		b.wrong(n, "%s stands where a mapping is expected", n.Kind)
		return nil
	}
	t := v.Type()
	v.Set(reflect.MakeMapWithSize(t, len(n.Entries)))
	var unknown []extraField
	for _, entry := range n.Entries {
		key, elem := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		key.SetString(compose(entry.Key))
		if v.MapIndex(key).IsValid() {
			b.wrong(entry.Value, "two keys are the same text: %q; remove one", entry.Key)
		}
		unknown = append(unknown, under(key.String(), b.below(step{key: key.String()}, entry.Value, elem))...)
		v.SetMapIndex(key, elem)
	}
	return unknown
}

// under puts a step before the path of each field.
func under(step string, fields []extraField) []extraField {
	for i := range fields {
		fields[i].At = append([]string{step}, fields[i].At...)
	}
	return fields
}

// rawJSON is a part of a document as JSON; numbers keep their text where they are
// numbers of JSON too.
func rawJSON(n *yamldoc.Value) json.RawMessage { return appendJSON(nil, n) }

func appendJSON(out []byte, n *yamldoc.Value) []byte {
	switch {
	case n.IsNull():
		return append(out, "null"...)
	case n.Kind == yamldoc.List:
		out = append(out, '[')
		for i, item := range n.Items {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendJSON(out, item)
		}
		return append(out, ']')
	case n.Kind == yamldoc.Map:
		out = append(out, '{')
		for i, entry := range n.Entries {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendText(out, entry.Key), ':')
			out = appendJSON(out, entry.Value)
		}
		return append(out, '}')
	case !n.Quoted && json.Valid([]byte(n.Text)):
		return append(out, n.Text...)
	case !n.Quoted:
		// why yamldoc: what an unquoted scalar of YAML means is its business.
		if b, err := (&yamldoc.Doc{Root: n}).JSON(); err == nil {
			return append(out, b...)
		}
	}
	return appendText(out, n.Text)
}
