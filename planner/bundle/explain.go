package bundle

import (
	"cmp"
	"slices"
)

const (
	// probeEffort bounds one question of explain whether constraints can be met.
	probeEffort = 20_000
	// maxShrink is the length up to which a list is searched for what the
	// contradiction needs; each step is one question.
	maxShrink = 4_000
)

// probe is a problem without prices, to ask what can be met.
type probe struct {
	Problem
	ranked [][2]int // pairs of nodes that ranks put in order
}

// explain finds a small set of constraints that no split meets, where the order
// alone does not tell: it removes constraints one by one for as long as the
// rest still cannot be met. What stays is needed for the contradiction, as far
// as the effort of a question shows.
func explain(p *Problem) []Constraint {
	q := probe{Problem: *p, ranked: rankPairs(p)}
	q.Nodes = make([]Node, len(p.Nodes))
	for v := range q.Nodes {
		q.Nodes[v].Pin = p.Nodes[v].Pin
	}
	// Prices do not matter; without them almost everything is decided at once.
	q.Sitting, q.Fixed, q.Rate, q.Watch = 0, nil, nil, nil
	for _, list := range []*[][2]int{&q.ranked, &q.Before, &q.With, &q.Soak, &q.Apart} {
		q.shrink(list)
	}
	for v := range q.Nodes {
		pin := q.Nodes[v].Pin
		if q.Nodes[v].Pin = 0; pin != 0 && !q.impossible() {
			q.Nodes[v].Pin = pin
		}
	}
	return q.constraints()
}

// rankPairs lists the pairs of nodes of neighbouring ranks.
func rankPairs(p *Problem) [][2]int {
	byRank := make([]int, len(p.Nodes))
	for v := range byRank {
		byRank[v] = v
	}
	slices.SortStableFunc(byRank, func(a, b int) int { return cmp.Compare(p.Nodes[a].Rank, p.Nodes[b].Rank) })
	var out [][2]int
	var last, this []int // nodes of the two latest ranks
	for i, v := range byRank {
		if i > 0 && p.Nodes[v].Rank != p.Nodes[byRank[i-1]].Rank {
			last, this = this, nil
		}
		this = append(this, v)
		for _, u := range last {
			out = append(out, [2]int{u, v})
		}
	}
	return out
}

// shrink removes the pairs of a list that the contradiction does not need: first
// large runs of them, then single ones.
func (q *probe) shrink(list *[][2]int) {
	run := len(*list)
	for run > 0 {
		for start := 0; start+run <= len(*list); {
			whole := *list
			*list = slices.Concat(whole[:start], whole[start+run:])
			if !q.impossible() {
				*list = whole
				start += run
			}
		}
		if run /= 2; len(*list) > maxShrink {
			return
		}
	}
}

func (q *probe) impossible() bool {
	p := q.Problem
	p.Before = slices.Concat(q.Before, q.ranked)
	a := attempt{effort: probeEffort, best: infinite}
	return a.run(&p) == infinite
}

// constraints lists what a problem demands, pins last. Since only pins limit the
// number of bundles, the bundles before the last one that must be filled are
// part of it where nothing is pinned there.
func (q *probe) constraints() []Constraint {
	var out []Constraint
	for _, list := range []struct {
		kind  Kind
		pairs [][2]int
	}{{KindRank, q.ranked}, {KindBefore, q.Before}, {KindWith, q.With}, {KindSoak, q.Soak}, {KindApart, q.Apart}} {
		for _, e := range list.pairs {
			out = append(out, Constraint{list.kind, e[0], e[1]})
		}
	}
	last := 0
	pinned := make(map[int]bool)
	for v, n := range q.Nodes {
		if n.Pin > 0 {
			out = append(out, Constraint{KindPin, v, n.Pin})
			last = max(last, n.Pin)
			pinned[n.Pin] = true
		}
	}
	for b := 1; b < last; b++ {
		if !pinned[b] {
			out = append(out, Constraint{KindFilled, -1, b})
		}
	}
	return tidy(out)
}
