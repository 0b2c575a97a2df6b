package impact

import (
	"math/bits"
	"slices"

	"planewise/model"
)

// reached is a node that a piece reaches: its level in every phase.
type reached struct {
	node int32
	// hops from the nearest piece.
	hops  int32
	line  []model.Range
	own   []model.Range // from the pieces on the node itself; nil: none
	last  int32         // the last of these, from 1
	worst model.Range   // of the line
}

// spread works out the levels of all nodes that the pieces reach, each after what
// it needs. Where nothing gets through a need, what lies behind it is not looked at.
func (s *scene) spread() {
	s.ownLines()
	for place := s.next(0); place >= 0; place = s.next(place) {
		n := s.places[place]
		s.pending[place/64] &^= 1 << (place % 64)
		s.update(s.visit(n))
		s.reach(s.visit(n))
	}
}

// next is the first pending place from the given one on, -1 for none.
func (s *scene) next(from int) int {
	for w := from / 64; w < len(s.pending); w++ {
		if s.pending[w] != 0 {
			return w*64 + bits.TrailingZeros64(s.pending[w])
		}
	}
	return -1
}

// visit gives a node a line of its own.
func (s *scene) visit(n int32) *reached {
	if i := s.slot[n]; i > 0 {
		return &s.reached[i-1]
	}
	s.reached = append(s.reached, reached{node: n, line: s.row(), hops: 1 << 30})
	s.slot[n] = int32(len(s.reached))
	return &s.reached[len(s.reached)-1]
}

// row is a line of known nones.
func (s *scene) row() []model.Range { return make([]model.Range, len(s.each)) }

// ownLines draws the pieces onto their nodes.
func (s *scene) ownLines() {
	for i := range s.pieces {
		p := &s.pieces[i]
		r := s.visit(p.node)
		if r.own == nil {
			r.own, r.hops = s.row(), 0
			place := s.place[p.node]
			s.pending[place/64] |= 1 << (place % 64)
		}
		p.before, r.last = r.last, int32(i)+1
		for k := p.first; k < p.end; k++ {
			r.own[k] = r.own[k].Worse(p.level)
		}
	}
	for i := range s.reached {
		copy(s.reached[i].line, s.reached[i].own)
	}
}

// reach marks what depends on a node and can feel it.
func (s *scene) reach(r *reached) {
	for _, v := range r.line {
		r.worst = r.worst.Worse(v)
	}
	if r.worst.IsNone() {
		return
	}
	for _, d := range s.nodes[r.node].dependants {
		if r.worst.Most >= d.from {
			place := s.place[d.node]
			s.pending[place/64] |= 1 << (place % 64)
		}
	}
}

// update recomputes one node's line.
func (s *scene) update(r *reached) {
	if needs := s.nodes[r.node].needs; needs != nil {
		s.apply(needs, r)
	}
}

// apply makes a node's line worse by what reaches it through a need.
func (s *scene) apply(x *need, r *reached) {
	if x.leaf < 0 && x.best == len(x.kids) && x.plain() {
		for i := range x.kids {
			s.apply(&x.kids[i], r)
		}
		return
	}
	line := s.contribution(x)
	if line == nil {
		return
	}
	if x.leaf >= 0 {
		r.hops = min(r.hops, s.reached[s.slot[x.leaf]-1].hops+1)
	} else {
		leaves(x, func(l *need) {
			if i := s.slot[l.leaf]; i > 0 {
				r.hops = min(r.hops, s.reached[i-1].hops+1)
			}
		})
	}
	for k, v := range line {
		r.line[k] = r.line[k].Worse(v)
	}
}

// plain: nothing softens the need.
func (x *need) plain() bool {
	return !x.doubt && x.holds == 0 && x.from == model.None && x.cap == model.Outage
}

// contribution is what reaches a dependant through one need; nil means nothing.
// The line must not be written to.
func (s *scene) contribution(x *need) []model.Range {
	line, worst := s.raw(x)
	if line == nil || worst.IsNone() || worst.Most < x.from {
		return nil
	}
	if x.plain() {
		return line
	}
	out := s.row()
	copy(out, line)
	if x.holds > 0 {
		s.dropShort(out, x.holds)
	}
	for k, v := range out {
		out[k] = x.felt(v)
	}
	return out
}

// felt is what gets through a need; nothing may where it may not exist.
func (x *need) felt(v model.Range) model.Range {
	r := model.Range{Least: through(v.Least, x), Most: through(v.Most, x)}
	if x.doubt {
		r.Least = model.None
	}
	return r
}

func through(l model.Level, x *need) model.Level {
	if l < x.from {
		return model.None
	}
	return min(l, x.cap)
}

// raw is the level of the needed thing itself, and its worst.
func (s *scene) raw(x *need) ([]model.Range, model.Range) {
	if x.leaf >= 0 {
		i := s.slot[x.leaf]
		if i == 0 {
			return nil, model.Range{}
		}
		r := &s.reached[i-1]
		return r.line, r.worst
	}
	lines := make([][]model.Range, 0, 8)
	for i := range x.kids {
		if line := s.contribution(&x.kids[i]); line != nil {
			lines = append(lines, line)
		}
	}
	switch {
	case len(lines) == 0:
		return nil, model.Range{}
	case x.best == len(x.kids) && len(lines) == 1:
		return lines[0], model.Unknown()
	}
	return s.combine(x, lines), model.Unknown()
}

// combine ranks the kids at every phase: the need is as bad as its best-th best
// kid. Kids without a line are none.
func (s *scene) combine(x *need, lines [][]model.Range) []model.Range {
	out := s.row()
	least, most := make([]model.Level, len(x.kids)), make([]model.Level, len(x.kids))
	for k := range out {
		clear(least)
		clear(most)
		for i, line := range lines {
			least[i], most[i] = line[k].Least, line[k].Most
		}
		out[k] = model.Range{Least: bestOf(least, x), Most: bestOf(most, x)}
	}
	return out
}

func bestOf(levels []model.Level, x *need) model.Level {
	if x.best == len(levels) {
		return slices.Max(levels)
	}
	slices.Sort(levels)
	l := levels[x.best-1]
	if x.redundant && levels[len(levels)-1] > model.None {
		l = max(l, model.AtRisk)
	}
	return l
}

// value is contribution at one phase.
func (s *scene) value(x *need, k int) model.Range {
	if x.holds > 0 {
		if line := s.contribution(x); line != nil {
			return line[k]
		}
		return model.Range{}
	}
	return x.felt(s.rawValue(x, k))
}

func (s *scene) rawValue(x *need, k int) model.Range {
	if x.leaf >= 0 {
		if i := s.slot[x.leaf]; i > 0 {
			return s.reached[i-1].line[k]
		}
		return model.Range{}
	}
	if x.best == len(x.kids) {
		var v model.Range
		for i := range x.kids {
			v = v.Worse(s.value(&x.kids[i], k))
		}
		return v
	}
	least, most := make([]model.Level, len(x.kids)), make([]model.Level, len(x.kids))
	for i := range x.kids {
		v := s.value(&x.kids[i], k)
		least[i], most[i] = v.Least, v.Most
	}
	return model.Range{Least: bestOf(least, x), Most: bestOf(most, x)}
}

// dropShort lowers every run of phases at or above a level that is no longer than
// limit, level by level, so that a long mild stretch stays where a short gap in
// it goes. It is monotone: a worse line has longer runs.
func (s *scene) dropShort(line []model.Range, limit int64) {
	for l := model.Outage; l > model.None; l-- {
		s.lower(line, l, limit, l-1)
	}
}

// judge applies a capability's tolerance: gaps no longer than it are blips.
func (s *scene) judge(line []model.Range, tolerance int64) {
	if tolerance <= 0 {
		return
	}
	s.lower(line, model.Outage, tolerance, model.Degraded)
	s.lower(line, model.Degraded, tolerance, model.Blip)
}

// lower finds the runs of phases at level l or worse, at either end of the ranges,
// that last at most limit, and puts l down to another level in them.
func (s *scene) lower(line []model.Range, l model.Level, limit int64, to model.Level) {
	for _, most := range [2]bool{false, true} {
		for i := 0; i < len(line); i++ {
			if pick(line[i], most) < l {
				continue
			}
			j := i + 1
			for j < len(line) && pick(line[j], most) >= l {
				j++
			}
			if s.lasting(i, j) <= limit {
				for k := i; k < j; k++ {
					switch {
					case most && line[k].Most == l:
						line[k].Most = to
					case !most && line[k].Least == l:
						line[k].Least = to
					}
				}
			}
			i = j
		}
	}
}

func pick(r model.Range, most bool) model.Level {
	if most {
		return r.Most
	}
	return r.Least
}
