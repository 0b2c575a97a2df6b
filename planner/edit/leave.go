package edit

import "planewise/model"

// requiring finds the actions that require those that are gone, directly or not, in the
// plan's order as far as that leads to them, and adds them to gone. Only required edges
// count: the vendor's order says when, not whether.
func requiring(p model.Plan, gone map[model.ActionID]bool) (too []string) {
	// The actions are in run order, and a required edge points backwards except
	// inside a circle; so passes are few.
	for again := true; again; {
		again = false
		for _, a := range p.Actions {
			if !gone[a.ID] && requires(a, gone) {
				gone[a.ID], again = true, true
				too = append(too, string(a.ID))
			}
		}
	}
	return too
}

// emptied reports whether all that an action ships is left out.
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
