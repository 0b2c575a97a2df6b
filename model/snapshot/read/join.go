package read

import (
	"maps"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/snapshot"
)

// joinNodes adds to the nodes the pods that nothing starts again elsewhere, and says
// which nodes are not as they should be before an update.
func (s *state) joinNodes(notes *snapshot.Notes) []snapshot.Node {
	strays := map[string][]string{}
	for _, pod := range slices.Sorted(maps.Keys(s.strays)) {
		if safe := clean.Text(pod); safe == pod {
			strays[s.strays[pod]] = append(strays[s.strays[pod]], pod)
		}
	}
	var out []snapshot.Node
	for _, name := range slices.Sorted(maps.Keys(s.nodes)) {
		n := s.nodes[name].value
		n.Unmanaged = strays[name]
		out = append(out, n)
		switch {
		case !n.Ready && !n.ReadyUnknown:
			notes.Add(model.Warning, "node-not-ready", "node:"+name, "repair it before the update: kubectl describe node", "the %s node is not ready", n.Role)
		case n.Cordoned:
			notes.Add(model.Warning, "node-cordoned", "node:"+name, "kubectl uncordon NODE, where nobody needs it any more", "nothing new is scheduled on the %s node, so that pods of drained nodes cannot go there", n.Role)
		}
	}
	return out
}

// joinWorkloads adds to the workloads what other objects say of them: where their
// pods run, whether their volumes bind them to one node, which are databases.
func (s *state) joinWorkloads(notes *snapshot.Notes) []*live {
	var out []*live
	pods := len(s.placed) > 0
	for _, id := range slices.Sorted(maps.Keys(s.workloads)) {
		w := s.workloads[id].value
		w.Nodes = slices.Sorted(slices.Values(s.placed[id]))
		if w.uncounted {
			w.Replicas = len(w.Nodes)
			if !pods {
				notes.Add(model.Warning, "unknown-count", w.Namespace+"/"+w.Name, "export daemon sets with their status, or the pods", "the export does not say how many instances the %s has; it was left out", w.Kind)
				continue
			}
		}
		for _, claim := range w.claims {
			w.ExclusiveVolume = w.ExclusiveVolume || s.claims[claim]
		}
		s.joinDatabase(w, notes)
		if w.Ready >= 0 && w.Ready < w.Replicas {
			notes.Add(model.Info, "workload-not-ready", w.Namespace+"/"+w.Name, "see kubectl describe; an update on top of a fault is felt more", "%d of %d instances are ready", w.Ready, w.Replicas)
		}
		out = append(out, w)
	}
	if n := s.unclaimed(); n > 0 {
		notes.Add(model.Warning, "unknown-volumes", "snapshot", "export the claims too: kubectl get pvc -A -o json", "of %s it is not known whether a volume binds them to one node", plural(n, "workload", "workloads"))
	}
	return out
}

// joinDatabase: of a database cluster one instance leads.
func (s *state) joinDatabase(w *live, notes *snapshot.Notes) {
	n, is := s.databases[w.Namespace+"/"+w.Name]
	if !is || w.Kind != "StatefulSet" {
		return
	}
	w.Leader = true
	if n != w.Replicas {
		notes.Add(model.Warning, "database-resizing", w.Namespace+"/"+w.Name, "wait until its operator is done", "the database wants %d instances and its StatefulSet %d", n, w.Replicas)
	}
}

// unclaimed counts workloads whose claims were not exported.
func (s *state) unclaimed() int {
	n := 0
	for _, w := range s.workloads {
		for _, claim := range w.value.claims {
			if _, known := s.claims[claim]; !known {
				n++
				break
			}
		}
	}
	return n
}

// joinBudgets finds what each budget covers. Evictions of a pod that two budgets
// cover fail altogether, which is worth a warning.
func (s *state) joinBudgets(all []*live, notes *snapshot.Notes) []snapshot.Budget {
	in := map[string][]*live{}
	for _, w := range all {
		in[w.Namespace] = append(in[w.Namespace], w)
	}
	var out []snapshot.Budget
	for _, key := range slices.Sorted(maps.Keys(s.budgets)) {
		b := s.budgets[key]
		b.Workloads = []string{}
		for _, w := range in[b.Namespace] {
			if w.Kind == "DaemonSet" || !b.covers(w.labels) {
				continue // a drain does not evict the pods of daemon sets
			}
			b.Workloads = append(b.Workloads, w.ID())
			if w.PDB != nil {
				w.PDB.Also = append(w.PDB.Also, b.Name)
				notes.Add(model.Warning, "several-budgets", w.Namespace+"/"+w.Name, "delete one of them: Kubernetes refuses to evict a pod that two budgets cover", "the disruption budgets %s and %s both cover it", w.PDB.Name, b.Name)
				continue
			}
			w.PDB = &model.PDB{Name: b.Name, MinAvailable: b.MinAvailable, MaxUnavailable: b.MaxUnavailable}
			if b.Allowed >= 0 {
				w.PDB.Allowed = &b.Allowed
			}
		}
		if b.Allowed == 0 && len(b.Workloads) > 0 {
			notes.Add(model.Warning, "budget-blocks-drain", b.Namespace+"/"+b.Name, "a drain of its nodes waits until this changes: add a replica or relax the budget", "the disruption budget allows no eviction at present")
		}
		out = append(out, b.Budget)
	}
	return out
}

// join is the storage cluster; nil where nothing was said of it.
func (c *cephState) join(notes *snapshot.Notes) *snapshot.Ceph {
	if !c.seen {
		return nil
	}
	out := &snapshot.Ceph{Health: c.health, Checks: c.checks, Quorum: slices.Sorted(slices.Values(c.quorum)), OSDs: max(0, c.osds), Up: max(0, c.up), In: max(0, c.in),
		Flags: slices.Sorted(slices.Values(c.flags))}
	l := &out.Layout
	l.Mons = c.first(c.mons, "mon")
	l.Mgrs, out.MissingMgrs = c.shouldBe(c.mgrs, "mgr")
	l.RGW, out.MissingRGW = c.shouldBe(c.rgw, "rgw")
	l.MDSActive, l.MDSStandby = c.fileServers()
	servers := -1
	if len(c.mds) > 0 {
		servers = l.MDSActive + l.MDSStandby
	}
	if _, out.MissingMDS = c.shouldBe(servers, "mds"); servers >= 0 {
		l.MDSStandby += out.MissingMDS
	}
	l.RGWProxy = c.services["ingress"] > 0 || c.daemons["haproxy"] > 0
	hosts := c.hosts
	if len(hosts) == 0 {
		hosts = c.osdHosts
	}
	out.Hosts = slices.Sorted(maps.Keys(hosts))
	out.HostsDown, out.TreeSeen = slices.Sorted(maps.Keys(c.hostsDown)), c.treeSeen
	l.OSDHosts = len(hosts)
	l.Pools = c.joinPools(notes)
	for _, daemon := range slices.Sorted(maps.Keys(c.versions)) {
		for _, v := range slices.Sorted(maps.Keys(c.versions[daemon])) {
			out.Versions = append(out.Versions, snapshot.DaemonVersion{Daemon: daemon, Version: v, Count: c.versions[daemon][v]})
		}
	}
	c.remark(out, notes)
	return out
}

// first is the best of the counts of a daemon: the cluster's own map, the
// orchestrator's lists, the daemons that report a version.
func (c *cephState) first(own int, daemon string) int {
	if own >= 0 {
		return own
	}
	if n := c.daemons[daemon]; n > 0 {
		return n
	}
	if n := c.services[daemon]; n > 0 {
		return n
	}
	n := 0
	for _, count := range c.versions[daemon] {
		n += count
	}
	return n
}

// shouldBe is how many daemons of a type there should be, and how many of them do not
// run. The cluster's own maps, where they were exported, know only those that run.
func (c *cephState) shouldBe(own int, daemon string) (all, missing int) {
	all = c.first(own, daemon)
	switch size := c.services[daemon]; {
	case own < 0:
		return all, min(c.missing[daemon], all)
	case size > own:
		return size, size - own
	}
	return all, 0
}

func (c *cephState) fileServers() (active, standby int) {
	for _, from := range [...]string{"ceph fs status", "ceph fs dump", "ceph mds stat", snapshot.KindCephStatus} {
		if n, ok := c.mds[from]; ok {
			return n[0], n[1]
		}
	}
	// One rank is the least a file system has; how many there are was not said.
	if n := c.first(-1, "mds"); n > 0 {
		return 1, n - 1
	}
	return 0, 0
}

func (c *cephState) joinPools(notes *snapshot.Notes) []model.Pool {
	var out []model.Pool
	for _, name := range slices.Sorted(maps.Keys(c.pools)) {
		p := c.pools[name]
		if p.serves == "-" {
			continue
		}
		if p.serves == "" {
			notes.Add(model.Warning, "pool-without-application", "pool "+name, "ceph osd pool application enable POOL rbd|cephfs|rgw", "it is not known what the pool serves; it was left out")
			continue
		}
		out = append(out, model.Pool{Name: name, Serves: p.serves, Size: p.size, MinSize: p.minSize, FailureDomain: c.rules[p.rule]})
	}
	if len(out) > 0 && len(c.rules) == 0 {
		notes.Add(model.Info, "failure-domain-assumed", "ceph", "export ceph osd crush rule dump -f json", "the pools' failure domain was not exported; host is assumed")
	}
	return out
}

// remark says what is not as it should be before an update.
func (c *cephState) remark(out *snapshot.Ceph, notes *snapshot.Notes) {
	if out.Health != "" && out.Health != "HEALTH_OK" {
		notes.Add(model.Warning, "ceph-not-healthy", "ceph", "repair it before the update", "%s: %s", out.Health, strings.Join(out.Checks, "; "))
	}
	if n := len(out.Quorum); n > 0 && n < out.Layout.Mons {
		notes.Add(model.Warning, "ceph-quorum-short", "ceph", "repair it before the update: one fault less is tolerated", "%d of %d monitors are in the quorum", n, out.Layout.Mons)
	}
	if len(out.Flags) > 0 {
		notes.Add(model.Warning, "ceph-flags", "ceph", "ceph osd unset FLAG, where nobody needs it any more", "these flags are set: %s", strings.Join(out.Flags, ", "))
	}
	versions := map[string]bool{}
	for _, v := range out.Versions {
		versions[v.Version] = true
	}
	if len(versions) > 1 {
		notes.Add(model.Warning, "mixed-versions", "ceph", "finish the update that was begun: ceph orch upgrade status", "the daemons run several versions: %s", strings.Join(slices.Sorted(maps.Keys(versions)), ", "))
	}
}
