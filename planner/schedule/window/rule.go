package window

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	// why: recurrence rules are a standard with many corners; this is its Go
	// implementation, a port of the one in python-dateutil.
	"github.com/teambition/rrule-go"

	"planewise/model/wall"
)

// Bounds of a rule's text and lists. They are far above what a calendar program
// writes, and low enough that one year of any rule is a few thousand starts.
const (
	maxRuleLength  = 512
	maxInterval    = 1000
	maxTimesPerDay = 96 // a quarter of an hour apart
	cycleYears     = 400
	lastYear       = rrule.MAXYEAR
	// spareYears are searched at least before a rule is said never to fire: a
	// 29 February on a given week day comes back within 40 years.
	spareYears = 40
)

// recurrence is a checked rule.
type recurrence struct {
	option rrule.ROption
	until  limit
}

// limit is UNTIL: a moment, or a local date-time; the zero value is no limit.
type limit struct {
	at    time.Time
	local bool
	set   bool
}

func (l limit) allows(w wall.Time, loc *time.Location) bool {
	switch {
	case !l.set:
		return true
	case l.local:
		return !w.After(l.at)
	default:
		return !w.Instant(loc).After(l.at)
	}
}

// parseRule reads the value of an RRULE property. It refuses what the library
// would silently correct, what RFC 5545 forbids, and what would not end.
func parseRule(text string) (recurrence, error) {
	var r recurrence
	text = strings.TrimSuffix(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "RRULE:"), ";")
	if len(text) > maxRuleLength {
		return r, fmt.Errorf("longer than %d characters", maxRuleLength)
	}
	parts, err := splitRule(text)
	if err != nil {
		return r, err
	}
	if value, ok := parts["UNTIL"]; ok {
		if r.until, err = parseUntil(value); err != nil {
			return r, err
		}
	}
	option, err := rrule.StrToROption(text)
	if err != nil {
		return r, err
	}
	option.Until = time.Time{} // compared here, where the zone is known
	r.option = *option
	return r, r.check(parts)
}

func splitRule(text string) (map[string]string, error) {
	known := map[string]bool{
		"FREQ": true, "UNTIL": true, "COUNT": true, "INTERVAL": true, "WKST": true, "BYMONTH": true, "BYWEEKNO": true,
		"BYYEARDAY": true, "BYMONTHDAY": true, "BYDAY": true, "BYHOUR": true, "BYMINUTE": true, "BYSECOND": true, "BYSETPOS": true,
	}
	parts := make(map[string]string)
	for part := range strings.SplitSeq(text, ";") {
		name, value, ok := strings.Cut(part, "=")
		switch {
		case !ok || value == "":
			return nil, fmt.Errorf("%q is not NAME=VALUE", part)
		case !known[name]:
			return nil, fmt.Errorf("%q is not a part of an RFC 5545 rule", name)
		case parts[name] != "":
			return nil, fmt.Errorf("%s stands twice: %q and %q", name, parts[name], value)
		}
		parts[name] = value
	}
	return parts, nil
}

func parseUntil(value string) (limit, error) {
	if t, err := time.Parse(rrule.DateTimeFormat, value); err == nil {
		return limit{at: t, set: true}, nil
	}
	if t, err := time.Parse(rrule.LocalDateTimeFormat, value); err == nil {
		return limit{at: t, local: true, set: true}, nil
	}
	t, err := time.Parse(rrule.DateFormat, value)
	if err != nil {
		return limit{}, fmt.Errorf("UNTIL=%s is not a date or date-time such as 20260131 or 20260131T220000Z", value)
	}
	return limit{at: t.AddDate(0, 0, 1).Add(-time.Second), local: true, set: true}, nil
}

// check holds what RFC 5545 section 3.3.10 forbids, and the bounds.
func (r *recurrence) check(parts map[string]string) error {
	o := &r.option
	if o.Freq > rrule.HOURLY {
		return fmt.Errorf("FREQ=%s opens more often than a window can be used: write one longer window", parts["FREQ"])
	}
	if parts["COUNT"] != "" && parts["UNTIL"] != "" {
		return errors.New("COUNT and UNTIL must not stand in one rule")
	}
	if err := positive(parts, "COUNT", maxSteps); err != nil {
		return err
	}
	if err := positive(parts, "INTERVAL", maxInterval); err != nil {
		return err
	}
	for _, list := range []*[]int{
		&o.Bysetpos, &o.Bymonth, &o.Bymonthday, &o.Byyearday, &o.Byweekno, &o.Byhour, &o.Byminute, &o.Bysecond,
	} {
		*list = distinct(*list)
	}
	o.Byweekday = distinct(o.Byweekday)
	if n := max(1, len(o.Byhour)) * max(1, len(o.Byminute)) * max(1, len(o.Bysecond)); n > maxTimesPerDay {
		return fmt.Errorf("%d times a day; at most %d", n, maxTimesPerDay)
	}
	if err := checkParts(o, parts); err != nil {
		return err
	}
	return checkOrdinals(o)
}

func positive(parts map[string]string, name string, most int) error {
	value, ok := parts[name]
	if !ok {
		return nil
	}
	if n, err := strconv.Atoi(value); err != nil || n < 1 || n > most {
		return fmt.Errorf("%s=%s is not a number from 1 to %d", name, value, most)
	}
	return nil
}

// checkParts holds which BY parts may stand with which frequency.
func checkParts(o *rrule.ROption, parts map[string]string) error {
	refuse := func(name string, when bool) error {
		if parts[name] != "" && when {
			return fmt.Errorf("%s must not stand with FREQ=%s", name, o.Freq)
		}
		return nil
	}
	by := 0
	for name := range parts {
		if strings.HasPrefix(name, "BY") && name != "BYSETPOS" {
			by++
		}
	}
	if parts["BYSETPOS"] != "" && by == 0 {
		return errors.New("BYSETPOS needs another BY part to choose from")
	}
	return errors.Join(
		refuse("BYWEEKNO", o.Freq != rrule.YEARLY),
		refuse("BYYEARDAY", o.Freq == rrule.MONTHLY || o.Freq == rrule.WEEKLY || o.Freq == rrule.DAILY),
		refuse("BYMONTHDAY", o.Freq == rrule.WEEKLY),
	)
}

// checkOrdinals bounds the numbers before week days: the library takes them as
// indices into a year or a month without checking.
func checkOrdinals(o *rrule.ROption) error {
	for i := range o.Byweekday {
		n := o.Byweekday[i].N()
		most := 0
		switch {
		case len(o.Byweekno) > 0:
		case o.Freq == rrule.MONTHLY || o.Freq == rrule.YEARLY && len(o.Bymonth) > 0:
			most = 5
		case o.Freq == rrule.YEARLY:
			most = 53
		}
		if n < -most || n > most {
			return fmt.Errorf("BYDAY=%s: a number from %d to %d is allowed here", o.Byweekday[i], -most, most)
		}
	}
	return nil
}

func distinct[T comparable](list []T) []T {
	seen := make(map[T]bool, len(list))
	var kept []T
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			kept = append(kept, v)
		}
	}
	return kept
}

// starts calls yield with the rule's starts from dtstart in order, until yield
// returns false, the rule ends, or the calendar does; the latter not before to,
// and at least spareYears after it.
func (r recurrence) starts(dtstart, to wall.Time, yield func(wall.Time) bool) error {
	shift := max(0, (lastYear-spareYears-max(dtstart.Year(), to.Year()))/cycleYears*cycleYears)
	o := r.option
	o.Dtstart = dtstart.AddDate(shift, 0, 0)
	if o.Freq == rrule.HOURLY && !reachable(o.Dtstart.Hour(), max(1, o.Interval), o.Byhour) {
		return nil // the library would search for the hour for ever
	}
	rule, err := rrule.NewRRule(o)
	if err != nil {
		return err
	}
	next := rule.Iterator()
	for t, ok := next(); ok; t, ok = next() {
		if !yield(wall.Time{Time: t.AddDate(-shift, 0, 0)}) {
			return nil
		}
	}
	return nil
}

// reachable reports whether steps of interval hours from one hour of the day
// ever meet one of the hours; 24 steps visit all that can be met.
func reachable(hour, interval int, hours []int) bool {
	if len(hours) == 0 {
		return true
	}
	for step := range 24 {
		at := (hour + step*interval) % 24
		for _, h := range hours {
			if h == at {
				return true
			}
		}
	}
	return false
}
