package html

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html" // why: an independent reader of the page

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/sample"
)

func parse(t *testing.T, p model.Plan) (*html.Node, []byte) {
	t.Helper()
	data, err := Plan(p)
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return root, data
}

func shape(root *html.Node) (elements map[string]int, text string) {
	elements = map[string]int{}
	var b strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			elements[n.Data]++
		case html.TextNode:
			b.WriteString(n.Data)
		}
	}
	return elements, b.String()
}

func TestHostileNamesKeepTheShape(t *testing.T) {
	root, _ := parse(t, sample.Hostile("x"))
	want, _ := shape(root)
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			root, data := parse(t, sample.Hostile(attack))
			got, text := shape(root)
			for element, n := range got {
				if n != want[element] {
					t.Errorf("%d <%s>, want %d", n, element, want[element])
				}
			}
			if clean.Block(string(data)) != string(data) {
				t.Error("the page holds control characters")
			}
			if !strings.Contains(text, clean.Text(attack)) {
				t.Error("the name was lost or changed")
			}
			harmless(t, root)
		})
	}
}

// harmless: no scripts, no handlers, no address that leaves the page.
func harmless(t *testing.T, root *html.Node) {
	t.Helper()
	for n := range root.Descendants() {
		if n.Data == "script" || n.Data == "iframe" || n.Data == "link" || n.Data == "img" {
			t.Errorf("a <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" && !strings.HasPrefix(a.Val, "#") {
				t.Errorf("<%s %s=%.60q>", n.Data, a.Key, a.Val)
			}
		}
	}
}

func TestThePageIsAccessible(t *testing.T) {
	root, _ := parse(t, sample.Plan())
	harmless(t, root)
	ids, level, pictures := map[string]bool{}, 0, 0
	var refs []string
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			switch a.Key {
			case "id":
				if ids[a.Val] {
					t.Errorf("the id %s stands twice", a.Val)
				}
				ids[a.Val] = true
			case "aria-labelledby":
				refs = append(refs, strings.Fields(a.Val)...)
			case "href":
				refs = append(refs, strings.TrimPrefix(a.Val, "#"))
			}
		}
		switch n.Data {
		case "h1", "h2", "h3":
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("a heading of level %d follows one of level %d", now, level)
			}
			level = now
		case "svg":
			pictures++
		case "th":
			if len(n.Attr) == 0 || n.Attr[0].Key != "scope" {
				t.Error("a table heading without scope")
			}
		}
	}
	for _, r := range refs {
		if !ids[r] {
			t.Errorf("nothing has the id %q", r)
		}
	}
	if pictures != 3 { // B1 has no effects
		t.Errorf("%d pictures", pictures)
	}
}

func TestEmptyPlan(t *testing.T) {
	root, _ := parse(t, model.Plan{})
	if _, text := shape(root); !strings.Contains(text, "There is nothing to do.") {
		t.Error(text)
	}
}

func TestTicks(t *testing.T) {
	for _, total := range []int64{1, 59, 600, 3600, 47134, 86400 * 30} {
		got := ticks(total, 100)
		if len(got) < 1 || len(got) > 10 {
			t.Errorf("%d s: %d ticks", total, len(got))
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	p := sample.Plan()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Plan(p); err != nil {
			b.Fatal(err)
		}
	}
}
