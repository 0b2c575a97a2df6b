package document

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm" // why: Unicode normalisation needs its tables

	"planewise/model/clean"
)

// compose returns s in Unicode NFC with U+FFFD for what is not UTF-8, so that two
// spellings of one name are one name.
func compose(s string) string {
	if isASCII(s) {
		return s
	}
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	return norm.NFC.String(s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendText appends s as a JSON string.
func appendText[T string | []byte](out []byte, s T) []byte {
	if isPlain(s) {
		return append(append(append(out, '"'), s...), '"')
	}
	return appendEscaped(out, compose(string(s)))
}

// isPlain reports whether s is printable ASCII that needs no escape, as nearly all
// texts of a plan are.
func isPlain[T string | []byte](s T) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func appendEscaped(out []byte, s string) []byte {
	out = append(out, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c < 0x7f && c != '"' && c != '\\' {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r != '"' && r != '\\' && !clean.Unsafe(r) {
			i += n
			continue
		}
		out = appendEscape(append(out, s[start:i]...), r)
		i += n
		start = i
	}
	return append(append(out, s[start:]...), '"')
}

func appendEscape(out []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(out, '\\', byte(r))
	case '\n':
		return append(out, `\n`...)
	case '\t':
		return append(out, `\t`...)
	case '\r':
		return append(out, `\r`...)
	}
	if r >= 0x10000 { // as a surrogate pair
		r -= 0x10000
		return appendUnit(appendUnit(out, 0xd800+r>>10), 0xdc00+r&0x3ff)
	}
	return appendUnit(out, r)
}

func appendUnit(out []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(out, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}
