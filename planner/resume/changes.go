package resume

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
// them. brought are the changes that actions get so, in the order of the changes.
func (p *Progress) mark(changes []model.Change) (out []model.Change, brought map[model.ActionID][]model.ChangeID) {
	out, brought = slices.Clone(changes), map[model.ActionID][]model.ChangeID{}
	for i := range out {
		c := &out[i]
		if c.Action == nil {
			continue
		}
		others := p.carriers(p.tasks, c)
		left := slices.IndexFunc(others, func(t *model.Task) bool { return !p.done[t.ID] })
		switch {
		case p.done[*c.Action] && left >= 0:
			id := others[left].ID
			c.Action = &id
			brought[id] = append(brought[id], c.ID)
			p.partly = append(p.partly, c.ID)
		case p.done[*c.Action] && len(p.carriers(p.leftOut, c)) > 0:
			p.partly = append(p.partly, c.ID)
			c.Reason, c.Action = fmt.Sprintf("done with %s; %s, which brings it to other nodes, is left out", *c.Action, p.carriers(p.leftOut, c)[0].ID), nil
		case p.done[*c.Action]:
			p.changes = append(p.changes, c.ID)
			for _, side := range []*model.Component{c.Before, c.After} {
				if side != nil {
					p.updated[side.ID()] = true
				}
			}
			c.Reason, c.Action = "done with "+string(*c.Action), nil
		case p.units[*c.Action] > 0, slices.ContainsFunc(others, func(t *model.Task) bool { return p.begun(t.ID) }):
			p.partly = append(p.partly, c.ID)
		}
	}
	slices.Sort(p.changes)
	slices.Sort(p.partly)
	return out, brought
}

// carriers are those of some tasks, in their order, that take other nodes than the one
// which carries a change through the work that puts it there.
func (p *Progress) carriers(tasks []model.Task, c *model.Change) []*model.Task {
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
