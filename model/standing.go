package model

import (
	"cmp"
	"slices"
)

// Done says of an action that it was done before the plan begins, in whole or in part.
type Done struct {
	Action ActionID `json:"action"`
	// Units is how many of its units (nodes, hosts) are done; 0 is all of them.
	Units int `json:"units,omitempty"`
	// Of is the number of units that the action had when that was said, 0 with all
	// of them. Where the action has another number today the plan says so.
	Of int `json:"of,omitempty"`
}

// Whole reports whether all of the action is done. None of some, as only a file that
// was written by hand says it, is not all of them.
func (d Done) Whole() bool { return d.Units == 0 && d.Of == 0 || d.Of > 0 && d.Units >= d.Of }

// MergeDone is a list sorted by action, with one entry for each: of several the one
// that says most. It is nil where nothing is done.
func MergeDone(list []Done) []Done {
	if len(list) == 0 {
		return nil
	}
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b Done) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), compareSaid(b, a))
	})
	return slices.CompactFunc(out, func(a, b Done) bool { return a.Action == b.Action })
}

// compareSaid orders by how much is said to be done: all without a number says most.
func compareSaid(a, b Done) int {
	rank := func(d Done) int {
		switch {
		case d.Units == 0 && d.Of == 0:
			return 2
		case d.Whole():
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Units, b.Units), cmp.Compare(a.Of, b.Of))
}

// Standing is where the system stands between two sittings of an update: what is
// done, what goes on because of it, and whether one may stay or go back.
type Standing struct {
	// Done in the vendor's order, those that are done in part among them.
	Done []DoneAction `json:"done"`
	// Actions that the whole update has, done or not.
	Actions int `json:"actions"`
	// Made are the changes that are wholly made, and Partly those that some of the
	// nodes have and others have not; both sorted.
	Made   []ChangeID `json:"made"`
	Partly []ChangeID `json:"partly"`
	// Ongoing is what the done actions leave behind until another action, or for
	// good, the worst first.
	Ongoing []Ongoing `json:"ongoing"`
	// Stay says whether the system may be left as it is now.
	Stay PlanStay `json:"stay"`
	// Rollback is the way back from here to the start of the update, undoing what is
	// done from the last to the first. Where there is none or nobody knows one, P90s
	// is the way back from the last safe stop. PointOfNoReturn is the first of the done
	// actions that cannot be undone for certain; nil where all can.
	Rollback        ActionRollback `json:"rollback"`
	PointOfNoReturn *ActionID      `json:"point_of_no_return"`
	LastSafeStop    *ActionID      `json:"last_safe_stop,omitempty"`
	// Next is the key of the bundle that goes on from here; nil where nothing is left.
	Next *ActionID `json:"next"`
}

// DoneAction is an action that is done, or of which some units are.
type DoneAction struct {
	ID    ActionID `json:"id"`
	Title string   `json:"title"`
	Stage string   `json:"stage"`
	// Units of Of are done.
	Units    int            `json:"units"`
	Of       int            `json:"of"`
	Rollback ActionRollback `json:"rollback"`
	Facts    []FactID       `json:"facts"`
}

// Ongoing is an effect that goes on between two sittings.
type Ongoing struct {
	Capability CapabilityID `json:"capability"`
	Plane      PlaneID      `json:"plane"`
	Level      Level        `json:"level"`
	Unknown    bool         `json:"unknown"`
	Most       *Level       `json:"most,omitempty"`
	// Action that brought it about.
	Action ActionID `json:"action"`
	// Until is "action:ID" of what ends it, "ever" where nothing does, "tail" where
	// it ends by itself at a time that nobody knows.
	Until string `json:"until"`
	// Bundle is the key of the bundle with the action that ends it; nil where the plan
	// has none.
	Bundle *ActionID `json:"bundle"`
	Facts  []FactID  `json:"facts"`
}

// Range is the interval of levels of the effect.
func (o Ongoing) Range() Range {
	return Effect{Level: o.Level, Unknown: o.Unknown, Most: o.Most}.Range()
}
