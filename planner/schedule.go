package planner

import (
	"slices"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/resume"
	"planewise/planner/schedule"
)

// findStops says of each bundle where one can stop and how one gets back.
func findStops(rest resume.Result, bundles []model.Bundle, acts []model.Action, final *model.Stay) []schedule.Stop {
	tasks := rest.Work.Tasks
	if rest.Progress != nil {
		tasks = rest.Progress.Tasks()
	}
	return schedule.Stops(rest.Progress.Begun(), bundles, acts, tasks, final)
}

func factsOf(stops []schedule.Stop) []*model.Fact {
	var out []*model.Fact
	for i := range stops {
		out = append(out, pointers(stops[i].Facts)...)
	}
	return out
}

// finalStay is what is known of the state after the last bundle: it is the target
// release as the vendor ships it, provided that a documented procedure led there
// and nothing was left out.
func finalStay(in Input, work actions.Result) *model.Stay {
	if len(in.Edits.Excluded) > 0 || len(work.Procedures) == 0 {
		return nil
	}
	for _, p := range work.Procedures {
		if p.Basis != model.BasisDocumented {
			return nil
		}
	}
	return &model.Stay{Status: model.StaySupported, Evidence: model.Evidence{
		Basis: model.BasisDocumented, Source: procedureRef(work.Procedures).Name,
		Text: "The procedure is complete: the system runs the target as it was released.",
	}}
}

// findWindows dates the bundles where the policy has windows and a time is given.
func findWindows(in Input, bundles []model.Bundle, acts []model.Action) schedule.Result {
	if len(bundles) == 0 || len(in.Policy.Windows)+len(in.Policy.Freezes) == 0 {
		return schedule.Result{}
	}
	return schedule.Place(schedule.Input{
		At: in.At, Policy: pinned(in.Policy, in.Edits.Pins), Bundles: onTheClock(bundles), Actions: acts,
		Zones: in.Zones, KeepOrder: true,
	})
}

// placed are the bundles with their windows.
func placed(bundles []model.Bundle, windows schedule.Result) []model.Bundle {
	out := slices.Clone(bundles)
	for _, one := range windows.Placements {
		out[one.Bundle].Window, out[one.Bundle].Parts = one.Slot, one.Parts
	}
	return out
}

// pinned is the policy with the pins of the edits: a bundle held in a window by
// hand is held as one that the policy holds.
func pinned(policy model.Policy, pins []model.Pin) model.Policy {
	for _, pin := range pins {
		if pin.Window != "" && !slices.Contains(policy.Pins, pin) {
			policy.Pins = append(slices.Clip(policy.Pins), pin)
		}
	}
	return policy
}

// mistyped finds capabilities of a policy's no_blip that nothing defines: a gap of
// what must have none would pass as undisturbed.
func mistyped(policy model.Policy, capabilities []model.Capability) []model.Diagnostic {
	var out []model.Diagnostic
	for _, id := range policy.NoBlip {
		if !slices.ContainsFunc(capabilities, func(c model.Capability) bool { return c.ID == id }) {
			out = append(out, model.Diagnostic{
				Severity: model.Blocking, Code: "unknown-capability", Subject: "policy:" + policy.Name,
				Summary: "no_blip names the capability " + string(id) + ", which nothing defines", Hint: "correct the name",
			})
		}
	}
	return out
}

// withLanes gives bundles their time on the clock where actions may run side by side.
func withLanes(bundles []model.Bundle, acts []model.Action, lanes int) []model.Bundle {
	if lanes <= 1 {
		return bundles
	}
	by := make(map[model.ActionID]model.Action, len(acts))
	for _, a := range acts {
		by[a.ID] = a
	}
	out := slices.Clone(bundles)
	for i := range out {
		one := &out[i]
		members := make([]model.Action, 0, len(one.Actions))
		for _, id := range one.Actions {
			members = append(members, by[id])
		}
		elapsed := schedule.Elapsed(members, lanes)
		// The sum of a bundle's distribution is never beaten by lanes that do not help.
		elapsed = model.Span{P50s: min(elapsed.P50s, one.Duration.P50s), P90s: min(elapsed.P90s, one.Duration.P90s)}
		one.Elapsed = &elapsed
	}
	return out
}

// onTheClock are the bundles as windows see them: with the time on the clock.
func onTheClock(bundles []model.Bundle) []model.Bundle {
	out := slices.Clone(bundles)
	for i, one := range out {
		if one.Elapsed != nil {
			out[i].Duration = *one.Elapsed
		}
	}
	return out
}

// announced counts each part of a bundle that was split between windows as an
// announcement of its own.
func announced(planes []model.PlaneSummary, windows schedule.Result) []model.PlaneSummary {
	out := slices.Clone(planes)
	for _, one := range windows.Placements {
		for i := range out {
			plane := &out[i]
			n := 0
			for _, part := range one.Parts {
				if part.Footprint[plane.ID] == model.Disturbed {
					n++
				}
			}
			if n > 1 {
				plane.Announcements += n - 1
				plane.Avoidable.Announcements += n - 1
			}
		}
	}
	return out
}

func planeIDs(planes []model.Plane) []model.PlaneID {
	ids := make([]model.PlaneID, 0, len(planes))
	for _, p := range planes {
		ids = append(ids, p.ID)
	}
	return ids
}
