package bundle

// bestFirst is A*: it always goes on from the state with the smallest bound. The
// first complete state at the head of the queue is the cheapest, since every
// other split goes on from a state in the queue.
type bestFirst struct {
	walker
	queue queue
	goal  int32 // cheapest complete state so far, or -1
}

func newBestFirst(in *instance, o *oracle, cutoff int64) *bestFirst {
	s := &bestFirst{walker: newWalker(in, o), goal: -1}
	s.cutoff = cutoff
	s.emit = s.receive
	s.begin()
	return s
}

func (s *bestFirst) receive(id int32, bound int64) {
	st := &s.states.list[id]
	if int(st.block) < len(s.in.blocks) {
		s.queue.push(entry{bound, st.block, id})
		return
	}
	s.cutoff, s.goal = st.cost, id
}

// run goes on until everything below the cutoff is explored or the steps are
// spent.
func (s *bestFirst) run(steps int64) {
	for len(s.queue) > 0 && s.queue[0].bound < s.cutoff && s.steps < steps {
		s.expand(s.queue.pop())
	}
}

// bound is less than no split's excess that lies below the first cutoff: every
// such split has been found or goes on from the queue.
func (s *bestFirst) bound() int64 {
	if len(s.queue) == 0 {
		return s.cutoff
	}
	return min(s.cutoff, s.queue[0].bound)
}

// opening is one bundle of a split: the groups it holds.
type opening []int32

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
