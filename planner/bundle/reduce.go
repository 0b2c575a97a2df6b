package bundle

// reduceLimit bounds the posets in which equals are put in order: the search for
// pairs is quadratic in items, and closing each new pair linear.
const reduceLimit = 512

// reduce shrinks a poset without changing its optimum, until nothing more is
// found. Each step holds for plain items of one color, i and j, that
// pins bound in the same way.
//
//   - twins, with the same items before and the same items after them, can be run
//     together: both move to the bundle of the one with the cheaper rate.
//   - a series pair, j having nothing before it but i and what is before i, and i
//     nothing after it but j and what is after j: likewise.
//   - equals, i having no more before it than j has and j no more after it than i
//     has: there is an optimum with i in no later bundle than j. Else exchange
//     them, or rather move both to the cheaper of their two bundles: i fits where
//     j was, since j's bundle is not before anything i waits for, and so on.
//
// All of them need a bundle that may become empty, and need that a bundle holding
// one item of a color takes another of that color without growing; see doc.go.
func (q *poset) reduce() {
	for again := true; again; {
		again = q.mergeTwins()
		if q.mergeSeries() {
			again = true
		}
		if !again && len(q.items) <= reduceLimit {
			again = q.orderEquals()
		}
	}
}

func (q *poset) alike(i, j int) bool {
	return !q.gone[i] && !q.gone[j] && q.items[i].plain && q.items[j].plain && q.items[i].kind() == q.items[j].kind()
}

func (q *poset) mergeTwins() (found bool) {
	first := make(map[uint64]int, len(q.items)) // last item of a hash
	other := make([]int, len(q.items))          // the item of that hash before it, or -1
	for j := range q.items {
		if q.gone[j] || !q.items[j].plain {
			continue
		}
		h := hashRow(hashRow(uint64(q.items[j].color), q.before(j)), q.after(j))
		i, ok := first[h]
		if !ok {
			i = -1
		}
		other[j] = i
		for i >= 0 && !(q.alike(i, j) && same(q.before(i), q.before(j)) && same(q.after(i), q.after(j))) {
			i = other[i]
		}
		if i < 0 {
			first[h] = j
			continue
		}
		q.absorb(i, j)
		found = true
	}
	return found
}

func (q *poset) mergeSeries() (found bool) {
	for j := range q.items {
		if q.gone[j] || !q.items[j].plain {
			continue
		}
		// The only item directly before j has one item fewer before it than j has.
		count := size(q.before(j))
		pred := -1
		each(q.before(j), func(i int) {
			if size(q.before(i)) == count-1 {
				pred = i
			}
		})
		if pred < 0 || !q.alike(pred, j) || size(q.after(pred)) != size(q.after(j))+1 {
			continue
		}
		q.absorb(pred, j)
		found = true
	}
	return found
}

func (q *poset) orderEquals() (found bool) {
	for i := range q.items {
		for j := range q.items {
			if i == j || !q.alike(i, j) || has(q.before(j), i) || has(q.before(i), j) {
				continue
			}
			if inside(q.before(i), q.before(j)) && inside(q.after(j), q.after(i)) {
				q.order(i, j)
				found = true
			}
		}
	}
	return found
}

func hashRow(h uint64, row []uint64) uint64 {
	for _, x := range row {
		h = (h ^ x) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h
}
