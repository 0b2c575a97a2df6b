package bundle

// found is what a search knows at its end, in scaled excess.
type found struct {
	best   int64 // cost of the cheapest split, infinite where there is none below the cutoff
	bound  int64 // no split costs less
	steps  int64
	splits []opening // of the cheapest split
}

// opening is one bundle of a split: the groups it holds.
type opening []int32

// bestFirst is A*: always go on from the state with the smallest bound. The first
// complete state taken from the queue is the cheapest, since every other split
// goes on from a state in the queue. When the effort is spent, the smallest
// bound in the queue bounds every split.
func bestFirst(in *instance, o *oracle, cutoff, effort int64) found {
	w := newWalker(in, o)
	w.cutoff = cutoff
	var q queue
	goal := int32(-1)
	w.emit = func(id int32, bound int64) {
		st := &w.states.list[id]
		if int(st.block) == len(in.blocks) {
			if st.cost < w.cutoff {
				w.cutoff, goal = st.cost, id
			}
			return
		}
		q.push(entry{bound, st.block, id})
	}
	w.begin()
	bound := infinite
	for len(q) > 0 {
		if q[0].bound >= w.cutoff {
			break
		}
		if w.steps >= effort {
			bound = q[0].bound
			break
		}
		e := q.pop()
		st := &w.states.list[e.id]
		if st.done {
			continue
		}
		st.done = true
		w.expand(e.id)
	}
	f := found{best: infinite, bound: bound, steps: w.steps}
	if goal >= 0 {
		f.best = w.states.list[goal].cost
		f.splits = w.trace(goal)
	}
	f.bound = min(f.bound, w.cutoff)
	return f
}

// trace reads the bundles of a complete state off the path that led to it.
func (w *walker) trace(id int32) []opening {
	var path []int32
	for ; id >= 0; id = w.states.list[id].parent {
		path = append(path, id)
	}
	var out []opening
	block, done := int32(0), make([]uint64, w.in.words)
	for i := len(path) - 1; i >= 0; i-- {
		st := &w.states.list[path[i]]
		if st.opened {
			out = append(out, nil)
		}
		last := len(out) - 1
		for ; block < st.block; block++ {
			out[last] = w.gather(out[last], block, done, nil)
			clear(done)
		}
		row := w.states.row(path[i])[:w.in.words]
		if int(block) < len(w.in.blocks) {
			out[last] = w.gather(out[last], block, done, row)
		}
		copy(done, row)
	}
	return out
}

// gather adds the groups of the block's units that are in now but not in done;
// nil for now means all.
func (w *walker) gather(out opening, block int32, done, now []uint64) opening {
	for v := range w.in.blocks[block].units {
		if !has(done, v) && (now == nil || has(now, v)) {
			out = append(out, w.in.blocks[block].units[v].groups...)
		}
	}
	return out
}
