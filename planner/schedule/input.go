package schedule

import (
	"time"

	"planewise/model"
	"planewise/planner/schedule/window"
)

// Input is what bundles are placed with. Nothing in it is changed.
type Input struct {
	// At is the time from which on a bundle may start. Zero: no time was given,
	// and nothing is dated.
	At     time.Time
	Policy model.Policy
	// Bundles in the run order of the split, with their actions, footprint,
	// duration and work. Bundles named in After come first, as do those that the
	// edges of the actions ask for.
	Bundles []model.Bundle
	// Actions of the bundles, in any order.
	Actions []model.Action
	Zones   window.Zones
	// KeepOrder holds the bundles in the given order even where another order that
	// the edges allow would finish earlier. A pin to a bundle's ordinal holds it too.
	KeepOrder bool
	// Effort bounds the search for an order, in steps; 0 is DefaultEffort.
	Effort int
	// Span, where set, is the duration of the steps of a part. Without it a part's
	// duration is derived from its bundle's (see share).
	Span func([]model.PartStep) model.Span
}

// DefaultEffort is enough for every order of a dozen independent bundles.
const DefaultEffort = 50_000

// Result is where the bundles go.
type Result struct {
	// Placements of all bundles, in run order. Bundles without a date stand where
	// the split has them, as far as the dated ones allow.
	Placements []Placement
	// Announce lists the latest time to tell each disturbed plane, by time.
	Announce []model.Announcement
	// ExtraCost is what splitting rolls adds to the cost of the split.
	ExtraCost int64
	// Finish is the end of the last dated bundle; zero where there is none.
	Finish time.Time
	// Exact: no other order that the edges allow dates more bundles, or costs
	// less, or finishes earlier. Otherwise the search was cut short, or the order
	// was held, and it is exact for the order shown.
	Exact bool
	// Steps that the search took.
	Steps       int
	Diagnostics []model.Diagnostic
}

// Placement is where one bundle goes.
type Placement struct {
	// Bundle is the place in Input.Bundles.
	Bundle int
	// Slot is nil where the bundle has no date. For a bundle in parts it is that
	// of the first part.
	Slot *model.Slot
	// Parts in run order; nil where the bundle is done in one piece.
	Parts []model.Part
	// NeedS is the time kept for the bundle: its duration at the policy's
	// percentile and the reserve for the way back.
	NeedS int64
}
