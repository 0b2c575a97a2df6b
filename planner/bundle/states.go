package bundle

// none is the color of a bundle that is not open.
const none int32 = -1

// state is a point of the search: all blocks before block done, of block the
// units in its row, and one bundle open.
type state struct {
	cost    int64 // excess paid so far, scaled
	parent  int32
	block   int32
	color   int32 // of the open bundle
	ordinal int32 // of the open bundle; stays at lastPin+1 once it is there
	opened  bool  // the step from parent opened the bundle
	hollow  bool  // the open bundle has no unit yet
	early   bool  // the bundle before it was left empty, and nothing tells why
	done    bool  // expanded at this cost
}

// states keeps all states of a search and finds equal ones. Beside each state
// lies its row: the done units of the block, then the rules of the open bundle
// that still matter.
type states struct {
	list   []state
	rows   []uint64
	stride int
	slots  []int32
}

func newStates(stride int) *states {
	return &states{stride: stride, slots: make([]int32, 1024)}
}

func (s *states) row(id int32) []uint64 {
	return s.rows[int(id)*s.stride : (int(id)+1)*s.stride]
}

// add records a state, unless one like it has been reached at no higher cost. It
// returns the state's number, and whether it has to be looked at (again).
func (s *states) add(st state, row []uint64) (int32, bool) {
	if 2*(len(s.list)+1) > len(s.slots) {
		s.grow()
	}
	slot := s.find(&st, row)
	if id := s.slots[slot] - 1; id >= 0 {
		if s.list[id].cost <= st.cost {
			return id, false
		}
		s.list[id] = st
		return id, true
	}
	id := int32(len(s.list))
	s.list = append(s.list, st)
	s.rows = append(s.rows, row...)
	s.slots[slot] = id + 1
	return id, true
}

// find is the slot of the state, or the empty one where it belongs.
func (s *states) find(st *state, row []uint64) int {
	mask := len(s.slots) - 1
	key := uint64(st.block)<<40 ^ uint64(st.color)<<20 ^ uint64(st.ordinal)<<1
	if st.early {
		key ^= 1
	}
	slot := int(hashRow(mix(key), row)>>7) & mask
	for s.slots[slot] != 0 {
		id := s.slots[slot] - 1
		o := &s.list[id]
		if o.block == st.block && o.color == st.color && o.ordinal == st.ordinal && o.early == st.early && same(s.row(id), row) {
			break
		}
		slot = (slot + 1) & mask
	}
	return slot
}

func (s *states) grow() {
	s.slots = make([]int32, 4*len(s.slots))
	for id := range s.list {
		s.slots[s.find(&s.list[id], s.row(int32(id)))] = int32(id) + 1
	}
}

// queue is a binary heap of states by bound, smallest first; among equal bounds
// the one that is further on, then the newer one.
type queue []entry

type entry struct {
	bound int64
	block int32
	id    int32
}

func (e entry) first(f entry) bool {
	if e.bound != f.bound {
		return e.bound < f.bound
	}
	if e.block != f.block {
		return e.block > f.block
	}
	return e.id > f.id
}

func (q *queue) push(e entry) {
	h := append(*q, e)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !h[i].first(h[up]) {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
	*q = h
}

func (q *queue) pop() entry {
	h := *q
	top := h[0]
	last := len(h) - 1
	h[0] = h[last]
	h = h[:last]
	i := 0
	for {
		child := 2*i + 1
		if child >= last {
			break
		}
		if child+1 < last && h[child+1].first(h[child]) {
			child++
		}
		if !h[child].first(h[i]) {
			break
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
	*q = h
	return top
}
