package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/actions"
)

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

func cleanEdits(e model.Edits) model.Edits {
	e.Excluded, e.Pins, e.Moved, e.Relaxed = orEmpty(e.Excluded), orEmpty(e.Pins), orEmpty(e.Moved), orEmpty(e.Relaxed)
	slices.Sort(e.Excluded)
	slices.Sort(e.Relaxed)
	e.Done = model.MergeDone(e.Done)
	return e
}

// refs names the releases of a side; the caller, who has the documents, fills in
// the digests.
func refs(releases []model.Release) []model.ReleaseRef {
	out := make([]model.ReleaseRef, 0, len(releases))
	for _, r := range releases {
		out = append(out, model.ReleaseRef{Product: r.Product, Version: r.Version})
	}
	slices.SortFunc(out, func(a, b model.ReleaseRef) int {
		return cmp.Or(strings.Compare(a.Product, b.Product), strings.Compare(a.Version, b.Version))
	})
	return out
}

// nodeCounts says how many nodes of each role a system has, in its own order.
func nodeCounts(s model.System) string {
	var roles []string
	count := map[string]int{}
	for _, g := range s.Nodes {
		role := g.Role
		if g.SubRole != "" {
			role = g.SubRole
		}
		if _, seen := count[role]; !seen {
			roles = append(roles, role)
		}
		count[role] += g.Count
	}
	var out []string
	for _, r := range roles {
		out = append(out, fmt.Sprintf("%d %s", count[r], r))
	}
	return strings.Join(out, ", ")
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
