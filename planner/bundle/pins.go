package bundle

import "slices"

// run solves a problem, pins included, for splits cheaper than the best so far.
// It returns a bound that holds for all of them, infinite if there are none.
//
// With pins the number of bundles is no longer free: a node pinned to bundle 3
// needs two bundles before it, and neither may be empty. The search allows empty
// bundles in front of the last pin, each at the price of a sitting; that is a
// relaxation in which all arguments for moving a unit to another bundle hold.
// Where its optimum leaves bundle j empty, some node has to be in j: one branch
// for each.
func (a *attempt) run(p *Problem) int64 {
	c, conflict := contract(p)
	if conflict != nil {
		return infinite
	}
	s := a.find(p, c)
	bound := min(s.bound+s.in.base, infinite)
	if s.bundles == nil {
		return bound
	}
	if hollow := s.hollow(); hollow >= 0 {
		return max(bound, a.fill(p, c, hollow+1))
	}
	a.best, a.bundles = s.cutoff+s.in.base, s.bundles
	return bound
}

// fill tries every group in a bundle that must not be empty. It returns a bound
// of all of them, 0 when the effort is spent before the last.
func (a *attempt) fill(p *Problem, c *contraction, ordinal int) int64 {
	bound := infinite
	for _, g := range c.groups {
		if a.steps >= a.effort {
			return 0
		}
		if g.pin != 0 || ordinal < g.earliest || ordinal > g.latest {
			continue
		}
		branch := *p
		branch.Nodes = slices.Clone(p.Nodes)
		branch.Nodes[g.nodes[0]].Pin = ordinal
		bound = min(bound, a.run(&branch))
	}
	return bound
}
