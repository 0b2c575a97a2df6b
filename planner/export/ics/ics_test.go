package ics

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	golang "github.com/arran4/golang-ical" // why: two independent readers of the calendar
	emersion "github.com/emersion/go-ical"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/sample"
)

// seen is an event as a reader sees it.
type seen struct {
	uid, summary, description, sequence, stamp string
	start, end                                 time.Time
}

func readFirst(t *testing.T, data []byte) []seen {
	t.Helper()
	cal, err := golang.ParseCalendar(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var out []seen
	for _, e := range cal.Events() {
		s := seen{uid: e.Id()}
		value := func(p golang.ComponentProperty) string {
			if v := e.GetProperty(p); v != nil {
				return golang.FromText(v.Value)
			}
			return ""
		}
		s.summary, s.description = value(golang.ComponentPropertySummary), value(golang.ComponentPropertyDescription)
		s.sequence, s.stamp = value(golang.ComponentPropertySequence), value(golang.ComponentPropertyDtstamp)
		if s.start, err = e.GetStartAt(); err != nil {
			t.Fatal(err)
		}
		if s.end, err = e.GetEndAt(); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func readSecond(t *testing.T, data []byte) []seen {
	t.Helper()
	cal, err := emersion.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	var out []seen
	for _, e := range cal.Events() {
		var s seen
		text := func(name string) string {
			v, err := e.Props.Text(name)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		s.uid, s.summary, s.description = text("UID"), text("SUMMARY"), text("DESCRIPTION")
		s.sequence, s.stamp = e.Props.Get("SEQUENCE").Value, e.Props.Get("DTSTAMP").Value
		if s.start, err = e.DateTimeStart(time.UTC); err != nil {
			t.Fatal(err)
		}
		if s.end, err = e.DateTimeEnd(time.UTC); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func TestTwoReadersSeeTheSample(t *testing.T) {
	data, diags := Plan(sample.Plan())
	if len(diags) != 1 || diags[0].Code != CodeNoDate || diags[0].Subject != "step:unpack" {
		t.Errorf("diagnostics: %v", diags)
	}
	first, second := readFirst(t, data), readSecond(t, data)
	if fmt.Sprint(first) != fmt.Sprint(second) {
		t.Errorf("the readers differ:\n%v\n%v", first, second)
	}
	if len(first) != 4 { // B2, B3, and two parts of B4
		t.Fatalf("%d events", len(first))
	}
	e := second[0]
	if want := time.Date(2026, 1, 5, 19, 0, 0, 0, time.UTC); !e.start.Equal(want) {
		t.Errorf("starts %v, want %v", e.start, want)
	}
	if e.sequence != "3" || e.stamp != "20260105T080000Z" {
		t.Errorf("sequence %s, stamp %s", e.sequence, e.stamp)
	}
	if e.summary != "B2: Core services (disturbs control)" {
		t.Errorf("summary %q", e.summary)
	}
	if !strings.Contains(e.description, "\nControl plane: outage up to 2 min\n") {
		t.Errorf("description %q", e.description)
	}
}

// A later plan moves the events of the earlier one.
func TestUIDsSurviveAnotherPlan(t *testing.T) {
	p := sample.Plan()
	before, _ := Plan(p)
	p.ID, p.Revision, p.PlannedAt = "ffffffffffff", 4, "2026-02-01T00:00:00Z"
	for i := range p.Bundles {
		p.Bundles[i].Label, p.Bundles[i].Title = "C"+p.Bundles[i].Label, "another title"
	}
	after, _ := Plan(p)
	x, y := readFirst(t, before), readFirst(t, after)
	ids := map[string]bool{}
	for i := range x {
		if x[i].uid != y[i].uid {
			t.Errorf("%s became %s", x[i].uid, y[i].uid)
		}
		if y[i].sequence != "4" {
			t.Errorf("sequence %s", y[i].sequence)
		}
		if ids[x[i].uid] {
			t.Errorf("two events have the id %s", x[i].uid)
		}
		ids[x[i].uid] = true
	}
}

func TestTimesThatAreNone(t *testing.T) {
	for _, slot := range []model.Slot{{Start: "soon", End: "later"}, {Start: "2026-01-05T20:00:00Z", End: "2026-01-05T20:00:00Z"}, {Start: "2026-01-05T20:00:00Z"}} {
		p := sample.Plan()
		p.Bundles = p.Bundles[1:2]
		p.Bundles[0].Window = &slot
		data, diags := Plan(p)
		if len(diags) != 1 || bytes.Contains(data, []byte("VEVENT")) {
			t.Errorf("%+v: %d diagnostics", slot, len(diags))
		}
	}
}

func checkLines(t *testing.T, data []byte) {
	t.Helper()
	for _, line := range bytes.SplitAfter(data, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		text, ok := bytes.CutSuffix(line, []byte("\r\n"))
		if !ok || len(text) > 75 || !bytes.Equal(text, bytes.ToValidUTF8(text, nil)) || clean.Text(string(text)) != string(text) {
			t.Errorf("line %q", line)
		}
	}
}

func TestHostileNames(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			data, _ := Plan(sample.Hostile(attack))
			checkLines(t, data)
			events := readSecond(t, data)
			if len(events) != 4 || len(readFirst(t, data)) != 4 {
				t.Fatalf("%d events", len(events))
			}
			if !strings.Contains(events[0].summary, clean.Text(attack)) {
				t.Errorf("the name was lost: %.100q", events[0].summary)
			}
		})
	}
}

func FuzzLine(f *testing.F) {
	for _, attack := range sample.Attacks() {
		f.Add(attack)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var w writer
		w.line("SUMMARY", escape(s))
		data := w.b.String()
		checkLines(t, []byte(data))
		unfolded := strings.TrimSuffix(strings.ReplaceAll(data, "\r\n ", ""), "\r\n")
		if unfolded != "SUMMARY:"+escape(s) {
			t.Errorf("%q was folded to %q", s, data)
		}
	})
}
