package model

import (
	"slices"
	"strings"
	"testing"
)

// ranges are all intervals of levels.
func ranges() []Range {
	var out []Range
	for least := None; least <= Outage; least++ {
		for most := least; most <= Outage; most++ {
			out = append(out, Range{least, most})
		}
	}
	return out
}

// of is the set of levels that a range stands for.
func (r Range) of() []Level {
	var out []Level
	for l := r.Least; l <= r.Most; l++ {
		out = append(out, l)
	}
	return out
}

// hull is the smallest range that holds all levels.
func hull(ls []Level) Range { return Range{slices.Min(ls), slices.Max(ls)} }

// Every rule gives the interval of what comes out of every pair of levels that its
// two intervals allow.
func TestRangesAreSetsOfLevels(t *testing.T) {
	rules := map[string]struct {
		ranges func(a, b Range) Range
		levels func(a, b Level) Level
	}{
		"worse":  {Range.Worse, func(a, b Level) Level { return max(a, b) }},
		"better": {Range.Better, func(a, b Level) Level { return min(a, b) }},
	}
	for name, rule := range rules {
		for _, a := range ranges() {
			for _, b := range ranges() {
				var all []Level
				for _, x := range a.of() {
					for _, y := range b.of() {
						all = append(all, rule.levels(x, y))
					}
				}
				if got := rule.ranges(a, b); got != hull(all) {
					t.Errorf("%s of %v and %v is %v, want %v", name, a, b, got, hull(all))
				}
			}
		}
	}
	for _, a := range ranges() {
		for _, b := range ranges() {
			if got, want := a.Spanned(b), hull(append(a.of(), b.of()...)); got != want {
				t.Errorf("%v and %v span %v, want %v", a, b, got, want)
			}
		}
		for l := None; l <= Outage; l++ {
			var all []Level
			for _, x := range a.of() {
				all = append(all, min(x, l))
			}
			if got := a.Capped(l); got != hull(all) {
				t.Errorf("%v capped at %v is %v, want %v", a, l, got, hull(all))
			}
		}
	}
}

// What may be anything but none is never none, and only one possible level is known.
func TestUnknownIsNeverNone(t *testing.T) {
	for _, r := range ranges() {
		if got, want := r.IsUnknown(), len(r.of()) > 1; got != want {
			t.Errorf("%v is unknown: %t, want %t", r.of(), got, want)
		}
		if got, want := r.IsNone(), slices.Equal(r.of(), []Level{None}); got != want {
			t.Errorf("%v is none: %t, want %t", r.of(), got, want)
		}
		want := r.Least.String()
		switch {
		case len(r.of()) > 1 && r.Least == None:
			want = "unknown"
		case len(r.of()) > 1:
			want = "unknown, at least " + want
		}
		if r.String() != want {
			t.Errorf("%v reads %q, want %q", r.of(), r, want)
		}
	}
	if Unknown() != (Range{None, Outage}) || Unknown().IsNone() || !(Range{}).IsNone() {
		t.Error("unknown is not everything, or the zero range is not none")
	}
	for l := None; l <= Outage; l++ {
		if got := Exactly(l).of(); !slices.Equal(got, []Level{l}) {
			t.Errorf("exactly %v is %v", l, got)
		}
	}
}

// An effect keeps its interval through the fields of a plan.
func TestEffectRange(t *testing.T) {
	for _, r := range ranges() {
		e := Effect{Most: new(Level)}
		e.SetRange(r)
		if e.Range() != r || e.Level != r.Least || e.Unknown != r.IsUnknown() {
			t.Errorf("%v became %+v", r, e)
		}
		if wide := r.IsUnknown() && r.Most != Outage; wide != (e.Most != nil) {
			t.Errorf("%v: the upper end is written: %t", r, e.Most != nil)
		}
	}
}

func TestLevelWords(t *testing.T) {
	for i, word := range levelNames {
		l := Level(i)
		text, err := l.MarshalText()
		if err != nil || string(text) != word || l.String() != word {
			t.Errorf("%d is written %q, %v, and reads %q, want %q", i, text, err, l, word)
		}
		back := Level(99)
		if err := back.UnmarshalText([]byte(word)); err != nil || back != l {
			t.Errorf("%q is read as %v, %v", word, back, err)
		}
	}
	past := Level(len(levelNames))
	if _, err := past.MarshalText(); err == nil {
		t.Error("a level that does not exist was written")
	}
	if s := past.String(); s != "level(5)" {
		t.Errorf("a level that does not exist reads %q", s)
	}
	var l Level
	if err := l.UnmarshalText([]byte("harmless")); err == nil || !strings.Contains(err.Error(), "at-risk") {
		t.Errorf("%v does not list the words", err)
	}
}

func TestBasisOrder(t *testing.T) {
	want := []string{"unknown", "default", "inferred", "chart", "documented", "observed", "measured"}
	for i, word := range want {
		var b Basis
		if err := b.UnmarshalText([]byte(word)); err != nil || int(b) != i {
			t.Errorf("%q is %d, %v, want %d", word, b, err, i)
		}
		if text, err := b.MarshalText(); err != nil || string(text) != word {
			t.Errorf("%d is written %q, %v", i, text, err)
		}
	}
	if _, err := Basis(len(want)).MarshalText(); err == nil {
		t.Error("a basis that does not exist was written")
	}
}
