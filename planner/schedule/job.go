package schedule

import (
	"cmp"
	"fmt"
	"slices"

	"planewise/model"
)

// job is a bundle as the search sees it.
type job struct {
	bundle *model.Bundle
	name   string // "B3", or the key
	need   int64
	room   *room
	pin    string
	// why the job cannot be placed whatever the order; nil: it may be.
	hopeless *model.Diagnostic
	// first lists the jobs that come before; gap[j] is how long after the end of
	// job j this one starts at the earliest, when j comes first.
	first  []int
	gap    map[int]gap
	atoms  []atom
	cuts   []bool  // cuts[i]: the bundle may be cut before atom i
	weight []int64 // weight[i]: work of the atoms before i, each at least a second
}

// gap keeps two bundles apart in time.
type gap struct {
	seconds int64
	// never: the first has a tail whose end is not known.
	never bool
	// Actions behind it, for messages.
	by, of model.ActionID
}

// maxSpan bounds a duration in the arithmetic here: ten years.
const maxSpan = 10 * 366 * 24 * 3600

// fit is the time to keep for work of the span: its duration at the policy's
// percentile and the reserve for the way back, rounded up.
//
// Between the two known points the percentile is interpolated linearly. The
// quantile function of a duration with a heavy right tail is convex there, so
// its chord lies above it: the figure errs on the long side. Above the 90th
// nothing is known, and the 90th is used (Place warns).
func fit(span model.Span, p model.Policy) int64 {
	low, high := min(max(0, span.P50s), maxSpan), min(max(0, span.P90s), maxSpan)
	percentile := int64(min(max(50, cmp.Or(p.Percentile, defaultPercentile)), 90))
	high = max(low, high)
	at := low + ceilDiv((high-low)*(percentile-50), 40)
	return max(1, at+ceilDiv(at*int64(min(max(0, p.ReservePermille), maxReserve)), 1000))
}

const (
	defaultPercentile = 90
	maxReserve        = 10_000 // ten times the duration
)

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }

// jobs prepares the bundles.
func (p *placer) prepare() {
	at := make(map[model.ActionID]int)
	p.jobs = make([]*job, len(p.in.Bundles))
	for i := range p.in.Bundles {
		b := &p.in.Bundles[i]
		p.jobs[i] = &job{bundle: b, name: cmp.Or(b.Label, string(b.Key)), gap: make(map[int]gap)}
		for _, a := range b.Actions {
			at[a] = i
		}
	}
	p.bundleOf = at
	p.readPins()
	for _, j := range p.jobs {
		j.need = fit(p.laned(j.bundle), p.in.Policy)
		if j.hopeless == nil {
			j.room = p.calendar.room(j.bundle.Footprint, j.pin)
		}
	}
	p.readEdges()
	for _, j := range p.jobs {
		p.readAtoms(j)
	}
}

// readPins gives each bundle the window that its actions are pinned to.
func (p *placer) readPins() {
	pinnedBy := make(map[int]model.Pin)
	for _, pin := range p.in.Policy.Pins {
		if pin.Bundle > 0 {
			p.keepOrder = true
		}
		if pin.Window == "" {
			continue
		}
		i, ok := p.bundleOf[pin.Action]
		if !ok {
			p.say(model.Warning, "pin-unmatched", string(pin.Action),
				fmt.Sprintf("%s is pinned to window %q but is in no bundle of this plan", pin.Action, pin.Window), "remove the pin")
			continue
		}
		j := p.jobs[i]
		if before, ok := pinnedBy[i]; ok && before.Window != pin.Window {
			j.hopeless = p.verdict(j, "pin-contradiction",
				fmt.Sprintf("%s cannot be in two windows: %s is pinned to %q, %s to %q", j.name, before.Action, before.Window, pin.Action, pin.Window),
				"remove one of the two pins, or keep the two actions apart", string(before.Action), string(pin.Action))
			continue
		}
		pinnedBy[i] = pin
		j.pin = pin.Window
		if !slices.ContainsFunc(p.in.Policy.Windows, func(w model.Window) bool { return w.Name == pin.Window }) {
			j.hopeless = p.verdict(j, "pin-contradiction",
				fmt.Sprintf("%s is pinned to window %q by %s, and the policy has no window of that name", j.name, pin.Window, pin.Action),
				"correct the pin or name the window", string(pin.Action))
		}
	}
}

// readEdges turns the edges between actions, their ranks, and After of the
// bundles into an order of jobs and the gaps between them.
func (p *placer) readEdges() {
	byKey := make(map[model.ActionID]int)
	for i, j := range p.jobs {
		byKey[j.bundle.Key] = i
	}
	for i, j := range p.jobs {
		for _, key := range j.bundle.After {
			if first, ok := byKey[key]; ok && first != i {
				j.first = append(j.first, first)
			}
		}
	}
	p.readRanks()
	for then, a := range p.actions() {
		for _, e := range a.After {
			first, ok := p.bundleOf[e.Action]
			if !ok || first == then {
				continue
			}
			p.readEdge(first, then, a, e)
		}
	}
	for i, j := range p.jobs {
		slices.Sort(j.first)
		j.first = slices.Compact(j.first)
		for _, first := range j.first {
			if first > i {
				p.say(model.Blocking, "order-broken", string(j.bundle.Key),
					fmt.Sprintf("%s stands before %s, which has to come first", j.name, p.jobs[first].name),
					"this is a fault of the split, not of the policy", string(p.jobs[first].bundle.Key), string(j.bundle.Key))
			}
		}
		j.first = slices.DeleteFunc(j.first, func(first int) bool { return first > i })
	}
}

// readRanks holds the vendor's order: of two actions the one of the lower rank
// comes in no later bundle. Where bundles contradict it, Check says so.
func (p *placer) readRanks() {
	lowest, highest := make(map[int]int), make(map[int]int)
	for i, a := range p.actions() {
		if _, ok := lowest[i]; !ok {
			lowest[i], highest[i] = a.Rank, a.Rank
		}
		lowest[i], highest[i] = min(lowest[i], a.Rank), max(highest[i], a.Rank)
	}
	for then, j := range p.jobs {
		for first := range then {
			if lowest[first] < highest[then] {
				j.first = append(j.first, first)
			}
		}
	}
}

func (p *placer) readEdge(first, then int, a model.Action, e model.Edge) {
	switch e.Relation {
	case model.Before:
		p.jobs[then].first = append(p.jobs[then].first, first)
	case model.Soak:
		p.jobs[then].first = append(p.jobs[then].first, first)
		p.jobs[then].widen(first, gap{seconds: max(0, e.SoakS), by: e.Action, of: a.ID})
	case model.NotDuring:
		// Not an order: whichever comes first, the other waits for its tail.
		other := p.byID[e.Action]
		p.jobs[then].widen(first, tailGap(other, a.ID))
		p.jobs[first].widen(then, tailGap(a, e.Action))
	}
}

// tailGap keeps of clear of by's tail. The tail is taken to begin when the
// bundle ends, the latest it can.
func tailGap(by model.Action, of model.ActionID) gap {
	g := gap{by: by.ID, of: of}
	switch {
	case by.Tail == nil:
	case by.Tail.Lasts == nil:
		g.never = true
	default:
		g.seconds = min(max(0, by.Tail.Lasts.P90s), maxSpan)
	}
	return g
}

func (j *job) widen(first int, g gap) {
	if old, ok := j.gap[first]; !ok || g.never && !old.never || !old.never && g.seconds > old.seconds {
		j.gap[first] = g
	}
}
