package bundle

import (
	"math/bits"
	"slices"
)

// code is a footprint with two bits per plane: 00 none, 01 watched, 11 disturbed.
// The worst of two footprints is their OR, and a footprint lies within another
// when it has no bit the other lacks.
type code uint64

func (c code) within(d code) bool { return c&^d == 0 }

// coder turns levels into codes. Levels that cost the same are one level: a
// plane whose watch price is 0 need not know that it is watched. This makes more
// nodes alike.
type coder [][3]code

func newCoder(p *Problem) coder {
	c := make(coder, len(p.Fixed))
	for plane := range c {
		levels := [3]code{0, 1, 3}
		if p.Fixed[plane] == 0 && p.Rate[plane] == p.Watch[plane] {
			levels[Disturbed] = levels[Watched]
		}
		if p.Watch[plane] == 0 {
			levels[Watched] = 0
			if p.Fixed[plane] == 0 && p.Rate[plane] == 0 {
				levels[Disturbed] = 0
			}
		}
		c[plane] = levels
	}
	return c
}

func (c coder) code(foot []uint8) code {
	var out code
	for plane, level := range foot {
		out |= c[plane][level] << (2 * plane)
	}
	return out
}

// maxColors bounds the palette. With 4 planes there are at most 81 footprints.
const maxColors = 512

// palette is the set of footprints a bundle can have: the unions of the
// footprints of groups. A footprint's place in it is its color.
type palette struct {
	codes []code
	// rate per second and color; open is what a bundle of the color costs before
	// any work, scaled (see scaled in split.go).
	rate, open []int64
	sitting    int64 // part of open, scaled
	// gap[p*n+c] is rate[p]-rate[c] where color c lies within color p, else -1: the
	// excess per second of running work of color c in a bundle of color p.
	gap   []int64
	index map[code]int32 // codes to colors
	// whole is false where the palette had to be cut at maxColors; the result of
	// a search over it is then valid, but proves nothing.
	whole bool
}

func newPalette(p *Problem, groups []group, scale int64, empty bool) palette {
	var codes []code
	for _, g := range groups {
		codes = append(codes, g.code)
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	codes, whole := unions(codes)
	if empty && codes[0] != 0 {
		codes = slices.Insert(codes, 0, 0)
	}
	n := len(codes)
	pal := palette{sitting: p.Sitting * scale, codes: codes, whole: whole, index: make(map[code]int32, n)}
	for i, c := range codes {
		pal.index[c] = int32(i)
	}
	pal.rate, pal.open = make([]int64, n), make([]int64, n)
	for i, c := range codes {
		open, rate := p.price(c)
		pal.open[i], pal.rate[i] = open*scale+1, rate
	}
	pal.gap = make([]int64, n*n)
	for i, outer := range codes {
		for j, inner := range codes {
			pal.gap[i*n+j] = -1
			if inner.within(outer) {
				pal.gap[i*n+j] = pal.rate[i] - pal.rate[j]
			}
		}
	}
	return pal
}

// price is what a bundle of a footprint costs before any work, and per second.
func (p *Problem) price(c code) (open, rate int64) {
	open = p.Sitting
	for plane := range p.Fixed {
		switch c >> (2 * plane) & 3 {
		case 3:
			open += p.Fixed[plane]
			rate += p.Rate[plane]
		case 1:
			rate += p.Watch[plane]
		}
	}
	return open, rate
}

// unions closes sorted codes under union, sorted. Where that exceeds maxColors
// it returns a part that holds the codes themselves and the union of all.
func unions(codes []code) ([]code, bool) {
	known := make(map[code]bool, 2*len(codes))
	var all code
	for _, c := range codes {
		known[c] = true
		all |= c
	}
	list, whole := slices.Clone(codes), true
	for i := 0; i < len(list) && whole; i++ {
		for j := 0; j < len(codes); j++ {
			u := list[i] | codes[j]
			if known[u] {
				continue
			}
			if len(list) >= maxColors {
				whole = false
				break
			}
			known[u] = true
			list = append(list, u)
		}
	}
	if !whole && !known[all] {
		list = append(list, all)
	}
	slices.SortFunc(list, func(a, b code) int {
		if n := bits.OnesCount64(uint64(a)) - bits.OnesCount64(uint64(b)); n != 0 {
			return n
		}
		if a < b {
			return -1
		}
		return 1
	})
	return list, whole
}

func (pal *palette) size() int { return len(pal.codes) }
