package bundle

import "fmt"

// Valid reports why the bundles are not a valid split of a well-formed problem,
// nil if they are: each node is in exactly one bundle, none is empty, every
// constraint holds, and inside a bundle the run order meets the Before pairs that
// are not part of a circle of such pairs.
func Valid(p Problem, bundles [][]int) error {
	in, place, err := places(&p, bundles)
	if err != nil {
		return err
	}
	for v, n := range p.Nodes {
		if n.Pin > 0 && in[v] != n.Pin {
			return fmt.Errorf("node %d is pinned to bundle %d and lies in %d", v, n.Pin, in[v])
		}
	}
	if err := validRanks(&p, bundles); err != nil {
		return err
	}
	for _, rule := range []struct {
		name  string
		pairs [][2]int
		holds func(a, b int) bool
	}{
		{"before", p.Before, func(a, b int) bool { return a <= b }},
		{"with", p.With, func(a, b int) bool { return a == b }},
		{"apart", p.Apart, func(a, b int) bool { return a != b }},
		{"soak", p.Soak, func(a, b int) bool { return a < b }},
	} {
		for i, e := range rule.pairs {
			if !rule.holds(in[e[0]], in[e[1]]) {
				return fmt.Errorf("%s[%d]: node %d lies in bundle %d, node %d in %d", rule.name, i, e[0], in[e[0]], e[1], in[e[1]])
			}
		}
	}
	return validRun(&p, in, place)
}

// places maps each node to its bundle, from 1, and to its place in it.
func places(p *Problem, bundles [][]int) (in, place []int, err error) {
	in, place = make([]int, len(p.Nodes)), make([]int, len(p.Nodes))
	for i, b := range bundles {
		if len(b) == 0 {
			return nil, nil, fmt.Errorf("bundle %d is empty", i+1)
		}
		for j, v := range b {
			if v < 0 || v >= len(p.Nodes) {
				return nil, nil, fmt.Errorf("bundle %d holds node %d, the problem has %d nodes", i+1, v, len(p.Nodes))
			}
			if in[v] != 0 {
				return nil, nil, fmt.Errorf("node %d lies in bundles %d and %d", v, in[v], i+1)
			}
			in[v], place[v] = i+1, j
		}
	}
	for v := range p.Nodes {
		if in[v] == 0 {
			return nil, nil, fmt.Errorf("node %d lies in no bundle", v)
		}
	}
	return in, place, nil
}

func validRanks(p *Problem, bundles [][]int) error {
	highest := -1 // node of the highest rank in the bundles before
	for i, b := range bundles {
		for _, v := range b {
			if highest >= 0 && p.Nodes[v].Rank < p.Nodes[highest].Rank {
				return fmt.Errorf("node %d of rank %d lies in bundle %d, behind node %d of rank %d", v, p.Nodes[v].Rank, i+1, highest, p.Nodes[highest].Rank)
			}
		}
		for _, v := range b {
			if highest < 0 || p.Nodes[v].Rank > p.Nodes[highest].Rank {
				highest = v
			}
		}
	}
	return nil
}

func validRun(p *Problem, in, place []int) error {
	arcs := make([][2]int32, len(p.Before))
	for i, e := range p.Before {
		arcs[i] = [2]int32{int32(e[0]), int32(e[1])}
	}
	circle := newDigraph(len(p.Nodes), arcs).components()
	for i, e := range p.Before {
		a, b := e[0], e[1]
		if in[a] == in[b] && circle[a] != circle[b] && place[a] > place[b] {
			return fmt.Errorf("before[%d]: node %d runs after node %d in bundle %d", i, a, b, in[a])
		}
	}
	return nil
}
