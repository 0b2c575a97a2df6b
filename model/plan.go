package model

import "encoding/json"

// FormatPlan is the format word of a plan file.
const FormatPlan = "planewise.plan/1"

// Plan is all of it, as data.
type Plan struct {
	Format   string `json:"format"`
	Tool     string `json:"tool"`
	ID       string `json:"id"`
	Series   string `json:"series,omitempty"`
	Revision int    `json:"revision,omitempty"`
	Parent   string `json:"parent,omitempty"`
	// PlannedAt is the time given with --at (RFC 3339); empty otherwise.
	PlannedAt string       `json:"planned_at,omitempty"`
	From      []ReleaseRef `json:"from"`
	To        []ReleaseRef `json:"to"`
	System    string       `json:"system"`
	// SystemNodes counts the system's nodes in words: "3 masters, 6 workers".
	SystemNodes string       `json:"system_nodes,omitempty"`
	Policy      string       `json:"policy"`
	Procedure   ProcedureRef `json:"procedure"`
	// Path is the variant of the procedure that was asked for; empty: the preferred.
	Path   string  `json:"path,omitempty"`
	Inputs []Input `json:"inputs"`
	Edits  Edits   `json:"edits"`
	// Standing is set where a part of the update is done already (edits.done).
	Standing *Standing `json:"standing,omitempty"`
	// Facts sorted by id.
	Facts []Fact `json:"facts"`
	// Changes in the order of the target release, removals after them.
	Changes []Change `json:"changes"`
	// Actions in run order: by bundle, then by place in the bundle.
	Actions []Action `json:"actions"`
	// Order is the vendor's order between actions of different ranks.
	Order      []Boundary     `json:"order"`
	Skipped    []Skipped      `json:"skipped"`
	Bundles    []Bundle       `json:"bundles"`
	Planes     []PlaneSummary `json:"planes"`
	Answers    []Answer       `json:"answers"`
	Optimality Optimality     `json:"optimality"`
	// Reasoning is the version of the rules by which the plan follows from its inputs;
	// empty in plans from before it was noted.
	Reasoning   string         `json:"reasoning"`
	Retired     []Retired      `json:"retired"`
	Unknowns    []UnknownThing `json:"unknowns"`
	Announce    []Announcement `json:"announce,omitempty"`
	Diagnostics []Diagnostic   `json:"diagnostics"`
	// Notes are those of the diagnostics that came from reading the inputs: a plan
	// made again from the documents it carries cannot find them out a second time.
	Notes []Diagnostic    `json:"notes,omitempty"`
	Extra json.RawMessage `json:"-"`
}

// ReleaseRef names one release of a side.
type ReleaseRef struct {
	Product string `json:"product"`
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

// ProcedureRef names the procedure a plan follows.
type ProcedureRef struct {
	Name string `json:"name"`
	Path string `json:"path"`
	// Basis is documented where the procedure covers the two releases, inferred
	// where it is only the nearest one.
	Basis Basis `json:"basis"`
}

// Input is one document the plan was made from.
type Input struct {
	Kind    string          `json:"kind"` // release, mapping, procedure, system, policy
	Name    string          `json:"name"`
	Digest  string          `json:"digest"`
	Content json.RawMessage `json:"content"`
}

// Edits are what the user changed against the computed plan.
type Edits struct {
	Excluded []string `json:"excluded"`
	Pins     []Pin    `json:"pins"`
	Moved    []Move   `json:"moved"`
	Relaxed  []string `json:"relaxed"`
	// Done was done before the plan begins, sorted by action.
	Done []Done `json:"done,omitempty"`
}

// Move puts an action into the bundle of another.
type Move struct {
	Action ActionID `json:"action"`
	With   ActionID `json:"with"`
}

// Boundary is the vendor's order between two ranks of actions: those of Rank and
// above come in no earlier bundle than those below. Relaxed ones are left out.
type Boundary struct {
	ID   string `json:"id"`
	Rank int    `json:"rank"`
	Fact FactID `json:"fact"`
}

// Skipped is a stage that makes no action, and why.
type Skipped struct {
	Stage  string `json:"stage"`
	Reason string `json:"reason"`
}

// Bundle is a set of actions done in one sitting.
type Bundle struct {
	// Key is the smallest action id, Label "B1", "B2" ... in run order.
	Key       ActionID              `json:"key"`
	Label     string                `json:"label"`
	Title     string                `json:"title"`
	Footprint map[PlaneID]Footprint `json:"footprint"`
	Actions   []ActionID            `json:"actions"`
	WorkS     int64                 `json:"work_s"`
	Duration  Span                  `json:"duration"`
	// Elapsed is the time on the clock where the policy has several lanes, by list
	// scheduling: a heuristic, not the shortest possible. nil with one lane.
	Elapsed *Span `json:"elapsed,omitempty"`
	// DurationUnknown: at least one action's duration is not known.
	DurationUnknown bool  `json:"duration_unknown,omitempty"`
	Window          *Slot `json:"window"`
	// Parts are set where the bundle fits no window in one piece and a roll in it
	// is split between its units; Window is then that of the first part.
	Parts    []Part        `json:"parts,omitempty"`
	Impact   []PlaneImpact `json:"impact"`
	Timeline []Interval    `json:"timeline"`
	After    []ActionID    `json:"after"` // keys of bundles that must come first
	// UntestedCut: the boundary before this bundle lies inside one vendor script.
	UntestedCut     string         `json:"untested_cut,omitempty"`
	Gates           []Gate         `json:"gates"`
	Quiesce         []Quiesce      `json:"quiesce"`
	PointOfNoReturn *ActionID      `json:"point_of_no_return"`
	LastSafeStop    *ActionID      `json:"last_safe_stop,omitempty"`
	Rollback        ActionRollback `json:"rollback"`
	Stay            PlanStay       `json:"stay"`
}

// PlanStay says whether the system may be left after the bundle.
type PlanStay struct {
	Status StayStatus `json:"status"`
	Facts  []FactID   `json:"facts"`
}

// Slot is where a bundle was placed.
type Slot struct {
	Name   string                `json:"name"`
	Start  string                `json:"start"` // RFC 3339
	End    string                `json:"end"`
	Zone   string                `json:"zone"`
	Grants map[PlaneID]Footprint `json:"grants"`
}

// Part is one of several sittings in which a bundle is done. Each part has its
// own announcement.
type Part struct {
	// Label is "1 of 2".
	Label     string                `json:"label"`
	Steps     []PartStep            `json:"steps"`
	Footprint map[PlaneID]Footprint `json:"footprint"`
	WorkS     int64                 `json:"work_s"`
	Duration  Span                  `json:"duration"`
	Window    *Slot                 `json:"window"`
}

// PartStep is an action of a part, or the units First to Last (from 1) of a roll
// of which the part does only some; both are 0 for a whole action.
type PartStep struct {
	Action ActionID `json:"action"`
	First  int      `json:"first,omitempty"`
	Last   int      `json:"last,omitempty"`
}

// PlaneImpact is what one plane feels of a bundle.
type PlaneImpact struct {
	Plane        PlaneID            `json:"plane"`
	Worst        Level              `json:"worst"`
	Unknown      bool               `json:"unknown"`
	Capabilities []CapabilityImpact `json:"capabilities"`
}

// CapabilityImpact is what the users of one capability feel of a bundle: the
// worst level, and for how long it is certainly at that level in all.
type CapabilityImpact struct {
	ID         CapabilityID `json:"id"`
	Title      string       `json:"title,omitempty"`
	Importance Importance   `json:"importance,omitempty"`
	// ToleranceS: gaps shorter than this are hidden by retries.
	ToleranceS int64  `json:"tolerance_s,omitempty"`
	Level      Level  `json:"level"`
	Unknown    bool   `json:"unknown"`
	Most       *Level `json:"most,omitempty"`
	P50s       int64  `json:"p50s"`
	P90s       int64  `json:"p90s"`
	// PossibleS is the time, at most and beside P90s, in which the level is not
	// known and may be as bad.
	PossibleS int64 `json:"possible_s,omitempty"`
	// Facts of those effects that come first.
	Facts []FactID `json:"facts"`
	// More facts are named by other effects of the bundle's actions.
	More int `json:"more,omitempty"`
}

// Interval is a stretch of a bundle's time line in which a capability has one level.
type Interval struct {
	// Capability "*" is any capability of the plane, of plane "*" any of all planes, but
	// for those of which another interval of that time speaks.
	Capability CapabilityID `json:"capability"`
	Plane      PlaneID      `json:"plane"`
	Level      Level        `json:"level"`
	Unknown    bool         `json:"unknown"`
	Most       *Level       `json:"most,omitempty"`
	// Start and End after the bundle's start. Of a stretch in which the level comes
	// several times (once in each of several batches), Times says how often.
	Start  Span     `json:"start"`
	End    Span     `json:"end"`
	Times  int      `json:"times,omitempty"`
	Action ActionID `json:"action"`
	// More actions follow that one in the interval, each for reasons of its own.
	More int `json:"more,omitempty"`
	// LongestS is, of capability "*", the longest that one of the actions takes: by it
	// the tolerance of each capability is judged.
	LongestS int64    `json:"longest_s,omitempty"`
	Facts    []FactID `json:"facts"`
}

// PlaneSummary is a plane over the whole plan.
type PlaneSummary struct {
	ID            PlaneID         `json:"id"`
	Announcements int             `json:"announcements"`
	ExposureS     int64           `json:"exposure_s"`
	Avoidable     Avoidable       `json:"avoidable"`
	Levels        map[string]Span `json:"levels"` // outage, degraded, blip, at-risk
	Worst         Level           `json:"worst"`
	Unknown       bool            `json:"unknown"`
}

// Avoidable is what the plan costs a plane beyond the ideal.
type Avoidable struct {
	Announcements int   `json:"announcements"`
	S             int64 `json:"s"`
}

// Answer is one line under every plan: a question people ask, and what the plan
// says to it.
type Answer struct {
	Topic string   `json:"topic"` // jobs, launch, login, storage, administration, ends, unknown
	Text  string   `json:"text"`
	Facts []FactID `json:"facts"`
}

// Optimality is how good the split is, and what is proven about it.
type Optimality struct {
	Status             string `json:"status"` // optimal or bounded
	Scope              string `json:"scope"`  // split
	Cost               int64  `json:"cost"`
	Ideal              int64  `json:"ideal"`
	LowerBound         int64  `json:"lower_bound"`
	GapPermille        int64  `json:"gap_permille"`
	SeparationPermille int64  `json:"separation_permille"`
	Explored           int64  `json:"explored"`
}

// Retired is a capability that ends for good.
type Retired struct {
	Capability  CapabilityID `json:"capability"`
	Change      ChangeID     `json:"change"`
	Action      *ActionID    `json:"action"`
	Affected    string       `json:"affected"`
	Replacement string       `json:"replacement,omitempty"`
	Facts       []FactID     `json:"facts"`
}

// UnknownThing is something the plan does not know, and what would settle it.
type UnknownThing struct {
	Subject string `json:"subject"`
	// More actions of which the same is not known; their effects and durations say so.
	More     int      `json:"more,omitempty"`
	What     string   `json:"what"`
	SettleBy string   `json:"settle_by"`
	Planes   []string `json:"planes,omitempty"`
}

// Announcement is the latest time a plane must be told of a bundle.
type Announcement struct {
	Bundle ActionID `json:"bundle"`
	Plane  PlaneID  `json:"plane"`
	By     string   `json:"by"`
}
