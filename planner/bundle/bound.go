package bundle

import (
	"math/bits"
	"slices"
)

// shareBits is the grid of shares: a share of 1 is 1<<shareBits.
const shareBits = 10

// share is the part of a lattice unit that is still to run.
type share struct {
	part int64 // rounded down to the grid
	unit int32
}

// bound is a lower bound of what is to pay from a state on: units done of block
// b, with a bundle of color p open.
func (o *oracle) bound(b int, done []uint64, p int) int64 {
	if b >= len(o.in.blocks) {
		return 0
	}
	l := &o.small[b]
	if l.exact {
		if row := o.row(l, done[0], 0); row != nil {
			return row[p]
		}
		return o.behind(b)[p]
	}
	least := o.behind(b)[p]
	if c := &o.chain[b]; c.units > 0 {
		least = c.worst(done, p, least)
	}
	if l.of != nil {
		least = max(least, o.blend(l, &o.in.blocks[b], done, p))
	}
	return least
}

// blend bounds the rest of a block by the rows of its sketch. A unit of the
// sketch may stand for many, of which some are done; the table knows it only whole
// or done. But the least cost is a minimum of functions that are linear in the
// work of each unit, so it is concave: between two amounts of work it is nowhere
// below the line through its ends. With shares s1 >= s2 >= ... of the units, the
// remaining work is the mix (1-s1)*none + (s1-s2)*{1} + (s2-s3)*{1,2} + ..., and
// the cost is at least the same mix of rows.
func (o *oracle) blend(l *lattice, blk *block, done []uint64, p int) int64 {
	o.shares = o.shares[:0]
	left := o.left[:len(l.color)]
	clear(left)
	undone := uint64(0)
	for w, x := range done {
		x = ^x
		if rest := len(blk.units) - w<<6; rest < 64 {
			x &= 1<<rest - 1
		}
		for ; x != 0; x &= x - 1 {
			v := w<<6 + bits.TrailingZeros64(x)
			if l.of[v] < 0 {
				continue
			}
			left[l.of[v]] += blk.units[v].work
			undone |= 1 << l.of[v]
		}
	}
	ideal := l.full
	for rest := undone; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		switch {
		case left[i] == l.work[i]:
			// Whole. Without any work that cannot be told from the work; then one that
			// is done in part counts as done.
			if l.work[i] > 0 || !o.touched(l, blk, done, i) {
				ideal &^= 1 << i
			}
		default:
			o.shares = append(o.shares, share{grid(left[i], l.work[i]), int32(i)})
		}
	}
	slices.SortFunc(o.shares, func(a, b share) int {
		if a.part != b.part {
			return int(b.part - a.part)
		}
		return int(a.unit - b.unit)
	})
	total, above := int64(0), int64(1)<<shareBits
	for i := 0; i <= len(o.shares); i++ {
		part := int64(0)
		if i < len(o.shares) {
			part = o.shares[i].part
		}
		if part < above {
			row := o.row(l, ideal, 0)
			if row == nil {
				return 0
			}
			total += portion(row[p], above-part)
		}
		if i < len(o.shares) {
			ideal &^= 1 << o.shares[i].unit
			above = part
		}
	}
	return total
}

// touched reports whether a unit of the block that lattice unit i stands for is
// done.
func (o *oracle) touched(l *lattice, blk *block, done []uint64, i int) bool {
	for v := range blk.units {
		if int(l.of[v]) == i && has(done, v) {
			return true
		}
	}
	return false
}

// grid is left/work as a share, rounded down.
func grid(left, work int64) int64 {
	if left < 1<<(62-shareBits) {
		return left << shareBits / work
	}
	return left / (work>>shareBits + 1)
}

// portion is cost*part in the grid, rounded down.
func portion(cost, part int64) int64 {
	return cost>>shareBits*part + cost&(1<<shareBits-1)*part>>shareBits
}
