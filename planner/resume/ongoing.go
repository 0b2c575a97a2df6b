package resume

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
)

// GoesOn reports whether an effect is still there: nothing ends it, or what does is
// not, or not wholly, done.
func (p *Progress) GoesOn(until string) bool {
	id, ends := strings.CutPrefix(until, "action:")
	return until != "" && (!ends || p == nil || !p.done[model.ActionID(id)])
}

// ongoing lists what goes on because of done actions, the worst first, each capability
// once for each of its ends.
func (p *Progress) ongoing(bundles []model.Bundle, done []model.Action) []model.Ongoing {
	var out []model.Ongoing
	for i := range done {
		a := &done[i]
		for _, e := range a.Effects {
			if p.GoesOn(e.Until) {
				out = append(out, model.Ongoing{Capability: e.Capability, Plane: e.Plane, Level: e.Level, Unknown: e.Unknown, Most: e.Most,
					Action: a.ID, Until: e.Until, Bundle: ender(bundles, e.Until), Facts: e.Facts})
			}
		}
		if t := a.Tail; t != nil {
			out = append(out, model.Ongoing{Capability: t.Capability, Plane: t.Plane, Level: t.Level, Action: a.ID, Until: "tail", Facts: t.Facts})
		}
	}
	sortOngoing(out)
	out = worstOfEach(out)
	sortOngoing(out)
	return out
}

// sortOngoing puts the worst first.
func sortOngoing(out []model.Ongoing) {
	slices.SortStableFunc(out, func(a, b model.Ongoing) int {
		x, y := a.Range(), b.Range()
		return cmp.Or(cmp.Compare(y.Most, x.Most), cmp.Compare(y.Least, x.Least), strings.Compare(string(a.Plane), string(b.Plane)),
			strings.Compare(string(a.Capability), string(b.Capability)), strings.Compare(a.Until, b.Until), strings.Compare(string(a.Action), string(b.Action)))
	})
}

// worstOfEach keeps each capability once for each of its ends: with the action that may
// do the worst, at the level of all of them together, for their reasons.
func worstOfEach(all []model.Ongoing) []model.Ongoing {
	var out []model.Ongoing
	for _, o := range all {
		i := slices.IndexFunc(out, func(x model.Ongoing) bool { return x.Capability == o.Capability && x.Until == o.Until })
		if i < 0 {
			out = append(out, o)
			continue
		}
		one := &out[i]
		level := one.Range().Worse(o.Range())
		if level == one.Range() {
			continue
		}
		e := model.Effect{}
		e.SetRange(level)
		one.Level, one.Unknown, one.Most = e.Level, e.Unknown, e.Most
		one.Facts = slices.Compact(slices.Sorted(slices.Values(slices.Concat(one.Facts, o.Facts))))
	}
	return out
}

// ender is the key of the bundle that ends an effect.
func ender(bundles []model.Bundle, until string) *model.ActionID {
	id, ok := strings.CutPrefix(until, "action:")
	if !ok {
		return nil
	}
	i := slices.IndexFunc(bundles, func(one model.Bundle) bool { return slices.Contains(one.Actions, model.ActionID(id)) })
	if i < 0 {
		return nil
	}
	return &bundles[i].Key
}
