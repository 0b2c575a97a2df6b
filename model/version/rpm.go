package version

import (
	"cmp"
	"strings"
)

// comparePackages orders RPM texts, [epoch:]version[-release], by RPM's rules:
// epoch, then version, then release, each cut into runs of digits and letters,
// where numbers are newer than words, ~ is older than the end and ^ newer.
//
// It departs from RPM in one way: it says nothing where RPM only compares
// because it has to. These elements have no order with others:
//
//   - hashes and dates of builds (1-20210601150251_fe23f65, 1~development~8617a85);
//   - words for pre-releases against the end (1.5.0_alpha-1 against 1.5.0-1):
//     RPM takes the alpha as the newer one and its authors do not.
func comparePackages(a, b string) (int, bool) {
	if !orderedPackage(a) || !orderedPackage(b) {
		return 0, false
	}
	epochA, a := splitEpoch(a)
	epochB, b := splitEpoch(b)
	if c := compareDigits(epochA, epochB); c != 0 {
		return c, true
	}
	versionA, releaseA, _ := strings.Cut(a, "-")
	versionB, releaseB, _ := strings.Cut(b, "-")
	if c, ok := comparePackageParts(versionA, versionB, true); c != 0 || !ok {
		return c, ok
	}
	return comparePackageParts(releaseA, releaseB, false)
}

// orderedPackage reports whether a text is a package version that begins with a
// number.
func orderedPackage(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isAlnum(c) && strings.IndexByte(".-_~^+:", c) < 0 {
			return false
		}
	}
	_, s = splitEpoch(s)
	if s == "" || !isDigit(s[0]) || strings.IndexByte(s, ':') >= 0 {
		return false
	}
	e := elements{s: s, first: true}
	return e.next().class != opaqueElement
}

// splitEpoch cuts "1:" off; without one the epoch is 0, as in RPM.
func splitEpoch(s string) (epoch, rest string) {
	if end := digitsAt(s, 0); end > 0 && end < len(s) && s[end] == ':' {
		return s[:end], s[end+1:]
	}
	return "0", s
}

// elementClass of a part of a package version. The values are RPM's order of
// the classes; opaque elements and stage words are exceptions, see element.compare.
type elementClass uint8

const (
	tildeElement elementClass = iota
	endElement
	caretElement
	wordElement
	numberElement
	opaqueElement
)

type element struct {
	class elementClass
	text  string
}

// elements walks over a version or a release.
type elements struct {
	s string
	i int
	// first: nothing was read yet, and s is a version: a number of any length is
	// a number there (20230808 is a calendar version), elsewhere a long one is a
	// date of a build.
	first bool
	// counted: the piece before was PTF, after which SUSE writes the seven-digit
	// number of the temporary fix.
	counted bool
}

func (e *elements) next() element {
	for e.i < len(e.s) && !isAlnum(e.s[e.i]) && e.s[e.i] != '~' && e.s[e.i] != '^' {
		e.i++
	}
	if e.i == len(e.s) {
		return element{class: endElement}
	}
	start := e.i
	switch e.s[start] {
	case '~':
		e.i++
		return element{tildeElement, "~"}
	case '^':
		e.i++
		return element{caretElement, "^"}
	}
	if start == 0 || !isAlnum(e.s[start-1]) {
		if end := pieceAt(e.s, start); e.opaque(e.s[start:end]) {
			e.i = end
			return element{opaqueElement, e.s[start:end]}
		}
	}
	if isDigit(e.s[start]) {
		e.i = digitsAt(e.s, start)
		return element{numberElement, e.s[start:e.i]}
	}
	e.i = lettersAt(e.s, start)
	return element{wordElement, e.s[start:e.i]}
}

// opaque says whether a piece is a hash or a date, and notes what it was.
func (e *elements) opaque(piece string) bool {
	digits := digitsAt(piece, 0) == len(piece)
	number := digits && (e.first || e.counted)
	e.first, e.counted = false, piece == "PTF"
	return !number && (isHash(piece) || hasLongNumber(piece))
}

// comparePackageParts compares two versions or two releases.
func comparePackageParts(a, b string, version bool) (int, bool) {
	if a == b {
		return 0, true
	}
	ea, eb := elements{s: a, first: version}, elements{s: b, first: version}
	for {
		x, y := ea.next(), eb.next()
		if c, ok := x.compare(y); c != 0 || !ok {
			return c, ok
		}
		if x.class == endElement {
			return 0, true
		}
	}
}

// compare orders two elements. Stage words compare with each other and with
// numbers and tildes, as in RPM; that they have no order with words of other
// kinds, with ^ and with the end keeps the order transitive.
func (x element) compare(y element) (int, bool) {
	if x.class == opaqueElement || y.class == opaqueElement {
		return 0, x == y
	}
	if sx, sy := x.stage(), y.stage(); sx != sy {
		other := x.class
		if sx {
			other = y.class
		}
		if other != tildeElement && other != numberElement {
			return 0, false
		}
	}
	if x.class != y.class {
		return cmp.Compare(x.class, y.class), true
	}
	if x.class == numberElement {
		return compareDigits(x.text, y.text), true
	}
	return strings.Compare(x.text, y.text), true
}

func (x element) stage() bool { return x.class == wordElement && isStage(x.text) }

// compareKernels orders kernels as packages once the flavour is off. Kernels of
// different flavours (default, 64kb, rt) are different things, not newer ones.
func compareKernels(a, b string) (int, bool) {
	releaseA, flavourA := splitFlavour(a)
	releaseB, flavourB := splitFlavour(b)
	if flavourA != flavourB {
		return 0, false
	}
	if releaseA == releaseB {
		return 0, true
	}
	return comparePackages(releaseA, releaseB)
}

// splitFlavour cuts the flavour off 5.14.21-150500.55.19-default: the part after
// the second dash, where it is one word with a letter in it.
func splitFlavour(s string) (release, flavour string) {
	i := strings.LastIndexByte(s, '-')
	if i < 0 || strings.IndexByte(s[:i], '-') < 0 {
		return s, ""
	}
	flavour = s[i+1:]
	if flavour == "" || pieceAt(flavour, 0) != len(flavour) || digitsAt(flavour, 0) == len(flavour) {
		return s, ""
	}
	return s[:i], flavour
}
