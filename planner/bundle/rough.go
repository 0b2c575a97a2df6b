package bundle

// rough finds some split in about linear time, for a cutoff where nothing better
// is known: it runs whatever the open bundle runs without excess, and then opens
// the color of which the most work is ready. It is not for problems with pins.
type rough struct {
	in    *instance
	color int32
	open  []uint64 // rules of the open bundle
	out   []opening
	ready [][]int32 // units by color
	work  []int64   // of ready
	waits []int32   // per unit: how many units it waits for
	later [][]int32 // per unit: who waits for it
}

func newRough(in *instance) *rough {
	n := in.pal.size()
	return &rough{
		in: in, color: none, open: make([]uint64, in.ruleWords),
		ready: make([][]int32, n), work: make([]int64, n),
	}
}

// run goes through the blocks and returns the bundles.
func (r *rough) run() []opening {
	for b := range r.in.blocks {
		blk := &r.in.blocks[b]
		r.enter(blk)
		for left := len(blk.units); left > 0; {
			left -= r.drain(blk)
			if left > 0 {
				r.reopen()
			}
		}
	}
	return r.out
}

// enter counts who waits for whom in a block.
func (r *rough) enter(blk *block) {
	m := len(blk.units)
	r.waits, r.later = make([]int32, m), make([][]int32, m)
	for v := range m {
		each(blk.pred(v), func(u int) {
			r.waits[v]++
			r.later[u] = append(r.later[u], int32(v))
		})
	}
	for v := range m {
		if r.waits[v] == 0 {
			r.add(blk, int32(v))
		}
	}
}

func (r *rough) add(blk *block, v int32) {
	c := blk.units[v].color
	r.ready[c] = append(r.ready[c], v)
	r.work[c] += blk.units[v].work + 1
}

// drain runs what is free in the open bundle, and returns how many units.
func (r *rough) drain(blk *block) (ran int) {
	if r.color == none {
		return 0
	}
	n := r.in.pal.size()
	for again := true; again; {
		again = false
		for c := range n {
			if r.in.pal.gap[int(r.color)*n+c] != 0 || len(r.ready[c]) == 0 {
				continue
			}
			list := r.ready[c]
			r.ready[c], r.work[c] = nil, 0
			for _, v := range list {
				if r.try(blk, v) {
					ran, again = ran+1, true
				} else {
					r.add(blk, v)
				}
			}
		}
	}
	return ran
}

// try runs a ready unit in the open bundle if its rules allow that.
func (r *rough) try(blk *block, v int32) bool {
	u := &blk.units[v]
	if u.rule >= 0 {
		rule := &r.in.rules[u.rule]
		if meets(r.open, rule.apart) || meets(r.open, rule.soak) {
			return false
		}
		set(r.open, int(u.rule))
	}
	last := len(r.out) - 1
	r.out[last] = append(r.out[last], u.groups...)
	for _, w := range r.later[v] {
		if r.waits[w]--; r.waits[w] == 0 {
			r.add(blk, w)
		}
	}
	return true
}

// reopen opens a bundle of the color with the most work ready.
func (r *rough) reopen() {
	best := int32(0)
	for c := range r.work {
		if r.work[c] > r.work[best] {
			best = int32(c)
		}
	}
	r.color = best
	r.out = append(r.out, nil)
	clear(r.open)
}
