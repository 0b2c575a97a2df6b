package model

// Kind is the kind of a component. It decides how its versions are ordered and
// what identifies it.
type Kind string

const (
	KindChart      Kind = "chart"      // a Helm release: namespace + release name
	KindImage      Kind = "image"      // a container image in an upload list
	KindRPM        Kind = "rpm"        // a package: name + arch
	KindNodeImage  Kind = "node-image" // what nodes of one role and arch boot
	KindKernel     Kind = "kernel"     // the kernel of nodes of one role and arch
	KindKubernetes Kind = "kubernetes" // control plane and kubelets
	KindCeph       Kind = "ceph"       // the Ceph daemons' version
	KindFirmware   Kind = "firmware"   // of a device family
	KindHook       Kind = "hook"       // a script a product runs at a stage
	KindOther      Kind = "other"
)

// Kinds lists all kinds in the order in which changes are shown.
func Kinds() []Kind {
	return []Kind{KindChart, KindKubernetes, KindCeph, KindNodeImage, KindKernel, KindRPM, KindImage, KindFirmware, KindHook, KindOther}
}

// ComponentID identifies a component across releases, e.g.
// "chart:services/api", "rpm:acpid.x86_64", "node-image:worker.x86_64",
// "image:coredns", "ceph:ceph".
type ComponentID string

// Component is a thing with a version, as one release ships it.
type Component struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name"`
	// Namespace of a chart; the product of a hook. Empty for other kinds.
	Namespace string `json:"namespace,omitempty"`
	// Role and Arch of node images and kernels; Arch of packages too.
	Role string `json:"role,omitempty"`
	Arch string `json:"arch,omitempty"`
	// Version is the original text, never normalised. For an image with several
	// tags it is the target one where a rule says which, else the tags joined with ",".
	Version string `json:"version"`
	// Versions lists all tags or version-releases where there are several, in the
	// order of the release; nil where Version says it all.
	Versions []string `json:"versions,omitempty"`
	// Chart is the chart's name where it differs from the release name.
	Chart string `json:"chart,omitempty"`
	// Manifest is the list that ships the component and Position its place there,
	// from 0. A component whose manifest nothing ships has NotDeployed set.
	Manifest    string `json:"manifest,omitempty"`
	Position    int    `json:"position,omitempty"`
	NotDeployed bool   `json:"not_deployed,omitempty"`
	// Image is the file stem a node image or kernel comes from ("kubernetes").
	Image string `json:"image,omitempty"`
	// Folders are the repositories or folders that hold a package, sorted.
	Folders []string `json:"folders,omitempty"`
	// Registries are the registry paths that hold an image, sorted.
	Registries []string `json:"registries,omitempty"`
	// Timeout is the chart's deploy limit as written ("20m0s").
	Timeout string `json:"timeout,omitempty"`
	// Values are the chart's settings as canonical JSON text (sorted keys, scalars
	// by their source text); empty where there are none.
	Values string `json:"values,omitempty"`
}

// ID is what identifies the component: everything but its version.
func (c Component) ID() ComponentID {
	var room [96]byte // enough for almost all ids, so that one allocation makes one
	return ComponentID(c.AppendID(room[:0]))
}

// AppendID appends the text of ID to b, for those who look up many ids.
func (c *Component) AppendID(b []byte) []byte {
	b = append(append(b, c.Kind...), ':')
	switch c.Kind {
	case KindChart, KindHook:
		if c.Namespace != "" {
			b = append(append(b, c.Namespace...), '/')
		}
		b = append(b, c.Name...)
	case KindNodeImage, KindKernel:
		b = append(b, c.Role...)
		if c.Arch != "" {
			b = append(append(b, '.'), c.Arch...)
		}
	case KindRPM:
		b = append(b, c.Name...)
		if c.Arch != "" {
			b = append(append(b, '.'), c.Arch...)
		}
	default:
		b = append(b, c.Name...)
	}
	return b
}

// Release is a named set of component versions of one product, with its order
// hints and removals.
type Release struct {
	Format  string `json:"format"`
	Product string `json:"product"`
	Version string `json:"version"`
	// Date of the release, YYYY-MM-DD, where known.
	Date string `json:"date,omitempty"`
	// Manifests in the order in which the release ships them, then those it does
	// not ship.
	Manifests []Manifest `json:"manifests,omitempty"`
	// Components sorted by manifest order and position, then by id.
	Components []Component `json:"components"`
	// Undeploys are the removals the release's own script performs, in its order.
	Undeploys []Undeploy `json:"undeploys,omitempty"`
	// Hooks are scripts a deployment engine runs around its stages.
	Hooks []Hook `json:"hooks,omitempty"`
	// Running says where the release was read from a running system; nil for one as
	// it was made.
	Running *Running `json:"running,omitempty"`
}

// FormatRelease is the format word of a neutral release document.
const FormatRelease = "planewise.release/1"

// Ref is product and version, e.g. "core-1.5.2".
func (r Release) Ref() string { return r.Product + "-" + r.Version }

// Manifest is a list of charts shipped as a whole.
type Manifest struct {
	Name     string `json:"name"`
	Deployed bool   `json:"deployed"`
}

// Undeploy is a chart that the release's script removes when it finds it.
type Undeploy struct {
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	// Before is the manifest that is shipped next, "" where it runs after the last.
	Before string `json:"before,omitempty"`
}

// Hook is a script that a deployment engine runs around one of its stages.
type Hook struct {
	Stage  string `json:"stage"`
	When   string `json:"when"` // pre, post or on-exit
	Script string `json:"script"`
}

// Direction says what a change does to its component.
type Direction string

const (
	Upgrade    Direction = "upgrade"
	Downgrade  Direction = "downgrade"
	Added      Direction = "add"
	Removed    Direction = "remove"
	Orphaned   Direction = "orphan"  // gone from the release, never undeployed
	Moved      Direction = "move"    // another namespace or folder
	ValuesOnly Direction = "values"  // same version, other settings
	Changed    Direction = "changed" // another version, order not known
)

// ChangeID identifies a change; it is the id of its component.
type ChangeID = ComponentID

// Change is one component that differs between the two sides of a plan.
type Change struct {
	ID        ChangeID  `json:"id"`
	Kind      Kind      `json:"kind"`
	Name      string    `json:"name"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Direction Direction `json:"direction"`
	// ValuesChanged is set where the settings differ as well as the version.
	ValuesChanged bool `json:"values_changed,omitempty"`
	// Reinstalled: the target's script undeploys the chart and ships it too, so that
	// it is gone in between, even where its version stays.
	Reinstalled bool `json:"reinstalled,omitempty"`
	// Delivery: an entry of an upload list. By itself it disturbs nobody.
	Delivery bool `json:"delivery,omitempty"`
	// Reboot: it takes effect only when a node reboots (kernel, kernel modules).
	Reboot bool `json:"reboot,omitempty"`
	// Action is the one action that carries the change, nil where none does;
	// Reason says why none does, or what is notable about the change.
	Action *ActionID `json:"action"`
	Reason string    `json:"reason,omitempty"`

	// Inert: it is known that nothing has to be done about it (only the product's
	// own version stands differently in a chart's settings); Reason says so. A mark
	// for the planner, not part of the plan file.
	Inert bool `json:"-"`

	// GoneAfter: it is undeployed after it is shipped, so that it is not known to be
	// there in the end. A mark for the planner, not part of the plan file.
	GoneAfter bool `json:"-"`

	// Before and After are the component on each side; nil where it is absent.
	// They are not part of the plan file: a plan's inputs hold the releases.
	Before *Component `json:"-"`
	After  *Component `json:"-"`
}

// Component is the target's component, or the source's where the target has none.
func (c Change) Component() Component {
	if c.After != nil {
		return *c.After
	}
	if c.Before != nil {
		return *c.Before
	}
	return Component{Kind: c.Kind, Name: c.Name}
}
