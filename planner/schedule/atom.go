package schedule

import (
	"planewise/model"
)

// atom is the smallest piece of a bundle that one sitting may end with: an
// action, or one batch of a roll.
type atom struct {
	action      *model.Action
	first, last int // units of a roll, from 1; 0 for a whole action
	work        int64
}

// maxAtoms bounds the pieces of one bundle; a roll of more batches is cut into
// pieces of several.
const maxAtoms = 200

// readAtoms cuts a bundle into atoms, and finds the places at which it may be
// cut: beside and inside a roll, where no two actions that belong together come
// apart. Between other actions the split has decided already.
func (p *placer) readAtoms(j *job) {
	rolls := 0
	for _, id := range j.bundle.Actions {
		if a, ok := p.byID[id]; ok && a.Units > 1 {
			rolls++
		}
	}
	begins, ends := make(map[model.ActionID]int), make(map[model.ActionID]int)
	for _, id := range j.bundle.Actions {
		if a, ok := p.byID[id]; ok {
			begins[id] = len(j.atoms)
			j.atoms = append(j.atoms, pieces(&a, maxAtoms/max(1, rolls))...)
			ends[id] = len(j.atoms)
		}
	}
	j.weight = make([]int64, len(j.atoms)+1)
	for i, a := range j.atoms {
		j.weight[i+1] = j.weight[i] + max(1, a.work) // what is expected to take no time still takes its turn
	}
	j.cuts = make([]bool, len(j.atoms))
	for i := 1; i < len(j.atoms); i++ {
		j.cuts[i] = j.atoms[i].first > 0 || j.atoms[i-1].first > 0
	}
	for _, pair := range p.together(j.bundle) {
		from, ok := begins[pair[0]]
		to, also := begins[pair[1]]
		if !ok || !also {
			continue
		}
		// Neither may a roll of the pair be cut: the rest of it would be without
		// its partner.
		for i := min(from, to) + 1; i < max(ends[pair[0]], ends[pair[1]]); i++ {
			j.cuts[i] = false
		}
	}
}

// together lists the pairs of actions that must be done in one sitting: by an
// edge, or because the policy pins them to each other or to one bundle.
func (p *placer) together(b *model.Bundle) (pairs [][2]model.ActionID) {
	for _, id := range b.Actions {
		for _, e := range p.byID[id].After {
			if e.Relation == model.With {
				pairs = append(pairs, [2]model.ActionID{e.Action, id})
			}
		}
	}
	ordinal := make(map[int]model.ActionID)
	for _, pin := range p.in.Policy.Pins {
		if pin.With != "" {
			pairs = append(pairs, [2]model.ActionID{pin.Action, pin.With})
		}
		if first, ok := ordinal[pin.Bundle]; ok {
			pairs = append(pairs, [2]model.ActionID{first, pin.Action})
		} else if pin.Bundle > 0 {
			ordinal[pin.Bundle] = pin.Action
		}
	}
	return pairs
}

// pieces of an action: itself, or a roll's batches, at most limit of them.
func pieces(a *model.Action, limit int) []atom {
	if a.Units <= 1 {
		return []atom{{action: a, work: a.ExpectedS}}
	}
	batch := max(1, a.Batch)
	batches := (a.Units + batch - 1) / batch
	count := max(1, min(batches, limit))
	var list []atom
	for i, done := 0, 0; i < count; i++ {
		upTo := min(a.Units, (i+1)*batches/count*batch)
		list = append(list, atom{a, done + 1, upTo, share(a.ExpectedS, upTo, a.Units) - share(a.ExpectedS, done, a.Units)})
		done = upTo
	}
	return list
}

// share is the part of a whole that n of all units are: rounded down, so that
// the pieces add up to the whole.
func share(whole int64, n, all int) int64 { return whole * int64(n) / int64(all) }

// span of the atoms from i up to but not including k.
//
// The median of a part is its share of the bundle's. The excess of p90 over the
// median shrinks more slowly than the work: for independent pieces with its
// square root, for pieces that are late together with the work itself. The root
// is the longer of the two and is used.
func (p *placer) span(j *job, i, k int) model.Span {
	if p.in.Span != nil {
		return p.in.Span(steps(j.atoms[i:k]))
	}
	whole := p.laned(j.bundle)
	part, all := j.weight[k]-j.weight[i], j.weight[len(j.atoms)]
	permille := ceilDiv(part*1000, all)
	excess := max(0, whole.P90s-whole.P50s)
	median := ceilDiv(whole.P50s*permille, 1000)
	return model.Span{P50s: median, P90s: median + ceilDiv(excess*ceilRoot(permille*1000), 1000)}
}

// ceilRoot is the square root of n, rounded up.
func ceilRoot(n int64) int64 {
	root := int64(0)
	for bit := int64(1) << 30; bit > 0; bit >>= 1 {
		if r := root | bit; r*r < n {
			root = r
		}
	}
	if n > 0 {
		root++
	}
	return root
}

// steps of a part: neighbouring pieces of one action are joined, and all of an
// action is a step without units.
func steps(atoms []atom) []model.PartStep {
	var list []model.PartStep
	for i, a := range atoms {
		if i > 0 && a.first > 0 && atoms[i-1].action.ID == a.action.ID {
			list[len(list)-1].Last = a.last
		} else {
			list = append(list, model.PartStep{Action: a.action.ID, First: a.first, Last: a.last})
		}
	}
	units := make(map[model.ActionID]int)
	for _, a := range atoms {
		units[a.action.ID] = a.action.Units
	}
	for i := range list {
		if list[i].First == 1 && list[i].Last == units[list[i].Action] {
			list[i].First, list[i].Last = 0, 0
		}
	}
	return list
}

// addFelt makes a footprint as bad as that of the atoms.
func addFelt(worst map[model.PlaneID]model.Footprint, atoms []atom) {
	for _, a := range atoms {
		for plane, f := range a.action.Footprint {
			worst[plane] = max(worst[plane], f)
		}
	}
}

// workOf is the expected seconds of the atoms.
func workOf(atoms []atom) (seconds int64) {
	for _, a := range atoms {
		seconds += a.work
	}
	return seconds
}

// cost of a sitting with the footprint and work, as in the split's objective.
func (p *placer) cost(footprint map[model.PlaneID]model.Footprint, work int64) int64 {
	total := p.in.Policy.Sitting
	for _, c := range p.in.Policy.Costs {
		switch footprint[c.Plane] {
		case model.Disturbed:
			total += c.Fixed + c.Rate*work
		case model.Watched:
			total += c.Watch * work
		}
	}
	return total
}
