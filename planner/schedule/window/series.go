package window

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"planewise/model"
	"planewise/model/wall"
)

// series is what windows and freezes have in common: a start that may recur,
// and a length.
type series struct {
	what, name, zone, start string
	durationS               int64
	rrule, cron             string
	exdates                 []string

	loc  *time.Location
	said []model.Diagnostic

	first    wall.Time // the start; for cron without one, the zero time
	excluded []exclusion
	asked    Stretch // the time to expand
	// begin and end are asked in local time, two days wider on each side, and
	// earlier by the length of an opening: what starts outside is of no interest,
	// whatever the zone does.
	begin, end wall.Time
	openings   []Stretch
	steps      int
	tooOften   bool
	fired      bool // at least one start, excluded or not
	kept       bool // at least one that is not excluded
	onRule     bool // the rule selects the start itself
}

// exclusion is an EXDATE: one local start, or all of a local day.
type exclusion struct {
	text string
	at   wall.Time
	day  bool
	hit  bool
}

func (s *series) subject() string { return s.what + ":" + s.name }

func (s *series) say(severity model.Severity, code model.Code, summary, hint string) {
	s.said = append(s.said, model.Diagnostic{
		Severity: severity, Code: code, Subject: s.subject(),
		Summary: fmt.Sprintf("%s %q: %s", s.what, s.name, summary), Hint: hint,
	})
}

func (s *series) bad(summary, hint string) {
	s.say(model.Blocking, s.either("bad-window", "bad-freeze"), summary, hint)
}

// either is the code of what the series is of.
func (s *series) either(window, freeze model.Code) model.Code {
	if s.what == "freeze" {
		return freeze
	}
	return window
}

// expand is the list of stretches that share time with [from, to), in order.
func (s *series) expand(from, to time.Time, zones Zones) []Stretch {
	s.asked = Stretch{from.Unix(), to.Unix()}
	if !s.read(zones) {
		return nil
	}
	s.begin = wall.Read(from.Add(-time.Duration(s.durationS) * time.Second).In(s.loc)).AddDays(-2)
	s.end = wall.Read(to.In(s.loc)).AddDays(2)
	var err error
	switch {
	case s.rrule != "":
		err = s.recur()
	case s.cron != "":
		err = s.tick()
	default:
		s.take(s.first)
	}
	if err != nil {
		s.say(model.Blocking, "bad-recurrence", err.Error(), "correct the rule; RFC 5545 section 3.3.10 has the parts and their limits")
		return nil
	}
	s.report(to)
	slices.SortFunc(s.openings, func(a, b Stretch) int { return cmp.Compare(a.Start, b.Start) })
	return slices.Compact(s.openings)
}

// read checks and reads the fields; false: the series has no openings.
func (s *series) read(zones Zones) bool {
	switch {
	case s.zone == "" || s.zone == "Local":
		s.say(model.Blocking, "unknown-zone", fmt.Sprintf("zone %q does not name a place", s.zone),
			"give an IANA time zone such as Europe/Zurich, or UTC")
		return false
	case s.rrule != "" && s.cron != "":
		s.bad(fmt.Sprintf("rrule %q and cron %q contradict each other", s.rrule, s.cron), "keep one of the two")
		return false
	case s.durationS < 0:
		s.bad(fmt.Sprintf("it ends %d s before its start %s", -s.durationS, s.start), "give a length above zero")
		return false
	case s.durationS == 0:
		s.bad("it has no length: it ends when it starts", "give a length above zero")
		return false
	case s.durationS > maxDuration:
		s.bad(fmt.Sprintf("it lasts %d days; at most %d", s.durationS/86400, maxDuration/86400), "split it, or let it recur")
		return false
	}
	loc, err := zones.find(s.zone)
	if err != nil || loc == nil {
		s.say(model.Blocking, "unknown-zone", fmt.Sprintf("there is no time zone %q", s.zone),
			"give an IANA time zone such as Europe/Zurich, or UTC")
		return false
	}
	s.loc = loc
	return s.readStart() && s.readExclusions()
}

func (s *series) readStart() bool {
	if s.start == "" && s.cron != "" {
		return true
	}
	first, _, err := wall.Parse(s.start)
	if err != nil {
		s.bad(fmt.Sprintf("start %q is not a local date and time", s.start), "write it as 2026-01-31T22:00:00")
		return false
	}
	s.first = first
	return true
}

func (s *series) readExclusions() bool {
	for _, text := range s.exdates {
		at, day, err := wall.Parse(text)
		if err != nil {
			s.bad(fmt.Sprintf("exdate %q is not a local date or date and time", text), "write it as 2026-01-31T22:00:00 or 2026-01-31")
			return false
		}
		s.excluded = append(s.excluded, exclusion{text: text, at: at, day: day})
	}
	return true
}

// recur expands an RFC 5545 rule. A freeze holds at its own start even where
// its rule does not select it.
func (s *series) recur() error {
	rule, err := parseRule(s.rrule)
	if err != nil {
		return fmt.Errorf("rrule %q: %w", s.rrule, err)
	}
	if s.what == "freeze" {
		s.take(s.first)
	}
	err = rule.starts(s.first, s.end, func(w wall.Time) bool {
		if !rule.until.allows(w, s.loc) {
			return false
		}
		s.onRule = s.onRule || w.Equal(s.first.Time)
		return s.take(w) && !w.After(s.end.Time)
	})
	if err != nil {
		return fmt.Errorf("rrule %q: %w", s.rrule, err)
	}
	return nil
}

// tick expands a cron line.
func (s *series) tick() error {
	line, err := parseCron(s.cron)
	if err != nil {
		return fmt.Errorf("cron %q: %w", s.cron, err)
	}
	s.onRule = true
	if s.first.Before(s.begin.Time) {
		s.first = s.begin
	}
	cronStarts(line, s.first, func(w wall.Time) bool { return s.take(w) && !w.After(s.end.Time) })
	return nil
}

// take adds the stretch that starts at w unless it is excluded or out of range.
// It returns false when the series opens too often to go on.
func (s *series) take(w wall.Time) bool {
	s.fired = true
	s.steps++
	for i := range s.excluded {
		x := &s.excluded[i]
		if x.at.Equal(w.Time) || x.day && x.at.Format(wall.Day) == w.Format(wall.Day) {
			x.hit = true
			return s.steps < maxSteps
		}
	}
	s.kept = true
	if !w.Before(s.begin.Time) && !w.After(s.end.Time) {
		at := w.Instant(s.loc).Unix()
		if at+s.durationS > s.asked.Start && at < s.asked.End {
			s.openings = append(s.openings, Stretch{at, at + s.durationS})
		}
	}
	s.tooOften = len(s.openings) > MaxOpenings || s.steps >= maxSteps
	return !s.tooOften
}

// report says what is odd about the series as a whole.
func (s *series) report(to time.Time) {
	rule := s.rrule + s.cron
	switch {
	case s.tooOften:
		s.say(model.Blocking, s.either("window-too-often", "freeze-too-often"),
			fmt.Sprintf("%s recurs more than %d times before %s, or %d times since its start", rule, MaxOpenings, to.In(s.loc).Format(wall.Day), maxSteps),
			"write fewer and longer ones, or let the rule start later")
		s.openings = nil
	case !s.fired:
		s.say(model.Blocking, s.either("window-never-opens", "freeze-never-opens"),
			fmt.Sprintf("%s selects no time from %s on", rule, s.first), "correct the rule or its start")
	case !s.kept:
		s.say(model.Blocking, s.either("window-never-opens", "freeze-never-opens"), fmt.Sprintf("its exdates exclude every start of %s", rule), "remove the exdates or the "+s.what)
	}
	if s.what == "window" && s.kept && len(s.openings) == 0 && !s.tooOften {
		s.say(model.Info, "window-not-ahead",
			fmt.Sprintf("it does not open from %s to %s", time.Unix(s.asked.Start, 0).In(s.loc).Format(wall.Day), to.In(s.loc).Format(wall.Day)), "")
	}
	if s.rrule != "" && s.fired && !s.onRule {
		s.reportOffRule()
	}
	for _, x := range s.excluded {
		at := x.at.Instant(s.loc).Unix()
		if !x.hit && s.asked.Start <= at && at < s.asked.End && !s.tooOften {
			s.say(model.Warning, "exdate-unmatched", fmt.Sprintf("exdate %s is not a start of %s", x.text, rule),
				"an exdate has to repeat a local start exactly, or name its day")
		}
	}
}

func (s *series) reportOffRule() {
	does := "does not open then"
	if s.what == "freeze" {
		does = "holds then all the same"
	}
	s.say(model.Info, "start-off-rule",
		fmt.Sprintf("its start, %s %s, is not selected by %s; the %s %s", s.first.Weekday(), s.first, s.rrule, s.what, does),
		"let the start be the first day on which it happens")
}
