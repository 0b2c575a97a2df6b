package bundle

import (
	"cmp"
	"slices"
)

// line cuts a sequence of groups into bundles at the least cost: each bundle is a
// run of it, none is empty, and pins, Apart and Soak hold. So it makes a good split
// of one that is merely valid, and fills the bundles that a search left empty.
type line struct {
	p      *Problem
	c      *contraction
	before digraph
	behind digraph // the same the other way round
	r      ranges
	late   int32
	scale  int64
	after  [][]int32 // per group: those that it cannot share a bundle with
}

func newLine(p *Problem, c *contraction) *line {
	l := &line{p: p, c: c, before: newDigraph(len(c.groups), c.before), r: c.ranges(), late: int32(c.lastPin) + 1, scale: scale(p)}
	back := make([][2]int32, len(c.before))
	for i, e := range c.before {
		back[i] = [2]int32{e[1], e[0]}
	}
	l.behind = newDigraph(len(c.groups), back)
	l.after = make([][]int32, len(c.groups))
	for _, list := range [][][2]int32{c.apart, c.soak} {
		for _, e := range list {
			l.after[e[0]] = append(l.after[e[0]], e[1])
			l.after[e[1]] = append(l.after[e[1]], e[0])
		}
	}
	return l
}

// steps is what one cut of the line counts.
func (l *line) steps() int64 {
	n := int64(len(l.c.groups))
	return 1 + min(n, 2*maxCuts+int64(l.late))*n*int64(min(l.late, 8))/1024
}

// maxCuts is how many cuts of a long line are tried beside those it has.
const maxCuts = 300

// places are those where a sequence may be cut: of a long one every few groups, and
// where the assignment cuts it.
func (l *line) places(seq, in []int32, bars []int) []bool {
	n := len(seq)
	out := make([]bool, n+1)
	for k, begin := 0, 0; k <= n; k++ {
		out[k] = k%(1+n/(2*maxCuts)) == 0 || k == n || in[seq[k]] != in[seq[k-1]]
		if k < n && bars[k] > begin {
			out[k], begin = true, k
		}
	}
	return out
}

// deal keeps an assignment and puts as many of the late groups into a bundle as may
// share one.
func (l *line) deal(in []int32) [][]int {
	out := slices.Clone(in)
	seq := l.sequence(in, true)
	bars, begin, at := l.bars(seq), 0, l.late
	for i, g := range seq {
		if in[g] < l.late {
			begin = i + 1
			continue
		}
		if bars[i] > begin {
			begin, at = i, at+1
		}
		out[g] = at
	}
	return l.c.split(out)
}

// sequence puts the groups of each bundle in an order that keeps all constraints
// wherever it is cut: what is cheap to announce comes last, or first, to be cut off.
func (l *line) sequence(in []int32, cheapLast bool) []int32 {
	n := len(in)
	open, rate := make([]int64, n), make([]int64, n)
	for g := range open {
		if open[g], rate[g] = l.p.price(l.c.groups[g].code); cheapLast {
			open[g], rate[g] = -open[g], -rate[g]
		}
	}
	order := make([]int32, n)
	for g := range order {
		order[g] = int32(g)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &l.c.groups[a], &l.c.groups[b]
		return cmp.Or(cmp.Compare(in[a], in[b]), cmp.Compare(x.level, y.level), cmp.Compare(open[a], open[b]), cmp.Compare(rate[a], rate[b]), cmp.Compare(x.code, y.code), cmp.Compare(a, b))
	})
	rank := make([]int32, n)
	for i, g := range order {
		rank[g] = int32(i)
	}
	waits := make([]int32, n)
	for _, e := range l.c.before {
		waits[e[1]]++
	}
	var ready minHeap[int32]
	for g := range int32(n) {
		if waits[g] == 0 {
			ready.push(rank[g])
		}
	}
	out := make([]int32, 0, n)
	for len(ready) > 0 {
		g := order[ready.pop()]
		out = append(out, g)
		for _, w := range l.before.next(g) {
			if waits[w]--; waits[w] == 0 {
				ready.push(rank[w])
			}
		}
	}
	return out
}

// cut is the cheapest way to cut a sequence of an assignment: the bundle of each group,
// and the scaled cost.
func (l *line) cut(seq, in []int32) ([]int32, int64) {
	n, width := len(seq), int(l.late)+1
	best := make([]int64, (n+1)*width) // by groups done, then bundles; late for more
	from := make([]int32, (n+1)*width)
	for i := range best {
		best[i] = infinite
	}
	best[0] = 0
	bars := l.bars(seq)
	places := l.places(seq, in, bars)
	for i := range n {
		if places[i] {
			l.extend(seq, bars, places, best, from, i)
		}
	}
	end := best[n*width:]
	t := int(l.late) - 1
	if end[l.late] < end[t] {
		t++
	}
	if end[t] >= infinite {
		return nil, infinite
	}
	out, total, count := make([]int32, n), end[t], int32(0)
	for k := n; k > 0; {
		i := int(from[k*width+t])
		for _, g := range seq[i:k] {
			out[g] = -count
		}
		count++
		if t < int(l.late) || best[i*width+t-1] <= best[i*width+t] {
			t--
		}
		k = i
	}
	for g := range out {
		out[g] += count
	}
	return out, total
}

// bars says of each place of a sequence where a bundle that holds it may begin: behind
// the last group that it cannot share one with.
func (l *line) bars(seq []int32) []int {
	at := make([]int, len(seq))
	for i, g := range seq {
		at[g] = i
	}
	out := make([]int, len(seq))
	for i, g := range seq {
		for _, w := range l.after[g] {
			if at[w] < i {
				out[i] = max(out[i], at[w]+1)
			}
		}
	}
	return out
}

// extend makes a bundle of each run that begins at i.
func (l *line) extend(seq []int32, bars []int, places []bool, best []int64, from []int32, i int) {
	width := int(l.late) + 1
	var foot code
	var work, open, rate int64
	first, last := int32(1), l.late
	for k := i; k < len(seq) && bars[k] <= i; k++ {
		g := &l.c.groups[seq[k]]
		if k == i || !g.code.within(foot) {
			foot |= g.code
			open, rate = l.p.price(foot)
		}
		work += g.work
		first, last = max(first, l.r.first[seq[k]]), min(last, l.r.last[seq[k]])
		if first > last {
			return
		}
		if !places[k+1] {
			continue
		}
		cost := (open+rate*work)*l.scale + 1
		for t := first; t <= last; t++ {
			before := best[i*width+int(t)-1]
			if t == l.late {
				before = min(before, best[i*width+int(t)])
			}
			if slot := (k+1)*width + int(t); before+cost < best[slot] {
				best[slot], from[slot] = before+cost, int32(i)
			}
		}
	}
}

// fit makes a good split of an assignment of groups to bundles, moving cuts and single
// groups in turn for as long as that helps, and takes it if it is the best so far.
func (a *attempt) fit(p *Problem, c *contraction, in []int32) {
	if a.limits.search {
		return
	}
	l := newLine(p, c)
	if a.left() < 2*l.steps() {
		return
	}
	until := a.steps + a.left()/4
	s := newShifter(l, in)
	s.fill(until - a.steps)
	a.steps += s.steps
	in = s.in
	for last := infinite; in != nil && a.left() >= 2*l.steps(); {
		var next []int32
		for _, cheapLast := range []bool{true, false} {
			a.steps += l.steps()
			if found, total := l.cut(l.sequence(in, cheapLast), in); total < last {
				next, last = found, total
			}
		}
		if in = next; in == nil {
			return
		}
		s := newShifter(l, in)
		in = s.run(until - a.steps)
		a.steps += s.steps
		last = s.total()
		if last < a.best {
			a.best, a.bundles = last, c.split(in)
		}
	}
}

// split turns the bundle of each group, from 1, into bundles of nodes.
func (c *contraction) split(in []int32) [][]int {
	out := make([][]int, slices.Max(in))
	for g, b := range in {
		out[b-1] = append(out[b-1], c.groups[g].nodes...)
	}
	return out
}
