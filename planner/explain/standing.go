package explain

import (
	"fmt"
	"slices"

	"planewise/model"
)

// Standing is the subject that asks where an update stands that has begun.
const Standing = "standing"

// now stands in a chain in place of a bundle: it goes on before the first.
const now = "now"

// ofStanding explains what goes on now, whether one may stay, and the way back.
func (x index) ofStanding() Report {
	s := x.plan.Standing
	r := x.report(Standing, fmt.Sprintf("%d of %d actions begun", len(s.Done), s.Actions), "")
	for _, o := range s.Ongoing {
		r.Chains = append(r.Chains, x.ongoing(o))
	}
	r.Reasons = distinct(slices.Concat(x.lookup(s.Stay.Facts), x.lookup(s.Rollback.Facts)))
	return r
}

func (x index) ongoing(o model.Ongoing) Chain {
	c := Chain{Bundle: now, Action: o.Action, Capability: o.Capability, Level: o.Level, Unknown: o.Unknown, Facts: x.lookup(o.Facts)}
	if d, ok := x.doneAction(o.Action); ok {
		c.Title = d.Title
	}
	return c
}

// ongoingOf are the chains of what goes on now and is felt as asked.
func (x index) ongoingOf(felt func(capability, plane string) bool) []Chain {
	var out []Chain
	if x.plan.Standing == nil {
		return nil
	}
	for _, o := range x.plan.Standing.Ongoing {
		if felt(string(o.Capability), string(o.Plane)) {
			out = append(out, x.ongoing(o))
		}
	}
	return out
}

func (x index) doneAction(id model.ActionID) (model.DoneAction, bool) {
	if x.plan.Standing == nil {
		return model.DoneAction{}, false
	}
	for _, d := range x.plan.Standing.Done {
		if d.ID == id {
			return d, true
		}
	}
	return model.DoneAction{}, false
}

// ofDone explains an action that was wholly done before the plan: what it left
// behind, why it was there, and how it is undone.
func (x index) ofDone(d model.DoneAction) Report {
	r := x.report("action", string(d.ID), d.Title+" (done before this plan)")
	for _, o := range x.plan.Standing.Ongoing {
		if o.Action == d.ID {
			r.Chains = append(r.Chains, x.ongoing(o))
		}
	}
	r.Reasons = distinct(slices.Concat(x.lookup(d.Facts), x.lookup(d.Rollback.Facts)))
	return r
}
