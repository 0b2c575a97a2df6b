package model

// ActionID identifies an action by what it does: "ship:services/api",
// "roll:worker", "ceph:daemons", "step:cni", "rollout:compute".
type ActionID string

// Task is an action before its impact is known: what is done, to what, in which
// way. The impact engine turns a task into an Action.
type Task struct {
	ID    ActionID
	Title string
	Stage string // id of the procedure's stage
	// Product whose procedure the task is a part of.
	Product string
	// Rank is the vendor's order: of two tasks, the one of the lower rank comes in
	// no later bundle. Tasks of one rank have no order but that of the links.
	Rank   int
	Does   Work
	Method Method
	// Script of the vendor that the task is a part of; "" for none.
	Script string
	// Changes it carries, sorted.
	Changes []ChangeID
	// Role, Units and Batch of node work: Units nodes, Batch at a time. For other
	// work Units is 1.
	Role  string
	Units int
	Batch int
	// Workloads it restarts, as they are while the task runs: of two releases that
	// differ, the weaker.
	Workloads []Workload
	// Effects stated by documents, mapping rules and stages; conditions that do
	// not hold for the system or the transition are already gone.
	Effects []EffectRule
	// Duration of the whole task, or PerUnit and Wait of each unit; all nil: not known.
	Duration *Estimate
	PerUnit  *Estimate
	Wait     *Estimate
	// UnknownOn are the planes on which the effect is not known, with Facts why.
	UnknownOn []PlaneID
	// Facts behind the task: why it exists, what maps its components.
	Facts    []Fact
	Rollback Rollback
	NoReturn bool
	Stay     *Stay
	Gates    []Gate
	Quiesce  []Quiesce
}

// EdgeKind says how binding an edge is.
type EdgeKind string

const (
	RequiredEdge EdgeKind = "required"
	VendorOrder  EdgeKind = "vendor-order"
)

// Edge relates an action to an earlier (or other) one.
type Edge struct {
	Action   ActionID `json:"action"`
	Kind     EdgeKind `json:"kind"`
	Relation Relation `json:"relation"`
	SoakS    int64    `json:"soak_s,omitempty"`
	Fact     FactID   `json:"fact"`
}

// Link is an edge between two tasks: First before (with, apart from, ...) Then.
type Link struct {
	// ID is stable, so that a policy can name a vendor-order link to relax it.
	ID          string
	First, Then ActionID
	Kind        EdgeKind
	Relation    Relation
	SoakS       int64
	Fact        Fact
}

// Effect is what an action does to one capability for a time.
type Effect struct {
	// Capability "*" is any capability of the plane, of plane "*" any of all planes, but
	// for those of which the list has an effect of their own.
	Capability CapabilityID `json:"capability"`
	Plane      PlaneID      `json:"plane"`
	// Level is the least the users feel; with Unknown, Most says how bad it may be.
	Level   Level  `json:"level"`
	Unknown bool   `json:"unknown"`
	Most    *Level `json:"most,omitempty"`
	// Start after the action's start, and how long it lasts.
	Start Span `json:"start"`
	Lasts Span `json:"lasts"`
	// Times it comes in that stretch, once in each of several batches of nodes; Lasts
	// is then the sum. 0 is once.
	Times int `json:"times,omitempty"`
	// Until says that it goes on after the action: until the end of another one
	// ("action:ID"), or for good ("ever").
	Until string `json:"until,omitempty"`
	// Facts of the chain, from the action to the capability.
	Facts []FactID `json:"facts"`
}

// Range is the interval of levels of the effect.
func (e Effect) Range() Range {
	r := Range{e.Level, e.Level}
	if e.Unknown {
		r.Most = Outage
		if e.Most != nil {
			r.Most = *e.Most
		}
	}
	return r
}

// SetRange sets Level, Unknown and Most from a range.
func (e *Effect) SetRange(r Range) {
	e.Level, e.Unknown, e.Most = r.Least, r.IsUnknown(), nil
	if e.Unknown && r.Most != Outage {
		most := r.Most
		e.Most = &most
	}
}

// Tail is an effect that goes on after the bundle: staged nodes that reboot when
// their job ends.
type Tail struct {
	Capability CapabilityID `json:"capability"`
	Plane      PlaneID      `json:"plane"`
	Level      Level        `json:"level"`
	// Lasts is unknown (nil) where nothing bounds it.
	Lasts *Span    `json:"lasts"`
	Text  string   `json:"text"`
	Facts []FactID `json:"facts"`
}

// Action is the unit of work, with what it disturbs.
type Action struct {
	ID        ActionID              `json:"id"`
	Title     string                `json:"title"`
	Method    Method                `json:"method"`
	Stage     string                `json:"stage"`
	Script    string                `json:"script,omitempty"`
	Changes   []ChangeID            `json:"changes"`
	Footprint map[PlaneID]Footprint `json:"footprint"`
	// ExpectedS is the expected duration in whole seconds; expectations add up
	// under any correlation.
	ExpectedS int64 `json:"expected_s"`
	Duration  Span  `json:"duration"`
	// DurationUnknown: the figures are a guess wide enough to be one.
	DurationUnknown bool     `json:"duration_unknown,omitempty"`
	Effects         []Effect `json:"effects"`
	Tail            *Tail    `json:"tail"`
	Role            string   `json:"role,omitempty"`
	Units           int      `json:"units"`
	Batch           int      `json:"batch,omitempty"`
	After           []Edge   `json:"after"`
	// Rank in the vendor's order; see Boundary.
	Rank     int            `json:"rank"`
	Rollback ActionRollback `json:"rollback"`
	NoReturn bool           `json:"no_return,omitempty"`
	Facts    []FactID       `json:"facts"`
	// Nodes of the role that are known by name, each with what is disturbed when it
	// alone goes, the worst first. Empty where no names are known.
	Nodes []NodeImpact `json:"nodes,omitempty"`
	// Nameless is how many more nodes the role has; what is on them is not known.
	Nameless int `json:"nameless,omitempty"`
	// Unplaced are workloads on nodes of the role of which it is not known on which
	// they run: each node may carry them.
	Unplaced []string `json:"unplaced,omitempty"`
}

// NodeImpact is what leaves one node when it is drained, and what that disturbs.
type NodeImpact struct {
	Name string `json:"name"`
	// Capabilities that are disturbed, the worst first. An empty list means that
	// nothing is, which is claimed only where all that may run there is known.
	Capabilities []NodeCapability `json:"capabilities"`
	// Workloads that run there, singletons first.
	Workloads []NodeWorkload `json:"workloads"`
	// Last: taken after the other nodes its singletons move once only.
	Last  bool     `json:"last,omitempty"`
	Facts []FactID `json:"facts"`
}

// NodeCapability is the level of a capability while one node is away.
type NodeCapability struct {
	ID      CapabilityID `json:"id"`
	Plane   PlaneID      `json:"plane"`
	Level   Level        `json:"level"`
	Unknown bool         `json:"unknown"`
	Most    *Level       `json:"most,omitempty"`
}

// Range is the interval of levels.
func (c NodeCapability) Range() Range {
	return Effect{Level: c.Level, Unknown: c.Unknown, Most: c.Most}.Range()
}

// NodeWorkload is a workload with instances on a node.
type NodeWorkload struct {
	Name string `json:"name"`
	// Here of Instances run on the node.
	Here      int `json:"here"`
	Instances int `json:"instances"`
	// Single: it is the only instance there is.
	Single bool `json:"single,omitempty"`
}

// ActionRollback is the way back of an action.
type ActionRollback struct {
	Possible Possible `json:"possible"`
	P90s     int64    `json:"p90s"`
	Facts    []FactID `json:"facts"`
}
