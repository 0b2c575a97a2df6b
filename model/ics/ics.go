// Package ics reads windows and freezes of a policy from iCalendar files
// (RFC 5545), as calendar programs export them.
//
// Either all events of a file are taken over or none: a freeze that an import
// passes over silently is worse than an import that fails. Where something is
// in doubt, a window becomes narrower and a freeze wider. So a cancelled event is
// left out, and a tentative one is no window yet but already a freeze; both are
// said.
//
// What an event means stands in it, or is given by the caller:
//
//	X-PLANEWISE-KIND    window or freeze; also a category of that name
//	X-PLANEWISE-GRANTS  control=disturbed,access=watched; also such categories
//	X-PLANEWISE-LIMITS  run or starts
//
// A recurring event becomes a window with the same rule; its changed instances
// become windows of their own and exceptions of the rule. Freezes know no
// exceptions: what a calendar takes out of one stays frozen, and that is said.
package ics

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	// why: folding, escaping and nesting of iCalendar have many corners; times are
	// read here all the same, since the library asks the machine for its zone.
	ical "github.com/arran4/golang-ical"

	"planewise/model"
)

// Bounds of what is read.
const (
	// MaxSize of a file in bytes: thousands of events.
	MaxSize = 4 << 20
	// MaxEvents of a file.
	MaxEvents = 5000
	// maxHeader bounds what stands before the value of a line. The library copies
	// the line once for each parameter.
	maxHeader = 1 << 10
	maxDepth  = 16
)

// Kind is what an event becomes.
type Kind string

const (
	Windows Kind = "window"
	Freezes Kind = "freeze"
)

// Options say what events mean that do not say it themselves.
type Options struct {
	// Kind of events; "" is Windows.
	Kind Kind
	// Grants and Limits of windows; "" limits the run.
	Grants map[model.PlaneID]model.Footprint
	Limits string
	// Zone of times that name none, for calendars that name none either.
	Zone string
	// Zones finds a time zone by its IANA name.
	Zones func(name string) (*time.Location, error)
}

// Result is what a file holds, in its order.
type Result struct {
	Windows []model.Window
	Freezes []model.Freeze
}

// Parse reads a calendar. name stands in messages.
func Parse(name string, data []byte, o Options) (Result, []model.Diagnostic, error) {
	fail := func(err error) (Result, []model.Diagnostic, error) {
		return Result{}, nil, fmt.Errorf("read calendar %q: %w", name, err)
	}
	if o.Kind != "" && o.Kind != Windows && o.Kind != Freezes {
		return fail(fmt.Errorf("kind %q is neither %q nor %q", o.Kind, Windows, Freezes))
	}
	if o.Zones == nil {
		return fail(errors.New("no time zones given to read it with"))
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := scan(data); err != nil {
		return fail(err)
	}
	calendar, err := ical.ParseCalendar(bytes.NewReader(data))
	if err != nil {
		return fail(err)
	}
	r := reader{file: name, options: o, zones: zonesOf(calendar, o)}
	for i, e := range calendar.Events() {
		r.read(i, e)
	}
	if len(r.errs) > 0 {
		return fail(joined(r.errs))
	}
	r.override()
	return r.result(), model.SortDiagnostics(r.said), nil
}

// scan checks the frame of a file before the library reads it: sizes, nesting,
// and that the file is whole (the library takes a file that breaks off).
func scan(data []byte) error {
	if len(data) > MaxSize {
		return fmt.Errorf("%d bytes; at most %d", len(data), MaxSize)
	}
	depth, events, whole := 0, 0, false
	header := 0
	for n, line := range bytes.Split(data, []byte("\n")) {
		text := strings.TrimSpace(string(line))
		if text == "" {
			continue
		}
		if folded := line[0] == ' ' || line[0] == '\t'; !folded {
			header = 0
		}
		if header >= 0 {
			length, ended := headerEnd(line, header)
			if length > maxHeader {
				return fmt.Errorf("line %d: its parameters are longer than %d characters", n+1, maxHeader)
			}
			if header = length; ended {
				header = -1
			}
		}
		switch upper := strings.ToUpper(text); {
		case whole:
			return fmt.Errorf("line %d: something follows the end of the calendar; one calendar a file", n+1)
		case strings.HasPrefix(upper, "BEGIN:"):
			depth++
			if upper == "BEGIN:VEVENT" {
				events++
			}
		case strings.HasPrefix(upper, "END:"):
			depth--
			whole = depth == 0
		}
		if depth > maxDepth || events > MaxEvents {
			return fmt.Errorf("line %d: more than %d events, or nested deeper than %d", n+1, MaxEvents, maxDepth)
		}
	}
	switch {
	case depth == 0 && !whole:
		return errors.New("no calendar in it: expected BEGIN:VCALENDAR")
	case !whole:
		return errors.New("the file breaks off: END:VCALENDAR is missing")
	}
	return nil
}

// headerEnd adds the length of a line to that of a header, up to the first colon
// outside quotes.
func headerEnd(line []byte, header int) (int, bool) {
	quoted := false
	for i, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ':' && !quoted:
			return header + i, true
		}
	}
	return header + len(line), false
}

// maxErrors bounds how many faults of a file are listed.
const maxErrors = 20

func joined(errs []error) error {
	if n := len(errs); n > maxErrors {
		errs = append(errs[:maxErrors:maxErrors], fmt.Errorf("and %d more", n-maxErrors))
	}
	return errors.Join(errs...)
}
