// Package wall is local time: what a calendar and a clock on the wall show,
// before anyone says in which zone they hang.
//
// Recurrence is a matter of the local calendar ("Fridays at 22:00"), length a
// matter of elapsed seconds. Keeping the two types apart keeps the clock changes
// in one place, Instant.
package wall

import (
	"fmt"
	"time"
)

// Time is a local date and time. It is held as the instant that has the same
// reading in UTC, so it can be compared and moved by whole days without regard
// to any change of the clocks.
type Time struct{ time.Time }

// Date is the local time with the reading.
func Date(year int, month time.Month, day, hour, minute, second int) Time {
	return Time{time.Date(year, month, day, hour, minute, second, 0, time.UTC)}
}

// Read is what the clock of t's zone shows at t, to the second.
func Read(t time.Time) Time {
	return Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second())
}

// Format of a local date-time, and of a date alone.
const (
	Format = "2006-01-02T15:04:05"
	Day    = "2006-01-02"
)

// Parse reads a local date-time; seconds may be left out. A date alone is its
// midnight, with day set.
func Parse(text string) (w Time, day bool, err error) {
	for _, format := range []string{Format, "2006-01-02T15:04"} {
		if t, err := time.Parse(format, text); err == nil {
			return Time{t}, false, nil
		}
	}
	t, err := time.Parse(Day, text)
	if err != nil {
		return Time{}, false, fmt.Errorf("%q is not a local date and time such as 2026-01-31T22:00:00", text)
	}
	return Time{t}, true, nil
}

// String is the reading as Parse takes it.
func (w Time) String() string { return w.Time.Format(Format) }

// AddDays is the same time of day n days later.
func (w Time) AddDays(n int) Time { return Time{w.AddDate(0, 0, n)} }

// Instant is the moment at which clocks in loc show w (RFC 5545 section 3.3.5):
// of two such moments the first; where there is none, because the clocks skip
// w, the moment reached with the offset in force before the gap.
func (w Time) Instant(loc *time.Location) time.Time {
	// time.Date may return either of two moments, and promises nothing about
	// which; the change of the clocks that matters is one of the two ends of the
	// zone period that the moment lies in.
	t := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, loc)
	since, until := t.ZoneBounds()
	if !since.IsZero() {
		if first := w.with(offset(since.Add(-1))); first.Before(since) && shows(first, w, loc) {
			return first.In(loc)
		}
	}
	if shows(t, w, loc) {
		return t
	}
	for _, change := range []time.Time{since, until} {
		if change.IsZero() {
			continue
		}
		before, after := w.with(offset(change.Add(-1))), w.with(offset(change))
		if !before.Before(change) && after.Before(change) {
			return before.In(loc)
		}
	}
	return t
}

// with is the moment at which a clock that is seconds ahead of UTC shows w.
func (w Time) with(seconds int) time.Time { return w.Add(-time.Duration(seconds) * time.Second) }

func offset(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}

func shows(t time.Time, w Time, loc *time.Location) bool { return Read(t.In(loc)).Equal(w.Time) }
