package bundle

import (
	"math/bits"
	"slices"
)

// walker makes the successors of states. It owns scratch that is reused from
// step to step.
type walker struct {
	in     *instance
	oracle *oracle
	states *states
	steps  int64
	// emit receives each new or improved state and its bound.
	emit func(id int32, bound int64)
	// cutoff: states bounded at or above it are of no use.
	cutoff int64
	// floor is the bound of the state being expanded. Its successors lie on the way
	// to the same splits, so it holds for them too where their own is lower.
	floor int64
	// narrow opens only bundles of colors that some ready unit or two ask for; good
	// for a good split, not for a proof.
	narrow bool

	row, next []uint64 // of the state being expanded, and of a successor
	ready     []int32  // units that wait for nothing
	colors    []code   // of the units that ask
	asked     []bool   // colors asked for
	late      []spot   // units that are due
}

func newWalker(in *instance, o *oracle) walker {
	stride := in.words + in.ruleWords
	return walker{
		in: in, oracle: o, states: newStates(stride), cutoff: infinite,
		row: make([]uint64, stride), next: make([]uint64, stride),
	}
}

// begin emits the states with the first bundle open.
func (w *walker) begin() {
	clear(w.row)
	w.open(state{parent: -1, color: none})
}

// expand emits the successors of a state, once: one more unit in the open bundle,
// or a new bundle.
func (w *walker) expand(e entry) {
	id := e.id
	if w.states.list[id].done {
		return
	}
	w.states.list[id].done = true
	st := w.states.list[id]
	w.floor = e.bound
	w.steps += w.scanCost(st.block)
	copy(w.row, w.states.row(id))
	st.parent, st.opened, st.done = id, false, false
	w.take(st)
	if w.mayClose(&st) {
		w.open(st)
	}
}

// take emits the states with one more unit in the open bundle. Where a unit can
// be run for nothing, settle has run it already.
func (w *walker) take(st state) {
	blk := &w.in.blocks[st.block]
	w.findReady(blk)
	st.hollow = false
	for _, v := range w.ready {
		u := &blk.units[v]
		gap := w.in.pal.gap[int(st.color)*w.in.pal.size()+int(u.color)]
		if gap < 0 || !w.allowed(u, &st, w.row) {
			continue
		}
		next := st
		copy(w.next, w.row)
		w.put(&next, v, gap)
		w.finish(next)
	}
}

// open emits the states with a new bundle open, one per color that some unit
// fits.
func (w *walker) open(st state) {
	blk := &w.in.blocks[st.block]
	last := st.color
	st.early = st.hollow && last != none && len(w.in.rules) == 0 && w.in.fill[st.ordinal+1] <= w.in.fill[st.ordinal]
	st.opened, st.hollow = true, true
	st.ordinal = min(st.ordinal+1, w.in.lastPin+1)
	clear(w.row[w.in.words:])
	w.findReady(blk)
	base := st.cost
	need := w.needed(&st)
	if w.narrow {
		w.ask(blk, last, need)
	}
	for p := range int32(w.in.pal.size()) {
		if w.narrow && !w.asked[p] || !need.within(w.in.pal.codes[p]) {
			continue
		}
		// Two bundles of one color in a row are better as one, unless they have to
		// be kept apart.
		if p == last && len(w.in.rules) == 0 && w.in.lastPin == 0 {
			continue
		}
		if !w.anyFits(blk, &st, p) && !(st.ordinal < w.in.lastPin && w.in.pal.codes[p] == 0) {
			continue
		}
		next := st
		next.color, next.cost = p, base+w.in.pal.open[p]
		if st.ordinal <= w.in.lastPin {
			next.cost = base + max(w.in.pal.open[p], w.in.fill[st.ordinal])
		}
		copy(w.next, w.row)
		w.finish(next)
	}
}

// ask marks the colors of ready units, of two of them together, and of each with
// the bundle before, all of them with what the bundle needs.
func (w *walker) ask(blk *block, last int32, need code) {
	pal := &w.in.pal
	if w.asked == nil {
		w.asked = make([]bool, pal.size())
	}
	clear(w.asked)
	w.colors = w.colors[:0]
	for _, v := range w.ready {
		if c := pal.codes[blk.units[v].color]; !slices.Contains(w.colors, c) {
			w.colors = append(w.colors, c)
		}
	}
	if last != none {
		w.colors = append(w.colors, pal.codes[last])
	}
	w.colors = append(w.colors, 0) // empty bundles, where pins allow them
	for i, c := range w.colors {
		for _, d := range w.colors[:i+1] {
			if p, ok := pal.index[c|d|need]; ok {
				w.asked[p] = true
			}
		}
	}
}

// findReady lists the units of the block that are not done and wait for nothing.
func (w *walker) findReady(blk *block) {
	w.ready = w.ready[:0]
	for i := range blk.words {
		x := ^w.row[i]
		if rest := len(blk.units) - i<<6; rest < 64 {
			x &= 1<<rest - 1
		}
		for ; x != 0; x &= x - 1 {
			v := i<<6 + bits.TrailingZeros64(x)
			if inside(blk.pred(v), w.row[:blk.words]) {
				w.ready = append(w.ready, int32(v))
			}
		}
	}
}

func (w *walker) anyFits(blk *block, st *state, p int32) bool {
	for _, v := range w.ready {
		u := &blk.units[v]
		if w.in.pal.gap[int(p)*w.in.pal.size()+int(u.color)] >= 0 && w.allowed(u, st, w.row) {
			return true
		}
	}
	return false
}

// put runs unit v in the open bundle of the successor in w.next.
func (w *walker) put(st *state, v int32, gap int64) {
	u := &w.in.blocks[st.block].units[v]
	st.cost += gap * u.work
	st.hollow = false
	st.early = st.early && u.first < st.ordinal
	set(w.next, int(v))
	if u.rule >= 0 {
		set(w.next[w.in.words:], int(u.rule))
	}
}

// finish runs what the open bundle runs for nothing, and records the successor.
func (w *walker) finish(st state) {
	w.settle(&st)
	if len(w.in.rules) > 0 {
		w.forget(&st, w.next)
	}
	w.steps += w.stepCost(st.block)
	bound := st.cost + w.oracle.least(&st, w.next[:w.blockWords(st.block)])
	bound = max(bound, w.floor)
	if bound >= w.cutoff {
		return
	}
	if id, fresh := w.states.add(st, w.next); fresh {
		w.emit(id, bound)
	}
}

// stepCost is what looking at one state counts: more in large blocks, where its
// units are gone through.
func (w *walker) stepCost(b int32) int64 {
	if int(b) >= len(w.in.blocks) {
		return 1
	}
	return 1 + int64(len(w.in.blocks[b].units))/128
}

// scanCost is what finding the ready units of a block counts.
func (w *walker) scanCost(b int32) int64 {
	return int64(len(w.in.blocks[b].units)) * int64(w.in.blocks[b].words) / 256
}

func (w *walker) blockWords(b int32) int {
	if int(b) >= len(w.in.blocks) {
		return 0
	}
	return w.in.blocks[b].words
}

// settle runs every unit that the open bundle can run without excess: taking it
// now is never worse than later. A unit that has to stay apart from one still to
// come is left to the search; so is none that soaks, since being early only gives
// more room. A unit that must be in this bundle is run whatever it costs.
func (w *walker) settle(st *state) {
	for int(st.block) < len(w.in.blocks) {
		blk := &w.in.blocks[st.block]
		complete := true
		for i := range blk.words {
			x := ^w.next[i]
			if rest := len(blk.units) - i<<6; rest < 64 {
				x &= 1<<rest - 1
			}
			for ; x != 0; x &= x - 1 {
				v := int32(i<<6 + bits.TrailingZeros64(x))
				if !w.forced(blk, st, v) {
					complete = false
					continue
				}
				u := &blk.units[v]
				w.put(st, v, w.in.pal.gap[int(st.color)*w.in.pal.size()+int(u.color)])
			}
		}
		if !complete {
			return
		}
		st.block++
		clear(w.next[:blk.words])
	}
}

func (w *walker) forced(blk *block, st *state, v int32) bool {
	u := &blk.units[v]
	gap := w.in.pal.gap[int(st.color)*w.in.pal.size()+int(u.color)]
	if gap < 0 || gap*u.work != 0 && u.last > st.ordinal {
		return false
	}
	if !inside(blk.pred(int(v)), w.next[:blk.words]) {
		return false
	}
	return w.allowed(u, st, w.next) && w.free(u, st)
}
