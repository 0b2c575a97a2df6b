// Package gen makes bundle problems from a seed: problems shaped like an upgrade,
// stage after stage, and problems without any shape. The same spec gives the same
// problem everywhere and for ever; it has its own generator of numbers for that.
package gen

import "planewise/planner/bundle"

// Spec describes a stage-ordered problem.
type Spec struct {
	Seed  uint64
	Nodes int
	// Stages in order; each node belongs to one, and stages are about equally large.
	Stages int
	// EdgesPermille is the chance that a node has to wait for an earlier one of its
	// stage; half of those that do wait for two.
	EdgesPermille int
}

// Prices of the default policy, per plane: control, access, compute, storage.
var (
	fixed = []int64{9000, 72000, 288000, 36000}
	rate  = []int64{10, 80, 160, 40}
	watch = []int64{1, 8, 16, 4}
)

const sitting = 36000

// footprints that actions of an upgrade have, the frequent ones first.
var footprints = [][]uint8{
	{0, 0, 0, 0}, // a delivery
	{1, 0, 0, 0}, // a service that is restarted behind its tolerance
	{2, 0, 0, 0}, // one that is gone for a while
	{2, 0, 1, 0}, // one that compute nodes boot from
	{1, 0, 0, 1}, // an agent of the storage
	{2, 1, 0, 0}, // a gateway
	{1, 0, 1, 1}, // a rolled management node
	{2, 2, 0, 0}, // what logins need
	{1, 1, 2, 1}, // a worker under running jobs
	{0, 2, 0, 0}, // the access nodes
	{1, 0, 0, 2}, // the storage itself
	{0, 0, 2, 0}, // the compute nodes
}

// Prices returns an empty problem with the prices of the default policy.
func Prices() bundle.Problem {
	return bundle.Problem{Sitting: sitting, Fixed: fixed, Rate: rate, Watch: watch}
}

// Staged makes a stage-ordered problem. A stage has a few footprints of its own,
// most nodes the cheaper ones.
func Staged(s Spec) bundle.Problem {
	p := Prices()
	r := New(s.Seed)
	start := 0
	for stage := range s.Stages {
		end := s.Nodes * (stage + 1) / s.Stages
		colors := r.colors(2 + r.Intn(4))
		for v := start; v < end; v++ {
			c := min(r.Intn(len(colors)), r.Intn(len(colors)))
			p.Nodes = append(p.Nodes, bundle.Node{
				Work: int64(20 + r.Intn(600)),
				Foot: colors[c],
				Rank: stage,
			})
			if v > start && r.Intn(1000) < s.EdgesPermille {
				for range 1 + r.Intn(2) {
					back := 1 + r.Intn(min(v-start, 40))
					p.Before = append(p.Before, [2]int{v - back, v})
				}
			}
		}
		start = end
	}
	return p
}

// colors picks n footprints, in the order of the list.
func (r *Rand) colors(n int) [][]uint8 {
	take := make([]bool, len(footprints))
	for picked := 0; picked < n; {
		i := min(r.Intn(len(footprints)), r.Intn(len(footprints)))
		if !take[i] {
			take[i] = true
			picked++
		}
	}
	var out [][]uint8
	for i, f := range footprints {
		if take[i] {
			out = append(out, f)
		}
	}
	return out
}

// Wild makes a problem without stages: n nodes, each with up to edges earlier
// ones to wait for.
func Wild(seed uint64, n, edges int) bundle.Problem {
	p := Prices()
	r := New(seed)
	for v := range n {
		p.Nodes = append(p.Nodes, bundle.Node{
			Work: int64(20 + r.Intn(2000)),
			Foot: footprints[r.Intn(len(footprints))],
		})
		for range r.Intn(edges + 1) {
			if v > 0 {
				p.Before = append(p.Before, [2]int{r.Intn(v), v})
			}
		}
	}
	return p
}

// Large is the spec of the repository's comparison of sizes: two dozen stages,
// every seventh node has to wait for another of its stage.
func Large(nodes int) Spec {
	return Spec{Seed: 1, Nodes: nodes, Stages: 24, EdgesPermille: 143}
}

// Bound makes a small problem with every kind of constraint, one that can be met:
// pairs agree with a split that is drawn first.
func Bound(seed uint64, n int) bundle.Problem {
	p := Wild(seed, n, 1)
	r := New(^seed)
	in := make([]int, n) // bundles of the drawn split, in the order of the nodes
	for v := 1; v < n; v++ {
		in[v] = in[v-1] + r.Intn(5)/3
	}
	for range n {
		a, b := r.Intn(n), r.Intn(n)
		a, b = min(a, b), max(a, b)
		switch {
		case a == b:
		case in[a] == in[b] && r.Intn(3) == 0:
			p.With = append(p.With, [2]int{a, b})
		case in[a] != in[b] && r.Intn(2) == 0:
			p.Apart = append(p.Apart, [2]int{a, b})
		case in[a] != in[b]:
			p.Soak = append(p.Soak, [2]int{a, b})
		}
	}
	v := r.Intn(n)
	p.Nodes[v].Pin = in[v] + 1
	return p
}
