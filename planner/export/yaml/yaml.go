// Package yaml writes a plan as YAML: the canonical JSON document with the same
// fields in the same order, in YAML's block style. Reading it gives the plan back.
package yaml

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	// why: where YAML quotes, folds and indents is known best by a library for YAML.
	yamlv3 "go.yaml.in/yaml/v3"

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

// Indented is canonical JSON as a YAML block, each line indented by so many steps
// of two blanks, for documents that hold another one.
func Indented(canonical []byte, steps int) []byte {
	var out []byte
	for line := range bytes.Lines(fromJSON(canonical)) {
		out = append(append(out, bytes.Repeat([]byte("  "), steps)...), line...)
	}
	return out
}

// Text is s as a YAML scalar on one line that every reader takes for text.
func Text(s string) []byte { return bytes.TrimSuffix(encode(text(s)), []byte("\n")) }

// fromJSON writes canonical JSON as YAML. The order of fields and the texts of
// numbers stay.
func fromJSON(canonical []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(canonical))
	d.UseNumber()
	return encode(next(d))
}

// encode writes a node. What the library leaves in quoted texts and clean would
// not show is escaped; every text that holds such a character is quoted.
func encode(n *yamlv3.Node) []byte {
	var b bytes.Buffer
	e := yamlv3.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(n); err != nil {
		return []byte(`""`) // nodes made of JSON always have a form
	}
	var out []byte
	for _, r := range b.String() {
		switch {
		case r == '\n' || !clean.Unsafe(r):
			out = utf8.AppendRune(out, r)
		case r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = fmt.Appendf(out, `\U%08x`, r)
		}
	}
	return out
}

// next is the next value of a JSON document as a node.
func next(d *json.Decoder) *yamlv3.Node {
	switch t, _ := d.Token(); t := t.(type) {
	case json.Delim:
		n := &yamlv3.Node{Kind: yamlv3.MappingNode}
		if t == '[' {
			n.Kind = yamlv3.SequenceNode
		}
		for d.More() {
			n.Content = append(n.Content, next(d))
		}
		_, _ = d.Token() // the closing bracket
		return n
	case string:
		return text(t)
	case nil:
		return &yamlv3.Node{Kind: yamlv3.ScalarNode, Value: "null"}
	default:
		return &yamlv3.Node{Kind: yamlv3.ScalarNode, Value: fmt.Sprint(t)}
	}
}

// plain are texts in which nothing means anything to YAML. Everything else is
// quoted, more than YAML 1.2 needs: readers of YAML 1.1 take more for numbers.
var plain = regexp.MustCompile(`^[A-Za-z]([A-Za-z0-9._/:+-]*[A-Za-z0-9._/+-])?$`)

// words are plain texts that YAML 1.1 or 1.2 reads as something else than text.
var words = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}

func text(s string) *yamlv3.Node {
	n := &yamlv3.Node{Kind: yamlv3.ScalarNode, Tag: "!!str", Value: s}
	if !plain.MatchString(s) || slices.Contains(words, strings.ToLower(s)) {
		n.Style = yamlv3.DoubleQuotedStyle
	}
	return n
}
