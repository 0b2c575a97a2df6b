package yamldoc

import (
	"bytes"
	"unicode/utf8"
)

// checkSize refuses a file before anything looks at it.
func checkSize(name string, data []byte, o Options) error {
	if len(data) <= o.MaxBytes {
		return nil
	}
	return Errorf(name, 0, "the file has %s, more than the %s that are read; a release's lists are a thousand times smaller, so check that this is the right file",
		sizeText(len(data)), sizeText(o.MaxBytes))
}

// checkText refuses what must not reach the YAML library: text that is not text,
// and text that would become too many values. One pass, no allocation.
func checkText(name string, data []byte, o Options, asJSON bool) error {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return Errorf(name, 1, "the file is UTF-16; save it as UTF-8")
	}
	if !utf8.Valid(data) {
		return Errorf(name, invalidLine(data), "the text is not UTF-8; save the file as UTF-8")
	}
	line, marks := 1, 0
	for i, c := range data {
		switch c {
		case '\n':
			line++
			marks++
		case ',', '[', '{', ':':
			marks++
		case '-', '?':
			if i+1 == len(data) || data[i+1] == ' ' || data[i+1] == '\n' {
				marks++
			}
		case '\t', '\r':
		default:
			if c < 0x20 || c == 0x7f && !asJSON {
				return Errorf(name, line, "control character %#02x; remove it", c)
			}
		}
	}
	// Every value needs a mark before it, and a mark starts at most a collection
	// and its first scalar.
	if marks > 2*o.MaxNodes {
		return Errorf(name, 0, "the document has more than %d entries, more than are read; check that this is the right file", o.MaxNodes)
	}
	return nil
}

func invalidLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[n:]
	}
	return line
}
