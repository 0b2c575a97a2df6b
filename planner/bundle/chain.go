package bundle

import "math/bits"

// chains bounds the rest of a block from below by its dearest chain. For a unit v
// and the color p of the open bundle, at(v, p) is the least that v and any chain
// of units behind it can cost, and all blocks behind: v either runs in the open
// bundle, or in a new one, and then the dearest of what comes behind v follows.
//
//	at(v,p) = min( excess(v,p) + behind(v,p),  min over q of open(q) + excess(v,q) + behind(v,q) )
//	behind(v,p) = max( tail of the next block at p,  max over w behind v of at(w,p) )
//
// Only one chain is counted, at its own excess; what runs beside it is free.
type chains struct {
	units int
	cost  []int64 // by color, then unit
}

// newChains computes the chains of block b from the tail of the block behind it.
func (o *oracle) newChains(b int) chains {
	blk := &o.in.blocks[b]
	m := len(blk.units)
	c := chains{m, make([]int64, m*o.n)}
	next, open := o.behind(b), o.prices(b)
	for p := range o.n {
		for v := range m {
			c.cost[p*m+v] = next[p]
		}
	}
	// cost holds behind(v,·) until v's turn, and at(v,·) from then on.
	rest := make([]uint64, blk.words)
	for v := m - 1; v >= 0; v-- {
		u := &blk.units[v]
		best := infinite
		for p := range o.n {
			if gap := o.in.pal.gap[p*o.n+int(u.color)]; gap >= 0 {
				c.cost[p*m+v] += gap * u.work
				best = min(best, open[p]+c.cost[p*m+v])
			} else {
				c.cost[p*m+v] = infinite
			}
		}
		for p := range o.n {
			c.cost[p*m+v] = min(c.cost[p*m+v], best)
		}
		// Only units directly before v: for those further off the bound along the
		// way is at least as large.
		copy(rest, blk.pred(v))
		for w := blk.words - 1; w >= 0; w-- {
			for rest[w] != 0 {
				x := w<<6 + 63 - bits.LeadingZeros64(rest[w])
				unset(rest, x)
				before := blk.pred(x)
				for i := range rest {
					rest[i] &^= before[i]
				}
				for p := range o.n {
					c.cost[p*m+x] = max(c.cost[p*m+x], c.cost[p*m+v])
				}
			}
		}
	}
	return c
}

// worst is the largest bound over the units of the block that are not done.
func (c *chains) worst(done []uint64, p int, least int64) int64 {
	row := c.cost[p*c.units : (p+1)*c.units]
	for w, x := range done {
		x = ^x
		if rest := c.units - w<<6; rest < 64 {
			x &= 1<<rest - 1
		}
		for ; x != 0; x &= x - 1 {
			least = max(least, row[w<<6+bits.TrailingZeros64(x)])
		}
	}
	return least
}
