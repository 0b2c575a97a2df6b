package yamldoc

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	yaml "go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

// tree draws a value such as Encode is given: texts, numbers, lists, mappings.
func tree(depth int) *rapid.Generator[*Value] {
	return rapid.Custom(func(t *rapid.T) *Value {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		if depth == 0 && kind > 3 {
			kind = 1
		}
		switch kind {
		case 0:
			return &Value{Kind: Null}
		case 1, 2:
			return Text(anyText().Draw(t, "text"))
		case 3:
			return Plain(rapid.SampledFrom([]string{"0", "17", "-4", "true", "false"}).Draw(t, "plain"))
		case 4:
			v := ListOf(rapid.SliceOfN(tree(depth-1), 0, 4).Draw(t, "items")...)
			v.Flow = rapid.Bool().Draw(t, "flow")
			return v
		}
		v := Mapping()
		v.Flow = rapid.Bool().Draw(t, "flow")
		for _, key := range rapid.SliceOfNDistinct(anyText(), 0, 4, rapid.ID[string]).Draw(t, "keys") {
			v.Add(key, tree(depth-1).Draw(t, "value"))
		}
		return v
	})
}

// anyText prefers what is easily taken for something else.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", " ", "3.10", "null", "~", "true", "- a", "a: b", "#", "{", "[1]", "{}", "'", "\"", "<<", "!x", "&a", "*a", "|", ">", "%", "@", "`",
			"\t", "\n", "a\nb\n", " a", "a ", "\u0085", "\u2028", "\ufeff", "é", "😀", "---", "...", "? x", "-", ":", "x:", "a #b", "0x1", "1e3", "=", "y", "2020-01-01", "\x01", "\x7f", "\\"}),
		rapid.StringN(0, 12, -1),
	)
}

// What Encode writes reads back as the same texts and the same types.
func TestEncodeReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := tree(3).Draw(t, "tree")
		data, err := Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		doc, _, err := Parse("x", data, Options{})
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		if got, want := doc.Root.TextJSON(), v.TextJSON(); got != want {
			t.Fatalf("%q reads as %s, was written from %s", data, got, want)
		}
		got, err := doc.JSON()
		if err != nil {
			t.Fatal(err)
		}
		want, _ := (&Doc{Root: v}).JSON()
		if string(got) != string(want) {
			t.Fatalf("%q has the types %s, was written from %s", data, got, want)
		}
	})
}

// JSON means to this package what it means to encoding/json.
func TestJSONAgreesWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, err := (&Doc{Root: ListOf(tree(3).Draw(t, "tree"))}).JSON()
		if err != nil {
			t.Fatal(err)
		}
		var indented any
		if err := json.Unmarshal(want, &indented); err != nil {
			t.Fatal(err)
		}
		data, _ := json.MarshalIndent(indented, "", "  ") // other escapes, other order
		doc, _, err := Parse("x", data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := doc.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var back any
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatal(err)
		}
		if a, b := fmt.Sprintf("%#v", indented), fmt.Sprintf("%#v", back); a != b {
			t.Fatalf("%s reads as %s", a, b)
		}
	})
}

func TestTextJSONIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := ListOf(tree(3).Draw(t, "tree"))
		text := v.TextJSON()
		doc, _, err := Parse("x", []byte(text), Options{})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if again := doc.Root.TextJSON(); again != text {
			t.Fatalf("canonical text changes: %s, then %s", text, again)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a: 1\nb:\n- x\n", "{\"a\": [1, null]}", "a: &x [*x]\n", "a: &x {b: 1}\nc: {<<: *x}\n", "? a\n: b\n", "a: |\n  b\n",
		"spec:\nspec:\n  charts: []\n", "!!set {a}", "a: !!int ''", "a: !!int\nb: !!bool ~\nc: !!float null\nd: !!str\n", "- !!null x\n", "\xef\xbb\xbf---\n...\n", "- - - a\n", "a: \"\\ud83d\"", "'<<': *x", "[[[[", "&a &b c", "a: 1\n---\n---\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{MaxBytes: 1 << 16, MaxDepth: 30, MaxNodes: 2000}
		merged, _, errMerged := Parse("f", data, Options{MaxBytes: o.MaxBytes, MaxDepth: o.MaxDepth, MaxNodes: o.MaxNodes, Duplicates: Merge})
		strict, ds, err := Parse("f", data, o)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		if len(ds) > 0 {
			t.Errorf("diagnostics without Merge: %v", ds)
		}
		if errMerged != nil {
			t.Fatalf("read strictly, but not with Merge: %v", errMerged)
		}
		text := strict.Root.TextJSON()
		if other := merged.Root.TextJSON(); other != text {
			t.Errorf("strict %s, merged %s", text, other)
		}
		if !json.Valid([]byte(text)) {
			t.Errorf("not JSON: %s", text)
		}
		if typed, err := strict.JSON(); err == nil && !json.Valid(typed) {
			t.Errorf("not JSON: %s", typed)
		}
		if written, err := Encode(strict.Root); err == nil {
			back, _, err := Parse("f", written, Options{MaxBytes: 1 << 20})
			if err != nil || back.Root.TextJSON() != text {
				t.Errorf("%q is written as %q and read back with %v", text, written, err)
			}
		}
	})
}

// The cost over what the library needs to make nodes of the same bytes.
func BenchmarkParse(b *testing.B) {
	var data []byte
	for i := range 400 {
		data = fmt.Appendf(data, "- name: chart-%d\n  version: 1.%d.0\n  namespace: services\n  values:\n    a: [1, 2]\n    b: {c: x}\n", i, i)
	}
	if tree, _ := filepath.Glob("../../../shared/corpus/csm/v1.5.2/manifests/sysmgmt.yaml"); len(tree) == 1 {
		data, _ = os.ReadFile(tree[0])
	}
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, _, err := Parse("x", data, Options{Duplicates: Merge}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			var n yaml.Node
			if err := yaml.Unmarshal(data, &n); err != nil {
				b.Fatal(err)
			}
		}
	})
}
