// Package brief reads a plan for the exporters: it finds actions, facts and
// titles by their ids, and puts into words what several formats say.
//
// All text it returns is clean (see package clean); escaping for a format is the
// exporter's own task.
package brief

import (
	"bytes"
	"cmp"
	"encoding/json"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/words"
)

// Brief is a plan with its indexes. The plan is not changed.
type Brief struct {
	model.Plan
	actions      map[model.ActionID]int
	labels       map[model.ActionID]string
	facts        map[model.FactID]int
	changes      map[model.ChangeID]int
	planes       map[model.PlaneID]model.Plane
	capabilities map[model.CapabilityID]model.Capability
	reach        model.Reach
}

// New indexes a plan. Titles of planes and capabilities come from the mapping
// that is embedded in the plan; where there is none, ids stand for them.
func New(p model.Plan) *Brief {
	b := &Brief{
		Plan:         p,
		actions:      make(map[model.ActionID]int, len(p.Actions)),
		labels:       make(map[model.ActionID]string, len(p.Actions)),
		facts:        make(map[model.FactID]int, len(p.Facts)),
		changes:      make(map[model.ChangeID]int, len(p.Changes)),
		planes:       map[model.PlaneID]model.Plane{},
		capabilities: map[model.CapabilityID]model.Capability{},
		reach:        words.Reach(&p),
	}
	for i := range p.Actions {
		b.actions[p.Actions[i].ID] = i
	}
	for _, bundle := range p.Bundles {
		for _, id := range bundle.Actions {
			b.labels[id] = clean.Text(bundle.Label)
		}
	}
	for i := range p.Facts {
		b.facts[p.Facts[i].ID] = i
	}
	for i := range p.Changes {
		b.changes[p.Changes[i].ID] = i
	}
	for _, in := range p.Inputs {
		if in.Kind == "mapping" {
			b.titles(in.Content)
		}
	}
	return b
}

// titles reads the planes and capabilities of a mapping, and no more: its rules
// are far larger and nobody here needs them. A mapping that is broken gives no
// titles; reading the plan file has reported it.
func (b *Brief) titles(content []byte) {
	dec := json.NewDecoder(bytes.NewReader(content))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return
	}
	for found := 0; dec.More() && found < 2; {
		key, err := dec.Token()
		if err != nil {
			return
		}
		switch key {
		case "planes":
			var planes []model.Plane
			if dec.Decode(&planes) != nil {
				return
			}
			for _, p := range planes {
				b.planes[p.ID] = p
			}
			found++
		case "capabilities":
			// Only these fields: needs are trees, and slow to read.
			var capabilities []struct {
				ID     model.CapabilityID
				Plane  model.PlaneID
				Title  string
				Answer string
			}
			if dec.Decode(&capabilities) != nil {
				return
			}
			for _, c := range capabilities {
				b.capabilities[c.ID] = model.Capability{ID: c.ID, Plane: c.Plane, Title: c.Title, Answer: c.Answer}
			}
			found++
		default:
			var skip json.RawMessage
			if dec.Decode(&skip) != nil {
				return
			}
		}
	}
}

// Action is the action with the id. An id without an action, as in a damaged
// plan, is an action that has only its id.
func (b *Brief) Action(id model.ActionID) model.Action {
	if i, ok := b.actions[id]; ok {
		return b.Actions[i]
	}
	return model.Action{ID: id, Title: string(id), Method: model.MethodUnknown, DurationUnknown: true}
}

// Change is the change with the id.
func (b *Brief) Change(id model.ChangeID) (model.Change, bool) {
	i, ok := b.changes[id]
	if !ok {
		return model.Change{}, false
	}
	return b.Changes[i], true
}

// FactsOf are the facts with the ids, in their order; ids without a fact are left out.
func (b *Brief) FactsOf(ids []model.FactID) []model.Fact {
	out := make([]model.Fact, 0, len(ids))
	for _, id := range ids {
		if i, ok := b.facts[id]; ok {
			out = append(out, b.Facts[i])
		}
	}
	return out
}

// PlaneIDs are the plan's planes in its order.
func (b *Brief) PlaneIDs() []model.PlaneID {
	out := make([]model.PlaneID, len(b.Planes))
	for i, p := range b.Planes {
		out[i] = p.ID
	}
	return out
}

// Timeline is that of a bundle with each capability in place of "*", if these are not
// too many to be read.
func (b *Brief) Timeline(bundle model.Bundle) []model.Interval {
	return b.reach.Intervals(bundle.Timeline)
}

// Plane is the plane's title, or its id.
func (b *Brief) Plane(id model.PlaneID) string {
	return clean.Text(cmp.Or(b.planes[id].Title, words.Plane(id)))
}

// Users says who uses the plane; "" where nobody said.
func (b *Brief) Users(id model.PlaneID) string { return clean.Text(b.planes[id].Users) }

// Capability is the capability's title, or its id.
func (b *Brief) Capability(id model.CapabilityID) string {
	return clean.Text(cmp.Or(b.capabilities[id].Title, words.Capability(id)))
}

// Topic is the question that the capability belongs to; see model.Capability.Answer.
func (b *Brief) Topic(id model.CapabilityID) string { return b.capabilities[id].Answer }

// PlaneOf is the plane of a capability; "" where it is not known.
func (b *Brief) PlaneOf(id model.CapabilityID) model.PlaneID {
	if c, ok := b.capabilities[id]; ok {
		return c.Plane
	}
	for _, bundle := range b.Bundles {
		for _, impact := range bundle.Impact {
			for _, c := range impact.Capabilities {
				if c.ID == id {
					return impact.Plane
				}
			}
		}
	}
	return ""
}

// BundleOf is the label of the bundle that holds the action; "" for none.
func (b *Brief) BundleOf(id model.ActionID) string {
	return b.labels[id]
}
