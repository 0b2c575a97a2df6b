package snapshot

import "planewise/model"

// Profile is what one kind of system has of its own. The zero value has nothing: of
// such a system is known what every Kubernetes and every Ceph shows.
type Profile struct {
	// Platform is the product whose releases carry nodes, kernels, Kubernetes and Ceph.
	Platform string
	// Features are the questions that mappings ask of such a system.
	Features []Feature
	// Roles of nodes in the order in which they are listed; others follow by name.
	Roles []string
	// ImageStem is the name under which mappings know a node image, of the part of its
	// full name before the version; nil for that part itself.
	ImageStem func(string) string
	// Inventory is the command that lists the nodes outside of the cluster, "" where
	// such a system has none; Catalogue that which lists the products.
	Inventory, Catalogue string
	// Claim says in words what to export where it is not known which release runs.
	Claim string
}

// Feature is a question about the system with a few answers. Where the snapshot shows
// none of them, the answers of before hold.
type Feature struct {
	Answers []string
	Kinds   []string // answers of the system that would tell
	What    string
	Export  string
	// Shown are those of Answers that the snapshot shows; the system has its nodes.
	Shown func(Snapshot, model.System) []string
}
