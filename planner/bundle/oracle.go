package bundle

import "math/bits"

// infinite is more than any cost; two of them do not overflow when a cost is
// added to one.
const infinite = int64(1) << 61

// rowLimit bounds the ideals of one block whose costs are tabled. Blocks of real
// plans have a few dozen.
const rowLimit = 2048

// oracle bounds from below what is still to pay. For the start of each block, and
// for the ideals of a block as they are asked for, it holds one row: per color of
// the open bundle the least that the rest can cost. Pins, apart and soak are left
// out, which only lowers the bound. Where no block had to be relaxed and nothing
// was left out, the rows are not a bound but the answer.
type oracle struct {
	in    *instance
	n     int       // colors
	tails []int64   // n per block, and n zeros behind the last
	small []lattice // per block
	chain []chains  // per block; empty where lattice is exact

	// Rows by (lattice, ideal), in an open hash table.
	keys  []rowKey
	rows  []int64
	slots []int32
	spare []int64 // a row of scratch per depth of recursion
}

type rowKey struct {
	ideal   uint64
	lattice int32
}

// lattice is a poset of at most 64 units of a block, or of units that stand for
// several; its ideals are the states of the tables.
type lattice struct {
	id    int32
	exact bool    // the units are those of the block
	color []int32
	work  []int64
	preds []uint64
	// Per color of the bundle: the units that fit it, and those that cost nothing
	// beyond their own rates in it.
	fit, free []uint64
	full      uint64
	tail      int // row of the next block in tails
	rows      int // rows made so far
	limit     int
}

func newOracle(in *instance) *oracle {
	n := in.pal.size()
	blocks := len(in.blocks)
	o := &oracle{
		in: in, n: n,
		tails: make([]int64, n*(blocks+1)),
		small: make([]lattice, blocks),
		chain: make([]chains, blocks),
		spare: make([]int64, 65*n),
	}
	for b := blocks - 1; b >= 0; b-- {
		o.addBlock(b)
	}
	return o
}

// tail is the row of block b's start.
func (o *oracle) tail(b int) []int64 { return o.tails[b*o.n : (b+1)*o.n] }

func (o *oracle) addBlock(b int) {
	blk := &o.in.blocks[b]
	switch {
	case len(blk.units) == 1:
		o.single(b)
	case len(blk.units) <= 64 && o.tabulate(b, exactLattice(blk)):
		o.small[b].exact = true
	default:
		o.relax(b)
	}
}

// single is the tail of a block of one unit: stay in the open bundle or open the
// best other one.
func (o *oracle) single(b int) {
	u := &o.in.blocks[b].units[0]
	row, next := o.tail(b), o.tail(b+1)
	best := infinite
	for p := range row {
		row[p] = infinite
		if gap := o.in.pal.gap[p*o.n+int(u.color)]; gap >= 0 {
			row[p] = gap*u.work + next[p]
			best = min(best, o.in.pal.open[p]+row[p])
		}
	}
	for p := range row {
		row[p] = min(row[p], best)
	}
}

func exactLattice(blk *block) lattice {
	l := lattice{preds: blk.preds}
	for _, u := range blk.units {
		l.color, l.work = append(l.color, u.color), append(l.work, u.work)
	}
	return l
}

// tabulate makes l the lattice of block b and sets the tail of the block from it.
// It reports whether the rows stayed within the limit.
func (o *oracle) tabulate(b int, l lattice) bool {
	l.id = int32(b)
	if old := o.small[b]; old.limit > 0 {
		l.id = old.id + int32(len(o.in.blocks)) // rows of a failed attempt stay behind
	}
	l.tail, l.limit = (b+1)*o.n, rowLimit
	l.full = ^uint64(0) >> (64 - len(l.color))
	l.fit, l.free = make([]uint64, o.n), make([]uint64, o.n)
	for p := range o.n {
		for v, c := range l.color {
			gap := o.in.pal.gap[p*o.n+int(c)]
			if gap >= 0 {
				l.fit[p] |= 1 << v
			}
			if gap >= 0 && gap*l.work[v] == 0 {
				l.free[p] |= 1 << v
			}
		}
	}
	o.small[b] = l
	row := o.row(&o.small[b], 0, 0)
	if row == nil {
		return false
	}
	copy(o.tail(b), row)
	return true
}

// row is the least cost from an ideal on, per color of the open bundle; nil when
// the limit is reached. The result is valid until the next call.
func (o *oracle) row(l *lattice, ideal uint64, depth int) []int64 {
	if ideal == l.full {
		return o.tails[l.tail : l.tail+o.n]
	}
	slot := o.find(l.id, ideal)
	if at := o.at(slot); at >= 0 {
		return o.rows[int(at)*o.n : (int(at)+1)*o.n]
	}
	if l.rows >= l.limit {
		return nil
	}
	l.rows++
	stay := o.spare[depth*o.n : (depth+1)*o.n]
	best := infinite
	for p := range o.n {
		cost, ok := o.stay(l, ideal, p, depth)
		if !ok {
			return nil
		}
		stay[p] = cost
		best = min(best, o.in.pal.open[p]+cost)
	}
	for p := range stay {
		stay[p] = min(stay[p], best)
	}
	return o.keep(l.id, ideal, stay)
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
	for rest := l.fit[p] &^ ideal; rest != 0; rest &= rest - 1 {
		v := bits.TrailingZeros64(rest)
		if l.preds[v]&^ideal != 0 {
			continue
		}
		row := o.row(l, l.settle(ideal|1<<v, p), depth+1)
		if row == nil {
			return 0, false
		}
		cost = min(cost, o.in.pal.gap[p*o.n+int(l.color[v])]*l.work[v]+row[p])
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

func (o *oracle) find(lattice int32, ideal uint64) int {
	if 2*(len(o.keys)+1) > len(o.slots) {
		o.grow()
	}
	mask := len(o.slots) - 1
	slot := int(hashRow(uint64(lattice), []uint64{ideal})) & mask
	for o.slots[slot] != 0 {
		if k := o.keys[o.slots[slot]-1]; k.ideal == ideal && k.lattice == lattice {
			break
		}
		slot = (slot + 1) & mask
	}
	return slot
}

func (o *oracle) at(slot int) int32 { return o.slots[slot] - 1 }

func (o *oracle) keep(lattice int32, ideal uint64, row []int64) []int64 {
	slot := o.find(lattice, ideal)
	o.keys = append(o.keys, rowKey{ideal, lattice})
	o.slots[slot] = int32(len(o.keys))
	o.rows = append(o.rows, row...)
	return o.rows[len(o.rows)-o.n:]
}

func (o *oracle) grow() {
	old := o.keys
	o.slots = make([]int32, max(256, 4*len(o.slots)))
	o.keys = o.keys[:0]
	for _, k := range old {
		slot := o.find(k.lattice, k.ideal)
		o.keys = append(o.keys, k)
		o.slots[slot] = int32(len(o.keys))
	}
}
