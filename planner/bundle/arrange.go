package bundle

import (
	"cmp"
	"slices"
)

// arrange puts each bundle into a run order: a node runs behind every node of its
// bundle that Before or a lower rank puts in front of it, and apart from that by
// place (nil: by index). Where Before and ranks go in a circle the ranks give way,
// and where Before alone does, the place decides who runs first.
func arrange(p *Problem, place []int, bundles [][]int) {
	r := runner{p: p, local: make([]int32, len(p.Nodes)), bundle: make([]int32, len(p.Nodes))}
	for i, b := range bundles {
		for _, v := range b {
			r.bundle[v] = int32(i)
		}
	}
	r.inner = make([][][2]int, len(bundles))
	for _, list := range [][][2]int{p.Before, p.Soak} {
		for _, e := range list {
			if i := r.bundle[e[0]]; i == r.bundle[e[1]] && e[0] != e[1] {
				r.inner[i] = append(r.inner[i], e)
			}
		}
	}
	for i, b := range bundles {
		slices.SortFunc(b, func(v, w int) int {
			if p.Nodes[v].Rank != p.Nodes[w].Rank {
				return cmp.Compare(p.Nodes[v].Rank, p.Nodes[w].Rank)
			}
			if place != nil && place[v] != place[w] {
				return cmp.Compare(place[v], place[w])
			}
			return cmp.Compare(v, w)
		})
		r.run(b, r.inner[i])
	}
}

type runner struct {
	p      *Problem
	local  []int32 // node -> place in its bundle, as sorted
	bundle []int32
	inner  [][][2]int // Before pairs within each bundle
}

// run orders one sorted bundle: always the first node that waits for nothing.
// Pairs within a circle make nobody wait.
func (r *runner) run(b []int, edges [][2]int) {
	if len(edges) == 0 {
		return
	}
	n := len(b)
	for i, v := range b {
		r.local[v] = int32(i)
	}
	arcs := make([][2]int32, len(edges))
	for i, e := range edges {
		arcs[i] = [2]int32{r.local[e[0]], r.local[e[1]]}
	}
	g := newDigraph(n, arcs)
	of := g.components()
	waits := make([]int32, n)
	for _, a := range arcs {
		if of[a[0]] != of[a[1]] {
			waits[a[1]]++
		}
	}
	var ready minHeap[int32]
	for v := range int32(n) {
		if waits[v] == 0 {
			ready.push(v)
		}
	}
	out := make([]int, 0, n)
	for len(ready) > 0 {
		v := ready.pop()
		out = append(out, b[v])
		for _, w := range g.next(v) {
			if of[v] == of[w] {
				continue
			}
			if waits[w]--; waits[w] == 0 {
				ready.push(w)
			}
		}
	}
	copy(b, out)
}

// minHeap is a heap of integers.
type minHeap[T int32 | int64] []T

func (h *minHeap[T]) push(v T) {
	s := append(*h, v)
	i := len(s) - 1
	for i > 0 && s[(i-1)/2] > s[i] {
		s[i], s[(i-1)/2] = s[(i-1)/2], s[i]
		i = (i - 1) / 2
	}
	*h = s
}

func (h *minHeap[T]) pop() T {
	s := *h
	top, last := s[0], len(s)-1
	s[0] = s[last]
	s = s[:last]
	for i := 0; 2*i+1 < last; {
		child := 2*i + 1
		if child+1 < last && s[child+1] < s[child] {
			child++
		}
		if s[i] <= s[child] {
			break
		}
		s[i], s[child] = s[child], s[i]
		i = child
	}
	*h = s
	return top
}
