package read

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// number is a whole number, also where it stands in quotes. Anything else is not
// known; decoding never fails, so that one odd field does not hide the others.
type number struct {
	n      int64
	known  bool
	quoted bool
	odd    bool // something was there that is no number
}

// UnmarshalJSON reads a number, null or a quoted number.
func (v *number) UnmarshalJSON(data []byte) error {
	*v = number{}
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	text := string(data)
	if inner, ok := unquoted(data); ok {
		text, v.quoted = strings.TrimSpace(inner), true
	}
	n, err := strconv.ParseInt(text, 10, 64)
	v.n, v.known, v.odd = n, err == nil, err != nil
	return nil
}

// count is the number where it is a plausible count, def where it is not given.
func (v number) count(def int) (n int, ok bool) {
	if !v.known {
		return def, !v.odd
	}
	if v.n < 0 || v.n > maxCount {
		return def, false
	}
	return int(v.n), true
}

// maxCount bounds counts of replicas, nodes and daemons.
const maxCount = 1_000_000

// amount is a Kubernetes number or percentage, by its text.
type amount string

// UnmarshalJSON reads 1, "1" and "25%"; what is neither becomes "".
func (a *amount) UnmarshalJSON(data []byte) error {
	text := string(data)
	if inner, ok := unquoted(data); ok {
		text = inner
	}
	*a = ""
	digits := strings.TrimSuffix(text, "%")
	if n, err := strconv.ParseUint(digits, 10, 32); err == nil && n <= maxCount && len(digits) <= 6 && strconv.FormatUint(n, 10) == digits {
		*a = amount(text)
	}
	return nil
}

// unquoted is the text of a JSON string without escapes.
func unquoted(data []byte) (string, bool) {
	if len(data) < 2 || data[0] != '"' || bytes.IndexByte(data, '\\') >= 0 {
		return "", false
	}
	return string(data[1 : len(data)-1]), true
}

// Text is a string; a number is taken by its text (an id, a version), anything else
// is "".
type Text string

// UnmarshalJSON reads a string or a number.
func (t *Text) UnmarshalJSON(data []byte) error {
	*t = ""
	switch {
	case len(data) == 0 || data[0] == '{' || data[0] == '[' || data[0] == 'n':
	case data[0] == '"':
		var s string
		if json.Unmarshal(data, &s) == nil {
			*t = Text(s)
		}
	default:
		*t = Text(data)
	}
	return nil
}
