package version

import (
	"cmp"
	"strings"
)

// tag is a chart version, an image tag or a node image's name, cut up:
//
//	v1.7.8-acme2+38203ae    core 1.7.8, suffix acme2, metadata 38203ae
//
// Its order is that of the core's numbers (a leading v does not count), then that of the suffix, see compareSuffixes, then metadata, which
// has none.
type tag struct {
	core   string
	suffix string
	class  suffixClass
	meta   string
}

// suffixClass says what a suffix does to its number's place in the order.
type suffixClass uint8

const (
	// plain: no suffix.
	plain suffixClass = iota
	// prerelease: a stage word and counters (-beta.7, -rc1): before the plain one.
	prerelease
	// revision: digits alone (-1, -1.10): a packaging revision, after the plain one.
	revision
	// rebuild: a word that counts rebuilds, with its count (-release-1,
	// -acme-1.4.2A-security0821): after the plain one.
	rebuild
	// variant: a name (-acme2-distroless, -dirty): another make of the same
	// number, ordered only among suffixes that differ in their counts alone.
	variant
	// opaque: a hash or a date: no order but for being the same text.
	opaque
)

// parseTag cuts a text up. It is not ok where the text does not begin with a
// number, or where the number does not end at a boundary: a hash (9e45f1c), a
// word (latest, master-17), a letter stuck to the number (0.4.1p), a date alone
// (20210322), several tags in one text.
func parseTag(s string) (tag, bool) {
	if len(s) > 1 && s[0] == 'v' {
		s = s[1:]
	}
	end, segments := 0, 0
	for {
		next := digitsAt(s, end)
		if next == end {
			return tag{}, false
		}
		end, segments = next, segments+1
		if end == len(s) || s[end] != '.' {
			break
		}
		end++
	}
	if segments == 1 && end >= longNumber {
		return tag{}, false
	}
	t := tag{core: s[:end]}
	return t, t.parseRest(s[end:])
}

// parseRest reads what follows the core: a suffix and metadata.
func (t *tag) parseRest(rest string) bool {
	if rest == "" {
		return true
	}
	for i := 0; i < len(rest); i++ {
		if c := rest[i]; !isAlnum(c) && strings.IndexByte(".-_~+", c) < 0 {
			return false
		}
	}
	if i := strings.IndexByte(rest, '+'); i >= 0 {
		rest, t.meta = rest[:i], rest[i+1:]
		if t.meta == "" {
			return false
		}
		if rest == "" {
			return true
		}
	}
	switch rest[0] {
	case '-':
		t.suffix = rest[1:]
		t.class = classify(t.suffix)
		return t.suffix != ""
	case '_', '~':
		// Helm writes the + of metadata as _ into tags; in packages both have
		// other meanings. What it is here is not known.
		t.suffix, t.class = rest, opaque
		return true
	default:
		return false
	}
}

// classify says what a suffix is.
func classify(s string) suffixClass {
	word := s[:lettersAt(s, 0)]
	switch {
	case strings.ContainsAny(s, "_~"):
		return opaque
	case isStage(word):
		return prerelease
	case hasOpaquePiece(s):
		return opaque
	case isCounter(s):
		return revision
	case countsRebuilds(s):
		return rebuild
	default:
		return variant
	}
}

func hasOpaquePiece(s string) bool {
	if hasLongNumber(s) {
		return true
	}
	for i := 0; i < len(s); i++ {
		end := pieceAt(s, i)
		if isHash(s[i:end]) {
			return true
		}
		i = end
	}
	return false
}

// isCounter reports whether s is made of numbers with single separators between
// them: 1, 1.10, 51-1. A separator in front is allowed, as in the .7 of beta.7.
func isCounter(s string) bool {
	separated := true
	for i := 0; i < len(s); i++ {
		digit := isDigit(s[i])
		if !digit && (s[i] != '.' && s[i] != '-' || i > 0 && separated) {
			return false
		}
		separated = !digit
	}
	return !separated && !hasLongNumber(s)
}

// countsRebuilds reports whether a suffix ends with a word that counts rebuilds
// and its number: release-1, security0821, hotfix.3. Other words with a number
// (debian-11, acme2, kafka-2.3.1) name what a thing is built on or by whom; the
// plain number is neither older nor newer than those.
func countsRebuilds(s string) bool {
	end := len(s)
	for end > 0 && isDigit(s[end-1]) {
		end--
	}
	if end == len(s) {
		return false
	}
	if end > 0 && (s[end-1] == '-' || s[end-1] == '.') {
		end--
	}
	start := end
	for start > 0 && isLetter(s[start-1]) {
		start--
	}
	if start > 0 && s[start-1] != '-' && s[start-1] != '.' {
		return false
	}
	switch strings.ToLower(s[start:end]) {
	case "release", "rel", "revision", "rev", "build", "patch", "hotfix", "fix", "security", "update", "post":
		return true
	}
	return false
}

// compareTags orders two texts of the tag kind, their numbers by cores.
func compareTags(a, b string, cores func(a, b string) (int, bool)) (int, bool) {
	ta, ok := parseTag(a)
	if !ok {
		return 0, false
	}
	tb, ok := parseTag(b)
	if !ok {
		return 0, false
	}
	if c, ok := cores(ta.core, tb.core); c != 0 || !ok {
		return c, ok
	}
	if c, ok := compareSuffixes(ta, tb); c != 0 || !ok {
		return c, ok
	}
	return 0, ta.meta == tb.meta
}

// compareCores compares dotted numbers; missing ones are 0.
func compareCores(a, b string) (int, bool) {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if c := compareDigits(x, y); c != 0 {
			return c, true
		}
	}
	return 0, true
}

// compareMovingCores compares the numbers of image tags, among which the shorter
// ones move: alpine:3 is whatever 3.x is the newest when it is pulled, so it has
// no order with 3.12.
func compareMovingCores(a, b string) (int, bool) {
	for a != "" && b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if c := compareDigits(x, y); c != 0 {
			return c, true
		}
	}
	return 0, a == b
}

// compareSuffixes orders the suffixes of one number:
//
//	pre-releases < plain < { packaging revisions } and { rebuilds }
//
// Revisions have an order among themselves, rebuilds among those of the same
// words; neither among the other. Variants stand beside all of this.
func compareSuffixes(a, b tag) (int, bool) {
	switch {
	case a.suffix == b.suffix:
		return 0, true
	case a.class == opaque || b.class == opaque:
		return 0, false
	case a.class == variant || b.class == variant:
		if a.class != b.class {
			return 0, false
		}
		return compareLike(a.suffix, b.suffix)
	}
	switch pa, pb := a.class.place(), b.class.place(); {
	case pa != pb:
		return cmp.Compare(pa, pb), true
	case a.class != b.class:
		return 0, false
	case a.class == prerelease:
		return comparePrereleases(a.suffix, b.suffix)
	case a.class == revision:
		return compareCounters(a.suffix, b.suffix), true
	default:
		return compareLike(a.suffix, b.suffix)
	}
}

// place of a class relative to the plain number.
func (c suffixClass) place() int {
	switch c {
	case prerelease:
		return -1
	case revision, rebuild:
		return 1
	default:
		return 0
	}
}

// compareLike orders two texts that are the same but for their numbers:
// debian-11-r15 < debian-11-r128. Others have no order.
func compareLike(a, b string) (int, bool) {
	c, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		if !isDigit(a[i]) || !isDigit(b[j]) {
			if a[i] != b[j] {
				return 0, false
			}
			i, j = i+1, j+1
			continue
		}
		endA, endB := digitsAt(a, i), digitsAt(b, j)
		if c == 0 {
			c = compareDigits(a[i:endA], b[j:endB])
		}
		i, j = endA, endB
	}
	if i < len(a) || j < len(b) {
		return 0, false
	}
	return c, true
}

// compareCounters compares the numbers in two counters; of two that agree as far
// as both go, the shorter is the older (1 < 1.1).
func compareCounters(a, b string) int {
	i, j := 0, 0
	for {
		for i < len(a) && !isDigit(a[i]) {
			i++
		}
		for j < len(b) && !isDigit(b[j]) {
			j++
		}
		if i == len(a) || j == len(b) {
			return cmp.Compare(len(a)-i, len(b)-j)
		}
		endA, endB := digitsAt(a, i), digitsAt(b, j)
		if c := compareDigits(a[i:endA], b[j:endB]); c != 0 {
			return c
		}
		i, j = endA, endB
	}
}
