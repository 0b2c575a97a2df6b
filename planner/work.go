package planner

import (
	"fmt"
	"slices"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/diff"
)

// changes are what differs between the two sides.
type changes struct {
	// all of them, in the order of their ids; kept are those that the edits do not
	// exclude, excluded the others, with the reason.
	all, kept, excluded []model.Change
	diagnostics         []model.Diagnostic
}

func findChanges(in Input) changes {
	all, notes := diff.Between(in.From, in.To, in.Known)
	kept, excluded := exclude(all, in.Edits.Excluded)
	return changes{all: all, kept: kept, excluded: excluded, diagnostics: notes}
}

// work is what has to be done about the changes.
type work struct {
	result actions.Result
	// leftOut are the tasks of the whole update that the edits leave out.
	leftOut []model.Task
	// facts of all tasks, also of those that the edits leave out by their own ids.
	facts       []*model.Fact
	diagnostics []model.Diagnostic
}

func findWork(in Input, c changes) work {
	kept := tasksOf(in, c.kept)
	out := work{result: dropExcluded(kept, in.Edits.Excluded), facts: kept.Facts(), diagnostics: kept.Diagnostics}
	if len(in.Edits.Excluded) > 0 {
		// What needs what is seen only where nothing is missing yet.
		whole := tasksOf(in, c.all)
		out.diagnostics = append(out.diagnostics, leftOut(whole, kept, c.all, in.Edits.Excluded)...)
		out.leftOut = slices.DeleteFunc(whole.Tasks, func(t model.Task) bool {
			return slices.ContainsFunc(out.result.Tasks, func(o model.Task) bool { return o.ID == t.ID })
		})
	}
	return out
}

func tasksOf(in Input, changes []model.Change) actions.Result {
	return actions.From(actions.Input{
		From: in.From, To: in.To, Changes: changes, Catalog: in.Catalog, Procedures: in.Procedures,
		System: in.System, Policy: in.Policy, Path: in.Path,
	})
}

// exclude takes changes out of the plan that the user has excluded by id. They
// stay listed, with the reason, since the target is then a mixed state.
func exclude(changes []model.Change, excluded []string) (kept, left []model.Change) {
	if len(excluded) == 0 {
		return changes, nil
	}
	out := map[string]bool{}
	for _, id := range excluded {
		out[id] = true
	}
	for _, c := range changes {
		if out[string(c.ID)] {
			c.Action, c.Reason = nil, "excluded"
			left = append(left, c)
		} else {
			kept = append(kept, c)
		}
	}
	return kept, left
}

// dropExcluded takes out whole actions that the user has excluded by id, with
// the links that name them. Their changes stay listed.
func dropExcluded(work actions.Result, excluded []string) actions.Result {
	if len(excluded) == 0 {
		return work
	}
	out := map[model.ActionID]bool{}
	for _, id := range excluded {
		out[model.ActionID(id)] = true
	}
	work.Tasks = slices.DeleteFunc(slices.Clone(work.Tasks), func(t model.Task) bool { return out[t.ID] })
	work.Links = slices.DeleteFunc(slices.Clone(work.Links), func(l model.Link) bool { return out[l.First] || out[l.Then] })
	work.Changes = slices.Clone(work.Changes)
	for i, c := range work.Changes {
		if c.Action != nil && out[*c.Action] {
			work.Changes[i].Action, work.Changes[i].Reason = nil, "excluded with "+string(*c.Action)
		}
	}
	return work
}

// leftOut says what leaving things out means: what names nothing, and what stays in
// the plan although something that it is documented to need does not. whole is the
// work with nothing left out, work that without the excluded changes.
func leftOut(whole, work actions.Result, changes []model.Change, excluded []string) []model.Diagnostic {
	var out []model.Diagnostic
	stays := map[model.ActionID]bool{}
	for _, t := range work.Tasks {
		stays[t.ID] = true
	}
	for _, id := range excluded {
		delete(stays, model.ActionID(id))
		if !slices.ContainsFunc(whole.Tasks, func(t model.Task) bool { return string(t.ID) == id }) &&
			!slices.ContainsFunc(changes, func(c model.Change) bool { return string(c.ID) == id }) {
			out = append(out, model.Diagnostic{Severity: model.Warning, Code: "excluded-nothing", Subject: id,
				Summary: "it was to be left out, but the plan has no such change or action", Hint: "correct the id; planewise show -v lists them"})
		}
	}
	for _, l := range whole.Links {
		if l.Kind == model.RequiredEdge && l.Relation != model.Apart && l.Relation != model.NotDuring && !stays[l.First] && stays[l.Then] {
			out = append(out, model.Diagnostic{Severity: model.Blocking, Code: "excluded-requirement", Subject: string(l.Then),
				Summary: fmt.Sprintf("%s is left out, but %s is documented to need it first", l.First, l.Then),
				Hint:    "leave out both, or neither", Path: []string{string(l.First), string(l.Then)}})
		}
	}
	return out
}
