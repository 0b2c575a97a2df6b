package bundle

import (
	"cmp"
	"slices"
)

// ranges are the bundles that each group can be in, from first to last. They run up
// to the last pin; one more stands for all bundles behind it, late.
type ranges struct{ first, last []int32 }

func (r ranges) clone() ranges { return ranges{slices.Clone(r.first), slices.Clone(r.last)} }

// ranges of the groups by propagation alone.
func (c *contraction) ranges() ranges {
	late := int32(c.lastPin) + 1
	r := ranges{make([]int32, len(c.groups)), make([]int32, len(c.groups))}
	for i := range c.groups {
		r.first[i] = min(int32(c.groups[i].earliest), late)
		r.last[i] = min(int32(c.groups[i].latest), late)
	}
	return r
}

// rows orders the groups so that those that come before one stand in front of it.
func (c *contraction) rows(before digraph) []int32 {
	place := before.components()
	order := make([]int32, len(c.groups))
	for g := range order {
		order[g] = int32(g)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(c.groups[a].level, c.groups[b].level), cmp.Compare(place[a], place[b]))
	})
	return order
}

// placer looks for a bundle for each group, at whatever price. Without Apart its
// first try tells: see fill. With Apart the question contains the coloring of
// graphs, so it tries, and gives up when its steps are spent.
type placer struct {
	c            *contraction
	before, soak digraph
	apart        digraph // both ways
	order        []int32
	late         int32
	steps, limit int64
	spent        bool // the answer is not known
	hollow       bool // bundles may be empty
}

func newPlacer(c *contraction, limit int64) *placer {
	n := len(c.groups)
	p := &placer{c: c, before: newDigraph(n, c.before), soak: newDigraph(n, c.soak), late: int32(c.lastPin) + 1, limit: limit}
	p.order = c.rows(p.before)
	both := slices.Clone(c.apart)
	for _, e := range c.apart {
		both = append(both, [2]int32{e[1], e[0]})
	}
	p.apart = newDigraph(n, both)
	return p
}

// place returns the bundle of each group; nil if there is none, or if the steps are
// spent. It always tries once.
func (p *placer) place(r ranges) []int32 {
	if p.spent = p.spent || p.steps >= p.limit && p.steps > 0; p.spent {
		return nil
	}
	p.steps += 1 + int64(len(p.order)+len(p.before.to)+len(p.apart.to))/8
	if !p.propagate(r) {
		return nil
	}
	slot, short := make([]int32, len(p.order)), []int32(nil)
	if !p.hollow {
		slot, short = p.fill(r)
	}
	if short != nil {
		return nil
	}
	in, bad := p.complete(r, slot)
	if bad < 0 {
		return in
	}
	for x := r.first[bad]; x <= r.last[bad]; x++ {
		next := r.clone()
		next.first[bad], next.last[bad] = x, x
		if in := p.place(next); in != nil {
			return in
		}
	}
	return nil
}

// propagate narrows the ranges by order, soaks and what is settled of Apart. It
// reports false where nothing is left for a group.
func (p *placer) propagate(r ranges) bool {
	for again := true; again; {
		p.forward(r)
		p.backward(r)
		again = false
		for v := range int32(len(p.order)) {
			if r.first[v] > r.last[v] {
				return false
			}
			if r.first[v] < r.last[v] || r.first[v] == p.late {
				continue
			}
			for _, w := range p.apart.next(v) {
				if r.first[w] == r.first[v] {
					r.first[w], again = r.first[w]+1, true
				}
				if r.last[w] == r.first[v] {
					r.last[w], again = r.last[w]-1, true
				}
			}
		}
	}
	return true
}

// forward pushes first along the order.
func (p *placer) forward(r ranges) {
	floor, highest := int32(1), int32(1)
	for i, v := range p.order {
		if i > 0 && p.c.groups[v].level != p.c.groups[p.order[i-1]].level {
			floor = highest
		}
		r.first[v] = max(r.first[v], floor)
		highest = max(highest, r.first[v])
		for _, w := range p.before.next(v) {
			r.first[w] = max(r.first[w], r.first[v])
		}
		for _, w := range p.soak.next(v) {
			r.first[w] = max(r.first[w], min(r.first[v]+1, p.late))
		}
	}
}

// backward pulls last against the order.
func (p *placer) backward(r ranges) {
	roof, lowest := p.late, p.late
	for i := len(p.order) - 1; i >= 0; i-- {
		v := p.order[i]
		if i+1 < len(p.order) && p.c.groups[v].level != p.c.groups[p.order[i+1]].level {
			roof = lowest
		}
		r.last[v] = min(r.last[v], roof)
		for _, w := range p.before.next(v) {
			r.last[v] = min(r.last[v], r.last[w])
		}
		for _, w := range p.soak.next(v) {
			if r.last[w] < p.late {
				r.last[v] = min(r.last[v], r.last[w]-1)
			}
		}
		lowest = min(lowest, r.last[v])
	}
}

// fill gives each bundle up to the last pin a group of its own that can be in it:
// always that which has to go first, and of equal ones that which is first in the
// order. Is there none for a bundle, then there are some bundles, short, for which
// there are fewer groups than bundles, and that is a proof.
//
// Where ranges are propagated the groups picked keep the order, since what is before
// a group can be no longer and no later than it; nor do those in between contradict
// it. So without Apart all others can stay in their first bundles, behind what was
// picked, and there is a split wherever every bundle gets its group.
func (p *placer) fill(r ranges) (slot []int32, short []int32) {
	bundles := int(p.late) - 1
	from := make([][]int32, bundles+2) // places in order, by first bundle
	for i, v := range p.order {
		from[r.first[v]] = append(from[r.first[v]], int32(i))
	}
	slot = make([]int32, len(p.order))
	picked := make([]int32, bundles+1)
	var free minHeap[int64]
	for b := int32(1); b < p.late; b++ {
		for _, i := range from[b] {
			free.push(int64(r.last[p.order[i]])<<32 | int64(i))
		}
		picked[b] = -1
		for len(free) > 0 && picked[b] < 0 {
			if v := p.order[int32(free.pop())]; r.last[v] >= b {
				slot[v], picked[b] = b, v
			}
		}
		if picked[b] < 0 {
			return nil, p.short(r, slot, b)
		}
	}
	return slot, nil
}

// short lists the bundles that compete with b, which got nothing, for the same
// groups.
func (p *placer) short(r ranges, slot []int32, b int32) []int32 {
	in := make([]bool, p.late)
	in[b] = true
	out := []int32{b}
	for i := 0; i < len(out); i++ {
		for v := range r.first {
			if s := slot[v]; r.first[v] <= out[i] && out[i] <= r.last[v] && s > 0 && !in[s] {
				in[s] = true
				out = append(out, s)
			}
		}
	}
	slices.Sort(out)
	return out
}

// complete places the other groups too, each in the first bundle that it can be in.
// Where that breaks a rule it names a group whose range has to be narrowed.
func (p *placer) complete(r ranges, slot []int32) (in []int32, bad int32) {
	in = make([]int32, len(p.order))
	need := slices.Clone(r.first)
	floor, highest := int32(1), int32(1)
	for i, v := range p.order {
		if i > 0 && p.c.groups[v].level != p.c.groups[p.order[i-1]].level {
			floor = highest
		}
		at, end := max(need[v], floor), r.last[v]
		if slot[v] > 0 {
			if slot[v] < at {
				return nil, v
			}
			at, end = slot[v], slot[v]
		}
		clash := int32(-1)
		for ; at <= end; at++ {
			if clash = p.clash(in, v, at); clash < 0 {
				break
			}
		}
		if clash >= 0 {
			if r.first[v] == r.last[v] {
				v = clash
			}
			return nil, v
		}
		in[v], highest = at, max(highest, at)
		for _, w := range p.before.next(v) {
			need[w] = max(need[w], at)
		}
		for _, w := range p.soak.next(v) {
			need[w] = max(need[w], min(at+1, p.late))
		}
	}
	return in, -1
}

// clash is a group in bundle b that v has to be apart from, or -1.
func (p *placer) clash(in []int32, v, b int32) int32 {
	if b < p.late {
		for _, w := range p.apart.next(v) {
			if in[w] == b {
				return w
			}
		}
	}
	return -1
}
