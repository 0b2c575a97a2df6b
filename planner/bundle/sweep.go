package bundle

import "slices"

// sweep is a beam search, for a good split where the search for the best one
// takes too long. It goes through the blocks in order, and within a block through
// the number of units done; of the states that have done as many, only the
// best by bound go on. Behind a block only the color of the open bundle matters,
// so there few states go on by themselves.
type sweep struct {
	walker
	block   int32
	layers  []layer   // by number of units of the block that are done
	arrived [][]entry // states that have come to a later block, per block
	goal    int32
}

// layer holds the states with equally many units done: those to which a bundle
// was opened without running anything, and the others, which come first.
type layer struct{ open, hollow []entry }

// maxWidth bounds the states of a layer that go on.
const maxWidth = 256

func newSweep(in *instance, o *oracle, cutoff int64) *sweep {
	s := &sweep{walker: newWalker(in, o), goal: -1}
	s.cutoff = cutoff
	s.arrived = make([][]entry, len(in.blocks))
	s.narrow = true
	s.emit = s.receive
	return s
}

func (s *sweep) receive(id int32, bound int64) {
	st := &s.states.list[id]
	e := entry{bound, st.block, id}
	if int(st.block) == len(s.in.blocks) {
		s.cutoff, s.goal = st.cost, id
		return
	}
	if st.block != s.block || s.layers == nil {
		s.arrived[st.block] = append(s.arrived[st.block], e)
		return
	}
	s.place(e)
}

func (s *sweep) place(e entry) {
	l := &s.layers[size(s.states.row(e.id)[:s.in.words])]
	if s.states.list[e.id].hollow {
		l.hollow = append(l.hollow, e)
	} else {
		l.open = append(l.open, e)
	}
}

// run spends about the given steps, or more where that is needed to come to the
// end, but gives up when the limit is reached.
func (s *sweep) run(steps, limit int64) {
	s.begin()
	left := int64(0) // layers
	for _, b := range s.in.blocks {
		left += int64(len(b.units))
	}
	for b := range s.in.blocks {
		s.block = int32(b)
		units := len(s.in.blocks[b].units)
		s.layers = make([]layer, units)
		for _, e := range s.arrived[b] {
			s.place(e)
		}
		s.arrived[b] = nil
		for k := range units {
			if s.steps > limit {
				return
			}
			s.advance(&s.layers[k].open, s.steps+max(0, steps-s.steps)/(2*left))
			s.advance(&s.layers[k].hollow, s.steps+max(0, steps-s.steps)/(2*left))
			left--
		}
	}
}

// advance expands the best states of a layer until the steps are spent, one at
// least.
func (s *sweep) advance(list *[]entry, until int64) {
	sorted := *list
	slices.SortFunc(sorted, func(a, b entry) int {
		if a.first(b) {
			return -1
		}
		return 1
	})
	for i, e := range sorted {
		if i == maxWidth || i > 0 && s.steps >= until || e.bound >= s.cutoff {
			break
		}
		s.expand(e)
	}
	*list = nil
}
