package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	ical "github.com/emersion/go-ical" // why: independent readers of what is written here
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	render "github.com/yuin/goldmark/renderer/html"
	"go.yaml.in/yaml/v3"
	"golang.org/x/net/html"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/clean"
	"planewise/planner"
	"planewise/planner/compare"
	"planewise/planner/explain"
	"planewise/planner/export"
	"planewise/planner/export/comparison"
	"planewise/planner/export/internal/sample"
	"planewise/planner/export/text"
	"planewise/planner/verify"
)

// mark stands behind the line ends of the payloads, and nowhere else in them: a line
// of an output that begins with it was begun by a payload.
const mark = "INJECTED"

// payloads try everything at once: to move the cursor, to end a line, to write
// backwards, to be markup, a formula, a calendar's property, a command.
var payloads = []string{
	"=cmd|' /C calc'!A0\x1b[2J\x1b]0;t\x07\u009b31m\u202e\u2066\u200b\x00\r\n" + mark + ":x\r\nEND:VEVENT\r\nBEGIN:VALARM\n" + mark +
		"\n| a | b |\n# heading\n<injected onload=alert(1)>`*_[x](javascript:alert(1))$(reboot)",
	"a\n\n" + mark + ":\n---\n- item\n```\n<!-- --><injected/>\u2028" + mark,
	"+1\t\xff\xfe-->]]></title></style></svg></table><injected x='\">&#x1b;&lt;{{.}}{{workflow.name}}%s%n\\",
}

// views are what the program shows and writes of a plan, by names whose endings say
// how they are read.
func views(t *testing.T, p model.Plan) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, f := range export.Formats() {
		var o export.Options
		o.Loftsman.Releases = []model.Release{sample.Release()}
		for _, o.Verbose = range []bool{false, true} {
			if o.Verbose && f.Name != "text" {
				continue
			}
			files, diags, err := export.Write(f.Name, p, o)
			if err != nil {
				out[f.Name+".error.txt"] = []byte(clean.Block(err.Error())) // as every command prints it
				continue
			}
			for i, file := range files { // their names hold those of the plan
				out[fmt.Sprintf("%s %t %d%s", f.Name, o.Verbose, i, path.Ext(file.Name))] = file.Data
			}
			out[f.Name+" notes.txt"] = []byte(text.Diagnostics(diags, 80))
		}
	}
	subjects := []string{explain.Standing, "B1", "control.api", "control", "chart:core/api", "roll:worker"}
	for _, b := range p.Bundles {
		subjects = append(subjects, b.Label, string(b.Key))
		for _, i := range b.Timeline {
			subjects = append(subjects, string(i.Capability), string(i.Plane))
		}
	}
	for _, c := range p.Changes {
		subjects = append(subjects, string(c.ID))
	}
	slices.Sort(subjects)
	for i, s := range slices.Compact(subjects) {
		if r, err := explain.Of(p, s); err == nil {
			out[fmt.Sprintf("explain %d.txt", i)] = []byte(text.Explain(r, text.Options{}))
		}
	}
	before := sample.Full()
	report, err := compare.Of("plans", []compare.Option{{Name: "one", Steps: []model.Plan{before}}, {Name: p.ID, Steps: []model.Plan{p}}})
	if err != nil {
		t.Fatal(err)
	}
	nothing, _ := catalog.New(model.Mapping{})
	verified, err := verify.Plan(verify.Input{Plan: p, Was: planner.Input{Catalog: nothing}, Is: planner.Input{Catalog: nothing}})
	if err != nil {
		t.Fatal(err)
	}
	for format, ending := range map[comparison.Format]string{comparison.Text: ".txt", comparison.Markdown: ".md"} {
		o := comparison.Options{Format: format, Verbose: true}
		out["compare"+ending] = []byte(comparison.Report(report, o))
		out["verify"+ending] = []byte(comparison.Verified(verified, []string{p.ID}, o))
	}
	out["changes.txt"] = []byte(text.Changes(p.Changes))
	return out
}

// structure is what a reader makes of an output: how many of which elements, cells
// or properties. Texts do not count.
func structure(t *testing.T, name string, data []byte) map[string]int {
	t.Helper()
	count := map[string]int{}
	switch path.Ext(name) {
	case ".html":
		elements(t, bytes.NewReader(data), count)
	case ".md":
		var page bytes.Buffer
		md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(render.WithUnsafe()))
		if err := md.Convert(data, &page); err != nil {
			t.Fatal(err)
		}
		elements(t, &page, count)
	case ".csv":
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, row := range rows {
			count[fmt.Sprint(len(row), " cells")]++
			for _, cell := range row {
				if strings.IndexAny(strings.TrimLeft(cell, " \t\"'"), "=+-@") == 0 && !strings.HasPrefix(cell, "'") && cell != "-" {
					t.Errorf("%s: a formula: %.60q", name, cell)
				}
			}
		}
	case ".ics":
		calendar(t, name, data, count)
	case ".json":
		var v any
		if err := json.Unmarshal(data, &v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		nodes(v, count)
	case ".yaml":
		var v any
		if err := yaml.Unmarshal(data, &v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		nodes(v, count)
	}
	return count
}

func elements(t *testing.T, page interface{ Read([]byte) (int, error) }, count map[string]int) {
	t.Helper()
	root, err := html.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count["<"+n.Data+">"]++
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
				t.Errorf("<%s %s=%.60q>", n.Data, a.Key, a.Val)
			}
		}
	}
}

func calendar(t *testing.T, name string, data []byte, count map[string]int) {
	t.Helper()
	for line := range bytes.Lines(data) {
		if !bytes.HasSuffix(line, []byte("\r\n")) || len(line) > 77 {
			t.Errorf("%s: a line that is not folded as it should be: %.100q", name, line)
		}
	}
	cal, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	var walk func(*ical.Component)
	walk = func(c *ical.Component) {
		count[c.Name]++
		for property := range c.Props {
			count[property]++
		}
		for _, child := range c.Children {
			walk(child)
		}
	}
	walk(cal.Component)
}

func nodes(v any, count map[string]int) {
	switch v := v.(type) {
	case map[string]any:
		count["objects"]++
		for _, x := range v {
			nodes(x, count)
		}
	case []any:
		count["lists"]++
		for _, x := range v {
			nodes(x, count)
		}
	default:
		count["values"]++
	}
}

// checkSafe: nothing of the output acts on a terminal, and no line of it begins
// where a payload does.
func checkSafe(t *testing.T, name string, data []byte) {
	t.Helper()
	s, blank := string(data), " "
	if strings.HasSuffix(name, ".ics") {
		s, blank = strings.ReplaceAll(s, "\r\n", "\n"), "" // a blank begins the rest of a folded line
	}
	if c := clean.Block(s); c != s {
		at := 0
		for at < min(len(c), len(s)) && c[at] == s[at] {
			at++
		}
		t.Errorf("%s: a raw control character: %q", name, s[max(0, at-60):min(len(s), at+30)])
	}
	for line := range strings.Lines(s) {
		if strings.HasPrefix(strings.TrimLeft(line, blank+"#>-*|\"'"), mark) {
			t.Errorf("%s: a payload begins a line: %.80q", name, line)
		}
	}
}

// Whatever a string of a plan holds, every view and format of the plan stays what it
// is with a harmless word in its place.
func TestAnyStringOfAPlan(t *testing.T) {
	if n := len(sample.Places()); n < 150 {
		t.Fatalf("only %d places", n)
	}
	plain := views(t, sample.Full())
	// spoiled are the views that a place shows in.
	spoiled := func(p model.Plan) map[string][]byte {
		all := views(t, p)
		maps.DeleteFunc(all, func(name string, data []byte) bool { return bytes.Equal(data, plain[name]) })
		return all
	}
	harmless := map[string]map[string]map[string]int{}
	sample.Everywhere("x", func(place string, p model.Plan) {
		harmless[place] = map[string]map[string]int{}
		for name, data := range spoiled(p) {
			harmless[place][name] = structure(t, name, data)
		}
	})
	for _, payload := range payloads {
		sample.Everywhere(payload, func(place string, p model.Plan) {
			for name, data := range spoiled(p) {
				where := fmt.Sprintf("%s with %.12q: %s", place, payload, name)
				checkSafe(t, where, data)
				want, ok := harmless[place][name]
				if !ok {
					want = structure(t, name, plain[name])
				}
				if got := structure(t, where, data); !maps.Equal(got, want) {
					t.Errorf("%s: another structure: %v", where, differences(got, want))
				}
			}
		})
	}
}

func differences(got, want map[string]int) []string {
	var out []string
	for k := range maps.Keys(got) {
		if got[k] != want[k] {
			out = append(out, fmt.Sprintf("%d %s, want %d", got[k], k, want[k]))
		}
	}
	for k := range want {
		if got[k] == 0 {
			out = append(out, fmt.Sprintf("no %s, want %d", k, want[k]))
		}
	}
	slices.Sort(out)
	return out
}

// The attack in every name at once, so that what refers to each other still does.
func TestEveryStringOfAPlan(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			for view, data := range views(t, sample.Hostile(attack)) {
				checkSafe(t, view, data)
				structure(t, view, data)
			}
		})
	}
}
