package html

import (
	"html/template"
	"strings"

	"planewise/model/clean"
)

// table builds the rows of the long tables. Going through the template for each
// cell would take most of an export's time; every text is escaped here instead.
type table struct{ b strings.Builder }

// tableCell is one cell, escaped.
type tableCell string

func cell[T ~string](s T) tableCell { return "<td>" + escape(s) + "</td>" }

// head is the cell that names its row.
func head[T ~string](s T) tableCell { return `<th scope="row">` + escape(s) + "</th>" }

// cellOf is a cell of a style class; the class is a fixed word.
func cellOf(class, s string) tableCell {
	return `<td class="` + escape(class) + `">` + escape(s) + "</td>"
}

func escape[T ~string](s T) tableCell {
	return tableCell(template.HTMLEscapeString(clean.Text(string(s))))
}

func (t *table) row(cells ...tableCell) {
	t.b.WriteString("<tr>")
	for _, c := range cells {
		t.b.WriteString(string(c))
	}
	t.b.WriteString("</tr>\n")
}

// html is the rows as markup; it holds only what row has written.
func (t *table) html() template.HTML { return template.HTML(t.b.String()) }
