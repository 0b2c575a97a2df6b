package version

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	// why: the well-known syntax and meaning of version constraints.
	goversion "github.com/hashicorp/go-version"
)

// ErrNoOrder is returned where a constraint meets a version that has no place in
// any order ("latest", a hash): neither yes nor no would be true.
var ErrNoOrder = errors.New("version has no order")

// Constraint is a parsed constraint such as ">= 1.5.0, < 1.6.0". The zero
// Constraint holds for everything.
type Constraint struct {
	text  string
	parts []constraintPart
}

// constraintPart is one comparison, with the number it compares with.
type constraintPart struct {
	check *goversion.Constraint
	core  string
	// holds says what a comparison with a plain version makes of the order of the
	// two numbers; nil where only the library knows (~>, pre-releases).
	holds func(order int) bool
}

// comparison is what an operator makes of the order of two numbers; nil where it
// needs more. A plan asks for hundreds, and the library's versions cost
// microseconds each.
func comparison(operator string) func(order int) bool {
	switch operator {
	case "", "=":
		return func(o int) bool { return o == 0 }
	case "!=":
		return func(o int) bool { return o != 0 }
	case ">":
		return func(o int) bool { return o > 0 }
	case ">=":
		return func(o int) bool { return o >= 0 }
	case "<":
		return func(o int) bool { return o < 0 }
	case "<=":
		return func(o int) bool { return o <= 0 }
	}
	return nil
}

// safe is the length up to which a number surely fits the library's 64 bits.
const safe = 18

// ParseConstraint parses a comma-separated list of comparisons (=, !=, >, >=, <,
// <=, ~>) with plain versions or pre-releases; "" holds for everything.
func ParseConstraint(text string) (Constraint, error) {
	c := Constraint{text: text}
	if strings.TrimSpace(text) == "" {
		return c, nil
	}
	for single := range strings.SplitSeq(text, ",") {
		bare := strings.TrimSpace(single)
		number := strings.TrimLeft(bare, "<>=!~ \t")
		t, ok := parseTag(number)
		if !ok || t.class != plain && !t.cleanPrerelease() || t.meta != "" {
			return Constraint{}, fmt.Errorf(
				"constraint %q: %q is not a comparison with a plain version or a pre-release, such as \">= 1.5.0\"", text, bare)
		}
		operator := bare[:len(bare)-len(number)]
		parts, err := goversion.NewConstraint(operator + t.canonical())
		if err != nil || len(parts) != 1 {
			return Constraint{}, fmt.Errorf(
				"constraint %q: cannot read %q; use one of =, !=, >, >=, <, <=, ~> and a version", text, bare)
		}
		part := constraintPart{check: parts[0], core: t.core}
		if t.class == plain && len(t.core) <= safe {
			part.holds = comparison(strings.TrimSpace(operator))
		}
		c.parts = append(c.parts, part)
	}
	return c, nil
}

// Holds reports whether a version meets the constraint. The number of the
// version decides: a pre-release, a packaging revision or a variant belongs to
// its number's line, so 1.6.0-rc.3 meets ">= 1.6.0" and not "< 1.6.0" (a release
// candidate is planned for with the release's procedure). Only where the
// constraint itself names a pre-release of the same number do the two compare as
// pre-releases. A version without an order is ErrNoOrder.
func (c Constraint) Holds(version string) (bool, error) {
	if len(c.parts) == 0 {
		return true, nil
	}
	t, ok := parseTag(version)
	if !ok {
		return false, fmt.Errorf("%w: %q cannot be held against %q", ErrNoOrder, version, c.text)
	}
	if len(t.core) <= safe && !slices.ContainsFunc(c.parts, func(p constraintPart) bool { return p.holds == nil }) {
		for _, p := range c.parts {
			if order, _ := compareCores(t.core, p.core); !p.holds(order) {
				return false, nil
			}
		}
		return true, nil
	}
	return c.ask(t, version)
}

// ask is Holds by way of the library.
func (c Constraint) ask(t tag, version string) (bool, error) {
	number, err := goversion.NewVersion(t.core)
	if err != nil {
		return false, fmt.Errorf("%w: %q has a number too large for %q", ErrNoOrder, version, c.text)
	}
	stage := number
	if t.cleanPrerelease() {
		if stage, err = goversion.NewVersion(t.canonical()); err != nil {
			return false, fmt.Errorf("%w: %q cannot be held against %q", ErrNoOrder, version, c.text)
		}
	}
	for _, p := range c.parts {
		v := number
		if c, _ := compareCores(p.core, t.core); c == 0 && p.check.Prerelease() {
			v = stage
		}
		if !p.check.Check(v) {
			return false, nil
		}
	}
	return true, nil
}

// String is the text that was parsed.
func (c Constraint) String() string { return c.text }

// Satisfies parses a constraint and holds a version against it; see Holds. "" is
// always satisfied.
func Satisfies(constraint, version string) (bool, error) {
	c, err := ParseConstraint(constraint)
	if err != nil {
		return false, err
	}
	return c.Holds(version)
}

// Core is the number of a version, whatever follows it: 1, 6, 0 of
// "v1.6.0-rc.3". Missing parts are 0. ok is false where there is no such number
// or a part does not fit an int.
func Core(version string) (major, minor, patch int, ok bool) {
	t, ok := parseTag(version)
	if !ok {
		return 0, 0, 0, false
	}
	var parts [3]int
	rest := t.core
	for i := range parts {
		var digits string
		digits, rest, _ = strings.Cut(rest, ".")
		if digits == "" {
			break
		}
		n, err := strconv.Atoi(digits)
		if err != nil {
			return 0, 0, 0, false
		}
		parts[i] = n
	}
	return parts[0], parts[1], parts[2], true
}

// cleanPrerelease reports whether a tag is a pre-release with an order among
// those of its stage.
func (t tag) cleanPrerelease() bool {
	return t.class == prerelease && isStageCounter(t.suffix[lettersAt(t.suffix, 0):])
}

// canonical is the one spelling under which the constraint library sees a plain
// version or a clean pre-release: beta70, BETA.70 and beta-70 are beta.70 to it.
func (t tag) canonical() string {
	if t.class != prerelease {
		return t.core
	}
	end := lettersAt(t.suffix, 0)
	counters := strings.FieldsFunc(t.suffix[end:], func(r rune) bool { return r < '0' || r > '9' })
	return t.core + "-" + strings.Join(append([]string{strings.ToLower(t.suffix[:end])}, counters...), ".")
}
