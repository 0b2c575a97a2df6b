// Package standing puts into sentences where a system stands between two sittings:
// what goes on now, what only some nodes have, and the way back. All exporters of
// plans and the terminal program say it in the same words.
package standing

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/words"
)

// Title is the heading of the part.
const Title = "Where it stands"

// Lists are the sentences, clean, in order.
type Lists struct {
	// Now is what goes on because of what is done, the worst first.
	Now []string
	// Partly are actions of which some units are done, with the changes that only those
	// have.
	Partly []string
	// Back are the steps back, the last one done first. Uploads are not among them:
	// they disturb nobody and may stay.
	Back []string
}

// Of makes the lists; ok is false for an update that has not begun. Capability names
// a capability to people; nil uses its id.
func Of(p model.Plan, capability func(model.CapabilityID) string) (l Lists, ok bool) {
	s := p.Standing
	if s == nil {
		return Lists{}, false
	}
	x := index{plan: p, titles: map[model.ActionID]string{}}
	for _, d := range s.Done {
		x.titles[d.ID] = d.Title
	}
	for _, a := range p.Actions {
		x.titles[a.ID] = a.Title
	}
	for _, o := range s.Ongoing {
		name := string(o.Capability)
		if capability != nil {
			name = capability(o.Capability)
		}
		l.Now = append(l.Now, clean.Text(fmt.Sprintf("%s: %s since %q, %s", name, words.Level(o.Level, o.Unknown), x.title(o.Action), x.until(o))))
	}
	for _, d := range slices.Backward(s.Done) {
		if d.Units < d.Of {
			l.Partly = append(l.Partly, clean.Text(fmt.Sprintf("%s: %d of %d done%s", d.Title, d.Units, d.Of, x.carried(d.ID))))
		}
		if d.Rollback.Possible == model.Yes && d.Rollback.P90s == 0 {
			continue
		}
		l.Back = append(l.Back, clean.Text(fmt.Sprintf("%s: %s", d.Title, way(d.Rollback))))
	}
	return l, true
}

type index struct {
	plan   model.Plan
	titles map[model.ActionID]string
}

func (x index) title(id model.ActionID) string {
	if t := x.titles[id]; t != "" {
		return t
	}
	return string(id)
}

func (x index) until(o model.Ongoing) string {
	id := model.ActionID(strings.TrimPrefix(o.Until, "action:"))
	switch {
	case o.Until == "ever":
		return "for good"
	case o.Until == "tail":
		return "until it has taken effect on every node, which nobody knows the time of"
	case o.Bundle != nil:
		at := slices.IndexFunc(x.plan.Bundles, func(b model.Bundle) bool { return b.Key == *o.Bundle })
		if at >= 0 {
			return fmt.Sprintf("until %q in %s", x.title(id), x.plan.Bundles[at].Label)
		}
	}
	return fmt.Sprintf("until %s, which is not part of the plan", id)
}

// carried counts the changes of an action.
func (x index) carried(id model.ActionID) string {
	n := 0
	for _, c := range x.plan.Changes {
		if c.Action != nil && *c.Action == id {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return "; the others do not have its " + words.Count(n, "change")
}

func way(r model.ActionRollback) string {
	switch r.Possible {
	case model.Yes:
		return "can be undone, in up to " + words.Duration(r.P90s)
	case model.No:
		return "cannot be undone"
	}
	return "nobody describes how to undo it"
}
