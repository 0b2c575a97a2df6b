package text

import (
	"fmt"
	"strings"

	"planewise/model"
)

// Codes is the table of diagnostic codes, each with its severities and its meaning.
func Codes(groups []model.CodeGroup, width int) string {
	width = Options{Width: width}.width()
	var b strings.Builder
	for i, g := range groups {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s\n", g.About)
		for _, row := range g.Rows {
			wrap(&b, "  ", "      ", fmt.Sprintf("%s (%s): %s", row.Code, row.Severity, row.Meaning), width)
		}
	}
	return b.String()
}

// Code is one row of the table in full.
func Code(about string, row model.CodeRow, width int) string {
	width = Options{Width: width}.width()
	var b strings.Builder
	for _, line := range [][2]string{
		{"code:      ", string(row.Code)},
		{"about:     ", about},
		{"severity:  ", row.Severity},
		{"meaning:   ", row.Meaning},
		{"to do:     ", row.Do},
	} {
		wrap(&b, line[0], strings.Repeat(" ", len(line[0])), line[1], width)
	}
	return b.String()
}
