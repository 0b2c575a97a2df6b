package yamldoc

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"planewise/model"
)

func parse(t *testing.T, text string, o Options) (*Doc, []model.Diagnostic) {
	t.Helper()
	doc, ds, err := Parse("f.yaml", []byte(text), o)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return doc, ds
}

// What a document says, by the text of its scalars.
func TestTextIsKept(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"float-like version":      {"v: 3.10", `{"v":"3.10"}`},
		"float and int tags":      {"alpine:\n- 3.12\n- 3\n- '3.1'\n- \"20210322\"", `{"alpine":["3.12","3","3.1","20210322"]}`},
		"both list indents":       {"a:\n- x\nb:\n  - y\n", `{"a":["x"],"b":["y"]}`},
		"both indents in a list":  {"images:\n  one:\n    - 1.0\n  two:\n  - 2.0\n", `{"images":{"one":["1.0"],"two":["2.0"]}}`},
		"windows line ends":       {"a: 1\r\nb:\r\n  - x\r\n", `{"a":"1","b":["x"]}`},
		"byte order mark":         {"\xef\xbb\xbfa: 1\n", `{"a":"1"}`},
		"empty file":              {"", "null"},
		"comments only":           {"# nothing\n# here\n", "null"},
		"empty document":          {"---\n", "null"},
		"empty documents after":   {"a: 1\n---\n# none\n", `{"a":"1"}`},
		"empty documents before":  {"---\n---\na: 1\n", `{"a":"1"}`},
		"document end":            {"---\na: 1\n...\n", `{"a":"1"}`},
		"null values":             {"a:\nb: ~\nc: null\nd: ''\n", `{"a":null,"b":null,"c":null,"d":""}`},
		"null list":               {"url:\n  rpms:\n", `{"url":{"rpms":null}}`},
		"no newline at end":       {"a: 1", `{"a":"1"}`},
		"trailing blanks":         {"a: 1   \nb: 2\t\n", `{"a":"1","b":"2"}`},
		"keys as text":            {"3.10: x\ntrue: y\n", `{"3.10":"x","true":"y"}`},
		"words that look special": {"a: yes\nb: on\nc: 0x1f\nd: 1e3\ne: 2020-01-02\n", `{"a":"yes","b":"on","c":"0x1f","d":"1e3","e":"2020-01-02"}`},
		"anchor and alias":        {"a: &x [1, 2]\nb: *x\n", `{"a":["1","2"],"b":["1","2"]}`},
		"merge key":               {"d: &d {x: 1, y: 2}\ne:\n  <<: *d\n  y: 3\n", `{"d":{"x":"1","y":"2"},"e":{"x":"1","y":"3"}}`},
		"merge key, several":      {"a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc:\n  <<: [*a, *b]\n", `{"a":{"x":"1"},"b":{"x":"2","y":"3"},"c":{"x":"1","y":"3"}}`},
		"quoted merge key":        {"'<<': 1\n", `{"<<":"1"}`},
		"block texts":             {"a: |\n  x\n  y\nb: >-\n  x\n  y\n", `{"a":"x\ny\n","b":"x y"}`},
		"explicit text":           {"a: !!str 12\nb: !!int '7'\n", `{"a":"12","b":"7"}`},
		"sorted keys":             {"b: 1\na: {d: 1, c: 2}\n", `{"a":{"c":"2","d":"1"},"b":"1"}`},
		"no HTML escapes":         {"a: <&>\n", `{"a":"<&>"}`},
		"JSON":                    {"{\"a\": [1, 2.50, true, null, \"\\ud83d\\ude00\"]}", `{"a":["1","2.50","true",null,"😀"]}`},
		"JSON with blanks around": {"\n\n  [ ]\n", `[]`},
		"flow style, not JSON":    {"{a: 1, b: [x]}", `{"a":"1","b":["x"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			for _, rule := range []Duplicates{Refuse, Merge} {
				doc, ds := parse(t, c.in, Options{Duplicates: rule})
				if got := doc.Root.TextJSON(); got != c.want {
					t.Errorf("got %s, want %s", got, c.want)
				}
				if len(ds) > 0 {
					t.Errorf("diagnostics %v", ds)
				}
			}
		})
	}
}

// The types of YAML's core schema, which own documents are read by.
func TestTypes(t *testing.T) {
	for in, want := range map[string]string{
		"1": "1", "-7": "-7", "+7": "7", "007": "7", "0o17": "15", "0x1F": "31", "1_000": `"1_000"`,
		"1.5": "1.5", ".5": "0.5", "5.": "5", "1e3": "1000", "-1.25e-2": "-0.0125",
		"true": "true", "True": "true", "FALSE": "false", "yes": `"yes"`, "on": `"on"`,
		"null": "null", "~": "null", "": "null", "'null'": `"null"`, "'1'": `"1"`, `"true"`: `"true"`,
		"!!str 1": `"1"`, "3.10.1": `"3.10.1"`, "1.22.x": `"1.22.x"`, "-": "[null]", "+": `"+"`, ".": `"."`,
		"2020-01-02": `"2020-01-02"`, "12:30": `"12:30"`, "0b1": `"0b1"`, "!!int ''": `""`,
		"123456789012345678901234567890": "123456789012345678901234567890",
		strings.Repeat("9", 101):         `"` + strings.Repeat("9", 101) + `"`,
		"{b: 1, a: [x, 2]}":              `{"b":1,"a":["x",2]}`,
	} {
		doc, _ := parse(t, in, Options{})
		got, err := doc.JSON()
		if err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v, want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		"a: 1\nb: .inf":  "f.yaml:2: .inf is not a number that a document can hold; write a finite one",
		"a: -.INF":       "f.yaml:1: -.INF is not a number that a document can hold; write a finite one",
		"a: .nan":        "f.yaml:1: .nan is not a number that a document can hold; write a finite one",
		"a:\n  - 1e9999": "f.yaml:2: the number 1e9999 is out of range; write a smaller one",
	} {
		doc, _ := parse(t, in, Options{})
		if _, err := doc.JSON(); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", in, err, want)
		}
	}
}

func TestDuplicateKeys(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		lines    []int // first and second, of each diagnostic
		says     string
	}{
		"spec twice, the first empty": {"kind: m\nspec:\nspec:\n  charts: [x]\n", `{"kind":"m","spec":{"charts":["x"]}}`, []int{2, 3}, "not empty"},
		"spec twice, the last empty":  {"spec:\n  charts: [x]\nspec:\n", `{"spec":{"charts":["x"]}}`, []int{1, 3}, "not empty"},
		"image twice":                 {"images:\n  coredns:\n  - 1.8.0\n  other: [1]\n  coredns:\n  - 1.8.4\n", `{"images":{"coredns":["1.8.0","1.8.4"],"other":["1"]}}`, []int{2, 5}, "lists are joined"},
		"repository twice":            {"u:\n  rpms: [a, b]\nu:\n  rpms: [c]\n", `{"u":{"rpms":["a","b","c"]}}`, []int{2, 4, 1, 3}, "mappings are merged"},
		"three times":                 {"a: [1]\na: [2]\na: [3]\n", `{"a":["1","2","3"]}`, []int{1, 2, 1, 3}, "lists are joined"},
		"same text":                   {"a: 1\na: 1\n", `{"a":"1"}`, []int{1, 2}, "the same"},
		"other text":                  {"a: 1\na: 2\n", `{"a":"2"}`, []int{1, 2}, "the later one"},
		"by text, not by type":        {"1: a\n'1': b\n", `{"1":"b"}`, []int{1, 2}, "the later one"},
		"in JSON":                     {"{\"a\": [1],\n\"a\": [2]}", `{"a":["1","2"]}`, []int{1, 2}, "lists are joined"},
		"among many":                  {manyKeys(40) + "k7: [z]\n", "", []int{8, 41}, "lists are joined"},
	} {
		t.Run(name, func(t *testing.T) {
			doc, ds := parse(t, c.in, Options{Duplicates: Merge})
			if got := doc.Root.TextJSON(); c.want != "" && got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if len(ds)*2 != len(c.lines) {
				t.Fatalf("diagnostics %v, want %d", ds, len(c.lines)/2)
			}
			for i, d := range ds {
				want := []string{fmt.Sprintf("f.yaml:%d", c.lines[2*i]), fmt.Sprintf("f.yaml:%d", c.lines[2*i+1])}
				if d.Code != CodeDuplicateKey || d.Severity != model.Warning || d.Subject != "f.yaml" || strings.Join(d.Path, " ") != strings.Join(want, " ") {
					t.Errorf("diagnostic %+v, want the lines %v", d, want)
				}
			}
			if last := ds[len(ds)-1]; !strings.Contains(last.Summary, c.says) {
				t.Errorf("%q does not say %q", last.Summary, c.says)
			}
			_, _, err := Parse("f.yaml", []byte(c.in), Options{})
			named := false
			for i := 0; i < len(c.lines); i += 2 {
				named = named || err != nil && strings.Contains(err.Error(), fmt.Sprintf("f.yaml:%d: ", c.lines[i+1])) && strings.Contains(err.Error(), fmt.Sprintf("on line %d;", c.lines[i]))
			}
			if !named {
				t.Errorf("own documents: got %v, want an error with both lines", err)
			}
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: [a]\n", i)
	}
	return b.String()
}

func TestMergeLeavesAliasesAlone(t *testing.T) {
	doc, _ := parse(t, "base: &b {x: [1]}\na: *b\na: {x: [2]}\n", Options{Duplicates: Merge})
	if got, want := doc.Root.TextJSON(), `{"a":{"x":["1","2"]},"base":{"x":["1"]}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestErrors(t *testing.T) {
	small := Options{MaxBytes: 200, MaxDepth: 5, MaxNodes: 20}
	for name, c := range map[string]struct {
		in   string
		o    Options
		want string // a part
	}{
		"too many bytes":       {strings.Repeat("a", 201), small, "f.yaml: the file has 201 bytes, more than the 200 bytes that are read"},
		"too many entries":     {strings.Repeat("- a\n", 45), small, "f.yaml: the document has more than 20 entries"},
		"too many values":      {strings.Repeat("- a\n", 20), small, "f.yaml:20: the document has more than 20 values"},
		"too many JSON values": {"[" + strings.Repeat("1,", 20) + "1]", small, "f.yaml:1: the document has more than 20 values"},
		"too deep":             {"[[[[[[1]]]]]]", small, "f.yaml:1: nested deeper than 5 levels"},
		"too deep, not JSON":   {"a:\n b:\n  c:\n   d:\n    e:\n     f: 1\n", small, "f.yaml:6: nested deeper than 5 levels"},
		"deep for the library": {strings.Repeat("[", 20_000), Options{}, "f.yaml:1: nested deeper than 100 levels"},
		"not UTF-8":            {"a: 1\nb: \xff\n", Options{}, "f.yaml:2: the text is not UTF-8"},
		"UTF-16":               {"\xff\xfea\x00", Options{}, "f.yaml:1: the file is UTF-16"},
		"control character":    {"a: 1\nb: \x1b[31m\n", Options{}, "f.yaml:2: control character 0x1b; remove it"},
		"zero byte":            {"a: 1\x00\n", Options{}, "f.yaml:1: control character 0x00; remove it"},
		"second document":      {"a: 1\n---\nb: 2\n", Options{}, "f.yaml:3: a second document begins here"},
		"third document":       {"a: 1\n---\n---\nb: 2\n", Options{}, "f.yaml:4: a second document begins here"},
		"many documents":       {strings.Repeat("---\n", 1000), Options{}, "more than 100 documents"},
		"tab":                  {"a:\n\tb: 1\n", Options{}, "f.yaml:2: broken YAML: a tab in the indentation; indent with spaces"},
		"bad indent":           {"a: 1\nb: 2\n c: 3\n", Options{}, "f.yaml:3: broken YAML: mapping values are not allowed"},
		"colon in text":        {"a: b: c\n", Options{}, "f.yaml:1: broken YAML: mapping values are not allowed"},
		"dedented key":         {"x:\n- a: 1\n  c: 3\n d: 4\n", Options{}, "f.yaml:4: broken YAML: did not find expected key"},
		"open bracket":         {"a: 1\nb: [1, 2\nc: 3\n", Options{}, "f.yaml:2: broken YAML: did not find expected ',' or ']'"},
		"open quote":           {"a: 1\nb: \"x\n", Options{}, "f.yaml:2: broken YAML: found unexpected end of stream"},
		"reserved character":   {"a: 1\nb: @x\n", Options{}, "f.yaml:2: broken YAML: found character that cannot start any token; quote the text"},
		"unknown anchor":       {"a: 1\nb: *gone\n", Options{}, "f.yaml:2: alias *gone refers to an anchor that does not exist"},
		"anchor of an older":   {"a: *x\nb: &x 1\n", Options{}, "f.yaml:1: alias *x refers to an anchor that does not exist"},
		"alias in its anchor":  {"a: &x\n  b: *x\n", Options{}, "f.yaml:2: alias *x stands inside its own anchor"},
		"mapping as key":       {"? {a: 1}\n: 2\n", Options{}, "f.yaml:1: a mapping key must be a text, not a mapping"},
		"list as key":          {"a: 1\n? [a]\n: 2\n", Options{}, "f.yaml:2: a mapping key must be a text, not a list"},
		"unknown tag":          {"a: !secret x\n", Options{}, "f.yaml:1: the tag !secret is not supported; remove it"},
		"tag with an escape":   {"a: !x%1by y\n", Options{}, `f.yaml:1: the tag !x\x1by is not supported`},
		"key with an escape":   {"\"a\\e\": 1\n\"a\\e\": 2\n", Options{}, `f.yaml:2: key "a\x1b" stands here and on line 1`},
		"binary":               {"a: !!binary aGk=\n", Options{}, "f.yaml:1: the tag !!binary is not supported"},
		"set":                  {"a: !!set {x}\n", Options{}, "f.yaml:1: the tag !!set is not supported"},
		"merge of a text":      {"a: 1\nb:\n  <<: x\n", Options{}, "f.yaml:3: << takes a mapping or a list of mappings, not a scalar"},
		"kinds that differ":    {"a: [1]\nb: 1\na: {x: 1}\n", Options{Duplicates: Merge}, `f.yaml:3: key "a" is a mapping here and a list on line 1`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Parse("f.yaml", []byte(c.in), c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			var e *Error
			if !errors.As(err, &e) || e.File != "f.yaml" {
				t.Errorf("%v is no Error about the file", err)
			}
		})
	}
}

// A few lines that would become a billion values: sharing keeps them small, the
// count of the expanded tree refuses them.
func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("l0: &l0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "l%d: &l%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*l%d, ", i-1), 9), ", "))
	}
	_, _, err := Parse("bomb.yaml", []byte(b.String()), Options{})
	if err == nil || !strings.Contains(err.Error(), "values once its aliases are expanded") {
		t.Errorf("got %v, want a refusal", err)
	}
	merge := strings.ReplaceAll(b.String(), "[x, x, x, x, x, x, x, x, x]", "{a: 1}")
	merge = strings.ReplaceAll(merge, ": &l", ":\n &l")
	if _, _, err := Parse("bomb.yaml", []byte(merge), Options{Duplicates: Merge}); err == nil {
		t.Error("a bomb of mappings is read")
	}
}

func TestHugeFileIsRefusedUnread(t *testing.T) {
	data := make([]byte, 100<<20)
	allocated := testing.AllocsPerRun(1, func() {
		_, _, err := Parse("big.yaml", data, Options{})
		if err == nil || !strings.Contains(err.Error(), "big.yaml: the file has 100 MiB, more than the 16 MiB that are read") {
			t.Errorf("got %v", err)
		}
	})
	if allocated > 50 {
		t.Errorf("refusing took %v allocations", allocated)
	}
}

func TestAccess(t *testing.T) {
	doc, _ := parse(t, "a:\n  b:\n  - c: x\n  - d\n", Options{})
	r := doc.Root
	for _, c := range []struct {
		path []string
		want string
		line int
	}{
		{[]string{"a", "b", "0", "c"}, "x", 3},
		{[]string{"a", "b", "1"}, "d", 4},
	} {
		v := r.Path(c.path...)
		if v.String() != c.want || v.Line != c.line {
			t.Errorf("%v: got %q on line %d, want %q on %d", c.path, v.String(), v.Line, c.want, c.line)
		}
	}
	for _, path := range [][]string{{"x"}, {"a", "b", "2"}, {"a", "b", "-1"}, {"a", "b", "c"}, {"a", "b", "1", "c"}, {"x", "y"}} {
		if v := r.Path(path...); v != nil {
			t.Errorf("%v: got %v, want nothing", path, v)
		}
	}
	if !r.Get("none").IsNull() || r.Get("none").Get("none") != nil || r.Get("a").String() != "" {
		t.Error("what is not there must be null and without a text")
	}
	if got, want := doc.Errorf(r.Path("a", "b", "1"), "bad %s", "thing").Error(), "f.yaml:4: bad thing"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := doc.Errorf(nil, "bad").Error(), "f.yaml: bad"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
