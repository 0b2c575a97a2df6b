package snapshot

import (
	"maps"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// Claimed leaves of several versions of a product the one that fits best what runs. A
// catalogue keeps old versions after an update, and lists the new one as soon as it is
// delivered, long before it is deployed: taken for the one that runs, all that no
// export shows would look as if it were updated already. Known gives the releases to
// compare with. Equal fits, and products of which no two versions are known, stay.
func (s Snapshot) Claimed(p Profile, known func(product, version string) (model.Release, bool)) (Snapshot, []model.Diagnostic) {
	var notes Notes
	runs := s.seen(p)
	drop := map[string]bool{}
	all := map[string][]string{}
	for _, product := range s.Products {
		all[product.Name] = append(all[product.Name], product.Version)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		versions := all[name]
		newest, ok := version.Highest(model.KindOther, versions)
		if len(versions) < 2 || !ok {
			continue
		}
		best, most, bar := newest, -1, -1
		for _, v := range versions {
			r, ok := known(name, v)
			if !ok {
				continue
			}
			n := fits(r, runs)
			if v == newest {
				bar = n
			}
			if n > most {
				best, most = v, n
			}
		}
		if bar < 0 || most <= bar {
			continue // the newest is not known, or nothing fits better
		}
		for _, v := range versions {
			drop[name+"\x00"+v] = v != best
		}
		notes.Add(model.Warning, "several-releases", name, "if the newest is deployed, export what is missing and import again",
			"the catalogue lists %s; what runs fits %s in %d components and the newest in %d, so %s is taken to be the one that runs", strings.Join(versions, ", "), best, most, bar, best)
	}
	s.Products = slices.DeleteFunc(slices.Clone(s.Products), func(p Product) bool { return drop[p.Name+"\x00"+p.Version] })
	return s, notes.Sorted()
}

// seen are the versions that exports show, by component.
func (s Snapshot) seen(p Profile) map[model.ComponentID]string {
	out := map[model.ComponentID]string{}
	p.Platform = Unattributed
	releases, _ := s.Running(p)
	for _, r := range releases {
		for i := range r.Components {
			out[r.Components[i].ID()] = r.Components[i].Version
		}
	}
	return out
}

// fits counts the components of a release that run in its version.
func fits(r model.Release, runs map[model.ComponentID]string) int {
	n := 0
	for i := range r.Components {
		if c := &r.Components[i]; !c.NotDeployed && showable(c.Kind) && runs[c.ID()] == c.Version && c.Version != "" {
			n++
		}
	}
	return n
}
