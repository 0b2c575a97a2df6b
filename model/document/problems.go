package document

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"planewise/model/clean"
)

// Problem is one thing that is wrong with a document.
type Problem struct {
	Line int    // from 1; 0 where no line can be named
	Path string // "rules[3].match.kind"; "" for the document as a whole
	Text string // what is wrong and what to do
}

// Error is everything that is wrong with a document. Its text has one line for
// each problem: FILE:LINE: path: what is wrong, what to do.
type Error struct {
	File     string
	Problems []Problem
}

// shown bounds the text of an Error; a file that is the wrong kind of file has
// thousands of problems, and nobody reads more than a screen of them.
const shown = 20

func (e *Error) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i == shown {
			fmt.Fprintf(&b, "%s: and %d more problems", clean.Text(e.File), len(e.Problems)-shown)
			break
		}
		b.WriteString(p.in(e.File))
	}
	return b.String()
}

func (p Problem) in(file string) string {
	s := clean.Text(file)
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
	}
	if p.Path != "" {
		s += ": " + clean.Text(p.Path)
	}
	return s + ": " + clean.Text(p.Text)
}

// problem is an Error with a single Problem.
func problem(file string, line int, path, format string, args ...any) error {
	return &Error{file, []Problem{{line, path, fmt.Sprintf(format, args...)}}}
}

// failure is the Error of the problems in the order of the file, nil for none.
func failure(file string, ps []Problem) error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return strings.Compare(a.Text, b.Text)
	})
	return &Error{file, slices.Compact(ps)}
}
