package schemagen_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"planewise/fixtures"
	"planewise/model/document/internal/schemagen"
)

// The published schemas are those of the types as they are.
func TestSchemasAreUpToDate(t *testing.T) {
	schemas, err := schemagen.Generate("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range schemas {
		got, err := fixtures.FS.ReadFile("schema/" + kind + ".schema.json")
		if err != nil || string(got) != string(want) {
			t.Errorf("fixtures/schema/%s.schema.json is behind the types of package model (%v); run: go run ./model/document/internal/genschema", kind, err)
		}
	}
}

// Names of properties and definitions are compared with the types by a second,
// simpler walk, so that a mistake in the generator does not hide.
func TestPropertiesAreTheFieldsOfTheTypes(t *testing.T) {
	for _, root := range schemagen.Roots() {
		t.Run(root.Kind, func(t *testing.T) {
			text, err := fixtures.FS.ReadFile("schema/" + root.Kind + ".schema.json")
			if err != nil {
				t.Fatal(err)
			}
			var s map[string]any
			if err := json.Unmarshal(text, &s); err != nil {
				t.Fatal(err)
			}
			want := map[string][]string{}
			structs(root.Type, want)
			got := map[string][]string{root.Type.Name(): keys(s["properties"])}
			for name, def := range s["$defs"].(map[string]any) {
				if p, ok := def.(map[string]any)["properties"]; ok {
					got[name] = keys(p)
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("schema has\n%v\nthe types have\n%v", got, want)
			}
		})
	}
}

func keys(m any) []string {
	var ks []string
	for k := range m.(map[string]any) {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// structs notes the JSON names of every struct type that t leads to.
func structs(t reflect.Type, into map[string][]string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		structs(t.Elem(), into)
		return
	case reflect.Struct:
	default:
		return
	}
	if _, seen := into[t.Name()]; seen {
		return
	}
	into[t.Name()] = nil
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "-" || name == "" {
			continue
		}
		names = append(names, name)
		structs(f.Type, into)
	}
	slices.Sort(names)
	into[t.Name()] = names
}

// Documents that people write refuse unknown fields, plans take them.
func TestUnknownFields(t *testing.T) {
	for _, root := range schemagen.Roots() {
		text, err := fixtures.FS.ReadFile("schema/" + root.Kind + ".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		var walk func(v any) (closed, open int)
		walk = func(v any) (closed, open int) {
			m, ok := v.(map[string]any)
			if !ok {
				return 0, 0
			}
			if _, ok := m["properties"]; ok && m["type"] == "object" {
				if m["additionalProperties"] == false {
					closed++
				} else {
					open++
				}
			}
			for _, below := range m {
				c, o := walk(below)
				closed, open = closed+c, open+o
			}
			return closed, open
		}
		var s any
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
		closed, open := walk(s)
		if root.Open && closed > 0 || !root.Open && open > 0 || closed+open < 3 {
			t.Errorf("%s: %d objects are closed, %d open", root.Kind, closed, open)
		}
	}
}

// Limits apply to something that exists.
func TestLimitsNameFieldsOfTypes(t *testing.T) {
	known := map[string][]string{}
	for _, root := range schemagen.Roots() {
		structs(root.Type, known)
	}
	all := map[string]bool{}
	for _, fields := range known {
		for _, f := range fields {
			all[f] = true
		}
	}
	for _, name := range schemagen.TableNames() {
		typ, field, isField := strings.Cut(name, ".")
		switch {
		case !isField:
			if !regexp.MustCompile(`ID$`).MatchString(typ) {
				t.Errorf("limit for %s, which is no type of text", name)
			}
		case typ == "*":
			if !all[field] {
				t.Errorf("limit for %s: no type has this field", name)
			}
		default:
			if !slices.Contains(known[typ], field) {
				t.Errorf("limit for %s: there is no such field", name)
			}
		}
	}
}
