package text

import (
	"strings"

	"github.com/mattn/go-runewidth" // why: terminal width of a string, wide characters included

	"planewise/model/clean"
)

// table lays out cells in columns separated by two blanks, each as wide as its
// widest cell. Lines carry no trailing blanks.
type table struct {
	indent string
	rows   [][]string
}

// row adds cells; control characters of names are made visible.
func (t *table) row(cells ...string) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = clean.Text(c)
	}
	t.rows = append(t.rows, row)
}

func (t *table) widths() []int {
	var w []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(w) {
				w = append(w, 0)
			}
			w[i] = max(w[i], runewidth.StringWidth(cell))
		}
	}
	return w
}

func (t *table) write(b *strings.Builder) {
	widths := t.widths()
	for _, row := range t.rows {
		var line strings.Builder
		line.WriteString(t.indent)
		for i, cell := range row {
			line.WriteString(cell)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-runewidth.StringWidth(cell)+2))
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
		b.WriteByte('\n')
	}
}

// wrap breaks a sentence into lines of at most width columns, the first behind
// first, the others behind rest. A word longer than a line stands alone. Control
// characters of names are made visible.
func wrap(b *strings.Builder, first, rest, sentence string, width int) {
	line, empty := first, true
	used := runewidth.StringWidth(first)
	for _, word := range strings.Fields(clean.Text(sentence)) {
		w := runewidth.StringWidth(word)
		if !empty && used+1+w > width {
			b.WriteString(strings.TrimRight(line, " "))
			b.WriteByte('\n')
			line, used, empty = rest, runewidth.StringWidth(rest), true
		}
		if !empty {
			line += " "
			used++
		}
		line += word
		used += w
		empty = false
	}
	b.WriteString(strings.TrimRight(line, " "))
	b.WriteByte('\n')
}
