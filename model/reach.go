package model

import (
	"cmp"
	"slices"
)

// Any is what capability and plane of an effect are called where it is on all there are.
const Any = "*"

// Reach are the capabilities that "*" stands for, sorted by plane and id.
type Reach []Reached

// Reached is a capability with its plane.
type Reached struct {
	Plane      PlaneID
	Capability CapabilityID
	ToleranceS int64
}

// Worst is how bad it may be for the capability that something which lasts so many
// seconds may do anything: a gap within its tolerance is a blip.
func (c Reached) Worst(lasts int64) Level {
	if lasts <= c.ToleranceS {
		return Blip
	}
	return Outage
}

// On is the effect on one of the capabilities that "*" stands for.
func (e Effect) On(c Reached) Effect {
	e.Capability, e.Plane = c.Capability, c.Plane
	e.SetRange(Range{e.Level, c.Worst(e.Lasts.P90s)})
	return e
}

// on is the interval of one of the capabilities that "*" stands for.
func (i Interval) on(c Reached) Interval {
	e := Effect{Level: i.Level, Lasts: Span{P90s: i.LongestS}}.On(c)
	i.Capability, i.Plane, i.Most, i.LongestS = c.Capability, c.Plane, e.Most, 0
	return i
}

// Reach is what "*" stands for in the plan: a bundle that holds an action with such an
// effect lists all capabilities that the effect reaches.
func (p *Plan) Reach() Reach {
	var out Reach
	for i := range p.Bundles {
		for _, impact := range p.Bundles[i].Impact {
			for _, c := range impact.Capabilities {
				out = append(out, Reached{impact.Plane, c.ID, c.ToleranceS})
			}
		}
	}
	slices.SortFunc(out, func(a, b Reached) int {
		return cmp.Or(cmp.Compare(a.Plane, b.Plane), cmp.Compare(a.Capability, b.Capability))
	})
	return slices.Compact(out)
}

// Of are the capabilities of a plane, of "*" all.
func (r Reach) Of(plane PlaneID) Reach {
	if plane == Any {
		return r
	}
	from, _ := slices.BinarySearchFunc(r, plane, func(x Reached, p PlaneID) int { return cmp.Compare(x.Plane, p) })
	to := from
	for to < len(r) && r[to].Plane == plane {
		to++
	}
	return r[from:to]
}

// Named is the capability with the id, alone; empty where it is none of them.
func (r Reach) Named(id CapabilityID) Reach {
	i := slices.IndexFunc(r, func(c Reached) bool { return c.Capability == id })
	if i < 0 {
		return nil
	}
	return r[i : i+1]
}

// Planes are the plane itself, of "*" all.
func (r Reach) Planes(plane PlaneID) []PlaneID {
	if plane != Any {
		return []PlaneID{plane}
	}
	var out []PlaneID
	for _, c := range r {
		if len(out) == 0 || out[len(out)-1] != c.Plane {
			out = append(out, c.Plane)
		}
	}
	return out
}

// Effects are an action's effects with one for each capability in place of "*", by
// plane and capability; what goes on after the action comes last. A list without "*" is
// returned as it is, and every list where nothing is known of what "*" stands for.
func (r Reach) Effects(list []Effect) []Effect {
	if len(r) == 0 || !slices.ContainsFunc(list, func(e Effect) bool { return e.Capability == Any }) {
		return list
	}
	own := map[CapabilityID]bool{}
	for i := range list {
		own[list[i].Capability] = own[list[i].Capability] || list[i].Until == ""
	}
	out := make([]Effect, 0, len(r)+len(list))
	for _, e := range list {
		if e.Capability != Any {
			out = append(out, e)
			continue
		}
		for _, c := range r.Of(e.Plane) {
			if !own[c.Capability] {
				out = append(out, e.On(c))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Effect) int {
		if (a.Until == "") != (b.Until == "") {
			return cmp.Compare(len(a.Until), len(b.Until))
		}
		if a.Until != "" {
			return 0
		}
		return cmp.Or(cmp.Compare(a.Plane, b.Plane), cmp.Compare(a.Capability, b.Capability))
	})
	return out
}

// Intervals are a time line with one interval for each capability in place of "*",
// without the time in which another interval speaks of the capability. A time line
// without "*" is returned as it is, and so is every one by an empty Reach.
func (r Reach) Intervals(list []Interval) []Interval {
	if len(r) == 0 || !slices.ContainsFunc(list, func(i Interval) bool { return i.Capability == Any }) {
		return list
	}
	own := map[CapabilityID][]Interval{} // by their start
	for _, i := range list {
		own[i.Capability] = append(own[i.Capability], i)
	}
	out := make([]Interval, 0, len(r)+len(list))
	from := 0 // where the intervals that begin with the same one begin
	for k, i := range list {
		if k == 0 || i.Start != list[k-1].Start || i.Action != list[k-1].Action {
			sortIntervals(out[from:])
			from = len(out)
		}
		if i.Capability != Any {
			out = append(out, i)
			continue
		}
		for _, c := range r.Of(i.Plane) {
			out = i.on(c).without(own[c.Capability], out)
		}
	}
	sortIntervals(out[from:])
	return out
}

// sortIntervals puts what one action begins at one time in order of the capabilities.
func sortIntervals(list []Interval) {
	slices.SortStableFunc(list, func(a, b Interval) int {
		return cmp.Or(cmp.Compare(a.Plane, b.Plane), cmp.Compare(a.Capability, b.Capability))
	})
}

// without adds to out what others, which are in order of their start, leave of the
// interval.
func (i Interval) without(others []Interval, out []Interval) []Interval {
	first, _ := slices.BinarySearchFunc(others, i.Start, func(o Interval, at Span) int { return later(o.Start, at) })
	first = max(first-1, 0) // the one before may reach into it
	cut := false
	for _, o := range others[first:] {
		if later(o.Start, i.End) >= 0 {
			break
		}
		if later(o.End, i.Start) <= 0 {
			continue
		}
		if later(i.Start, o.Start) < 0 {
			before := i
			before.End = o.Start
			out = append(out, before)
		}
		i.Start, cut = o.End, true
	}
	if !cut || later(i.Start, i.End) < 0 {
		out = append(out, i)
	}
	return out
}

// later orders places on a time line by P90, which decides its structure.
func later(a, b Span) int { return cmp.Or(cmp.Compare(a.P90s, b.P90s), cmp.Compare(a.P50s, b.P50s)) }
