package bundle

import "slices"

// Neighbouring bundles of a split are a problem of their own: whatever they are
// split into instead, everything before them stays before and everything behind
// them behind. So a split is improved by solving a few bundles at a time, most
// often to a proof, until no run of neighbours gets any cheaper.

// polishEffort is the effort for a run; most runs take a small part of it.
func polishEffort(bundles int) int64 { return 2000 * int64(bundles) * int64(bundles) }

// window extracts problems of some nodes.
type window struct {
	p     *Problem
	local []int      // node -> index in the window, plus 1
	lists [4]digraph // per list of pairs
}

func newWindow(p *Problem) *window {
	w := &window{p: p, local: make([]int, len(p.Nodes))}
	for i, list := range [4][][2]int{p.Before, p.With, p.Apart, p.Soak} {
		edges := make([][2]int32, len(list))
		for j, e := range list {
			edges[j] = [2]int32{int32(e[0]), int32(e[1])}
		}
		w.lists[i] = newDigraph(len(p.Nodes), edges)
	}
	return w
}

// cut is the problem of the given nodes alone.
func (w *window) cut(nodes []int) *Problem {
	q := &Problem{Sitting: w.p.Sitting, Fixed: w.p.Fixed, Rate: w.p.Rate, Watch: w.p.Watch}
	for i, v := range nodes {
		w.local[v] = i + 1
		q.Nodes = append(q.Nodes, w.p.Nodes[v])
	}
	for i, list := range [4]*[][2]int{&q.Before, &q.With, &q.Apart, &q.Soak} {
		for _, v := range nodes {
			for _, u := range w.lists[i].next(int32(v)) {
				if w.local[u] > 0 {
					*list = append(*list, [2]int{w.local[v] - 1, w.local[u] - 1})
				}
			}
		}
	}
	for _, v := range nodes {
		w.local[v] = 0
	}
	return q
}

// polish improves the best split, by runs of up to longest bundles, until about
// the given step. Bundles that pins count stay as they are.
func (s *search) polish(longest int, until int64) {
	if s.inner || s.bundles == nil {
		return
	}
	w := newWindow(s.p)
	// tried is, per bundle, the longest run from it on that is known to be good.
	tried := make([]int, len(s.bundles))
	for length := 2; length <= longest && s.steps < until; length++ {
		improved := false
		for i := s.c.lastPin; i+length <= len(s.bundles) && s.steps < until; i++ {
			if tried[i] >= length {
				continue
			}
			tried[i] = length
			before := len(s.bundles)
			if !s.resolve(w, i, length) {
				continue
			}
			improved = true
			tried = slices.Replace(tried, i, i+length, make([]int, length+len(s.bundles)-before)...)
			first := max(s.c.lastPin, i-longest)
			for j := first; j < i; j++ {
				tried[j] = min(tried[j], i-j)
			}
			i = first - 1
		}
		if improved {
			length = 1
		}
	}
	s.cutoff = s.price(s.bundles)
}

// resolve solves bundles i to i+length again, and reports whether that paid.
func (s *search) resolve(w *window, i, length int) bool {
	nodes := slices.Concat(s.bundles[i : i+length]...)
	slices.Sort(nodes)
	q := w.cut(nodes)
	a := attempt{effort: min(polishEffort(length), s.left()), inner: true}
	a.best = Cost(*s.p, s.bundles[i:i+length])*scale(q) + int64(length)
	a.run(q)
	s.steps += a.steps
	if a.bundles == nil {
		return false
	}
	for _, b := range a.bundles {
		for j, v := range b {
			b[j] = nodes[v]
		}
	}
	s.bundles = slices.Replace(s.bundles, i, i+length, a.bundles...)
	return true
}
