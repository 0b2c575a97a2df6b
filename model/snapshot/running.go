package snapshot

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// Unattributed is the product of charts that no product's list names.
const Unattributed = "unattributed"

// Running are releases of what really runs: one per product that the catalogue or
// a revision list names, in order of their names. What belongs to the platform
// (nodes, kernels, Kubernetes, Ceph) goes to the profile's product that carries it. The version is the highest the catalogue lists. Where no list of the
// installed charts is there, the manifests that were shipped last stand for it.
//
// A release made this way lacks what no cluster shows: packages, upload lists,
// settings of charts. Overlay adds them from the release it claims to be.
func (s Snapshot) Running(p Profile) ([]model.Release, []model.Diagnostic) {
	var notes Notes
	versions := s.currentProducts(&notes)
	shipped := s.shippedCharts()
	byProduct := map[string]*model.Release{}
	release := func(product string) *model.Release {
		r, ok := byProduct[product]
		if !ok {
			r = &model.Release{Format: model.FormatRelease, Product: product, Version: cmp.Or(versions[product].Version, Unknown), Components: []model.Component{}}
			byProduct[product] = r
		}
		return r
	}
	owners := s.chartOwners(versions)
	for _, c := range s.installed(&notes) {
		comp, known := shipped[c.Namespace+"/"+c.Name]
		comp.Kind, comp.Name, comp.Namespace, comp.Version = model.KindChart, c.Name, c.Namespace, c.Version
		if c.Chart != c.Name {
			comp.Chart = c.Chart
		}
		owner := owners[c.Chart+"\x00"+c.Version]
		if owner == "" && known {
			owner = manifestOwner(comp.Manifest, versions, p.Platform)
		}
		if owner == "" {
			owner, comp.Manifest, comp.Position = Unattributed, "", 0
		}
		r := release(owner)
		r.Components = append(r.Components, comp)
	}
	for product := range versions {
		release(product)
	}
	s.platformComponents(release(p.Platform), &notes)
	for _, i := range s.nodeImages(p, &notes) {
		owner := cmp.Or(i.product, p.Platform)
		if _, current := versions[owner]; !current {
			owner = p.Platform
		}
		r := release(owner)
		r.Components = append(r.Components, i.Component)
	}
	if !s.Whole(KindHelm) {
		notes.Add(model.Warning, "not-exported", "charts", "export helm list -A -o json", "not all installed charts are known from this snapshot; for the others the versions of the claimed release are taken")
	}
	var out []model.Release
	for _, name := range slices.Sorted(maps.Keys(byProduct)) {
		r := byProduct[name]
		r.Manifests = s.manifestsOf(*r)
		r.Running = mixed(r.Components)
		r.SortComponents()
		out = append(out, *r)
	}
	if versions[p.Platform].Version == "" {
		notes.Add(model.Warning, "release-unknown", p.Platform, cmp.Or(p.Claim, "export the list of its products"), "the exports do not say which release of %s the system claims to run", p.Platform)
	}
	return out, notes.Sorted()
}

// mixed takes out of components which run in several versions; nil for none. A
// component of a release has one version.
func mixed(all []model.Component) *model.Running {
	var out []model.Mixed
	for i := range all {
		if c := &all[i]; len(c.Versions) > 0 {
			out = append(out, model.Mixed{Component: c.ID(), Versions: c.Versions})
			c.Versions = nil
		}
	}
	if out == nil {
		return nil
	}
	slices.SortFunc(out, func(a, b model.Mixed) int { return strings.Compare(string(a.Component), string(b.Component)) })
	return &model.Running{Mixed: out}
}

// manifestOwner is the product whose name the list bears, else the platform, whose
// lists are named after what they hold.
func manifestOwner(manifest string, versions map[string]Product, platform string) string {
	for _, product := range slices.Sorted(maps.Keys(versions)) {
		if manifest == product || strings.HasPrefix(manifest, product+"-") {
			return product
		}
	}
	return platform
}

// currentProducts picks the highest version of each product; the others are kept
// in the catalogue after an update.
func (s Snapshot) currentProducts(notes *Notes) map[string]Product {
	all := map[string][]Product{}
	for _, p := range s.Products {
		all[p.Name] = append(all[p.Name], p)
	}
	out := map[string]Product{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		var texts []string
		for _, p := range all[name] {
			texts = append(texts, p.Version)
		}
		best, ok := version.Highest(model.KindOther, texts)
		if !ok {
			best = texts[len(texts)-1]
			notes.Add(model.Warning, "release-unclear", name, "remove old versions from the product catalogue", "which of the versions %s is the newest is not known; %s is taken", strings.Join(texts, ", "), best)
		} else if len(texts) > 1 {
			notes.Add(model.Info, "several-releases", name, "", "the catalogue lists %s; %s is taken to be the one that runs", strings.Join(texts, ", "), best)
		}
		out[name] = all[name][slices.Index(texts, best)]
	}
	return out
}

// chartOwners finds the product of a chart by name and version.
func (s Snapshot) chartOwners(versions map[string]Product) map[string]string {
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		for _, c := range versions[name].Charts {
			if key := c.Chart + "\x00" + c.Version; out[key] == "" {
				out[key] = name
			}
		}
	}
	return out
}

// shippedCharts are the places of charts in the lists that shipped them.
func (s Snapshot) shippedCharts() map[string]model.Component {
	out := map[string]model.Component{}
	for _, m := range s.Manifests {
		for i, c := range m.Charts {
			out[c.Namespace+"/"+c.Name] = model.Component{Manifest: m.Name, Position: i}
		}
	}
	return out
}

func (s Snapshot) manifestsOf(r model.Release) []model.Manifest {
	used := map[string]bool{}
	for _, c := range r.Components {
		if c.Manifest != "" {
			used[c.Manifest] = true
		}
	}
	var out []model.Manifest
	for _, name := range slices.Sorted(maps.Keys(used)) {
		out = append(out, model.Manifest{Name: name, Deployed: true})
	}
	return out
}

// platformComponents adds what nodes and the storage cluster run.
func (s Snapshot) platformComponents(r *model.Release, notes *Notes) {
	type group struct{ role, arch string }
	kubelets, kernels := map[string]int{}, map[group]map[string]int{}
	for _, n := range s.Nodes {
		if n.Kubelet != "" {
			kubelets[n.Kubelet]++
		}
		if n.Kernel == "" {
			continue
		}
		key := group{n.Role, cmp.Or(n.Arch, "x86_64")}
		if kernels[key] == nil {
			kernels[key] = map[string]int{}
		}
		kernels[key][n.Kernel]++
	}
	if c, ok := pick(model.Component{Kind: model.KindKubernetes, Name: "kubernetes"}, kubelets, notes); ok {
		r.Components = append(r.Components, c)
	}
	for key, counts := range kernels {
		if c, ok := pick(model.Component{Kind: model.KindKernel, Name: "kernel", Role: key.role, Arch: key.arch}, counts, notes); ok {
			r.Components = append(r.Components, c)
		}
	}
	if s.Ceph != nil {
		daemons := map[string]int{}
		for _, v := range s.Ceph.Versions {
			daemons["v"+strings.TrimPrefix(v.Version, "v")] += v.Count
		}
		if c, ok := pick(model.Component{Kind: model.KindCeph, Name: "ceph"}, daemons, notes); ok {
			r.Components = append(r.Components, c)
		}
	}
}

// pick is the component with the version that runs. Where several do, an update was
// left half-way: the lowest is what is still to be updated.
func pick(c model.Component, counts map[string]int, notes *Notes) (model.Component, bool) {
	versions := slices.Sorted(maps.Keys(counts))
	if len(versions) == 0 {
		return c, false
	}
	c.Version = versions[0]
	if len(versions) == 1 {
		return c, true
	}
	slices.SortFunc(versions, func(a, b string) int {
		if n, ok := version.Compare(c.Kind, a, b); ok {
			return cmp.Or(n, strings.Compare(a, b))
		}
		return strings.Compare(a, b)
	})
	c.Version, c.Versions = versions[0], versions
	notes.Add(model.Warning, "mixed-versions", string(c.ID()), "finish the update that was begun, or plan from the mixed state", "several versions run: %s; %s is taken, since the rest is still to be updated", strings.Join(versions, ", "), c.Version)
	return c, true
}
