package impact

import (
	"cmp"
	"slices"

	"planewise/model"
)

// explain collects the facts of a chain that makes a node as bad as it is in a
// phase, from the action to the node. Of several causes it follows the nearest.
func (s *scene) explain(n int32, phase int) []model.FactID {
	r := s.line(n)[phase]
	x := explainer{scene: s, phase: phase, chain: []model.FactID{}}
	if r.Least > model.None {
		x.node(n, false, r.Least)
	}
	if r.IsUnknown() {
		x.node(n, true, r.Most)
	}
	return slices.Clip(x.chain)
}

func (s *scene) line(n int32) []model.Range { return s.reached[s.slot[n]-1].line }

type explainer struct {
	*scene
	phase int
	chain []model.FactID
	// seen are the nodes being explained, so that a cycle ends.
	seen []int32
}

// node explains why a node is at least at a level; false where it is not, or
// only by way of nodes that are being explained already.
func (x *explainer) node(n int32, most bool, level model.Level) bool {
	i := x.slot[n]
	if i == 0 || slices.Contains(x.seen, n) {
		return false
	}
	r := &x.reached[i-1]
	if r.own != nil && pick(r.own[x.phase], most) >= level {
		x.append(x.factOf(x.worstSource(r, most)))
		return true
	}
	needs := x.nodes[n].needs
	if needs == nil {
		return false
	}
	x.seen = append(x.seen, n)
	found := x.need(needs, most, level)
	x.seen = x.seen[:len(x.seen)-1]
	return found
}

// worstSource is the worst of a node's own pieces in the phase; of equal ones the
// best founded, then by what they say, so that their order does not matter.
func (x *explainer) worstSource(r *reached, most bool) *source {
	var worst *source
	for k := r.last; k > 0; k = x.pieces[k-1].before {
		p := &x.pieces[k-1]
		if int(p.first) > x.phase || x.phase >= int(p.end) {
			continue
		}
		if worst == nil || worseSource(p.source, worst, most) < 0 {
			worst = p.source
		}
	}
	return worst
}

func worseSource(a, b *source, most bool) int {
	return cmp.Or(
		cmp.Compare(pick(b.level, most), pick(a.level, most)),
		cmp.Compare(b.basis(), a.basis()),
		cmp.Compare(a.relation, b.relation), cmp.Compare(a.object, b.object),
		cmp.Compare(a.reason().Source, b.reason().Source), cmp.Compare(a.reason().Text, b.reason().Text),
		cmp.Compare(b.level.Least, a.level.Least), cmp.Compare(b.level.Most, a.level.Most),
	)
}

func (x *explainer) need(d *need, most bool, level model.Level) bool {
	if d.leaf < 0 && d.best == len(d.kids) && d.plain() {
		return x.nearest(d, most, level)
	}
	if pick(x.value(d, x.phase), most) < level {
		return false
	}
	if d.leaf >= 0 {
		if !x.node(d.leaf, most, level) {
			return false
		}
		x.append(x.edgeFact(d.edge))
		return true
	}
	if d.best == len(d.kids) || pick(x.rawValue(d, x.phase), most) <= model.AtRisk {
		return x.nearest(d, most, level)
	}
	// That alternatives are gone takes all of those that would have to be there.
	found := 0
	for i := range d.kids {
		if found <= len(d.kids)-d.best && x.need(&d.kids[i], most, level) {
			found++
		}
	}
	return found > 0
}

// nearest explains a level by the nearest part of a need that has it.
func (x *explainer) nearest(d *need, most bool, level model.Level) bool {
	var tried []int
	for {
		best, distance := -1, int64(unreached)
		for i := range d.kids {
			kid := &d.kids[i]
			if far := x.distance(kid); far < distance && !slices.Contains(tried, i) && pick(x.value(kid, x.phase), most) >= level {
				best, distance = i, far
			}
		}
		if best < 0 {
			return false
		}
		if x.need(&d.kids[best], most, level) {
			return true
		}
		tried = append(tried, best)
	}
}

const unreached = 1 << 62

// distance of the nearest piece behind a need; ties are broken by the node.
func (x *explainer) distance(d *need) int64 {
	if d.leaf >= 0 {
		i := x.slot[d.leaf]
		if i == 0 {
			return unreached
		}
		return int64(x.reached[i-1].hops)<<32 | int64(d.leaf)
	}
	nearest := int64(unreached)
	for i := range d.kids {
		nearest = min(nearest, x.distance(&d.kids[i]))
	}
	return nearest
}

func (x *explainer) append(id model.FactID) {
	if !slices.Contains(x.chain, id) {
		x.chain = append(x.chain, id)
	}
}
