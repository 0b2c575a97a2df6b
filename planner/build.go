package planner

import (
	"slices"
	"time"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/customizations"
	"planewise/planner/age"
	"planewise/planner/resume"
	"planewise/planner/split"
)

// Input is all a plan is made from.
type Input struct {
	From, To []model.Release
	// Known are other releases of the catalogue; undeploys of skipped releases are
	// looked up there.
	Known []model.Release
	// Catalog is the mapping, layered and checked.
	Catalog    *catalog.Catalog
	Procedures []model.Procedure
	System     model.System
	// Customizations are what the site itself sets in the charts of both sides; nil
	// where that is not known, which the plan then says.
	Customizations *model.Customizations
	// BaseChart says which of those settings are numbers of replicas.
	BaseChart customizations.BaseChart
	Policy    model.Policy
	// Path chooses among procedures that fit equally: "manual"; "" the preferred.
	Path  string
	Edits model.Edits
	// At is the time of planning; the zero time means no dates.
	At time.Time
	// Zones finds time zones by their IANA name; needed only with windows.
	Zones func(name string) (*time.Location, error)
	// Tool is the program's name and version as they stand in the plan.
	Tool string
	// Notes are diagnostics from reading the inputs; they become part of the plan.
	Notes []model.Diagnostic
}

// Build makes the plan. It always returns one: what is wrong stands in its
// diagnostics. ID, Inputs and the digests of releases are left to the caller, who
// has the documents.
func Build(given Input) model.Plan {
	in, siteNotes := applySite(given)
	changes := findChanges(in)
	work := findWork(in, changes)
	rest := resume.From(resume.Input{Work: work.result, LeftOut: work.leftOut, Edits: in.Edits, Pins: in.Policy.Pins})
	in.Edits, in.Policy.Pins = rest.Edits, rest.Pins
	effects := evaluate(in, rest)
	acts, reasons := joinAlike(effects, slices.Concat(
		work.facts, pointers(rest.Facts), pointers(siteFacts(in.Customizations, changes.kept)), effects.facts), rest.Work.Retired)

	problem, problemNotes := split.Problem(planeIDs(in.Catalog.Planes()), in.Policy, in.Edits, acts)
	solution, splitNotes := split.Solve(problem, acts, in.Policy.Effort)
	groups := solution.Bundles
	bundles := describe(groups, acts, rest.Work, stageTitles(in.Procedures, rest.Work.Procedures))
	cuts := findCuts(bundles, groups, acts, rest.Progress.Scripts())
	impacts := effects.bundles(groups, acts, rest.Progress)
	planes := summarize(in.Catalog.Planes(), effects.engine.Planes(impacts.each), acts)
	ordered := inOrder(groups, acts)
	final := finalStay(in, rest.Work)
	stops := findStops(rest, bundles, ordered, final)
	bundles = dress(bundles, cuts.scripts, impacts.each, stops)
	standing, standingFacts := rest.Progress.Standing(effects.done, bundles, final)
	bundles = withLanes(bundles, ordered, in.Policy.Lanes)
	windows := findWindows(in, bundles, ordered)

	p := model.Plan{
		Format: model.FormatPlan, Tool: in.Tool, Reasoning: Reasoning, PlannedAt: plannedAt(in.At), Inputs: []model.Input{},
		From: refs(in.From), To: refs(in.To),
		System: in.System.Name, SystemNodes: nodeCounts(in.System), Policy: in.Policy.Name,
		Procedure: procedureRef(rest.Work.Procedures), Edits: cleanEdits(given.Edits),
		Changes: append(orEmpty(rest.Work.Changes), changes.excluded...), Actions: ordered, Order: order(rest.Work.Boundaries),
		Skipped: orEmpty(rest.Work.Skipped), Retired: orEmpty(rest.Work.Retired), Standing: standing,
		Bundles: placed(bundles, windows), Planes: announced(planes, windows), Announce: orEmpty(windows.Announce),
		Optimality: split.Optimality(solution),
		Facts:      model.DistinctFacts(slices.Concat(reasons, factsOf(stops), pointers(standingFacts))),
	}
	p.Unknowns = alikeUnknowns(unknowns(p))
	p.Answers = answers(p, in.Catalog.Capabilities())
	p.Diagnostics = orEmpty(Condense(model.SortDiagnostics(slices.Concat(
		given.Notes, siteNotes, changes.diagnostics, drift(in.From, in.System.Name), work.diagnostics, rest.Diagnostics, effects.diagnostics,
		problemNotes, splitNotes, siteUnknown(in.Customizations, acts), mistyped(in.Policy, in.Catalog.Capabilities()), cuts.diagnostics,
		effects.engine.CheckSequence(steps(rest, bundles, groups, acts)), age.Check(in.System, in.Policy, in.At),
		impacts.diagnostics, resume.DisturbedNow(standing, bundles), windows.Diagnostics,
	))))
	return p
}

func plannedAt(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func pointers(facts []model.Fact) []*model.Fact {
	out := make([]*model.Fact, len(facts))
	for i := range facts {
		out[i] = &facts[i]
	}
	return out
}
