package resume

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/planner/words"
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
// those of the whole action. Words may come in any order: of one action and of its
// bundle that of the action counts, of two numbers the larger. The result is sorted by
// action. The error names the word and what the plan has instead.
func Done(p model.Plan, said []string) ([]model.Done, error) {
	d := doneReader{plan: p, done: map[model.ActionID]model.Done{}, begun: map[model.ActionID]int{}, said: map[model.ActionID]bool{}}
	for _, before := range model.MergeDone(p.Edits.Done) {
		d.done[before.Action] = before
		d.begun[before.Action] = max(before.Units, 0)
	}
	if p.Standing != nil {
		// What the plan goes on from: fewer than was said where nodes have come or gone.
		for _, a := range p.Standing.Done {
			d.begun[a.ID] = a.Units
		}
	}
	// What is said of an action itself counts, not what is said of its bundle.
	for _, ofBundles := range []bool{true, false} {
		for _, word := range said {
			if d.ofBundle(word) != ofBundles {
				continue
			}
			if err := d.read(word); err != nil {
				return nil, err
			}
		}
		clear(d.said)
	}
	out := make([]model.Done, 0, len(d.done))
	for _, one := range d.done {
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b model.Done) int { return cmp.Compare(a.Action, b.Action) })
	return out, nil
}

type doneReader struct {
	plan model.Plan
	done map[model.ActionID]model.Done
	// begun is how many units of an action were done when the plan was made.
	begun map[model.ActionID]int
	// said are the actions of which another word has told already.
	said map[model.ActionID]bool
}

func (d doneReader) read(word string) error {
	if b, ok := d.bundle(word); ok {
		for _, id := range b.Actions {
			d.add(id, 1, 1)
		}
		return nil
	}
	if a, ok := d.action(word); ok {
		if d.said[a.ID] && !d.done[a.ID].Whole() {
			return d.both(word, a.ID)
		}
		d.add(a.ID, 1, 1)
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

// units takes a number of an action's units. What was done before counts too, and what
// one word says another does not take back.
func (d doneReader) units(word string, a *model.Action, n, of int) error {
	left, begun := max(a.Units, 1), d.begun[a.ID]
	all := left + begun
	switch of {
	case all:
	case left:
		n += begun
	default:
		return fmt.Errorf("%q: in this plan %s has %s", word, a.ID, unitsOf(left, all))
	}
	if n < begun {
		return fmt.Errorf("%q: the plan goes on from %d of %d already", word, begun, all)
	}
	if d.said[a.ID] && n < all && d.done[a.ID].Whole() {
		return d.both(word, a.ID)
	}
	d.add(a.ID, n, all)
	return nil
}

// both: all of an action and some of it cannot both be meant.
func (d doneReader) both(word string, id model.ActionID) error {
	return fmt.Errorf("%q: all of %s and some of it are both said to be done; say one of the two", word, id)
}

// unitsOf is what counts of units may be of.
func unitsOf(left, all int) string {
	if left < all {
		return fmt.Sprintf("%d units, of which %d are left", all, left)
	}
	return words.Count(all, "unit")
}

// add notes that n of all units of an action are done.
func (d doneReader) add(id model.ActionID, n, all int) {
	one := model.Done{Action: id}
	if n < all {
		one.Units, one.Of = n, all
	}
	if before, said := d.done[id]; said && d.said[id] {
		one = model.MergeDone([]model.Done{before, one})[0]
	}
	d.done[id], d.said[id] = one, true
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
		left, begun := max(a.Units, 1), d.begun[id]
		if unit == 0 {
			unit = left
		}
		d.add(id, begun+unit, begun+left)
	}
	return nil
}

// ofBundle reports whether a word speaks of a bundle, or of some of its parts.
func (d doneReader) ofBundle(word string) bool {
	_, is := d.bundle(word)
	if m := unitsDone.FindStringSubmatch(word); !is && m != nil {
		_, is = d.bundle(m[1])
	}
	return is
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
