package gen

import (
	"slices"

	"planewise/planner/bundle"
)

// Pinned is a problem with some nodes pinned to the bundles that they have in a
// split drawn at random, so that it can be met. It has to be one that can be met
// without pins.
func Pinned(p bundle.Problem, seed uint64, pins int) bundle.Problem {
	r := New(seed)
	in := r.split(p)
	p.Nodes = slices.Clone(p.Nodes)
	for range min(pins, len(p.Nodes)) {
		v := r.Intn(len(p.Nodes))
		p.Nodes[v].Pin = in[v]
	}
	return p
}

// Late pins a node two bundles behind the last that it can be in, for want of
// groups to fill those before it: nothing that has to be behind the node can.
func Late(p bundle.Problem, seed uint64) bundle.Problem {
	r := New(seed)
	after := closure(p)
	v := r.Intn(len(p.Nodes))
	p.Nodes = slices.Clone(p.Nodes)
	p.Nodes[v].Pin = 2
	for u := range p.Nodes {
		if !after[v][u] {
			p.Nodes[v].Pin++
		}
	}
	return p
}

// Reversed pins two nodes, of which the first must not be behind the second, the
// other way round. It leaves a problem without any order as it is.
func Reversed(p bundle.Problem, seed uint64) bundle.Problem {
	r := New(seed)
	after := closure(p)
	p.Nodes = slices.Clone(p.Nodes)
	for range 8 * len(p.Nodes) {
		a, b := r.Intn(len(p.Nodes)), r.Intn(len(p.Nodes))
		if a != b && after[a][b] {
			p.Nodes[b].Pin = 1 + r.Intn(4)
			p.Nodes[a].Pin = p.Nodes[b].Pin + 1
			break
		}
	}
	return p
}

// Crowded wants four nodes that are apart from each other in the three bundles up to a
// pinned one. It leaves a problem without five such nodes as it is.
func Crowded(p bundle.Problem, seed uint64) bundle.Problem {
	r := New(seed)
	after := closure(p)
	last := r.Intn(len(p.Nodes))
	var crowd []int
	for u := range p.Nodes {
		if !after[last][u] && len(crowd) < 4 {
			crowd = append(crowd, u)
		}
	}
	if len(crowd) < 4 {
		return p
	}
	p.Nodes, p.Before, p.Apart = slices.Clone(p.Nodes), slices.Clone(p.Before), slices.Clone(p.Apart)
	p.Nodes[last].Pin = 3
	for i, u := range crowd {
		p.Before = append(p.Before, [2]int{u, last})
		for _, w := range crowd[:i] {
			p.Apart = append(p.Apart, [2]int{w, u})
		}
	}
	return p
}

// closure says of each node which others are in no earlier bundle than it; each
// is of itself.
func closure(p bundle.Problem) [][]bool {
	n := len(p.Nodes)
	after := make([][]bool, n)
	for v := range after {
		after[v] = make([]bool, n)
		for w := range after[v] {
			after[v][w] = v == w || p.Nodes[v].Rank < p.Nodes[w].Rank
		}
	}
	for _, e := range slices.Concat(p.Before, p.Soak, p.With) {
		after[e[0]][e[1]] = true
	}
	for _, e := range p.With {
		after[e[1]][e[0]] = true
	}
	for k := range n {
		for v := range n {
			if !after[v][k] {
				continue
			}
			for w := range n {
				after[v][w] = after[v][w] || after[k][w]
			}
		}
	}
	return after
}

// split draws a split that can be met: for each node its bundle, from 1.
func (r *Rand) split(p bundle.Problem) []int {
	n := len(p.Nodes)
	after := closure(p)
	in := make([]int, n)
	cuts := 50 + r.Intn(900) // per mille
	current := 1
	for left := n; left > 0; {
		group := r.draw(after, in)
		if current > 1 || left < n {
			if r.Intn(1000) < cuts || parted(p, in, group, current) {
				current++
			}
		}
		for _, v := range group {
			in[v] = current
		}
		left -= len(group)
	}
	return in
}

// draw draws a group of nodes that have to be together, of those that wait for
// no other node.
func (r *Rand) draw(after [][]bool, in []int) []int {
	var ready [][]int
	for v := range in {
		if in[v] > 0 {
			continue
		}
		group, free := []int{}, true
		for u := range in {
			if !after[u][v] {
				continue
			}
			if after[v][u] {
				group = append(group, u)
			} else if in[u] == 0 {
				free = false
			}
		}
		if free && group[0] == v {
			ready = append(ready, group)
		}
	}
	return ready[r.Intn(len(ready))]
}

// parted reports whether a group must not be in the bundle of some node there.
func parted(p bundle.Problem, in []int, group []int, current int) bool {
	for _, e := range slices.Concat(p.Apart, p.Soak) {
		for i := range e {
			if in[e[i]] == current && slices.Contains(group, e[1-i]) {
				return true
			}
		}
	}
	return false
}
