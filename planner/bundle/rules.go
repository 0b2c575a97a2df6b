package bundle

// allowed reports whether the rules let a unit into the open bundle of a state
// with the given row.
func (w *walker) allowed(u *unit, st *state, row []uint64) bool {
	if u.rule < 0 {
		return true
	}
	r := &w.in.rules[u.rule]
	open := row[w.in.words:]
	if w.in.lastPin > 0 && (st.ordinal < r.first || st.ordinal > r.last) {
		return false
	}
	return !meets(open, r.apart) && !meets(open, r.soak)
}

// free reports whether running a unit now cannot be in the way of another: what
// it must be apart from is done, or it has to be in this bundle anyway.
func (w *walker) free(u *unit, st *state) bool {
	r := &w.in.rules[u.rule]
	if w.in.lastPin > 0 && r.last == st.ordinal {
		return true
	}
	free := true
	each(r.apart, func(other int) {
		free = free && w.isDone(int32(other), st, w.next)
	})
	return free
}

// isDone reports whether the unit of a rule is done in a state.
func (w *walker) isDone(rule int32, st *state, row []uint64) bool {
	r := &w.in.rules[rule]
	if r.block != st.block {
		return r.block < st.block
	}
	return has(row, int(r.unit))
}

// forget drops from the open bundle the rules that no unit still to come asks
// for, so that states which differ in nothing that matters are one.
func (w *walker) forget(st *state, row []uint64) {
	open := row[w.in.words:]
	each(open, func(rule int) {
		for _, other := range w.in.rules[rule].watched {
			if !w.isDone(other, st, row) {
				return
			}
		}
		unset(open, rule)
	})
}

// mayClose reports whether the open bundle may be left: it is not empty, unless
// empty bundles are allowed there, and holds all that had to be in it.
func (w *walker) mayClose(st *state) bool {
	if st.hollow && st.ordinal >= w.in.lastPin {
		return false
	}
	if w.in.lastPin == 0 || st.ordinal > w.in.lastPin {
		return true
	}
	for i := range w.in.rules {
		if w.in.rules[i].last <= st.ordinal && !w.isDone(int32(i), st, w.row) {
			return false
		}
	}
	return true
}
