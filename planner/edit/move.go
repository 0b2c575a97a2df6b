package edit

import (
	"fmt"

	"planewise/model"
)

// Forbids says what forbids to move an action into the bundle with this index; "" where
// nothing does. It looks at required edges and at the vendor's order between
// ranks; what else the solver finds stands in the plan's diagnostics.
func Forbids(p model.Plan, id model.ActionID, bundle int) string {
	home := map[model.ActionID]int{}
	for i, b := range p.Bundles {
		for _, a := range b.Actions {
			home[a] = i
		}
	}
	var me *model.Action
	for i := range p.Actions {
		if p.Actions[i].ID == id {
			me = &p.Actions[i]
		}
	}
	if me == nil || bundle < 0 || bundle >= len(p.Bundles) {
		return "the plan does not have it"
	}
	at, ok := home[id]
	switch {
	case !ok:
		return "it is in no bundle"
	case at == bundle:
		return "it is there"
	}
	for _, e := range me.After {
		if why := edge(e, home, bundle, "must follow"); why != "" {
			return why
		}
	}
	for i := range p.Actions {
		for _, e := range p.Actions[i].After {
			if e.Action == id {
				if why := reverse(p.Actions[i].ID, e, home, bundle); why != "" {
					return why
				}
			}
		}
	}
	return ranks(p, me, home, bundle)
}

// edge is a relation of the moved action to an earlier one.
func edge(e model.Edge, home map[model.ActionID]int, bundle int, must string) string {
	at, ok := home[e.Action]
	if !ok {
		return ""
	}
	switch e.Relation {
	case model.Before:
		if at > bundle {
			return fmt.Sprintf("%s %s (B%d), %s", must, e.Action, at+1, e.Kind)
		}
	case model.Soak:
		if at >= bundle {
			return fmt.Sprintf("must come some time after %s (B%d), %s", e.Action, at+1, e.Kind)
		}
	case model.With:
		if at != bundle {
			return fmt.Sprintf("must be with %s (B%d), %s", e.Action, at+1, e.Kind)
		}
	case model.Apart:
		if at == bundle {
			return fmt.Sprintf("must be apart from %s, %s", e.Action, e.Kind)
		}
	}
	return ""
}

// reverse is the relation of another action to the moved one.
func reverse(other model.ActionID, e model.Edge, home map[model.ActionID]int, bundle int) string {
	at, ok := home[other]
	if !ok {
		return ""
	}
	switch e.Relation {
	case model.Before:
		if at < bundle {
			return fmt.Sprintf("must come before %s (B%d), %s", other, at+1, e.Kind)
		}
	case model.Soak:
		if at <= bundle {
			return fmt.Sprintf("must come some time before %s (B%d), %s", other, at+1, e.Kind)
		}
	case model.With:
		if at != bundle {
			return fmt.Sprintf("must be with %s (B%d), %s", other, at+1, e.Kind)
		}
	case model.Apart:
		if at == bundle {
			return fmt.Sprintf("must be apart from %s, %s", other, e.Kind)
		}
	}
	return ""
}

// ranks keeps the vendor's order: boundaries that are not relaxed have actions
// below them in no later bundle than those above.
func ranks(p model.Plan, me *model.Action, home map[model.ActionID]int, bundle int) string {
	for i := range p.Actions {
		a := &p.Actions[i]
		at, ok := home[a.ID]
		if a.ID == me.ID || !ok {
			continue
		}
		if order, ok := between(p, a.Rank, me.Rank); ok && at > bundle {
			return fmt.Sprintf("the vendor's order puts it after %s (B%d); relax %s", a.ID, at+1, order)
		}
		if order, ok := between(p, me.Rank, a.Rank); ok && at < bundle {
			return fmt.Sprintf("the vendor's order puts it before %s (B%d); relax %s", a.ID, at+1, order)
		}
	}
	return ""
}

// between is a boundary between the two ranks.
func between(p model.Plan, low, high int) (order string, ok bool) {
	for _, b := range p.Order {
		if low < b.Rank && b.Rank <= high {
			return b.ID, true
		}
	}
	return "", false
}
