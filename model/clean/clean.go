// Package clean makes text from outside safe to show.
//
// Names, versions and sentences come from release trees, site files and plans
// that anybody may have written. Printed as they are, they could move the
// cursor, recolour the screen, hide characters or make a line read backwards.
// Text replaces every such character by a visible escape ("\x1b", "\n",
// "\u202e"); everything a reader can see stays as it is.
//
// The result is for eyes, not for machines: a backslash that was already there
// is kept, so that cleaning twice changes nothing, and so an escape cannot be
// told from the same characters written out.
package clean

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns s with every unsafe character made visible. It is idempotent, and
// it returns s itself where there is nothing to do.
func Text(s string) string { return escape(s, false) }

// Block is Text for text of several lines: line feeds stay.
func Block(s string) string { return escape(s, true) }

// JSON returns a JSON text in which every unsafe character that encoding/json leaves
// in strings is written as a \u escape, so that it reads as before and can be shown.
func JSON(data []byte) []byte {
	var out []byte
	start := 0
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r >= 0x7f && Unsafe(r) {
			out = append(out, data[start:i]...)
			for _, u := range utf16.AppendRune(nil, r) {
				out = fmt.Appendf(out, `\u%04x`, u)
			}
			start = i + n
		}
		i += n
	}
	if start == 0 {
		return data
	}
	return append(out, data[start:]...)
}

// Unsafe reports whether Text escapes r.
func Unsafe(r rune) bool {
	if r < 0x20 || r >= 0x7f && r < 0xa0 {
		return true
	}
	if r < 0xad {
		return false
	}
	for _, b := range hidden {
		if r < b.first {
			return false
		}
		if r <= b.last {
			return true
		}
	}
	return false
}

// hidden are the characters from U+00AD on that have no glyph of their own or
// change the direction of their neighbours, in ascending order. The list is
// written out rather than taken from package unicode because canonical documents
// escape the same characters: their bytes, and so their digests, must not change
// with the Unicode tables of a Go release.
var hidden = [...]struct{ first, last rune }{
	{0x00ad, 0x00ad},   // soft hyphen
	{0x034f, 0x034f},   // combining grapheme joiner
	{0x0600, 0x0605},   // Arabic number signs
	{0x061c, 0x061c},   // Arabic letter mark
	{0x06dd, 0x06dd},   // end of ayah
	{0x070f, 0x070f},   // Syriac abbreviation mark
	{0x0890, 0x0891},   // Arabic pound and piastre marks
	{0x08e2, 0x08e2},   // Arabic disputed end of ayah
	{0x115f, 0x1160},   // Hangul fillers
	{0x17b4, 0x17b5},   // Khmer inherent vowels
	{0x180b, 0x180f},   // Mongolian selectors and vowel separator
	{0x200b, 0x200f},   // zero-width space, joiners, direction marks
	{0x2028, 0x202e},   // line and paragraph separator, direction overrides
	{0x2060, 0x206f},   // word joiner, invisible operators, isolates
	{0x3164, 0x3164},   // Hangul filler
	{0xd800, 0xdfff},   // surrogates
	{0xfe00, 0xfe0f},   // variation selectors
	{0xfeff, 0xfeff},   // byte order mark
	{0xffa0, 0xffa0},   // halfwidth Hangul filler
	{0xfff0, 0xfffb},   // interlinear annotation, unassigned specials
	{0xfffe, 0xffff},   // noncharacters
	{0x110bd, 0x110bd}, // Kaithi number sign
	{0x110cd, 0x110cd}, // Kaithi number sign above
	{0x13430, 0x1343f}, // Egyptian format controls
	{0x1bca0, 0x1bca3}, // shorthand format controls
	{0x1d173, 0x1d17a}, // musical format controls
	{0xe0000, 0xe0fff}, // tags and variation selectors
}

func escape(s string, keepLines bool) string {
	at := firstUnsafe(s, keepLines)
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:at])
	for i := at; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			hexByte(&b, s[i])
		case keepLines && r == '\n' || !Unsafe(r):
			b.WriteString(s[i : i+n])
		default:
			b.WriteString(visible(r))
		}
		i += n
	}
	return b.String()
}

// firstUnsafe is the index of the first byte that has to be replaced, or -1.
func firstUnsafe(s string, keepLines bool) int {
	for i := 0; i < len(s); {
		if c := s[i]; c >= 0x20 && c < 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || Unsafe(r) && !(keepLines && r == '\n') {
			return i
		}
		i += n
	}
	return -1
}

const digits = "0123456789abcdef"

func hexByte(b *strings.Builder, c byte) {
	b.WriteString(`\x`)
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

// visible is the escape of an unsafe character, as Go source would write it.
func visible(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\t':
		return `\t`
	case '\r':
		return `\r`
	}
	prefix, width := `\U`, 8
	switch {
	case r < 0x100:
		prefix, width = `\x`, 2
	case r < 0x10000:
		prefix, width = `\u`, 4
	}
	out := make([]byte, 0, 10)
	out = append(out, prefix...)
	for shift := 4 * (width - 1); shift >= 0; shift -= 4 {
		out = append(out, digits[r>>shift&15])
	}
	return string(out)
}
