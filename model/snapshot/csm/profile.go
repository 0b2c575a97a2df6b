// Package csm holds what snapshots of a system run by Cray System Management have of
// their own: which answers of its services are read and what they say, which features
// such a system may have, and what to export where something is not known. The packages
// above it know Kubernetes, Helm and Ceph, and take this as values.
package csm

import (
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/snapshot"
)

// The commands that show what Kubernetes does not.
const (
	inventory = "cray hsm state components list --type Node --format json"
	workloads = "kubectl get deploy,sts -A -o json"
)

// Profile is what is asked of a snapshot of such a system.
func Profile() snapshot.Profile {
	return snapshot.Profile{
		Platform: "csm",
		Features: []snapshot.Feature{
			{Answers: roots(), Kinds: []string{snapshot.KindBoot, snapshot.KindTemplates}, What: "how nodes get their root file system", Export: "cray bss bootparameters list --format json", Shown: rootShown},
			{Answers: []string{"can", "chn"}, Kinds: []string{snapshot.KindNetworks}, What: "which network leads users to the system", Export: "cray sls dumpstate list --format json", Shown: networkShown},
			{Answers: []string{"slurm", "pbs"}, Kinds: []string{snapshot.KindWorkloads}, What: "which workload manager runs", Export: workloads, Shown: managerShown},
			{Answers: []string{"uai"}, Kinds: []string{snapshot.KindWorkloads}, What: "whether users log in to instances in the cluster", Export: workloads, Shown: instancesShown},
			{Answers: []string{"uan"}, Kinds: []string{snapshot.KindInventory}, What: "whether there are login nodes", Export: inventory, Shown: loginShown},
		},
		Roles:     []string{"master", "worker", "storage", "uan", "application", "compute"},
		ImageStem: imageStem,
		Inventory: inventory,
		Catalogue: "kubectl -n services get cm " + catalogueName + " -o json",
		Claim:     "export the product catalogue, or sat showrev --format json",
	}
}

// RolePlanes are the planes of nodes, by role.
func RolePlanes(role string) []model.PlaneID {
	return map[string][]model.PlaneID{
		"compute": {"compute"}, "uan": {"access"}, "application": {"access"},
		"storage": {"storage"}, "master": {"control"}, "worker": {"control"},
	}[role]
}

func roots() []string { return []string{"dvs", "sbps"} }

// rootShown: what nodes outside of the cluster are told to boot from, and whether
// workers serve it.
func rootShown(s snapshot.Snapshot, _ model.System) []string {
	all := slices.Clone(s.OtherRoots)
	for _, m := range s.Machines {
		all = append(all, m.Root)
	}
	for _, t := range s.Templates {
		all = append(all, t.Root)
	}
	for _, n := range s.Nodes {
		if slices.ContainsFunc(n.Marks, func(mark string) bool { return strings.HasPrefix(mark, servingLabel+"=") }) {
			all = append(all, "dvs")
		}
	}
	return slices.DeleteFunc(all, func(root string) bool { return !slices.Contains(roots(), root) })
}

func networkShown(s snapshot.Snapshot, _ model.System) []string {
	if s.UserNetwork != "" {
		return []string{strings.ToLower(s.UserNetwork)}
	}
	var out []string
	for _, n := range s.Networks {
		if isUserNetwork(n) {
			out = append(out, strings.ToLower(n))
		}
	}
	return out
}

func isUserNetwork(name string) bool { return name == "CAN" || name == "CHN" }

// managerShown goes by the names under which the workload managers run.
func managerShown(s snapshot.Snapshot, _ model.System) []string {
	var out []string
	for _, w := range s.Workloads {
		switch {
		case w.Namespace != "user":
		case strings.HasPrefix(w.Name, "slurmctld"):
			out = append(out, "slurm")
		case w.Name == "pbs" || strings.HasPrefix(w.Name, "pbs-"):
			out = append(out, "pbs")
		}
	}
	return out
}

// instancesShown goes by the service that makes user access instances, and by those.
func instancesShown(s snapshot.Snapshot, _ model.System) []string {
	if slices.ContainsFunc(s.Workloads, func(w snapshot.Workload) bool {
		return w.Namespace == "services" && w.Name == "cray-uas-mgr" || w.Namespace == "user" && strings.HasPrefix(w.Name, "uai-")
	}) {
		return []string{"uai"}
	}
	return nil
}

func loginShown(_ snapshot.Snapshot, sys model.System) []string {
	if sys.Count("uan") > 0 {
		return []string{"uan"}
	}
	return nil
}

// imageStem cuts what says of an image how and for which release it was built
// ("secure-kubernetes", "compute-csm-1.5").
func imageStem(name string) string {
	stem, _, _ := strings.Cut(strings.TrimPrefix(name+"-", "secure-"), "-csm-")
	return strings.TrimSuffix(stem, "-")
}
