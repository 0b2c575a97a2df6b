package read

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/snapshot"
)

// state is what all files said so far. Where two files say something different of
// one thing, the file of the last name counts, so that the order of reading does
// not matter.
type state struct {
	owner     map[string]string // the file of each answer about one thing
	nodes     map[string]said[snapshot.Node]
	workloads map[string]said[*live]
	pods      map[string]placement
	placed    map[string][]string // nodes by workload, one for each instance
	strays    map[string]string   // node by pod, of pods without a controller
	claims    map[string]bool     // "namespace/name" -> one node at a time
	databases map[string]int
	budgets   map[string]budget
	cron      []snapshot.CronJob
	charts    []snapshot.Chart
	manifests map[string]snapshot.Manifest
	products  map[string]snapshot.Product
	machines  map[string]inventory
	boot      map[string]Boot
	roots     map[string]bool // of machines that boot parameters name by their addresses alone
	templates []snapshot.Template
	networks  map[string]bool
	// userNetwork in use.
	userNetwork string
	ceph        cephState
	names       map[string]string
}

// said is a thing with the file it comes from.
type said[T any] struct {
	value T
	file  string
}

func newState() *state {
	return &state{
		owner: map[string]string{}, nodes: map[string]said[snapshot.Node]{}, workloads: map[string]said[*live]{}, pods: map[string]placement{}, placed: map[string][]string{}, strays: map[string]string{}, budgets: map[string]budget{},
		claims: map[string]bool{}, databases: map[string]int{}, manifests: map[string]snapshot.Manifest{},
		products: map[string]snapshot.Product{}, machines: map[string]inventory{}, boot: map[string]Boot{}, roots: map[string]bool{}, networks: map[string]bool{},
		ceph: newCeph(), names: map[string]string{},
	}
}

// intern makes equal names share their memory: 20,000 pods run on few nodes.
func (s *state) intern(name string) string {
	if known, ok := s.names[name]; ok {
		return known
	}
	s.names[name] = name
	return name
}

func (s *state) node(f *file, n snapshot.Node) {
	before, twice := s.nodes[n.Name]
	if twice && before.file != f.name {
		f.notes.Add(model.Warning, "answered-twice", snapshot.KindNodes, "give the exports of one moment", "several files describe the same objects; the file of the last name counts")
		if before.file > f.name {
			return
		}
	}
	s.nodes[n.Name] = said[snapshot.Node]{n, f.name}
}

func (s *state) workload(f *file, w *live) {
	before, twice := s.workloads[w.ID()]
	if twice && before.file != f.name {
		f.notes.Add(model.Warning, "answered-twice", snapshot.KindWorkloads, "give the exports of one moment", "several files describe the same objects; the file of the last name counts")
		if before.file > f.name {
			return
		}
	}
	s.workloads[w.ID()] = said[*live]{w, f.name}
}

// newer says whether what a file says of a thing counts against what was said of it
// before: the file of the last name does, and within a file what stands later.
func (s *state) newer(f *file, kind, name string) bool {
	key := kind + "\x00" + name
	if before, known := s.owner[key]; known && before > f.name {
		return false
	}
	s.owner[key] = f.name
	return true
}

// placement is where an instance of a workload runs.
type placement struct{ workload, node string }

// place notes a pod once, in however many files it is.
func (s *state) place(f *file, pod, workload, node string) {
	if s.newer(f, "pod", pod) {
		s.pods[pod] = placement{s.intern(workload), s.intern(node)}
	}
}

// stray notes a pod that no controller owns, once, in however many files it is.
func (s *state) stray(f *file, pod, node string) {
	if s.newer(f, "pod", pod) {
		s.strays[pod] = s.intern(node)
	}
}

func (s *state) chart(c snapshot.Chart) { s.charts = append(s.charts, c) }

// product joins what several answers say of one version.
func (s *state) product(p snapshot.Product) {
	if p.Name == "" || p.Version == "" {
		return
	}
	key := p.Name + "\x00" + p.Version
	was := s.products[key]
	p.Charts = richer(p.Charts, was.Charts, compareCharts)
	p.Images = richer(p.Images, was.Images, compareImages)
	s.products[key] = p
}

// richer is the list that says more, the same whichever comes first.
func richer[T any](a, b []T, compare func(a, b T) int) []T {
	slices.SortFunc(a, compare)
	slices.SortFunc(b, compare)
	if c := cmp.Or(cmp.Compare(len(a), len(b)), slices.CompareFunc(a, b, compare)); c < 0 {
		return b
	}
	return a
}

// compareImages puts those with an id last, so that they count as richer.
func compareImages(a, b snapshot.Image) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
}

// inventory is a machine and how far what is said of it can be relied on.
type inventory struct {
	snapshot.Machine
	rank int
}

func (s *state) machine(m snapshot.Machine, rank int) {
	was, known := s.machines[m.ID]
	better, worse := inventory{m, rank}, was
	if known && (was.rank > rank || was.rank == rank && compareMachines(was.Machine, m) > 0) {
		better, worse = was, inventory{m, rank}
	}
	better.Role, better.SubRole = cmp.Or(better.Role, worse.Role), cmp.Or(better.SubRole, worse.SubRole)
	better.Arch, better.State = cmp.Or(better.Arch, worse.Arch), cmp.Or(better.State, worse.State)
	s.machines[m.ID] = better
}

func compareMachines(a, b snapshot.Machine) int {
	return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Role, b.Role), strings.Compare(a.SubRole, b.SubRole), strings.Compare(a.Arch, b.Arch), strings.Compare(a.State, b.State))
}

// finish joins everything. Inventory is the command that lists machines.
func (s *state) finish(notes *snapshot.Notes, inventory string) snapshot.Snapshot {
	out := snapshot.Snapshot{UserNetwork: s.userNetwork, Networks: slices.Sorted(maps.Keys(s.networks))}
	out.Nodes = s.joinNodes(notes)
	out.Machines = s.joinMachines(notes, inventory)
	out.OtherRoots = s.otherRoots()
	for _, p := range s.pods {
		s.placed[p.workload] = append(s.placed[p.workload], p.node) // sorted when joined
	}
	all := s.joinWorkloads(notes)
	out.Budgets = s.joinBudgets(all, notes)
	for _, w := range all {
		out.Workloads = append(out.Workloads, w.Workload)
	}
	slices.SortFunc(s.cron, func(a, b snapshot.CronJob) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name), strings.Compare(a.Schedule, b.Schedule))
	})
	out.CronJobs = slices.Compact(s.cron)
	out.Charts = s.joinCharts(notes)
	for _, name := range slices.Sorted(maps.Keys(s.manifests)) {
		out.Manifests = append(out.Manifests, s.manifests[name])
	}
	for _, key := range slices.Sorted(maps.Keys(s.products)) {
		out.Products = append(out.Products, s.products[key])
	}
	slices.SortFunc(s.templates, func(a, b snapshot.Template) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Set, b.Set), strings.Compare(a.Root, b.Root), strings.Compare(a.Image, b.Image))
	})
	out.Templates = slices.Compact(s.templates)
	out.Ceph = s.ceph.join(notes)
	return out
}

func compareCharts(a, b snapshot.Chart) int {
	return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name), strings.Compare(a.Chart, b.Chart), strings.Compare(a.Version, b.Version), strings.Compare(a.Status, b.Status))
}

// joinCharts sorts the installed releases; of two rows for one the last counts.
func (s *state) joinCharts(notes *snapshot.Notes) []snapshot.Chart {
	slices.SortFunc(s.charts, compareCharts)
	var out []snapshot.Chart
	for _, c := range s.charts {
		if last := len(out) - 1; last >= 0 && out[last].Namespace == c.Namespace && out[last].Name == c.Name {
			if out[last] != c {
				notes.Add(model.Warning, "answered-twice", snapshot.KindHelm, "give the exports of one moment", "release %s/%s is listed twice, with versions %s and %s; the latter counts", c.Namespace, c.Name, out[last].Version, c.Version)
			}
			out[last] = c
			continue
		}
		out = append(out, c)
	}
	return out
}

// otherRoots are the root file systems of machines that boot parameters name and no
// inventory does: they may exist, so how they boot must not be lost. Entries of roles
// and defaults hold for whoever has none of their own and are left out.
func (s *state) otherRoots() []string {
	all := maps.Clone(s.roots)
	for host, b := range s.boot {
		if _, known := s.machines[host]; !known && b.Root != "" && b.Node {
			all[b.Root] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func (s *state) joinMachines(notes *snapshot.Notes, inventory string) []snapshot.Machine {
	var out []snapshot.Machine
	nameless := 0
	for _, id := range slices.Sorted(maps.Keys(s.machines)) {
		m := s.machines[id].Machine
		if b, ok := s.boot[id]; ok {
			m.Root, m.Image = b.Root, b.Image
		}
		if m.Role == "" {
			nameless++
		}
		out = append(out, m)
	}
	if nameless > 0 {
		notes.Add(model.Warning, "machines-without-role", "snapshot", "export the hardware inventory: "+inventory,
			"%s of the inventory have no role and are not planned for", plural(nameless, "machine", "machines"))
	}
	return out
}
