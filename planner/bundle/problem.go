package bundle

// Levels of a footprint, per plane.
const (
	None      uint8 = iota // the plane feels nothing
	Watched                // the plane is watched: charged per second only
	Disturbed              // the plane is disturbed: announced, and charged per second
)

// Node is one action.
type Node struct {
	// Work is the expected duration in seconds, 0 or more.
	Work int64
	// Foot is the level per plane: None, Watched or Disturbed. It has one entry
	// for each plane of the problem.
	Foot []uint8
	// Rank is the place in the vendor's order: a node of lower rank is never in a
	// later bundle than one of higher rank. Equal ranks do not order.
	Rank int
	// Pin is the ordinal (from 1) of the bundle the node must be in; 0 is free.
	Pin int
}

// Problem is a set of nodes to split into bundles, with prices in cost units.
// Nodes are named by their index.
type Problem struct {
	// Sitting is charged for each bundle.
	Sitting int64
	// Fixed per announcement, Rate per second disturbed, Watch per second watched;
	// one entry per plane. A plane's Rate is not below its Watch.
	Fixed, Rate, Watch []int64
	Nodes              []Node
	// Before: the first is in no later bundle than the second. In one bundle the
	// first runs first, unless a circle of such pairs makes that impossible.
	Before [][2]int
	// With: both in the same bundle.
	With [][2]int
	// Apart: in different bundles.
	Apart [][2]int
	// Soak: the first is in a strictly earlier bundle than the second.
	Soak [][2]int
}

// Options steer Solve.
type Options struct {
	// Effort bounds the search, in steps: states looked at. 0 means a default that
	// depends on the size of the problem. Explaining a contradiction counts too; one
	// table too many may exceed it by a sixth. The result is a function of the problem
	// and the effort, never of time.
	Effort int64
	// Order is the preferred place of each node in the run order of its bundle,
	// where the constraints leave a choice; smaller runs first, ties run by index.
	// nil: by index.
	Order []int
}

// Status says what is proven about a solution.
type Status uint8

const (
	// Optimal: no valid split costs less, and none that costs as much has fewer
	// bundles.
	Optimal Status = iota
	// Bounded: the split is valid, the optimum lies between LowerBound and Cost.
	Bounded
	// Infeasible: no split meets the constraints; Conflict says which of them.
	Infeasible
	// NotFound: no split was found within the effort, and no contradiction: there may
	// be one.
	NotFound
)

var statusNames = [...]string{"optimal", "bounded", "infeasible", "not-found"}

func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return "status(?)"
}

// Solution is a split and what is known about it.
type Solution struct {
	// Bundles in order, each in a valid run order; none with Infeasible and NotFound.
	Bundles [][]int
	// Cost of Bundles; Ideal and LowerBound are lower bounds of the optimum, of
	// which LowerBound is the better one. It equals Cost where Status is Optimal.
	Cost, Ideal, LowerBound int64
	Status                  Status
	// Explored is the number of steps the search took.
	Explored int64
	// Conflict is a small set of constraints that cannot hold together; only with
	// Infeasible.
	Conflict []Constraint
}

// Kind names a family of constraints.
type Kind uint8

const (
	KindBefore Kind = iota // Before[·] = {A, B}
	KindRank               // rank of A below rank of B
	KindWith               // With[·] = {A, B}
	KindApart              // Apart[·] = {A, B}
	KindSoak               // Soak[·] = {A, B}
	KindPin                // node A pinned to bundle B
	KindFilled             // bundle B must not be empty; A is -1
)

var kindNames = [...]string{"before", "rank", "with", "apart", "soak", "pin", "filled"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind(?)"
}

// Constraint is one constraint of a problem. A and B are nodes, but for KindPin
// and KindFilled B is a bundle's ordinal.
type Constraint struct {
	Kind Kind
	A, B int
}
