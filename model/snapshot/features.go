package snapshot

import (
	"maps"
	"slices"
	"strings"

	"planewise/model"
)

// A feature group is a question about the system with a few answers. Where the
// snapshot shows none of them, the answers of before hold.
type featureGroup struct {
	answers []string
	kinds   []string // exports that would tell
	what    string
	export  string
}

func featureGroups() []featureGroup {
	return []featureGroup{
		{[]string{"dvs", "sbps"}, []string{KindBoot, KindTemplates}, "how nodes get their root file system", "cray bss bootparameters list --format json"},
		{[]string{"can", "chn"}, []string{KindNetworks}, "which network leads users to the system", "cray sls dumpstate list --format json"},
		{[]string{"slurm", "pbs"}, []string{KindWorkloads}, "which workload manager runs", "kubectl get deploy,sts -A -o json"},
		{[]string{"uai"}, []string{KindWorkloads}, "whether users log in to instances in the cluster", "kubectl get deploy,sts -A -o json"},
		{[]string{"uan"}, []string{KindInventory}, "whether there are login nodes", "cray hsm state components list --type Node --format json"},
	}
}

// features are the words that mappings ask for, and those of which the exports do not
// show whether they hold: a single word that is missing would else read as absent. Of
// what was not exported a description before says that too, by having it or not.
func (s Snapshot) features(sys model.System, base *model.System, notes *Notes) (has, unseen []string) {
	seen := map[string]bool{}
	s.rootFeatures(seen)
	s.networkFeatures(seen)
	s.workloadFeatures(seen)
	if sys.Count("uan") > 0 {
		seen["uan"] = true
	}
	grouped := map[string]bool{}
	for _, g := range featureGroups() {
		told := slices.ContainsFunc(g.answers, func(a string) bool { return seen[a] })
		asked := slices.ContainsFunc(g.kinds, s.shows)
		for _, a := range g.answers {
			grouped[a] = true
			if !told && !asked && slices.Contains(base.Features, a) {
				seen[a], told = true, true
			}
		}
		if a := g.answers[0]; !told && !asked && len(g.answers) == 1 && (base.Name == "" || slices.Contains(base.UnseenFeatures, a)) {
			unseen = append(unseen, a)
		}
		if !told && (!asked || len(g.answers) > 1) {
			notes.Add(model.Warning, "feature-unknown", strings.Join(g.answers, " or "), "export "+g.export+", or add the feature to the system's description", "the snapshot does not show %s", g.what)
		}
	}
	for _, f := range base.Features { // words of the site's own
		if !grouped[f] {
			seen[f] = true
		}
	}
	slices.Sort(unseen)
	return slices.Sorted(maps.Keys(seen)), unseen
}

// shows says whether what an export does not show is not there: it is whole, and so is
// the snapshot, of which another part may have held it. Of workloads there are three
// kinds, which may be exported one by one; a platform has some Deployments.
func (s Snapshot) shows(kind string) bool {
	if kind == KindWorkloads && len(s.Workloads) > 0 && !slices.ContainsFunc(s.Workloads, func(w Workload) bool { return w.Kind == "Deployment" }) {
		return false
	}
	return !s.Partial && s.Has(kind)
}

// rootFeatures: what nodes outside of the cluster are told to boot from.
func (s Snapshot) rootFeatures(seen map[string]bool) {
	for _, m := range s.Machines {
		if m.Root == "dvs" || m.Root == "sbps" {
			seen[m.Root] = true
		}
	}
	for _, root := range s.OtherRoots {
		if root == "dvs" || root == "sbps" {
			seen[root] = true
		}
	}
	for _, t := range s.Templates {
		if t.Root == "dvs" || t.Root == "sbps" {
			seen[t.Root] = true
		}
	}
	for _, n := range s.Nodes {
		for _, mark := range n.Marks {
			if strings.HasPrefix(mark, "cps-pm-node=") {
				seen["dvs"] = true
			}
		}
	}
}

func (s Snapshot) networkFeatures(seen map[string]bool) {
	switch {
	case s.UserNetwork != "":
		seen[strings.ToLower(s.UserNetwork)] = true
	default:
		for _, n := range s.Networks {
			if n == "CAN" || n == "CHN" {
				seen[strings.ToLower(n)] = true
			}
		}
	}
}

// workloadFeatures go by the names under which the workload managers and the
// service for user access instances run.
func (s Snapshot) workloadFeatures(seen map[string]bool) {
	for _, w := range s.Workloads {
		switch {
		case w.Namespace == "user" && strings.HasPrefix(w.Name, "slurmctld"):
			seen["slurm"] = true
		case w.Namespace == "user" && (w.Name == "pbs" || strings.HasPrefix(w.Name, "pbs-")):
			seen["pbs"] = true
		case w.Namespace == "services" && w.Name == "cray-uas-mgr", w.Namespace == "user" && strings.HasPrefix(w.Name, "uai-"):
			seen["uai"] = true
		}
	}
}
