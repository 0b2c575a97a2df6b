package planner

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// unitsDone is the end of a word that says how many units are done: ":4/6".
var unitsDone = regexp.MustCompile(`^(.+):([0-9]{1,9})/([0-9]{1,9})$`)

// Done reads what a user says was done of a plan, and adds it to what the plan
// itself goes on from. A word is
//
//	B2                a bundle, by its label: all of its actions
//	B2:1/2            the first of the two parts into which windows split the bundle
//	roll:master/first an action
//	roll:worker:4/6   4 of the 6 units of an action; a plural (roll:workers) will do
//
// Of an action that the plan goes on with, units count either those that are left or
// those of the whole action. The result is sorted by action. The error names the word
// and what the plan has instead.
func Done(p model.Plan, said []string) ([]model.Done, error) {
	d := doneReader{plan: p, done: map[model.ActionID]model.Done{}}
	for _, before := range p.Edits.Done {
		d.done[before.Action] = before
	}
	for _, word := range said {
		if err := d.read(word); err != nil {
			return nil, err
		}
	}
	out := make([]model.Done, 0, len(d.done))
	for _, one := range d.done {
		out = append(out, one)
	}
	slices.SortFunc(out, model.CompareDone)
	return out, nil
}

type doneReader struct {
	plan model.Plan
	done map[model.ActionID]model.Done
}

func (d doneReader) read(word string) error {
	if b, ok := d.bundle(word); ok {
		for _, id := range b.Actions {
			d.done[id] = model.Done{Action: id}
		}
		return nil
	}
	if a, ok := d.action(word); ok {
		d.done[a.ID] = model.Done{Action: a.ID}
		return nil
	}
	m := unitsDone.FindStringSubmatch(word)
	if m == nil {
		return d.unknown(word, word)
	}
	n, _ := strconv.Atoi(m[2])
	of, _ := strconv.Atoi(m[3])
	if n < 1 || n > of {
		return fmt.Errorf("%q: %d of %d cannot be done; write how many are done and how many there are, as in roll:worker:4/6", word, n, of)
	}
	if b, ok := d.bundle(m[1]); ok {
		return d.parts(word, b, n, of)
	}
	if a, ok := d.action(m[1]); ok {
		return d.units(word, a, n, of)
	}
	return d.unknown(word, m[1])
}

// units takes a number of an action's units. What was done before counts too.
func (d doneReader) units(word string, a *model.Action, n, of int) error {
	before := d.done[a.ID]
	left := max(a.Units, 1)
	all := left + before.Units
	switch of {
	case all:
	case left:
		n += before.Units
	default:
		return fmt.Errorf("%q: in this plan %s has %d units", word, a.ID, all)
	}
	if n < before.Units {
		return fmt.Errorf("%q: the plan goes on from %d of %d already", word, before.Units, all)
	}
	d.done[a.ID] = model.Done{Action: a.ID}
	if n < all {
		d.done[a.ID] = model.Done{Action: a.ID, Units: n, Of: all}
	}
	return nil
}

// parts takes the first sittings of a bundle that windows split.
func (d doneReader) parts(word string, b *model.Bundle, n, of int) error {
	switch {
	case len(b.Parts) == 0:
		return fmt.Errorf("%q: bundle %s is planned in one piece; name what of it is done by its actions", word, b.Label)
	case len(b.Parts) != of:
		return fmt.Errorf("%q: bundle %s is planned in %d parts", word, b.Label, len(b.Parts))
	}
	last := map[model.ActionID]int{} // the last unit that is done; 0 is all
	for _, part := range b.Parts[:n] {
		for _, step := range part.Steps {
			last[step.Action] = step.Last
		}
	}
	for id, unit := range last {
		a, ok := d.action(string(id))
		if !ok {
			continue // such a plan is broken, and says so
		}
		left, before := max(a.Units, 1), d.done[id].Units
		d.done[id] = model.Done{Action: id}
		if unit > 0 && unit < left {
			d.done[id] = model.Done{Action: id, Units: before + unit, Of: before + left}
		}
	}
	return nil
}

func (d doneReader) bundle(word string) (*model.Bundle, bool) {
	for i := range d.plan.Bundles {
		if strings.EqualFold(d.plan.Bundles[i].Label, word) {
			return &d.plan.Bundles[i], true
		}
	}
	return nil, false
}

// action finds an action by its id, or that of a role's nodes in the plural.
func (d doneReader) action(word string) (*model.Action, bool) {
	for _, id := range []string{word, strings.TrimSuffix(word, "s")} {
		if id != word && !strings.HasPrefix(word, "roll:") {
			break
		}
		if i := slices.IndexFunc(d.plan.Actions, func(a model.Action) bool { return string(a.ID) == id }); i >= 0 {
			return &d.plan.Actions[i], true
		}
	}
	return nil, false
}

// maxNear bounds how many names an error lists.
const maxNear = 8

func (d doneReader) unknown(word, name string) error {
	var near []string
	for _, a := range d.plan.Actions {
		if strings.HasPrefix(string(a.ID), strings.TrimSuffix(name, "s")) || strings.Contains(string(a.ID), name) {
			near = append(near, string(a.ID))
		}
	}
	if len(near) == 0 {
		for _, b := range d.plan.Bundles {
			near = append(near, b.Label)
		}
	}
	if len(near) == 0 {
		return fmt.Errorf("%q: the plan has nothing left to do", word)
	}
	if len(near) > maxNear {
		near = append(near[:maxNear], "...")
	}
	return fmt.Errorf("%q: the plan has no such bundle or action; it has %s", word, strings.Join(near, ", "))
}
