package records

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// Weight is how many samples a default counts for.
const Weight = 4

// fewWithout is the number of samples below which a tail cannot be seen.
const fewWithout = 5

// Default is the span that a plan without records would use for an action, and
// whether there is one.
type Default func(action string, perUnit bool) (model.Span, bool)

// Learn makes measured durations of records, sorted by action. Defaults may be nil.
func Learn(records []Record, defaults Default) []model.Measured {
	found := map[string][]sample{}
	for _, r := range records {
		for _, run := range r.Runs {
			if run.Action == "" || run.TookS <= 0 || run.Outcome != OK {
				continue
			}
			key, perUnit := Pattern(run.Action)
			took := run.TookS
			if perUnit {
				took = ceilDiv(took, turns(run.Units, run.Batch))
			}
			found[key] = append(found[key], sample{took, r})
		}
	}
	samples := map[string][]int64{}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		samples[key] = once(found[key])
	}
	var out []model.Measured
	for _, key := range slices.Sorted(maps.Keys(samples)) {
		m := model.Measured{Action: key, Samples: len(samples[key]), PerUnit: isRoll(key)}
		var d *model.Span
		if defaults != nil {
			if span, ok := defaults(key, m.PerUnit); ok {
				d = &span
			}
		}
		span := Shrink(samples[key], d)
		m.P50s, m.P90s = span.P50s, span.P90s
		m.Source = "records of this site, " + strconv.Itoa(m.Samples) + " without a default"
		if d != nil {
			m.Source = "records of this site, " + strconv.Itoa(m.Samples) + " against a default that counts " + strconv.Itoa(Weight)
		}
		out = append(out, m)
	}
	return out
}

// sample is one run with the record it is from.
type sample struct {
	took int64
	from Record
}

// once are the lengths of samples. A bundle that a person reported and a run of the
// deployment engine at the same time are one event; the engine's clock is the better.
func once(all []sample) []int64 {
	var out []int64
	for _, s := range all {
		told := s.from.Bundle != "" && slices.ContainsFunc(all, func(o sample) bool { return o.from.Bundle == "" && o.from.Overlaps(s.from) })
		if !told {
			out = append(out, s.took)
		}
	}
	return out
}

// Pattern is what a run of an action teaches about: rolls of a role, whichever part
// of it, per node; anything else is itself.
func Pattern(id model.ActionID) (pattern string, perUnit bool) {
	if !isRoll(string(id)) {
		return string(id), false
	}
	role, _, _ := strings.Cut(string(id), "/")
	return role + "*", true
}

func isRoll(id string) bool { return strings.HasPrefix(id, "roll:") }

// Shrink makes a span of samples and the default, as the package comment says.
// Without samples it is the default.
func Shrink(samples []int64, d *model.Span) model.Span {
	n := int64(len(samples))
	if n == 0 {
		if d == nil {
			return model.Span{}
		}
		return *d
	}
	sorted := slices.Sorted(slices.Values(samples))
	m50 := sorted[len(sorted)/2]
	m90 := sorted[(9*len(sorted)+9)/10-1] // the ceil(0.9 n)-th
	if d == nil {
		if n < fewWithout {
			m90 = max(m90, ceilDiv(3*m50, 2))
		}
		return model.Span{P50s: m50, P90s: max(m50, m90)}
	}
	s := model.Span{P50s: ceilDiv(Weight*d.P50s+n*m50, Weight+n), P90s: ceilDiv(Weight*d.P90s+n*m90, Weight+n)}
	s.P90s = max(s.P90s, s.P50s)
	return s
}

// ceilDiv is a/b rounded up, for a >= 0 and b > 0.
func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }

// Coverage is how often the truth lay where the plan had said.
type Coverage struct {
	// Kind of action ("ship", "roll", "step" ...), or "bundle".
	Kind    string `json:"kind"`
	Samples int    `json:"samples"`
	// Within50: at most p50. Between: above it, at most p90. Above: longer than p90.
	Within50 int `json:"within_p50"`
	Between  int `json:"between"`
	Above    int `json:"above_p90"`
	// Permille of the samples at most p90, rounded down; honest plans have 900.
	Within90Permille int `json:"within_p90_permille"`
}

// CoverageOf counts over records, sorted by kind. Only what was planned and ended
// well counts.
func CoverageOf(records []Record) []Coverage {
	by := map[string]*Coverage{}
	count := func(kind string, took int64, planned model.Span) {
		c := by[kind]
		if c == nil {
			c = &Coverage{Kind: kind}
			by[kind] = c
		}
		c.Samples++
		switch {
		case took <= planned.P50s:
			c.Within50++
		case took <= planned.P90s:
			c.Between++
		default:
			c.Above++
		}
	}
	for _, r := range records {
		if r.Outcome == OK && r.Bundle != "" && r.Planned.P90s > 0 {
			count("bundle", r.TookS, r.Planned)
		}
		for _, run := range r.Runs {
			if run.Outcome != OK || run.TookS < 0 || run.Planned == nil || run.Action == "" {
				continue
			}
			kind, _, _ := strings.Cut(string(run.Action), ":")
			count(kind, run.TookS, *run.Planned)
		}
	}
	out := []Coverage{}
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		c := by[kind]
		c.Within90Permille = (c.Within50 + c.Between) * 1000 / c.Samples
		out = append(out, *c)
	}
	return out
}

// Sort puts records into the order of a history: by start, those without one first.
func Sort(records []Record) {
	slices.SortStableFunc(records, func(a, b Record) int {
		for _, c := range [...]int{strings.Compare(a.Start, b.Start), strings.Compare(a.Plan, b.Plan), strings.Compare(string(a.Bundle), string(b.Bundle)), strings.Compare(a.Source, b.Source)} {
			if c != 0 {
				return c
			}
		}
		return 0
	})
}

// Planned is the default that the records themselves hold: of each action the figure
// of the earliest plan, which no later record has touched. Rolls are per turn.
func Planned(records []Record) Default {
	sorted := slices.Clone(records)
	Sort(sorted)
	first := map[string]model.Span{}
	for _, r := range sorted {
		for _, run := range r.Runs {
			if run.Action == "" || run.Planned == nil || run.Planned.P90s <= 0 {
				continue
			}
			key, perUnit := Pattern(run.Action)
			if _, known := first[key]; known {
				continue
			}
			span := *run.Planned
			if perUnit {
				n := turns(run.Units, run.Batch)
				span = model.Span{P50s: ceilDiv(span.P50s, n), P90s: ceilDiv(span.P90s, n)}
			}
			first[key] = span
		}
	}
	return func(action string, _ bool) (model.Span, bool) {
		span, ok := first[action]
		return span, ok
	}
}
