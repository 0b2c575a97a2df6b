// Package theme holds every colour, attribute and glyph of the screen, by what
// they mean. Colour never carries a meaning alone: levels have a glyph and a word.
package theme

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss" // why: colours for light and dark terminals in every colour depth
	"github.com/muesli/termenv"         // why: lipgloss' own names for colour depths

	"planewise/model"
	"planewise/planner/words"
)

// Paint is a style made ready: what is written before and after a text. Rendering
// through lipgloss takes some 10 us for each text; this takes a concatenation.
type Paint struct{ pre, post string }

// On is the text in the style. The empty text stays empty.
func (p Paint) On(s string) string {
	if s == "" || p.pre == "" {
		return s
	}
	return p.pre + s + p.post
}

// Options of a theme.
type Options struct {
	Light bool // the terminal's background
	// Depth is the number of colours: 0 none, 16, 256, or 1<<24.
	Depth int
	ASCII bool
}

// Theme is how things look.
type Theme struct {
	Plain, Dim, Strong, Title, Bar, Accent Paint
	Selected, Focused, Rule, Key, Good     Paint
	Warn, Bad, Changed                     Paint
	levels                                 [5]Paint
	unknown                                Paint
	Glyphs                                 Glyphs
}

// Glyphs of a theme, each one column wide.
type Glyphs struct {
	Ellipsis, Cursor, Border, Rule, Mark, On, Off, Pin, Full, Empty, Up, Down, Best string
	// Corners of a box: top left, top right, bottom left, bottom right.
	Corner [4]string
	levels [5]string
}

// Level is the paint of a level that may be unknown.
func (t *Theme) Level(l model.Level, unknown bool) Paint {
	if unknown || int(l) >= len(t.levels) {
		return t.unknown
	}
	return t.levels[l]
}

// Glyph is one column for a level. Without Unicode it is the character that text
// outputs use.
func (t *Theme) Glyph(l model.Level, unknown bool) string {
	if unknown || int(l) >= len(t.Glyphs.levels) {
		return "?"
	}
	return t.Glyphs.levels[l]
}

func unicode() Glyphs {
	return Glyphs{
		Ellipsis: "…", Cursor: "▸", Border: "│", Rule: "─", Mark: "●", On: "■", Off: "□", Pin: "◆", Full: "█", Empty: "░", Up: "↑", Down: "↓", Best: "★",
		Corner: [4]string{"╭", "╮", "╰", "╯"},
		levels: [5]string{"·", "░", "~", "▒", "█"},
	}
}

func ascii() Glyphs {
	g := Glyphs{
		Ellipsis: "~", Cursor: ">", Border: "|", Rule: "-", Mark: "*", On: "x", Off: ".", Pin: "@", Full: "#", Empty: ".", Up: "^", Down: "v", Best: "*",
		Corner: [4]string{"+", "+", "+", "+"},
	}
	for l := model.None; l <= model.Outage; l++ {
		g.levels[l] = words.Glyph(l, false)[:1]
	}
	return g
}

// colour of one meaning: for a terminal with 16 colours, and for more on dark and
// on light ground.
type colour struct{ basic, dark, light string }

var none = colour{}

// The palette. Pairs are chosen for a contrast of at least 4.5 to 1 against black
// and white ground.
var (
	red     = colour{"9", "#ff7b72", "#b3261e"}
	orange  = colour{"11", "#ffa657", "#8a4b00"}
	yellow  = colour{"3", "#d8b84a", "#6b5a00"}
	cyan    = colour{"14", "#79c0ff", "#0a56a8"}
	green   = colour{"10", "#7ee787", "#1a6b2b"}
	magenta = colour{"13", "#d2a8ff", "#6e3aad"}
	grey    = colour{"8", "#9a9fa6", "#5b6066"}
)

// New makes the theme.
func New(o Options) Theme {
	p := painter{options: o, renderer: lipgloss.NewRenderer(io.Discard)}
	p.renderer.SetHasDarkBackground(!o.Light)
	p.renderer.SetColorProfile(profile(o.Depth))
	t := Theme{
		Plain: Paint{}, Dim: p.dim(), Strong: p.make(none, true, false), Title: p.make(cyan, true, false),
		Bar: p.make(none, true, true), Accent: p.make(cyan, false, false),
		Selected: p.make(none, false, true), Focused: p.make(cyan, true, true),
		Rule: p.dim(), Key: p.make(cyan, true, false), Good: p.make(green, false, false),
		Warn: p.make(orange, false, false), Bad: p.make(red, true, false), Changed: p.make(magenta, true, false),
		levels:  [5]Paint{p.dim(), p.make(yellow, false, false), p.make(cyan, false, false), p.make(orange, false, false), p.make(red, true, false)},
		unknown: p.make(magenta, true, false),
		Glyphs:  unicode(),
	}
	if o.ASCII {
		t.Glyphs = ascii()
	}
	return t
}

func profile(depth int) termenv.Profile {
	switch {
	case depth > 256:
		return termenv.TrueColor
	case depth > 16:
		return termenv.ANSI256
	}
	return termenv.ANSI // without colours too: bold and reverse need no colour
}

type painter struct {
	options  Options
	renderer *lipgloss.Renderer
}

// dim is grey where there are colours; without them it is plain, since many
// terminals draw "faint" unreadably.
func (p painter) dim() Paint { return p.make(grey, false, false) }

func (p painter) make(c colour, bold, reverse bool) Paint {
	style := p.renderer.NewStyle().Bold(bold).Reverse(reverse)
	if c != none && p.options.Depth > 0 {
		if p.options.Depth <= 16 {
			style = style.Foreground(lipgloss.Color(p.basic(c)))
		} else {
			style = style.Foreground(lipgloss.AdaptiveColor{Light: c.light, Dark: c.dark})
		}
	}
	pre, post, _ := strings.Cut(style.Render("x"), "x")
	return Paint{pre, post}
}

// basic is one of the 16 colours; on light ground the bright half is too pale.
func (p painter) basic(c colour) string {
	if !p.options.Light {
		return c.basic
	}
	switch c {
	case red:
		return "1"
	case orange:
		return "3"
	case cyan:
		return "4"
	case green:
		return "2"
	case magenta:
		return "5"
	}
	return c.basic
}
