package snapshot

import (
	"maps"
	"slices"

	"planewise/model"
)

// Unknown is the version of a chart that runs, where it is not known which it is.
const Unknown = "unknown"

// shippedWell is the status of a manifest of which every chart was installed.
const shippedWell = "success"

// installed are the charts that run: those that helm list names, else those of the
// manifests that were shipped last. The latter say what was sent and not what was
// seen to run, so that is said; a manifest that is being shipped again also shows its
// last status until that ends. Where several manifests ship a chart, the one that is
// known to be shipped last counts. Of a manifest that was not shipped to its end, and
// where it is not known which of two versions was last, the version is Unknown.
func (s Snapshot) installed(notes *Notes) []Chart {
	if s.Has(KindHelm) || len(s.Charts) > 0 || len(s.Manifests) == 0 {
		return s.Charts
	}
	last := map[string]sent{}
	for _, m := range s.Manifests {
		if m.Status != shippedWell {
			notes.Add(model.Warning, "manifest-not-shipped", m.Name, "ship it again, or give the output of helm list -A -o json",
				"the manifest was last shipped with the status %q; which versions of its charts (%d) run is not known", m.Status, len(m.Charts))
		}
		for _, c := range m.Charts {
			if m.Status != shippedWell || c.Version == "" {
				c.Version = Unknown
			}
			key := c.Namespace + "/" + c.Name
			one := sent{c, m.Shipped, false}
			if before, twice := last[key]; twice {
				one = before.or(one)
			}
			last[key] = one
		}
	}
	var out []Chart
	for _, key := range slices.Sorted(maps.Keys(last)) {
		one := last[key]
		if one.disagreed {
			notes.Add(model.Warning, "manifests-disagree", key, "give the output of helm list -A -o json",
				"several manifests ship this chart, in different versions; which one runs is not known")
		}
		out = append(out, one.Chart)
	}
	notes.Add(model.Warning, "charts-from-manifests", "charts", "give the output of helm list -A -o json beside",
		"the versions of %d charts are those that were shipped last, not seen to run: Helm keeps what runs in Secrets, which are not read; charts that no manifest lists are taken to be as released", len(out))
	return out
}

// sent is a chart as a manifest shipped it, and when.
type sent struct {
	Chart
	at string // "" not known
	// disagreed: two versions are known to be shipped, and not which was last.
	disagreed bool
}

// or is the later one, or what both say together.
func (s sent) or(other sent) sent {
	same := s.Version == other.Version && s.Chart.Chart == other.Chart.Chart
	switch {
	case same && !s.disagreed && !other.disagreed:
		if s.at == "" || other.at == "" {
			s.at = "" // the one without a time may be the later
			return s
		}
		s.at = max(s.at, other.at)
		return s
	case s.at != "" && other.at != "" && s.at > other.at:
		return s
	case s.at != "" && other.at != "" && s.at < other.at:
		return other
	}
	s.disagreed = s.disagreed || other.disagreed || s.Version != Unknown && other.Version != Unknown
	s.Version = Unknown
	if s.at == "" || other.at == "" {
		s.at = "" // nor is it known what a third is later than
	}
	return s
}
