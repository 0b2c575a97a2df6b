package yamldoc

import (
	"bytes"
	"encoding/json"
	"io"
)

// isJSON reports whether the text is meant as JSON and is valid. Text in braces
// that is not valid JSON may still be YAML's flow style.
func isJSON(data []byte) bool {
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	return len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') && json.Valid(trimmed)
}

// jsonReader reads valid JSON token by token: its own rules for escapes and
// numbers hold, not YAML's.
type jsonReader struct {
	*builder
	d    *json.Decoder
	data []byte
	at   int64 // offset up to which lines are counted
	line int
}

func (b *builder) fromJSON(data []byte) (*Value, error) {
	r := &jsonReader{builder: b, d: json.NewDecoder(bytes.NewReader(data)), data: data, line: 1}
	r.d.UseNumber()
	t, err := r.next()
	if err != nil {
		return nil, err
	}
	return r.value(t, 1)
}

// next is the next token; afterwards r.line is the line on which it ends.
func (r *jsonReader) next() (json.Token, error) {
	t, err := r.d.Token()
	if err != nil && err != io.EOF {
		return nil, Errorf(r.name, r.line, "broken JSON: %v; correct it here", err)
	}
	end := r.d.InputOffset()
	r.line += bytes.Count(r.data[r.at:end], []byte("\n"))
	r.at = end
	return t, nil
}

func (r *jsonReader) value(t json.Token, depth int) (*Value, error) {
	if depth > r.o.MaxDepth {
		return nil, r.tooDeep(r.line)
	}
	if err := r.count(r.line, 1); err != nil {
		return nil, err
	}
	v := &Value{Line: r.line, size: 1}
	switch t := t.(type) {
	case string:
		v.Kind, v.Text, v.Quoted = Scalar, t, true
	case json.Number:
		v.Kind, v.Text = Scalar, t.String()
	case bool:
		v.Kind, v.Text = Scalar, "false"
		if t {
			v.Text = "true"
		}
	case json.Delim:
		if t == '[' {
			v.Kind, v.Items = List, []*Value{}
			return v, r.list(v, depth)
		}
		v.Kind, v.Entries = Map, []Entry{}
		return v, r.object(v, depth)
	}
	return v, nil
}

func (r *jsonReader) list(v *Value, depth int) error {
	for r.d.More() {
		t, err := r.next()
		if err != nil {
			return err
		}
		item, err := r.value(t, depth+1)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, item)
		v.size += item.size
	}
	_, err := r.next()
	return err
}

func (r *jsonReader) object(v *Value, depth int) error {
	m := entries{b: r.builder, v: v}
	for r.d.More() {
		key, err := r.next()
		if err != nil {
			return err
		}
		line := r.line
		t, err := r.next()
		if err != nil {
			return err
		}
		item, err := r.value(t, depth+1)
		if err != nil {
			return err
		}
		text, _ := key.(string)
		if err := m.add(Entry{Key: text, Line: line, Value: item}); err != nil {
			return err
		}
	}
	for _, e := range v.Entries {
		v.size += e.Value.size
	}
	_, err := r.next()
	return err
}
