package ics

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // why: the tests must not depend on the machine's zone files

	"github.com/google/go-cmp/cmp"

	"planewise/model"
)

type grants = map[model.PlaneID]model.Footprint

var options = Options{Grants: grants{"control": model.Disturbed}, Zones: time.LoadLocation}

// calendar wraps the lines of events in a calendar, with the line ends of RFC 5545.
func calendar(lines ...string) []byte {
	all := append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"}, lines...)
	return []byte(strings.Join(append(all, "END:VCALENDAR", ""), "\r\n"))
}

func event1(lines ...string) []byte { return calendar(vevent(lines...)...) }

func vevent(lines ...string) []string {
	all := append([]string{"BEGIN:VEVENT", "UID:u1", "SUMMARY:w"}, lines...)
	return append(all, "END:VEVENT")
}

func TestParse(t *testing.T) {
	control := grants{"control": model.Disturbed}
	w := func(start string, seconds int64, rule string, exdates ...string) model.Window {
		return model.Window{Name: "w", Zone: "Europe/Zurich", Start: start, DurationS: seconds, RRule: rule, ExDates: exdates, Grants: control, Limits: "run"}
	}
	utc := func(w model.Window) model.Window { w.Zone = "UTC"; return w }
	cases := []struct {
		name    string
		data    []byte
		windows []model.Window
		freezes []model.Freeze
		codes   string
	}{
		{
			name:    "start and end in a zone",
			data:    event1("DTSTART;TZID=Europe/Zurich:20260109T220000", "DTEND;TZID=Europe/Zurich:20260110T040000"),
			windows: []model.Window{w("2026-01-09T22:00:00", 6*3600, "")},
		},
		{
			name:    "the end counts elapsed seconds across the change of the clocks",
			data:    event1("DTSTART;TZID=Europe/Zurich:20260328T220000", "DTEND;TZID=Europe/Zurich:20260329T040000"),
			windows: []model.Window{w("2026-03-28T22:00:00", 5*3600, "")},
		},
		{
			name:    "an end in another zone",
			data:    event1("DTSTART;TZID=Europe/Zurich:20260109T220000", "DTEND:20260109T230000Z"),
			windows: []model.Window{w("2026-01-09T22:00:00", 2*3600, "")},
		},
		{
			name:    "utc",
			data:    event1("DTSTART:20260109T220000Z", "DURATION:PT1H30M"),
			windows: []model.Window{utc(w("2026-01-09T22:00:00", 5400, ""))},
		},
		{
			name: "rule and exceptions, in other zones and as a day",
			data: event1("DTSTART;TZID=Europe/Zurich:20260109T220000", "DURATION:PT6H", "RRULE:FREQ=WEEKLY;BYDAY=FR",
				"EXDATE;TZID=Europe/Zurich:20260116T220000,20260123T220000", "EXDATE:20260130T210000Z", "EXDATE;VALUE=DATE:20260206"),
			windows: []model.Window{w("2026-01-09T22:00:00", 6*3600, "FREQ=WEEKLY;BYDAY=FR", "2026-01-16T22:00:00", "2026-01-23T22:00:00", "2026-01-30T22:00:00", "2026-02-06")},
		},
		{
			name: "a moved and a cancelled instance",
			data: calendar(append(append(
				vevent("DTSTART;TZID=Europe/Zurich:20260109T220000", "DURATION:PT6H", "RRULE:FREQ=WEEKLY"),
				vevent("RECURRENCE-ID;TZID=Europe/Zurich:20260116T220000", "DTSTART;TZID=Europe/Zurich:20260117T200000", "DURATION:PT2H")...),
				vevent("RECURRENCE-ID:20260123T210000Z", "STATUS:CANCELLED")...)...),
			windows: []model.Window{
				w("2026-01-09T22:00:00", 6*3600, "FREQ=WEEKLY", "2026-01-16T22:00:00", "2026-01-23T22:00:00"),
				w("2026-01-17T20:00:00", 2*3600, ""),
			},
		},
		{
			name:    "further dates, one of them excluded",
			data:    event1("DTSTART;TZID=Europe/Zurich:20260109T220000", "DURATION:PT6H", "RDATE:20260201T210000Z,20260301T210000Z", "EXDATE;TZID=Europe/Zurich:20260301T220000"),
			windows: []model.Window{w("2026-01-09T22:00:00", 6*3600, "", "2026-03-01T22:00:00"), w("2026-02-01T22:00:00", 6*3600, "")},
		},
		{
			name:    "whole days in the calendar's zone",
			data:    calendar(append([]string{"X-WR-TIMEZONE:Europe/Zurich"}, vevent("DTSTART;VALUE=DATE:20260109", "DTEND;VALUE=DATE:20260111")...)...),
			windows: []model.Window{w("2026-01-09T00:00:00", 2*86400, "")},
		},
		{
			name:    "a whole day of 23 hours",
			data:    calendar(append([]string{"X-WR-TIMEZONE:Europe/Zurich"}, vevent("DTSTART;VALUE=DATE:20260329")...)...),
			windows: []model.Window{w("2026-03-29T00:00:00", 23*3600, "")},
		},
		{
			name:    "recurring whole days say that some are longer",
			data:    event1("DTSTART;TZID=Europe/Zurich;VALUE=DATE:20260110", "RRULE:FREQ=WEEKLY"),
			windows: []model.Window{w("2026-01-10T00:00:00", 86400, "FREQ=WEEKLY")},
			codes:   "info whole-days",
		},
		{
			name:    "and freezes are as long as the longest",
			data:    event1("DTSTART;TZID=Europe/Zurich;VALUE=DATE:20260110", "RRULE:FREQ=WEEKLY", "CATEGORIES:Freeze", "EXDATE;VALUE=DATE:20260117"),
			freezes: []model.Freeze{{Name: "w", Zone: "Europe/Zurich", Start: "2026-01-10T00:00:00", DurationS: 25 * 3600, RRule: "FREQ=WEEKLY"}},
			codes:   "info freeze-exceptions",
		},
		{
			name: "what an event says of itself wins",
			data: event1("DTSTART:20260109T220000Z", "DURATION:P1W2DT3H4M5S", "X-PLANEWISE-GRANTS:Compute=disturbed\\, access=Watched", "X-PLANEWISE-LIMITS:Starts", "CATEGORIES:x,control=none"),
			windows: []model.Window{{Name: "w", Zone: "UTC", Start: "2026-01-09T22:00:00", DurationS: 9*86400 + 3*3600 + 4*60 + 5,
				Grants: grants{"compute": model.Disturbed, "access": model.Watched}, Limits: "starts"}},
		},
		{
			name:    "grants as categories",
			data:    event1("DTSTART:20260109T220000Z", "DURATION:PT1H", "CATEGORIES:Work,control=watched", "CATEGORIES:access=disturbed"),
			windows: []model.Window{{Name: "w", Zone: "UTC", Start: "2026-01-09T22:00:00", DurationS: 3600, Grants: grants{"control": model.Watched, "access": model.Disturbed}, Limits: "run"}},
		},
		{
			name: "cancelled and tentative",
			data: calendar(append(append(
				vevent("STATUS:CANCELLED", "DTSTART:20260109T220000Z", "DURATION:PT1H"),
				vevent("STATUS:TENTATIVE", "DTSTART:20260109T220000Z", "DURATION:PT1H")...),
				vevent("STATUS:TENTATIVE", "DTSTART:20260109T220000Z", "DURATION:PT1H", "X-PLANEWISE-KIND:freeze")...)...),
			freezes: []model.Freeze{{Name: "w", Zone: "UTC", Start: "2026-01-09T22:00:00", DurationS: 3600}},
			codes:   "warning event-tentative, info event-cancelled",
		},
		{
			name: "a zone under its own name, with the place beside it",
			data: calendar(append([]string{"BEGIN:VTIMEZONE", "TZID:W. Europe Standard Time", "X-LIC-LOCATION:Europe/Zurich", "END:VTIMEZONE"},
				vevent("DTSTART;TZID=W. Europe Standard Time:20260109T220000", "DURATION:PT1H")...)...),
			windows: []model.Window{w("2026-01-09T22:00:00", 3600, "")},
		},
		{
			name:    "a zone with the name of a program before it",
			data:    event1("DTSTART;TZID=/example.org/20050126_1/Europe/Zurich:20260109T220000", "DURATION:PT1H"),
			windows: []model.Window{w("2026-01-09T22:00:00", 3600, "")},
		},
		{
			name:    "folded lines, small letters, a mark at the start and no line end at the end",
			data:    []byte("\ufeffBEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nsummary:w\ndtstart;tzid=Europe/Zu\n rich:20260109T220000\nduration:PT1H\nEND:VEVENT\nEND:VCALENDAR"),
			windows: []model.Window{w("2026-01-09T22:00:00", 3600, "")},
		},
		{
			name:    "other components are passed over",
			data:    calendar(append([]string{"BEGIN:VTODO", "UID:t", "END:VTODO"}, vevent("DTSTART:20260109T220000Z", "DURATION:PT1H", "BEGIN:VALARM", "TRIGGER:-PT15M", "END:VALARM")...)...),
			windows: []model.Window{{Name: "w", Zone: "UTC", Start: "2026-01-09T22:00:00", DurationS: 3600, Grants: control, Limits: "run"}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, ds, err := Parse("cal.ics", c.data, options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(Result{c.windows, c.freezes}, r); diff != "" {
				t.Error(diff)
			}
			var codes []string
			for _, d := range ds {
				codes = append(codes, string(d.Severity)+" "+string(d.Code))
			}
			if got := strings.Join(codes, ", "); got != c.codes {
				t.Errorf("diagnostics %q, want %q", got, c.codes)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	start := "DTSTART:20260109T220000Z"
	cases := []struct {
		name string
		data []byte
		says []string
	}{
		{"nothing", nil, []string{"BEGIN:VCALENDAR"}},
		{"no calendar", []byte("hello\n"), []string{"BEGIN:VCALENDAR"}},
		{"a file that breaks off", []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n"), []string{"breaks off"}},
		{"two calendars", append(calendar(), calendar()...), []string{"one calendar"}},
		{"unknown zone", event1("DTSTART;TZID=Mars/Olympus:20260109T220000", "DURATION:PT1H"), []string{`"w"`, "Mars/Olympus"}},
		{"the machine's zone", event1("DTSTART;TZID=Local:20260109T220000", "DURATION:PT1H"), []string{"Local"}},
		{"no zone at all", event1("DTSTART:20260109T220000", "DURATION:PT1H"), []string{"20260109T220000", "no time zone"}},
		{"no start", event1("DURATION:PT1H"), []string{"DTSTART"}},
		{"end before start", event1(start, "DTEND:20260109T210000Z"), []string{"2026-01-09T21:00:00", "2026-01-09T22:00:00"}},
		{"no length", event1(start), []string{"DTEND", "DURATION"}},
		{"end at start", event1(start, "DTEND:20260109T220000Z"), []string{"no length"}},
		{"end and duration", event1(start, "DTEND:20260109T230000Z", "DURATION:PT1H"), []string{"20260109T230000Z", "PT1H"}},
		{"negative duration", event1(start, "DURATION:-PT1H"), []string{"-PT1H"}},
		{"empty duration", event1(start, "DURATION:P"), []string{`"P"`}},
		{"duration out of order", event1(start, "DURATION:PT1M1H"), []string{"PT1M1H"}},
		{"a day that ends at a time", event1("DTSTART;TZID=UTC;VALUE=DATE:20260109", "DTEND:20260110T000000Z"), []string{"DTEND"}},
		{"two starts", event1(start, start, "DURATION:PT1H"), []string{"DTSTART stands 2 times"}},
		{"two rules", event1(start, "DURATION:PT1H", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), []string{"FREQ=DAILY", "FREQ=WEEKLY"}},
		{"exrule", event1(start, "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY"), []string{"EXRULE"}},
		{"periods", event1(start, "DURATION:PT1H", "RDATE;VALUE=PERIOD:20260201T210000Z/PT1H"), []string{"PERIOD"}},
		{"all that follow", event1(start, "DURATION:PT1H", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260109T220000Z"), []string{"RANGE"}},
		{"window and freeze", event1(start, "DURATION:PT1H", "CATEGORIES:window", "X-PLANEWISE-KIND:freeze"), []string{"window", "freeze"}},
		{"unknown kind", event1(start, "DURATION:PT1H", "X-PLANEWISE-KIND:party"), []string{"party"}},
		{"unknown limits", event1(start, "DURATION:PT1H", "X-PLANEWISE-LIMITS:ends"), []string{"ends"}},
		{"unknown footprint", event1(start, "DURATION:PT1H", "X-PLANEWISE-GRANTS:control=broken"), []string{"broken", "watched"}},
		{"granted twice", event1(start, "DURATION:PT1H", "X-PLANEWISE-GRANTS:control=none,control=watched"), []string{"none", "watched"}},
		{"long parameters", event1(start, "DURATION:PT1H", "X-P;A="+strings.Repeat("a;B=", 300)+"b:v"), []string{"line 9", "parameters"}},
		{"nested deep", []byte("BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:X\n", 20) + strings.Repeat("END:X\n", 20) + "END:VCALENDAR\n"), []string{"nested"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, _, err := Parse("cal.ics", c.data, options)
			if err == nil {
				t.Fatalf("got %v, want an error", r)
			}
			for _, side := range append(c.says, "cal.ics") {
				if !strings.Contains(err.Error(), side) {
					t.Errorf("%q does not name %q", err, side)
				}
			}
		})
	}
}

func TestParseListsAllFaultsButNotForEver(t *testing.T) {
	var lines []string
	for range 30 {
		lines = append(lines, vevent("DTSTART:nonsense")...)
	}
	_, _, err := Parse("cal.ics", calendar(lines...), options)
	if err == nil {
		t.Fatal("no error")
	}
	if n := strings.Count(err.Error(), "event"); n != maxErrors || !strings.Contains(err.Error(), "10 more") {
		t.Errorf("%d faults listed: %v", n, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(event1("DTSTART;TZID=Europe/Zurich:20260109T220000", "DURATION:P1DT6H", "RRULE:FREQ=WEEKLY;BYDAY=FR", "EXDATE:20260116T210000Z"))
	f.Add(calendar(append([]string{"X-WR-TIMEZONE:Australia/Lord_Howe"}, vevent("DTSTART;VALUE=DATE:20260329", "RRULE:FREQ=DAILY", "CATEGORIES:freeze,control=watched")...)...))
	f.Add(event1("RECURRENCE-ID:20260109T220000Z", "DTSTART:20260109T220000Z", "DTEND:20260109T230000Z", "STATUS:TENTATIVE", "X-PLANEWISE-GRANTS:a=none"))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nA;B=\"\\,C=d:e\nEND:VEVENT\nEND:VCALENDAR\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, _, err := Parse("f", data, options)
		if err != nil && (r.Windows != nil || r.Freezes != nil) {
			t.Error("a failed import returns something")
		}
		for _, w := range r.Windows {
			if w.DurationS <= 0 || w.Start == "" || w.Zone == "" || w.Zone == "Local" || w.Grants == nil {
				t.Errorf("unusable window %+v", w)
			}
		}
		for _, z := range r.Freezes {
			if z.DurationS <= 0 || z.Start == "" || z.Zone == "" {
				t.Errorf("unusable freeze %+v", z)
			}
		}
		again, _, _ := Parse("f", data, options)
		if diff := cmp.Diff(r, again); diff != "" {
			t.Errorf("not deterministic: %s", diff)
		}
	})
}
