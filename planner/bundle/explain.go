package bundle

import "slices"

// probeEffort bounds one question of explain whether constraints can be met.
const probeEffort = 20_000

// explain finds a small set of constraints that no split meets, where the order
// alone does not tell: it removes constraints one by one for as long as the
// rest still cannot be met. What stays is needed for the contradiction, as far
// as the effort of a probe shows.
func explain(p *Problem) []Constraint {
	q := *p
	q.Nodes = slices.Clone(p.Nodes)
	// Prices do not matter; without them almost everything is decided at once.
	q.Sitting = 0
	q.Fixed, q.Rate, q.Watch = nil, nil, nil
	for v := range q.Nodes {
		q.Nodes[v].Foot, q.Nodes[v].Work = nil, 0
	}
	ranks := make([]int, len(q.Nodes))
	for v := range q.Nodes {
		ranks[v], q.Nodes[v].Rank = q.Nodes[v].Rank, 0
	}
	if !impossible(&q) {
		for v := range q.Nodes {
			q.Nodes[v].Rank = ranks[v]
		}
	}
	for _, list := range []*[][2]int{&q.Before, &q.With, &q.Soak, &q.Apart} {
		shrink(&q, list)
	}
	for v := range q.Nodes {
		pin := q.Nodes[v].Pin
		if q.Nodes[v].Pin = 0; pin != 0 && !impossible(&q) {
			q.Nodes[v].Pin = pin
		}
	}
	return q.constraints()
}

// shrink removes the pairs of a list that the contradiction does not need: first
// large runs of them, then single ones.
func shrink(q *Problem, list *[][2]int) {
	for run := len(*list); run > 0; run /= 2 {
		for start := 0; start+run <= len(*list); {
			whole := *list
			*list = slices.Concat(whole[:start], whole[start+run:])
			if !impossible(q) {
				*list = whole
				start += run
			}
		}
	}
}

func impossible(p *Problem) bool {
	a := attempt{effort: probeEffort, best: infinite}
	return a.run(p) == infinite
}

// constraints lists what a problem demands, pins last. Since only pins limit the
// number of bundles, the bundles before the last one that must be filled are
// part of it where nothing is pinned there.
func (p *Problem) constraints() []Constraint {
	var out []Constraint
	for _, list := range []struct {
		kind  Kind
		pairs [][2]int
	}{{KindBefore, p.Before}, {KindWith, p.With}, {KindSoak, p.Soak}, {KindApart, p.Apart}} {
		for _, e := range list.pairs {
			out = append(out, Constraint{list.kind, e[0], e[1]})
		}
	}
	last := 0
	pinned := make(map[int]bool)
	for v, n := range p.Nodes {
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
