package yamldoc

import (
	"bytes"

	yaml "go.yaml.in/yaml/v3"
)

// Text is a string, however it looks.
func Text(s string) *Value { return &Value{Kind: Scalar, Text: s, Quoted: true} }

// Plain is a scalar written without quotes: a number or a truth value.
func Plain(s string) *Value { return &Value{Kind: Scalar, Text: s} }

// Mapping is an empty mapping to Add entries to.
func Mapping() *Value { return &Value{Kind: Map} }

// ListOf is a list.
func ListOf(items ...*Value) *Value { return &Value{Kind: List, Items: items} }

// Add appends an entry to a mapping that is being made, and returns the mapping.
func (v *Value) Add(key string, value *Value) *Value {
	v.Entries = append(v.Entries, Entry{Key: key, Value: value})
	return v
}

// OneLine marks a value to be written on one line, and returns it.
func (v *Value) OneLine() *Value {
	v.Flow = true
	return v
}

// Encode writes a value as YAML: two blanks of indentation, mappings in the order
// of their entries, strings quoted only where they would read as something else.
func Encode(v *Value) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(node(v)); err != nil {
		return nil, err
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func node(v *Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	if v != nil && v.Flow {
		n.Style = yaml.FlowStyle
	}
	switch {
	case v.IsNull():
		n.Tag, n.Value = "!!null", "null"
	case v.Kind == Scalar:
		n.Value = v.Text
		if v.Quoted {
			n.Tag = "!!str"
			n.Style = styleOf(v.Text)
		}
	case v.Kind == List:
		n.Kind = yaml.SequenceNode
		for _, item := range v.Items {
			n.Content = append(n.Content, node(item))
		}
	default:
		n.Kind = yaml.MappingNode
		for _, e := range v.Entries {
			key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: e.Key, Style: styleOf(e.Key)}
			n.Content = append(n.Content, key, node(e.Value))
		}
	}
	return n
}

// styleOf quotes what a reader or another parser might take for something else;
// the library leaves the rest plain, or quotes it where it has to.
func styleOf(s string) yaml.Style {
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
			return yaml.DoubleQuotedStyle
		}
	}
	if len(s) > 0 && (s[0] == '{' || s[0] == '[') {
		return yaml.SingleQuotedStyle
	}
	return 0
}
