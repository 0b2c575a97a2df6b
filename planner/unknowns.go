package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// unknownLevel is the level of facts about what nobody knows.
const unknownLevel = "unknown"

const unknownDuration = "how long it takes is not known"

// unknowns lists what the plan does not know, with what would settle it: the
// effects that are unknown at their root, the durations nobody has stated, and
// what diagnostics say is not covered.
func unknowns(p model.Plan) []model.UnknownThing {
	out := []model.UnknownThing{}
	for i := range p.Actions {
		a := &p.Actions[i]
		if u, ok := unknownEffect(a, p.Facts); ok {
			out = append(out, u)
		}
		if a.DurationUnknown {
			out = append(out, model.UnknownThing{
				Subject: string(a.ID), What: unknownDuration,
				SettleBy: "a measured duration of the site's own in the system description",
			})
		}
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
	if u.What == unknownDuration {
		return 1
	}
	return 0
}

// unknownEffect looks for effects of an action that are not known; facts are sorted by id.
func unknownEffect(a *model.Action, facts []model.Fact) (model.UnknownThing, bool) {
	var planes []string
	reason, fault, other := "", false, false
	for i := range a.Effects {
		e := &a.Effects[i]
		if !e.Unknown {
			continue
		}
		if !slices.Contains(planes, string(e.Plane)) {
			planes = append(planes, string(e.Plane))
		}
		for _, id := range e.Facts {
			f := factOf(facts, id)
			if f == nil {
				continue
			}
			open := f.Level == unknownLevel || f.Basis == model.BasisUnknown
			fault, other = fault || open && f.Basis == model.BasisObserved, other || open && f.Basis != model.BasisObserved
			if reason == "" && f.Basis == model.BasisUnknown {
				reason = f.Text
			}
		}
	}
	if planes == nil {
		return model.UnknownThing{}, false
	}
	u := model.UnknownThing{Subject: string(a.ID), What: "what it disturbs is not known", SettleBy: settle(a)}
	switch {
	case fault && !other:
		u.What = "what it disturbs is not known: something it relies on was not up when the site was looked at, and may not be by then"
		u.SettleBy = "repairing that before the work, and importing the system again"
	case reason != "":
		u.What = fmt.Sprintf("what it disturbs is not known: %s", strings.TrimSuffix(reason, "."))
	}
	slices.Sort(planes)
	u.Planes = planes
	return u, true
}

// factOf finds a fact among those of a plan, which are sorted by id.
func factOf(facts []model.Fact, id model.FactID) *model.Fact {
	i, found := slices.BinarySearchFunc(facts, id, func(f model.Fact, id model.FactID) int { return strings.Compare(string(f.ID), string(id)) })
	if !found {
		return nil
	}
	return &facts[i]
}

// settle says what would turn the unknown into knowledge: a rule for what is
// unmapped, the live object for what the release does not state.
func settle(a *model.Action) string {
	for _, id := range a.Changes {
		if name, ok := strings.CutPrefix(string(id), "chart:"); ok {
			namespace, release, _ := strings.Cut(name, "/")
			return fmt.Sprintf("a rule in a mapping file (planewise mapping check); its workloads: kubectl -n %s get deploy,sts,ds -l app.kubernetes.io/instance=%s -o json", namespace, release)
		}
	}
	return "a rule in a mapping file, or the vendor's word on this step"
}
