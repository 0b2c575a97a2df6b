package bundle

import "slices"

// Solve splits the nodes into bundles at the least cost. An error means that the
// problem is malformed; constraints that cannot hold together are not an error
// but the status Infeasible, nor is that no split was found, NotFound.
//
// The result depends on the problem and the effort alone. Naming the nodes
// differently never changes cost and status of a problem that is solved to the
// optimum; where several splits are as good, the indices decide.
func Solve(p Problem, o Options) (Solution, error) {
	return solve(p, o, limits{})
}

func solve(p Problem, o Options, l limits) (Solution, error) {
	if err := check(&p, &o); err != nil {
		return Solution{}, err
	}
	p.Before, p.With = sorted(p.Before), sorted(p.With)
	p.Apart, p.Soak = sorted(p.Apart), sorted(p.Soak)
	sol := Solution{Ideal: Ideal(p)}
	if len(p.Nodes) == 0 {
		return sol, nil
	}
	c, conflict := contract(&p)
	if conflict != nil {
		sol.Status, sol.Conflict = Infeasible, conflict
		return sol, nil
	}
	a := attempt{effort: o.Effort, limits: l, best: infinite}
	if a.effort == 0 {
		a.effort = defaultEffort(len(p.Nodes))
	}
	bound := infinite
	if c.lastPin == 0 || !a.start(&p, c) {
		bound = a.run(&p)
	}
	switch {
	case a.bundles != nil:
		sol.settle(&p, &o, &a, bound)
	case bound < infinite:
		sol.Status, sol.LowerBound = NotFound, max(sol.Ideal, unscale(&p, bound))
	default:
		sol.Status, sol.Conflict = Infeasible, a.explain(&p, c)
	}
	sol.Explored = a.steps
	return sol, nil
}

// sorted is a sorted copy without doubles, so that the order in which constraints
// are listed does not matter.
func sorted(pairs [][2]int) [][2]int {
	out := slices.Clone(pairs)
	slices.SortFunc(out, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(out)
}

// settle fills in what was found and what is proven.
func (sol *Solution) settle(p *Problem, o *Options, a *attempt, bound int64) {
	sol.Bundles = a.bundles
	arrange(p, o.Order, sol.Bundles)
	sol.Cost = Cost(*p, sol.Bundles)
	sol.LowerBound = sol.Cost
	if bound < a.best {
		sol.Status = Bounded
		sol.LowerBound = max(sol.Ideal, unscale(p, bound))
	}
}

// defaultEffort proves the optimum of plans several times as large as real ones.
// A step costs more the larger the problem is, so larger ones get fewer, until
// mere size demands more again.
func defaultEffort(nodes int) int64 {
	n := int64(nodes)
	if n > 1000 {
		return 5_000 + 40*n
	}
	return min(500_000, 45_000_000/n)
}

// scale makes room below the cost for the number of bundles.
func scale(p *Problem) int64 { return int64(len(p.Nodes)) + 1 }

// unscale turns a bound of the scaled total into one of the cost: the number of
// bundles is at most that of nodes.
func unscale(p *Problem, total int64) int64 {
	return (total - int64(len(p.Nodes)) + scale(p) - 1) / scale(p)
}
