package planner

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// mark says of each change how far it is made. One whose action is done gets that as
// its reason. Where other nodes still have to get it (the rest of a role of which one
// node went first, the roles behind the one whose roll carried a package) it is made
// in part only: it goes to the first action, in the vendor's order, that brings it to
// them. more are the changes that actions get so, in the order of the changes.
func (r *resumed) mark(changes []model.Change) (out []model.Change, more map[model.ActionID][]model.ChangeID) {
	out, more = slices.Clone(changes), map[model.ActionID][]model.ChangeID{}
	for i := range out {
		c := &out[i]
		if c.Action == nil {
			continue
		}
		also := r.bring(r.all, c)
		left := slices.IndexFunc(also, func(t *model.Task) bool { return !r.whole[t.ID] })
		switch {
		case r.whole[*c.Action] && left >= 0:
			id := also[left].ID
			c.Action = &id
			more[id] = append(more[id], c.ID)
			r.partly = append(r.partly, c.ID)
		case r.whole[*c.Action] && len(r.bring(r.leftOut, c)) > 0:
			r.partly = append(r.partly, c.ID)
			c.Reason, c.Action = fmt.Sprintf("done with %s; %s, which brings it to other nodes, is left out", *c.Action, r.bring(r.leftOut, c)[0].ID), nil
		case r.whole[*c.Action]:
			r.changes = append(r.changes, c.ID)
			for _, side := range []*model.Component{c.Before, c.After} {
				if side != nil {
					r.made[side.ID()] = true
				}
			}
			c.Reason, c.Action = "done with "+string(*c.Action), nil
		case r.units[*c.Action] > 0, slices.ContainsFunc(also, func(t *model.Task) bool { return r.touched(t.ID) }):
			r.partly = append(r.partly, c.ID)
		}
	}
	slices.Sort(r.changes)
	slices.Sort(r.partly)
	return out, more
}

// touched reports whether some or all of an action is done.
func (r *resumed) touched(id model.ActionID) bool { return r.whole[id] || r.units[id] > 0 }

// bring are those of some tasks, in their order, that take other nodes than the one
// which carries a change through the work that puts it there.
func (r *resumed) bring(tasks []model.Task, c *model.Change) []*model.Task {
	switch c.Kind {
	case model.KindNodeImage, model.KindKernel, model.KindRPM:
	default:
		return nil
	}
	var out []*model.Task
	for i := range tasks {
		t := &tasks[i]
		if t.ID == *c.Action || t.Does != model.WorkRoll && t.Does != model.WorkRollout {
			continue
		}
		if sameRoll(t.ID, *c.Action) || slices.ContainsFunc(t.Facts, func(f model.Fact) bool { return f.Relation == "also-brings" && f.Object == string(c.ID) }) {
			out = append(out, t)
		}
	}
	return out
}

// sameRoll reports whether two actions are parts of the roll of one role: of one node
// first and the others, or of the others and the first that goes last. A role that is
// rolled twice as a whole has two rolls.
func sameRoll(a, b model.ActionID) bool {
	one, part, _ := strings.Cut(rollOf(a), "/")
	two, other, _ := strings.Cut(rollOf(b), "/")
	return one == two && part != "" && other != ""
}

// rollOf is an action's id without the stage that made it unique.
func rollOf(id model.ActionID) string {
	name, _, _ := strings.Cut(string(id), "@")
	return name
}
