// Package split puts a plan's actions into the solver's terms, integers only,
// and the solver's answers back into the plan's: the split itself, what
// contradicts where there is none, and why a cut is where it is.
package split

import (
	"fmt"
	"math/bits"
	"slices"

	"planewise/model"
	"planewise/planner/bundle"
)

// Problem is the split of actions into bundles. Node i is action i, so that the
// solver's ties are broken by the order of the actions. The diagnostics are about
// pins that hold nothing or contradict each other.
func Problem(planes []model.PlaneID, policy model.Policy, edits model.Edits, acts []model.Action) (bundle.Problem, []model.Diagnostic) {
	p := bundle.Problem{Sitting: policy.Sitting, Nodes: make([]bundle.Node, 0, len(acts))}
	p.Fixed, p.Rate, p.Watch = costs(planes, policy)
	index := make(map[model.ActionID]int, len(acts))
	for i, a := range acts {
		index[a.ID] = i
		foot := make([]uint8, len(planes))
		for k, plane := range planes {
			foot[k] = uint8(a.Footprint[plane])
		}
		p.Nodes = append(p.Nodes, bundle.Node{Work: a.ExpectedS, Foot: foot, Rank: a.Rank})
	}
	for then, a := range acts {
		for _, e := range a.After {
			if first, ok := index[e.Action]; ok && first != then {
				relate(&p, e.Relation, first, then, acts)
			}
		}
	}
	return p, append(priced(planes, policy), pins(&p, index, policy, edits)...)
}

func relate(p *bundle.Problem, r model.Relation, first, then int, acts []model.Action) {
	edge := [2]int{first, then}
	switch r {
	case model.Before:
		p.Before = append(p.Before, edge)
	case model.With:
		p.With = append(p.With, edge)
	case model.Apart:
		p.Apart = append(p.Apart, edge)
	case model.Soak:
		p.Soak = append(p.Soak, edge)
	case model.NotDuring:
		p.Before = append(p.Before, notDuring(acts, first, then)...)
	}
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

// pins adds what the user has fixed: actions moved into another's bundle, and
// actions held in a bundle by its ordinal. A pin that holds nothing is said.
func pins(p *bundle.Problem, index map[model.ActionID]int, policy model.Policy, edits model.Edits) []model.Diagnostic {
	var diags []model.Diagnostic
	together := func(action, with model.ActionID) {
		i, ok := index[action]
		j, also := index[with]
		switch {
		case action == with:
		case ok && also:
			p.With = append(p.With, [2]int{i, j})
		default:
			diags = append(diags, model.Diagnostic{Severity: model.Warning, Code: "pin-without-action", Subject: string(action),
				Summary: fmt.Sprintf("it is pinned to the bundle of %s, but the plan does not have both", with), Hint: "remove the pin, or correct the ids"})
		}
	}
	for _, m := range edits.Moved {
		together(m.Action, m.With)
	}
	for _, pin := range slices.Concat(policy.Pins, edits.Pins) {
		if pin.With != "" {
			together(pin.Action, pin.With)
		}
		i, ok := index[pin.Action]
		if d, wrong := unfit(pin, ok, policy); wrong {
			diags = append(diags, d)
			continue
		}
		if pin.Bundle == 0 {
			continue
		}
		if before := p.Nodes[i].Pin; before != 0 && before != pin.Bundle {
			diags = append(diags, model.Diagnostic{Severity: model.Blocking, Code: "pin-contradiction", Subject: string(pin.Action),
				Summary: fmt.Sprintf("it cannot be in two bundles: it is pinned to bundle %d and to bundle %d", before, pin.Bundle), Hint: "remove one of the two pins"})
			continue
		}
		p.Nodes[i].Pin = pin.Bundle
	}
	return diags
}

// unfit says what keeps a pin from holding anything by itself.
func unfit(pin model.Pin, known bool, policy model.Policy) (d model.Diagnostic, wrong bool) {
	d = model.Diagnostic{Severity: model.Warning, Code: "pin-unmatched", Subject: string(pin.Action)}
	switch {
	case pin.Bundle > 0 && !known:
		d.Code, d.Hint = "pin-without-action", "remove the pin, or correct the id"
		d.Summary = fmt.Sprintf("it is pinned to bundle %d, but the plan does not have it", pin.Bundle)
	case pin.Bundle > 0:
		return d, false
	case pin.Window != "" && len(policy.Windows) == 0:
		d.Summary, d.Hint = fmt.Sprintf("it is pinned to window %q, and the policy has no windows", pin.Window), "remove the pin, or give the policy windows"
	case pin.Window == "" && (pin.With == "" || pin.With == pin.Action):
		d.Summary, d.Hint = "it is pinned to nothing", "say its bundle, its window, or the action it goes with"
	default:
		return d, false
	}
	return d, true
}

// Solve splits the actions. Where there is no split, or none was found, it still gives
// one, all actions in one bundle in their order, and a blocking diagnostic that says
// which of both it is; of constraints that contradict each other it names some.
func Solve(p bundle.Problem, acts []model.Action, effort int64) (bundle.Solution, []model.Diagnostic) {
	if len(acts) == 0 {
		return bundle.Solution{Status: bundle.Optimal}, nil
	}
	s, err := bundle.Solve(p, bundle.Options{Effort: effort})
	d := model.Diagnostic{Severity: model.Blocking, Code: "contradicting-constraints", Subject: "bundles"}
	switch {
	case err != nil:
		d.Summary = "the actions cannot be split: " + err.Error()
		d.Hint = "correct the costs or durations it names"
	case s.Status == bundle.Infeasible:
		d.Summary = "no split meets all constraints"
		d.Hint = "remove one of the constraints in the path"
		d.Path = conflict(s.Conflict, acts)
	case s.Status == bundle.NotFound:
		d.Code = "split-not-found"
		d.Summary = fmt.Sprintf("no split that meets all constraints was found within %d steps; there may be one", s.Explored)
		d.Hint = "raise the policy's effort, or remove a pin or a constraint that keeps actions apart"
	default:
		return s, nil
	}
	all := make([]int, len(acts))
	for i := range all {
		all[i] = i
	}
	one := [][]int{all}
	return bundle.Solution{
		Bundles: one, Cost: bundle.Cost(p, one), Ideal: s.Ideal, LowerBound: s.Ideal, Status: bundle.Bounded, Explored: s.Explored,
	}, []model.Diagnostic{d}
}

// conflict says the constraints of a contradiction in the actions' names: first the
// pins, which a user can take back, and the bundles that must be filled. What leaves a
// bundle no actions may be the order of nearly all; of order, a few are named.
func conflict(list []bundle.Constraint, acts []model.Action) (path []string) {
	var order []string
	for _, c := range list {
		switch c.Kind {
		case bundle.KindBefore, bundle.KindRank:
			order = append(order, constraint(c, acts))
		case bundle.KindPin:
			path = append(path, constraint(c, acts))
		}
	}
	path = append(path, filled(list)...)
	for _, c := range list {
		switch c.Kind {
		case bundle.KindWith, bundle.KindApart, bundle.KindSoak:
			path = append(path, constraint(c, acts))
		}
	}
	if rest := len(order) - shownOrder; rest > 1 {
		order = append(order[:shownOrder], fmt.Sprintf("%d more such orders of two actions", rest))
	}
	return append(path, order...)
}

// shownOrder bounds how many orders of two actions a contradiction names.
const shownOrder = 8

// filled says which bundles must be filled, neighbours together.
func filled(list []bundle.Constraint) (out []string) {
	var numbers []int
	for _, c := range list {
		if c.Kind == bundle.KindFilled {
			numbers = append(numbers, c.B)
		}
	}
	slices.Sort(numbers)
	for i := 0; i < len(numbers); {
		j := i + 1
		for j < len(numbers) && numbers[j] == numbers[j-1]+1 {
			j++
		}
		if j-i == 1 {
			out = append(out, fmt.Sprintf("bundle %d must not be empty", numbers[i]))
		} else {
			out = append(out, fmt.Sprintf("bundles %d to %d must not be empty", numbers[i], numbers[j-1]))
		}
		i = j
	}
	return out
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

// Optimality is what is proven about a solution.
func Optimality(s bundle.Solution) model.Optimality {
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
