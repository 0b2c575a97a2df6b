package bundle

// relax gives block b a bound where its own ideals are too many: the dearest
// chain, and a table over a simpler poset.
func (o *oracle) relax(b int) {
	o.chain[b] = o.newChains(b)
	tail, next := o.tail(b), o.tail(b+1)
	done := make([]uint64, o.in.blocks[b].words)
	for p := range tail {
		tail[p] = o.chain[b].worst(done, p, next[p])
	}
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
	}
	least := o.tails[(b+1)*o.n+p]
	if c := &o.chain[b]; c.units > 0 {
		least = c.worst(done, p, least)
	}
	return least
}
