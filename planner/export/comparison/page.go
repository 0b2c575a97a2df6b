// Package comparison writes comparisons of plans, and what a check of a plan
// found, as text for a terminal or a ticket and as Markdown for a page. Both say
// the same, in the same order.
package comparison

import (
	"strings"

	"github.com/mattn/go-runewidth" // why: terminal width of a string, wide characters included

	"planewise/model/clean"
	"planewise/planner/export/text"
)

// Format of the output.
type Format int

const (
	Text Format = iota
	Markdown
)

// Options of an output.
type Options struct {
	Format Format
	// Width in columns, of text; 0 is 100.
	Width int
	// Verbose shows lists whole.
	Verbose bool
}

// page collects an output. Everything that is written on it is cleaned, and
// escaped where Markdown would read it as markup.
type page struct {
	Options
	b strings.Builder
}

func newPage(o Options) *page {
	if o.Width <= 0 {
		o.Width = 100
	}
	o.Width = max(o.Width, 40)
	return &page{Options: o}
}

func (p *page) String() string { return strings.TrimRight(p.b.String(), "\n") + "\n" }

// title is the heading of the page.
func (p *page) title(s string) {
	if p.Format == Markdown {
		p.b.WriteString("# " + escape(s) + "\n\n")
		return
	}
	p.wrapped("", "  ", s)
	p.b.WriteByte('\n')
}

func (p *page) heading(s string) {
	if p.Format == Markdown {
		p.b.WriteString("## " + escape(s) + "\n\n")
		return
	}
	p.b.WriteString(clean.Text(s) + "\n")
}

func (p *page) para(s string) {
	if p.Format == Markdown {
		p.b.WriteString(escape(s) + "\n\n")
		return
	}
	p.wrapped("  ", "    ", s)
}

// item of a list; end closes the list, or any block.
func (p *page) item(s string) {
	if p.Format == Markdown {
		p.b.WriteString("- " + escape(s) + "\n")
		return
	}
	p.wrapped("  - ", "    ", s)
}

func (p *page) end() {
	if !strings.HasSuffix(p.b.String(), "\n\n") {
		p.b.WriteByte('\n')
	}
}

// table has its heading in the first row. As text, columns that do not fit the
// width go below, each block with the first column.
func (p *page) table(rows [][]string) {
	if p.Format == Markdown {
		p.markdownTable(rows)
		return
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], runewidth.StringWidth(clean.Text(cell)))
		}
	}
	for start := 1; start < len(widths); {
		end, used := start, 2+widths[0]
		for end < len(widths) && (end == start || used+2+widths[end] <= p.Width) {
			used += 2 + widths[end]
			end++
		}
		var block [][]string
		for _, row := range rows {
			block = append(block, append([]string{row[0]}, row[start:end]...))
		}
		for line := range strings.Lines(text.Table(block)) {
			p.b.WriteString("  " + line)
		}
		if end < len(widths) {
			p.b.WriteByte('\n')
		}
		start = end
	}
}

func (p *page) markdownTable(rows [][]string) {
	for i, row := range rows {
		p.b.WriteString("|")
		for _, cell := range row {
			p.b.WriteString(" " + escape(cell) + " |")
		}
		p.b.WriteByte('\n')
		if i == 0 {
			p.b.WriteString("|" + strings.Repeat(" --- |", len(row)) + "\n")
		}
	}
	p.b.WriteByte('\n')
}

func (p *page) wrapped(first, rest, s string) {
	line, used, empty := first, runewidth.StringWidth(first), true
	for _, word := range strings.Fields(clean.Text(s)) {
		w := runewidth.StringWidth(word)
		if !empty && used+1+w > p.Width {
			p.b.WriteString(strings.TrimRight(line, " ") + "\n")
			line, used, empty = rest, runewidth.StringWidth(rest), true
		}
		if !empty {
			line, used = line+" ", used+1
		}
		line, used, empty = line+word, used+w, false
	}
	p.b.WriteString(strings.TrimRight(line, " ") + "\n")
}

// escape makes text that Markdown shows as it is. Letters and digits need
// nothing; a backslash before any ASCII punctuation is the character itself
// (CommonMark 2.4). Only what can begin markup is escaped, so that the source
// stays readable; "<" and "&" as entities, which no dialect reads as HTML.
func escape(s string) string {
	var b strings.Builder
	for i, r := range strings.Join(strings.Fields(clean.Text(s)), " ") {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_[]|~$@", r), i == 0 && strings.ContainsRune("#+-=>", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return ordered(b.String())
}

// ordered keeps "1. " and "1) " at the start from becoming a list.
func ordered(s string) string {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n > 0 && n < len(s) && (s[n] == '.' || s[n] == ')') {
		return s[:n] + "\\" + s[n:]
	}
	return s
}
