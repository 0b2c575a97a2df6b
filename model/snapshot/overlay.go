package snapshot

import (
	"slices"
	"strings"

	"planewise/model"
)

// Drift is a difference between what a system claims to run and what runs.
type Drift struct {
	Component model.ComponentID `json:"component"`
	// Claimed and Runs are versions; "" where it is not part of that side.
	Claimed string `json:"claimed,omitempty"`
	Runs    string `json:"runs,omitempty"`
}

// Overlay is the release that runs: the claimed one, with the versions seen in place
// of its own. Charts that it ships and nobody installed are left out when the list
// of installed charts is complete; charts that run beside it are added. Packages,
// upload lists and the settings of charts cannot be seen and stay as claimed.
func Overlay(claimed, runs model.Release, chartsComplete bool) (model.Release, []Drift) {
	out := claimed
	out.Components = nil
	seen := map[model.ComponentID]model.Component{}
	for _, c := range runs.Components {
		seen[c.ID()] = c
	}
	var drift []Drift
	used := map[model.ComponentID]bool{}
	for _, c := range claimed.Components {
		id := c.ID()
		live, ok := seen[id]
		used[id] = true
		switch {
		case ok && live.Version != "" && live.Version != c.Version:
			drift = append(drift, Drift{id, c.Version, live.Version})
			c.Version, c.Versions = live.Version, nil
			if c.Kind == model.KindChart {
				c.Values = "" // those of another version
			}
		case !ok && c.Kind == model.KindChart && !c.NotDeployed && chartsComplete:
			drift = append(drift, Drift{Component: id, Claimed: c.Version})
			continue
		}
		out.Components = append(out.Components, c)
	}
	for _, c := range runs.Components {
		if id := c.ID(); !used[id] {
			drift = append(drift, Drift{Component: id, Runs: c.Version})
			if !slices.ContainsFunc(out.Manifests, func(m model.Manifest) bool { return m.Name == c.Manifest }) {
				c.Manifest, c.Position = "", 0
			}
			out.Components = append(out.Components, c)
		}
	}
	out.SortComponents()
	slices.SortFunc(drift, func(a, b Drift) int { return strings.Compare(string(a.Component), string(b.Component)) })
	return out, drift
}
