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
	x := explainer{scene: s, phase: phase}
	if r.Least > model.None {
		x.node(n, false, r.Least)
	}
	if r.IsUnknown() {
		clear(x.seen)
		x.node(n, true, r.Most)
	}
	return x.chain
}

func (s *scene) line(n int32) []model.Range { return s.reached[s.slot[n]].line }

type explainer struct {
	*scene
	phase int
	chain []model.FactID
	// seen nodes, so that a cycle is left the way it was entered.
	seen map[int32]bool
}

func pick(r model.Range, most bool) model.Level {
	if most {
		return r.Most
	}
	return r.Least
}

// node explains why a node is at least at a level; false where it is not, or
// only by way of nodes that are being explained already.
func (x *explainer) node(n int32, most bool, level model.Level) bool {
	i, ok := x.slot[n]
	if !ok || x.seen[n] {
		return false
	}
	r := &x.reached[i]
	if r.own != nil && pick(r.own[x.phase], most) >= level {
		x.append(x.factOf(x.worstSource(r, most)))
		return true
	}
	needs := x.nodes[n].needs
	if needs == nil {
		return false
	}
	if x.seen == nil {
		x.seen = map[int32]bool{}
	}
	x.seen[n] = true
	defer delete(x.seen, n)
	return x.need(needs, most, level)
}

// worstSource is the worst of a node's own pieces in the phase; of equal ones the
// best founded, then by what they say, so that their order does not matter.
func (x *explainer) worstSource(r *reached, most bool) *source {
	var worst *source
	for _, k := range r.src {
		p := &x.pieces[k]
		if x.at(p.start) > x.phase || x.phase >= x.at(p.end) {
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
		cmp.Compare(b.evidence.Basis, a.evidence.Basis),
		cmp.Compare(a.relation, b.relation), cmp.Compare(a.object, b.object),
		cmp.Compare(a.evidence.Source, b.evidence.Source), cmp.Compare(a.evidence.Text, b.evidence.Text),
		cmp.Compare(b.level.Least, a.level.Least), cmp.Compare(b.level.Most, a.level.Most),
	)
}

func (x *explainer) need(d *need, most bool, level model.Level) bool {
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
	kids := make([]*need, len(d.kids))
	for i := range d.kids {
		kids[i] = &d.kids[i]
	}
	slices.SortStableFunc(kids, func(a, b *need) int { return int(x.distance(a) - x.distance(b)) })
	wanted := 1
	if d.best < len(d.kids) && pick(x.rawValue(d, x.phase), most) > model.AtRisk {
		wanted = len(d.kids) - d.best + 1
	}
	found := 0
	for _, kid := range kids {
		if found < wanted && x.need(kid, most, level) {
			found++
		}
	}
	return found > 0
}

// distance of the nearest piece behind a need; ties are broken by the node.
func (x *explainer) distance(d *need) int64 {
	if d.leaf >= 0 {
		i, ok := x.slot[d.leaf]
		if !ok {
			return 1 << 40
		}
		return int64(x.reached[i].hops)<<32 | int64(d.leaf)
	}
	nearest := int64(1 << 40)
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
