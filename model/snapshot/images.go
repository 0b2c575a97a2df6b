package snapshot

import (
	"slices"
	"strings"

	"planewise/model"
)

// nodeImages are the images that nodes boot, where the boot parameters name an
// image of the product catalogue. A customised image has an id of its own and is
// not in the catalogue: what it was made from is then not known, nor what a role runs
// of which some nodes boot one.
func (s Snapshot) nodeImages(p Profile, notes *Notes) []ownedImage {
	byID, owner := map[string]string{}, map[string]string{}
	for _, product := range s.Products {
		for _, i := range product.Images {
			if i.ID != "" {
				byID[i.ID] = i.Name
				owner[i.Name] = product.Name
			}
		}
	}
	type group struct{ role, arch string }
	versions, unknown := map[group]map[string]int{}, map[string]int{}
	products := map[group]map[string]string{} // by version
	for _, m := range s.Machines {
		if m.Image == "" || m.Role == "" {
			continue
		}
		stem, v, ok := p.imageVersion(byID[m.Image])
		if !ok {
			unknown[m.Role]++
			continue
		}
		g := group{m.Role, m.Arch}
		if g.arch == "" {
			g.arch = "x86_64"
		}
		if versions[g] == nil {
			versions[g], products[g] = map[string]int{}, map[string]string{}
		}
		products[g][v] = owner[byID[m.Image]]
		versions[g][stem+"\x00"+v]++
	}
	var out []ownedImage
	for g, counts := range versions {
		if unknown[g.role] > 0 {
			continue // what the others boot is not known, so neither is what the role runs
		}
		byVersion, stems := map[string]int{}, map[string]string{}
		for key, n := range counts {
			stem, v, _ := strings.Cut(key, "\x00")
			byVersion[v] += n
			if stems[v] == "" || stem < stems[v] {
				stems[v] = stem
			}
		}
		c, ok := pick(model.Component{Kind: model.KindNodeImage, Name: g.role, Role: g.role, Arch: g.arch}, byVersion, notes)
		if ok {
			c.Name, c.Image = stems[c.Version], stems[c.Version]
			out = append(out, ownedImage{c, products[g][c.Version]})
		}
	}
	slices.SortFunc(out, func(a, b ownedImage) int { return strings.Compare(string(a.ID()), string(b.ID())) })
	for role, n := range unknown {
		notes.Add(model.Info, "node-image-unknown", "node-image:"+role, "the image was customised; compare its configuration with the release", "%d nodes boot an image that the product catalogue does not name", n)
	}
	return out
}

// ownedImage is a node image with the product whose entry in the catalogue names it.
type ownedImage struct {
	model.Component
	product string
}

// imageVersion cuts "storage-ceph-5.2.54-x86_64" into "storage-ceph" and "5.2.54".
func (p Profile) imageVersion(name string) (stem, v string, ok bool) {
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".squashfs"), "-squashfs")
	for _, arch := range [...]string{"x86_64", "aarch64"} {
		name = strings.TrimSuffix(strings.TrimSuffix(name, "-"+arch), "."+arch)
	}
	at := -1
	for i := 0; i+1 < len(name); i++ {
		// The last hyphen that a number with two dots follows: names may hold the
		// number of a release too ("compute-1.5-5.2.59").
		if name[i] == '-' && strings.Count(numbersOf(name[i+1:]), ".") == 2 {
			at = i
		}
	}
	if at < 1 {
		return "", "", false
	}
	stem = name[:at]
	if p.ImageStem != nil {
		stem = p.ImageStem(stem)
	}
	return stem, name[at+1:], stem != ""
}

// numbersOf is the run of digits and dots that s begins with.
func numbersOf(s string) string {
	for i := range len(s) {
		if s[i] != '.' && (s[i] < '0' || s[i] > '9') {
			return s[:i]
		}
	}
	return s
}
