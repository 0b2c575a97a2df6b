package markdown

import (
	"strings"

	"planewise/model/clean"
)

// inline is text as it stands in a paragraph, a heading, a list item or a table
// cell: no character of it is markup, and it is one line. Every mark is escaped,
// also where only some readers know it (@, #, $, ~, ^), since tickets and wikis
// read different kinds of Markdown.
func inline(s string) string {
	s = clean.Text(s)
	if !strings.ContainsAny(s, marks) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '@':
			b.WriteString("&#64;") // no mention of a person
		case c == ':' && strings.HasPrefix(s[i:], "://"):
			b.WriteString("&#58;") // no link made of a bare address
		case c == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"):
			b.WriteString("&#46;")
		case strings.IndexByte(escaped, c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		case (c == '-' || c == '+' || c == '.' || c == ')') && listMark(s, i):
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

const (
	escaped = "\\`*_{}[]#|!~^$="
	marks   = escaped + "&<>@:.-+)"
)

// listMark says that a character at the start of a text would begin a list or a
// rule: "- a", "+ a", "1. a", "---".
func listMark(s string, at int) bool {
	if c := s[at]; (c == '.' || c == ')') && at+1 < len(s) && s[at+1] != ' ' {
		return false // "1.5" is a number
	}
	return strings.Trim(s[:at], "0123456789 -+\t") == ""
}

// code is text as code: nothing in it is markup. The fence is longer than any run
// of back-quotes inside.
func code(s string) string {
	s = clean.Text(s)
	longest, run := 0, 0
	for i := range len(s) {
		if run++; s[i] != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return fence + s + fence
}
