package schedule

import (
	"cmp"
	"slices"

	"planewise/model"
)

// Lane is one action on the time line of Elapsed, in seconds from the start.
type Lane struct {
	Action     model.ActionID
	Lane       int // from 0
	Start, End int64
}

// Elapsed is how long actions take with lanes of them side by side, where the
// edges between them allow it: a heuristic, to be shown as one.
//
// It is list scheduling: whenever a lane is free, the action with the longest
// chain behind it starts. That is at most 2 - 1/lanes times the best, and
// finding the best is NP-hard. A second lane can make a list schedule longer
// (Graham's anomaly), so fewer lanes are tried too and the shortest is taken:
// more lanes never show a longer time.
//
// The cost of a plan does not depend on it: a bundle is announced for its work.
func Elapsed(actions []model.Action, lanes int) model.Span {
	var span model.Span
	for n := 1; n <= min(max(1, lanes), max(1, len(actions))); n++ {
		half, most := finish(Line(actions, n, p50)), finish(Line(actions, n, p90))
		if n == 1 || half < span.P50s {
			span.P50s = half
		}
		if n == 1 || most < span.P90s {
			span.P90s = most
		}
	}
	span.P90s = max(span.P50s, span.P90s)
	return span
}

func p50(a model.Action) int64 { return min(max(0, a.Duration.P50s), maxSpan) }
func p90(a model.Action) int64 { return min(max(0, a.Duration.P90s), maxSpan) }

func finish(line []Lane) (end int64) {
	for _, l := range line {
		end = max(end, l.End)
	}
	return end
}

// Line is the list schedule itself. The actions are in a run order that their
// edges allow; edges to others are ignored.
func Line(actions []model.Action, lanes int, length func(model.Action) int64) []Lane {
	s := newLineup(actions, length)
	free := make([]int64, max(1, lanes))
	line := make([]Lane, 0, len(actions))
	for len(line) < len(actions) {
		lane := earliestLane(free)
		i, start := s.next(free[lane])
		end := start + s.length[i]
		s.start[i], s.end[i], s.placed[i] = start, end, true
		free[lane] = end
		line = append(line, Lane{actions[i].ID, lane, start, end})
	}
	slices.SortStableFunc(line, func(a, b Lane) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Lane, b.Lane))
	})
	return line
}

func earliestLane(free []int64) int {
	best := 0
	for i, t := range free {
		if t < free[best] {
			best = i
		}
	}
	return best
}

// lineup holds the actions of a list schedule.
type lineup struct {
	length     []int64
	chain      []int64 // longest chain that starts with the action
	first      [][]int // actions that must have ended
	clash      [][]int // actions that must not run at the same time
	start, end []int64
	placed     []bool
}

func newLineup(actions []model.Action, length func(model.Action) int64) *lineup {
	n := len(actions)
	s := &lineup{
		length: make([]int64, n), chain: make([]int64, n), first: make([][]int, n), clash: make([][]int, n),
		start: make([]int64, n), end: make([]int64, n), placed: make([]bool, n),
	}
	at := make(map[model.ActionID]int, n)
	for i, a := range actions {
		at[a.ID] = i
		s.length[i] = length(a)
	}
	for i, a := range actions {
		for _, e := range a.After {
			other, ok := at[e.Action]
			switch {
			case !ok || other == i:
			case e.Relation == model.NotDuring:
				s.clash[i] = append(s.clash[i], other)
				s.clash[other] = append(s.clash[other], i)
			case e.Relation == model.Before || e.Relation == model.Soak:
				// A later action cannot be waited for: the run order says so.
				if other < i {
					s.first[i] = append(s.first[i], other)
				}
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		s.chain[i] += s.length[i]
		for _, first := range s.first[i] {
			s.chain[first] = max(s.chain[first], s.chain[i])
		}
	}
	return s
}

// next is the action that can start soonest from t on; of several the one with
// the longest chain, then the first in run order.
func (s *lineup) next(t int64) (best int, start int64) {
	best = -1
	for i := range s.length {
		if s.placed[i] {
			continue
		}
		from, ok := s.from(i, t)
		if !ok {
			continue
		}
		if best < 0 || from < start || from == start && s.chain[i] > s.chain[best] {
			best, start = i, from
		}
	}
	return best, start
}

// from is when action i can start: after all that come first, clear of those
// that must not run at the same time.
func (s *lineup) from(i int, t int64) (int64, bool) {
	for _, first := range s.first[i] {
		if !s.placed[first] {
			return 0, false
		}
		t = max(t, s.end[first])
	}
	for moved := true; moved; {
		moved = false
		for _, other := range s.clash[i] {
			if s.placed[other] && t < s.end[other] && s.start[other] < t+s.length[i] {
				t, moved = s.end[other], true
			}
		}
	}
	return t, true
}

// laned is the bundle's duration with the policy's lanes: shortened in the
// proportion in which a list schedule of its actions is shorter than their sum.
func (p *placer) laned(b *model.Bundle) model.Span {
	if p.in.Policy.Lanes <= 1 {
		return b.Duration
	}
	actions := make([]model.Action, 0, len(b.Actions))
	for _, id := range b.Actions {
		if a, ok := p.byID[id]; ok {
			actions = append(actions, a)
		}
	}
	one, many := Elapsed(actions, 1), Elapsed(actions, p.in.Policy.Lanes)
	return model.Span{P50s: scaled(b.Duration.P50s, many.P50s, one.P50s), P90s: scaled(b.Duration.P90s, many.P90s, one.P90s)}
}

// scaled is whole times part/all, rounded up; the whole where all is nothing.
func scaled(whole, part, all int64) int64 {
	if all <= 0 {
		return whole
	}
	return ceilDiv(min(whole, maxSpan)*ceilDiv(part*1000, all), 1000)
}
