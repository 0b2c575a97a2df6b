package version

import (
	"cmp"
	"strings"

	"planewise/model"
)

// Compare orders two version texts of components of one kind: c is negative
// where a is older than b, positive where it is newer, and 0 where the order
// takes them as the same (1.21.12 and v1.21.12). ok is false, and c is 0, where
// the order is not known. Equal texts are always the same.
//
// It takes time linear in the texts and allocates nothing.
func Compare(kind model.Kind, a, b string) (c int, ok bool) {
	if a == b {
		return 0, true
	}
	switch kind {
	case model.KindRPM:
		return comparePackages(a, b)
	case model.KindKernel:
		return compareKernels(a, b)
	case model.KindHook:
		return 0, false // a script's path is no version
	case model.KindImage:
		return compareTags(a, b, compareMovingCores)
	default:
		return compareTags(a, b, compareCores)
	}
}

// Direction says what the step from one text to another is: an upgrade, a
// downgrade, or a change whose direction is not known. Texts that differ but
// that the order takes as the same (v1.21.12 for 1.21.12) are changed too.
func Direction(kind model.Kind, from, to string) model.Direction {
	switch c, ok := Compare(kind, from, to); {
	case ok && c < 0:
		return model.Upgrade
	case ok && c > 0:
		return model.Downgrade
	default:
		return model.Changed
	}
}

// Ordered reports whether a text has a place in its kind's order at all:
// "latest", a hash and "master-17" have none.
func Ordered(kind model.Kind, v string) bool {
	switch kind {
	case model.KindRPM:
		return orderedPackage(v)
	case model.KindKernel:
		release, _ := splitFlavour(v)
		return orderedPackage(release)
	case model.KindHook:
		return false
	default:
		_, ok := parseTag(v)
		return ok
	}
}

// Highest is the text that is not older than any other, among those that have a
// place in the order; of texts that compare as the same the smallest by bytes.
// ok is false where no text has an order, or where the newest are variants of
// each other, so that none is the highest. The answer does not depend on the
// order of vs.
func Highest(kind model.Kind, vs []string) (highest string, ok bool) {
	for _, v := range vs {
		if !Ordered(kind, v) {
			continue
		}
		// A top element compares with every other one, so it replaces whatever
		// was found before it and nothing replaces it.
		if c, known := Compare(kind, v, highest); !ok || known && (c > 0 || c == 0 && v < highest) {
			highest, ok = v, true
		}
	}
	for _, v := range vs {
		if !ok || !Ordered(kind, v) {
			continue
		}
		if c, known := Compare(kind, v, highest); !known || c > 0 {
			return "", false
		}
	}
	return highest, ok
}

// compareDigits compares two runs of digits as numbers of any length.
func compareDigits(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isAlnum(c byte) bool  { return isDigit(c) || isLetter(c) }

// digitsAt is the end of the run of digits of s that begins at i.
func digitsAt(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// lettersAt is the end of the run of letters of s that begins at i.
func lettersAt(s string, i int) int {
	for i < len(s) && isLetter(s[i]) {
		i++
	}
	return i
}
