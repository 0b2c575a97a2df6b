package bundle

import (
	"math/bits"
	"slices"
)

// attempt is one call of Solve: the effort, what is spent of it, and the best
// split so far.
type attempt struct {
	effort, steps int64
	limits        limits
	best          int64   // scaled total
	bundles       [][]int // of nodes
}

// limits bound the rows of one block's table: whole for a table of the block
// itself, which proves most, and sketch for that of a sketch. Zero leaves them to
// the effort. With search set, pins are left to the search: no subsets, no good split to
// start with.
type limits struct {
	whole, sketch int
	steps         int64 // after which no further sketch is made; 0: as many as help
	search        bool
}

// fewRows is what a block gets in any case. firstRows are enough for most blocks of
// real plans, moreRows for most small ones of other problems; maxRows keeps the
// tables of one block within some 32 MiB.
const (
	fewRows   = 8
	firstRows = 64
	moreRows  = 512
	maxRows   = 1 << 16
)

// first are the limits to begin with: at most an eighth of the steps goes into
// whole tables, and not much more into sketches, of which a block takes several.
func (a *attempt) first(in *instance) limits {
	if a.limits.whole > 0 {
		return a.limits
	}
	blocks := int64(1)
	for i := range in.blocks {
		if len(in.blocks[i].units) > 1 {
			blocks++
		}
	}
	rows := int(a.left() / (8 * blocks * in.rowSteps() * in.tables()))
	sketch := max(fewRows, min(firstRows, rows))
	return limits{whole: max(sketch, min(moreRows, rows)), sketch: sketch, steps: a.left() / in.tables()}
}

// better are the limits that the steps left allow, if the tables had to relax
// some blocks: half of the steps for whole tables, and less for sketches, of
// which a block takes several.
func (a *attempt) better(o *oracle) limits {
	if a.limits.whole > 0 {
		return a.limits
	}
	price := int64(o.hard) * o.in.rowSteps() * o.in.tables()
	return limits{
		whole:  int(min(maxRows, a.left()/(2*price))),
		sketch: int(min(maxRows/4, a.left()/(8*price))),
		steps:  a.left() / o.in.tables(),
	}
}

// hopeless reports whether a block of so many units hardly fits a table of so many
// rows. Blocks that are hard to solve have about 1.4 to 1.5 to the power of units
// ideals that matter.
func hopeless(units, rows int) bool { return units > 2*bits.Len(uint(rows)) }

// search is the state of one problem's solution: everything is in scaled excess.
type search struct {
	*attempt
	p       *Problem
	c       *contraction
	in      *instance
	tables  *oracle
	cutoff  int64   // excess of the best split so far
	bound   int64   // no split costs less
	bundles [][]int // best split below the first cutoff; with pins some may be empty
}

// find looks for the cheapest split below the best so far.
//
// Small tables and a short search solve what people plan. Where they do not, a
// good split is looked for, since it makes every later proof shorter; then the
// tables are made as large as the effort allows, and the rest goes into a proof.
func (a *attempt) find(p *Problem, c *contraction) *search {
	in := newInstance(p, c)
	s := &search{attempt: a, p: p, c: c, in: in, cutoff: a.best - in.base}
	a.steps += in.unitCount()
	s.tabulate(a.first(in))
	if s.bound < s.cutoff {
		s.rough()
		s.sweep(a.left() / 8)
	}
	if s.bound < s.cutoff && s.tables.hard > 0 {
		if next := a.better(s.tables); next.sketch >= 2*s.tables.limits.sketch {
			s.tabulate(next)
			s.sweep(a.left() / 2)
		}
	}
	if s.bound < s.cutoff {
		s.prove(a.left())
	}
	if !in.pal.whole && (s.bundles != nil || a.best < infinite) {
		// Bundles of the footprints left out might cost less; each opens, though.
		s.bound = min(s.bound, slices.Min(in.pal.open))
	}
	return s
}

// tabulate makes the tables anew and tries a short proof with them.
func (s *search) tabulate(l limits) {
	s.tables = newOracle(s.in, l, s.tables)
	s.steps += s.tables.spent()
	s.prove(s.tables.spent()/4 + 2000)
}

// prove runs a search for a proof and takes over what it finds.
func (s *search) prove(steps int64) {
	b := newBestFirst(s.in, s.tables, s.cutoff)
	s.spend(&b.walker, func() { b.run(min(steps, s.left())) })
	if b.goal >= 0 {
		s.take(&b.walker, b.goal)
	}
	s.bound = max(s.bound, b.bound())
}

// sweep runs a search for a good split.
func (s *search) sweep(steps int64) {
	if s.bound >= s.cutoff {
		return
	}
	w := newSweep(s.in, s.tables, s.cutoff)
	limit := max(4*steps, s.left()*3/4)
	if s.bundles == nil && s.attempt.bundles == nil {
		limit = s.left()
	}
	s.spend(&w.walker, func() { w.run(steps, limit) })
	if w.goal >= 0 {
		s.take(&w.walker, w.goal)
	}
}

// rough makes sure that there is a split, if not a good one. With pins start has.
func (s *search) rough() {
	if s.bundles != nil || s.c.lastPin > 0 {
		return
	}
	bundles := s.nodes(newRough(s.in).run())
	if price := s.price(bundles); price < s.cutoff {
		s.bundles, s.cutoff = bundles, price
	}
}

// take makes the split of a complete state the best so far. The search prices a
// bundle by the color it was opened with; the real one may be cheaper.
func (s *search) take(w *walker, goal int32) {
	s.bundles = s.nodes(w.trace(goal))
	s.cutoff = s.price(s.bundles)
}

// nodes turns bundles of groups into bundles of nodes.
func (s *search) nodes(splits []opening) [][]int {
	out := make([][]int, len(splits))
	for i, groups := range splits {
		for _, g := range groups {
			out[i] = append(out[i], s.c.groups[g].nodes...)
		}
	}
	return out
}

// price is the scaled excess of bundles.
func (s *search) price(bundles [][]int) int64 {
	price := Cost(*s.p, bundles)*s.in.scale + int64(len(bundles)) - s.in.base
	for i, b := range bundles {
		if len(b) == 0 {
			price += s.in.fill[i+1] - s.in.pal.sitting - 1
		}
	}
	return price
}

// hollow is the index of an empty bundle of the best split, or -1.
func (s *search) hollow() int {
	return slices.IndexFunc(s.bundles, func(b []int) bool { return len(b) == 0 })
}

func (a *attempt) left() int64 { return max(a.effort-a.steps, 0) }

// spend counts the steps that f makes w do.
func (a *attempt) spend(w *walker, f func()) {
	before := w.steps + w.oracle.spent()
	f()
	a.steps += w.steps + w.oracle.spent() - before
}

// rowSteps is what a row of a table counts.
func (in *instance) rowSteps() int64 { return 1 + int64(in.pal.size())/8 }

// tables is how many oracles have tables.
func (in *instance) tables() int64 {
	if in.lastPin > 0 {
		return 2
	}
	return 1
}

// unitCount counts the units of all blocks.
func (in *instance) unitCount() int64 {
	n := 0
	for i := range in.blocks {
		n += len(in.blocks[i].units)
	}
	return int64(n)
}
