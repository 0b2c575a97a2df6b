package window

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // why: the tests must not depend on the machine's zone files

	"planewise/model"
)

func at(t testing.TB, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// shown writes openings as "start/end" in the window's zone, so that the offset
// from UTC is part of what is compared.
func shown(openings []Opening) []string {
	var lines []string
	for _, o := range openings {
		lines = append(lines, time.Unix(o.Start, 0).In(o.Zone).Format(time.RFC3339)+"/"+time.Unix(o.End, 0).In(o.Zone).Format(time.RFC3339))
	}
	return lines
}

func codes(ds []model.Diagnostic) []string {
	var list []string
	for _, d := range ds {
		list = append(list, string(d.Severity)+" "+string(d.Code))
	}
	return list
}

const (
	hour = 3600
	day  = 24 * hour
)

func TestOpen(t *testing.T) {
	cases := []struct {
		name     string
		window   model.Window
		from, to string
		want     []string
	}{
		{
			"friday night belongs to friday, after midnight too",
			model.Window{Zone: "Europe/Zurich", Start: "2026-01-02T22:00:00", RRule: "FREQ=WEEKLY;BYDAY=FR", DurationS: 6 * hour},
			"2026-01-03T00:00:00+01:00", "2026-01-16T00:00:00+01:00",
			[]string{"2026-01-02T22:00:00+01:00/2026-01-03T04:00:00+01:00", "2026-01-09T22:00:00+01:00/2026-01-10T04:00:00+01:00"},
		},
		{
			"the same as a cron line",
			model.Window{Zone: "Europe/Zurich", Cron: "0 22 * * 5", DurationS: 6 * hour},
			"2026-01-03T00:00:00+01:00", "2026-01-16T00:00:00+01:00",
			[]string{"2026-01-02T22:00:00+01:00/2026-01-03T04:00:00+01:00", "2026-01-09T22:00:00+01:00/2026-01-10T04:00:00+01:00"},
		},
		{
			"zurich, start in the skipped hour: the offset before the gap",
			model.Window{Zone: "Europe/Zurich", Start: "2026-03-28T02:30:00", RRule: "FREQ=DAILY", DurationS: hour},
			"2026-03-28T00:00:00+01:00", "2026-03-31T00:00:00+02:00",
			[]string{
				"2026-03-28T02:30:00+01:00/2026-03-28T03:30:00+01:00",
				"2026-03-29T03:30:00+02:00/2026-03-29T04:30:00+02:00",
				"2026-03-30T02:30:00+02:00/2026-03-30T03:30:00+02:00",
			},
		},
		{
			"zurich, start in the doubled hour: the first of the two",
			model.Window{Zone: "Europe/Zurich", Start: "2026-10-24T02:30:00", RRule: "FREQ=DAILY", DurationS: hour},
			"2026-10-24T00:00:00+02:00", "2026-10-27T00:00:00+01:00",
			[]string{
				"2026-10-24T02:30:00+02:00/2026-10-24T03:30:00+02:00",
				"2026-10-25T02:30:00+02:00/2026-10-25T02:30:00+01:00",
				"2026-10-26T02:30:00+01:00/2026-10-26T03:30:00+01:00",
			},
		},
		{
			"zurich, across the gap: six elapsed hours end at five",
			model.Window{Zone: "Europe/Zurich", Start: "2026-03-28T22:00:00", DurationS: 6 * hour},
			"2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z",
			[]string{"2026-03-28T22:00:00+01:00/2026-03-29T05:00:00+02:00"},
		},
		{
			"zurich, across the doubled hour: six elapsed hours end at three",
			model.Window{Zone: "Europe/Zurich", Start: "2026-10-24T22:00:00", DurationS: 6 * hour},
			"2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z",
			[]string{"2026-10-24T22:00:00+02:00/2026-10-25T03:00:00+01:00"},
		},
		{
			"chicago, skipped hour",
			model.Window{Zone: "America/Chicago", Start: "2026-03-08T02:15:00", DurationS: 4 * hour},
			"2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z",
			[]string{"2026-03-08T03:15:00-05:00/2026-03-08T07:15:00-05:00"},
		},
		{
			"chicago, doubled hour",
			model.Window{Zone: "America/Chicago", Start: "2026-11-01T01:15:00", DurationS: 4 * hour},
			"2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z",
			[]string{"2026-11-01T01:15:00-05:00/2026-11-01T04:15:00-06:00"},
		},
		{
			"lord howe moves by half an hour: skipped",
			model.Window{Zone: "Australia/Lord_Howe", Start: "2026-10-04T02:10:00", DurationS: hour},
			"2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z",
			[]string{"2026-10-04T02:40:00+11:00/2026-10-04T03:40:00+11:00"},
		},
		{
			"lord howe moves by half an hour: doubled",
			model.Window{Zone: "Australia/Lord_Howe", Start: "2026-04-05T01:45:00", DurationS: hour},
			"2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z",
			[]string{"2026-04-05T01:45:00+11:00/2026-04-05T02:15:00+10:30"},
		},
		{
			"a zone whose midnight is skipped keeps the day",
			model.Window{Zone: "America/Santiago", Start: "2026-09-05T00:00:00", RRule: "FREQ=DAILY;COUNT=3", DurationS: hour},
			"2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z",
			[]string{
				"2026-09-05T00:00:00-04:00/2026-09-05T01:00:00-04:00",
				"2026-09-06T01:00:00-03:00/2026-09-06T02:00:00-03:00",
				"2026-09-07T00:00:00-03:00/2026-09-07T01:00:00-03:00",
			},
		},
		{
			"exdates by start and by day",
			model.Window{
				Zone: "Europe/Zurich", Start: "2026-01-05T20:00:00", RRule: "FREQ=DAILY;COUNT=4", DurationS: hour,
				ExDates: []string{"2026-01-06T20:00:00", "2026-01-08"},
			},
			"2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z",
			[]string{"2026-01-05T20:00:00+01:00/2026-01-05T21:00:00+01:00", "2026-01-07T20:00:00+01:00/2026-01-07T21:00:00+01:00"},
		},
		{
			"first saturday of even months",
			model.Window{Zone: "UTC", Start: "2026-02-07T08:00:00", RRule: "FREQ=MONTHLY;INTERVAL=2;BYDAY=1SA", DurationS: 12 * hour},
			"2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z",
			[]string{
				"2026-02-07T08:00:00Z/2026-02-07T20:00:00Z", "2026-04-04T08:00:00Z/2026-04-04T20:00:00Z",
				"2026-06-06T08:00:00Z/2026-06-06T20:00:00Z",
			},
		},
		{
			"until in utc is a moment",
			model.Window{Zone: "Europe/Zurich", Start: "2026-07-01T22:00:00", RRule: "FREQ=DAILY;UNTIL=20260702T200000Z", DurationS: hour},
			"2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z",
			[]string{"2026-07-01T22:00:00+02:00/2026-07-01T23:00:00+02:00", "2026-07-02T22:00:00+02:00/2026-07-02T23:00:00+02:00"},
		},
		{
			"until as a date includes the day",
			model.Window{Zone: "Europe/Zurich", Start: "2026-07-01T22:00:00", RRule: "FREQ=DAILY;UNTIL=20260702", DurationS: hour},
			"2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z",
			[]string{"2026-07-01T22:00:00+02:00/2026-07-01T23:00:00+02:00", "2026-07-02T22:00:00+02:00/2026-07-02T23:00:00+02:00"},
		},
		{
			"a rule that began long ago, and open when asked",
			model.Window{Zone: "UTC", Start: "1970-01-01T12:00:00", RRule: "FREQ=DAILY", DurationS: 20 * hour},
			"2026-05-02T00:00:00Z", "2026-05-02T13:00:00Z",
			[]string{"2026-05-01T12:00:00Z/2026-05-02T08:00:00Z", "2026-05-02T12:00:00Z/2026-05-03T08:00:00Z"},
		},
		{
			"hours that fall together when clocks go forward open once",
			model.Window{Zone: "Europe/Zurich", Start: "2026-03-29T02:00:00", RRule: "FREQ=HOURLY;COUNT=2", DurationS: 600},
			"2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z",
			[]string{"2026-03-29T03:00:00+02:00/2026-03-29T03:10:00+02:00"},
		},
		{
			"a leap day",
			model.Window{Zone: "UTC", Start: "2024-02-29T00:00:00", RRule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", DurationS: day},
			"2026-01-01T00:00:00Z", "2029-01-01T00:00:00Z",
			[]string{"2028-02-29T00:00:00Z/2028-03-01T00:00:00Z"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			openings, ds := Open([]model.Window{c.window}, at(t, c.from), at(t, c.to), time.LoadLocation)
			if len(ds) > 0 {
				t.Errorf("diagnostics: %v", ds)
			}
			if got := shown(openings); !slices.Equal(got, c.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	weekly := func(rule string) model.Window {
		return model.Window{Name: "w", Zone: "UTC", Start: "2026-01-02T22:00:00", RRule: rule, DurationS: hour}
	}
	cron := func(line string) model.Window {
		return model.Window{Name: "w", Zone: "UTC", Cron: line, DurationS: hour}
	}
	cases := []struct {
		name   string
		window model.Window
		code   string
		says   []string // both sides of the contradiction
	}{
		{"unknown zone", model.Window{Name: "w", Zone: "Europe/Zuerich", Start: "2026-01-02T22:00:00", DurationS: 1}, "blocking unknown-zone", []string{"w", "Europe/Zuerich"}},
		{"no zone", model.Window{Name: "w", Start: "2026-01-02T22:00:00", DurationS: 1}, "blocking unknown-zone", []string{`""`}},
		{"the machine's zone", model.Window{Name: "w", Zone: "Local", Start: "2026-01-02T22:00:00", DurationS: 1}, "blocking unknown-zone", []string{"Local"}},
		{"end before start", model.Window{Name: "w", Zone: "UTC", Start: "2026-01-02T22:00:00", DurationS: -60}, "blocking bad-window", []string{"60 s before its start", "2026-01-02T22:00:00"}},
		{"zero length", model.Window{Name: "w", Zone: "UTC", Start: "2026-01-02T22:00:00"}, "blocking bad-window", []string{"no length"}},
		{"endless length", model.Window{Name: "w", Zone: "UTC", Start: "2026-01-02T22:00:00", DurationS: 1 << 62}, "blocking bad-window", []string{"days"}},
		{"start that is no time", model.Window{Name: "w", Zone: "UTC", Start: "Friday", DurationS: 1}, "blocking bad-window", []string{"Friday"}},
		{"exdate that is no time", model.Window{Name: "w", Zone: "UTC", Start: "2026-01-02", DurationS: 1, ExDates: []string{"soon"}}, "blocking bad-window", []string{"soon"}},
		{"rrule and cron", model.Window{Name: "w", Zone: "UTC", RRule: "FREQ=DAILY", Cron: "0 1 * * *", DurationS: 1}, "blocking bad-window", []string{"FREQ=DAILY", "0 1 * * *"}},
		{"30 february", weekly("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "blocking window-never-opens", []string{"BYMONTHDAY=30", "2026-01-02T22:00:00"}},
		{"30 february, searched by day", weekly("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "blocking window-never-opens", nil},
		{"until before start", weekly("FREQ=DAILY;UNTIL=20250101T000000Z"), "blocking window-never-opens", []string{"UNTIL=20250101T000000Z", "2026-01-02"}},
		{"hours never met", weekly("FREQ=HOURLY;INTERVAL=2;BYHOUR=3"), "blocking window-never-opens", []string{"BYHOUR=3"}},
		{"cron, 30 february", cron("0 0 30 2 *"), "blocking window-never-opens", []string{"0 0 30 2 *"}},
		{"all excluded", model.Window{Name: "w", Zone: "UTC", Start: "2026-01-02T22:00:00", RRule: "FREQ=DAILY;COUNT=1", DurationS: 1, ExDates: []string{"2026-01-02"}}, "blocking window-never-opens", []string{"exdates", "COUNT=1"}},
		{"every second", weekly("FREQ=SECONDLY"), "blocking bad-recurrence", []string{"FREQ=SECONDLY"}},
		{"every minute", weekly("FREQ=MINUTELY"), "blocking bad-recurrence", []string{"FREQ=MINUTELY"}},
		{"cron, every minute", cron("* * * * *"), "blocking window-too-often", []string{"* * * * *"}},
		{"every second of a day", weekly("FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3,4,5,6;BYSECOND=1,2,3,4,5,6,7"), "blocking bad-recurrence", []string{"126"}},
		{"no frequency", weekly("BYDAY=FR"), "blocking bad-recurrence", []string{"FREQ"}},
		{"count and until", weekly("FREQ=DAILY;COUNT=2;UNTIL=20270101"), "blocking bad-recurrence", []string{"COUNT", "UNTIL"}},
		{"a part twice", weekly("FREQ=DAILY;COUNT=2;COUNT=3"), "blocking bad-recurrence", []string{`"2"`, `"3"`}},
		{"interval zero", weekly("FREQ=DAILY;INTERVAL=0"), "blocking bad-recurrence", []string{"INTERVAL=0"}},
		{"interval beyond bounds", weekly("FREQ=DAILY;INTERVAL=9223372036854775807"), "blocking bad-recurrence", []string{"INTERVAL"}},
		{"ordinal beyond a month", weekly("FREQ=MONTHLY;BYDAY=53MO"), "blocking bad-recurrence", []string{"+53MO"}},
		{"ordinal in a week", weekly("FREQ=WEEKLY;BYDAY=1MO"), "blocking bad-recurrence", []string{"+1MO"}},
		{"easter", weekly("FREQ=YEARLY;BYEASTER=400"), "blocking bad-recurrence", []string{"BYEASTER"}},
		{"a start inside the rule", weekly("FREQ=DAILY;DTSTART=20260101"), "blocking bad-recurrence", []string{"DTSTART"}},
		{"setpos alone", weekly("FREQ=DAILY;BYSETPOS=1"), "blocking bad-recurrence", []string{"BYSETPOS"}},
		{"cron with a zone", cron("TZ=UTC"), "blocking bad-recurrence", []string{"zone"}},
		{"cron with a word", cron("@daily"), "blocking bad-recurrence", []string{"@daily"}},
		{"cron with six fields", cron("0 0 1 * * *"), "blocking bad-recurrence", []string{"0 0 1 * * *"}},
		{"cron with step zero", cron("*/0 * * * *"), "blocking bad-recurrence", []string{"*/0"}},
		{"exdate that hits nothing", model.Window{Name: "w", Zone: "UTC", Start: "2026-01-02T22:00:00", RRule: "FREQ=DAILY", DurationS: 1, ExDates: []string{"2026-01-05T22:00:01"}}, "warning exdate-unmatched", []string{"2026-01-05T22:00:01", "FREQ=DAILY"}},
		{"start off its rule", weekly("FREQ=WEEKLY;BYDAY=SA"), "info start-off-rule", []string{"Friday", "BYDAY=SA", "does not open"}},
		{"over before the time asked for", weekly("FREQ=DAILY;COUNT=1"), "info window-not-ahead", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			from := at(t, "2026-01-01T00:00:00Z")
			if strings.Contains(c.code, "not-ahead") {
				from = at(t, "2026-02-01T00:00:00Z")
			}
			openings, ds := Open([]model.Window{c.window}, from, at(t, "2027-01-01T00:00:00Z"), time.LoadLocation)
			if got := codes(ds); !slices.Equal(got, []string{c.code}) {
				t.Fatalf("got %v, want %s: %v", got, c.code, ds)
			}
			if ds[0].Severity == model.Blocking && len(openings) > 0 {
				t.Errorf("a refused window opens: %v", shown(openings))
			}
			for _, side := range c.says {
				if !strings.Contains(ds[0].Summary, side) {
					t.Errorf("summary %q does not name %q", ds[0].Summary, side)
				}
			}
		})
	}
}

func TestDoubtNarrowsWindowsAndWidensFreezes(t *testing.T) {
	from, to := at(t, "2026-01-01T00:00:00Z"), at(t, "2026-01-12T00:00:00Z")
	rule, start := "FREQ=WEEKLY;BYDAY=SA", "2026-01-02T00:00:00" // a Friday
	openings, _ := Open([]model.Window{{Zone: "UTC", Start: start, RRule: rule, DurationS: day}}, from, to, time.LoadLocation)
	frozen, ds := Freeze([]model.Freeze{{Zone: "UTC", Start: start, RRule: rule, DurationS: day}}, from, to, time.LoadLocation)
	if len(openings) != 2 || len(frozen) != 3 {
		t.Errorf("%d openings and %d frozen days, want 2 Saturdays, and a Friday more: %v", len(openings), len(frozen), ds)
	}
}

func TestARuleFromLongAgoEnds(t *testing.T) {
	w := model.Window{Name: "w", Zone: "UTC", Start: "0001-01-01", RRule: "FREQ=HOURLY;INTERVAL=3", DurationS: 1}
	_, ds := Open([]model.Window{w}, at(t, "2026-01-01T00:00:00Z"), at(t, "2026-01-08T00:00:00Z"), time.LoadLocation)
	if got := codes(ds); !slices.Equal(got, []string{"blocking window-too-often"}) {
		t.Errorf("got %v", ds)
	}
}
