package verify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/planner/schedule/window"
)

// windowFault says what is wrong with the windows of a bundle, "" where nothing is.
func windowFault(in Input, b model.Bundle) string {
	var faults []string
	add := func(name string, slot *model.Slot, footprint map[model.PlaneID]model.Footprint) {
		if slot == nil {
			return
		}
		if f := slotFault(in, *slot, footprint); f != "" {
			faults = append(faults, name+f)
		}
	}
	if len(b.Parts) == 0 {
		add("", b.Window, b.Footprint)
	}
	for _, p := range b.Parts {
		add("part "+p.Label+": ", p.Window, p.Footprint)
	}
	return strings.Join(faults, "; ")
}

func slotFault(in Input, s model.Slot, footprint map[model.PlaneID]model.Footprint) string {
	start, err := time.Parse(time.RFC3339, s.Start)
	end, also := time.Parse(time.RFC3339, s.End)
	if err != nil || also != nil {
		return fmt.Sprintf("its window %s cannot be read (%s to %s)", s.Name, s.Start, s.End)
	}
	if !in.Now.IsZero() && in.Now.After(start) {
		return fmt.Sprintf("its window %s began on %s, which has passed", s.Name, s.Start)
	}
	frozen, _ := window.Freeze(in.Is.Policy.Freezes, start, end, in.Is.Zones)
	if len(frozen) > 0 {
		return fmt.Sprintf("freeze %q now covers %s", frozen[0].Name, s.Start)
	}
	// Without grants only what disturbs nobody is covered: it needs no window.
	if !covers(nil, footprint) && !granted(in, start, end, footprint) {
		return fmt.Sprintf("no window grants it any more from %s to %s", s.Start, s.End)
	}
	return ""
}

// granted: windows of today that each grant the footprint cover the time, or one
// that limits starts only holds the start.
func granted(in Input, start, end time.Time, footprint map[model.PlaneID]model.Footprint) bool {
	openings, _ := window.Open(in.Is.Policy.Windows, start, end, in.Is.Zones)
	var run []window.Stretch
	for _, o := range openings {
		if !covers(o.Grants, footprint) {
			continue
		}
		if o.StartsOnly && o.Start <= start.Unix() && start.Unix() < o.End {
			return true
		}
		run = append(run, o.Stretch)
	}
	return slices.ContainsFunc(window.Union(run), func(s window.Stretch) bool { return s.Start <= start.Unix() && end.Unix() <= s.End })
}

func covers(grants, footprint map[model.PlaneID]model.Footprint) bool {
	for plane, f := range footprint {
		if f > grants[plane] {
			return false
		}
	}
	return true
}
