package markdown

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuin/goldmark" // why: an independent reader of the Markdown written here
	"github.com/yuin/goldmark/extension"
	render "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
	"planewise/planner/export/internal/sample"
)

// read renders Markdown with raw HTML allowed, so that markup in a name would
// show, and walks the elements.
func read(t *testing.T, data []byte, visit func(*html.Node)) {
	t.Helper()
	var out bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(render.WithUnsafe()))
	if err := md.Convert(data, &out); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		visit(n)
	}
}

// shape counts the elements of a document by name.
func shape(t *testing.T, data []byte) map[string]int {
	t.Helper()
	count := map[string]int{}
	read(t, data, func(n *html.Node) {
		if n.Type == html.ElementNode {
			count[n.Data]++
		}
	})
	return count
}

func wordsOf(t *testing.T, data []byte) string {
	t.Helper()
	var b strings.Builder
	read(t, data, func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	})
	return b.String()
}

func documents(p model.Plan) map[string][]byte {
	out := map[string][]byte{"plan": Plan(p)}
	for i, s := range p.Planes {
		out["notice "+string('0'+rune(i))] = notice(brief.New(p), s.ID)
	}
	return out
}

// Whatever names hold, the document has the same headings, lists, tables and
// cells as with harmless names, and nothing else.
func TestHostileNamesKeepTheShape(t *testing.T) {
	want := map[string]map[string]int{}
	for name, data := range documents(sample.Hostile("x")) {
		want[name] = shape(t, data)
	}
	for attackName, attack := range sample.Attacks() {
		t.Run(attackName, func(t *testing.T) {
			p := sample.Hostile(attack)
			for name, data := range documents(p) {
				got := shape(t, data)
				for element, n := range got {
					if n != want[name][element] {
						t.Errorf("%s: %d <%s>, want %d", name, n, element, want[name][element])
					}
				}
				if clean.Block(string(data)) != string(data) {
					t.Errorf("%s holds control characters", name)
				}
			}
			if attackName == "long" { // blanks at the end of cells are trimmed
				return
			}
			if text := wordsOf(t, Plan(p)); !strings.Contains(text, clean.Text(attack)) {
				t.Errorf("the name was lost or changed")
			}
		})
	}
}

func TestAnAttackOnTheCodeSpan(t *testing.T) {
	for _, s := range []string{"`", "a`b", "``x```", "`a`", " a ", "a|b"} {
		var out bytes.Buffer
		if err := goldmark.Convert([]byte(code(s)), &out); err != nil {
			t.Fatal(err)
		}
		root, err := html.Parse(&out)
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		for n := range root.Descendants() {
			if n.Data == "code" && n.FirstChild != nil {
				found = n.FirstChild.Data
			}
		}
		if found != s {
			t.Errorf("code(%q) reads as %q", s, found)
		}
	}
}

func TestTheNoticeSaysWhatMatters(t *testing.T) {
	p := sample.Plan()
	cases := map[model.PlaneID][]string{
		"control": {"Control plane", "administrators", "Mon 5 Jan 2026 20:00 to 20:10 (Europe/Zurich)", "The API answers: not available, up to 2 min in all"},
		"access":  {"part 1 of 2", "part 2 of 2", "log out", "Ends for good: Web shells", "the login nodes"},
		"compute": {"it may be worse, which is not known", "each compute node reboots when its job ends"},
		"storage": {"Fri 9 Jan 2026 23:50 to Sat 10 Jan 2026 00:10"},
	}
	for plane, parts := range cases {
		text := wordsOf(t, notice(brief.New(p), plane))
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q is missing in\n%s", plane, part, text)
			}
		}
	}
}

func TestAPlaneThatFeelsNothingIsToldSo(t *testing.T) {
	p := sample.Plan()
	p.Bundles = p.Bundles[:2]
	if text := wordsOf(t, notice(brief.New(p), "storage")); !strings.Contains(text, "You will notice nothing") {
		t.Error(text)
	}
	p.Bundles[0].Impact[3].Unknown = true
	if text := wordsOf(t, notice(brief.New(p), "storage")); strings.Contains(text, "You will notice nothing") {
		t.Error("unknown was told as nothing")
	}
}

// Every action and every gate has its box.
func TestBoxes(t *testing.T) {
	p := sample.Plan()
	want := len(p.Announce)
	for _, b := range p.Bundles {
		want += len(b.Gates) + len(b.Quiesce)
		if len(b.Parts) == 0 {
			want += len(b.Actions)
		}
		for _, part := range b.Parts {
			want += len(part.Steps)
		}
	}
	if got := shape(t, Plan(p))["input"]; got != want {
		t.Errorf("%d boxes, want %d", got, want)
	}
}

func FuzzInline(f *testing.F) {
	for _, attack := range sample.Attacks() {
		f.Add(attack)
	}
	f.Fuzz(func(t *testing.T, s string) {
		data := []byte("| head |\n| --- |\n| x" + inline(s) + "x |\n")
		count := shape(t, data)
		for element := range count {
			switch element {
			case "html", "head", "body", "table", "thead", "tbody", "tr", "th", "td":
			default:
				t.Fatalf("%q makes a <%s>", s, element)
			}
		}
		if count["td"] != 1 {
			t.Fatalf("%q makes %d cells", s, count["td"])
		}
		if got := wordsOf(t, data); !strings.Contains(got, "x"+clean.Text(s)+"x") {
			t.Fatalf("%q reads as %q", s, got)
		}
	})
}
