package window

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"planewise/model"
	"planewise/model/wall"
)

// plain is a rule in the form the reference understands: one start a day at most.
type plain struct {
	freq      string
	interval  int
	months    []int
	monthDays []int
	weekDays  []time.Weekday
	ordinal   int // before every week day; 0: none
	position  int // BYSETPOS; 0: none
	count     int // 0: none
}

func (p plain) String() string {
	parts := []string{"FREQ=" + p.freq, fmt.Sprintf("INTERVAL=%d", p.interval)}
	list := func(name string, values []int) {
		if len(values) > 0 {
			parts = append(parts, name+"="+strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", ","), "[]"))
		}
	}
	list("BYMONTH", p.months)
	list("BYMONTHDAY", p.monthDays)
	if len(p.weekDays) > 0 {
		var words []string
		for _, d := range p.weekDays {
			word := strings.ToUpper(d.String()[:2])
			if p.ordinal != 0 {
				word = fmt.Sprintf("%+d%s", p.ordinal, word)
			}
			words = append(words, word)
		}
		parts = append(parts, "BYDAY="+strings.Join(words, ","))
	}
	if p.position != 0 {
		parts = append(parts, fmt.Sprintf("BYSETPOS=%d", p.position))
	}
	if p.count > 0 {
		parts = append(parts, fmt.Sprintf("COUNT=%d", p.count))
	}
	return strings.Join(parts, ";")
}

// selects is the rule as RFC 5545 section 3.3.10 has it, day by day and without
// any cleverness: is this day of a period that counts, and does it meet every part?
func (p plain) selects(start, d wall.Time) bool {
	if !p.counts(start, d) || !p.meets(start, d) {
		return false
	}
	if p.position == 0 {
		return true
	}
	var set []wall.Time // all that the period selects
	for x := d.AddDays(-31); x.Before(d.AddDays(32).Time); x = x.AddDays(1) {
		if x.Month() == d.Month() && x.Year() == d.Year() && p.meets(start, x) {
			set = append(set, x)
		}
	}
	i := p.position - 1
	if p.position < 0 {
		i = len(set) + p.position
	}
	return 0 <= i && i < len(set) && set[i].Equal(d.Time)
}

func (p plain) counts(start, d wall.Time) bool {
	days := int(d.Sub(start.Time) / (24 * time.Hour))
	switch p.freq {
	case "DAILY":
		return days%p.interval == 0
	case "WEEKLY": // weeks begin on Monday
		monday := start.AddDays(-(int(start.Weekday()) + 6) % 7)
		return int(d.Sub(monday.Time)/(7*24*time.Hour))%p.interval == 0
	case "MONTHLY":
		return (12*(d.Year()-start.Year())+int(d.Month()-start.Month()))%p.interval == 0
	default:
		return (d.Year()-start.Year())%p.interval == 0
	}
}

func (p plain) meets(start, d wall.Time) bool {
	last := time.Date(d.Year(), d.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	months, monthDays, weekDays := p.months, p.monthDays, p.weekDays
	if len(monthDays) == 0 && len(weekDays) == 0 {
		switch p.freq { // what the start itself says
		case "WEEKLY":
			weekDays = []time.Weekday{start.Weekday()}
		case "YEARLY":
			if len(months) == 0 {
				months = []int{int(start.Month())}
			}
			fallthrough
		case "MONTHLY":
			monthDays = []int{start.Day()}
		}
	}
	if len(months) > 0 && !slices.Contains(months, int(d.Month())) {
		return false
	}
	if len(monthDays) > 0 && !slices.Contains(monthDays, d.Day()) && !slices.Contains(monthDays, d.Day()-last-1) {
		return false
	}
	if len(weekDays) > 0 && !slices.Contains(weekDays, d.Weekday()) {
		return false
	}
	switch {
	case p.ordinal > 0:
		return (d.Day()-1)/7+1 == p.ordinal
	case p.ordinal < 0:
		return (last-d.Day())/7+1 == -p.ordinal
	}
	return true
}

func drawPlain(t *rapid.T) plain {
	p := plain{
		freq:     rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq"),
		interval: rapid.IntRange(1, 7).Draw(t, "interval"),
		count:    rapid.SampledFrom([]int{0, 0, 1, 5, 40}).Draw(t, "count"),
	}
	some := func(name string, from, to, most int) []int {
		return rapid.SliceOfNDistinct(rapid.IntRange(from, to), 0, most, rapid.ID[int]).Draw(t, name)
	}
	if rapid.Bool().Draw(t, "with months") {
		p.months = some("months", 1, 12, 4)
	}
	if p.freq != "WEEKLY" && rapid.Bool().Draw(t, "with month days") {
		p.monthDays = slices.DeleteFunc(some("month days", -31, 31, 6), func(d int) bool { return d == 0 })
	}
	if rapid.Bool().Draw(t, "with week days") {
		for _, d := range some("week days", 0, 6, 3) {
			p.weekDays = append(p.weekDays, time.Weekday(d))
		}
	}
	// With month days the ordinal counts within the month all the same.
	if p.freq == "MONTHLY" && len(p.weekDays) > 0 {
		p.ordinal = rapid.SampledFrom([]int{0, 1, 2, 5, -1, -4}).Draw(t, "ordinal")
	}
	if p.freq == "MONTHLY" && (len(p.weekDays) > 0 || len(p.monthDays) > 0) && rapid.Bool().Draw(t, "with position") {
		p.position = rapid.SampledFrom([]int{1, 2, -1, -3}).Draw(t, "position")
	}
	return p
}

// The library, fenced in as it is here, agrees with a reading of the standard
// that looks at every single day.
func TestRuleAgainstReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlain(t)
		start := wall.Date(2024, 1, 1, 22, 30, 0).AddDays(rapid.IntRange(0, 900).Draw(t, "start"))
		from := start.AddDays(rapid.IntRange(-100, 1200).Draw(t, "from"))
		to := from.AddDays(400)

		var want []string
		for d, n := start, 0; d.Before(to.Time) && (p.count == 0 || n < p.count); d = d.AddDays(1) {
			if p.selects(start, d) {
				n++
				if !d.Before(from.Time) {
					want = append(want, d.String())
				}
			}
		}
		w := model.Window{Name: "w", Zone: "UTC", Start: start.String(), RRule: p.String(), DurationS: 1}
		openings, _ := Open([]model.Window{w}, from.Instant(time.UTC), to.Instant(time.UTC), time.LoadLocation)
		var got []string
		for _, o := range openings {
			got = append(got, wall.Read(time.Unix(o.Start, 0).UTC()).String())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s from %s\ngot  %v\nwant %v", w.RRule, w.Start, got, want)
		}
	})
}

// The same for cron lines, minute by minute.
func TestCronAgainstReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.IntRange(0, 59).Draw(t, "minute")
		hours := rapid.SliceOfNDistinct(rapid.IntRange(0, 23), 1, 3, rapid.ID[int]).Draw(t, "hours")
		day := rapid.SampledFrom([]int{0, 0, 1, 15, 31}).Draw(t, "day") // 0: any
		week := rapid.SampledFrom([]int{-1, -1, 0, 3, 5}).Draw(t, "week day")
		field := func(n, any int) string {
			if n == any {
				return "*"
			}
			return fmt.Sprint(n)
		}
		line := fmt.Sprintf("%d %s %s * %s", minute, strings.Trim(strings.ReplaceAll(fmt.Sprint(hours), " ", ","), "[]"), field(day, 0), field(week, -1))
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "from"))
		to := from.AddDate(0, 0, 60)
		var want []int64
		for m := from; m.Before(to); m = m.Add(time.Minute) {
			onDay, onWeek := m.Day() == day, int(m.Weekday()) == week
			either := day == 0 && week == -1 || onDay || onWeek // both given: one is enough
			if m.Minute() == minute && slices.Contains(hours, m.Hour()) && either {
				want = append(want, m.Unix())
			}
		}
		openings, ds := Open([]model.Window{{Name: "w", Zone: "UTC", Cron: line, DurationS: 1}}, from, to, time.LoadLocation)
		var got []int64
		for _, o := range openings {
			got = append(got, o.Start)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s: got %v, want %v, %v", line, got, want, ds)
		}
	})
}

// Stretches behave as sets of seconds.
func TestStretchesAsSets(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) []Stretch {
		var list []Stretch
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			from := rapid.Int64Range(0, 40).Draw(t, "from")
			list = append(list, Stretch{from, from + rapid.Int64Range(-2, 12).Draw(t, "length")})
		}
		return list
	})
	in := func(list []Stretch, second int64) bool {
		return slices.ContainsFunc(list, func(s Stretch) bool { return s.Start <= second && second < s.End })
	}
	tidy := func(t *rapid.T, what string, list []Stretch) {
		for i, s := range list {
			if s.Start >= s.End || i > 0 && s.Start <= list[i-1].End {
				t.Fatalf("%s is not sorted, joined and without empty ones: %v", what, list)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		bounds := Stretch{rapid.Int64Range(0, 50).Draw(t, "low"), rapid.Int64Range(0, 50).Draw(t, "high")}
		ua, ub := Union(a), Union(b)
		without, within := Without(ua, ub), Within(ua, bounds)
		tidy(t, "union", ua)
		tidy(t, "difference", without)
		tidy(t, "part", within)
		for second := range int64(60) {
			if in(ua, second) != in(a, second) {
				t.Fatalf("union at %d", second)
			}
			if in(without, second) != (in(a, second) && !in(b, second)) {
				t.Fatalf("difference at %d", second)
			}
			if in(within, second) != (in(a, second) && bounds.Start <= second && second < bounds.End) {
				t.Fatalf("part at %d", second)
			}
		}
	})
}
