package bundle

import "math/bits"

// Sets of small integers are rows of 64-bit words. All rows of one poset or block
// have the same number of words.

func wordsFor(n int) int { return (n + 63) / 64 }

func has(row []uint64, i int) bool { return row[i>>6]>>(i&63)&1 != 0 }

func set(row []uint64, i int) { row[i>>6] |= 1 << (i & 63) }

func unset(row []uint64, i int) { row[i>>6] &^= 1 << (i & 63) }

// inside reports whether a is a subset of b.
func inside(a, b []uint64) bool {
	for i, x := range a {
		if x&^b[i] != 0 {
			return false
		}
	}
	return true
}

func same(a, b []uint64) bool {
	for i, x := range a {
		if x != b[i] {
			return false
		}
	}
	return true
}

func meets(a, b []uint64) bool {
	for i, x := range a {
		if x&b[i] != 0 {
			return true
		}
	}
	return false
}

// merge adds b to a.
func merge(a, b []uint64) {
	for i, x := range b {
		a[i] |= x
	}
}

func size(row []uint64) int {
	n := 0
	for _, x := range row {
		n += bits.OnesCount64(x)
	}
	return n
}

// each calls f with the members of row, ascending.
func each(row []uint64, f func(i int)) {
	for w, x := range row {
		for ; x != 0; x &= x - 1 {
			f(w<<6 + bits.TrailingZeros64(x))
		}
	}
}
