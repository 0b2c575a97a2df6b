package edit

import (
	"slices"

	"planewise/model"
)

// Leaving is what goes when something is left out.
type Leaving struct {
	// IDs are what was asked for, changes and actions.
	IDs []string
	// Too are the actions that require one of those, in run order.
	Too []model.ActionID
}

// All is everything that goes, sorted.
func (l Leaving) All() []string {
	out := slices.Clone(l.IDs)
	for _, id := range l.Too {
		out = append(out, string(id))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Leave finds what requires the given changes and actions, directly or not. Only
// required edges count: the vendor's order says when, not whether.
func Leave(p model.Plan, ids []string) Leaving {
	out := Leaving{IDs: ids}
	asked := map[string]bool{}
	for _, id := range ids {
		asked[id] = true
	}
	gone := map[model.ActionID]bool{}
	for _, a := range p.Actions {
		if asked[string(a.ID)] || emptied(a, asked) {
			gone[a.ID] = true
		}
	}
	// The actions are in run order, and a required edge points backwards except
	// inside a circle; so passes are few.
	for again := true; again; {
		again = false
		for _, a := range p.Actions {
			if !gone[a.ID] && requires(a, gone) {
				gone[a.ID], again = true, true
				out.Too = append(out.Too, a.ID)
			}
		}
	}
	return out
}

// emptied reports whether nothing is left of an action that only ships changes.
func emptied(a model.Action, asked map[string]bool) bool {
	if len(a.Changes) == 0 {
		return false
	}
	for _, c := range a.Changes {
		if !asked[string(c)] {
			return false
		}
	}
	return true
}

func requires(a model.Action, gone map[model.ActionID]bool) bool {
	for _, e := range a.After {
		if e.Kind == model.RequiredEdge && gone[e.Action] && (e.Relation == model.Before || e.Relation == model.With || e.Relation == model.Soak) {
			return true
		}
	}
	return false
}

// Exclude adds ids to what is left out.
func Exclude(s State, ids []string) State {
	s = s.Clone()
	s.Edits.Excluded = append(s.Edits.Excluded, ids...)
	slices.Sort(s.Edits.Excluded)
	s.Edits.Excluded = slices.Compact(s.Edits.Excluded)
	return s
}

// Include takes ids back in.
func Include(s State, ids []string) State {
	s = s.Clone()
	s.Edits.Excluded = slices.DeleteFunc(s.Edits.Excluded, func(id string) bool { return slices.Contains(ids, id) })
	return s
}
