package bundle

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// start finds some split of a problem with pins, and makes the best of it by moving
// the cuts. It reports whether there is none for certain.
func (a *attempt) start(p *Problem, c *contraction) (none bool) {
	pl := newPlacer(c, a.left()/4)
	in := pl.place(c.ranges())
	a.steps += pl.steps
	if in == nil {
		return !pl.spent
	}
	a.bundles = newLine(p, c).deal(in)
	a.best = Cost(*p, a.bundles)*scale(p) + int64(len(a.bundles))
	a.fit(p, c, in)
	return false
}

// run solves a problem, pins included, for splits cheaper than the best so far.
// It returns a bound that holds for all of them, infinite if there are none.
//
// With pins the number of bundles is no longer free: a node pinned to bundle 3
// needs two bundles before it, and neither may be empty. Few groups are solved as
// they are. Otherwise the search allows empty bundles in front of the last pin, each
// at the price of the cheapest that some group could make of it; that is a
// relaxation in which all arguments for moving a unit to another bundle hold.
// Where its optimum leaves bundles empty, the cuts are moved until none is. If that
// costs more than the relaxation, some group has to be in the first that was empty:
// one branch for each.
func (a *attempt) run(p *Problem) int64 {
	c, conflict := contract(p)
	if conflict != nil {
		return infinite
	}
	if c.lastPin > 0 {
		if _, short := newPlacer(c, 0).fill(c.ranges()); short != nil {
			return infinite
		}
		if n := len(c.groups); !a.limits.search && n <= maxSubsets && exactSteps(n) <= a.left() {
			return a.exact(p, c)
		}
	}
	s := a.find(p, c)
	bound := min(s.bound+s.in.base, infinite)
	if s.bundles == nil {
		return bound
	}
	hollow := s.hollow()
	if hollow < 0 {
		a.best, a.bundles = s.cutoff+s.in.base, s.bundles
		return bound
	}
	a.fit(p, c, s.assignment())
	if bound >= a.best {
		return bound
	}
	return max(bound, a.fill(p, c, hollow+1))
}

// assignment is the bundle of each group in the best split.
func (s *search) assignment() []int32 {
	in := make([]int32, len(s.c.groups))
	for i, b := range s.bundles {
		for _, v := range b {
			in[s.c.of[v]] = int32(i) + 1
		}
	}
	return in
}

// fill tries every group in a bundle that must not be empty. It returns a bound
// of all of them, 0 when the effort is spent before the last.
func (a *attempt) fill(p *Problem, c *contraction, ordinal int) int64 {
	bound := infinite
	for _, g := range c.fillers(p, ordinal) {
		if a.steps >= a.effort {
			return 0
		}
		branch := *p
		branch.Nodes = slices.Clone(p.Nodes)
		branch.Nodes[c.groups[g].nodes[0]].Pin = ordinal
		bound = min(bound, a.run(&branch))
	}
	return bound
}

// fillers lists the groups that can be in a bundle, the cheapest to announce first. Of
// groups that can take each other's place the one with the most work stands for
// all. For of a bundle that holds another of them, all but one node can be moved to the
// cheaper bundle of the two without emptying it; and if that one is alone, it is at its
// own rate, so that the longer one had better be in its place.
func (c *contraction) fillers(p *Problem, ordinal int) []int32 {
	before := make([][2][]byte, len(c.groups)) // what comes before a group, and after
	for _, e := range c.before {
		before[e[1]][0] = binary.AppendUvarint(before[e[1]][0], uint64(e[0]))
		before[e[0]][1] = binary.AppendUvarint(before[e[0]][1], uint64(e[1]))
	}
	bound := make([]bool, len(c.groups))
	for _, list := range [][][2]int32{c.apart, c.soak} {
		for _, e := range list {
			bound[e[0]], bound[e[1]] = true, true
		}
	}
	type twin struct {
		code                    code
		level, earliest, latest int
		before, after           string
		own                     int // of a group that is like no other
	}
	known := make(map[twin]int)
	var out []int32
	for i := range c.groups {
		g := &c.groups[i]
		if g.pin != 0 || ordinal < g.earliest || ordinal > g.latest {
			continue
		}
		t := twin{code: g.code, level: g.level, earliest: g.earliest, latest: g.latest, before: string(before[i][0]), after: string(before[i][1])}
		if bound[i] {
			t.own = i + 1
		}
		if j, ok := known[t]; !ok {
			known[t] = len(out)
			out = append(out, int32(i))
		} else if g.work > c.groups[out[j]].work {
			out[j] = int32(i)
		}
	}
	slices.SortStableFunc(out, func(a, b int32) int {
		x, _ := p.price(c.groups[a].code)
		y, _ := p.price(c.groups[b].code)
		return cmp.Compare(x, y)
	})
	return out
}
