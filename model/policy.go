package model

// FormatPolicy is the format word of a policy document.
const FormatPolicy = "planewise.policy/1"

// Policy is what a site wants: which effects count as a disturbance, what each
// plane's time costs, when work may be done, and how nodes are rolled out.
type Policy struct {
	Format string `json:"format"`
	Name   string `json:"name"`
	Title  string `json:"title,omitempty"`
	// Thresholds by importance: from which level on a plane counts as watched or
	// disturbed. A missing importance never counts.
	Disturbed map[Importance]Level `json:"disturbed"`
	Watched   map[Importance]Level `json:"watched"`
	// NoBlip capabilities are disturbed by a blip.
	NoBlip []CapabilityID `json:"no_blip,omitempty"`
	// Costs per plane, in cost units; a plane that is not listed costs Default.
	Costs []PlaneCost `json:"costs"`
	// Sitting is what each bundle costs by itself.
	Sitting int64 `json:"sitting"`
	// Percentile of a bundle's duration that has to fit a window, in per cent.
	Percentile int `json:"percentile"`
	// ReservePermille of the duration is kept free in a window for the way back.
	ReservePermille int `json:"reserve_permille"`
	// CorrelationPermille between the durations of a bundle's actions, in thousandths:
	// 0 when they have nothing to do with each other, 1000 when all are late together.
	CorrelationPermille int `json:"correlation_permille"`
	// Lanes is how many actions may run side by side; elapsed time only.
	Lanes int `json:"lanes"`
	// Order: "documented" (inside a manifest only documented edges) or "list".
	Order string `json:"order"`
	// UntestedCuts inside one vendor script: "allow" or "forbid".
	UntestedCuts string `json:"untested_cuts"`
	// Relax lists ids (globs) of vendor-order edges to ignore.
	Relax []string `json:"relax,omitempty"`
	Pins  []Pin    `json:"pins,omitempty"`
	// Batch overrides the number of nodes of a role taken down at once.
	Batch map[string]int `json:"batch,omitempty"`
	// Rollout per role: "none", "stage" or "reboot".
	Rollout map[string]string `json:"rollout,omitempty"`
	// CanaryRoles roll one node first, then wait SoakS.
	CanaryRoles []string `json:"canary_roles,omitempty"`
	// SoakS seconds between bundles, and after a canary.
	SoakS int64 `json:"soak_s,omitempty"`
	// LeadS is how long before a disturbance a plane is told, per plane.
	LeadS   map[PlaneID]int64 `json:"lead_s,omitempty"`
	Windows []Window          `json:"windows,omitempty"`
	Freezes []Freeze          `json:"freezes,omitempty"`
	// HorizonS is how far ahead windows are looked for.
	HorizonS int64 `json:"horizon_s,omitempty"`
	// SnapshotMaxAgeS is how old the picture of a site may be that a plan is made from;
	// 0 is DefaultSnapshotMaxAgeS.
	SnapshotMaxAgeS int64 `json:"snapshot_max_age_s,omitempty"`
	// Effort of the solver in steps; 0 is its default.
	Effort int64 `json:"effort,omitempty"`
}

// DefaultSnapshotMaxAgeS is a week: maintenance is planned some days ahead, and nodes
// fail, pods move and charts are patched within weeks. It is planewise's own figure,
// and stands here rather than in the policies so that it holds for those of sites, too.
const DefaultSnapshotMaxAgeS = 7 * 24 * 3600

// SnapshotMaxAge is how old the picture of a site may be, in seconds.
func (p Policy) SnapshotMaxAge() int64 {
	if p.SnapshotMaxAgeS > 0 {
		return p.SnapshotMaxAgeS
	}
	return DefaultSnapshotMaxAgeS
}

// PlaneCost is the price of one plane's time.
type PlaneCost struct {
	Plane PlaneID `json:"plane"`
	Fixed int64   `json:"fixed"` // per announcement
	Rate  int64   `json:"rate"`  // per second disturbed
	Watch int64   `json:"watch"` // per second watched
}

// Pin holds an action in a bundle (by the bundle's key) or a bundle in a window.
type Pin struct {
	Action ActionID `json:"action"`
	With   ActionID `json:"with,omitempty"`   // same bundle as this action
	Window string   `json:"window,omitempty"` // name of a window
	Bundle int      `json:"bundle,omitempty"` // ordinal, from 1
}

// Footprint is how much a plane feels of an action or bundle, or how much a
// window grants.
type Footprint uint8

const (
	Untouched Footprint = iota
	Watched
	Disturbed
)

var footprintNames = [...]string{"none", "watched", "disturbed"}

func (f Footprint) String() string {
	if int(f) < len(footprintNames) {
		return footprintNames[f]
	}
	return "footprint(?)"
}

// MarshalText writes the footprint as its word.
func (f Footprint) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads a footprint's word.
func (f *Footprint) UnmarshalText(text []byte) error {
	return decodeWord(f, text, footprintNames[:], "footprint")
}

// Window is when bundles may run, and the highest footprint it grants each plane.
type Window struct {
	Name string `json:"name"`
	// Zone is an IANA time zone; Start a local date-time in it (2006-01-02T15:04:05).
	Zone  string `json:"zone"`
	Start string `json:"start,omitempty"`
	// DurationS is the length; it counts elapsed seconds, also across a change of
	// the clocks.
	DurationS int64 `json:"duration_s"`
	// RRule is an RFC 5545 recurrence of Start; Cron a five-field cron line in
	// Zone. Neither: the window opens once.
	RRule   string   `json:"rrule,omitempty"`
	Cron    string   `json:"cron,omitempty"`
	ExDates []string `json:"exdates,omitempty"`
	// Grants per plane; a plane that is not listed is granted none.
	Grants map[PlaneID]Footprint `json:"grants"`
	// Limits: "run" (the whole bundle lies inside) or "starts" (only its start).
	Limits string `json:"limits"`
}

// Freeze is a time in which nothing may run.
type Freeze struct {
	Name      string `json:"name"`
	Zone      string `json:"zone"`
	Start     string `json:"start"`
	DurationS int64  `json:"duration_s"`
	RRule     string `json:"rrule,omitempty"`
}
