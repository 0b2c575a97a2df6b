package tui

import (
	"strings"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/planner/standing"
)

// view is a plan with what the screens look up in it again and again. It is not
// changed after it was made.
type view struct {
	model.Plan
	// catalog is the mapping that the plan was made with.
	catalog *catalog.Catalog
	actions map[model.ActionID]*model.Action
	changes map[model.ChangeID]*model.Change
	facts   map[model.FactID]*model.Fact
	bundle  map[model.ActionID]int
	// signs identify what a bundle does and disturbs, in the order of the bundles.
	signs []string
	// capabilities by id, and planes, from the mapping.
	capabilities map[model.CapabilityID]model.Capability
}

func newView(p model.Plan, mapping *catalog.Catalog) *view {
	capabilities := mapping.Capabilities()
	v := &view{
		Plan: p, catalog: mapping,
		actions: make(map[model.ActionID]*model.Action, len(p.Actions)), changes: make(map[model.ChangeID]*model.Change, len(p.Changes)),
		facts: make(map[model.FactID]*model.Fact, len(p.Facts)), bundle: make(map[model.ActionID]int, len(p.Actions)),
		capabilities: make(map[model.CapabilityID]model.Capability, len(capabilities)),
	}
	for i := range p.Actions {
		v.actions[p.Actions[i].ID] = &p.Actions[i]
	}
	for i := range p.Changes {
		v.changes[p.Changes[i].ID] = &p.Changes[i]
	}
	for i := range p.Facts {
		v.facts[p.Facts[i].ID] = &p.Facts[i]
	}
	for i, b := range p.Bundles {
		for _, id := range b.Actions {
			v.bundle[id] = i
		}
		v.signs = append(v.signs, v.sign(b))
	}
	for _, c := range capabilities {
		v.capabilities[c.ID] = c
	}
	return v
}

// sign is equal for two bundles that do and disturb the same.
func (v *view) sign(b model.Bundle) string {
	var s strings.Builder
	for _, id := range b.Actions {
		s.WriteString(string(id))
		s.WriteByte(0)
		if a := v.actions[id]; a != nil {
			for _, c := range a.Changes {
				s.WriteString(string(c))
				s.WriteByte(1)
			}
		}
	}
	for _, p := range v.Planes {
		s.WriteByte(byte(b.Footprint[p.ID]))
	}
	if b.Window != nil {
		s.WriteString(b.Window.Start)
	}
	return s.String()
}

// excluded are the changes and actions that the edits leave out.
func (v *view) excluded() []string { return v.Edits.Excluded }

// standing puts into words where an update stands that has begun.
func (v *view) standing() standing.Lists {
	l, _ := standing.Of(v.Plan, func(id model.CapabilityID) string {
		if c, ok := v.capabilities[id]; ok && c.Title != "" {
			return c.Title
		}
		return string(id)
	})
	return l
}

// tails are the actions with effects that go on after the bundles.
func (v *view) tails() []*model.Action {
	var out []*model.Action
	for i := range v.Actions {
		if v.Actions[i].Tail != nil {
			out = append(out, &v.Actions[i])
		}
	}
	return out
}

// unknowns is how many things are not known.
func (v *view) unknowns() int {
	n := 0
	for _, u := range v.Unknowns {
		n += 1 + u.More
	}
	return n
}

// impact is what a plane feels of a bundle.
func impact(b *model.Bundle, plane model.PlaneID) model.PlaneImpact {
	for _, i := range b.Impact {
		if i.Plane == plane {
			return i
		}
	}
	return model.PlaneImpact{Plane: plane}
}

// lasts is the longest time at the plane's worst level.
func lasts(i model.PlaneImpact) model.Span {
	var s model.Span
	for _, c := range i.Capabilities {
		if c.Level == i.Worst && c.Unknown == i.Unknown && c.P90s > s.P90s {
			s = model.Span{P50s: c.P50s, P90s: c.P90s}
		}
	}
	return s
}
