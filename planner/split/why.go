package split

import (
	"fmt"
	"strings"

	"planewise/model"
	"planewise/planner/bundle"
	"planewise/planner/words"
)

// shownEdges bounds how many of the constraints over a cut are named.
const shownEdges = 3

// Why says, in sentences, what makes the cut before bundle i of a plan (i > 0):
// the constraints that lead over it, what the two bundles would cost their planes
// as one, and what the best plan without the cut would cost. It solves the split
// again without the cut, so it takes about as long as a plan's own split.
func Why(p model.Plan, policy model.Policy, i int) ([]string, error) {
	if i <= 0 || i >= len(p.Bundles) {
		return nil, nil
	}
	planes := make([]model.PlaneID, 0, len(p.Planes))
	for _, s := range p.Planes {
		planes = append(planes, s.ID)
	}
	problem, _ := Problem(planes, policy, p.Edits, p.Actions)
	index := make(map[model.ActionID]int, len(p.Actions))
	for k, a := range p.Actions {
		index[a.ID] = k
	}
	solution := bundle.Solution{Cost: p.Optimality.Cost, Ideal: p.Optimality.Ideal, LowerBound: p.Optimality.LowerBound}
	for _, b := range p.Bundles {
		var nodes []int
		for _, id := range b.Actions {
			nodes = append(nodes, index[id])
		}
		solution.Bundles = append(solution.Bundles, nodes)
	}
	cut, err := bundle.WithoutCut(problem, solution, i-1, bundle.Options{Effort: policy.Effort})
	if err != nil {
		return nil, err
	}
	before, after := p.Bundles[i-1].Label, p.Bundles[i].Label
	out := []string{edges(cut, before, after, p.Actions)}
	if s := tolls(cut, before, after, planes); s != "" {
		out = append(out, s)
	}
	return append(out, without(cut, before, after, p)), nil
}

func edges(c bundle.Cut, before, after string, acts []model.Action) string {
	if len(c.Across) == 0 {
		return fmt.Sprintf("No edge leads from %s to %s; only costs make the cut.", before, after)
	}
	var named []string
	for _, e := range c.Across[:min(len(c.Across), shownEdges)] {
		named = append(named, constraint(e, acts))
	}
	s := fmt.Sprintf("What holds %s behind %s: %s", after, before, strings.Join(named, "; "))
	if rest := len(c.Across) - shownEdges; rest > 0 {
		s += fmt.Sprintf("; and %d more", rest)
	}
	return s + "."
}

// tolls says what each plane would feel more, or less, if the two were one.
func tolls(c bundle.Cut, before, after string, planes []model.PlaneID) string {
	var parts []string
	for k, t := range c.Planes {
		var own []string
		if t.Announcements != 0 {
			own = append(own, words.Count(abs(t.Announcements), "announcement")+moreOrLess(int64(t.Announcements)))
		}
		if t.DisturbedSecs != 0 {
			own = append(own, words.Duration(max(t.DisturbedSecs, -t.DisturbedSecs))+moreOrLess(t.DisturbedSecs)+" disturbed")
		}
		if t.WatchedSecs != 0 {
			own = append(own, words.Duration(max(t.WatchedSecs, -t.WatchedSecs))+moreOrLess(t.WatchedSecs)+" watched")
		}
		if own != nil {
			parts = append(parts, fmt.Sprintf("%s %s", planes[k], strings.Join(own, ", ")))
		}
	}
	if parts == nil {
		return ""
	}
	return fmt.Sprintf("%s and %s as one: %s.", before, after, strings.Join(parts, "; "))
}

func abs(n int) int { return max(n, -n) }

func moreOrLess(n int64) string {
	if n < 0 {
		return " less"
	}
	return " more"
}

// without says what the best plan without the cut would cost.
func without(c bundle.Cut, before, after string, p model.Plan) string {
	if c.Status == bundle.Infeasible {
		return fmt.Sprintf("There is no plan without this cut: %s.", strings.Join(conflict(c.Conflict, p.Actions), "; "))
	}
	if c.Status == bundle.NotFound {
		return fmt.Sprintf("No plan without this cut was found within %d steps; there may be one.", c.Explored)
	}
	base := p.Optimality.Cost
	s := fmt.Sprintf("The best plan with %s and %s in one costs %d, this one %d", before, after, c.Cost, base)
	if c.Status == bundle.Bounded {
		s = fmt.Sprintf("The best plan found with %s and %s in one costs %d (no plan less than %d), this one %d", before, after, c.Cost, c.LowerBound, base)
	}
	if base > 0 && c.Cost >= base {
		extra := permille(min(c.Cost-base, base), base)
		if c.Cost-base > base {
			return s + ", more than twice as much."
		}
		s += fmt.Sprintf(": %d.%d %% more", extra/10, extra%10)
	}
	return s + "."
}
