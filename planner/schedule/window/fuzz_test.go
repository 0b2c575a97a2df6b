package window

import (
	"testing"
	"time"

	"planewise/model"
)

// FuzzOpen: whatever stands in a policy, an expansion ends, does not panic, and
// gives only openings that share time with what was asked for.
func FuzzOpen(f *testing.F) {
	add := func(zone, start, rule, cron, exdate string, seconds int64) {
		f.Add(zone, start, rule, cron, exdate, seconds)
	}
	add("Europe/Zurich", "2026-01-02T22:00:00", "FREQ=WEEKLY;BYDAY=FR", "", "2026-01-09", 21600)
	add("Australia/Lord_Howe", "2020-01-01T00:00:00", "FREQ=MONTHLY;BYDAY=-1SU;BYSETPOS=1;WKST=SU", "", "", 86400)
	add("UTC", "2026-01-01T00:00:00", "FREQ=YEARLY;BYWEEKNO=53,-1;BYDAY=MO", "", "2026-01-01T00:00:00", 1)
	add("UTC", "2026-01-01T00:00:00", "FREQ=YEARLY;BYYEARDAY=366,-366;UNTIL=20270101T000000Z", "", "", 1)
	add("UTC", "2026-01-01T00:00:00", "FREQ=HOURLY;INTERVAL=5;BYHOUR=3;BYMINUTE=0,30;COUNT=9", "", "", 60)
	add("America/Chicago", "", "", "*/15 22-23 1,15 jan-mar mon", "", 900)
	add("UTC", "0001-01-01", "FREQ=YEARLY;BYDAY=53MO", "", "", 1)
	add("UTC", "9999-12-31T23:59:59", "FREQ=DAILY", "", "", 63244800)
	f.Fuzz(func(t *testing.T, zone, start, rule, cron, exdate string, seconds int64) {
		w := model.Window{Name: "w", Zone: zone, Start: start, RRule: rule, Cron: cron, DurationS: seconds}
		if exdate != "" {
			w.ExDates = []string{exdate}
		}
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		to := from.AddDate(1, 0, 0)
		openings, ds := Open([]model.Window{w}, from, to, time.LoadLocation)
		if len(openings) > MaxOpenings {
			t.Fatalf("%d openings", len(openings))
		}
		for i, o := range openings {
			if o.End <= from.Unix() || o.Start >= to.Unix() || o.Len() != seconds || i > 0 && o.Start <= openings[i-1].Start {
				t.Fatalf("opening %d of %v", i, openings)
			}
		}
		if len(openings) == 0 && len(ds) == 0 {
			t.Fatal("a window that does not open, and nobody says why")
		}
		frozen, _ := Freeze([]model.Freeze{{Name: "f", Zone: zone, Start: start, RRule: rule, DurationS: seconds}}, from, to, time.LoadLocation)
		if cron == "" && exdate == "" && len(frozen) < len(openings) {
			t.Fatalf("%d frozen, %d open: doubt widens a freeze", len(frozen), len(openings))
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	window := func(rule string) []model.Window {
		return []model.Window{{Name: "w", Zone: "Europe/Zurich", Start: "2020-01-03T22:00:00", RRule: rule, DurationS: 21600}}
	}
	for _, c := range []struct{ name, rule string }{
		{"weekly", "FREQ=WEEKLY;BYDAY=FR"},
		{"daily", "FREQ=DAILY"},
		{"never", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Open(window(c.rule), from, from.AddDate(1, 0, 0), time.LoadLocation)
			}
		})
	}
}
