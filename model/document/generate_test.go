package document_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"planewise/fixtures"
)

// generator makes random documents from a published schema. What it makes is valid
// by the schema, so reading it back tests that schema and Go types agree.
type generator struct {
	t    *rapid.T
	defs map[string]any
	// unknown: add fields that no type has to objects that allow them.
	unknown bool
	added   int
}

func schemaOf(t testing.TB, kind string) map[string]any {
	t.Helper()
	text, err := fixtures.Published.ReadFile("schema/" + kind + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return whole(s)
}

// whole makes of the schema of what may be written that of complete documents.
func whole(s map[string]any) map[string]any {
	otherwise, ok := s["else"].(map[string]any)
	if !ok {
		return s
	}
	s["required"] = otherwise["required"]
	stage := s["$defs"].(map[string]any)["Stage"].(map[string]any)
	stage["required"] = otherwise["properties"].(map[string]any)["stages"].(map[string]any)["items"].(map[string]any)["required"]
	for _, name := range []string{"extends", "drop", "defaults", "after", "before"} {
		delete(s["properties"].(map[string]any), name)
		delete(stage["properties"].(map[string]any), name)
	}
	return s
}

func (g *generator) document(schema map[string]any) any {
	g.defs = schema["$defs"].(map[string]any)
	return g.value(schema, 0)
}

func (g *generator) value(s map[string]any, depth int) any {
	if ref, ok := s["$ref"].(string); ok {
		return g.value(g.defs[ref[len("#/$defs/"):]].(map[string]any), depth)
	}
	if choices, ok := s["anyOf"].([]any); ok {
		return g.value(g.pick(choices).(map[string]any), depth)
	}
	if c, ok := s["const"]; ok {
		return c
	}
	if e, ok := s["enum"].([]any); ok {
		return g.pick(e)
	}
	typ := s["type"]
	if types, ok := typ.([]any); ok {
		typ = g.pick(types)
	}
	switch typ {
	case "object":
		return g.object(s, depth)
	case "array":
		n := rapid.IntRange(0, max(0, 3-depth/2)).Draw(g.t, "items")
		if least, ok := s["minItems"].(float64); ok {
			n = max(n, int(least))
		}
		list := make([]any, n)
		for i := range list {
			list[i] = g.value(s["items"].(map[string]any), depth+1)
		}
		return list
	case "string":
		return g.text(s)
	case "integer":
		least, most := int64(0), int64(1)<<40
		if v, ok := s["minimum"].(float64); ok {
			least = int64(v)
		}
		if v, ok := s["maximum"].(float64); ok {
			most = int64(v)
		}
		return rapid.Int64Range(least, most).Draw(g.t, "number")
	case "boolean":
		return rapid.Bool().Draw(g.t, "truth")
	case "null":
		return nil
	}
	panic(fmt.Sprintf("schema without a type: %v", s))
}

func (g *generator) pick(choices []any) any {
	return choices[rapid.IntRange(0, len(choices)-1).Draw(g.t, "choice")]
}

func (g *generator) text(s map[string]any) string {
	if p, ok := s["pattern"].(string); ok {
		return rapid.StringMatching(p).Draw(g.t, "text")
	}
	words := []any{"cray-bos", "3.10", "true", "null", "~", "1e3", "", " ", "a: b", "- x", "#", "\"", "'", "ü", "u\u0308",
		"<script>&", "\x1b[2J", "a\nb\n", "\u202e", "x#2", "=1+1", "🚀", "*a", "&a", "!!int 3", "0x10", "2024-10-24"}
	if _, ok := s["minLength"]; ok {
		words = []any{"cray-bos", "3.10", "~", "ü", "\x1b[2J"}
	}
	return g.pick(words).(string)
}

func (g *generator) object(s map[string]any, depth int) any {
	m := map[string]any{}
	properties, _ := s["properties"].(map[string]any)
	if values, ok := s["additionalProperties"].(map[string]any); ok {
		for range rapid.IntRange(0, 2).Draw(g.t, "entries") {
			m[norm.NFC.String(g.text(s))] = g.value(values, depth+1)
		}
		return m
	}
	if byPattern, ok := s["patternProperties"].(map[string]any); ok {
		for pattern, values := range byPattern { // there is one
			for range rapid.IntRange(0, 2).Draw(g.t, "entries") {
				m[g.text(map[string]any{"pattern": pattern})] = g.value(values.(map[string]any), depth+1)
			}
		}
		return m
	}
	required, _ := s["required"].([]any)
	var exclusive []string
	if oneOf, ok := s["oneOf"].([]any); ok {
		for _, o := range oneOf {
			exclusive = append(exclusive, o.(map[string]any)["required"].([]any)[0].(string))
		}
	}
	chosen := ""
	if len(exclusive) > 0 {
		// A need inside a need inside a need ends with a service.
		chosen = exclusive[rapid.IntRange(0, len(exclusive)-1).Draw(g.t, "one of")]
		if depth > 6 {
			chosen = exclusive[0]
		}
	}
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		must := slices.Contains(required, any(name)) || name == chosen
		if slices.Contains(exclusive, name) && name != chosen {
			continue
		}
		if must || depth < 6 && rapid.Bool().Draw(g.t, name) {
			m[name] = g.value(properties[name].(map[string]any), depth+1)
		}
	}
	if g.unknown && s["additionalProperties"] == nil && properties != nil && rapid.IntRange(0, 4).Draw(g.t, "unknown") == 0 {
		g.added++
		m[fmt.Sprintf("x_%d", g.added)] = g.pick([]any{1.5, "new", nil, true, []any{1, "a", map[string]any{"b": nil}}, map[string]any{}})
	}
	half, a := m["p50s"].(int64)
	most, b := m["p90s"].(int64)
	if a && b && half > most {
		m["p50s"], m["p90s"] = most, half
	}
	return m
}
