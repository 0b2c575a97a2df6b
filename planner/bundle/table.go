package bundle

// table maps ideals to rows of costs, one cost per color. Rows never change, and
// stay valid while the table grows.
type table struct {
	n     int
	keys  []uint64
	rows  []int64
	slots []int32 // open hash table of indices into keys, plus 1
}

func (t *table) reset(n int) {
	t.n = n
	t.keys, t.rows = t.keys[:0], t.rows[:0]
	clear(t.slots)
}

func (t *table) row(i int) []int64 { return t.rows[i*t.n : (i+1)*t.n : (i+1)*t.n] }

// get is the row of an ideal, nil if there is none.
func (t *table) get(ideal uint64) []int64 {
	if len(t.slots) == 0 {
		return nil
	}
	if i := t.slots[t.find(ideal)]; i > 0 {
		return t.row(int(i) - 1)
	}
	return nil
}

// put adds a copy of the row of a new ideal.
func (t *table) put(ideal uint64, row []int64) []int64 {
	if 2*(len(t.keys)+1) > len(t.slots) {
		t.slots = make([]int32, max(16, 4*len(t.slots)))
		for i, k := range t.keys {
			t.slots[t.find(k)] = int32(i) + 1
		}
	}
	t.slots[t.find(ideal)] = int32(len(t.keys)) + 1
	t.keys = append(t.keys, ideal)
	t.rows = append(t.rows, row...)
	return t.row(len(t.keys) - 1)
}

func (t *table) find(ideal uint64) int {
	mask := len(t.slots) - 1
	slot := int(mix(ideal)) & mask
	for t.slots[slot] != 0 && t.keys[t.slots[slot]-1] != ideal {
		slot = (slot + 1) & mask
	}
	return slot
}

// mix spreads the bits of x.
func mix(x uint64) uint64 {
	x *= 0x9e3779b97f4a7c15
	return x ^ x>>32
}
