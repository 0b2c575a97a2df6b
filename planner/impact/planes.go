package impact

import (
	"cmp"
	"slices"

	"planewise/model"
	"planewise/planner/impact/duration"
)

// unknownSeconds is the key, beside the words of levels, under which a plane's
// levels hold the time in which its worst level is not known.
const unknownSeconds = "unknown"

// levels of a plane: seconds of each level, and seconds in which the worst level is
// not known.
type levels struct {
	at      [model.Outage + 1]model.Span
	unknown model.Span
}

// Planes adds bundles up per plane, sorted by plane: announcements and announced
// time of the bundles that disturb it, the seconds in which each level was its
// worst, the worst of all. Avoidable is left to the caller, who knows the ideal.
func (e *Engine) Planes(bundles []BundleImpact) []model.PlaneSummary {
	var out []model.PlaneSummary
	for _, plane := range e.planes {
		if len(e.byPlane[plane]) > 0 {
			out = append(out, e.plane(plane, bundles))
		}
	}
	return out
}

func (e *Engine) plane(id model.PlaneID, bundles []BundleImpact) model.PlaneSummary {
	s := model.PlaneSummary{ID: id, Levels: map[string]model.Span{}}
	var sums [model.Outage + 1]duration.Sum
	for l := range sums {
		sums[l] = duration.NewSum(e.policy.CorrelationPermille)
	}
	unknown := duration.NewSum(e.policy.CorrelationPermille)
	for i := range bundles {
		b := &bundles[i]
		if b.Footprint[id] == model.Disturbed {
			s.Announcements++
			s.ExposureS += b.WorkS
		}
		l := b.levels(id, len(e.byPlane[id]))
		for level := model.AtRisk; level <= model.Outage; level++ {
			sums[level].Add(l.at[level])
		}
		unknown.Add(l.unknown)
		for _, p := range b.Impact {
			if p.Plane == id {
				s.Worst = max(s.Worst, p.Worst)
				s.Unknown = s.Unknown || p.Unknown
			}
		}
	}
	for level := model.AtRisk; level <= model.Outage; level++ {
		s.Levels[level.String()] = sums[level].Span()
	}
	if span := unknown.Span(); span != (model.Span{}) {
		s.Levels[unknownSeconds] = span
	}
	return s
}

// levels adds up the levels of a plane of so many capabilities over the actions of a
// bundle.
func (b *BundleImpact) levels(plane model.PlaneID, capabilities int) levels {
	var at [model.Outage + 1]seconds
	var unknown seconds
	for k := range b.acts {
		p := &b.acts[k]
		l := p.levels(plane, capabilities)
		for level := model.AtRisk; level <= model.Outage; level++ {
			at[level].add(p, l.at[level])
		}
		unknown.add(p, l.unknown)
	}
	out := levels{unknown: unknown.span()}
	for level := model.AtRisk; level <= model.Outage; level++ {
		out.at[level] = at[level].span()
	}
	return out
}

// levels counts the seconds of an action in which each level was the plane's
// worst, at P50 and at P90.
func (p *placed) levels(plane model.PlaneID, capabilities int) levels {
	fs := p.on(plane, capabilities)
	if len(fs) == 0 {
		return levels{}
	}
	p50, u50 := sweep(fs, func(s model.Span) int64 { return s.P50s })
	p90, u90 := sweep(fs, func(s model.Span) int64 { return s.P90s })
	l := levels{unknown: model.Span{P50s: u50, P90s: max(u50, u90)}}
	for i := range l.at {
		// A level can be hidden by a worse one at P90 that is shorter at P50.
		l.at[i] = model.Span{P50s: p50[i], P90s: max(p50[i], p90[i])}
	}
	return l
}

// on are the effects that a plane of so many capabilities feels: what may reach any of
// them is among these, unless others speak of each.
func (p *placed) on(plane model.PlaneID, capabilities int) []felt {
	from := slices.IndexFunc(p.effects, func(f felt) bool { return f.Plane == plane })
	to, own := max(from, 0), 0
	for from >= 0 && to < len(p.effects) && p.effects[to].Plane == plane {
		if to == from || p.effects[to].Capability != p.effects[to-1].Capability {
			own++
		}
		to++
	}
	fs := p.effects[max(from, 0):to]
	if any := p.any(plane); any != nil && any.Plane == model.Any && own < capabilities {
		return append(slices.Clone(fs), felt{any, p.id})
	}
	return fs
}

type mark struct {
	at    int64
	step  int
	level model.Range
}

// sweep goes through the starts and ends of effects in order of time and counts
// how long each level was the worst, and how long the worst was not known.
func sweep(fs []felt, of func(model.Span) int64) (at [model.Outage + 1]int64, unknown int64) {
	var few [48]mark
	marks := few[:0]
	for _, f := range fs {
		from, to := of(f.Start), of(f.Start)+of(f.Lasts)
		if to > from {
			marks = append(marks, mark{from, 1, f.Range()}, mark{to, -1, f.Range()})
		}
	}
	slices.SortFunc(marks, func(a, b mark) int { return cmp.Compare(a.at, b.at) })
	var least, most [model.Outage + 1]int
	for i, m := range marks {
		least[m.level.Least] += m.step
		most[m.level.Most] += m.step
		if i+1 == len(marks) || marks[i+1].at == m.at {
			continue
		}
		seconds := marks[i+1].at - m.at
		l, h := highest(least), highest(most)
		at[l] += seconds
		if l != h {
			unknown += seconds
		}
	}
	return at, unknown
}

func highest(counts [model.Outage + 1]int) model.Level {
	for l := model.Outage; l > model.None; l-- {
		if counts[l] > 0 {
			return l
		}
	}
	return model.None
}
