package theme

import (
	"regexp"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"planewise/model"
)

// Levels are told apart without colour, and every glyph takes one column.
func TestGlyphs(t *testing.T) {
	for _, isASCII := range []bool{false, true} {
		th := New(Options{ASCII: isASCII})
		seen := map[string]model.Level{}
		for l := model.None; l <= model.Outage; l++ {
			g := th.Glyph(l, false)
			if other, ok := seen[g]; ok {
				t.Errorf("%v and %v look alike: %q", other, l, g)
			}
			seen[g] = l
		}
		if _, ok := seen[th.Glyph(model.None, true)]; ok {
			t.Error("what is unknown looks like a level")
		}
		if th.Glyph(model.Outage+1, false) != "?" {
			t.Error("a level that does not exist looks like one that does")
		}
		all := []string{th.Glyphs.Ellipsis, th.Glyphs.Cursor, th.Glyphs.Border, th.Glyphs.Rule, th.Glyphs.Mark, th.Glyphs.On, th.Glyphs.Off,
			th.Glyphs.Pin, th.Glyphs.Full, th.Glyphs.Empty, th.Glyphs.Up, th.Glyphs.Down, th.Glyphs.Best, "?"}
		for g := range seen {
			all = append(all, g)
		}
		for _, g := range append(all, th.Glyphs.Corner[:]...) {
			if ansi.StringWidth(g) != 1 {
				t.Errorf("%q takes %d columns", g, ansi.StringWidth(g))
			}
			if isASCII && (len(g) != 1 || g[0] > 0x7e) {
				t.Errorf("%q is not ASCII", g)
			}
		}
	}
}

// What a paint writes depends on the number of colours: none but bold and reverse
// without them, the 16 basic ones, the 256, or all.
func TestDepths(t *testing.T) {
	cases := []struct {
		depth int
		want  string
	}{{0, `^\x1b\[1m$`}, {16, `^\x1b\[1;9[0-7]m$`}, {256, `^\x1b\[1;38;5;\d+m$`}, {1 << 24, `^\x1b\[1;38;2;\d+;\d+;\d+m$`}}
	for _, c := range cases {
		th := New(Options{Depth: c.depth})
		if !regexp.MustCompile(c.want).MatchString(th.Bad.pre) {
			t.Errorf("with %d colours: %q", c.depth, th.Bad.pre)
		}
		if got := ansi.Strip(th.Bad.On("text")); got != "text" {
			t.Errorf("with %d colours the text became %q", c.depth, got)
		}
	}
	colour := regexp.MustCompile(`\x1b\[[0-9;]*\b(3[0-8]|4[0-8]|9[0-7])\b`)
	th := New(Options{})
	for _, p := range []Paint{th.Plain, th.Dim, th.Strong, th.Title, th.Bar, th.Accent, th.Selected, th.Focused, th.Rule, th.Key, th.Good, th.Warn, th.Bad, th.Changed, th.Level(model.Outage, false), th.Level(model.None, true)} {
		if colour.MatchString(p.pre) {
			t.Errorf("NO_COLOR, and yet %q", p.pre)
		}
	}
	if New(Options{Depth: 16}).Bad == New(Options{Depth: 16, Light: true}).Bad {
		t.Error("light and dark ground have the same red")
	}
}

func TestPaint(t *testing.T) {
	th := New(Options{Depth: 16})
	if th.Bad.On("") != "" {
		t.Error("an empty text got a style")
	}
	if th.Plain.On("x") != "x" {
		t.Error("plain text got a style")
	}
}
