package yamldoc

import (
	"fmt"
	"strconv"
	"strings"
)

// Error is what is wrong with a file, and where.
type Error struct {
	File string
	Line int // from 1; 0 where no line can be named
	Text string
}

// Error is one line. What stands in the message may come from the file, so that
// control characters and the like are shown by their escapes.
func (e *Error) Error() string {
	if e.Line == 0 {
		return visible(e.File + ": " + e.Text)
	}
	return visible(e.File + ":" + strconv.Itoa(e.Line) + ": " + e.Text)
}

func visible(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// Errorf makes an Error.
func Errorf(file string, line int, format string, args ...any) error {
	return &Error{File: file, Line: line, Text: fmt.Sprintf(format, args...)}
}

// sizeText is a number of bytes for people.
func sizeText(n int) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
