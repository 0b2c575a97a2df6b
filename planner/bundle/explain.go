package bundle

import (
	"cmp"
	"slices"
)

// explain finds a small set of constraints that no split meets, where no chain of them
// alone tells: those that leave too few groups for some bundles, or, with Apart, all.
// Then it removes them one by one for as long as the rest cannot be met. What stays
// is needed for the contradiction, as far as the steps go.
func (a *attempt) explain(p *Problem, c *contraction) []Constraint {
	q := probe{attempt: a, p: p}
	_, short := newPlacer(c, 0).fill(c.ranges())
	if short != nil {
		q.list = c.shortage(p, short)
	} else {
		q.list, q.deep = all(p), true
	}
	slices.SortFunc(q.list, func(a, b Constraint) int {
		return cmp.Or(cmp.Compare(kindOrder[a.Kind], kindOrder[b.Kind]), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	q.list = slices.Compact(q.list)
	q.shrink()
	return q.filled()
}

// kindOrder puts pins last, as they are what a user can take back.
var kindOrder = [...]int{KindRank: 0, KindBefore: 1, KindWith: 2, KindSoak: 3, KindApart: 4, KindPin: 5}

// all lists everything that a problem demands; of ranks, pairs of neighbouring ones.
func all(p *Problem) []Constraint {
	out := rankPairs(p)
	for _, list := range []struct {
		kind  Kind
		pairs [][2]int
	}{{KindBefore, p.Before}, {KindWith, p.With}, {KindSoak, p.Soak}, {KindApart, p.Apart}} {
		for _, e := range list.pairs {
			out = append(out, Constraint{list.kind, e[0], e[1]})
		}
	}
	for v, n := range p.Nodes {
		if n.Pin > 0 {
			out = append(out, Constraint{KindPin, v, n.Pin})
		}
	}
	return out
}

// rankPairs lists the pairs of nodes of neighbouring ranks.
func rankPairs(p *Problem) []Constraint {
	byRank := make([]int, len(p.Nodes))
	for v := range byRank {
		byRank[v] = v
	}
	slices.SortStableFunc(byRank, func(a, b int) int { return cmp.Compare(p.Nodes[a].Rank, p.Nodes[b].Rank) })
	var out []Constraint
	var last, this []int // nodes of the two latest ranks
	for i, v := range byRank {
		if i > 0 && p.Nodes[v].Rank != p.Nodes[byRank[i-1]].Rank {
			last, this = this, nil
		}
		this = append(this, v)
		for _, u := range last {
			out = append(out, Constraint{KindRank, u, v})
		}
	}
	return out
}

// shortage lists what keeps the groups out of bundles that are short of them, and
// makes those that can be there as few as they are.
func (c *contraction) shortage(p *Problem, short []int32) []Constraint {
	forth, back := newTrail(p, false), newTrail(p, true)
	first, last := forth.push(), back.push()
	var out []Constraint
	for v := range p.Nodes {
		g := &c.groups[c.of[v]]
		// The bundles before i are too early for the group, those from j on too late.
		i, _ := slices.BinarySearch(short, int32(min(g.earliest, noLimit)))
		j, _ := slices.BinarySearch(short, int32(min(g.latest, noLimit-1)+1))
		switch {
		case i < j && v != g.nodes[0]:
			out = append(out, forth.path(g.nodes[0], v)...)
			out = append(out, forth.path(v, g.nodes[0])...)
		case i < j:
		default:
			if i > 0 {
				out = append(out, forth.pushed(v, first)...)
			}
			if j < len(short) {
				out = append(out, back.pushed(v, last)...)
			}
		}
	}
	return out
}

// probe asks whether parts of a list of constraints can be met.
type probe struct {
	*attempt
	p    *Problem
	list []Constraint
	deep bool // Apart counts, so the question may stay open
	// hollow asks for splits that leave bundles empty.
	hollow bool
}

// shrink removes what the contradiction does not need: first large runs, then single
// constraints.
func (q *probe) shrink() {
	for run := len(q.list); run > 0; run /= 2 {
		for start := 0; start+run <= len(q.list) && q.left() > 0; {
			whole := q.list
			q.list = slices.Concat(whole[:start], whole[start+run:])
			if !q.impossible() {
				q.list = whole
				start += run
			}
		}
	}
}

// impossible reports whether no split is known to meet the list.
func (q *probe) impossible() bool {
	p := q.problem()
	q.steps += 1 + int64(len(p.Nodes)+len(q.list))/4
	c, conflict := contract(p)
	if conflict != nil {
		return true
	}
	if !q.deep {
		_, short := newPlacer(c, 0).fill(c.ranges())
		return short != nil
	}
	pl := newPlacer(c, q.left()/8)
	pl.hollow = q.hollow
	in := pl.place(c.ranges())
	q.steps += pl.steps
	return in == nil && !pl.spent
}

// problem demands the list and nothing else.
func (q *probe) problem() *Problem {
	p := &Problem{Nodes: make([]Node, len(q.p.Nodes))}
	for _, c := range q.list {
		pair := [2]int{c.A, c.B}
		switch c.Kind {
		case KindBefore, KindRank:
			p.Before = append(p.Before, pair)
		case KindWith:
			p.With = append(p.With, pair)
		case KindSoak:
			p.Soak = append(p.Soak, pair)
		case KindApart:
			p.Apart = append(p.Apart, pair)
		case KindPin:
			p.Nodes[c.A].Pin = c.B
		}
	}
	return p
}

// filled adds to the list the bundles that must be filled, where nothing is pinned to
// them: those that are short of groups, or all before the last pin, if it matters.
func (q *probe) filled() []Constraint {
	if q.hollow = q.deep; q.deep && q.impossible() {
		return q.list
	}
	last, pinned := 0, make(map[int]bool)
	for _, c := range q.list {
		if c.Kind == KindPin {
			last, pinned[c.B] = max(last, c.B), true
		}
	}
	var short []int32
	if c, conflict := contract(q.problem()); conflict == nil && !q.deep {
		_, short = newPlacer(c, 0).fill(c.ranges())
	}
	out := q.list
	for b := 1; b < last; b++ {
		if !pinned[b] && (short == nil || slices.Contains(short, int32(b))) {
			out = append(out, Constraint{KindFilled, -1, b})
		}
	}
	return out
}
