package wall

import (
	"testing"
	"time"
	_ "time/tzdata" // why: the tests must not depend on the machine's zone files

	"pgregory.net/rapid"
)

func TestInstant(t *testing.T) {
	cases := []struct{ name, zone, wall, want string }{
		{"plain", "Europe/Zurich", "2026-01-05T12:00:00", "2026-01-05T12:00:00+01:00"},
		{"just before the gap", "Europe/Zurich", "2026-03-29T01:59:59", "2026-03-29T01:59:59+01:00"},
		{"first of the gap", "Europe/Zurich", "2026-03-29T02:00:00", "2026-03-29T03:00:00+02:00"},
		{"in the gap", "Europe/Zurich", "2026-03-29T02:30:00", "2026-03-29T03:30:00+02:00"},
		{"just after the gap", "Europe/Zurich", "2026-03-29T03:00:00", "2026-03-29T03:00:00+02:00"},
		{"first of the doubled hour", "Europe/Zurich", "2026-10-25T02:00:00", "2026-10-25T02:00:00+02:00"},
		{"last of the doubled hour", "Europe/Zurich", "2026-10-25T02:59:59", "2026-10-25T02:59:59+02:00"},
		{"just after the doubled hour", "Europe/Zurich", "2026-10-25T03:00:00", "2026-10-25T03:00:00+01:00"},
		{"chicago, gap", "America/Chicago", "2026-03-08T02:30:00", "2026-03-08T03:30:00-05:00"},
		{"chicago, doubled", "America/Chicago", "2026-11-01T01:30:00", "2026-11-01T01:30:00-05:00"},
		{"lord howe, gap of half an hour", "Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-04T02:45:00+11:00"},
		{"lord howe, after the gap", "Australia/Lord_Howe", "2026-10-04T02:30:00", "2026-10-04T02:30:00+11:00"},
		{"lord howe, doubled half hour", "Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-05T01:45:00+11:00"},
		{"lord howe, after the doubled half hour", "Australia/Lord_Howe", "2026-04-05T02:00:00", "2026-04-05T02:00:00+10:30"},
		{"a day that Samoa skipped", "Pacific/Apia", "2011-12-30T12:00:00", "2011-12-31T12:00:00+14:00"},
		{"far ahead, where the zone file ends in a rule", "Europe/Zurich", "2126-03-31T02:30:00", "2126-03-31T03:30:00+02:00"},
		{"no changes at all", "UTC", "2026-03-29T02:30:00", "2026-03-29T02:30:00Z"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			loc, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			w, _, err := Parse(c.wall)
			if err != nil {
				t.Fatal(err)
			}
			if got := w.Instant(loc).Format(time.RFC3339); got != c.want {
				t.Errorf("%s in %s is %s, want %s", c.wall, c.zone, got, c.want)
			}
		})
	}
}

// A clock shows a local time at the first instant at which it shows it: none of
// the earlier quarter hours of two days shows it too.
func TestInstantIsTheFirst(t *testing.T) {
	zones := []string{"Europe/Zurich", "America/Chicago", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Pacific/Apia", "Asia/Gaza"}
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		quarters := rapid.Int64Range(0, 30*366*96).Draw(t, "quarters")
		moment := time.Date(2005, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(quarters) * 15 * time.Minute).In(loc)
		w := Read(moment)
		first := moment
		for back := 1; back < 200; back++ {
			if earlier := moment.Add(-time.Duration(back) * 15 * time.Minute); Read(earlier).Equal(w.Time) {
				first = earlier
			}
		}
		if got := w.Instant(loc); !got.Equal(first) {
			t.Errorf("%s in %s is %s, want %s", w, loc, got, first)
		}
	})
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-31T22:00:05": "2026-01-31T22:00:05",
		"2026-01-31T22:00":    "2026-01-31T22:00:00",
		"2026-01-31":          "2026-01-31T00:00:00",
	} {
		w, day, err := Parse(text)
		if err != nil || w.String() != want || day != (len(text) == len(Day)) {
			t.Errorf("Parse(%q) = %s, %v, %v; want %s", text, w, day, err, want)
		}
	}
	for _, text := range []string{"", "2026-02-30", "2026-01-31T25:00:00", "2026-01-31T22:00:00Z", "Friday"} {
		if w, _, err := Parse(text); err == nil {
			t.Errorf("Parse(%q) = %s, want an error", text, w)
		}
	}
}
