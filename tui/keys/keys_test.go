package keys

import (
	"strings"
	"testing"
)

// No key means two things in one context, and every binding can be reached and
// says what it does.
func TestMap(t *testing.T) {
	seen := map[Context]map[string]Action{}
	for _, b := range All() {
		if seen[b.In] == nil {
			seen[b.In] = map[string]Action{}
		}
		if len(b.Keys()) == 0 || b.Help().Key == "" || b.Help().Desc == "" || b.Title == "" || b.Do == "" {
			t.Errorf("%s in %s is incomplete: %+v", b.Do, b.In, b.Help())
		}
		for _, k := range b.Keys() {
			if k == "" || k != strings.TrimSpace(k) && k != " " {
				t.Errorf("%q in %s is no key", k, b.In)
			}
			if other, ok := seen[b.In][k]; ok {
				t.Errorf("%q means both %s and %s in %s", k, other, b.Do, b.In)
			}
			seen[b.In][k] = b.Do
		}
	}
	m := New()
	for _, b := range All() {
		contexts := []Context{b.In}
		if b.In == Everywhere {
			contexts = Contexts()[1:]
		}
		for _, c := range contexts {
			reached := false
			for _, k := range b.Keys() {
				reached = reached || m.by[c][k] == b.Do || m.by[c][k] == "" && m.by[Everywhere][k] == b.Do
			}
			if !reached {
				t.Errorf("%s cannot be reached in %s: its keys %v mean something else there", b.Do, c, b.Keys())
			}
		}
	}
}

// Every context has bindings of its own or is everywhere.
func TestContexts(t *testing.T) {
	known := map[Context]bool{}
	for _, c := range Contexts() {
		known[c] = true
	}
	for _, b := range All() {
		if !known[b.In] {
			t.Errorf("%s holds in %q, which help does not show", b.Do, b.In)
		}
	}
	for _, c := range Contexts() {
		if len(New().Of(c)) == 0 {
			t.Errorf("nothing can be done in %s", c)
		}
	}
}
