package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/actions"
)

// cleanEdits are the edits as plans hold them: sorted, and no list is null.
func cleanEdits(e model.Edits) model.Edits {
	e.Excluded = orEmpty(slices.Sorted(slices.Values(e.Excluded)))
	e.Relaxed = orEmpty(slices.Sorted(slices.Values(e.Relaxed)))
	e.Pins, e.Moved = orEmpty(e.Pins), orEmpty(e.Moved)
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

// order is the vendor's ranks, which plan files carry so that they can be
// checked without their inputs.
func order(boundaries []actions.Boundary) []model.Boundary {
	out := []model.Boundary{}
	for _, x := range boundaries {
		out = append(out, model.Boundary{ID: x.ID, Rank: x.Rank, Fact: x.Fact.ID})
	}
	return out
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
