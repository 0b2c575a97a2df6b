package model

// Running is what is known of a release that was read from a running system: which
// system, what it claims to be, and how far that was seen. What was not seen is
// taken as the claimed release ships it, which is an assumption and no observation.
type Running struct {
	// Name under which the release is kept ("system:demo"), to look for it again.
	Name string `json:"name"`
	// System it was read from.
	System string `json:"system"`
	// Unclaimed: no release of this name is in the catalogue, so that there was
	// nothing to compare with, and nothing to complete the release from.
	Unclaimed bool `json:"unclaimed,omitempty"`
	// Drift is how what runs differs from the claimed release, sorted by component.
	Drift []Drift `json:"drift,omitempty"`
	// NotSeen are components of the claimed release that the exports could have shown
	// and did not, sorted. Without a claimed release they are kinds of components.
	NotSeen []string `json:"not_seen,omitempty"`
	// Mixed are components of which several versions run, sorted; the release has the
	// lowest, since the rest of the update is still to be done.
	Mixed []Mixed `json:"mixed,omitempty"`
	// Unfinished are charts whose last installation did not end well, sorted: helm names
	// the version that was tried, and another one may run.
	Unfinished []Unfinished `json:"unfinished,omitempty"`
}

// Unfinished is a chart with the status of its last installation ("failed").
type Unfinished struct {
	Component ComponentID `json:"component"`
	Status    string      `json:"status"`
}

// Mixed is a component with the versions that run side by side, lowest first.
type Mixed struct {
	Component ComponentID `json:"component"`
	Versions  []string    `json:"versions"`
}

// Drift is a difference between what a system claims to run and what runs.
type Drift struct {
	Component ComponentID `json:"component"`
	// Claimed and Runs are versions; "" where it is not part of that side.
	Claimed string `json:"claimed,omitempty"`
	Runs    string `json:"runs,omitempty"`
}
