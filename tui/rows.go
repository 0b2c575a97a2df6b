package tui

import (
	"strings"

	"planewise/model"
	"planewise/tui/cell"
	"planewise/tui/theme"
)

// tone says what a row means; the theme says how that looks.
type tone uint8

const (
	plainTone tone = iota
	dimTone
	headTone
	badTone
	warnTone
	goodTone
	levelTone
)

// kind of the thing a row stands for.
type kind string

const (
	noKind         kind = ""
	actionKind     kind = "action"
	changeKind     kind = "change"
	capabilityKind kind = "capability"
	planeKind      kind = "plane"
	bundleKind     kind = "bundle"
	excludedKind   kind = "excluded" // the line that stands for all that was left out
)

// row is a line of a list: plain text, drawn when it is seen.
type row struct {
	indent  int
	text    string
	right   string // at the right edge
	tone    tone
	level   model.Level
	unknown bool
	left    bool // left out by the user
	kind    kind
	id      string
}

func (r row) selectable() bool { return r.kind != noKind }

func paintOf(t *theme.Theme, r row) theme.Paint {
	switch r.tone {
	case dimTone:
		return t.Dim
	case headTone:
		return t.Strong
	case badTone:
		return t.Bad
	case warnTone:
		return t.Warn
	case goodTone:
		return t.Good
	case levelTone:
		return t.Level(r.level, r.unknown)
	}
	return t.Plain
}

// draw makes a row exactly w columns wide.
func (r row) draw(t *theme.Theme, w int, cursor, focused bool) string {
	mark := " "
	if cursor {
		mark = t.Glyphs.Cursor
	}
	lead := mark + cell.Blank(r.indent)
	if r.left {
		lead += t.Glyphs.Off + " "
	}
	tail := ""
	if r.right != "" {
		tail = cell.Cut(r.right, max(w/2, w-cell.Width(lead)-cell.Width(r.text)-2), t.Glyphs.Ellipsis) + " "
		tail = " " + tail
	}
	room := w - cell.Width(lead) - cell.Width(tail)
	if room < 4 {
		tail, room = "", w-cell.Width(lead)
	}
	line := cell.Fit(lead+cell.Fit(r.text, room, t.Glyphs.Ellipsis)+tail, w, t.Glyphs.Ellipsis)
	switch {
	case cursor && focused:
		return t.Selected.On(line)
	case cursor:
		return t.Strong.On(line)
	}
	return paintOf(t, r).On(line)
}

// drawRows draws the part of a list that is seen, exactly h lines.
func drawRows(t *theme.Theme, rows []row, p pane, w, h int, focused bool) []string {
	out := make([]string, 0, h)
	for i := p.off; i < len(rows) && len(out) < h; i++ {
		at := i == p.cur && (focused || rows[i].selectable())
		out = append(out, rows[i].draw(t, w, at, focused && rows[i].selectable()))
	}
	for len(out) < h {
		out = append(out, cell.Blank(w))
	}
	if more := len(rows) - p.off - h; more > 0 && h > 1 && w > 20 {
		out[h-1] = overMore(t, out[h-1], w, more, p.off+h-1 == p.cur)
	}
	return out
}

// overMore writes how many lines are below into the last line's right end.
func overMore(t *theme.Theme, line string, w, more int, cursor bool) string {
	if cursor {
		return line
	}
	note := " " + t.Glyphs.Down + itoa(more) + " "
	return cell.Splice(line, t.Dim.On(note), w-cell.Width(note), w)
}

// paragraph wraps a sentence into rows.
func paragraph(text string, indent, w int, tn tone) []row {
	var out []row
	for i, l := range cell.Wrap(text, max(w-indent-2, 8), 0, "") {
		in := indent
		if i > 0 && indent > 0 {
			in = indent
		}
		out = append(out, row{indent: in, text: l, tone: tn})
	}
	return out
}

// matches is the filter: a substring, or all characters in their order.
func matches(text, filter string) bool {
	if filter == "" {
		return true
	}
	text, filter = strings.ToLower(text), strings.ToLower(filter)
	return strings.Contains(text, filter) || fuzzy(text, filter)
}

// fuzzy accepts characters with gaps, but only where each run begins a word or
// goes on, so that three letters do not match half of a long list.
func fuzzy(text, filter string) bool {
	rest := []rune(filter)
	if len(rest) < 2 {
		return false
	}
	before, run := ' ', false
	for _, r := range text {
		start := !letter(before) && letter(r)
		if r == rest[0] && (start || run) {
			rest, run = rest[1:], true
			if len(rest) == 0 {
				return true
			}
		} else {
			run = false
		}
		before = r
	}
	return false
}

func letter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f
}

// themed is what rows are drawn with.
type themed = *theme.Theme

// onlyRows are the rows that a filter lets through, and the headings above them.
func onlyRows(rows []row, filter string) []row {
	if filter == "" {
		return rows
	}
	var out []row
	head := -1
	for i, r := range rows {
		if r.tone == headTone {
			head = i
			continue
		}
		if matches(r.text+" "+r.id, filter) {
			if head >= 0 {
				out = append(out, rows[head])
				head = -1
			}
			out = append(out, r)
		}
	}
	if out == nil {
		out = []row{{indent: 1, text: "Nothing here matches; esc clears the filter.", tone: dimTone}}
	}
	return out
}
