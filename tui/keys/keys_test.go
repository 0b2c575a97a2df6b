package keys

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the README's table of keys anew")

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

const begin, end = "<!-- keys -->", "<!-- /keys -->"

// The README's table is the key map. go test ./tui/keys -update writes it.
func TestReadme(t *testing.T) {
	path := filepath.Join("..", "..", "README.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("there is no README yet: %v", err)
	}
	before, rest, ok := strings.Cut(string(data), begin)
	table, after, also := strings.Cut(rest, end)
	if !ok || !also {
		t.Skipf("the README has no lines %s and %s around a table of keys yet", begin, end)
	}
	if want := "\n" + Table(); table != want {
		if *update {
			if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Error("the README's table of keys is not that of the key map; go test ./tui/keys -update writes it")
	}
}
