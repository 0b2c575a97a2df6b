package yamldoc

import (
	"fmt"

	yaml "go.yaml.in/yaml/v3"

	"planewise/model"
)

// CodeDuplicateKey is the code of the diagnostic about a key that stands twice.
const CodeDuplicateKey = "duplicate-key"

// indexFrom is the number of entries from which a mapping's keys are looked up in
// a table; below it a loop is faster.
const indexFrom = 16

// mapping fills v with the entries of n.
func (b *builder) mapping(n *yaml.Node, v *Value, depth int) error {
	m := entries{b: b, v: v}
	v.Entries = make([]Entry, 0, len(n.Content)/2)
	var defaults []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, c := n.Content[i], n.Content[i+1]
		if k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		if k.Kind != yaml.ScalarNode {
			return Errorf(b.name, n.Content[i].Line, "a mapping key must be a text, not %s", kindOf(k))
		}
		if k.Tag == "!!merge" && k.Style == 0 {
			defaults = append(defaults, c)
			continue
		}
		item, err := b.value(c, depth+1)
		if err != nil {
			return err
		}
		if err := m.add(Entry{Key: k.Value, Line: n.Content[i].Line, Value: item}); err != nil {
			return err
		}
	}
	for _, c := range defaults {
		if err := b.mergeKey(&m, c, depth); err != nil {
			return err
		}
	}
	for _, e := range v.Entries {
		v.size += e.Value.size
	}
	return nil
}

func kindOf(n *yaml.Node) Kind {
	switch n.Kind {
	case yaml.MappingNode:
		return Map
	case yaml.SequenceNode:
		return List
	}
	return Scalar
}

// mergeKey adds what "<<" refers to, where the mapping does not say otherwise.
func (b *builder) mergeKey(m *entries, n *yaml.Node, depth int) error {
	from, err := b.value(n, depth+1)
	if err != nil {
		return err
	}
	sources := []*Value{from}
	if from.Kind == List {
		sources = from.Items
	}
	for _, s := range sources {
		if s.Kind != Map {
			return Errorf(b.name, n.Line, "<< takes a mapping or a list of mappings, not %s", s.Kind)
		}
		for _, e := range s.Entries {
			if m.find(e.Key) < 0 {
				m.append(e)
			}
		}
	}
	return nil
}

// entries is a mapping that is being filled.
type entries struct {
	b     *builder
	v     *Value
	index map[string]int
}

func (m *entries) find(key string) int {
	if m.index != nil {
		if i, ok := m.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range m.v.Entries {
		if m.v.Entries[i].Key == key {
			return i
		}
	}
	return -1
}

func (m *entries) append(e Entry) {
	m.v.Entries = append(m.v.Entries, e)
	switch n := len(m.v.Entries); {
	case m.index != nil:
		m.index[e.Key] = n - 1
	case n >= indexFrom:
		m.index = make(map[string]int, 2*n)
		for i, e := range m.v.Entries {
			m.index[e.Key] = i
		}
	}
}

func (m *entries) add(e Entry) error {
	i := m.find(e.Key)
	if i < 0 {
		m.append(e)
		return nil
	}
	first := &m.v.Entries[i]
	if m.b.o.Duplicates == Refuse {
		return Errorf(m.b.name, e.Line, "key %q stands here and on line %d; remove one of them", e.Key, first.Line)
	}
	if m.b.o.Duplicates == Last {
		m.b.duplicate(e.Key, first.Line, e.Line, "the later one is used")
		first.Value = e.Value
		return nil
	}
	merged, how, err := m.b.merge(e.Key, first.Value, e.Value)
	if err != nil {
		return err
	}
	m.b.duplicate(e.Key, first.Line, e.Line, how)
	first.Value = merged
	return nil
}

func (b *builder) duplicate(key string, first, second int, how string) {
	b.diagnostics = append(b.diagnostics, model.Diagnostic{
		Severity: model.Warning,
		Code:     CodeDuplicateKey,
		Subject:  b.name,
		Summary:  fmt.Sprintf("key %q stands twice, on lines %d and %d: %s", key, first, second, how),
		Hint:     "ask the vendor which of the two is meant; most parsers silently drop one of them",
		Path:     []string{fmt.Sprintf("%s:%d", b.name, first), fmt.Sprintf("%s:%d", b.name, second)},
	})
}

// merge joins the two values of a duplicate key so that nothing is lost where
// that is possible, and says what it did. The given values stay as they are:
// they may be shared through aliases.
func (b *builder) merge(key string, first, second *Value) (*Value, string, error) {
	switch {
	case second.Kind == Null:
		return first, "the one that is not empty is used", nil
	case first.Kind == Null:
		return second, "the one that is not empty is used", nil
	case first.Kind != second.Kind:
		return nil, "", Errorf(b.name, second.Line, "key %q is %s here and %s on line %d; remove one of them", key, second.Kind, first.Kind, first.Line)
	case first.Kind == Scalar && first.Text == second.Text:
		return first, "both say the same", nil
	case first.Kind == Scalar:
		return second, fmt.Sprintf("%q and then %q; the later one is used", first.Text, second.Text), nil
	case first.Kind == List:
		v := &Value{Kind: List, Line: first.Line, size: first.size + second.size - 1}
		v.Items = append(append(v.Items, first.Items...), second.Items...)
		return v, "both lists are joined", nil
	}
	v := &Value{Kind: Map, Line: first.Line, size: 1}
	v.Entries = append(v.Entries, first.Entries...)
	m := entries{b: b, v: v}
	for _, e := range second.Entries {
		if err := m.add(e); err != nil {
			return nil, "", err
		}
	}
	for _, e := range v.Entries {
		v.size += e.Value.size
	}
	return v, "both mappings are merged", nil
}
