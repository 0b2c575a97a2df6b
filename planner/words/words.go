// Package words puts durations, levels and footprints of a plan into the words
// that every output uses, so that the terminal, the files and the notices say
// the same thing in the same way.
package words

import (
	"fmt"
	"strconv"
	"strings"

	"planewise/model"
)

// Duration is whole seconds in at most two units: "40 s", "12 min", "2 h 10 min",
// "3 d 4 h". Above a minute it is rounded up to the smaller unit shown: an
// announced time must not be shorter than the real one.
func Duration(seconds int64) string {
	const minute, hour, day = 60, 3600, 86400
	switch {
	case seconds < 0:
		return "-" + Duration(max(-seconds, 0)) // the smallest int64 has no opposite
	case seconds < 2*minute:
		return fmt.Sprintf("%d s", seconds)
	case ceil(seconds, minute) < 60:
		return fmt.Sprintf("%d min", ceil(seconds, minute))
	case ceil(seconds, minute) < 24*60:
		return two(ceil(seconds, minute), 60, "h", "min")
	default:
		return two(ceil(seconds, hour), 24, "d", "h")
	}
}

// Short is Duration without blanks, for narrow columns: "40s", "12m", "2h10m", "3d4h".
func Short(seconds int64) string {
	s := strings.ReplaceAll(Duration(seconds), " min", "m")
	for _, unit := range []string{"s", "h", "d"} {
		s = strings.ReplaceAll(s, " "+unit, unit)
	}
	return strings.ReplaceAll(s, " ", "")
}

// Span is a range of durations: "12 min", or "12 min to 25 min" where the two
// ends differ as shown.
func Span(s model.Span) string {
	low, high := Duration(s.P50s), Duration(s.P90s)
	if low == high {
		return low
	}
	return low + " to " + high
}

// ShortSpan is Span for narrow columns: "12m-25m".
func ShortSpan(s model.Span) string {
	low, high := Short(s.P50s), Short(s.P90s)
	if low == high {
		return low
	}
	return low + "-" + high
}

// Level is the word for a level that may be unknown.
func Level(l model.Level, unknown bool) string {
	switch {
	case !unknown:
		return l.String()
	case l == model.None:
		return "unknown"
	default:
		return "unknown, at least " + l.String()
	}
}

// Glyph is three characters for a level: words come before glyphs and glyphs
// before colour, so a screen without colour loses nothing. Pure ASCII.
func Glyph(l model.Level, unknown bool) string {
	if unknown {
		return "???"
	}
	return map[model.Level]string{
		model.None:     ".",
		model.AtRisk:   "ooo",
		model.Blip:     "~~~",
		model.Degraded: "===",
		model.Outage:   "!!!",
	}[l]
}

// Count is "1 bundle", "3 bundles".
func Count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}

// More is " and 3 more", "" for none.
func More(n int) string {
	if n == 0 {
		return ""
	}
	return " and " + strconv.Itoa(n) + " more"
}

// Some are the first of some names, and how many more there are.
func Some(names []string) string {
	const shown = 5
	return strings.Join(names[:min(len(names), shown)], ", ") + More(max(len(names)-shown, 0))
}

// List joins names as people do: "a", "a and b", "a, b and c".
func List(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func ceil(n, unit int64) int64 {
	if n%unit == 0 {
		return n / unit
	}
	return n/unit + 1
}

func two(n, per int64, big, small string) string {
	if n%per == 0 {
		return fmt.Sprintf("%d %s", n/per, big)
	}
	return fmt.Sprintf("%d %s %d %s", n/per, big, n%per, small)
}
