// Package planner turns two sets of releases into a plan: what changes, what is
// done about it, what each plane feels of it, in which bundles.
//
//	releases --diff--> changes --actions--> tasks and links --impact--> actions
//	        --bundle--> bundles --impact--> time lines --schedule--> windows --> plan
//
// Build is a pure function: it reads no file, no clock and no environment, and
// equal inputs, in whatever order their parts come, give the same plan.
package planner

import (
	"time"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/planner/actions"
	"planewise/planner/diff"
	"planewise/planner/impact"
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
	Policy         model.Policy
	// Path chooses among procedures that fit equally: "manual", "iuf", "" the preferred.
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
func Build(in Input) model.Plan {
	in.System = impact.Decide(in.Catalog.Mapping(), in.System)
	b := &build{in: in}
	b.note(in.Notes)
	b.onSite()
	in = b.in
	b.in.Policy = relaxed(in.Policy, in.Edits.Relaxed)

	changes, notes := diff.Between(in.From, in.To, in.Known)
	b.note(notes)
	b.drift()
	all := changes
	changes, left := exclude(changes, in.Edits.Excluded)
	work := b.resume(b.work(changes, all))
	b.know(siteFacts(in.Customizations, changes))
	acts := b.alikeFacts(b.actions(work), work.Retired)

	p := model.Plan{
		Format: model.FormatPlan, Tool: in.Tool, Reasoning: Reasoning, Inputs: []model.Input{},
		From: refs(in.From), To: refs(in.To),
		System: in.System.Name, SystemNodes: nodeCounts(in.System), Policy: in.Policy.Name,
		Procedure: procedureRef(work.Procedures), Edits: cleanEdits(in.Edits),
		Changes: append(orEmpty(work.Changes), left...),
		Skipped: orEmpty(work.Skipped), Retired: orEmpty(work.Retired),
		Announce: []model.Announcement{},
	}
	if !in.At.IsZero() {
		p.PlannedAt = in.At.UTC().Format(time.RFC3339)
	}
	b.fill(&p, work, acts)
	return p
}

// build collects what the steps have to say beside their results.
type build struct {
	in      Input
	resumed *resumed     // nil where nothing is done yet
	entire  []model.Task // with those that the edits leave out; nil where they leave out nothing
	engine  *impact.Engine
	facts   []*model.Fact
	diags   []model.Diagnostic
}

func (b *build) note(ds []model.Diagnostic) { b.diags = append(b.diags, ds...) }

// relaxed adds the edits' relaxed orders to the policy's.
func relaxed(p model.Policy, more []string) model.Policy {
	p.Relax = append(append([]string{}, p.Relax...), more...)
	return p
}

// work is what has to be done about the changes that are left of all.
func (b *build) work(changes, all []model.Change) actions.Result {
	from := func(changes []model.Change) actions.Result {
		return actions.From(actions.Input{
			From: b.in.From, To: b.in.To, Changes: changes,
			Catalog: b.in.Catalog, Procedures: b.in.Procedures,
			System: b.in.System, Policy: b.in.Policy, Path: b.in.Path,
		})
	}
	work := from(changes)
	b.note(work.Diagnostics)
	b.facts = work.Facts()
	if len(b.in.Edits.Excluded) > 0 {
		// What needs what is seen only where nothing is missing yet.
		entire := from(all)
		b.note(leftOut(entire, work, all, b.in.Edits.Excluded))
		b.entire = entire.Tasks
	}
	return dropExcluded(work, b.in.Edits.Excluded)
}

// actions are the tasks with what they disturb, in the order of the tasks.
func (b *build) actions(work actions.Result) []model.Action {
	engine, notes := impact.New(b.in.Catalog.Mapping(), b.in.System, b.in.Policy, impact.Running(b.running()))
	b.engine = engine
	b.note(notes)
	after := edges(work.Links)
	out := make([]model.Action, 0, len(work.Tasks))
	for i := range work.Tasks {
		t := &work.Tasks[i]
		a, facts, notes := engine.Act(*t)
		b.know(facts)
		b.note(notes)
		a.After, a.Rank = orEmpty(after[t.ID]), t.Rank
		out = append(out, a)
	}
	b.note(engine.CheckLimits(work.Tasks))
	return out
}

// edges are the links by the action that comes second.
func edges(links []model.Link) map[model.ActionID][]model.Edge {
	after := make(map[model.ActionID][]model.Edge, len(links))
	for i := range links {
		l := &links[i]
		after[l.Then] = append(after[l.Then], model.Edge{Action: l.First, Kind: l.Kind, Relation: l.Relation, SoakS: l.SoakS, Fact: l.Fact.ID})
	}
	return after
}

// procedureRef names the procedures of all products as one, and the weakest
// basis among them.
func procedureRef(refs []model.ProcedureRef) model.ProcedureRef {
	if len(refs) == 0 {
		return model.ProcedureRef{Basis: model.BasisUnknown}
	}
	out := refs[0]
	for _, r := range refs[1:] {
		out.Name += " + " + r.Name
		if r.Path != out.Path && r.Path != "" {
			out.Path += " + " + r.Path
		}
		out.Basis = min(out.Basis, r.Basis)
	}
	return out
}
