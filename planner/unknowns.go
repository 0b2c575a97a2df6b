package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/unknown"
)

// unknowns lists what the plan does not know, with what would settle it: the
// effects that are unknown at their root, the durations nobody has stated, and
// what diagnostics say is not covered.
func unknowns(p model.Plan) []model.UnknownThing {
	out := []model.UnknownThing{}
	reach := p.Reach()
	for i := range p.Actions {
		out = append(out, unknown.Of(&p.Actions[i], p.Facts, reach)...)
	}
	out = append(out, unknownNow(p.Standing)...)
	slices.SortStableFunc(out, func(a, b model.UnknownThing) int {
		return cmp.Or(cmp.Compare(rankUnknown(a), rankUnknown(b)), strings.Compare(a.Subject, b.Subject))
	})
	return out
}

// unknownNow is what is not known of the state that a begun update stands in: how far
// the node is at which a roll was interrupted, and what done actions left behind.
func unknownNow(s *model.Standing) []model.UnknownThing {
	if s == nil {
		return nil
	}
	var out []model.UnknownThing
	for _, d := range s.Done {
		if d.Units < d.Of {
			out = append(out, model.UnknownThing{Subject: string(d.ID),
				What:     fmt.Sprintf("%d of %d are done; whether one of the others is drained, cordoned or half rebuilt is not known", d.Units, d.Of),
				SettleBy: "a look at them (kubectl get nodes; ceph status) before going on"})
		}
	}
	for _, o := range s.Ongoing {
		if o.Unknown {
			out = append(out, model.UnknownThing{Subject: string(o.Action), Planes: []string{string(o.Plane)},
				What: "it is done, and what it disturbs now is not known: " + string(o.Capability), SettleBy: "a look at the system as it stands"})
		}
	}
	return out
}

// rankUnknown puts effects before durations: not knowing what breaks is worse
// than not knowing for how long.
func rankUnknown(u model.UnknownThing) int {
	if u.What == unknown.Duration {
		return 1
	}
	return 0
}
