package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	// why: its nodes keep the text of scalars, line numbers and duplicate keys,
	// which decoding into Go values loses; maintained by the YAML organisation.
	yaml "go.yaml.in/yaml/v3"

	"planewise/model"
)

// builder turns what a parser read into Values, within bounds.
type builder struct {
	name        string
	o           Options
	nodes       int
	done        map[*yaml.Node]*Value // anchored nodes that are built
	building    map[*yaml.Node]bool   // anchored nodes that are being built
	diagnostics []model.Diagnostic
}

func (b *builder) fromYAML(data []byte) (*Value, error) {
	docs, err := decode(data)
	if err != nil {
		return nil, b.yamlError(data, err)
	}
	switch {
	case len(docs) > 1:
		return nil, Errorf(b.name, docs[1].Content[0].Line, "a second document begins here; put each document into a file of its own")
	case len(docs) == 0:
		return &Value{Kind: Null, Line: 1, size: 1}, nil
	}
	return b.value(docs[0].Content[0], 1)
}

// maxEmptyDocuments is how many documents with nothing in them a file may have;
// each costs the library a parser's start.
const maxEmptyDocuments = 100

// decode reads the documents that hold something, at most two. The library
// reports its own errors by panics which it catches itself; one that it does not
// expect would end the program.
func decode(data []byte) (docs []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML library gave up: %v", r)
		}
	}()
	d := yaml.NewDecoder(bytes.NewReader(data))
	for range maxEmptyDocuments {
		var n yaml.Node
		switch err := d.Decode(&n); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return nil, err
		}
		if len(n.Content) == 1 && !isNull(n.Content[0]) {
			if docs = append(docs, &n); len(docs) == 2 {
				return docs, nil
			}
		}
	}
	return nil, fmt.Errorf("more than %d documents", maxEmptyDocuments)
}

var linePattern = regexp.MustCompile(`^line (\d+): `)

// yamlError gives the library's error a place and words.
func (b *builder) yamlError(data []byte, err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := linePattern.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
		if strings.HasPrefix(text, "did not find") {
			line++ // these count from 0
		}
	}
	if m := strings.TrimPrefix(text, "unknown anchor '"); m != text {
		anchor, _, _ := strings.Cut(m, "'")
		if i := bytes.Index(data, []byte("*"+anchor)); i >= 0 {
			line = 1 + bytes.Count(data[:i], []byte("\n"))
		}
		return Errorf(b.name, line, "alias *%s refers to an anchor that does not exist; define &%s before it", anchor, anchor)
	}
	if strings.HasPrefix(text, "control characters") || strings.HasPrefix(text, "the YAML library") {
		line = 0 // they do not say where
	}
	hint := "correct the YAML here, or in the block that begins here"
	switch {
	case strings.HasPrefix(text, "exceeded max depth"):
		return b.tooDeep(line)
	case strings.HasPrefix(text, "mapping values are not allowed"):
		hint = "check the indentation of this line and quote texts that hold a colon"
	case strings.HasPrefix(text, "found character that cannot start"):
		hint = "quote the text"
		if indentedByTab(data, line) {
			text, hint = "a tab in the indentation", "indent with spaces"
		}
	case strings.HasPrefix(text, "found a tab"):
		hint = "indent with spaces"
	}
	return Errorf(b.name, line, "broken YAML: %s; %s", text, hint)
}

func indentedByTab(data []byte, line int) bool {
	for i := 1; i < line; i++ {
		_, after, ok := bytes.Cut(data, []byte("\n"))
		if !ok {
			return false
		}
		data = after
	}
	return strings.HasPrefix(strings.TrimLeft(string(data[:min(len(data), 200)]), " "), "\t")
}

func (b *builder) tooDeep(line int) error {
	return Errorf(b.name, line, "nested deeper than %d levels; flatten the document", b.o.MaxDepth)
}

func (b *builder) count(line, n int) error {
	b.nodes += n
	if b.nodes > b.o.MaxNodes {
		return Errorf(b.name, line, "the document has more than %d values once its aliases are expanded; write it with fewer aliases or entries", b.o.MaxNodes)
	}
	return nil
}

func (b *builder) value(n *yaml.Node, depth int) (*Value, error) {
	if depth > b.o.MaxDepth {
		return nil, b.tooDeep(n.Line)
	}
	if n.Kind == yaml.AliasNode {
		return b.alias(n)
	}
	if err := b.count(n.Line, 1); err != nil {
		return nil, err
	}
	if n.Anchor == "" {
		return b.plain(n, depth)
	}
	if b.building == nil {
		b.building, b.done = map[*yaml.Node]bool{}, map[*yaml.Node]*Value{}
	}
	b.building[n] = true
	v, err := b.plain(n, depth)
	delete(b.building, n)
	b.done[n] = v
	return v, err
}

// alias shares the anchor's value and counts it as if it were written again.
func (b *builder) alias(n *yaml.Node) (*Value, error) {
	if b.building[n.Alias] {
		return nil, Errorf(b.name, n.Line, "alias *%s stands inside its own anchor; remove one of them", n.Value)
	}
	v := b.done[n.Alias]
	if v == nil {
		return nil, Errorf(b.name, n.Line, "alias *%s refers to an anchor that does not exist; define it first", n.Value)
	}
	return v, b.count(n.Line, v.size)
}

func (b *builder) plain(n *yaml.Node, depth int) (*Value, error) {
	v := &Value{Line: n.Line, size: 1}
	switch n.Kind {
	case yaml.ScalarNode:
		return b.scalar(n, v)
	case yaml.SequenceNode:
		v.Kind = List
		if err := b.tagged(n, "!!seq"); err != nil {
			return nil, err
		}
		v.Items = make([]*Value, 0, len(n.Content))
		for _, c := range n.Content {
			item, err := b.value(c, depth+1)
			if err != nil {
				return nil, err
			}
			v.Items = append(v.Items, item)
			v.size += item.size
		}
		return v, nil
	case yaml.MappingNode:
		v.Kind = Map
		if err := b.tagged(n, "!!map"); err != nil {
			return nil, err
		}
		return v, b.mapping(n, v, depth)
	}
	return nil, Errorf(b.name, n.Line, "unexpected YAML node; write plain mappings, lists and scalars")
}

// tagged refuses tags that would change what the text means.
func (b *builder) tagged(n *yaml.Node, known ...string) error {
	if n.Style&yaml.TaggedStyle == 0 {
		return nil
	}
	for _, k := range known {
		if n.Tag == k {
			return nil
		}
	}
	return Errorf(b.name, n.Line, "the tag %s is not supported; remove it", n.Tag)
}

func (b *builder) scalar(n *yaml.Node, v *Value) (*Value, error) {
	if err := b.tagged(n, "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp"); err != nil {
		return nil, err
	}
	if isNull(n) {
		return v, nil
	}
	v.Kind, v.Text = Scalar, n.Value
	v.Quoted = n.Style&^yaml.TaggedStyle != 0 || n.Style&yaml.TaggedStyle != 0 && n.Tag == "!!str"
	return v, nil
}

// isNull follows YAML's core schema: nothing, ~ and null, unquoted. A tag other than
// that of a string does not make something of nothing.
func isNull(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode || n.Style&^yaml.TaggedStyle != 0 {
		return false
	}
	if n.Style&yaml.TaggedStyle != 0 && n.Tag == "!!str" {
		return false
	}
	switch n.Value {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}
