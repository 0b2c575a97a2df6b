package schedule

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"planewise/model"
	"planewise/planner/schedule/window"
)

type stretch = window.Stretch

// calendar is the time in which bundles can be placed.
type calendar struct {
	bounds   stretch // from --at to the horizon
	openings []window.Opening
	frozen   []window.Frozen
	ice      []stretch // all frozen time
	free     []stretch // bounds without ice
	// home is the zone in which times outside windows are shown.
	home  *time.Location
	rooms map[string]*room
}

// room is the time in which bundles of one footprint (and pin) may run.
type room struct {
	eligible []window.Opening // that grant all of it
	run      []stretch        // in which the whole bundle may lie
	starts   []stretch        // in which it may start, whatever its end
	free     []stretch        // time without a freeze
}

func newCalendar(bounds stretch, openings []window.Opening, frozen []window.Frozen) *calendar {
	c := &calendar{bounds: bounds, openings: openings, frozen: frozen, rooms: make(map[string]*room), home: time.UTC}
	if len(openings) > 0 {
		c.home = openings[0].Zone
	}
	for _, f := range frozen {
		c.ice = append(c.ice, f.Stretch)
	}
	c.ice = window.Union(c.ice)
	c.free = window.Without([]stretch{bounds}, c.ice)
	return c
}

// room is where a bundle of the footprint may run; with pin, only in windows of
// that name.
//
// A window grants a footprint when it grants every plane's. Two windows that do
// so only between them do not add up: what was agreed with one group of users
// for one night is no agreement about another's. Windows that each grant it do
// add up in time: where they overlap or touch, a bundle may run from one into
// the next.
func (c *calendar) room(footprint map[model.PlaneID]model.Footprint, pin string) *room {
	key := footprintKey(footprint) + "\x00" + pin
	if r, ok := c.rooms[key]; ok {
		return r
	}
	r := &room{free: c.free}
	c.rooms[key] = r
	if pin == "" && isEmpty(footprint) {
		r.run = c.free // disturbs nobody: no window needed, but no freeze either
		return r
	}
	var run, starts []stretch
	for _, o := range c.openings {
		if pin != "" && o.Name != pin || len(lacking(o.Grants, footprint)) > 0 {
			continue
		}
		r.eligible = append(r.eligible, o)
		run = append(run, o.Stretch)
		if o.StartsOnly {
			starts = append(starts, o.Stretch)
		}
	}
	r.run = window.Without(window.Within(window.Union(run), c.bounds), c.ice)
	r.starts = window.Without(window.Within(window.Union(starts), c.bounds), c.ice)
	return r
}

// earliest is the first second, not before t, at which need seconds of work may
// start. It never falls when t or need grows, which the order search relies on.
func (r *room) earliest(t, need int64) (int64, bool) {
	start, ok := firstFit(r.run, r.run, t, need)
	if alone, also := firstFit(r.starts, r.free, t, need); also && (!ok || alone < start) {
		start, ok = alone, true
	}
	return start, ok
}

// firstFit is the first start in one of the stretches of begin such that need
// seconds from there lie inside one stretch of inside.
func firstFit(begin, inside []stretch, t, need int64) (int64, bool) {
	for i := after(begin, t); i < len(begin); i++ {
		start := max(begin[i].Start, t)
		if j := after(inside, start); j < len(inside) && inside[j].Start <= start && start+need <= inside[j].End {
			return start, true
		}
	}
	return 0, false
}

// after is the index of the first stretch that ends after t.
func after(list []stretch, t int64) int {
	return sort.Search(len(list), func(i int) bool { return list[i].End > t })
}

// longest is the longest need that fits anywhere from t on, and where.
func (r *room) longest(t int64) (best stretch) {
	for _, s := range window.Within(r.run, stretch{Start: t, End: maxTime}) {
		if s.Len() > best.Len() {
			best = s
		}
	}
	for _, s := range window.Within(r.starts, stretch{Start: t, End: maxTime}) {
		if j := after(r.free, s.Start); j < len(r.free) && r.free[j].End-s.Start > best.Len() {
			best = stretch{Start: s.Start, End: r.free[j].End}
		}
	}
	return best
}

// maxTime is far beyond any horizon, and small enough to add to.
const maxTime = 1 << 52

// lacking lists the planes on which grants fall short of the footprint, sorted,
// as "compute disturbed".
func lacking(grants, footprint map[model.PlaneID]model.Footprint) []string {
	var list []string
	for _, p := range planes(footprint) {
		if footprint[p] > grants[p] {
			list = append(list, fmt.Sprintf("%s %s", p, footprint[p]))
		}
	}
	return list
}

// planes of a footprint that feel anything, sorted.
func planes(footprint map[model.PlaneID]model.Footprint) []model.PlaneID {
	var list []model.PlaneID
	for p, f := range footprint {
		if f > model.Untouched {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

func isEmpty(footprint map[model.PlaneID]model.Footprint) bool { return len(planes(footprint)) == 0 }

func footprintKey(footprint map[model.PlaneID]model.Footprint) string {
	var b strings.Builder
	for _, p := range planes(footprint) {
		fmt.Fprintf(&b, "%s=%d;", p, footprint[p])
	}
	return b.String()
}
