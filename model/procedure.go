package model

// FormatProcedure is the format word of a procedure document.
const FormatProcedure = "planewise.procedure/1"

// Procedure is how a vendor goes from one release to another: stages in order.
// It applies where the product matches and both versions satisfy their
// constraints.
//
// A document may say less than the whole: what differs from the procedure that it
// Extends, and what its stages have in common. What is read is whole (see package
// document): canonical forms, digests and plans carry complete procedures that need no
// other one, and Extends, Drop, Defaults, Stage.After and Stage.Before are empty.
type Procedure struct {
	Format string `json:"format"`
	Name   string `json:"name"`
	// Extends names the procedure this one is based on. A field given here replaces that
	// of the base as a whole, one without a value removes it. A stage with the id of a
	// stage of the base changes that one in the same way; another one says with "after" or
	// "before" where it belongs.
	Extends string `json:"extends,omitempty"`
	// Drop lists stages of the base that do not take place. One that is dropped can be
	// written anew, with its place.
	Drop []string `json:"drop,omitempty"`
	// Defaults are the fields that the stages of a kind of work have where they do not
	// write them: those stages that are written in full in this document.
	Defaults map[Work]Stage `json:"defaults,omitempty"`
	Title    string         `json:"title,omitempty"`
	Product  string         `json:"product"`
	From     string         `json:"from"`
	To       string         `json:"to"`
	// Path is the variant: "manual" or "iuf".
	Path string `json:"path"`
	// Preferred procedures win over others that fit equally.
	Preferred bool `json:"preferred,omitempty"`
	// Beyond: for later targets than its own the vendor supports this variant alone.
	Beyond bool    `json:"beyond,omitempty"`
	Stages []Stage `json:"stages"`
	// Gates and Quiesce hold for the procedure as a whole; stages may add theirs.
	Gates   []Gate    `json:"gates,omitempty"`
	Quiesce []Quiesce `json:"quiesce,omitempty"`
	Forbids []Forbid  `json:"forbids,omitempty"`
	Evidence
}

// Run says when a stage takes place.
type Run string

const (
	RunAlways      Run = "always"       // it is part of the procedure, changes or not
	RunWhenCarried Run = "when-carried" // only when it carries a change
	RunSite        Run = "site"         // the site decides (policy rollout)
)

// Work is the kind of action a stage makes.
type Work string

const (
	WorkShip    Work = "ship"    // one action per chart it carries
	WorkRoll    Work = "roll"    // nodes of a role, in batches
	WorkCeph    Work = "ceph"    // Ceph daemons, type by type
	WorkStep    Work = "step"    // one action for the stage
	WorkRollout Work = "rollout" // compute or access nodes, by the policy's roll-out
	WorkRemove  Work = "remove"  // one action per undeployed chart
)

// Stage is one step of a procedure.
type Stage struct {
	ID string `json:"id"`
	// After or Before the stage of this id: the place of a stage that the base does not
	// have. Earlier ones of the same document count.
	After  string `json:"after,omitempty"`
	Before string `json:"before,omitempty"`
	Title  string `json:"title"`
	Does   Work   `json:"does"`
	Run    Run    `json:"run"`
	// Carries selects the changes the stage ships; the first stage that ships a
	// change claims it. The order of Carries is the order of its actions.
	Carries []Match `json:"carries,omitempty"`
	// Manifests it ships, in order; charts in the manifests' own order.
	Manifests []string `json:"manifests,omitempty"`
	// Script is the vendor's script that the stage is a part of. A cut between two
	// actions of one script is untested by the vendor.
	Script string `json:"script,omitempty"`
	// Hook is the deployment engine's hook the stage describes ("pre_install_check/pre").
	Hook string `json:"hook,omitempty"`
	// Role of the nodes, and which of them: "all", "first" (number 1 alone),
	// "rest" (all but the first).
	Role   string `json:"role,omitempty"`
	Select string `json:"select,omitempty"`
	// Batch nodes at once; 0: one.
	Batch int `json:"batch,omitempty"`
	// Method of the nodes or of the step.
	Method Method `json:"method,omitempty"`
	// PerUnit: one node (or Ceph host). Duration: the whole stage, or for "ship"
	// what it takes beyond its charts. Wait: the health wait after each unit.
	PerUnit  *Estimate `json:"per_unit,omitempty"`
	Duration *Estimate `json:"duration,omitempty"`
	Wait     *Estimate `json:"wait,omitempty"`
	// Restarts are services whose instances it restarts although no change of
	// theirs is carried.
	Restarts []Workload   `json:"restarts,omitempty"`
	Effects  []EffectRule `json:"effects,omitempty"`
	Gates    []Gate       `json:"gates,omitempty"`
	Quiesce  []Quiesce    `json:"quiesce,omitempty"`
	// Required names earlier stages that must have run (documented, not only the
	// vendor's order).
	Required []string `json:"required,omitempty"`
	// With names earlier stages that must be done in the same sitting: nobody may
	// leave the system in the state between them.
	With     []string  `json:"with,omitempty"`
	Rollback *Rollback `json:"rollback,omitempty"`
	// NoReturn marks the stage's actions as points of no return.
	NoReturn bool `json:"no_return,omitempty"`
	// Stay says whether the system may be left after this stage for weeks.
	Stay *Stay  `json:"stay,omitempty"`
	When string `json:"when,omitempty"`
	Evidence
}

// Gate is a check that has to pass before something goes on.
type Gate struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Command string `json:"command,omitempty"`
	Source  string `json:"source,omitempty"`
}

// Quiesce is something that must not be running (or must be saved) before a start.
type Quiesce struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Command string `json:"command,omitempty"`
	Source  string `json:"source,omitempty"`
}

// Forbid is something the target release must not be used with.
type Forbid struct {
	ID string `json:"id"`
	// Role and Hardware select node groups of a system; Feature a system's feature.
	Role     string `json:"role,omitempty"`
	Hardware string `json:"hardware,omitempty"`
	Feature  string `json:"feature,omitempty"`
	To       string `json:"to,omitempty"` // constraint on the target; "" any
	Text     string `json:"text"`
	Source   string `json:"source,omitempty"`
}

// StayStatus says whether a system may be left in a state for weeks.
type StayStatus string

const (
	StaySupported    StayStatus = "supported"
	StayUnknown      StayStatus = "unknown"
	StayNotSupported StayStatus = "not-supported"
)

// Stay is the status with its evidence.
type Stay struct {
	Status StayStatus `json:"status"`
	Evidence
}

// Possible is the answer to "can it be undone?".
type Possible string

const (
	Yes          Possible = "yes"
	No           Possible = "no"
	UnknownWhich Possible = "unknown"
)

// Rollback is the way back.
type Rollback struct {
	Possible Possible `json:"possible"`
	P90s     int64    `json:"p90s"`
	Evidence
}
