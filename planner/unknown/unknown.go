// Package unknown says what a plan does not know of its actions, and what would settle
// it. A plan lists that, and says once what is the same of very many actions; this
// package tells it of each.
package unknown

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// level is that of facts about what nobody knows.
const level = "unknown"

// Duration is what is not known of an action that nobody has timed.
const Duration = "how long it takes is not known"

// All are a plan's unknown things, each with one subject.
func All(p *model.Plan) []model.UnknownThing {
	var out []model.UnknownThing
	reach := p.Reach()
	for _, u := range p.Unknowns {
		if u.More == 0 {
			out = append(out, u)
			continue
		}
		for i := range p.Actions {
			for _, one := range Of(&p.Actions[i], p.Facts, reach) {
				if one.What == u.What && slices.Equal(one.Planes, u.Planes) {
					out = append(out, one)
				}
			}
		}
	}
	return out
}

// Of is what is not known of an action: its effects, then how long it takes. Facts are
// those of its plan, sorted by id.
func Of(a *model.Action, facts []model.Fact, reach model.Reach) []model.UnknownThing {
	var out []model.UnknownThing
	if u, ok := effects(a, facts, reach); ok {
		out = append(out, u)
	}
	if a.DurationUnknown {
		out = append(out, model.UnknownThing{
			Subject: string(a.ID), What: Duration,
			SettleBy: "a measured duration of the site's own in the system description",
		})
	}
	return out
}

// effects looks for effects of an action that are not known.
func effects(a *model.Action, facts []model.Fact, reach model.Reach) (model.UnknownThing, bool) {
	var planes []string
	reason, fault, other := "", false, false
	for i := range a.Effects {
		e := &a.Effects[i]
		if !e.Unknown {
			continue
		}
		for _, plane := range reach.Planes(e.Plane) {
			if !slices.Contains(planes, string(plane)) {
				planes = append(planes, string(plane))
			}
		}
		for _, id := range e.Facts {
			f := factOf(facts, id)
			if f == nil {
				continue
			}
			open := f.Level == level || f.Basis == model.BasisUnknown
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
