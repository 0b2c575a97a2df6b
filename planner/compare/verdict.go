package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/planner/words"
)

// measure is one figure of a cell that is better the smaller it is.
type measure struct {
	best string // "fewest announcements"
	of   func(Cell) int64
	say  func(int64) string
}

// measures in the order in which they are told. Times are compared at p90: that
// is what has to be announced. A level counts with all that are worse: what turns
// a degraded hour into an outage has not made it better.
var measures = []measure{
	{"fewest announcements", func(c Cell) int64 { return int64(c.Announcements) }, func(n int64) string { return strconv.FormatInt(n, 10) }},
	{"shortest exposure", func(c Cell) int64 { return c.ExposureS }, words.Duration},
	{"least outage", func(c Cell) int64 { return c.Outage.P90s }, words.Duration},
	{"least degraded or worse", func(c Cell) int64 { return c.atLeast(model.Degraded) }, words.Duration},
	{"least blips or worse", func(c Cell) int64 { return c.atLeast(model.Blip) }, words.Duration},
	{"least at risk or worse", func(c Cell) int64 { return c.atLeast(model.AtRisk) }, words.Duration},
	{"least unknown", func(c Cell) int64 { return c.Unknown.P90s }, words.Duration},
	{"fewest unknown things", func(c Cell) int64 { return int64(c.Unknowns) }, func(n int64) string { return strconv.FormatInt(n, 10) }},
	{"fewest retirements", func(c Cell) int64 { return int64(c.Retirements) }, func(n int64) string { return strconv.FormatInt(n, 10) }},
}

// noWorse reports whether a is no worse than b in every measure, as far as both
// are described: the figures of a plane that is not are no figures.
func noWorse(a, b Cell) bool {
	if a.Missing || b.Missing {
		return b.Missing
	}
	for _, m := range measures {
		if m.of(a) > m.of(b) {
			return false
		}
	}
	return true
}

// judge fills in the verdict of a row. Options that are part of another are no
// choice.
func judge(row *Row, columns []Column) {
	row.Gentlest = []string{}
	j := jury{}
	for i, c := range columns {
		if !c.Part {
			j.columns, j.cells = append(j.columns, c), append(j.cells, row.Cells[i])
		}
	}
	var best []int
	proven := true
	for i, a := range j.cells {
		if !slices.ContainsFunc(j.cells, func(b Cell) bool { return !noWorse(a, b) }) {
			best = append(best, i)
			row.Gentlest = append(row.Gentlest, j.columns[i].Name)
			proven = proven && !a.uncertain()
		}
	}
	row.Proven = best != nil && proven && !slices.ContainsFunc(j.cells, func(c Cell) bool { return c.Missing })
	var s []string
	switch {
	case len(best) == len(j.cells) && j.cells[0].quiet():
		s = append(s, "nothing is felt in any of them")
	case len(best) == len(j.cells):
		s = append(s, "the same in all: "+felt(j.cells[0]))
	case len(best) > 0:
		s = append(s, j.gentlest(row, best))
	default:
		s = append(s, "no option is best in everything: "+j.tradeOff())
	}
	s = append(s, j.unsettled()...)
	s = append(s, j.undocumented(best)...)
	row.Verdict = strings.Join(s, "; ")
}

// jury judges one plane in the options that are choices.
type jury struct {
	columns []Column
	cells   []Cell
}

func (j jury) gentlest(row *Row, best []int) string {
	lead := "gentlest"
	if !row.Proven {
		lead += " by what is known"
	}
	lead += fmt.Sprintf(": %s (%s)", words.List(row.Gentlest), felt(j.cells[best[0]]))
	var rest []string
	for i, c := range j.cells {
		if !slices.Contains(best, i) {
			rest = append(rest, fmt.Sprintf("%s: %s", j.columns[i].Name, felt(c)))
		}
	}
	return lead + "; " + strings.Join(rest, "; ")
}

// felt says a cell in words, worst first.
func felt(c Cell) string {
	if c.Missing {
		return "not described"
	}
	var parts []string
	for _, l := range []struct {
		word string
		s    model.Span
	}{{"outage", c.Outage}, {"unknown", c.Unknown}, {"degraded", c.Degraded}, {"blip", c.Blip}, {"at risk", c.AtRisk}} {
		if l.s.P90s > 0 {
			parts = append(parts, l.word+" up to "+words.Duration(l.s.P90s))
		}
	}
	// The worst two tell the options apart; the table has the rest.
	parts = parts[:min(len(parts), 2)]
	if c.Announcements > 0 {
		parts = append([]string{words.Count(c.Announcements, "announcement") + " for " + words.Duration(c.ExposureS)}, parts...)
	} else {
		parts = append([]string{"no announcement"}, parts...)
	}
	if c.Retirements > 0 {
		parts = append(parts, words.Count(c.Retirements, "retirement"))
	}
	return strings.Join(parts, ", ")
}

// tradeOff names who is best in each measure in which they differ.
func (j jury) tradeOff() string {
	var parts []string
	for _, m := range measures {
		var values []int64
		for _, c := range j.cells {
			if !c.Missing {
				values = append(values, m.of(c))
			}
		}
		least, most := slices.Min(values), slices.Max(values)
		if least == most {
			continue
		}
		var who []string
		for i, c := range j.cells {
			if !c.Missing && m.of(c) == least {
				who = append(who, j.columns[i].Name)
			}
		}
		parts = append(parts, fmt.Sprintf("%s %s (%s)", m.best, words.List(who), m.say(least)))
	}
	return strings.Join(parts, ", ")
}

// unsettled names the options whose figures are only a lower bound.
func (j jury) unsettled() []string {
	var who []string
	for i, c := range j.cells {
		if c.uncertain() {
			who = append(who, j.columns[i].Name)
		}
	}
	if who == nil {
		return nil
	}
	return []string{fmt.Sprintf("not everything is known about %s, which may turn out worse", words.List(who))}
}

// undocumented warns of gentle options that must not be carried out as they are.
func (j jury) undocumented(best []int) []string {
	var who []string
	for _, i := range best {
		if len(j.columns[i].Blocking) > 0 {
			who = append(who, j.columns[i].Name)
		}
	}
	if who == nil || len(best) == len(j.columns) && len(who) == len(j.columns) {
		return nil
	}
	return []string{fmt.Sprintf("but %s must not be carried out as it stands, see its blocking diagnostics", words.List(who))}
}
