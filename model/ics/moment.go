package ics

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"planewise/model/wall"
)

// moment is a DATE or DATE-TIME value: a local time in a zone.
type moment struct {
	at  wall.Time
	loc *time.Location
	day bool // a date without a time
}

func (m moment) instant() time.Time { return m.at.Instant(m.loc) }

// in is what clocks of another zone show at the moment.
func (m moment) in(loc *time.Location) wall.Time {
	if m.loc.String() == loc.String() {
		return m.at
	}
	return wall.Read(m.instant().In(loc))
}

// moments reads the values of a property, separated by commas.
func (z zones) moments(p *ical.IANAProperty) ([]moment, error) {
	if kind := strings.ToUpper(parameter(p, "VALUE")); kind != "" && kind != "DATE" && kind != "DATE-TIME" {
		return nil, fmt.Errorf("%s with VALUE=%s is not supported: write dates or date-times", p.IANAToken, kind)
	}
	var list []moment
	for value := range strings.SplitSeq(p.Value, ",") {
		m, err := z.moment(strings.TrimSpace(value), parameter(p, "TZID"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.IANAToken, err)
		}
		list = append(list, m)
	}
	return list, nil
}

func (z zones) moment(value, zone string) (moment, error) {
	if text, ok := strings.CutSuffix(value, "Z"); ok {
		t, err := time.Parse("20060102T150405", text)
		if err != nil {
			return moment{}, fmt.Errorf("%q is not a time", value)
		}
		return moment{at: wall.Time{Time: t}, loc: time.UTC}, nil
	}
	if zone == "" {
		zone = z.standard
	}
	if zone == "" {
		return moment{}, fmt.Errorf("%q has no time zone, and the calendar names none: give one", value)
	}
	loc, err := z.named(zone)
	if err != nil {
		return moment{}, err
	}
	if t, err := time.Parse("20060102T150405", value); err == nil {
		return moment{at: wall.Time{Time: t}, loc: loc}, nil
	}
	t, err := time.Parse("20060102", value)
	if err != nil {
		return moment{}, fmt.Errorf("%q is neither a date such as 20260131 nor a time such as 20260131T220000", value)
	}
	return moment{at: wall.Time{Time: t}, loc: loc, day: true}, nil
}

// length is a DURATION: nominal days, which may have 23 or 25 hours, and seconds.
type length struct {
	days    int
	seconds int64
}

// from is how many seconds the length is from m on: days by the calendar, the
// rest by elapsed seconds.
func (l length) from(m moment) int64 {
	end := moment{at: m.at.AddDays(l.days), loc: m.loc}
	return end.instant().Unix() - m.instant().Unix() + l.seconds
}

// parseLength reads a DURATION such as PT90M, P1DT2H or P2W (RFC 5545 section 3.3.6).
func parseLength(text string) (length, error) {
	bad := fmt.Errorf("DURATION %q is not a length such as PT90M or P1DT2H", text)
	rest := strings.ToUpper(strings.TrimSpace(text))
	if strings.HasPrefix(rest, "-") {
		return length{}, fmt.Errorf("DURATION %q is negative: it ends before its start", text)
	}
	rest, ok := strings.CutPrefix(strings.TrimPrefix(rest, "+"), "P")
	if !ok || rest == "" || strings.HasSuffix(rest, "T") {
		return length{}, bad
	}
	var l length
	units, order := "WD", 0
	for rest != "" {
		if units == "WD" && rest[0] == 'T' {
			units, order, rest = "HMS", 0, rest[1:]
			continue
		}
		digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if digits <= 0 {
			return length{}, bad
		}
		n, err := strconv.Atoi(rest[:digits])
		unit := strings.IndexByte(units, rest[digits])
		if err != nil || n > math.MaxInt32 || unit < order {
			return length{}, bad
		}
		l.add(n, rest[digits])
		order, rest = unit+1, rest[digits+1:]
	}
	return l, nil
}

func (l *length) add(n int, unit byte) {
	switch unit {
	case 'W':
		l.days += 7 * n
	case 'D':
		l.days += n
	case 'H':
		l.seconds += 3600 * int64(n)
	case 'M':
		l.seconds += 60 * int64(n)
	case 'S':
		l.seconds += int64(n)
	}
}

// maxDays bounds an event's length, so that the calendar arithmetic stays in
// range: a hundred years.
const maxDays = 36600

// lengthOf is how long an event lasts: DTEND or DURATION, else a whole day for a
// date and nothing for a time.
func (z zones) lengthOf(props properties, start moment) (length, error) {
	end, err := props.one("DTEND")
	if err != nil {
		return length{}, err
	}
	duration, err := props.one("DURATION")
	switch {
	case err != nil:
		return length{}, err
	case end != nil && duration != nil:
		return length{}, fmt.Errorf("DTEND %q and DURATION %q must not stand together", end.Value, duration.Value)
	case end != nil:
		return z.until(end, start)
	case duration != nil:
		l, err := parseLength(duration.Value)
		if err == nil && (l.days > maxDays || l.seconds > maxDays*86400) {
			err = fmt.Errorf("DURATION %q is longer than %d days", duration.Value, maxDays)
		}
		return l, err
	case start.day:
		return length{days: 1}, nil
	default:
		return length{}, errors.New("neither DTEND nor DURATION: it ends when it starts")
	}
}

// until is the length from start to a DTEND: days where both are dates, else
// elapsed seconds.
func (z zones) until(p *ical.IANAProperty, start moment) (length, error) {
	list, err := z.moments(p)
	if err != nil {
		return length{}, err
	}
	end := list[0]
	if len(list) > 1 || end.day != start.day {
		return length{}, fmt.Errorf("DTEND %q does not match DTSTART: both are dates, or both are times", p.Value)
	}
	var l length
	if end.day {
		l.days = int(end.at.Sub(start.at.Time) / (24 * time.Hour))
	} else {
		l.seconds = end.instant().Unix() - start.instant().Unix()
	}
	if l.days < 0 || l.seconds < 0 {
		return length{}, fmt.Errorf("it ends at %s, before its start at %s", end.at, start.at)
	}
	if l.days > maxDays || l.seconds > maxDays*86400 {
		return length{}, fmt.Errorf("it lasts longer than %d days", maxDays)
	}
	return l, nil
}
