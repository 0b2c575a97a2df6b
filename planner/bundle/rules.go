package bundle

// allowed reports whether pins and rules let a unit into the open bundle of a
// state with the given row.
func (w *walker) allowed(u *unit, st *state, row []uint64) bool {
	if w.in.lastPin > 0 && (st.ordinal < u.first || st.ordinal > u.last) {
		return false
	}
	if u.rule < 0 {
		return true
	}
	r, open := &w.in.rules[u.rule], row[w.in.words:]
	return !meets(open, r.apart) && !meets(open, r.soak)
}

// free reports whether running a unit now cannot be in the way of another: what
// it must be apart from is done, or it has to be in this bundle anyway.
func (w *walker) free(u *unit, st *state) bool {
	if u.rule < 0 || w.in.lastPin > 0 && u.last == st.ordinal {
		return true
	}
	free := true
	each(w.in.rules[u.rule].apart, func(other int) {
		free = free && w.isDone(w.in.rules[other].spot, st, w.next)
	})
	return free
}

// isDone reports whether a unit is done in a state.
func (w *walker) isDone(u spot, st *state, row []uint64) bool {
	if u.block != st.block {
		return u.block < st.block
	}
	return has(row, int(u.unit))
}

// forget drops from the open bundle the rules that no unit still to come asks
// for, so that states which differ in nothing that matters are one.
func (w *walker) forget(st *state, row []uint64) {
	open := row[w.in.words:]
	each(open, func(rule int) {
		for _, other := range w.in.rules[rule].watched {
			if !w.isDone(w.in.rules[other].spot, st, row) {
				return
			}
		}
		unset(open, rule)
	})
}

// mayClose reports whether the open bundle may be left: it is not empty, unless
// empty bundles are allowed there, and holds all that had to be in it. Behind an empty
// one it also needs a unit that could not be there: otherwise the two may change
// places, at no higher price, and are looked at in that order alone.
func (w *walker) mayClose(st *state) bool {
	if st.hollow && (st.ordinal >= w.in.lastPin || w.in.pal.codes[st.color] != 0) {
		return false
	}
	return (st.hollow || !st.early) && len(w.dueNow(st)) == 0
}

// dueNow lists the units that can be in no later bundle than the open one and are
// not done. What was due before is done, or the bundle could not have been opened.
func (w *walker) dueNow(st *state) []spot {
	w.late = w.late[:0]
	if w.in.lastPin == 0 || st.ordinal > w.in.lastPin {
		return nil
	}
	for _, u := range w.in.due[st.ordinal] {
		if !w.isDone(u, st, w.row) {
			w.late = append(w.late, u)
		}
	}
	return w.late
}

// needed is the footprint that a bundle just opened must have at least, for what
// is due in it.
func (w *walker) needed(st *state) code {
	var need code
	for _, u := range w.dueNow(st) {
		need |= w.in.pal.codes[w.in.blocks[u.block].units[u.unit].color]
	}
	return need
}
