package bundle

import "slices"

// shifter improves a split with pins by moving single groups. The bundles up to the
// last pin keep their places and are never emptied; those behind it may be.
type shifter struct {
	l       *line
	in      []int32   // bundle of each group, from 1
	bundles [][]int32 // groups by bundle; the first is none
	cost    []int64   // scaled, by bundle
	steps   int64
}

func newShifter(l *line, in []int32) *shifter {
	s := &shifter{l: l, in: slices.Clone(in)}
	count := int(slices.Max(in)) + 1
	s.bundles, s.cost = make([][]int32, count), make([]int64, count)
	for g, b := range in {
		s.bundles[b] = append(s.bundles[b], int32(g))
	}
	for b := 1; b < count; b++ {
		s.cost[b] = s.price(s.bundles[b], -1, -1)
	}
	return s
}

// price is what a bundle costs without one group and with another; -1 is none.
func (s *shifter) price(groups []int32, without, with int32) int64 {
	var foot code
	var work int64
	count := 0
	for _, g := range groups {
		if g != without {
			foot |= s.l.c.groups[g].code
			work += s.l.c.groups[g].work
			count++
		}
	}
	if with >= 0 {
		foot |= s.l.c.groups[with].code
		work += s.l.c.groups[with].work
		count++
	}
	s.steps += int64(count)/16 + 1
	if count == 0 {
		return 0
	}
	open, rate := s.l.p.price(foot)
	return (open+rate*work)*s.l.scale + 1
}

// room is where a group may be, all others staying where they are.
func (s *shifter) room(g int32) (low, high int32) {
	low, high = s.l.r.first[g], int32(len(s.bundles))-1
	if s.l.r.last[g] < s.l.late {
		high = s.l.r.last[g]
	}
	level := s.l.c.groups[g].level
	for h := range s.in {
		switch other := s.l.c.groups[h].level; {
		case other < level:
			low = max(low, s.in[h])
		case other > level:
			high = min(high, s.in[h])
		}
	}
	for _, h := range s.l.before.next(g) {
		high = min(high, s.in[h])
	}
	for _, h := range s.l.behind.next(g) {
		low = max(low, s.in[h])
	}
	s.steps += int64(len(s.in)) / 16
	return low, high
}

// clashes reports whether a group cannot share a bundle with one that is in it.
func (s *shifter) clashes(g, b int32) bool {
	return slices.ContainsFunc(s.l.after[g], func(h int32) bool { return s.in[h] == b })
}

// best is the bundle that takes a group at the least cost, and what more that costs
// there; 0 if none does. The group is taken to be in no bundle.
func (s *shifter) best(g, but int32) (to int32, more int64) {
	low, high := s.room(g)
	more = infinite
	for b := low; b <= high; b++ {
		if b == but || len(s.bundles[b]) == 0 || s.clashes(g, b) {
			continue
		}
		if d := s.price(s.bundles[b], -1, g) - s.cost[b]; d < more {
			to, more = b, d
		}
	}
	return to, more
}

// put moves a group.
func (s *shifter) put(g, to int32) {
	from := s.in[g]
	s.bundles[from] = slices.DeleteFunc(s.bundles[from], func(h int32) bool { return h == g })
	s.bundles[to] = append(s.bundles[to], g)
	s.in[g] = to
	s.cost[from], s.cost[to] = s.price(s.bundles[from], -1, -1), s.price(s.bundles[to], -1, -1)
}

// run moves groups for as long as that pays or the steps last, and returns the bundle
// of each.
func (s *shifter) run(steps int64) []int32 {
	for again := true; again && s.steps < steps; {
		again = false
		for g := range int32(len(s.in)) {
			if s.steps < steps && (s.move(g) || s.replace(g)) {
				again = true
			}
		}
	}
	// Bundles that were emptied are behind the last pin.
	number, next := make([]int32, len(s.bundles)), int32(0)
	for b := 1; b < len(s.bundles); b++ {
		if len(s.bundles[b]) > 0 {
			next++
		}
		number[b] = next
	}
	for g, b := range s.in {
		s.in[g] = number[b]
	}
	return s.in
}

// fill puts into each empty bundle up to the last pin the group that makes the least of
// it, where there is one that is not needed elsewhere, for as long as the steps last.
func (s *shifter) fill(steps int64) {
	for b := int32(1); b < min(s.l.late, int32(len(s.bundles))) && s.steps < steps; b++ {
		if len(s.bundles[b]) > 0 {
			continue
		}
		best, least := int32(-1), infinite
		for g := range int32(len(s.in)) {
			if s.fixed(g) {
				continue
			}
			from := s.in[g]
			more := s.price(nil, -1, g) - (s.cost[from] - s.price(s.bundles[from], g, -1))
			if more >= least {
				continue
			}
			if low, high := s.room(g); low <= b && b <= high {
				best, least = g, more
			}
		}
		if best >= 0 {
			s.put(best, b)
		}
	}
}

// total is the scaled cost.
func (s *shifter) total() (sum int64) {
	for _, c := range s.cost {
		sum += c
	}
	return sum
}

// fixed reports whether a group is all that fills a bundle up to the last pin.
func (s *shifter) fixed(g int32) bool {
	return s.in[g] < s.l.late && len(s.bundles[s.in[g]]) == 1
}

// move puts a group into a cheaper bundle.
func (s *shifter) move(g int32) bool {
	if s.fixed(g) {
		return false
	}
	from := s.in[g]
	saved := s.cost[from] - s.price(s.bundles[from], g, -1)
	to, more := s.best(g, from)
	if to == 0 || more >= saved {
		return false
	}
	s.put(g, to)
	return true
}

// replace lets a group fill a bundle in the place of the only one there, which goes to
// the cheapest other.
func (s *shifter) replace(g int32) bool {
	if s.fixed(g) {
		return false
	}
	from := s.in[g]
	low, high := s.room(g)
	for b := low; b <= min(high, s.l.late-1); b++ {
		if b == from || len(s.bundles[b]) != 1 {
			continue
		}
		h, before := s.bundles[b][0], s.cost[from]+s.cost[b]
		if s.l.c.groups[h].pin > 0 {
			continue
		}
		s.put(g, b)
		s.bundles[b] = s.bundles[b][1:]
		after := s.cost[from] + s.price(s.bundles[b], -1, -1)
		if to, more := s.best(h, b); to > 0 && after+more < before {
			s.bundles[b] = append(s.bundles[b], h)
			s.put(h, to)
			return true
		}
		s.bundles[b] = append(s.bundles[b], h)
		s.put(g, from)
	}
	return false
}
