package diff

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// listed are the kinds whose components a release names in lists of their own. A
// release that has none of a kind is one whose list was not there to be read, when
// the release before it has some.
var listed = [...]struct {
	kind model.Kind
	name string
}{{model.KindImage, "container images"}, {model.KindRPM, "packages"}}

// fewest is how many of a kind have to be gone all at once for their list to be
// missing rather than empty. Small products lose one or two; every release of a platform has
// over 40 packages and over 100 images.
const fewest = 10

// missingLists leaves out what is gone only because the target's list is missing
// altogether, and says so once a product: a list that was not read is not an empty one.
func (d *differ) missingLists(gone []*entry) []*entry {
	type list struct {
		product string
		kind    model.Kind
	}
	had := map[list]int{}
	for i := range d.from.entries {
		e := &d.from.entries[i]
		had[list{e.release.Product, e.c.Kind}]++
	}
	has := map[list]bool{}
	for _, r := range d.to.releases {
		for i := range r.Components {
			has[list{r.Product, r.Components[i].Kind}] = true
		}
	}
	lost := map[list]bool{}
	for i, r := range d.to.releases {
		if i > 0 && d.to.releases[i-1].Product == r.Product {
			continue
		}
		var words []string
		for _, l := range listed {
			if key := (list{r.Product, l.kind}); had[key] >= fewest && !has[key] {
				lost[key] = true
				words = append(words, fmt.Sprintf("%d %s", had[key], l.name))
			}
		}
		if len(words) > 0 {
			d.warn(model.Warning, CodeMissingList, r.Product, "use a complete copy of the release", nil,
				"%s has none of what the start has %s of: its lists were not there to be read; these are not counted as removed, and what changes among them is not known",
				d.to.last(r.Product).Ref(), strings.Join(words, " and "))
		}
	}
	if len(lost) == 0 {
		return gone
	}
	return slices.DeleteFunc(gone, func(e *entry) bool { return lost[list{e.release.Product, e.c.Kind}] })
}
