package snapshot

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"planewise/model"
)

// System is the system as the snapshot shows it. Base is what is known of it
// already, nil for nothing: what no snapshot shows (its title, batches, measured
// durations, a proxy in front of the object gateways) is taken from it, and so is
// whatever was not exported this time.
func (s Snapshot) System(name string, base *model.System, p Profile) (model.System, []model.Diagnostic) {
	var notes Notes
	out := model.System{Format: model.FormatSystem, Name: name, TakenAt: s.TakenAt, Partial: s.Partial}
	if base == nil {
		base = &model.System{}
	}
	out.Title, out.Batch, out.Measured = base.Title, base.Batch, base.Measured
	out.Nodes = s.nodeGroups(p, base, &notes)
	out.Features, out.UnseenFeatures = s.features(p, out, base, &notes)
	out.Hosts = s.hosts(base)
	out.Workloads = s.observed(base, &notes)
	out.Ceph = s.ceph(base, &notes)
	return out, notes.Sorted()
}

// nodeGroups counts nodes. Where the cluster's own list and the inventory both know
// a role, the cluster's counts: it says what is there.
func (s Snapshot) nodeGroups(p Profile, base *model.System, notes *Notes) []model.NodeGroup {
	counts := map[model.NodeGroup]int{}
	inCluster := map[string]bool{}
	for _, n := range s.Nodes {
		counts[model.NodeGroup{Role: n.Role, Arch: n.Arch}]++
		inCluster[n.Role] = true
	}
	for _, m := range s.Machines {
		if m.Role == "" || inCluster[m.Role] {
			continue
		}
		counts[model.NodeGroup{Role: m.Role, SubRole: m.SubRole, Arch: m.Arch}]++
	}
	seen := map[string]bool{}
	var out []model.NodeGroup
	for g, n := range counts {
		seen[g.Role] = true
		g.Count = n
		out = append(out, g)
	}
	if !seen["storage"] && s.Ceph != nil && len(s.Ceph.Hosts) > 0 {
		out = append(out, model.NodeGroup{Role: "storage", Count: len(s.Ceph.Hosts)})
		seen["storage"] = true
	}
	s.keepGroups(p, base, seen, &out, notes)
	slices.SortFunc(out, func(a, b model.NodeGroup) int {
		return cmp.Or(cmp.Compare(p.rank(a.Role), p.rank(b.Role)), strings.Compare(a.Role, b.Role), strings.Compare(a.SubRole, b.SubRole), strings.Compare(a.Arch, b.Arch), strings.Compare(a.Hardware, b.Hardware))
	})
	return out
}

// keepGroups takes over groups that no answer of this snapshot could have shown,
// and the hardware words of those it did show.
func (s Snapshot) keepGroups(p Profile, base *model.System, seen map[string]bool, out *[]model.NodeGroup, notes *Notes) {
	for _, g := range base.Nodes {
		if g.Hardware != "" && seen[g.Role] {
			for i := range *out {
				o := &(*out)[i]
				if o.Role == g.Role && o.SubRole == g.SubRole && o.Arch == g.Arch && o.Count == g.Count {
					o.Hardware = g.Hardware
				}
			}
		}
		if !seen[g.Role] && !s.Has(KindInventory) {
			*out = append(*out, g)
			notes.Add(model.Info, "kept-from-before", "nodes:"+g.Role, "export the hardware inventory to replace it", "the snapshot shows no nodes of this role; %d are taken from the description before", g.Count)
		}
	}
	if p.Inventory != "" && !s.Has(KindInventory) {
		notes.Add(model.Warning, "no-inventory", "nodes", "export "+p.Inventory, "compute and access nodes are not known from this snapshot")
	}
	if !s.Has(KindNodes) {
		notes.Add(model.Warning, "no-cluster-nodes", "nodes", "export kubectl get nodes -o json", "the nodes of the management cluster are not known from this snapshot")
	}
}

func (p Profile) rank(role string) int {
	if i := slices.Index(p.Roles, role); i >= 0 {
		return i
	}
	return len(p.Roles)
}

// observed are the workloads; those of before where none were exported.
func (s Snapshot) observed(base *model.System, notes *Notes) []model.ObservedWorkload {
	if !s.Has(KindWorkloads) {
		notes.Add(model.Warning, "no-workloads", "workloads", "export kubectl get deploy,sts,ds,pods,pdb,pvc -A -o json", "replicas and update strategies are not known from this snapshot; those of the description before, and of the mapping, hold")
		return base.Workloads
	}
	var out []model.ObservedWorkload
	for _, w := range s.Workloads {
		o := w.ObservedWorkload
		if w.Ready >= 0 {
			o.Ready = &w.Ready
		}
		out = append(out, o)
	}
	if s.Partial {
		out = append(out, unseen(out, base.Workloads, notes)...)
	}
	for kind, what := range map[string]string{KindPods: "on which nodes the instances run", KindBudgets: "which disruption budgets hold", KindClaims: "which volumes bind an instance to one node"} {
		if !s.Has(kind) {
			notes.Add(model.Info, "not-exported", kind, "export kubectl get pods,pdb,pvc -A -o json", "it is not known from this snapshot %s", what)
		}
	}
	return out
}

// unseen are the workloads of before of kinds that a partial snapshot does not show: a
// system refuses or holds back whole kinds.
func unseen(seen, before []model.ObservedWorkload, notes *Notes) []model.ObservedWorkload {
	kinds, kept := map[string]bool{}, map[string]int{}
	for _, w := range seen {
		kinds[w.Kind] = true
	}
	var out []model.ObservedWorkload
	for _, w := range before {
		if !kinds[w.Kind] {
			kept[w.Kind]++
			out = append(out, w)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kept)) {
		notes.Add(model.Info, "kept-from-before", "workloads:"+kind, "take the snapshot again once it can be whole", "the snapshot is partial and shows no %s; %d are taken from the description before", kind, kept[kind])
	}
	return out
}

func (s Snapshot) ceph(base *model.System, notes *Notes) *model.Ceph {
	if s.Ceph == nil {
		notes.Add(model.Warning, "no-ceph", "ceph", "export ceph status, versions, osd tree, osd dump, fs status, orch ls and orch ps with -f json", "the storage cluster is not known from this snapshot")
		return base.Ceph
	}
	out := s.Ceph.Layout
	was := base.Ceph
	if was == nil {
		was = &model.Ceph{}
	}
	// A proxy outside of the orchestrator shows in none of its answers.
	out.RGWProxy = out.RGWProxy || was.RGWProxy
	if out.RGW > 0 && !out.RGWProxy {
		notes.Add(model.Info, "gateway-proxy-unknown", "ceph", "set rgw_proxy in the system's description if HAProxy or another balancer stands in front", "no proxy in front of the object gateways was seen; the loss of one is taken to be felt")
	}
	missing := func(field, kind, export string, n *int, before int) {
		if *n == 0 {
			*n = before
			notes.Add(model.Warning, "ceph-not-exported", field, "export "+export, "not known from this snapshot (%s)", kind)
		}
	}
	missing("mons", KindCephStatus, "ceph status -f json", &out.Mons, was.Mons)
	missing("mgrs", KindCephStatus, "ceph status -f json", &out.Mgrs, was.Mgrs)
	if s.Has(KindCephTree) && !s.Whole(KindCephTree) { // a part of the tree names a part of the hosts
		out.OSDHosts = 0
	}
	missing("osd_hosts", KindCephTree, "ceph osd tree -f json", &out.OSDHosts, was.OSDHosts)
	if !s.Has(KindCephPools) {
		out.Pools = was.Pools
		notes.Add(model.Warning, "ceph-not-exported", "pools", "export ceph osd pool ls detail -f json", "not known from this snapshot (%s)", KindCephPools)
	}
	if out.OSDHosts == 0 && out.Pools != nil {
		out.Pools = nil // nothing can be said of copies on hosts that nobody knows
		notes.Add(model.Warning, "ceph-not-exported", "hosts of the pools", "export ceph osd tree -f json", "the pools are left out, since it is not known how many hosts hold their copies; what losing one does is then not known")
	}
	out.Faults = s.Ceph.faults(&out)
	return &out
}
