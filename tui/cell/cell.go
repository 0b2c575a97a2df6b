// Package cell fits text from outside into the cells of a screen: cleaned of
// control characters, cut to its width, and padded to it. A name of ten thousand
// characters, wide characters or escape sequences stay inside their cell.
package cell

import (
	"strings"

	"github.com/charmbracelet/x/ansi" // why: widths of graphemes and cutting of styled text, as Bubble Tea itself measures them

	"planewise/model/clean"
)

// Width is the number of columns a plain or styled text takes.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// plain reports whether every byte is a printable ASCII character, which is so
// for almost all text and makes its width its length.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// Cut is s cleaned and no wider than w; what is cut off is marked by tail, whose
// width must be 1.
func Cut(s string, w int, tail string) string {
	if w <= 0 {
		return ""
	}
	if plain(s) {
		if len(s) <= w {
			return s
		}
		return s[:w-1] + tail
	}
	// A grapheme may have many bytes, but not more than this matter for w columns.
	if limit := 64 * (w + 1); len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "")
		return fit(clean.Text(s), w, tail, true)
	}
	return fit(clean.Text(s), w, tail, false)
}

func fit(s string, w int, tail string, more bool) string {
	if ansi.StringWidth(s) <= w && !more {
		return s
	}
	return ansi.Truncate(s, w-1, "") + tail
}

// Pad is s, which must be clean, filled with blanks to w columns.
func Pad(s string, w int) string {
	if n := w - Width(s); n > 0 {
		return s + Blank(n)
	}
	return s
}

// Fit is Cut and Pad: exactly w columns.
func Fit(s string, w int, tail string) string {
	if w <= 0 {
		return ""
	}
	return Pad(Cut(s, w, tail), w)
}

const blanks = "                                                                                                                                "

// Blank is n blanks.
func Blank(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// Wrap breaks cleaned text into lines of at most w columns, at blanks where there
// are any. It never gives more than most lines (0: no limit); the last then ends
// with tail.
func Wrap(s string, w, most int, tail string) []string {
	if w <= 0 {
		return nil
	}
	s = clean.Text(s)
	var out []string
	line, used := "", 0
	flush := func() { out = append(out, line); line, used = "", 0 }
	for _, word := range strings.Fields(s) {
		n := Width(word)
		if used > 0 && used+1+n > w {
			flush()
		}
		for n > w {
			if used > 0 {
				flush()
			}
			head := ansi.Truncate(word, w, "")
			if head == "" {
				head, word = "", ""
			}
			out = append(out, head)
			word = strings.TrimPrefix(word, head)
			n = Width(word)
			if most > 0 && len(out) > most {
				break
			}
		}
		if n > w || word == "" {
			continue
		}
		if used > 0 {
			line += " "
			used++
		}
		line += word
		used += n
	}
	if used > 0 || len(out) == 0 {
		flush()
	}
	if most > 0 && len(out) > most {
		rest := strings.Join(out[most-1:], " ")
		out = append(out[:most-1], Cut(rest, w, tail))
	}
	return out
}

// Splice puts box over line from column x on; both may be styled. The result is
// exactly w columns wide.
func Splice(line, box string, x, w int) string {
	left := ansi.Truncate(line, x, "")
	left += Blank(x - ansi.StringWidth(left))
	end := x + ansi.StringWidth(box)
	right := ansi.TruncateLeft(line, end, "")
	if n := w - end - ansi.StringWidth(right); n > 0 {
		right = Blank(n) + right
	}
	return ansi.Truncate(left+box+right, w, "")
}
