package model

import "fmt"

// Level says how much of a capability is gone, best first. The order is part of
// the contract: a higher value is always worse for the people who rely on the
// capability.
type Level uint8

const (
	// None: nothing that a user of the capability could notice.
	None Level = iota
	// AtRisk: it works, but one more fault and it would not.
	AtRisk
	// Blip: a gap no longer than the capability's tolerance, hidden by retries.
	Blip
	// Degraded: slower than usual, or gone for some of its users.
	Degraded
	// Outage: gone for everybody.
	Outage
)

var levelNames = [...]string{"none", "at-risk", "blip", "degraded", "outage"}

func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return fmt.Sprintf("level(%d)", uint8(l))
}

// MarshalText writes the level as its word.
func (l Level) MarshalText() ([]byte, error) {
	if int(l) >= len(levelNames) {
		return nil, fmt.Errorf("no such level: %d", uint8(l))
	}
	return []byte(levelNames[l]), nil
}

// UnmarshalText reads a level's word; anything else is an error that lists the words.
func (l *Level) UnmarshalText(text []byte) error {
	return decodeWord(l, text, levelNames[:], "level")
}

// Range is an interval of levels: the truth lies between Least and Most, both
// included. A known level is a Range whose two ends are equal; the zero value is
// a known None.
//
// Every rule of the impact engine is applied to both ends. Since all of them are
// monotone (a worse input never makes a better output), the ends of the result
// are the results of the ends.
type Range struct {
	Least Level
	Most  Level
}

// Exactly is the range of a known level.
func Exactly(l Level) Range { return Range{l, l} }

// Unknown is the range of a level of which nothing is known: none to outage.
func Unknown() Range { return Range{None, Outage} }

// IsUnknown reports whether more than one level is possible.
func (r Range) IsUnknown() bool { return r.Least != r.Most }

// IsNone reports whether the range is known to be None. An unknown range is
// never none, whatever its lower end.
func (r Range) IsNone() bool { return r.Most == None }

// Worse is the level of something that needs both: the worse end on each side.
func (r Range) Worse(o Range) Range { return Range{max(r.Least, o.Least), max(r.Most, o.Most)} }

// Better is the level of something that needs either: the better end on each side.
func (r Range) Better(o Range) Range { return Range{min(r.Least, o.Least), min(r.Most, o.Most)} }

// Capped limits both ends to at most l.
func (r Range) Capped(l Level) Range { return Range{min(r.Least, l), min(r.Most, l)} }

// Spanned is the smallest range that holds both.
func (r Range) Spanned(o Range) Range { return Range{min(r.Least, o.Least), max(r.Most, o.Most)} }

// String is the level's word where it is known, else "unknown, at least X".
func (r Range) String() string {
	switch {
	case !r.IsUnknown():
		return r.Least.String()
	case r.Least == None:
		return "unknown"
	default:
		return "unknown, at least " + r.Least.String()
	}
}

// decodeWord sets *v to the index of text in words.
func decodeWord[T ~uint8](v *T, text []byte, words []string, what string) error {
	for i, w := range words {
		if w == string(text) {
			*v = T(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no %s: use one of %v", text, what, words)
}
