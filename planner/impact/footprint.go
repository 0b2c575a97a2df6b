package impact

import (
	"slices"

	"planewise/model"
)

// Footprint is how much each plane feels of effects, by the policy's thresholds:
// for each capability the worse end of its range counts, so that an effect of
// which nothing is known disturbs its plane whatever the capability's importance.
// Every plane that has a capability is listed.
func Footprint(effects []model.Effect, caps map[model.CapabilityID]model.Capability, p model.Policy) map[model.PlaneID]model.Footprint {
	out := map[model.PlaneID]model.Footprint{}
	for _, c := range caps {
		out[c.Plane] = model.Untouched
	}
	footprints(out, effects, caps, p)
	return out
}

func footprints(out map[model.PlaneID]model.Footprint, effects []model.Effect, caps map[model.CapabilityID]model.Capability, p model.Policy) {
	var c model.Capability
	known, last := false, model.CapabilityID("")
	for i := range effects {
		e := &effects[i]
		if e.Capability == model.Any {
			for _, c := range caps {
				if e.Plane == c.Plane || e.Plane == model.Any {
					x := e.On(model.Reached{Plane: c.Plane, Capability: c.ID, ToleranceS: c.ToleranceS})
					out[c.Plane] = max(out[c.Plane], footprintOf(x.Range(), &c, true, &p))
				}
			}
			continue
		}
		if i == 0 || e.Capability != last {
			c, known = caps[e.Capability]
			last = e.Capability
		}
		if !known {
			c.Plane = e.Plane
		}
		if f := footprintOf(e.Range(), &c, known, &p); f > model.Untouched {
			out[c.Plane] = max(out[c.Plane], f)
		}
	}
}

// footprint is Footprint without going through all capabilities each time.
func (e *Engine) footprint(effects []model.Effect) map[model.PlaneID]model.Footprint {
	out := make(map[model.PlaneID]model.Footprint, len(e.byPlane))
	for plane := range e.byPlane {
		out[plane] = model.Untouched
	}
	footprints(out, effects, e.capabilities, e.policy)
	return out
}

func footprintOf(r model.Range, c *model.Capability, known bool, p *model.Policy) model.Footprint {
	switch {
	case r.IsNone():
		return model.Untouched
	case !known || r.IsUnknown() && r.Most == model.Outage:
		return model.Disturbed
	case r.Most >= model.Blip && slices.Contains(p.NoBlip, c.ID):
		return model.Disturbed
	}
	if from, set := p.Disturbed[c.Importance]; set && from > model.None && r.Most >= from {
		return model.Disturbed
	}
	if from, set := p.Watched[c.Importance]; set && from > model.None && r.Most >= from {
		return model.Watched
	}
	return model.Untouched
}
