package schedule

import (
	"cmp"
	"slices"

	"planewise/model"
)

// A bundle that fits no window is cut beside and inside its rolls. Which cuts
// are best is a shortest path over the places between atoms: an arc is a part,
// placed in the earliest window that takes it. The labels at a place are what it
// has cost to get there and when; a label that is neither cheaper nor earlier
// than another is dropped. Both are sums along the path in which an earlier
// arrival never hurts, so no best path is lost.

// piece is one placed part of a split bundle.
type piece struct {
	i, k   int // atoms from i up to k
	at     stretch
	need   int64
	before *piece
	cost   int64 // of this part and those before
}

// split lists the ways to do the job in parts from t on that none of the others
// beats in both cost and end; nil where there is none.
func (p *placer) split(j *job, t int64) []*piece {
	key := splitKey{j, t}
	if known, ok := p.splits[key]; ok {
		return known
	}
	places := []int{0}
	for i, may := range j.cuts {
		if may {
			places = append(places, i)
		}
	}
	if len(places) == 1 {
		return nil
	}
	places = append(places, len(j.atoms))
	labels := make([][]*piece, len(places))
	for from := range places[:len(places)-1] {
		before := labels[from]
		if from == 0 {
			before = []*piece{{at: stretch{Start: t, End: t}}}
		}
		if len(before) > 0 {
			p.extendParts(j, before, places[from:], labels[from:])
		}
	}
	best := labels[len(labels)-1]
	p.splits[key] = best
	return best
}

type splitKey struct {
	j *job
	t int64
}

// extendParts adds to every label of the first place the parts that begin there,
// up to the first that fits nowhere: longer ones do not either.
func (p *placer) extendParts(j *job, before []*piece, places []int, labels [][]*piece) {
	footprint := make(map[model.PlaneID]model.Footprint)
	for to := 1; to < len(places); to++ {
		addFelt(footprint, j.atoms[places[to-1]:places[to]])
		room := p.calendar.room(footprint, j.pin)
		need := fit(p.span(j, places[0], places[to]), p.in.Policy)
		// The last label has come furthest for its higher cost: it ends first.
		if room.longest(before[len(before)-1].at.End).Len() < need {
			return
		}
		cost := p.cost(footprint, workOf(j.atoms[places[0]:places[to]]))
		for _, b := range before {
			p.steps++
			start, ok := room.earliest(b.at.End, need)
			if !ok {
				continue
			}
			next := &piece{i: places[0], k: places[to], at: stretch{Start: start, End: start + need}, need: need, cost: b.cost + cost}
			if b.need > 0 {
				next.before = b
			}
			labels[to] = insertPiece(labels[to], next)
		}
	}
}

// insertPiece keeps the labels that no other beats, by cost.
func insertPiece(list []*piece, next *piece) []*piece {
	for _, l := range list {
		if l.cost <= next.cost && l.at.End <= next.at.End {
			return list
		}
	}
	list = slices.DeleteFunc(list, func(l *piece) bool { return next.cost <= l.cost && next.at.End <= l.at.End })
	list = append(list, next)
	slices.SortFunc(list, func(a, b *piece) int { return cmp.Compare(a.cost, b.cost) })
	return list
}

// path is the parts in run order.
func (l *piece) path() []*piece {
	var list []*piece
	for ; l != nil; l = l.before {
		list = append(list, l)
	}
	slices.Reverse(list)
	return list
}
