package bundle

import (
	"cmp"
	"slices"
)

// item is a group, or several that may be run as one.
type item struct {
	color       int32
	first, last int32 // bundles it can be in
	work        int64
	plain       bool // no apart or soak: the arguments of reduce.go hold for it
	groups      []int32
}

// kind is what plain items have to agree in to take each other's place.
type kind struct{ color, first, last int32 }

func (it *item) kind() kind { return kind{it.color, it.first, it.last} }

// poset is a set of items with a strict partial order: down[i] holds all items
// before i and up[i] all after it. Items are numbered so that those before an
// item have smaller numbers.
type poset struct {
	items    []item
	words    int
	down, up []uint64
	gone     []bool // items that reduce has merged into others
}

func (q *poset) before(i int) []uint64 { return q.down[i*q.words : (i+1)*q.words] }
func (q *poset) after(i int) []uint64  { return q.up[i*q.words : (i+1)*q.words] }

// newPoset numbers the items and closes the edges, which are pairs of indices
// into items and have no circle.
func newPoset(items []item, edges [][2]int32) *poset {
	n := len(items)
	g := newDigraph(n, edges)
	of := g.components() // without circles: a topological numbering
	order := make([]int32, n)
	for v, place := range of {
		order[place] = int32(v)
	}
	q := &poset{items: items, words: wordsFor(n), gone: make([]bool, n)}
	q.close(g, order)
	// An item has more items before it than each of those has. Numbered by that
	// count, the first k items are what lies before a cut, if there is a cut.
	count := make([]int, n)
	for i, v := range order {
		count[v] = size(q.before(i))
	}
	slices.SortFunc(order, func(a, b int32) int {
		if count[a] != count[b] {
			return cmp.Compare(count[a], count[b])
		}
		return cmp.Compare(items[a].groups[0], items[b].groups[0])
	})
	q.close(g, order)
	q.items = make([]item, n)
	for i, v := range order {
		q.items[i] = items[v]
	}
	return q
}

// close fills down and up for a topological order of the vertices of g.
func (q *poset) close(g digraph, order []int32) {
	n := len(order)
	q.down, q.up = make([]uint64, n*q.words), make([]uint64, n*q.words)
	place := make([]int32, n)
	for i, v := range order {
		place[v] = int32(i)
	}
	for i, v := range order {
		for _, w := range g.next(v) {
			j := int(place[w])
			merge(q.before(j), q.before(i))
			set(q.before(j), i)
		}
	}
	for i := n - 1; i >= 0; i-- {
		for _, w := range g.next(order[i]) {
			j := int(place[w])
			merge(q.after(i), q.after(j))
			set(q.after(i), j)
		}
	}
}

// order adds i before j, and what follows from it.
func (q *poset) order(i, j int) {
	each(q.before(i), func(x int) { q.orderOne(x, j) })
	q.orderOne(i, j)
	each(q.after(j), func(y int) {
		merge(q.before(y), q.before(i))
		set(q.before(y), i)
	})
	merge(q.before(j), q.before(i))
	set(q.before(j), i)
}

func (q *poset) orderOne(x, j int) {
	merge(q.after(x), q.after(j))
	set(q.after(x), j)
}

// absorb merges item j into i. It is for items with the same neighbours, or for
// j directly behind i; in both cases the order among the rest stays as it is.
func (q *poset) absorb(i, j int) {
	q.items[i].work += q.items[j].work
	q.items[i].groups = append(slices.Clone(q.items[i].groups), q.items[j].groups...)
	q.gone[j] = true
	each(q.before(j), func(x int) { unset(q.after(x), j) })
	each(q.after(j), func(x int) { unset(q.before(x), j) })
	clear(q.before(j))
	clear(q.after(j))
}

// cuts splits the poset where everything before a place precedes everything
// behind it. It returns the parts as posets of their own, in order.
func (q *poset) cuts() []*poset {
	q = q.compact()
	n := len(q.items)
	ends := []int{}
	// common is what lies before every item from k on; a cut is where that is all
	// of the first k.
	common := make([]uint64, q.words)
	for i := range common {
		common[i] = ^uint64(0)
	}
	full := make([][]uint64, n+1)
	full[n] = slices.Clone(common)
	for k := n - 1; k >= 0; k-- {
		for w := range common {
			common[w] &= q.before(k)[w]
		}
		full[k] = slices.Clone(common)
	}
	prefix := make([]uint64, q.words)
	for k := 1; k <= n; k++ {
		set(prefix, k-1)
		if inside(prefix, full[k]) {
			ends = append(ends, k)
		}
	}
	if len(ends) == 1 {
		return []*poset{q}
	}
	var parts []*poset
	start := 0
	for _, end := range ends {
		parts = append(parts, q.part(start, end))
		start = end
	}
	return parts
}

// part is the poset of items start to end, without the rest.
func (q *poset) part(start, end int) *poset {
	keep := make([]int, 0, end-start)
	for i := start; i < end; i++ {
		keep = append(keep, i)
	}
	return q.pick(keep)
}

// compact drops the items that are gone, and numbers the rest anew.
func (q *poset) compact() *poset {
	var keep []int
	for i := range q.items {
		if !q.gone[i] {
			keep = append(keep, i)
		}
	}
	slices.SortStableFunc(keep, func(a, b int) int {
		return cmp.Compare(size(q.before(a)), size(q.before(b)))
	})
	return q.pick(keep)
}

// pick is the poset of the kept items, numbered in the given order.
func (q *poset) pick(keep []int) *poset {
	n := len(keep)
	out := &poset{items: make([]item, n), words: wordsFor(n), gone: make([]bool, n)}
	out.down, out.up = make([]uint64, n*out.words), make([]uint64, n*out.words)
	for i, a := range keep {
		out.items[i] = q.items[a]
		for j, b := range keep {
			if has(q.before(a), b) {
				set(out.before(i), j)
			}
			if has(q.after(a), b) {
				set(out.after(i), j)
			}
		}
	}
	return out
}
