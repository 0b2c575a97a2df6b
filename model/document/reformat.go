package document

import (
	"bytes"
	"encoding/json"
	"fmt"

	"planewise/model"
)

// raw writes JSON that somebody else made in the canonical layout. Its numbers
// keep their text and its fields their order: it may be a document of a newer
// planewise.
func (e *encoder) raw(b []byte) error {
	if len(b) == 0 {
		e.out = append(e.out, "null"...)
		return nil
	}
	if !json.Valid(b) {
		return fmt.Errorf("embedded JSON is broken: %.40q", b)
	}
	r := reformatter{encoder: e, in: b}
	r.value()
	return nil
}

// embedded writes the content of an input. Digests are those of canonical forms, so that
// content which has the digest it says is in canonical form, and only moves to the right.
func (e *encoder) embedded(in model.Input) error {
	if len(in.Content) == 0 || !Matches(in.Digest, in.Content) {
		return e.raw(in.Content)
	}
	b := bytes.TrimSuffix(in.Content, []byte("\n"))
	for {
		line, rest, more := bytes.Cut(b, []byte("\n"))
		e.out = append(e.out, line...)
		if !more {
			return nil
		}
		e.newline()
		b = rest
	}
}

// reformatter writes valid JSON text again in the canonical layout.
type reformatter struct {
	*encoder
	in []byte
	at int
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func (r *reformatter) space() {
	for r.at < len(r.in) && isSpace(r.in[r.at]) {
		r.at++
	}
}

func (r *reformatter) value() {
	r.space()
	switch r.in[r.at] {
	case '{':
		r.object()
	case '[':
		r.list()
	case '"':
		r.text()
	default: // a number or a word: up to the next delimiter
		start := r.at
		for r.at < len(r.in) && !isSpace(r.in[r.at]) && r.in[r.at] != ',' && r.in[r.at] != ']' && r.in[r.at] != '}' {
			r.at++
		}
		r.out = append(r.out, r.in[start:r.at]...)
	}
}

// text writes a string again. Valid JSON text always decodes.
func (r *reformatter) text() {
	start := r.at
	plain := true
	for r.at++; r.in[r.at] != '"'; r.at++ {
		if r.in[r.at] == '\\' {
			r.at++
			plain = false
		}
	}
	r.at++
	if plain {
		r.out = appendText(r.out, r.in[start+1:r.at-1])
		return
	}
	var s string
	_ = json.Unmarshal(r.in[start:r.at], &s)
	r.out = appendText(r.out, s)
}

func (r *reformatter) list() {
	r.at++
	r.space()
	if r.in[r.at] == ']' {
		r.at++
		r.out = append(r.out, "[]"...)
		return
	}
	r.out = append(r.out, '[')
	r.depth++
	for {
		r.newline()
		r.value()
		r.space()
		r.at++
		if r.in[r.at-1] == ']' {
			break
		}
		r.out = append(r.out, ',')
	}
	r.depth--
	r.newline()
	r.out = append(r.out, ']')
}

func (r *reformatter) object() {
	r.at++
	w := members{e: r.encoder}
	for {
		r.space()
		if r.in[r.at] == '}' {
			break
		}
		if r.in[r.at] == ',' {
			r.at++
			r.space()
		}
		w.next()
		r.text()
		r.out = append(r.out, ": "...)
		r.space()
		r.at++ // the colon
		r.value()
	}
	r.at++
	w.end()
}
