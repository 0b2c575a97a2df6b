package snapshot

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"planewise/model"
)

// Unknown is the version of a chart that runs, where it is not known which it is.
const Unknown = "unknown"

// shippedWell is the status of a manifest of which every chart was installed.
const shippedWell = "success"

// installed are the charts that run: those that helm list names, else those of the
// manifests that were shipped last. The latter say what was sent and not what was
// seen to run, so that is said. Of a manifest that was not shipped to its end, and of
// a chart that two manifests ship in two versions, the version is Unknown.
func (s Snapshot) installed(notes *Notes) []Chart {
	if s.Has(KindHelm) || len(s.Charts) > 0 || len(s.Manifests) == 0 {
		return s.Charts
	}
	byName := map[string]Chart{}
	for _, m := range s.Manifests {
		if m.Status != shippedWell {
			notes.Add(model.Warning, "manifest-not-shipped", m.Name, "ship it again, or give the output of helm list -A -o json",
				"the manifest was last shipped with the status %q; which versions of its %d charts run is not known", m.Status, len(m.Charts))
		}
		for _, c := range m.Charts {
			if m.Status != shippedWell || c.Version == "" {
				c.Version = Unknown
			}
			key := c.Namespace + "/" + c.Name
			before, twice := byName[key]
			if twice && (before.Version != c.Version || before.Chart != c.Chart) {
				if before.Version != Unknown && c.Version != Unknown {
					notes.Add(model.Warning, "manifests-disagree", key, "give the output of helm list -A -o json",
						"several manifests ship this chart, in different versions; which one runs is not known")
				}
				c.Version = Unknown
			}
			byName[key] = c
		}
	}
	notes.Add(model.Warning, "charts-from-manifests", "charts", "give the output of helm list -A -o json beside",
		"the versions of %d charts are those that were shipped last, not seen to run: Helm keeps what runs in Secrets, which are not read; charts that no manifest lists are taken to be as released", len(byName))
	return slices.SortedFunc(maps.Values(byName), func(a, b Chart) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
	})
}
