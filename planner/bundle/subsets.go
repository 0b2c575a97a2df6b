package bundle

import "math/bits"

// maxSubsets is the number of groups up to which a problem with pins is solved by
// trying all sets of groups for all bundles, without any argument about moves.
const maxSubsets = 14

// subsets is the table of a small problem: for each set of groups that are done, and
// each number of bundles they are in, the least cost. Behind the last pin the number
// does not matter, and all are one.
type subsets struct {
	n, late int
	// Per set: what it costs as a bundle, scaled, or infinite where two in it must not
	// share one; the groups that must be done or in it; those that must be done before;
	// the bundles it can be.
	cost        []int64
	need, soak  []uint16
	first, last []int32
	best        []int64 // by done set, then bundles
	from        []uint16
	steps       int64
}

// newSubsets prices all sets.
func newSubsets(p *Problem, c *contraction) *subsets {
	n := len(c.groups)
	s := &subsets{n: n, late: c.lastPin + 1}
	s.cost = make([]int64, 1<<n)
	s.need, s.soak = make([]uint16, 1<<n), make([]uint16, 1<<n)
	s.first, s.last = make([]int32, 1<<n), make([]int32, 1<<n)
	apart := make([]uint16, n) // and soak, both ways
	need, soak := make([]uint16, n), make([]uint16, n)
	for g := range n {
		for h := range n {
			if c.groups[h].level < c.groups[g].level {
				need[g] |= 1 << h
			}
		}
	}
	for _, e := range c.before {
		need[e[1]] |= 1 << e[0]
	}
	for _, e := range c.soak {
		soak[e[1]] |= 1 << e[0]
	}
	for _, list := range [][][2]int32{c.apart, c.soak} {
		for _, e := range list {
			apart[e[0]] |= 1 << e[1]
			apart[e[1]] |= 1 << e[0]
		}
	}
	r := c.ranges()
	foot, work := make([]code, 1<<n), make([]int64, 1<<n)
	s.first[0], s.last[0] = 1, int32(s.late)
	for set := 1; set < 1<<n; set++ {
		g := bits.TrailingZeros(uint(set))
		rest := set & (set - 1)
		foot[set], work[set] = foot[rest]|c.groups[g].code, work[rest]+c.groups[g].work
		s.need[set], s.soak[set] = s.need[rest]|need[g], s.soak[rest]|soak[g]
		s.first[set], s.last[set] = max(s.first[rest], r.first[g]), min(s.last[rest], r.last[g])
		open, rate := p.price(foot[set])
		s.cost[set] = (open+rate*work[set])*scale(p) + 1
		if s.cost[rest] >= infinite || int(apart[g])&rest != 0 {
			s.cost[set] = infinite
		}
	}
	return s
}

// run fills the table, for splits that cost less than the cutoff.
func (s *subsets) run(cutoff int64) {
	all, width := 1<<s.n-1, s.late+1
	s.best, s.from = make([]int64, (all+1)*width), make([]uint16, (all+1)*width)
	for i := range s.best {
		s.best[i] = infinite
	}
	s.best[0] = 0
	for done := range all {
		row := s.best[done*width : (done+1)*width]
		least := row[0]
		for _, cost := range row[1:] {
			least = min(least, cost)
		}
		if least >= cutoff {
			continue
		}
		rest := all &^ done
		for set := rest; set > 0; set = (set - 1) & rest {
			if s.cost[set]+least < cutoff && int(s.need[set])&^(done|set) == 0 && int(s.soak[set])&^done == 0 {
				s.extend(row, done|set, set)
			}
		}
		s.steps += 1 + int64(1)<<bits.OnesCount(uint(rest))/16
	}
}

// extend makes a set the next bundle.
func (s *subsets) extend(row []int64, to, set int) {
	next := s.best[to*(s.late+1):]
	for t := s.first[set]; t <= s.last[set]; t++ {
		before := row[t-1]
		if int(t) == s.late {
			before = min(before, row[t])
		}
		if cost := before + s.cost[set]; cost < next[t] {
			next[t] = cost
			s.from[to*(s.late+1)+int(t)] = uint16(set)
		}
	}
}

// trace reads the bundle of each group off the table; nil if there is no split.
func (s *subsets) trace() (in []int32, total int64) {
	done, width := 1<<s.n-1, s.late+1
	t := s.late - 1
	if s.best[done*width+t] > s.best[done*width+t+1] {
		t++
	}
	if total = s.best[done*width+t]; total >= infinite {
		return nil, infinite
	}
	in = make([]int32, s.n)
	count := int32(0)
	for done > 0 {
		set := int(s.from[done*width+t])
		for g := range in {
			if set>>g&1 != 0 {
				in[g] = -count
			}
		}
		count++
		done &^= set
		if t < s.late || s.best[done*width+t-1] <= s.best[done*width+t] {
			t--
		}
	}
	for g := range in {
		in[g] += count
	}
	return in, total
}

// exact solves a problem with pins and few groups. It returns the least cost, or
// infinite if no split costs less than the best so far.
func (a *attempt) exact(p *Problem, c *contraction) int64 {
	s := newSubsets(p, c)
	s.run(a.best)
	a.steps += s.steps
	in, total := s.trace()
	if in == nil {
		return infinite
	}
	if total < a.best {
		a.best, a.bundles = total, c.split(in)
	}
	return total
}

// exactSteps is what exact counts at most.
func exactSteps(groups int) int64 {
	steps := int64(1) << groups
	all := int64(1)
	for range groups {
		all *= 3
	}
	return steps + all/16
}
