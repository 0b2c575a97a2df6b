// Package yaml writes a plan as YAML: the canonical JSON document with the same
// fields in the same order, in YAML's block style.
//
// Reading it gives the plan back. A YAML encoder is not used: the document is
// already laid out, and taking it through a tree of nodes would cost fifty times
// as much for a plan of a few MiB.
package yaml

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/document"
)

// Plan is the plan as YAML.
func Plan(p model.Plan) ([]byte, error) {
	canonical, err := document.EncodePlan(p)
	if err != nil {
		return nil, err
	}
	data := fromJSON(canonical)
	return data, document.FitsYAML(p, data, canonical)
}

// fromJSON lays out canonical JSON (see document.Canonical) as YAML. The order of
// fields and the texts of numbers stay.
func fromJSON(canonical []byte) []byte {
	w := writer{in: canonical, out: make([]byte, 0, len(canonical))}
	w.value(0, false)
	w.out = bytes.TrimPrefix(w.out, []byte("\n"))
	return append(bytes.TrimPrefix(w.out, []byte(" ")), '\n')
}

// writer goes through canonical JSON once.
type writer struct {
	in  []byte
	at  int
	out []byte
}

func (w *writer) space() {
	for w.at < len(w.in) {
		switch w.in[w.at] {
		case ' ', '\n', '\t', '\r', ',', ':':
			w.at++
		default:
			return
		}
	}
}

// value writes the next value behind a key or a dash. In a list the first line of
// a nested mapping stands on the line of the dash.
func (w *writer) value(depth int, inList bool) {
	w.space()
	switch w.in[w.at] {
	case '{':
		w.object(depth, inList)
	case '[':
		w.list(depth)
	case '"':
		w.out = append(w.out, ' ')
		w.text()
	default:
		start := w.at
		for w.at < len(w.in) && w.in[w.at] != ',' && w.in[w.at] != '\n' {
			w.at++
		}
		w.out = append(append(w.out, ' '), w.in[start:w.at]...)
	}
}

func (w *writer) line(depth int) {
	w.out = append(w.out, '\n')
	for range depth {
		w.out = append(w.out, ' ', ' ')
	}
}

func (w *writer) object(depth int, inList bool) {
	w.at++ // the brace
	if w.space(); w.in[w.at] == '}' {
		w.at++
		w.out = append(w.out, " {}"...)
		return
	}
	for first := true; w.in[w.at] != '}'; first = false {
		if first && inList {
			w.out = append(w.out, ' ')
		} else {
			w.line(depth)
		}
		w.key(depth)
		w.value(depth+1, false)
		w.space()
	}
	w.at++
}

// key writes a field's name and its colon. YAML reads names of more than 1024
// characters only behind a question mark.
func (w *writer) key(depth int) {
	const longest = 1000
	before := len(w.out)
	w.text()
	if name := len(w.out) - before; name > longest {
		w.out = append(w.out, ' ', ' ')
		copy(w.out[before+2:], w.out[before:before+name])
		copy(w.out[before:], "? ")
		w.line(depth)
	}
	w.out = append(w.out, ':')
}

func (w *writer) list(depth int) {
	w.at++ // the bracket
	if w.space(); w.in[w.at] == ']' {
		w.at++
		w.out = append(w.out, " []"...)
		return
	}
	for w.in[w.at] != ']' {
		w.line(depth)
		w.out = append(w.out, '-')
		w.value(depth+1, true)
		w.space()
	}
	w.at++
}

// text writes a string: plain where nothing in it means anything to YAML, else in
// double quotes as JSON has it, which YAML reads alike: canonical JSON has escaped
// what YAML wants escaped. Only pairs of escapes for one character beyond U+FFFF are
// written anew.
func (w *writer) text() {
	start := w.at
	simple, escapes := true, false
	for w.at++; w.in[w.at] != '"'; w.at++ {
		if c := w.in[w.at]; c == '\\' {
			escapes = true
			w.at++
		} else if !plainByte[c] {
			simple = false
		}
	}
	w.at++
	quoted := w.in[start:w.at]
	inner := quoted[1 : len(quoted)-1]
	switch {
	case escapes && bytes.Contains(inner, []byte(`\ud`)): // perhaps half of a surrogate pair
		var s string
		_ = json.Unmarshal(quoted, &s) // valid JSON decodes
		w.out = appendQuoted(w.out, s)
	case simple && !escapes && len(inner) > 0 && letter(inner[0]) && inner[len(inner)-1] != ':' && !word(inner):
		w.out = append(w.out, inner...)
	default:
		w.out = append(w.out, quoted...)
	}
}

// plainByte are the characters a plain scalar may hold here: a colon is never
// followed by a blank since blanks are not among them.
var plainByte = func() (ok [256]bool) {
	for c := range ok {
		ok[c] = letter(byte(c)) || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' || c == '/' || c == ':' || c == '+'
	}
	return ok
}()

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// word says that a plain text would be read as something else than text by YAML
// 1.1 or 1.2: booleans and null.
func word(b []byte) bool {
	var lower [len("false")]byte
	if len(b) > len(lower) {
		return false
	}
	for i, c := range b {
		lower[i] = c | 0x20 // letters become small; nothing else becomes a letter of these words
	}
	switch string(lower[:len(b)]) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return true
	}
	return false
}

// appendQuoted appends s in double quotes with the escapes of YAML 1.2.
func appendQuoted(out []byte, s string) []byte {
	out = append(out, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r == '\n':
			out = append(out, `\n`...)
		case r == '\t':
			out = append(out, `\t`...)
		case !clean.Unsafe(r):
			out = utf8.AppendRune(out, r)
		case r < 0x100:
			out = appendHex(append(out, `\x`...), r, 2)
		case r < 0x10000:
			out = appendHex(append(out, `\u`...), r, 4)
		default:
			out = appendHex(append(out, `\U`...), r, 8)
		}
	}
	return append(out, '"')
}

func appendHex(out []byte, r rune, width int) []byte {
	digits := strconv.FormatInt(int64(r), 16)
	for range width - len(digits) {
		out = append(out, '0')
	}
	return append(out, digits...)
}

// Indented is canonical JSON as a YAML block, each line indented by so many steps
// of two blanks, for documents that hold another one.
func Indented(canonical []byte, steps int) []byte {
	w := writer{in: canonical}
	w.value(steps, false)
	return append(bytes.TrimPrefix(w.out, []byte("\n")), '\n')
}

// Text is s as a YAML scalar that every reader takes for text.
func Text(s string) []byte {
	canonical, err := document.Canonical(s)
	if err != nil {
		return []byte(`""`) // texts always have a canonical form
	}
	w := writer{in: canonical}
	w.text()
	return w.out
}
