package window

import "time"

// A wall is a local date and time without a zone, held as the instant that has
// the same reading in UTC. It can be compared and moved by whole days without
// regard to any clock change.
type wall struct{ time.Time }

// instant is the moment at which clocks in loc show w (RFC 5545 section 3.3.5):
// of two such moments the first; where there is none, because the clocks skip
// w, the moment reached with the offset in force before the gap.
func (w wall) instant(loc *time.Location) time.Time {
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
func (w wall) with(seconds int) time.Time {
	return w.Add(-time.Duration(seconds) * time.Second)
}

func offset(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}

func shows(t time.Time, w wall, loc *time.Location) bool {
	return read(t.In(loc)).Equal(w.Time)
}

// read is what the clock of t's zone shows at t.
func read(t time.Time) wall {
	return wall{time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)}
}

const (
	wallFormat = "2006-01-02T15:04:05"
	dayFormat  = "2006-01-02"
)

// parseWall reads a local date-time; seconds may be left out. A date alone is
// its midnight, with day set.
func parseWall(text string) (w wall, day bool, err error) {
	for _, format := range []string{wallFormat, "2006-01-02T15:04"} {
		if t, err := time.Parse(format, text); err == nil {
			return wall{t}, false, nil
		}
	}
	t, err := time.Parse(dayFormat, text)
	return wall{t}, true, err
}
