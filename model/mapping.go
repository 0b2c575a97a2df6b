package model

// PlaneID names a group of users, e.g. "control", "access", "compute", "storage".
type PlaneID string

// CapabilityID names what a plane's users rely on, e.g. "compute.launch".
type CapabilityID string

// ServiceID names a running thing that capabilities and other services need,
// e.g. "gateway" or "ceph-rgw".
type ServiceID string

// Plane is a group of users of the system. Planes are data: a site may add its own.
type Plane struct {
	ID    PlaneID `json:"id"`
	Title string  `json:"title"`
	// Users says who they are, in a few words.
	Users string `json:"users,omitempty"`
}

// Importance of a capability to its plane.
type Importance string

const (
	Critical Importance = "critical"
	Major    Importance = "major"
	Minor    Importance = "minor"
)

// Capability is what a plane's users rely on, in their words.
type Capability struct {
	ID         CapabilityID `json:"id"`
	Plane      PlaneID      `json:"plane"`
	Title      string       `json:"title"`
	Importance Importance   `json:"importance"`
	// ToleranceS is the longest gap, in seconds, that retries hide; an outage no
	// longer than this is a blip. 0: every gap shows.
	ToleranceS int64 `json:"tolerance_s,omitempty"`
	// Answer is the one-line question the capability belongs to: jobs, launch,
	// login, storage or administration; "" for none.
	Answer string `json:"answer,omitempty"`
	// Needs is what has to work for the capability to work; nil: nothing known.
	Needs *Need `json:"needs,omitempty"`
	// Broken: something was wrong with the needs and is missing from them.
	Broken bool `json:"-"`
	Evidence
}

// Service is a running thing that others need. Its own instances come from the
// workloads that name it; what it needs beyond itself stands in Needs.
type Service struct {
	ID    ServiceID `json:"id"`
	Title string    `json:"title,omitempty"`
	Needs *Need     `json:"needs,omitempty"`
	// Broken: something was wrong with the needs and is missing from them.
	Broken bool `json:"-"`
	Evidence
}

// Need is a tree of requirements. Exactly one of Service, Capability, All, Any
// and Of is set.
type Need struct {
	Service    ServiceID    `json:"service,omitempty"`
	Capability CapabilityID `json:"capability,omitempty"`
	// All: as bad as the worst of them. Any: as bad as the best, at least at-risk
	// when one of them is not none.
	All []Need `json:"all,omitempty"`
	Any []Need `json:"any,omitempty"`
	// Of with AtLeast k: an outage when fewer than k of them work.
	Of      []Need `json:"of,omitempty"`
	AtLeast int    `json:"at_least,omitempty"`
	// Cap makes the need soft: however bad it gets, it counts for at most this level.
	Cap *Level `json:"cap,omitempty"`
	// From hides mild trouble: levels below it do not reach the dependant at all
	// (a redundant thing that has lost a copy still serves everybody); nil: all do.
	From *Level `json:"from,omitempty"`
	// HoldsS is how long, in seconds, the dependant goes on without it (cached
	// tokens, buffers); shorter gaps of the need do not reach it.
	HoldsS int64 `json:"holds_s,omitempty"`
	// When names a feature that a system must have for the need to exist ("gateway"),
	// or must not have ("!gateway"); "" always.
	When string `json:"when,omitempty"`
	Evidence
}

// Method is how a thing is updated.
type Method string

const (
	MethodRolling    Method = "rolling"     // Deployment: maxUnavailable and maxSurge
	MethodRecreate   Method = "recreate"    // all instances stop, then new ones start
	MethodStateful   Method = "stateful"    // one instance at a time, in order
	MethodDaemonSet  Method = "daemon-set"  // node by node
	MethodReinstall  Method = "reinstall"   // removed, then installed again
	MethodRebuild    Method = "rebuild"     // nodes are drained, wiped and booted anew
	MethodReboot     Method = "reboot"      // nodes are drained and rebooted
	MethodStage      Method = "stage"       // each node reboots when its job ends
	MethodCephDaemon Method = "ceph-daemon" // Ceph daemons by type, one at a time
	MethodLive       Method = "live"        // changed in place, nothing restarts
	MethodJob        Method = "job"         // a job runs once; nothing that serves restarts
	MethodDelivery   Method = "delivery"    // uploaded only
	MethodRemove     Method = "remove"      // taken away
	MethodUnknown    Method = "unknown"
)

// Workload is one set of instances of a service.
type Workload struct {
	Service ServiceID `json:"service"`
	// Kind is Deployment, StatefulSet, DaemonSet, or the kind of a daemon outside
	// Kubernetes ("node", "static-pod", "ceph-mon", "ceph-mgr", "ceph-osd",
	// "ceph-mds", "ceph-rgw").
	Kind string `json:"kind,omitempty"`
	// Namespace and Name match the live object; Name defaults to the service.
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	// Replicas wanted. 0 with CountFrom: taken from the system.
	Replicas int `json:"replicas,omitempty"`
	// CountFrom takes the replicas from the system: "nodes:ROLE", "ceph:mons",
	// "ceph:mgrs", "ceph:mds", "ceph:rgw", "ceph:osd-hosts".
	CountFrom string `json:"count_from,omitempty"`
	// Needed instances for the service to work: a number, "quorum" (a majority),
	// or "all" (capacity: every lost one is felt). "" is "1".
	Needed string `json:"needed,omitempty"`
	Method Method `json:"method,omitempty"`
	// MaxUnavailable and MaxSurge as in Kubernetes: "1" or "25%"; "" is its default, 25%.
	MaxUnavailable string `json:"max_unavailable,omitempty"`
	MaxSurge       string `json:"max_surge,omitempty"`
	// ExclusiveVolume: a second instance cannot start while the first holds the volume.
	ExclusiveVolume bool `json:"exclusive_volume,omitempty"`
	// Leader: one instance leads, and stopping it makes a gap of Failover.
	Leader bool `json:"leader,omitempty"`
	// RunsOn is the node role that holds the instances; "" is "worker".
	RunsOn string `json:"runs_on,omitempty"`
	// When, as in Need: the workload exists only on systems with this feature.
	When string `json:"when,omitempty"`
	// Restart: one instance from stopped to ready. Failover: the leader's move.
	Restart  *Estimate `json:"restart,omitempty"`
	Failover *Estimate `json:"failover,omitempty"`
	Evidence
}

// EffectRule is a stated effect: what the vendor's documents or scripts say
// happens, beside what follows from the method.
type EffectRule struct {
	// One of Capability, Service and Planes is set. Planes: every capability of
	// these planes.
	Capability CapabilityID `json:"capability,omitempty"`
	Service    ServiceID    `json:"service,omitempty"`
	Planes     []PlaneID    `json:"planes,omitempty"`
	Level      Level        `json:"level"`
	// Unknown: at least Level; how bad it gets is not known.
	Unknown bool `json:"unknown,omitempty"`
	// AtS is when it begins, in seconds from the start of the action.
	AtS int64 `json:"at_s,omitempty"`
	// Lasts is how long; nil: as long as the action.
	Lasts *Estimate `json:"lasts,omitempty"`
	// Until says that it goes on after the action: "action:ID", or "ever".
	Until    string    `json:"until,omitempty"`
	Crossing *Crossing `json:"crossing,omitempty"`
	When     string    `json:"when,omitempty"`
	Evidence
}

// Crossing limits a fact to a transition: it holds only when the product goes
// from a version that satisfies From to one that satisfies To.
type Crossing struct {
	Product string `json:"product"`
	From    string `json:"from"`
	To      string `json:"to"`
}

// Match selects components. Empty fields match anything; Name, Namespace and
// Manifest are globs ("store-*"). The Match of a rule has to set Name, as a glob
// with Kind and with four characters in a row that are no wildcards; for node images
// and kernels Role or Arch will do. Nothing maps what nobody has looked at.
type Match struct {
	Kind      Kind   `json:"kind,omitempty"`
	Name      string `json:"name,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Role      string `json:"role,omitempty"`
	Arch      string `json:"arch,omitempty"`
	Manifest  string `json:"manifest,omitempty"`
}

// Rule says what a component is and what its update does.
type Rule struct {
	// ID names the rule in messages; "" is derived from Match.
	ID    string `json:"id,omitempty"`
	Match Match  `json:"match"`
	// Version is a constraint on the component's version; "" any.
	Version string `json:"version,omitempty"`
	// Title says what the component is, in a few words.
	Title string `json:"title,omitempty"`
	// Planes it runs on or serves.
	Planes []PlaneID `json:"planes"`
	// Method of the component as a whole where it has no workloads.
	Method Method `json:"method,omitempty"`
	// Workloads whose instances an update of the component replaces.
	Workloads []Workload   `json:"workloads,omitempty"`
	Effects   []EffectRule `json:"effects,omitempty"`
	// Duration of the whole update; nil: not known.
	Duration *Estimate `json:"duration,omitempty"`
	// ActsOn is the role of the nodes on which a package does something; where nodes
	// of that role are rolled, that roll carries it. "": the first roll does.
	ActsOn string `json:"acts_on,omitempty"`
	// Reboot: it takes effect only when a node reboots.
	Reboot   bool         `json:"reboot,omitempty"`
	Stateful bool         `json:"database,omitempty"` // holds a database: a downgrade has no documented way
	Retires  []RetireRule `json:"retires,omitempty"`
	Rollback *Rollback    `json:"rollback,omitempty"`
	Evidence
}

// RetireRule says that a capability ends when the component goes away (or, with
// Crossing, on a transition).
type RetireRule struct {
	Capability  CapabilityID `json:"capability"`
	Affected    string       `json:"affected"`
	Replacement string       `json:"replacement,omitempty"`
	Crossing    *Crossing    `json:"crossing,omitempty"`
	When        string       `json:"when,omitempty"`
	Evidence
}

// Relation of two actions.
type Relation string

const (
	Before    Relation = "before"     // bundle(first) not later than bundle(then)
	With      Relation = "with"       // the same bundle
	Apart     Relation = "apart"      // different bundles
	NotDuring Relation = "not-during" // never at the same time, tails included
	Soak      Relation = "soak"       // then's bundle starts at least SoakS after first's ends
)

// OrderRule is a documented relation between actions, selected by globs over
// action ids ("roll:worker*", "ship:services/api").
type OrderRule struct {
	ID       string   `json:"id"`
	First    string   `json:"first"`
	Then     string   `json:"then"`
	Relation Relation `json:"relation"`
	// Required: documented as necessary, or a version constraint. Otherwise it is
	// the vendor's order, which a policy may relax.
	Required bool      `json:"required,omitempty"`
	SoakS    int64     `json:"soak_s,omitempty"`
	Crossing *Crossing `json:"crossing,omitempty"`
	When     string    `json:"when,omitempty"`
	Evidence
}

// Limit is a cross-plane rule about how much may be down at once.
type Limit struct {
	ID string `json:"id"`
	// Role of the nodes it limits.
	Role string `json:"role"`
	// MaxDown: at most this many at once; 0: no such limit.
	MaxDown int `json:"max_down,omitempty"`
	// MaxDownPermille of the role's nodes, rounded down, but at least one.
	MaxDownPermille int `json:"max_down_permille,omitempty"`
	// Default: what is done where nobody says otherwise; the batch of a site or of a
	// policy beats it. Otherwise nothing goes beyond the limit.
	Default bool `json:"default,omitempty"`
	// UpTo: it holds only where the role has at most this many nodes; 0: always.
	UpTo int `json:"up_to,omitempty"`
	// MinUp: at least this many of Service's instances stay up.
	MinUp   int       `json:"min_up,omitempty"`
	Service ServiceID `json:"service,omitempty"`
	// Last: the node (by number, from 1) that goes last, alone; 0: none.
	Last int    `json:"last,omitempty"`
	When string `json:"when,omitempty"`
	Evidence
}

// Mapping is the knowledge about a system's components: which plane they are
// on, what they serve, how they are updated.
type Mapping struct {
	Format       string       `json:"format"`
	Name         string       `json:"name"`
	Planes       []Plane      `json:"planes,omitempty"`
	Capabilities []Capability `json:"capabilities,omitempty"`
	Services     []Service    `json:"services,omitempty"`
	// Residents are workloads that live on nodes without being a release's
	// component: daemons of the operating system, Ceph, other products' pods.
	Residents []Workload  `json:"residents,omitempty"`
	Rules     []Rule      `json:"rules,omitempty"`
	Orders    []OrderRule `json:"orders,omitempty"`
	Limits    []Limit     `json:"limits,omitempty"`
	// Features are questions about a system that its features have to answer.
	// Alternatives that show in the residents of one service need not be listed.
	Features []FeatureChoice `json:"features,omitempty"`
}

// FeatureChoice is a question of which every system has an answer, such as which
// of two networks leads users to it. A system that states none of the features may
// have any of them.
type FeatureChoice struct {
	ID string `json:"id"`
	// Title is the question, in a few words.
	Title string   `json:"title"`
	OneOf []string `json:"one_of"`
	// Exclusive: a system has only one of them.
	Exclusive bool `json:"exclusive,omitempty"`
	Evidence
}

// FormatMapping is the format word of a mapping document.
const FormatMapping = "planewise.mapping/1"
