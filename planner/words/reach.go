package words

import "planewise/model"

// maxShown is how many lines a view makes of effects on anything.
const maxShown = 4000

// Reach is what a view shows in place of "*": each capability, as long as that makes no
// more lines than anybody reads. Otherwise it is empty, and "*" stays, as Capability and
// Plane call it.
func Reach(p *model.Plan) model.Reach {
	reach := p.Reach()
	n := 0
	for i := range p.Actions {
		for k := range p.Actions[i].Effects {
			if p.Actions[i].Effects[k].Capability == model.Any {
				n += len(reach)
			}
		}
	}
	if n > maxShown {
		return nil
	}
	return reach
}

// Capability is a capability's id, or what "*" is called.
func Capability(id model.CapabilityID) string {
	if id == model.Any {
		return "any capability"
	}
	return string(id)
}

// Plane is a plane's id, or what "*" is called.
func Plane(id model.PlaneID) string {
	if id == model.Any {
		return "any plane"
	}
	return string(id)
}
