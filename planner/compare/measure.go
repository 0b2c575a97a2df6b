package compare

import (
	"math"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/unknown"
)

// Total is an option over all planes.
type Total struct {
	Plans   int   `json:"plans"`
	Changes int   `json:"changes"`
	Actions int   `json:"actions"`
	Bundles int   `json:"bundles"`
	WorkS   int64 `json:"work_s"`
	// Windows are the sittings that need one, since they watch or disturb a plane.
	Windows     int   `json:"windows"`
	Reboots     int   `json:"reboots"`
	Retirements int   `json:"retirements"`
	Unknowns    int   `json:"unknowns"`
	Cost        int64 `json:"cost"`
	// Proven: every split is proven optimal.
	Proven bool `json:"proven"`
}

// Cell is what one plane feels of an option.
type Cell struct {
	// Missing: a plan of the option does not describe the plane at all, so its
	// figures say nothing about it.
	Missing       bool            `json:"missing,omitempty"`
	Announcements int             `json:"announcements"`
	ExposureS     int64           `json:"exposure_s"`
	Avoidable     model.Avoidable `json:"avoidable"`
	// The time in which that was the plane's worst level.
	Outage   model.Span `json:"outage"`
	Degraded model.Span `json:"degraded"`
	Blip     model.Span `json:"blip"`
	AtRisk   model.Span `json:"at_risk"`
	// Unknown is the time in which it is not known how bad it is.
	Unknown model.Span `json:"unknown"`
	// Windows are the sittings that watch or disturb the plane.
	Windows int `json:"windows"`
	// Actions that the plane feels, and the nodes that they reboot.
	Actions int `json:"actions"`
	Reboots int `json:"reboots"`
	// Retirements of the plane's capabilities.
	Retirements int `json:"retirements"`
	Unknowns    int `json:"unknowns"`
}

// uncertain: something about the plane is not known.
func (c Cell) uncertain() bool { return c.Missing || c.Unknowns > 0 || c.Unknown.P90s > 0 }

// atLeast is the time at a level or a worse one, at p90.
func (c Cell) atLeast(l model.Level) int64 {
	s := c.Outage.P90s
	if l <= model.Degraded {
		s += c.Degraded.P90s
	}
	if l <= model.Blip {
		s += c.Blip.P90s
	}
	if l <= model.AtRisk {
		s += c.AtRisk.P90s
	}
	return s
}

// quiet: nothing at all is felt, and that is known.
func (c Cell) quiet() bool {
	return c == Cell{Actions: c.Actions, Windows: c.Windows, Reboots: c.Reboots}
}

func totalOf(o Option) Total {
	t := Total{Plans: len(o.Steps), Proven: true}
	for _, p := range o.Steps {
		t.Changes += len(p.Changes)
		t.Actions += len(p.Actions)
		t.Bundles += len(p.Bundles)
		t.Retirements += len(p.Retired)
		for _, u := range p.Unknowns {
			t.Unknowns += 1 + u.More
		}
		t.Cost += min(p.Optimality.Cost, math.MaxInt64-t.Cost)
		t.Proven = t.Proven && (p.Optimality.Status == "optimal" || len(p.Bundles) == 0)
		for _, a := range p.Actions {
			t.Reboots += reboots(a)
		}
		for _, b := range p.Bundles {
			t.WorkS += seconds(b.WorkS)
			t.Windows += sittings(b, func(f map[model.PlaneID]model.Footprint) bool {
				for _, level := range f {
					if level > model.Untouched {
						return true
					}
				}
				return false
			})
		}
	}
	return t
}

// seconds keeps the figures of a plan file, which may be made up, from running
// over in a sum and so looking small: 34,000 years are as long as longer ones.
func seconds(s int64) int64 { return min(max(s, 0), 1<<40) }

// sittings of a bundle that the test holds for: itself, or its parts.
func sittings(b model.Bundle, counts func(map[model.PlaneID]model.Footprint) bool) int {
	if len(b.Parts) == 0 {
		if counts(b.Footprint) {
			return 1
		}
		return 0
	}
	n := 0
	for _, part := range b.Parts {
		if counts(part.Footprint) {
			n++
		}
	}
	return n
}

// reboots are the nodes that an action boots anew, now or when their job ends.
func reboots(a model.Action) int {
	if a.Role == "" {
		return 0
	}
	switch a.Method {
	case model.MethodRebuild, model.MethodReboot, model.MethodStage:
		return a.Units
	}
	return 0
}

func cellOf(o Option, plane model.PlaneID) Cell {
	var c Cell
	for _, p := range o.Steps {
		if i := slices.IndexFunc(p.Planes, func(s model.PlaneSummary) bool { return s.ID == plane }); i >= 0 {
			c.addSummary(p.Planes[i])
		} else {
			c.Missing = true
		}
		for _, b := range p.Bundles {
			c.Windows += sittings(b, func(f map[model.PlaneID]model.Footprint) bool { return f[plane] > model.Untouched })
		}
		c.addActions(p, plane)
		for _, r := range p.Retired {
			if planeOf(p, r.Capability) == plane {
				c.Retirements++
			}
		}
	}
	return c
}

func (c *Cell) addSummary(s model.PlaneSummary) {
	c.Announcements += s.Announcements
	c.ExposureS += seconds(s.ExposureS)
	c.Avoidable.Announcements += s.Avoidable.Announcements
	c.Avoidable.S += seconds(s.Avoidable.S)
	for level, sum := range map[string]*model.Span{
		"outage": &c.Outage, "degraded": &c.Degraded, "blip": &c.Blip, "at-risk": &c.AtRisk, "unknown": &c.Unknown,
	} {
		sum.P50s += seconds(s.Levels[level].P50s)
		sum.P90s += seconds(s.Levels[level].P90s)
	}
}

// addActions counts what the plane feels. An unknown without planes is about how
// long an action takes, and so about the planes of that action.
func (c *Cell) addActions(p model.Plan, plane model.PlaneID) {
	feels := map[string]bool{}
	for _, a := range p.Actions {
		if a.Footprint[plane] > model.Untouched || a.Tail != nil && a.Tail.Plane == plane {
			feels[string(a.ID)] = true
			c.Actions++
			c.Reboots += reboots(a)
		}
	}
	for _, u := range unknown.All(&p) {
		if slices.Contains(u.Planes, string(plane)) || len(u.Planes) == 0 && feels[u.Subject] {
			c.Unknowns++
		}
	}
}

// planeOf is the plane of a capability: that of an effect on it, else the plane
// that its id begins with.
func planeOf(p model.Plan, id model.CapabilityID) model.PlaneID {
	for _, c := range p.Reach().Named(id) {
		return c.Plane
	}
	for _, a := range p.Actions {
		for _, e := range a.Effects {
			if e.Capability == id {
				return e.Plane
			}
		}
	}
	first, _, _ := strings.Cut(string(id), ".")
	return model.PlaneID(first)
}
