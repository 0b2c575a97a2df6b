package ics

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	ical "github.com/arran4/golang-ical"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/wall"
)

// event is a VEVENT that was understood.
type event struct {
	name   string
	uid    string
	kind   Kind
	grants map[model.PlaneID]model.Footprint
	limits string

	start   moment
	length  length
	rule    string
	exdates []moment
	rdates  []moment
	// replaces is the instance of the series uid that the event is a changed
	// version of; cancelled: it takes place no more.
	replaces  *moment
	cancelled bool
}

func (e *event) recurs() bool { return e.rule != "" || len(e.rdates) > 0 }

// reader collects the events of a file.
type reader struct {
	file    string
	options Options
	zones   zones
	events  []*event
	errs    []error
	said    []model.Diagnostic
}

func (r *reader) say(severity model.Severity, code model.Code, e *event, summary, hint string) {
	r.said = append(r.said, model.Diagnostic{
		Severity: severity, Code: code, Subject: r.file, Summary: fmt.Sprintf("event %q: %s", e.name, summary), Hint: hint,
	})
}

func (r *reader) read(i int, v *ical.VEvent) {
	props := properties(v.Properties)
	e := &event{uid: props.value("UID"), name: clean.Text(props.value("SUMMARY"))}
	if e.name == "" {
		e.name = clean.Text(e.uid)
	}
	if e.name == "" {
		e.name = fmt.Sprintf("event %d", i+1)
	}
	if err := r.fill(e, props); err != nil {
		r.errs = append(r.errs, fmt.Errorf("event %q: %w", e.name, err))
		return
	}
	switch {
	case e.cancelled && e.replaces == nil:
		r.say(model.Info, "event-cancelled", e, "it is cancelled and was left out", "")
		return
	case strings.EqualFold(props.value("STATUS"), "TENTATIVE") && e.kind == Windows:
		r.say(model.Warning, "event-tentative", e, "it is tentative, and no window until it is confirmed", "confirm it, then import again")
		if e.replaces == nil {
			return
		}
		e.cancelled = true
	}
	r.events = append(r.events, e)
}

func (r *reader) fill(e *event, props properties) error {
	e.cancelled = strings.EqualFold(props.value("STATUS"), "CANCELLED")
	if err := r.fillTimes(e, props); err != nil {
		return err
	}
	if e.cancelled {
		return nil
	}
	return r.fillMeaning(e, props)
}

func (r *reader) fillTimes(e *event, props properties) error {
	start, err := props.one("DTSTART")
	if err != nil {
		return err
	}
	// Instances are named in the zone of the series where they name none.
	own := r.zones
	if start != nil {
		own = own.of(start)
	}
	if e.replaces, err = own.replaced(props); err != nil || e.cancelled {
		return err // of what is cancelled nothing else matters
	}
	if start == nil {
		return errors.New("no DTSTART: it has no start")
	}
	list, err := r.zones.moments(start)
	if err != nil {
		return err
	}
	e.start = list[0]
	if e.length, err = own.lengthOf(props, e.start); err != nil {
		return err
	}
	if e.length.from(e.start) <= 0 {
		return fmt.Errorf("it has no length: it ends when it starts, at %s", e.start.at)
	}
	return own.fillRecurrence(e, props)
}

// replaced is the instance that the event is a changed version of, or nil.
func (z zones) replaced(props properties) (*moment, error) {
	p, err := props.one("RECURRENCE-ID")
	if p == nil || err != nil {
		return nil, err
	}
	if parameter(p, "RANGE") != "" {
		return nil, errors.New("RECURRENCE-ID with RANGE is not supported: end the series and write a new one")
	}
	list, err := z.moments(p)
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func (z zones) fillRecurrence(e *event, props properties) error {
	rule, err := props.one("RRULE")
	switch {
	case err != nil:
		return err
	case len(props.all("EXRULE")) > 0:
		return errors.New("EXRULE is not supported: write EXDATE")
	case rule != nil && e.replaces != nil:
		return errors.New("RRULE and RECURRENCE-ID must not stand together")
	case rule != nil:
		e.rule = rule.Value
	}
	for _, p := range props.all("EXDATE") {
		list, err := z.moments(&p)
		if err != nil {
			return err
		}
		e.exdates = append(e.exdates, list...)
	}
	for _, p := range props.all("RDATE") {
		list, err := z.moments(&p)
		if err != nil {
			return err
		}
		e.rdates = append(e.rdates, list...)
	}
	return nil
}

// fillMeaning finds out what the event grants or forbids.
func (r *reader) fillMeaning(e *event, props properties) error {
	var kinds, grants []string
	for _, p := range props.all("CATEGORIES") {
		for word := range strings.SplitSeq(p.Value, ",") {
			switch word = strings.TrimSpace(word); {
			case strings.EqualFold(word, string(Windows)), strings.EqualFold(word, string(Freezes)):
				kinds = append(kinds, strings.ToLower(word))
			case strings.Contains(word, "="):
				grants = append(grants, word)
			}
		}
	}
	if kind := props.value("X-PLANEWISE-KIND"); kind != "" {
		kinds = append(kinds, strings.ToLower(kind))
	}
	e.kind = r.options.Kind
	for i, kind := range kinds {
		if i > 0 && kind != kinds[0] {
			return fmt.Errorf("it is both %q and %q", kinds[0], kind)
		}
		if e.kind = Kind(kind); e.kind != Windows && e.kind != Freezes {
			return fmt.Errorf("kind %q is neither %q nor %q", kind, Windows, Freezes)
		}
	}
	if e.kind == "" {
		e.kind = Windows
	}
	if e.kind == Freezes {
		return nil
	}
	e.limits = r.options.Limits
	if limits := props.value("X-PLANEWISE-LIMITS"); limits != "" {
		e.limits = strings.ToLower(limits)
	}
	if e.limits == "" {
		e.limits = "run"
	}
	if e.limits != "run" && e.limits != "starts" {
		return fmt.Errorf("limits %q is neither \"run\" nor \"starts\"", e.limits)
	}
	if own := props.value("X-PLANEWISE-GRANTS"); own != "" {
		grants = strings.Split(own, ",")
	}
	return r.fillGrants(e, grants)
}

func (r *reader) fillGrants(e *event, grants []string) error {
	if grants == nil {
		e.grants = maps.Clone(r.options.Grants)
	} else {
		e.grants = make(map[model.PlaneID]model.Footprint)
	}
	for _, grant := range grants {
		plane, word, ok := strings.Cut(grant, "=")
		id := model.PlaneID(strings.ToLower(strings.TrimSpace(plane)))
		if !ok || id == "" {
			return fmt.Errorf("grant %q is not PLANE=FOOTPRINT, such as control=disturbed", grant)
		}
		var footprint model.Footprint
		if err := footprint.UnmarshalText([]byte(strings.ToLower(strings.TrimSpace(word)))); err != nil {
			return fmt.Errorf("grant %q: %w", grant, err)
		}
		if before, twice := e.grants[id]; twice && before != footprint {
			return fmt.Errorf("it grants %s both %s and %s", id, before, footprint)
		}
		e.grants[id] = footprint
	}
	if len(e.grants) == 0 {
		r.say(model.Warning, "window-grants-nothing", e, "it does not say what it grants, so nothing that disturbs anybody may run in it",
			"add X-PLANEWISE-GRANTS:control=disturbed, such categories, or give the grants with the import")
		e.grants = map[model.PlaneID]model.Footprint{}
	}
	return nil
}

// override takes changed and cancelled instances out of the series they belong to.
func (r *reader) override() {
	for _, e := range r.events {
		if e.replaces == nil {
			continue
		}
		for _, series := range r.events {
			if series.recurs() && series.uid == e.uid && series.replaces == nil {
				series.exdates = append(series.exdates, *e.replaces)
			}
		}
	}
}

func (r *reader) result() Result {
	var result Result
	for _, e := range r.events {
		if e.cancelled {
			continue
		}
		seconds := r.seconds(e)
		if e.kind == Freezes {
			result.Freezes = append(result.Freezes, r.freezes(e, seconds)...)
		} else {
			result.Windows = append(result.Windows, windows(e, seconds)...)
		}
	}
	return result
}

// seconds is the event's length. Days of a recurring event are not all equally
// long where clocks change: a freeze is made long enough for the longest; for a
// window it is said.
func (r *reader) seconds(e *event) int64 {
	if !e.recurs() || e.length.days == 0 {
		return e.length.from(e.start)
	}
	seconds := int64(e.length.days)*86400 + e.length.seconds
	if !changes(e.start) {
		return seconds
	}
	if e.kind == Freezes {
		return seconds + 3600
	}
	r.say(model.Info, "whole-days", e, fmt.Sprintf("each opening lasts %d h; on a day on which the clocks change it ends an hour off midnight", seconds/3600),
		"write it with times if that matters")
	return seconds
}

// changes reports whether the clocks of the zone change after the moment.
func changes(m moment) bool {
	_, until := m.instant().ZoneBounds()
	return !until.IsZero()
}

func windows(e *event, seconds int64) []model.Window {
	w := model.Window{
		Name: e.name, Zone: e.start.loc.String(), Start: e.start.at.String(), DurationS: seconds,
		RRule: e.rule, Grants: e.grants, Limits: e.limits,
	}
	for _, x := range e.exdates {
		w.ExDates = append(w.ExDates, exdate(x, e.start))
	}
	list := []model.Window{w}
	for _, date := range e.rdates {
		if e.excludes(date) {
			continue
		}
		extra := w
		extra.RRule, extra.ExDates, extra.Grants = "", nil, maps.Clone(e.grants)
		extra.Start = date.in(e.start.loc).String()
		list = append(list, extra)
	}
	return list
}

// excludes reports whether an exception names the date, or its day.
func (e *event) excludes(date moment) bool {
	at := date.in(e.start.loc)
	return slices.ContainsFunc(e.exdates, func(x moment) bool {
		return x.day && x.at.Format(wall.Day) == at.Format(wall.Day) || x.in(e.start.loc).Equal(at.Time)
	})
}

// exdate writes an exception the way a policy has it: local to the start, a mere
// date where it is one.
func exdate(x, start moment) string {
	if x.day && !start.day {
		return x.at.Format(wall.Day)
	}
	return x.in(start.loc).String()
}

func (r *reader) freezes(e *event, seconds int64) []model.Freeze {
	if len(e.exdates) > 0 {
		r.say(model.Info, "freeze-exceptions", e, fmt.Sprintf("%d of its dates are taken out or moved; they stay frozen", len(e.exdates)),
			"write several freezes if work may be done then")
	}
	f := model.Freeze{Name: e.name, Zone: e.start.loc.String(), Start: e.start.at.String(), DurationS: seconds, RRule: e.rule}
	list := []model.Freeze{f}
	for _, date := range e.rdates {
		extra := f
		extra.RRule, extra.Start = "", date.in(e.start.loc).String()
		list = append(list, extra)
	}
	return list
}
