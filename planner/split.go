package planner

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/bundle"
)

// problem puts the split of tasks into bundles in the solver's terms: integers
// only. Node i is task i, so the solver's ties are broken by the vendor's order.
func (b *build) problem(work actions.Result, acts []model.Action) bundle.Problem {
	planes := b.in.Catalog.Planes()
	p := bundle.Problem{Sitting: b.in.Policy.Sitting}
	p.Fixed, p.Rate, p.Watch = costs(planes, b.in.Policy)
	index := map[model.ActionID]int{}
	for i, t := range work.Tasks {
		index[t.ID] = i
		foot := make([]uint8, len(planes))
		for k, plane := range planes {
			foot[k] = uint8(acts[i].Footprint[plane.ID])
		}
		p.Nodes = append(p.Nodes, bundle.Node{Work: acts[i].ExpectedS, Foot: foot, Rank: t.Rank})
	}
	for _, l := range work.Links {
		first, then, ok := pair(index, l.First, l.Then)
		if !ok {
			continue
		}
		switch l.Relation {
		case model.Before:
			p.Before = append(p.Before, [2]int{first, then})
		case model.With:
			p.With = append(p.With, [2]int{first, then})
		case model.Apart:
			p.Apart = append(p.Apart, [2]int{first, then})
		case model.Soak:
			p.Soak = append(p.Soak, [2]int{first, then})
		case model.NotDuring:
			p.Before = append(p.Before, notDuring(acts, first, then)...)
		}
	}
	b.pins(&p, index)
	return p
}

// notDuring orders two actions that must not overlap where one of them leaves a
// tail: what has the tail comes last. Without tails a bundle runs its actions
// one after another, so they cannot overlap.
func notDuring(acts []model.Action, first, then int) [][2]int {
	switch {
	case acts[first].Tail != nil && acts[then].Tail == nil:
		return [][2]int{{then, first}}
	case acts[then].Tail != nil && acts[first].Tail == nil:
		return [][2]int{{first, then}}
	}
	return nil
}

func pair(index map[model.ActionID]int, a, b model.ActionID) (int, int, bool) {
	i, ok := index[a]
	j, also := index[b]
	return i, j, ok && also && i != j
}

// pins adds what the user has fixed: actions moved into another's bundle, and
// actions held in a bundle by its ordinal.
func (b *build) pins(p *bundle.Problem, index map[model.ActionID]int) {
	together := func(action, with model.ActionID) {
		if i, j, ok := pair(index, action, with); ok {
			p.With = append(p.With, [2]int{i, j})
			return
		}
		if action != with {
			b.diags = append(b.diags, model.Diagnostic{Severity: model.Warning, Code: "pin-without-action", Subject: string(action),
				Summary: fmt.Sprintf("it is pinned to the bundle of %s, but the plan does not have both", with), Hint: "remove the pin, or correct the ids"})
		}
	}
	for _, m := range b.in.Edits.Moved {
		together(m.Action, m.With)
	}
	for _, pin := range slices.Concat(b.in.Policy.Pins, b.in.Edits.Pins) {
		if pin.With != "" {
			together(pin.Action, pin.With)
		}
		if i, ok := index[pin.Action]; ok && pin.Bundle > 0 {
			p.Nodes[i].Pin = pin.Bundle
		}
	}
}

// solve splits the actions. A problem that has no solution still gives a plan:
// all actions in one bundle in the vendor's order, and a blocking diagnostic
// that names the constraints which contradict each other.
func (b *build) solve(p bundle.Problem, acts []model.Action) bundle.Solution {
	if len(acts) == 0 {
		return bundle.Solution{Status: bundle.Optimal}
	}
	s, err := bundle.Solve(p, bundle.Options{Effort: b.in.Policy.Effort})
	if err == nil && s.Status != bundle.Infeasible {
		return s
	}
	d := model.Diagnostic{Severity: model.Blocking, Code: "contradicting-constraints", Subject: "bundles"}
	if err != nil {
		d.Summary = "the actions cannot be split: " + err.Error()
		d.Hint = "correct the costs or durations it names"
	} else {
		d.Summary = "no split meets all constraints"
		d.Hint = "remove one of the constraints in the path"
		for _, c := range s.Conflict {
			d.Path = append(d.Path, constraint(c, acts))
		}
	}
	b.diags = append(b.diags, d)
	all := make([]int, len(acts))
	for i := range all {
		all[i] = i
	}
	one := [][]int{all}
	return bundle.Solution{Bundles: one, Cost: bundle.Cost(p, one), Ideal: s.Ideal, LowerBound: s.Ideal, Status: bundle.Bounded}
}

// constraint says a solver's constraint in the actions' names.
func constraint(c bundle.Constraint, acts []model.Action) string {
	name := func(i int) string {
		if i >= 0 && i < len(acts) {
			return string(acts[i].ID)
		}
		return "?"
	}
	switch c.Kind {
	case bundle.KindPin:
		return fmt.Sprintf("%s is pinned to bundle %d", name(c.A), c.B)
	case bundle.KindFilled:
		return fmt.Sprintf("bundle %d must not be empty", c.B)
	case bundle.KindBefore, bundle.KindRank:
		return fmt.Sprintf("%s not after %s", name(c.A), name(c.B))
	case bundle.KindSoak:
		return fmt.Sprintf("%s in a bundle before that of %s", name(c.A), name(c.B))
	}
	return fmt.Sprintf("%s %s %s", name(c.A), c.Kind, name(c.B))
}

func optimality(s bundle.Solution) model.Optimality {
	o := model.Optimality{
		Status: s.Status.String(), Scope: "split",
		Cost: s.Cost, Ideal: s.Ideal, LowerBound: s.LowerBound, Explored: s.Explored,
		SeparationPermille: 1000,
	}
	if s.Cost > 0 {
		o.SeparationPermille = permille(s.Ideal, s.Cost)
		o.GapPermille = permilleUp(s.Cost-s.LowerBound, s.Cost)
	}
	return o
}

// permille is a*1000/b rounded down, in 128 bits: costs may be near the top of
// int64. 0 <= a <= b and b > 0.
func permille(a, b int64) int64 {
	high, low := bits.Mul64(uint64(a), 1000)
	quotient, _ := bits.Div64(high, low, uint64(b))
	return int64(quotient)
}

// permilleUp never rounds a gap down to nothing.
func permilleUp(a, b int64) int64 {
	if a <= 0 {
		return 0
	}
	return min(permille(a, b)+1, 1000)
}

// title names a bundle by the stages it begins and ends with.
func title(members []model.Action, stages map[string]string) string {
	var names []string
	for _, a := range members {
		name := stages[a.Stage]
		if name == "" {
			name = a.Title
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 2 {
		return fmt.Sprintf("%s ... %s (%d stages)", names[0], names[len(names)-1], len(names))
	}
	return strings.Join(names, "; ")
}
