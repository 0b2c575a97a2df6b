package bundle

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// A block with too many ideals is bounded by a simpler poset, its sketch. A few
// units, the kept ones, stand for themselves and keep the order among them; all
// others lose their order, and those of one color become one. Losing order and
// then merging twins is a relaxation, so the table of the sketch bounds the block.
//
// Which units to keep is found out by asking: the best split of the sketch is
// looked at, and where it breaks the order of the block, the two units whose order
// would be dearest to mend are kept from then on. That goes on until the split
// breaks nothing, or the table gets too large.

// maxKept bounds the kept units of a sketch.
const maxKept = 40

// relax gives block b a bound where its own ideals are too many. It starts with
// units that are known to be worth keeping.
func (o *oracle) relax(b int, kept []int) {
	o.chain[b] = o.newChains(b)
	tail, next := o.tail(b), o.behind(b)
	floor := make([]int64, o.n)
	done := make([]uint64, o.in.blocks[b].words)
	for p := range tail {
		floor[p] = o.chain[b].worst(done, p, next[p])
	}
	few := math.MaxInt // colors that take part
	for len(kept) <= maxKept && (o.limits.steps == 0 || o.steps < o.limits.steps) {
		l, ok := o.sketch(b, kept, few)
		if !ok || !o.tabulate(b, l, o.limits.sketch) {
			// A table too large from the start has too many colors.
			if few = min(few, len(l.color)) - 1; len(o.small[b].color) > 0 || few < 2 {
				break
			}
			continue
		}
		for p := range tail {
			floor[p] = max(floor[p], tail[p])
		}
		more := o.broken(b)
		if len(more) == 0 {
			break
		}
		kept = slices.Concat(kept, more)
		slices.Sort(kept)
		kept = slices.Compact(kept)
	}
	copy(tail, floor)
}

// sketch builds the lattice of a block in which only the kept units are in order.
// Of the units not kept those of the few colors with most work take part.
func (o *oracle) sketch(b int, kept []int, few int) (lattice, bool) {
	blk := &o.in.blocks[b]
	out := o.lightColors(blk, few)
	var items []item
	place := make([]int32, len(blk.units))
	loose := make([]int32, o.n) // color -> item of the units not kept, plus 1
	next := 0
	for v := range blk.units {
		u := &blk.units[v]
		if next < len(kept) && kept[next] == v {
			next++
		} else if out != nil && out[u.color] {
			place[v] = -1
			continue
		} else if i := loose[u.color] - 1; i >= 0 {
			items[i].work += u.work
			items[i].groups = append(items[i].groups, int32(v))
			continue
		} else {
			loose[u.color] = int32(len(items)) + 1
		}
		place[v] = int32(len(items))
		items = append(items, item{color: u.color, work: u.work, plain: true, groups: []int32{int32(v)}})
	}
	var edges [][2]int32
	for i, v := range kept {
		for _, w := range kept[:i] {
			if has(blk.pred(v), w) {
				edges = append(edges, [2]int32{place[w], place[v]})
			}
		}
	}
	q := newPoset(items, edges)
	q.reduce()
	q = q.compact()
	if len(q.items) > 64 {
		return lattice{}, false
	}
	l := lattice{preds: q.down, kept: kept, of: make([]int32, len(blk.units))}
	for v := range l.of {
		l.of[v] = -1
	}
	for i, it := range q.items {
		l.color, l.work = append(l.color, it.color), append(l.work, it.work)
		for _, v := range it.groups {
			l.of[v] = int32(i)
		}
	}
	return l, true
}

// lightColors marks the colors of the block's units but for the few with most
// work; nil if there are no more than few.
func (o *oracle) lightColors(blk *block, few int) []bool {
	work := make([]int64, o.n)
	var colors []int32
	for i := range blk.units {
		c := blk.units[i].color
		if !slices.Contains(colors, c) {
			colors = append(colors, c)
		}
		work[c] += blk.units[i].work
	}
	if len(colors) <= few {
		return nil
	}
	slices.SortFunc(colors, func(a, b int32) int {
		return cmp.Or(cmp.Compare(work[b], work[a]), cmp.Compare(a, b))
	})
	out := make([]bool, o.n)
	for _, c := range colors[few:] {
		out[c] = true
	}
	return out
}

// broken looks at the best split of block b's sketch, from a bundle that is
// opened for it, and returns the pair of units whose order it breaks at the
// highest price; none if it breaks nothing.
func (o *oracle) broken(b int) []int {
	blk, l := &o.in.blocks[b], &o.small[b]
	colors, in := o.trace(l)
	excess := func(v, bundle int) int64 {
		gap := o.in.pal.gap[int(colors[bundle])*o.n+int(blk.units[v].color)]
		if gap < 0 {
			return infinite
		}
		return gap * blk.units[v].work
	}
	worst, pair := -infinite, []int(nil)
	for v := range blk.units {
		if l.of[v] < 0 {
			continue
		}
		mine := in[l.of[v]]
		each(blk.pred(v), func(u int) {
			if l.of[u] < 0 {
				return
			}
			other := in[l.of[u]]
			if other <= mine {
				return
			}
			mend := infinite
			for i := range mine + 1 {
				mend = min(mend, excess(u, i)-excess(u, other))
			}
			for i := other; i < len(colors); i++ {
				mend = min(mend, excess(v, i)-excess(v, mine))
			}
			if mend > worst {
				worst, pair = mend, []int{u, v}
			}
		})
	}
	return pair
}

// trace walks through the table of a lattice: the colors of the bundles of a
// best split, and for each unit of the lattice its bundle.
func (o *oracle) trace(l *lattice) (colors []int32, in []int) {
	in = make([]int, len(l.color))
	ideal, p := uint64(0), int(none)
	put := func(done uint64) {
		for rest := done &^ ideal; rest != 0; rest &= rest - 1 {
			in[bits.TrailingZeros64(rest)] = len(colors) - 1
		}
		ideal = done
	}
	for ideal != l.full {
		if p >= 0 {
			if done := l.settle(ideal, p); done != ideal {
				put(done)
				continue
			}
			cost, done := o.bestTake(l, ideal, p)
			if cost == o.row(l, ideal, 0)[p] {
				put(done)
				continue
			}
		}
		best := infinite
		for q := range o.n {
			if cost, ok := o.stay(l, ideal, q, 0); ok && l.open[q]+cost < best {
				best, p = l.open[q]+cost, q
			}
		}
		colors = append(colors, int32(p))
	}
	return colors, in
}

// bestTake is the cheapest way to run one more unit in a bundle of color p, and
// the ideal it leads to.
func (o *oracle) bestTake(l *lattice, ideal uint64, p int) (cost int64, done uint64) {
	cost = infinite
	for rest := l.fit[p] &^ ideal; rest != 0; rest &= rest - 1 {
		v := bits.TrailingZeros64(rest)
		if l.preds[v]&^ideal != 0 {
			continue
		}
		to := l.settle(ideal|1<<v, p)
		row := o.row(l, to, 0)
		if row == nil {
			continue
		}
		if c := o.in.pal.gap[p*o.n+int(l.color[v])]*l.work[v] + row[p]; c < cost {
			cost, done = c, to
		}
	}
	return cost, done
}
