package bundle

import (
	"fmt"
	"slices"
)

// Cut says what stands behind the boundary between two neighbouring bundles of a
// split, and what the best split without it would cost.
type Cut struct {
	// Across lists the constraints that lead over the cut, from a node of the
	// earlier bundle to one of the later. Apart and Soak force the cut, and so do
	// two pins; Before and rank only say that the later nodes cannot be moved to the
	// front. Of the ranks one pair stands for all.
	Across []Constraint
	// Merged is what the two bundles alone would cost more, or less if negative, as
	// one; Planes is how it comes about. It leaves everything else as it is, and so
	// is no bound for Cost.
	Merged int64
	Planes []Toll
	// Status, Cost and LowerBound of the best split that has all nodes of both
	// bundles in one; with Infeasible, Conflict says why there is none.
	Status           Status
	Cost, LowerBound int64
	Bundles          [][]int
	Conflict         []Constraint
	Explored         int64
}

// Toll is what one plane pays more when two bundles become one; less where it is
// negative.
type Toll struct {
	Announcements              int
	DisturbedSecs, WatchedSecs int64
}

// WithoutCut explains the cut between sol.Bundles[i] and sol.Bundles[i+1].
// Options are as for Solve. Pins to later bundles move one to the front with
// their bundles.
func WithoutCut(p Problem, sol Solution, i int, o Options) (Cut, error) {
	if err := check(&p, &o); err != nil {
		return Cut{}, err
	}
	if err := Valid(p, sol.Bundles); err != nil {
		return Cut{}, fmt.Errorf("not a split of this problem: %w", err)
	}
	if i < 0 || i+1 >= len(sol.Bundles) {
		return Cut{}, fmt.Errorf("cut %d: a split into %d bundles has cuts 0 to %d", i, len(sol.Bundles), len(sol.Bundles)-2)
	}
	a, b := sol.Bundles[i], sol.Bundles[i+1]
	cut := Cut{Across: across(&p, a, b)}
	cut.Merged, cut.Planes = toll(&p, a, b)
	q := p
	q.Nodes = slices.Clone(p.Nodes)
	q.With = slices.Clone(p.With)
	both := slices.Concat(a, b)
	for _, v := range both[1:] {
		q.With = append(q.With, [2]int{both[0], v})
	}
	if cut.Conflict = pinnedBoth(&p, a, b); cut.Conflict != nil {
		cut.Status = Infeasible
		return cut, nil
	}
	for v := range q.Nodes {
		if q.Nodes[v].Pin > i+1 {
			q.Nodes[v].Pin--
		}
	}
	best, err := Solve(q, o)
	if err != nil {
		return Cut{}, err
	}
	cut.Status, cut.Cost, cut.LowerBound = best.Status, best.Cost, best.LowerBound
	cut.Bundles, cut.Explored = best.Bundles, best.Explored
	for _, c := range best.Conflict {
		// What the question itself demands is no reason.
		if c.Kind != KindWith || slices.Contains(p.With, [2]int{c.A, c.B}) {
			cut.Conflict = append(cut.Conflict, c)
		}
	}
	return cut, nil
}

// pinnedBoth returns a pin of each bundle if both have one.
func pinnedBoth(p *Problem, a, b []int) []Constraint {
	pinned := func(v int) bool { return p.Nodes[v].Pin > 0 }
	i, j := slices.IndexFunc(a, pinned), slices.IndexFunc(b, pinned)
	if i < 0 || j < 0 {
		return nil
	}
	return []Constraint{{KindPin, a[i], p.Nodes[a[i]].Pin}, {KindPin, b[j], p.Nodes[b[j]].Pin}}
}

// across lists the constraints from bundle a to bundle b.
func across(p *Problem, a, b []int) []Constraint {
	side := make([]int8, len(p.Nodes))
	for _, v := range a {
		side[v] = 1
	}
	for _, v := range b {
		side[v] = 2
	}
	out := pinnedBoth(p, a, b)
	for _, list := range []struct {
		kind  Kind
		pairs [][2]int
	}{{KindSoak, p.Soak}, {KindApart, p.Apart}, {KindBefore, p.Before}} {
		for _, e := range list.pairs {
			if side[e[0]]+side[e[1]] == 3 && side[e[0]] != 0 && side[e[1]] != 0 {
				out = append(out, Constraint{list.kind, e[0], e[1]})
			}
		}
	}
	if c, ok := rankAcross(p, a, b); ok {
		out = append(out, c)
	}
	return tidy(out)
}

// rankAcross is the closest pair of nodes that ranks put in order over the cut.
func rankAcross(p *Problem, a, b []int) (Constraint, bool) {
	rank := func(v int) int { return p.Nodes[v].Rank }
	last := b[0]
	for _, v := range b {
		if rank(v) > rank(last) {
			last = v
		}
	}
	first := -1
	for _, v := range a {
		if rank(v) < rank(last) && (first < 0 || rank(v) > rank(first)) {
			first = v
		}
	}
	if first < 0 {
		return Constraint{}, false
	}
	for _, v := range b {
		if rank(v) > rank(first) && rank(v) < rank(last) {
			last = v
		}
	}
	return Constraint{KindRank, first, last}, true
}

// toll compares bundles a and b with a single bundle of both.
func toll(p *Problem, a, b []int) (int64, []Toll) {
	planes := len(p.Fixed)
	tolls := make([]Toll, planes)
	foot := make([]uint8, planes)
	both := slices.Concat(a, b)
	count := func(nodes []int, sign int64) int64 {
		cost := bundleCost(p, nodes, foot)
		var work int64
		for _, v := range nodes {
			work += p.Nodes[v].Work
		}
		for plane, level := range foot {
			switch level {
			case Disturbed:
				tolls[plane].Announcements += int(sign)
				tolls[plane].DisturbedSecs += sign * work
			case Watched:
				tolls[plane].WatchedSecs += sign * work
			}
		}
		return sign * cost
	}
	merged := count(both, 1) + count(a, -1) + count(b, -1)
	return merged, tolls
}
