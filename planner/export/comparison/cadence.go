package comparison

import (
	"fmt"
	"strings"

	"planewise/planner/compare"
	"planewise/planner/words"
)

// Cadence writes the comparison of rhythms.
func Cadence(c compare.Cadence, o Options) string {
	p := newPage(o)
	p.report(c.Report)
	p.heading("In a year")
	p.para(fmt.Sprintf("%s releases from %s to %s, %s; each is installed on the day it came, or when the one before it is.", c.Product, c.From, c.To, days(c.Days)))
	p.table(yearly(c))
	p.end()
	p.heading("How long components wait for their new versions")
	for _, r := range c.Rhythms {
		p.waits(r)
	}
	p.end()
	return p.String()
}

func yearly(c compare.Cadence) [][]string {
	head := []string{""}
	for _, r := range c.Rhythms {
		head = append(head, r.Name)
	}
	rows := [][]string{head}
	for i, plane := range c.Planes {
		for _, m := range []struct {
			name string
			of   func(compare.Yearly) string
		}{
			{"announcements", func(y compare.Yearly) string { return tenths(y.AnnouncementsTenths) }},
			{"exposure", func(y compare.Yearly) string { return short(y.ExposureS) }},
			{"outage", func(y compare.Yearly) string { return short(y.OutageS) }},
			{"degraded", func(y compare.Yearly) string { return short(y.DegradedS) }},
		} {
			row := []string{string(plane.Plane) + " " + m.name}
			for _, r := range c.Rhythms {
				row = append(row, m.of(r.Yearly[i]))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func tenths(n int64) string { return fmt.Sprintf("%d.%d", n/10, n%10) }

func days(n int64) string { return words.Count(int(n), "day") }

// waits lists the components that wait longest.
func (p *page) waits(r compare.Rhythm) {
	const shown = 5
	p.item(fmt.Sprintf("%s (%s): %s on average, %s at most.", r.Name, strings.Join(r.Path, " -> "), days(r.MeanDays), days(r.LongestDays)))
	for i, l := range r.Lags {
		if l.LongestDays == 0 || i == shown && !p.Verbose {
			return
		}
		p.item(fmt.Sprintf("%s: %s: %s, %s on average, %s at most.", r.Name, l.Component, words.Count(l.News, "new version"), days(l.MeanDays), days(l.LongestDays)))
	}
}
