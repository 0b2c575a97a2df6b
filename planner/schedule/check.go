package schedule

import (
	"fmt"

	"planewise/model"
)

// Check reports every edge that a split breaks: a bundle order, or a run order
// inside a bundle, in which something happens before what must come first, or in
// which actions are together or apart against an edge. A sound plan has none, in
// any of its intermediate states: what is done after each action contains all
// that its required edges ask for.
func Check(bundles []model.Bundle, actions []model.Action) []model.Diagnostic {
	type place struct{ bundle, step int }
	at := make(map[model.ActionID]place)
	for i, b := range bundles {
		for k, id := range b.Actions {
			at[id] = place{i, k}
		}
	}
	var broken []model.Diagnostic
	for _, then := range actions {
		for _, e := range then.After {
			a, ok := at[e.Action]
			b, also := at[then.ID]
			if !ok || !also {
				continue
			}
			early := b.bundle < a.bundle || b.bundle == a.bundle && b.step < a.step
			wrong := ""
			switch e.Relation {
			case model.Before:
				if early {
					wrong = "has to come after"
				}
			case model.Soak:
				if early || a.bundle == b.bundle && e.SoakS > 0 {
					wrong = "has to come in a later bundle than"
				}
			case model.With:
				if a.bundle != b.bundle {
					wrong = "has to be in the same bundle as"
				}
			case model.Apart:
				if a.bundle == b.bundle {
					wrong = "must not be in the same bundle as"
				}
			case model.NotDuring:
				// One bundle runs its actions one after another, so only a tail can
				// overlap there.
				if a.bundle == b.bundle && (tailed(actions, e.Action) && !early || tailed(actions, then.ID) && early) {
					wrong = "must not run during the tail of"
				}
			}
			if wrong != "" {
				broken = append(broken, model.Diagnostic{
					Severity: model.Blocking, Code: "edge-broken", Subject: string(then.ID),
					Summary: fmt.Sprintf("%s %s %s (%s)", then.ID, wrong, e.Action, e.Kind),
					Hint:    "this is a fault of the split or of a pin, not of the release",
					Path:    []string{string(e.Action), string(then.ID)},
				})
			}
		}
	}
	return model.SortDiagnostics(broken)
}

func tailed(actions []model.Action, id model.ActionID) bool {
	for _, a := range actions {
		if a.ID == id {
			return a.Tail != nil
		}
	}
	return false
}
