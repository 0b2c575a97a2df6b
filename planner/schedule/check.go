package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// Check reports every edge that a split breaks: a bundle order, or a run order
// inside a bundle, in which something happens before what must come first, or in
// which actions are together or apart against an edge; and every pair of bundles
// that stands against the vendor's ranks. A sound plan has none, in any of its
// intermediate states: what is done after each action contains all that its
// required edges ask for.
func Check(bundles []model.Bundle, actions []model.Action) []model.Diagnostic {
	c := checker{at: make(map[model.ActionID]place), tailed: make(map[model.ActionID]bool)}
	for i, b := range bundles {
		for k, id := range b.Actions {
			c.at[id] = place{i, k}
		}
	}
	for _, a := range actions {
		c.tailed[a.ID] = a.Tail != nil
	}
	var broken []model.Diagnostic
	for _, then := range actions {
		for _, e := range then.After {
			if wrong := c.broken(then.ID, e); wrong != "" {
				broken = append(broken, model.Diagnostic{
					Severity: model.Blocking, Code: "edge-broken", Subject: string(then.ID),
					Summary: fmt.Sprintf("%s %s %s (%s)", then.ID, wrong, e.Action, e.Kind),
					Hint:    "this is a fault of the split or of a pin, not of the release",
					Path:    []string{string(e.Action), string(then.ID)},
				})
			}
		}
	}
	return model.SortDiagnostics(append(broken, c.ranks(actions)...))
}

type place struct{ bundle, step int }

type checker struct {
	at     map[model.ActionID]place
	tailed map[model.ActionID]bool
}

// broken says what is wrong with where then stands, "" where nothing is.
func (c *checker) broken(then model.ActionID, e model.Edge) string {
	a, ok := c.at[e.Action]
	b, also := c.at[then]
	if !ok || !also {
		return ""
	}
	together := a.bundle == b.bundle
	early := b.bundle < a.bundle || together && b.step < a.step
	switch {
	case e.Relation == model.Before && early:
		return "has to come after"
	case e.Relation == model.Soak && (early || together && e.SoakS > 0):
		return "has to come in a later bundle than"
	case e.Relation == model.With && !together:
		return "has to be in the same bundle as"
	case e.Relation == model.Apart && together:
		return "must not be in the same bundle as"
	case e.Relation == model.NotDuring && together && (c.tailed[e.Action] && !early || c.tailed[then] && early):
		// A bundle runs its actions one after another, so only a tail can overlap.
		return "must not run during the tail of"
	}
	return ""
}

// ranks reports, for every bundle, the first action that an earlier bundle's
// higher rank has overtaken.
func (c *checker) ranks(actions []model.Action) []model.Diagnostic {
	sorted := slices.Clone(actions)
	sorted = slices.DeleteFunc(sorted, func(a model.Action) bool { _, ok := c.at[a.ID]; return !ok })
	slices.SortFunc(sorted, func(a, b model.Action) int {
		return cmp.Or(cmp.Compare(c.at[a.ID].bundle, c.at[b.ID].bundle), cmp.Compare(a.Rank, b.Rank), strings.Compare(string(a.ID), string(b.ID)))
	})
	var broken []model.Diagnostic
	var highest *model.Action // of the bundles before
	for i := 0; i < len(sorted); {
		end := i
		for end < len(sorted) && c.at[sorted[end].ID].bundle == c.at[sorted[i].ID].bundle {
			end++
		}
		lowest := sorted[i]
		if highest != nil && lowest.Rank < highest.Rank {
			broken = append(broken, model.Diagnostic{
				Severity: model.Blocking, Code: "edge-broken", Subject: string(lowest.ID),
				Summary: fmt.Sprintf("%s comes in a later bundle than %s, which follows it in the vendor's order", lowest.ID, highest.ID),
				Hint:    "this is a fault of the split or of a pin, not of the release",
				Path:    []string{string(lowest.ID), string(highest.ID)},
			})
		}
		if last := sorted[end-1]; highest == nil || last.Rank > highest.Rank {
			highest = &last
		}
		i = end
	}
	return broken
}
