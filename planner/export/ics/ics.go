// Package ics writes the dated bundles of a plan as an iCalendar file (RFC 5545):
// one event per bundle, or per part of one.
//
// An event keeps its UID when the plan is made again, and its SEQUENCE grows with
// the plan's revision, so importing a later plan moves the events instead of
// doubling them. Times are in UTC, which every calendar shows in its own zone; the
// local time stands in the description.
//
// The file is written by hand rather than through a library: it is forty lines,
// and the libraries bring network code into the core. Two of them read the file
// back in the tests.
package ics

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
	"planewise/planner/words"
)

// CodeNoDate is the diagnostic for a bundle that has no window: it has no event.
const CodeNoDate = "no-date"

// Plan is the calendar, and a diagnostic for each bundle that is not in it.
func Plan(p model.Plan) ([]byte, []model.Diagnostic) {
	w := writer{Brief: brief.New(p)}
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", "-//planewise//planewise//EN")
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", "PUBLISH")
	w.line("X-WR-CALNAME", escape(w.Title()))
	stamp := w.stamp()
	for _, b := range p.Bundles {
		for _, s := range brief.Sittings(b) {
			w.event(b, s, stamp)
		}
	}
	w.line("END", "VCALENDAR")
	return []byte(w.b.String()), w.diags
}

type writer struct {
	*brief.Brief
	b     strings.Builder
	diags []model.Diagnostic
}

const utc = "20060102T150405Z"

// stamp is DTSTAMP, which every event must have: the time of planning. A plan
// without one has no clock at all, so its first date stands in for it.
func (w *writer) stamp() string {
	times := []string{w.PlannedAt}
	for _, b := range w.Plan.Bundles {
		for _, s := range brief.Sittings(b) {
			if s.Window != nil {
				times = append(times, s.Window.Start)
			}
		}
	}
	for _, text := range times {
		if t, err := time.Parse(time.RFC3339, text); err == nil {
			return t.UTC().Format(utc)
		}
	}
	return time.Unix(0, 0).UTC().Format(utc)
}

func (w *writer) event(b model.Bundle, s brief.Sitting, stamp string) {
	if s.Window == nil {
		w.skip(b, s.Name+" has no date, so the calendar has no event for it", "Give the policy windows and --at, or a pin, and plan again.")
		return
	}
	start, err := time.Parse(time.RFC3339, s.Window.Start)
	if err != nil {
		w.skip(b, fmt.Sprintf("%s starts at %q, which is no time", s.Name, s.Window.Start), "Plan again.")
		return
	}
	end, err := time.Parse(time.RFC3339, s.Window.End)
	if err != nil || !end.After(start) {
		w.skip(b, fmt.Sprintf("%s ends at %q, which is no time after its start", s.Name, s.Window.End), "Plan again.")
		return
	}
	w.line("BEGIN", "VEVENT")
	w.line("UID", w.Stable(b.Key, s.Part)+"@planewise")
	w.line("SEQUENCE", fmt.Sprint(max(w.Revision, 0)))
	w.line("DTSTAMP", stamp)
	w.line("DTSTART", start.UTC().Format(utc))
	w.line("DTEND", end.UTC().Format(utc))
	w.line("SUMMARY", escape(fmt.Sprintf("%s: %s (%s)", s.Name, b.Title, w.Footprint(s.Footprint))))
	w.line("DESCRIPTION", escape(w.describe(b, s)))
	w.line("CATEGORIES", w.categories(s))
	w.line("STATUS", w.status())
	w.line("TRANSP", transparency(s))
	w.line("END", "VEVENT")
}

func (w *writer) skip(b model.Bundle, summary, hint string) {
	w.diags = append(w.diags, model.Diagnostic{Severity: model.Warning, Code: CodeNoDate, Subject: string(b.Key), Summary: summary, Hint: hint})
}

// describe is the event's text, a line a point.
func (w *writer) describe(b model.Bundle, s brief.Sitting) string {
	lines := []string{
		w.Title(), "When: " + brief.Slot(s.Window), "Takes: " + words.Span(s.Duration), "Footprint: " + w.Footprint(s.Footprint),
	}
	for _, id := range w.PlaneIDs() {
		if i := brief.Impact(b, id); i.Worst != model.None || i.Unknown {
			lines = append(lines, w.Plane(id)+": "+brief.Feel(i))
		}
	}
	lines = append(lines, "Way back: "+w.WayBack(b), "Plan: "+w.ID)
	if n := w.Blocking(); n > 0 {
		lines = append(lines, "Draft: "+words.Count(n, "blocking finding"))
	}
	for i := range lines {
		lines[i] = clean.Text(lines[i])
	}
	return strings.Join(lines, "\n")
}

func (w *writer) categories(s brief.Sitting) string {
	names := []string{"maintenance"}
	for _, id := range w.PlaneIDs() {
		if s.Footprint[id] == model.Disturbed {
			names = append(names, escape(string(id)))
		}
	}
	return strings.Join(names, ",")
}

func (w *writer) status() string {
	if w.Blocking() > 0 {
		return "TENTATIVE"
	}
	return "CONFIRMED"
}

// transparency: a bundle that disturbs nobody does not block anybody's time.
func transparency(s brief.Sitting) string {
	for _, f := range s.Footprint {
		if f == model.Disturbed {
			return "OPAQUE"
		}
	}
	return "TRANSPARENT"
}

// escape is a text value (RFC 5545, 3.3.11). Line feeds stay line breaks; other
// control characters are made visible first.
func escape(s string) string {
	return escapes.Replace(clean.Block(s))
}

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// line writes a content line, folded so that no line has more than 75 octets and
// no character is cut (RFC 5545, 3.1).
func (w *writer) line(name, value string) {
	const limit = 75
	text, room := name+":"+value, limit
	for len(text) > room {
		cut := room
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		w.b.WriteString(text[:cut])
		w.b.WriteString("\r\n ")
		text, room = text[cut:], limit-1 // the blank counts
	}
	w.b.WriteString(text)
	w.b.WriteString("\r\n")
}
