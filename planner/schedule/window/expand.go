package window

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"planewise/model"
)

// Bounds of an expansion.
const (
	// MaxHorizon bounds how far ahead windows are looked for: five years, which is
	// also how far the cron library looks for a next start.
	MaxHorizon = 5 * 366 * 24 * time.Hour
	// MaxOpenings of one window in the time asked for: hourly for a good year.
	MaxOpenings = 10_000
	// maxSteps are the starts looked at from the window's own start on: hourly for
	// over twenty years.
	maxSteps = 200_000
	// maxDuration of one opening or freeze.
	maxDuration = 2 * 366 * 24 * 3600
)

// Zones finds a time zone by its IANA name. The planner gets it as an argument,
// since time.LoadLocation reads files.
type Zones func(name string) (*time.Location, error)

func (z Zones) find(name string) (*time.Location, error) {
	if z == nil {
		return nil, errors.New("no time zones given")
	}
	return z(name)
}

// Opening is one stretch in which a window is open. It may begin before the time
// asked for and end after it.
type Opening struct {
	Stretch
	// Window is the window's place in its list, Name its name.
	Window int
	Name   string
	Zone   *time.Location
	Grants map[model.PlaneID]model.Footprint
	// StartsOnly: the opening limits when a bundle may start, not when it ends.
	StartsOnly bool
}

// Open expands windows to the openings that share time with [from, to), sorted
// by start, end and place in the list. A window that cannot be read opens never
// and is reported; the others are expanded all the same.
func Open(windows []model.Window, from, to time.Time, zones Zones) ([]Opening, []model.Diagnostic) {
	var openings []Opening
	var diagnostics []model.Diagnostic
	for i, w := range windows {
		s := series{
			what: "window", name: w.Name, zone: w.Zone, start: w.Start, durationS: w.DurationS,
			rrule: w.RRule, cron: w.Cron, exdates: w.ExDates,
		}
		for _, at := range s.expand(from, to, zones) {
			openings = append(openings, Opening{
				Stretch: at, Window: i, Name: w.Name, Zone: s.loc, Grants: w.Grants, StartsOnly: w.Limits == LimitsStarts,
			})
		}
		diagnostics = append(diagnostics, s.said...)
	}
	slices.SortStableFunc(openings, func(a, b Opening) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Window, b.Window))
	})
	return openings, diagnostics
}

// What a window limits. An empty word means LimitsRun, the stricter one.
const (
	LimitsRun    = "run"
	LimitsStarts = "starts"
)

// Frozen is one stretch in which nothing may run.
type Frozen struct {
	Stretch
	Freeze int
	Name   string
}

// Freeze expands freezes to the stretches that share time with [from, to), sorted
// as openings are. A freeze that cannot be read is reported as blocking: nobody
// knows when nothing may run.
func Freeze(freezes []model.Freeze, from, to time.Time, zones Zones) ([]Frozen, []model.Diagnostic) {
	var frozen []Frozen
	var diagnostics []model.Diagnostic
	for i, f := range freezes {
		s := series{what: "freeze", name: f.Name, zone: f.Zone, start: f.Start, durationS: f.DurationS, rrule: f.RRule}
		for _, at := range s.expand(from, to, zones) {
			frozen = append(frozen, Frozen{at, i, f.Name})
		}
		diagnostics = append(diagnostics, s.said...)
	}
	slices.SortStableFunc(frozen, func(a, b Frozen) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Freeze, b.Freeze))
	})
	return frozen, diagnostics
}
