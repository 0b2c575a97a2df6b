package model

import (
	"slices"
	"strings"
)

// FormatSystem is the format word of a system document.
const FormatSystem = "planewise.system/1"

// System is a site: what it has, what runs on it, and how long things took there.
type System struct {
	Format string `json:"format"`
	Name   string `json:"name"`
	Title  string `json:"title,omitempty"`
	// Nodes by role, sub-role and arch.
	Nodes []NodeGroup `json:"nodes"`
	// Features are words that mappings refer to: "dvs", "sbps", "uai", "uan",
	// "chn" or "can", "slurm" or "pbs".
	Features []string `json:"features,omitempty"`
	// Hosts are nodes by name, where their names are known: of a role either those of
	// the cluster or none. What is on a node that is not listed is not known.
	Hosts []Host `json:"hosts,omitempty"`
	// Workloads as they are on the site; they beat the mapping's.
	Workloads []ObservedWorkload `json:"workloads,omitempty"`
	Ceph      *Ceph              `json:"ceph,omitempty"`
	// Batch is the number of nodes of a role the site takes down at once.
	Batch map[string]int `json:"batch,omitempty"`
	// Measured are the site's own durations; they beat the mapping's.
	Measured []Measured `json:"measured,omitempty"`
	// TakenAt is when the system was looked at (RFC 3339), where the description was
	// made from a snapshot; "" for one that a person wrote.
	TakenAt string `json:"taken_at,omitempty"`
	// Partial: of the snapshot something could not be read.
	Partial bool `json:"partial,omitempty"`
	// UnseenFeatures are features of which the snapshot that the description was made
	// from does not show whether the system has them. It may.
	UnseenFeatures []string `json:"unseen_features,omitempty"`
	// Undecided are features of which the description should state one and states
	// none, and those that were not seen: the system may have them. They are worked out
	// from the mapping.
	Undecided []string `json:"-"`
}

// NodeGroup is a number of like nodes.
type NodeGroup struct {
	Role    string `json:"role"` // master, worker, storage, compute, uan, ...
	SubRole string `json:"sub_role,omitempty"`
	Arch    string `json:"arch,omitempty"` // "" is x86_64
	Count   int    `json:"count"`
	// Hardware is a word a release may forbid ("nvidia").
	Hardware string `json:"hardware,omitempty"`
}

// ObservedWorkload is a live workload of the site.
type ObservedWorkload struct {
	Kind            string   `json:"kind"`
	Namespace       string   `json:"namespace"`
	Name            string   `json:"name"`
	Replicas        int      `json:"replicas"`
	Method          Method   `json:"method,omitempty"`
	MaxUnavailable  string   `json:"max_unavailable,omitempty"`
	MaxSurge        string   `json:"max_surge,omitempty"`
	ExclusiveVolume bool     `json:"exclusive_volume,omitempty"`
	Leader          bool     `json:"leader,omitempty"`
	PDB             *PDB     `json:"pdb,omitempty"`
	Nodes           []string `json:"nodes,omitempty"` // where its instances run, where known
	// AskedBy names the setting of the site that asks for these replicas, where that
	// is all that is known: they were not seen. It is worked out for a plan.
	AskedBy string `json:"-"`
	// Ready instances when the system was looked at; nil: not known.
	Ready *int `json:"ready,omitempty"`
}

// Host is one node by its name, as it was when the system was looked at.
type Host struct {
	Name string `json:"name"`
	Role string `json:"role"`
	// NotReady: it was seen not to be ready. A node of which that was not said is not
	// taken to be at fault.
	NotReady bool `json:"not_ready,omitempty"`
	// Cordoned: nothing new is scheduled there, so that pods that are drained from
	// other nodes cannot go to it.
	Cordoned bool `json:"cordoned,omitempty"`
	// Marks are the labels that say something about maintenance, "name=value".
	Marks []string `json:"marks,omitempty"`
	// Unmanaged are pods ("namespace/name") that nothing starts again elsewhere: a drain
	// refuses to evict them, and where it is forced they are gone.
	Unmanaged []string `json:"unmanaged,omitempty"`
}

// PDB is a pod disruption budget; one of the two fields is set, as in Kubernetes.
type PDB struct {
	Name           string `json:"name,omitempty"`
	MinAvailable   string `json:"min_available,omitempty"`
	MaxUnavailable string `json:"max_unavailable,omitempty"`
	// Allowed disruptions when the system was looked at; nil: not known. Kubernetes
	// counts ready instances, so that this is less than the numbers alone let go where
	// some are not ready.
	Allowed *int `json:"allowed,omitempty"`
	// Also are other budgets that cover the same pods; Kubernetes then evicts none.
	Also []string `json:"also,omitempty"`
}

// Ceph is the layout of a Ceph cluster.
type Ceph struct {
	Mons       int    `json:"mons"`
	Mgrs       int    `json:"mgrs"`
	MDSActive  int    `json:"mds_active"`
	MDSStandby int    `json:"mds_standby"`
	RGW        int    `json:"rgw"`
	RGWProxy   bool   `json:"rgw_proxy,omitempty"` // a proxy hides the loss of one
	OSDHosts   int    `json:"osd_hosts"`
	Pools      []Pool `json:"pools,omitempty"`
	// Faults that were there when the cluster was looked at; nil: none were seen.
	Faults *CephFaults `json:"faults,omitempty"`
}

// CephFaults is what was not as it should be when a Ceph cluster was looked at. The
// daemons that are counted here are part of the numbers of Ceph.
type CephFaults struct {
	// Health is the cluster's own word where it is not HEALTH_OK, Checks its open checks.
	Health string   `json:"health,omitempty"`
	Checks []string `json:"checks,omitempty"`
	// Flags that somebody set, such as noout.
	Flags []string `json:"flags,omitempty"`
	// Mons out of the quorum; managers, metadata servers and gateways that do not run.
	Mons int `json:"mons,omitempty"`
	Mgrs int `json:"mgrs,omitempty"`
	MDS  int `json:"mds,omitempty"`
	RGW  int `json:"rgw,omitempty"`
	// OSDHosts with a storage daemon that is down, or as many as have lost copies that
	// were not made up yet. OSDs is the number of daemons that are down.
	OSDHosts int `json:"osd_hosts,omitempty"`
	OSDs     int `json:"osds,omitempty"`
}

// Pool is a replicated Ceph pool.
type Pool struct {
	Name string `json:"name"`
	// Serves is "block", "file" or "object".
	Serves  string `json:"serves"`
	Size    int    `json:"size"`
	MinSize int    `json:"min_size"`
	// FailureDomain of its rule: "host" (default), "osd", "rack".
	FailureDomain string `json:"failure_domain,omitempty"`
}

// Measured is a duration the site has seen, for the actions a glob selects.
type Measured struct {
	Action  string `json:"action"`
	P50s    int64  `json:"p50s"`
	P90s    int64  `json:"p90s"`
	Samples int    `json:"samples"`
	// PerUnit: for one node, or one batch of nodes that go together, rather than for the
	// whole action; from its start to the start of the next, waits for health included.
	PerUnit bool   `json:"per_unit,omitempty"`
	Source  string `json:"source,omitempty"`
}

// Count is the number of nodes of a role; "" counts all.
func (s System) Count(role string) int {
	n := 0
	for _, g := range s.Nodes {
		if role == "" || g.Role == role {
			n += g.Count
		}
	}
	return n
}

// Observed reports whether the description was made from a snapshot of the site, so
// that it has an age, rather than written by a person.
func (s System) Observed() bool { return s.TakenAt != "" || s.Partial || len(s.Hosts) > 0 }

// HostsOf are the nodes of a role that are known by name.
func (s System) HostsOf(role string) []Host {
	var out []Host
	for _, h := range s.Hosts {
		if h.Role == role {
			out = append(out, h)
		}
	}
	return out
}

// Has reports whether the condition of a When field holds: "" always, "x" when
// the system has feature x, "!x" when it has not. Of a feature that is undecided
// both hold: what may exist must not vanish.
func (s System) Has(when string) bool {
	if s.Undecides(when) {
		return true
	}
	if when == "" {
		return true
	}
	want := true
	if when[0] == '!' {
		want, when = false, when[1:]
	}
	for _, f := range s.Features {
		if f == when {
			return want
		}
	}
	return !want
}

// Undecides reports whether it is not known if the condition of a When field holds.
func (s System) Undecides(when string) bool {
	return len(s.Undecided) > 0 && when != "" && slices.Contains(s.Undecided, strings.TrimPrefix(when, "!"))
}
