package snapshot

import "planewise/model"

// Format is the format word of a snapshot.
const Format = "planewise.snapshot/1"

// Snapshot is a system at one time. All lists are sorted by their names, so that
// equal exports give equal snapshots whatever the order of the files.
type Snapshot struct {
	Format string `json:"format"`
	// TakenAt is the time of the latest export (RFC 3339, UTC); "" not known.
	TakenAt string `json:"taken_at,omitempty"`
	// Partial: something in the exports could not be read, or is only half there.
	Partial   bool       `json:"partial,omitempty"`
	Sources   []Source   `json:"sources"`
	Nodes     []Node     `json:"nodes,omitempty"`
	Machines  []Machine  `json:"machines,omitempty"`
	Workloads []Workload `json:"workloads,omitempty"`
	Budgets   []Budget   `json:"budgets,omitempty"`
	CronJobs  []CronJob  `json:"cron_jobs,omitempty"`
	Charts    []Chart    `json:"charts,omitempty"`
	Manifests []Manifest `json:"manifests,omitempty"`
	Products  []Product  `json:"products,omitempty"`
	Templates []Template `json:"templates,omitempty"`
	// OtherRoots are how machines that no inventory names get their root file systems.
	OtherRoots []string `json:"other_roots,omitempty"`
	Networks   []string `json:"networks,omitempty"`
	// UserNetwork is the one that leads users to the system, where that is said.
	UserNetwork string `json:"user_network,omitempty"`
	Ceph        *Ceph  `json:"ceph,omitempty"`
}

// Source is one file that was read.
type Source struct {
	Name string `json:"name"`
	// Kinds of answers it holds, sorted ("kubernetes pods", "helm list").
	Kinds   []string `json:"kinds"`
	Partial bool     `json:"partial,omitempty"`
}

// Has reports whether some file held a kind of answer.
func (s Snapshot) Has(kind string) bool {
	for _, src := range s.Sources {
		for _, k := range src.Kinds {
			if k == kind {
				return true
			}
		}
	}
	return false
}

// The kinds of answers.
const (
	KindNodes       = "kubernetes nodes"
	KindWorkloads   = "kubernetes workloads"
	KindPods        = "kubernetes pods"
	KindBudgets     = "kubernetes budgets"
	KindClaims      = "kubernetes claims"
	KindCronJobs    = "kubernetes cron jobs"
	KindDatabases   = "postgresql clusters"
	KindHelm        = "helm list"
	KindManifests   = "shipped manifests"
	KindCatalog     = "product catalogue"
	KindRevisions   = "revisions"
	KindInventory   = "hardware inventory"
	KindNetworks    = "networks"
	KindBoot        = "boot parameters"
	KindTemplates   = "boot templates"
	KindCephStatus  = "ceph status"
	KindCephHealth  = "ceph health"
	KindCephVersion = "ceph versions"
	KindCephTree    = "ceph osd tree"
	KindCephPools   = "ceph pools"
	KindCephRules   = "ceph rules"
	KindCephFS      = "ceph file systems"
	KindCephOrch    = "ceph services"
	KindCephDaemons = "ceph daemons"
	KindOther       = "other"
)

// Node is a node of the Kubernetes cluster.
type Node struct {
	Name    string `json:"name"`
	Role    string `json:"role"`
	Arch    string `json:"arch,omitempty"` // "" is x86_64
	Kubelet string `json:"kubelet,omitempty"`
	Kernel  string `json:"kernel,omitempty"`
	OS      string `json:"os,omitempty"`
	Ready   bool   `json:"ready"`
	// ReadyUnknown: the export does not say whether it is ready.
	ReadyUnknown bool `json:"ready_unknown,omitempty"`
	// Cordoned: nothing new is scheduled there.
	Cordoned bool   `json:"cordoned,omitempty"`
	Zone     string `json:"zone,omitempty"`
	// Marks are the labels that say something about maintenance, "name=value".
	Marks []string `json:"marks,omitempty"`
	// Unmanaged are pods there that no controller starts again.
	Unmanaged []string `json:"unmanaged,omitempty"`
}

// Machine is a node of the hardware inventory, inside the cluster or not.
type Machine struct {
	ID      string `json:"id"`
	Role    string `json:"role,omitempty"`
	SubRole string `json:"sub_role,omitempty"`
	Arch    string `json:"arch,omitempty"`
	State   string `json:"state,omitempty"`
	// Root is how it gets its root file system: "local", or a word of the profile; "" not
	// known.
	Root string `json:"root,omitempty"`
	// Image is the id of the image it boots.
	Image string `json:"image,omitempty"`
}

// Workload is a Deployment, StatefulSet or DaemonSet.
type Workload struct {
	model.ObservedWorkload
	// Ready instances at the time of the export; -1 not known.
	Ready int `json:"ready"`
}

// ID is "kind/namespace/name".
func (w Workload) ID() string { return w.Kind + "/" + w.Namespace + "/" + w.Name }

// Budget is a pod disruption budget and what it covers.
type Budget struct {
	Namespace      string `json:"namespace"`
	Name           string `json:"name"`
	MinAvailable   string `json:"min_available,omitempty"`
	MaxUnavailable string `json:"max_unavailable,omitempty"`
	// Allowed disruptions at the time of the export; -1 not known. With 0 a drain waits.
	Allowed   int      `json:"allowed"`
	Workloads []string `json:"workloads"`
}

// CronJob is work that starts by itself.
type CronJob struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Schedule  string `json:"schedule,omitempty"`
	Suspended bool   `json:"suspended,omitempty"`
}

// Chart is an installed Helm release.
type Chart struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Chart     string `json:"chart"`
	Version   string `json:"version"`
	Status    string `json:"status,omitempty"`
}

// Manifest is a list of charts as it was shipped last.
type Manifest struct {
	Name string `json:"name"`
	// Status of that shipment: "success", "failed", "active" ...
	Status string `json:"status,omitempty"`
	// Shipped is when that was written (RFC 3339, UTC); "" not known.
	Shipped string  `json:"shipped,omitempty"`
	Charts  []Chart `json:"charts"`
}

// Product is one version of a product in the product catalogue.
type Product struct {
	Name    string  `json:"name"`
	Version string  `json:"version"`
	Charts  []Chart `json:"charts,omitempty"`
	Images  []Image `json:"images,omitempty"`
}

// Image is a node image of a product.
type Image struct {
	Name string `json:"name"`
	ID   string `json:"id,omitempty"`
}

// Template says how a group of nodes is booted.
type Template struct {
	Name string `json:"name"`
	Set  string `json:"set"`
	Root string `json:"root,omitempty"`
	// Image is the id of the image.
	Image string `json:"image,omitempty"`
}

// Ceph is the storage cluster at one time.
type Ceph struct {
	Layout model.Ceph `json:"layout"`
	// Health is the word of the cluster ("HEALTH_OK"), Checks its open checks.
	Health string   `json:"health,omitempty"`
	Checks []string `json:"checks,omitempty"`
	// Quorum are the monitors that are in it.
	Quorum []string `json:"quorum,omitempty"`
	OSDs   int      `json:"osds,omitempty"`
	Up     int      `json:"up,omitempty"`
	In     int      `json:"in,omitempty"`
	Flags  []string `json:"flags,omitempty"`
	// Hosts that hold OSDs.
	Hosts []string `json:"hosts,omitempty"`
	// HostsDown are those of them with an OSD that is down, where the tree was exported.
	HostsDown []string `json:"hosts_down,omitempty"`
	// TreeSeen: HostsDown is known.
	TreeSeen bool `json:"tree_seen,omitempty"`
	// Missing daemons are part of the layout, should run and do not.
	MissingMgrs int `json:"missing_mgrs,omitempty"`
	MissingMDS  int `json:"missing_mds,omitempty"`
	MissingRGW  int `json:"missing_rgw,omitempty"`
	// Versions by daemon type, with the number of daemons.
	Versions []DaemonVersion `json:"versions,omitempty"`
}

// DaemonVersion is the number of daemons of a type that run a version.
type DaemonVersion struct {
	Daemon  string `json:"daemon"`
	Version string `json:"version"`
	Count   int    `json:"count"`
}
