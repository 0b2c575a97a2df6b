package bundle

// attempt is one call of Solve: the effort, what is spent of it, and the best
// split so far.
type attempt struct {
	effort, steps int64
	limits        limits
	best          int64 // scaled total
	bundles       [][]int
}

// limits bound the rows of one block's table: what it gets at first, how much
// more it gets whenever that was not enough for a proof, and when it is enough.
// Most blocks of real plans need a few dozen rows.
type limits struct{ first, growth, last int }

func usualLimits() limits { return limits{first: 64, growth: 8, last: 1 << 16} }

// search looks for the cheapest split below the best so far. It returns the split,
// its scaled total, and a bound for all splits.
//
// Better tables cost more but make the search shorter, so it takes them in turns:
// a short search for a proof, then larger tables, as long as the effort allows.
// At the end a quarter of what is left goes into a good split, and the rest into a
// proof again.
func (a *attempt) search(in *instance) (splits []opening, total, bound int64) {
	a.steps += in.units()
	cutoff := a.best - in.base
	var tables *oracle
	for limit := a.limits.first; ; limit *= a.limits.growth {
		tables = newOracle(in, limit, tables)
		a.steps += tables.steps
		s := newBestFirst(in, tables, cutoff)
		a.prove(s, min(2*tables.steps+4000, a.left()/8), &splits, &cutoff, &bound)
		next := int64(tables.hard) * int64(limit*a.limits.growth) * (1 + int64(in.pal.size())/8)
		if bound >= cutoff || tables.hard == 0 || limit >= a.limits.last || next > a.left()*3/4 {
			break
		}
	}
	if bound < cutoff {
		s := newSweep(in, tables, cutoff)
		a.spend(&s.walker, func() { s.run(a.left() / 4) })
		if s.goal >= 0 {
			splits, cutoff = s.trace(s.goal), s.cutoff
		}
		a.prove(newBestFirst(in, tables, cutoff), a.left(), &splits, &cutoff, &bound)
	}
	return splits, cutoff + in.base, min(bound+in.base, infinite)
}

// prove runs a search for a proof and takes over what it found.
func (a *attempt) prove(s *bestFirst, steps int64, splits *[]opening, cutoff, bound *int64) {
	a.spend(&s.walker, func() { s.run(steps) })
	if s.goal >= 0 {
		*splits, *cutoff = s.trace(s.goal), s.cutoff
	}
	*bound = max(*bound, s.bound())
}

func (a *attempt) left() int64 { return max(a.effort-a.steps, 0) }

// spend counts the steps that f makes w do.
func (a *attempt) spend(w *walker, f func()) {
	before := w.steps + w.oracle.steps
	f()
	a.steps += w.steps + w.oracle.steps - before
}

// units counts the units of all blocks.
func (in *instance) units() int64 {
	n := 0
	for i := range in.blocks {
		n += len(in.blocks[i].units)
	}
	return int64(n)
}
