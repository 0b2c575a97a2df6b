package bundle

import "math/bits"

// infinite is more than any cost; two of them do not overflow when a cost is
// added to one.
const infinite = int64(1) << 61

// oracle bounds from below what is still to pay. For the start of each block, and
// for the ideals of a block as they are asked for, it holds one row: per color of
// the open bundle the least that the rest can cost. Pins, apart and soak are left
// out, which only lowers the bound. Where no block had to be relaxed and nothing
// was left out, the rows are not a bound but the answer.
type oracle struct {
	in     *instance
	n      int     // colors
	free   []int64 // what opens a bundle of a color where sittings are free; nil if nowhere
	over   []int64 // see behind
	loose  *oracle // with pins, the same where sittings are free
	limits limits
	tails  []int64   // n per block, and n zeros behind the last
	small  []lattice // per block
	chain  []chains  // per block; empty where the lattice is exact
	hard   int       // blocks that had to be relaxed
	steps  int64     // work done, in the steps of the search

	scratch table
	spare   []int64 // a row of scratch per depth of recursion
	shares  []share // scratch of blend
	left    [64]int64
}

// lattice is a poset of at most 64 units of a block, or of units that stand for
// several; its ideals are the states of the tables.
type lattice struct {
	exact bool // the units are those of the block
	// Of a sketch: block unit -> unit here, and the units that stand for themselves.
	of   []int32
	kept []int

	color []int32
	work  []int64
	preds []uint64
	// Per color of the bundle: the units that fit it, and those that cost nothing
	// beyond their own rates in it.
	fit, free []uint64
	full      uint64
	tail      []int64 // row of the next block's start
	open      []int64 // what opens a bundle of a color
	table     table
	limit     int // rows
}

// newOracle builds the tables, from the last block to the first. Before is an
// oracle of the same instance with lower limits, or nil.
func newOracle(in *instance, l limits, before *oracle) *oracle {
	o := newTables(in, l, before, nil)
	if in.lastPin > 0 {
		free := make([]int64, len(in.pal.open))
		for p := range free {
			free[p] = in.pal.open[p] - in.pal.sitting
		}
		if before != nil {
			before = before.loose
		}
		o.loose = newTables(in, l, before, free)
	}
	return o
}

// behind bounds what is to pay behind block b, with a bundle of some color open and some
// units of the block still to come. That is the tail of the next block, as a bundle that
// is opened for those units is dearer than none; but where it is free, it may be opened
// for what comes behind.
func (o *oracle) behind(b int) []int64 {
	next := o.tail(b + 1)
	if o.free == nil || b != int(o.in.pinned) {
		return next
	}
	if o.over == nil {
		best := infinite
		for q := range next {
			best = min(best, o.free[q]+next[q])
		}
		for p := range next {
			o.over = append(o.over, min(next[p], best))
		}
	}
	return o.over
}

// prices are what opens a bundle in a block. Behind the block with the last pin all
// sittings are paid, in any table.
func (o *oracle) prices(b int) []int64 {
	if o.free == nil || b > int(o.in.pinned) {
		return o.in.pal.open
	}
	return o.free
}

// spent is the work done in all tables.
func (o *oracle) spent() int64 {
	if o.loose != nil {
		return o.steps + o.loose.steps
	}
	return o.steps
}

// least bounds what is still to pay from a state on. Up to the last pin as many bundles
// have to be opened as are missing; so their sittings are paid in any case, and in the
// blocks up to that pin all may be free.
func (o *oracle) least(st *state, done []uint64) int64 {
	least := o.bound(int(st.block), done, int(st.color))
	if missing := int64(o.in.lastPin - st.ordinal); o.loose != nil && missing > 0 {
		least = max(least, o.loose.bound(int(st.block), done, int(st.color))+missing*o.in.pal.sitting)
	}
	return least
}

func newTables(in *instance, l limits, before *oracle, free []int64) *oracle {
	n := in.pal.size()
	blocks := len(in.blocks)
	o := &oracle{
		in: in, n: n, free: free, limits: l,
		tails: make([]int64, n*(blocks+1)),
		small: make([]lattice, blocks),
		chain: make([]chains, blocks),
		spare: make([]int64, 65*n),
	}
	for b := blocks - 1; b >= 0; b-- {
		var kept []int
		if before != nil {
			kept = before.small[b].kept
		}
		o.addBlock(b, kept)
	}
	return o
}

// tail is the row of block b's start.
func (o *oracle) tail(b int) []int64 { return o.tails[b*o.n : (b+1)*o.n] }

func (o *oracle) addBlock(b int, kept []int) {
	blk := &o.in.blocks[b]
	o.steps += int64(len(blk.units))
	if len(blk.units) == 1 {
		o.single(b)
		return
	}
	if len(blk.units) <= 64 && !hopeless(len(blk.units), o.limits.whole) && o.tabulate(b, exactLattice(blk), o.limits.whole) {
		o.small[b].exact = true
		return
	}
	o.hard++
	o.relax(b, kept)
}

// single is the tail of a block of one unit: stay in the open bundle or open the
// best other one.
func (o *oracle) single(b int) {
	u := &o.in.blocks[b].units[0]
	row, next, open := o.tail(b), o.tail(b+1), o.prices(b)
	best := infinite
	for p := range row {
		row[p] = infinite
		if gap := o.in.pal.gap[p*o.n+int(u.color)]; gap >= 0 {
			row[p] = gap*u.work + next[p]
			best = min(best, open[p]+row[p])
		}
	}
	for p := range row {
		row[p] = min(row[p], best)
	}
}

func exactLattice(blk *block) lattice {
	n := len(blk.units)
	l := lattice{preds: blk.preds, color: make([]int32, n), work: make([]int64, n)}
	for i := range blk.units {
		l.color[i], l.work[i] = blk.units[i].color, blk.units[i].work
	}
	return l
}

// tabulate makes l the lattice of block b and sets the tail of the block from it.
// If that takes too many rows it leaves everything as it was, and says so.
func (o *oracle) tabulate(b int, l lattice, limit int) bool {
	l.tail, l.open, l.limit = o.tail(b+1), o.prices(b), limit
	// Sittings are free up to the bundle of the last pin. So its unit is not to be run
	// for nothing in an earlier one, or what that bundle is opened for would be paid.
	held := o.free != nil && b == int(o.in.pinned) && l.of == nil
	if l.of != nil {
		l.tail = o.behind(b) // that unit may be one of several here, or left out
	}
	l.full = ^uint64(0) >> (64 - len(l.color))
	masks := make([]uint64, 2*o.n)
	l.fit, l.free = masks[:o.n], masks[o.n:]
	for p := range o.n {
		gaps := o.in.pal.gap[p*o.n : (p+1)*o.n]
		for v, c := range l.color {
			if gaps[c] >= 0 {
				l.fit[p] |= 1 << v
			}
			if gaps[c] >= 0 && gaps[c]*l.work[v] == 0 && !(held && v == int(o.in.lastUnit)) {
				l.free[p] |= 1 << v
			}
		}
	}
	l.table, o.scratch = o.scratch, table{}
	l.table.reset(o.n)
	row := o.row(&l, 0, 0)
	if row == nil {
		o.scratch = l.table
		return false
	}
	// Of the sketches of a block the last counts; the search may look further than
	// the table did when it was made.
	o.scratch = o.small[b].table
	l.limit *= 4
	o.small[b] = l
	copy(o.tail(b), row)
	return true
}

// row is the least cost from an ideal on, per color of the open bundle; nil when
// the limit is reached.
func (o *oracle) row(l *lattice, ideal uint64, depth int) []int64 {
	if ideal == l.full {
		return l.tail
	}
	if row := l.table.get(ideal); row != nil {
		return row
	}
	if len(l.table.keys)+depth >= l.limit {
		return nil
	}
	o.steps += o.in.rowSteps()
	stay := o.spare[depth*o.n : (depth+1)*o.n]
	best := infinite
	for p := range o.n {
		cost, ok := o.stay(l, ideal, p, depth)
		if !ok {
			return nil
		}
		stay[p] = cost
		best = min(best, l.open[p]+cost)
	}
	for p := range stay {
		stay[p] = min(stay[p], best)
	}
	return l.table.put(ideal, stay)
}

// stay is the least cost from an ideal on if the next unit is run in a bundle of
// color p that is already paid for.
func (o *oracle) stay(l *lattice, ideal uint64, p, depth int) (int64, bool) {
	done := l.settle(ideal, p)
	if done != ideal {
		row := o.row(l, done, depth+1)
		if row == nil {
			return 0, false
		}
		return row[p], true
	}
	cost := infinite
	gaps := o.in.pal.gap[p*o.n : (p+1)*o.n]
	for rest := l.fit[p] &^ ideal; rest != 0; rest &= rest - 1 {
		v := bits.TrailingZeros64(rest)
		if l.preds[v]&^ideal != 0 {
			continue
		}
		row := o.row(l, l.settle(ideal|1<<v, p), depth+1)
		if row == nil {
			return 0, false
		}
		cost = min(cost, gaps[l.color[v]]*l.work[v]+row[p])
	}
	return cost, true
}

// settle adds to an ideal what a bundle of color p can run for nothing.
func (l *lattice) settle(ideal uint64, p int) uint64 {
	for rest := l.free[p] &^ ideal; rest != 0; rest &= rest - 1 {
		if v := bits.TrailingZeros64(rest); l.preds[v]&^ideal == 0 {
			ideal |= 1 << v
		}
	}
	return ideal
}
