package impact

import (
	"cmp"
	"slices"

	"planewise/model"
)

// anything puts one effect on any capability ("*") in place of those that are not known
// at all, from the beginning of the action to its end, for the same reasons. The list
// means the same: other effects speak of all other capabilities of the plane, for just
// as long.
func (s *scene) anything(effects []model.Effect) []model.Effect {
	var out, stars []model.Effect
	planes := 0
	for _, plane := range s.planes {
		if len(s.byPlane[plane]) == 0 {
			continue
		}
		planes++
		from, _ := slices.BinarySearchFunc(effects, plane, func(e model.Effect, p model.PlaneID) int { return cmp.Compare(e.Plane, p) })
		to := from
		for to < len(effects) && effects[to].Plane == plane {
			to++
		}
		star, rest := s.star(effects[from:to], len(s.byPlane[plane]))
		if star != nil {
			stars = append(stars, *star)
		}
		out = append(out, rest...)
	}
	if len(stars) == planes && !slices.ContainsFunc(stars, func(e model.Effect) bool { return !slices.Equal(e.Facts, stars[0].Facts) }) {
		stars = stars[:1]
		stars[0].Plane = model.Any
	}
	if len(effects)-len(out)-len(stars) < 1 {
		return effects // nothing would be shorter
	}
	out = append(stars, out...)
	slices.SortStableFunc(out, func(a, b model.Effect) int { return cmp.Compare(a.Plane, b.Plane) })
	return out
}

// named: the first effect is on anything, for this reason, which is not said again.
func named(effects []model.Effect, id model.FactID) bool {
	return len(effects) > 0 && effects[0].Plane == model.Any && slices.Contains(effects[0].Facts, id)
}

// star is the effect on any of a plane's capabilities that stands for all that are as
// unknown as the first of them, and the effects that are left; nil and all of them where
// there is none, or where some capability is not spoken of all the time.
func (s *scene) star(effects []model.Effect, capabilities int) (star *model.Effect, rest []model.Effect) {
	spoken := 0
	for i := 0; i < len(effects); {
		j, end := i, model.Span{}
		for ; j < len(effects) && effects[j].Capability == effects[i].Capability; j++ {
			if effects[j].Start != end {
				return nil, effects
			}
			end = plus(end, effects[j].Lasts)
		}
		if end != s.length {
			return nil, effects
		}
		spoken++
		if star == nil && j == i+1 && s.blank(&effects[i]) {
			x := effects[i]
			x.Capability, x.Most, star = model.Any, nil, &x
		}
		i = j
	}
	if star == nil || spoken < capabilities {
		return nil, effects
	}
	for i := range effects {
		e := &effects[i]
		if !s.blank(e) || e.Lasts != star.Lasts || !slices.Equal(e.Facts, star.Facts) {
			rest = append(rest, *e)
		}
	}
	return star, rest
}

// blank: the effect is all that may happen to its capability.
func (s *scene) blank(e *model.Effect) bool {
	x := model.Effect{Lasts: e.Lasts}.On(s.asReached(s.capability[e.Capability]))
	return e.Range() == x.Range() && e.Start == model.Span{} && e.Times == 0
}
