package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/version"
)

const secondsADay = 86400

// Cadence is the answer to "how often should we update?": over the releases
// between two points, every one taken, every one that is not a candidate, or one
// of each minor line.
type Cadence struct {
	Report
	Product string `json:"product"`
	// From and To are the days between which the releases came, Days how many.
	From string `json:"from_date"`
	To   string `json:"to_date"`
	Days int64  `json:"days"`
	// Undated are the releases between the two points of which nobody says when they came;
	// they are left out.
	Undated []string `json:"undated"`
	// Rhythms in the order of the report's options.
	Rhythms []Rhythm `json:"rhythms"`
}

// Rhythm is one way to choose among the releases.
type Rhythm struct {
	Name string `json:"name"`
	// Path are the versions in the order in which they are installed.
	Path []string `json:"path"`
	// Breaks are the steps that no procedure allows, with what completes them.
	Breaks []Break  `json:"breaks"`
	Yearly []Yearly `json:"yearly"`
	// Lags of all components that changed, longest first.
	Lags []Lag `json:"lags"`
	// MeanDays and LongestDays over all new versions of all components.
	MeanDays    int64 `json:"mean_days"`
	LongestDays int64 `json:"longest_days"`
}

// Yearly is what a plane feels in a year of 365 days.
type Yearly struct {
	Plane model.PlaneID `json:"plane"`
	// AnnouncementsTenths: 25 is two and a half announcements a year.
	AnnouncementsTenths int64 `json:"announcements_tenths"`
	ExposureS           int64 `json:"exposure_s"`
	// OutageS and DegradedS at p90.
	OutageS   int64 `json:"outage_s"`
	DegradedS int64 `json:"degraded_s"`
}

// Lag is how long a component waits for its new versions.
type Lag struct {
	Component model.ComponentID `json:"component"`
	// News are the new versions of it in that time.
	News        int   `json:"news"`
	MeanDays    int64 `json:"mean_days"`
	LongestDays int64 `json:"longest_days"`
}

// Planner plans a single step between two releases of the product.
type Planner func(from, to model.Release) (model.Plan, error)

// Cadences compares the rhythms. The releases are those of one product between
// two points, both included, in any order. Those without a date are left out, and
// named; three have to remain.
func Cadences(releases []model.Release, roads Roads, plan Planner) (Cadence, error) {
	rs, undated := dated(releases)
	days, err := days(rs, undated)
	if err != nil {
		return Cadence{}, err
	}
	roads.Versions = nil // what is left out completes no path
	for _, r := range rs {
		roads.Versions = append(roads.Versions, r.Version)
	}
	c := Cadence{Product: roads.Product, From: rs[0].Date, To: rs[len(rs)-1].Date, Undated: undated}
	c.Days = days[len(rs)-1] - days[0]
	if c.Days <= 0 {
		return Cadence{}, fmt.Errorf("%s is dated %s and %s %s: the last release has to be later than the first", rs[0].Ref(), c.From, rs[len(rs)-1].Ref(), c.To)
	}
	cache := map[[2]string]model.Plan{}
	var options []Option
	for _, choice := range choices(rs) {
		rhythm, option, err := follow(choice, rs, days, roads, plan, cache)
		if err != nil {
			return Cadence{}, err
		}
		c.Rhythms, options = append(c.Rhythms, rhythm), append(options, option)
	}
	if c.Report, err = Of("cadences", options); err != nil {
		return Cadence{}, err
	}
	if len(undated) > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("Left out, without a date: %s. The comparison goes from %s to %s; what is left out in between counts with the release after it. %s",
			strings.Join(undated, ", "), rs[0].Ref(), rs[len(rs)-1].Ref(), giveDates))
	}
	for i := range c.Rhythms {
		c.Rhythms[i].Yearly = yearly(c.Planes, i, c.Days)
	}
	return c, nil
}

const giveDates = `Give dates with --date NAME=2026-01-31, or as "date" in the release files.`

// dated sorts releases by version, and names those without a date.
func dated(releases []model.Release) (rs []model.Release, undated []string) {
	undated = []string{}
	releases = slices.Clone(releases)
	slices.SortFunc(releases, func(a, b model.Release) int {
		c, _ := version.Compare(model.KindOther, a.Version, b.Version)
		return cmp.Or(c, strings.Compare(a.Version, b.Version))
	})
	for _, r := range releases {
		if r.Date == "" {
			undated = append(undated, r.Ref())
		} else {
			rs = append(rs, r)
		}
	}
	return rs, undated
}

// days are the dates of releases in days.
func days(rs []model.Release, undated []string) ([]int64, error) {
	var names []string
	days := make([]int64, len(rs))
	for i, r := range rs {
		names = append(names, r.Ref())
		t, err := time.Parse(time.DateOnly, r.Date)
		if err != nil {
			return nil, fmt.Errorf("the date %q of %s is no day: write it as 2026-01-31", r.Date, r.Ref())
		}
		days[i] = t.Unix() / secondsADay
	}
	switch {
	case len(rs) >= 3:
		return days, nil
	case len(undated) == 0:
		return nil, fmt.Errorf("a cadence needs three releases or more, and there are %d between the two points (%s): import more releases, or move the points", len(rs), strings.Join(names, ", "))
	}
	return nil, fmt.Errorf("a cadence needs three releases with a date or more; between the two points are, with a date: %s; without: %s. %s",
		cmp.Or(strings.Join(names, ", "), "none"), strings.Join(undated, ", "), giveDates)
}

type choice struct {
	name  string
	takes []int // places of the releases
}

// choices always begin and end with the two points, so that they are comparable.
func choices(rs []model.Release) []choice {
	every, ga, minors := choice{name: "every release"}, choice{name: "every GA"}, choice{name: "minors only"}
	for i, r := range rs {
		end := i == 0 || i == len(rs)-1
		every.takes = append(every.takes, i)
		if end || !candidate(r.Version) {
			ga.takes = append(ga.takes, i)
		}
		if end || !candidate(r.Version) && firstOfLine(rs, i) {
			minors.takes = append(minors.takes, i)
		}
	}
	return []choice{every, ga, minors}
}

// candidate: the version comes before the release of its own number.
func candidate(v string) bool {
	major, minor, patch, ok := version.Core(v)
	if !ok {
		return false
	}
	c, known := version.Compare(model.KindOther, v, fmt.Sprintf("%d.%d.%d", major, minor, patch))
	return known && c < 0
}

// firstOfLine: no earlier release of the minor line is there, candidates aside,
// and the line is not that of the start.
func firstOfLine(rs []model.Release, i int) bool {
	for _, r := range rs[:i] {
		if line(r.Version) == line(rs[i].Version) && (!candidate(r.Version) || line(r.Version) == line(rs[0].Version)) {
			return false
		}
	}
	return true
}

func line(v string) [2]int {
	major, minor, _, _ := version.Core(v)
	return [2]int{major, minor}
}

// follow plans a choice step by step.
func follow(c choice, rs []model.Release, days []int64, roads Roads, plan Planner, cache map[[2]string]model.Plan) (Rhythm, Option, error) {
	var path []string
	for _, i := range c.takes {
		path = append(path, rs[i].Version)
	}
	out := Rhythm{Name: c.name, Breaks: []Break{}}
	whole, breaks := roads.Complete(path)
	out.Path, out.Breaks = whole, append(out.Breaks, breaks...)
	option := Option{Name: c.name}
	for _, b := range breaks {
		option.Notes = append(option.Notes, b.Says())
	}
	at := map[string]int{}
	for i, r := range rs {
		at[r.Version] = i
	}
	for k := 1; k < len(whole); k++ {
		key := [2]string{whole[k-1], whole[k]}
		p, done := cache[key]
		if !done {
			var err error
			if p, err = plan(rs[at[key[0]]], rs[at[key[1]]]); err != nil {
				return out, option, err
			}
			cache[key] = p
		}
		option.Steps = append(option.Steps, p)
	}
	var taken []int
	for _, v := range whole {
		taken = append(taken, at[v])
	}
	out.lags(rs, days, taken)
	return out, option, nil
}

// lags asks of every release and component: when it brought a new version, how
// many days later did the site have it? A release is installed on the day it
// comes, but never before one that is installed first: patches of an older line
// are often younger than the next line.
func (r *Rhythm) lags(rs []model.Release, days []int64, taken []int) {
	r.Lags = []Lag{}
	var sum, n int64
	for id, w := range waits(rs, days, installed(days, taken)) {
		l := Lag{Component: id, News: len(w), LongestDays: slices.Max(w)}
		var total int64
		for _, x := range w {
			total += x
		}
		l.MeanDays = (total + int64(len(w))/2) / int64(len(w))
		sum, n = sum+total, n+int64(len(w))
		r.LongestDays = max(r.LongestDays, l.LongestDays)
		r.Lags = append(r.Lags, l)
	}
	if n > 0 {
		r.MeanDays = (sum + n/2) / n
	}
	slices.SortFunc(r.Lags, func(a, b Lag) int {
		return cmp.Or(cmp.Compare(b.LongestDays, a.LongestDays), cmp.Compare(b.MeanDays, a.MeanDays), strings.Compare(string(a.Component), string(b.Component)))
	})
}

// installed are the days on which a site has what each release brought. taken
// ends with the last release.
func installed(days []int64, taken []int) []int64 {
	out := make([]int64, len(days))
	next, day := 0, days[taken[0]]
	for i := range days {
		for taken[next] < i {
			next++
			day = max(day, days[taken[next]])
		}
		out[i] = day
	}
	return out
}

// waits are the days that each component waits for each of its new versions.
func waits(rs []model.Release, days, installed []int64) map[model.ComponentID][]int64 {
	out := map[model.ComponentID][]int64{}
	before := versionsOf(rs[0])
	for i := 1; i < len(rs); i++ {
		now := versionsOf(rs[i])
		for id, v := range now {
			if old, had := before[id]; !had || old != v {
				// What skips a late patch may already have something newer.
				out[id] = append(out[id], max(0, installed[i]-days[i]))
			}
		}
		before = now
	}
	return out
}

func versionsOf(r model.Release) map[model.ComponentID]string {
	out := map[model.ComponentID]string{}
	for _, c := range r.Components {
		if c.NotDeployed {
			continue
		}
		out[c.ID()] = strings.Join(append([]string{c.Version}, c.Versions...), " ")
	}
	return out
}

// yearly spreads an option's figures over a year, rounded up: a time told to
// somebody must not be too short.
func yearly(rows []Row, option int, days int64) []Yearly {
	year := func(n int64) int64 { return (n*365 + days - 1) / days }
	out := []Yearly{}
	for _, row := range rows {
		c := row.Cells[option]
		out = append(out, Yearly{
			Plane: row.Plane, AnnouncementsTenths: year(int64(c.Announcements) * 10), ExposureS: year(c.ExposureS),
			OutageS: year(c.Outage.P90s), DegradedS: year(c.Degraded.P90s),
		})
	}
	return out
}
