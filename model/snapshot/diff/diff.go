// Package diff says what changed on a system between two snapshots, by plane and
// kind, and whether that is what a plan had said would change.
//
// Only what both snapshots show is compared: where the exports of a kind are
// missing or damaged on one side, nothing of that kind is said to have come or gone, and
// Result.NotCompared names it.
package diff

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/snapshot"
)

// Change is one difference.
type Change struct {
	// Kind is what it is about: component, node, machine, workload, budget, cron-job,
	// product, network, ceph.
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	// What of the subject: "version", "replicas", "" for its existence.
	What   string `json:"what,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// Planes it belongs to, sorted; none where the mapping does not say.
	Planes []model.PlaneID `json:"planes"`
}

// Result are all differences, sorted by kind, subject and field.
type Result struct {
	Changes []Change `json:"changes"`
	// NotCompared are kinds of answers that only one of the snapshots holds undamaged.
	NotCompared []string `json:"not_compared"`
}

// Planes answers to which planes things belong; each function may be nil.
type Planes struct {
	// Profile of the system, which says how its node images are called.
	Profile   snapshot.Profile
	Component func(id model.ComponentID, version string) []model.PlaneID
	Workload  func(kind, namespace, name string) []model.PlaneID
	Role      func(role string) []model.PlaneID
	Ceph      []model.PlaneID
}

type differ struct {
	a, b   snapshot.Snapshot
	planes Planes
	out    Result
}

// Between compares a system before and after.
func Between(before, after snapshot.Snapshot, planes Planes) Result {
	d := &differ{a: before, b: after, planes: planes, out: Result{Changes: []Change{}, NotCompared: []string{}}}
	d.components()
	d.nodes()
	d.machines()
	d.workloads()
	d.others()
	d.ceph()
	slices.SortStableFunc(d.out.Changes, func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Subject, b.Subject), strings.Compare(a.What, b.What))
	})
	slices.Sort(d.out.NotCompared)
	d.out.NotCompared = slices.Compact(d.out.NotCompared)
	return d.out
}

// both says whether both snapshots hold one of the kinds of answers, undamaged.
func (d *differ) both(kinds ...string) bool {
	one := func(s snapshot.Snapshot) bool {
		return slices.ContainsFunc(kinds, func(k string) bool { return s.Whole(k) })
	}
	a, b := one(d.a), one(d.b)
	if (!a || !b) && (slices.ContainsFunc(kinds, d.a.Has) || slices.ContainsFunc(kinds, d.b.Has)) {
		d.out.NotCompared = append(d.out.NotCompared, kinds[0])
	}
	return a && b
}

func (d *differ) add(kind, subject, what, before, after string, planes []model.PlaneID) {
	if before == after {
		return
	}
	planes = slices.Sorted(slices.Values(planes))
	if planes == nil {
		planes = []model.PlaneID{}
	}
	d.out.Changes = append(d.out.Changes, Change{kind, subject, what, before, after, planes})
}

// table compares two sets of things by name, each a set of fields.
func (d *differ) table(kind string, before, after map[string]map[string]string, planes func(subject string) []model.PlaneID) {
	names := maps.Clone(before)
	maps.Copy(names, after)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		a, inA := before[name]
		b, inB := after[name]
		switch {
		case !inA:
			d.add(kind, name, "", "", "there", planes(name))
		case !inB:
			d.add(kind, name, "", "there", "", planes(name))
		default:
			fields := maps.Clone(a)
			maps.Copy(fields, b)
			for _, f := range slices.Sorted(maps.Keys(fields)) {
				d.add(kind, name, f, a[f], b[f], planes(name))
			}
		}
	}
}

// versions are the components that run, by id.
func versions(s snapshot.Snapshot, p snapshot.Profile) map[model.ComponentID]string {
	out := map[model.ComponentID]string{}
	p.Platform = snapshot.Unattributed
	releases, _ := s.Running(p)
	for _, r := range releases {
		for _, c := range r.Components {
			out[c.ID()] = c.Version
		}
	}
	return out
}

// shown says whether a snapshot could have shown a component. Only of charts is the
// list of all installed ones printed, so that one that is not on it is not there. That
// no version was seen of anything else says nothing: storage nodes are no nodes of the
// cluster, and customised images are in no catalogue.
func shown(s snapshot.Snapshot, id model.ComponentID, runs map[model.ComponentID]string) bool {
	kind, _, _ := strings.Cut(string(id), ":")
	switch model.Kind(kind) {
	case model.KindChart:
		return s.Whole(snapshot.KindHelm)
	case model.KindCeph:
		return s.Whole(snapshot.KindCephVersion) && runs[id] != ""
	case model.KindNodeImage:
		return s.Whole(snapshot.KindBoot) && s.Whole(snapshot.KindCatalog) && s.Whole(snapshot.KindInventory) && runs[id] != ""
	}
	return s.Whole(snapshot.KindNodes) && runs[id] != ""
}

func (d *differ) components() {
	d.both(snapshot.KindHelm)
	d.both(snapshot.KindCephVersion)
	a, b := versions(d.a, d.planes.Profile), versions(d.b, d.planes.Profile)
	all := maps.Clone(a)
	maps.Copy(all, b)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if !shown(d.a, id, a) || !shown(d.b, id, b) {
			continue
		}
		d.add("component", string(id), "version", a[id], b[id], d.planes.component(id, a[id], b[id]))
	}
}

// component are the planes of both versions: what either serves is concerned.
func (p Planes) component(id model.ComponentID, a, b string) []model.PlaneID {
	if p.Component == nil {
		return []model.PlaneID{}
	}
	all := slices.Sorted(slices.Values(slices.Concat([]model.PlaneID{}, p.Component(id, a), p.Component(id, b))))
	return append([]model.PlaneID{}, slices.Compact(all)...)
}

func (p Planes) of(c model.Change) []model.PlaneID { return p.component(c.ID, c.From, c.To) }

func (d *differ) role(role string) []model.PlaneID {
	if d.planes.Role == nil {
		return nil
	}
	return d.planes.Role(role)
}

func (d *differ) nodes() {
	if !d.both(snapshot.KindNodes) {
		return
	}
	roles := map[string]string{}
	rows := func(s snapshot.Snapshot) map[string]map[string]string {
		out := map[string]map[string]string{}
		for _, n := range s.Nodes {
			roles[n.Name] = n.Role
			out[n.Name] = map[string]string{"role": n.Role, "kubelet": n.Kubelet, "kernel": n.Kernel, "os": n.OS, "ready": strconv.FormatBool(n.Ready),
				"cordoned": strconv.FormatBool(n.Cordoned), "marks": strings.Join(n.Marks, " ")}
		}
		return out
	}
	a, b := rows(d.a), rows(d.b)
	d.table("node", a, b, func(name string) []model.PlaneID { return d.role(roles[name]) })
}

func (d *differ) machines() {
	if !d.both(snapshot.KindInventory) {
		return
	}
	boot := d.both(snapshot.KindBoot)
	roles := map[string]string{}
	rows := func(s snapshot.Snapshot) map[string]map[string]string {
		out := map[string]map[string]string{}
		for _, m := range s.Machines {
			roles[m.ID] = m.Role
			out[m.ID] = map[string]string{"role": strings.Trim(m.Role+"/"+m.SubRole, "/"), "arch": m.Arch, "state": m.State}
			if boot {
				out[m.ID]["root"], out[m.ID]["image"] = m.Root, m.Image
			}
		}
		return out
	}
	a, b := rows(d.a), rows(d.b)
	d.table("machine", a, b, func(id string) []model.PlaneID { return d.role(roles[id]) })
}

func (d *differ) workload(id string) []model.PlaneID {
	parts := strings.SplitN(id, "/", 3)
	if d.planes.Workload == nil || len(parts) != 3 {
		return nil
	}
	return d.planes.Workload(parts[0], parts[1], parts[2])
}

func (d *differ) workloads() {
	if !d.both(snapshot.KindWorkloads) {
		return
	}
	budgets := d.both(snapshot.KindBudgets)
	rows := func(s snapshot.Snapshot) map[string]map[string]string {
		out := map[string]map[string]string{}
		for _, w := range s.Workloads {
			row := map[string]string{"replicas": strconv.Itoa(w.Replicas), "ready": strconv.Itoa(w.Ready), "method": string(w.Method),
				"max_unavailable": w.MaxUnavailable, "max_surge": w.MaxSurge, "exclusive_volume": strconv.FormatBool(w.ExclusiveVolume)}
			if budgets && w.PDB != nil {
				row["budget"] = w.PDB.Name
			}
			out[w.ID()] = row
		}
		return out
	}
	d.table("workload", rows(d.a), rows(d.b), d.workload)
	if !budgets {
		return
	}
	limits := func(s snapshot.Snapshot) map[string]map[string]string {
		out := map[string]map[string]string{}
		for _, b := range s.Budgets {
			out[b.Namespace+"/"+b.Name] = map[string]string{"min_available": b.MinAvailable, "max_unavailable": b.MaxUnavailable, "covers": strings.Join(b.Workloads, " ")}
		}
		return out
	}
	d.table("budget", limits(d.a), limits(d.b), func(string) []model.PlaneID { return nil })
}

// others: work that starts by itself, products, networks, shipments.
func (d *differ) others() {
	none := func(string) []model.PlaneID { return nil }
	if d.both(snapshot.KindCronJobs) {
		rows := func(s snapshot.Snapshot) map[string]map[string]string {
			out := map[string]map[string]string{}
			for _, c := range s.CronJobs {
				out[c.Namespace+"/"+c.Name] = map[string]string{"schedule": c.Schedule, "suspended": strconv.FormatBool(c.Suspended)}
			}
			return out
		}
		d.table("cron-job", rows(d.a), rows(d.b), none)
	}
	if d.both(snapshot.KindCatalog, snapshot.KindRevisions) {
		rows := func(s snapshot.Snapshot) map[string]map[string]string {
			out := map[string]map[string]string{}
			for _, p := range s.Products {
				out[p.Name+"-"+p.Version] = nil
			}
			return out
		}
		d.table("product", rows(d.a), rows(d.b), none)
	}
	if d.both(snapshot.KindManifests) {
		rows := func(s snapshot.Snapshot) map[string]map[string]string {
			out := map[string]map[string]string{}
			for _, m := range s.Manifests {
				out[m.Name] = map[string]string{"status": m.Status, "charts": strconv.Itoa(len(m.Charts))}
			}
			return out
		}
		d.table("manifest", rows(d.a), rows(d.b), none)
	}
	if d.both(snapshot.KindNetworks) {
		rows := func(s snapshot.Snapshot) map[string]map[string]string {
			out := map[string]map[string]string{}
			for _, n := range s.Networks {
				out[n] = nil
			}
			out["for users"] = map[string]string{"which": s.UserNetwork}
			return out
		}
		d.table("network", rows(d.a), rows(d.b), none)
	}
}

func (d *differ) ceph() {
	a, b := d.a.Ceph, d.b.Ceph
	if (a == nil) != (b == nil) {
		d.out.NotCompared = append(d.out.NotCompared, snapshot.KindCephStatus)
	}
	if a == nil || b == nil {
		return
	}
	set := func(what, before, after string) { d.add("ceph", "ceph", what, before, after, d.planes.Ceph) }
	count := func(what string, before, after int) { set(what, strconv.Itoa(before), strconv.Itoa(after)) }
	if d.both(snapshot.KindCephStatus, snapshot.KindCephHealth) {
		set("health", a.Health, b.Health)
		set("checks", strings.Join(a.Checks, "; "), strings.Join(b.Checks, "; "))
	}
	if d.both(snapshot.KindCephStatus) {
		set("quorum", strings.Join(a.Quorum, " "), strings.Join(b.Quorum, " "))
		count("mons", a.Layout.Mons, b.Layout.Mons)
		count("mgrs", a.Layout.Mgrs, b.Layout.Mgrs)
		count("rgw", a.Layout.RGW, b.Layout.RGW)
		count("osds", a.OSDs, b.OSDs)
		count("osds up", a.Up, b.Up)
		count("osds in", a.In, b.In)
	}
	if d.both(snapshot.KindCephTree) {
		set("osd hosts", strings.Join(a.Hosts, " "), strings.Join(b.Hosts, " "))
	}
	if d.both(snapshot.KindCephPools) {
		set("flags", strings.Join(a.Flags, " "), strings.Join(b.Flags, " "))
		pools := func(c *snapshot.Ceph) map[string]map[string]string {
			out := map[string]map[string]string{}
			for _, p := range c.Layout.Pools {
				out["pool "+p.Name] = map[string]string{"size": strconv.Itoa(p.Size), "min_size": strconv.Itoa(p.MinSize), "serves": p.Serves, "failure domain": p.FailureDomain}
			}
			return out
		}
		d.table("ceph", pools(a), pools(b), func(string) []model.PlaneID { return d.planes.Ceph })
	}
}
