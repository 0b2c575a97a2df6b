package planner

import (
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/schedule"
	"planewise/planner/split"
)

// fill splits the actions into bundles, places them, and sums up.
func (b *build) fill(p *model.Plan, work actions.Result, acts []model.Action) {
	problem, notes := split.Problem(planeIDs(b.in.Catalog.Planes()), b.in.Policy, b.in.Edits, acts)
	b.note(notes)
	solution, notes := split.Solve(problem, acts, b.in.Policy.Effort)
	b.note(notes)
	b.note(b.siteValues(acts))
	b.note(mistyped(b.in.Policy, b.in.Catalog.Capabilities()))
	p.Optimality = split.Optimality(solution)
	p.Bundles = b.bundles(solution.Bundles, work, acts)
	p.Actions = make([]model.Action, 0, len(acts))
	for _, g := range solution.Bundles {
		for _, m := range g {
			p.Actions = append(p.Actions, acts[m])
		}
	}
	b.site(p, work, solution.Bundles, acts)
	p.Order = b.order(work)
	b.feel(p, acts, solution.Bundles)
	b.stops(p, work)
	p.Standing = b.standing(p, work)
	b.lanes(p)
	b.place(p)

	p.Facts = model.DistinctFacts(b.facts)
	p.Unknowns = alikeUnknowns(unknowns(*p))
	p.Answers = answers(*p, b.in.Catalog.Capabilities())
	p.Diagnostics = orEmpty(Condense(model.SortDiagnostics(b.diags)))
}

func planeIDs(planes []model.Plane) []model.PlaneID {
	ids := make([]model.PlaneID, 0, len(planes))
	for _, p := range planes {
		ids = append(ids, p.ID)
	}
	return ids
}

// order is the vendor's ranks, which plan files carry so that they can be
// checked without their inputs.
func (b *build) order(work actions.Result) []model.Boundary {
	out := []model.Boundary{}
	for _, x := range work.Boundaries {
		out = append(out, model.Boundary{ID: x.ID, Rank: x.Rank, Fact: x.Fact.ID})
	}
	return out
}

// stops says of each bundle where one can stop and how one gets back.
func (b *build) stops(p *model.Plan, work actions.Result) {
	tasks := work.Tasks
	if b.resumed != nil {
		tasks = b.resumed.all
	}
	for _, s := range schedule.Stops(b.resumed.begun(), p.Bundles, p.Actions, tasks, b.finalStay(work)) {
		b.know(s.Facts)
		one := &p.Bundles[s.Bundle]
		one.PointOfNoReturn, one.LastSafeStop = s.PointOfNoReturn, s.LastSafeStop
		one.Rollback, one.Stay = s.Rollback, s.Stay
	}
}

// finalStay is what is known of the state after the last bundle: it is the target
// release as the vendor ships it, provided that a documented procedure led there
// and nothing was left out.
func (b *build) finalStay(work actions.Result) *model.Stay {
	if len(b.in.Edits.Excluded) > 0 || len(work.Procedures) == 0 {
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

// place dates the bundles where the policy has windows and a time is given.
func (b *build) place(p *model.Plan) {
	if len(p.Bundles) == 0 || len(b.in.Policy.Windows)+len(b.in.Policy.Freezes) == 0 {
		return
	}
	r := schedule.Place(schedule.Input{
		At: b.in.At, Policy: b.pinned(), Bundles: onTheClock(p.Bundles), Actions: p.Actions,
		Zones: b.in.Zones, KeepOrder: true,
	})
	b.note(r.Diagnostics)
	p.Announce = orEmpty(r.Announce)
	for _, placed := range r.Placements {
		p.Bundles[placed.Bundle].Window = placed.Slot
		p.Bundles[placed.Bundle].Parts = placed.Parts
	}
	announceParts(p)
}

// pinned is the policy with the pins of the edits: a bundle held in a window by
// hand is held as one that the policy holds.
func (b *build) pinned() model.Policy {
	policy := b.in.Policy
	for _, pin := range b.in.Edits.Pins {
		if pin.Window != "" && !slices.Contains(policy.Pins, pin) {
			policy.Pins = append(slices.Clip(policy.Pins), pin)
		}
	}
	return policy
}

// siteValues says that what the site itself sets in the charts is not part of the
// plan: replicas or images of its customizations may differ from the release's.
func (b *build) siteValues(acts []model.Action) []model.Diagnostic {
	if b.in.Customizations != nil || !slices.ContainsFunc(acts, func(a model.Action) bool { return strings.HasPrefix(string(a.ID), "ship:") }) {
		return nil
	}
	return []model.Diagnostic{{
		Severity: model.Info, Code: "site-values-not-considered", Subject: "customizations",
		Summary: "the site's own settings of the charts were not considered: replicas and images may differ from the release's",
		Hint:    "give what runs in the system description (planewise system import)",
	}}
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

// lanes gives bundles their time on the clock where actions may run side by side.
func (b *build) lanes(p *model.Plan) {
	if b.in.Policy.Lanes <= 1 {
		return
	}
	by := make(map[model.ActionID]model.Action, len(p.Actions))
	for _, a := range p.Actions {
		by[a.ID] = a
	}
	for i := range p.Bundles {
		one := &p.Bundles[i]
		members := make([]model.Action, 0, len(one.Actions))
		for _, id := range one.Actions {
			members = append(members, by[id])
		}
		elapsed := schedule.Elapsed(members, b.in.Policy.Lanes)
		// The sum of a bundle's distribution is never beaten by lanes that do not help.
		elapsed = model.Span{P50s: min(elapsed.P50s, one.Duration.P50s), P90s: min(elapsed.P90s, one.Duration.P90s)}
		one.Elapsed = &elapsed
	}
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

// announceParts counts each part of a bundle that was split between windows as an
// announcement of its own, and its share of announced time.
func announceParts(p *model.Plan) {
	for _, one := range p.Bundles {
		for i := range p.Planes {
			plane := &p.Planes[i]
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
}
