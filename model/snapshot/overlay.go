package snapshot

import (
	"maps"
	"slices"
	"strings"

	"planewise/model"
)

// Drift is a difference between what a system claims to run and what runs.
type Drift = model.Drift

// Overlay is the release that runs: the claimed one, with the versions seen in place
// of its own. Charts that it ships and that gone says are not installed are left out;
// charts that run beside it are added. Packages, upload lists and the settings of
// charts cannot be seen and stay as claimed. What could have been seen and was not
// stays as claimed too, and is listed in NotSeen of the result.
func Overlay(claimed, runs model.Release, gone func(model.Component) bool) model.Release {
	out := claimed
	out.Components = nil
	out.Running = &model.Running{}
	if runs.Running != nil {
		out.Running.Mixed = runs.Running.Mixed
	}
	seen := map[model.ComponentID]model.Component{}
	for _, c := range runs.Components {
		seen[c.ID()] = c
	}
	drift := func(id model.ComponentID, claimed, runs string) {
		out.Running.Drift = append(out.Running.Drift, Drift{Component: id, Claimed: claimed, Runs: runs})
	}
	used := map[model.ComponentID]bool{}
	for _, c := range claimed.Components {
		id := c.ID()
		live, ok := seen[id]
		used[id] = true
		switch {
		case c.NotDeployed: // a list that nobody ships says nothing of what runs
		case ok && live.Version == "":
			out.Running.NotSeen = append(out.Running.NotSeen, string(id))
		case ok && live.Version != c.Version:
			drift(id, c.Version, live.Version)
			c.Version, c.Versions = live.Version, nil
			if c.Kind == model.KindChart {
				c.Values = "" // those of another version
			}
		case ok || !showable(c.Kind):
		case c.Kind == model.KindChart && gone(c):
			drift(id, c.Version, "")
			continue
		default:
			out.Running.NotSeen = append(out.Running.NotSeen, string(id))
		}
		out.Components = append(out.Components, c)
	}
	for _, c := range runs.Components {
		if id := c.ID(); !used[id] {
			drift(id, "", c.Version)
			if !slices.ContainsFunc(out.Manifests, func(m model.Manifest) bool { return m.Name == c.Manifest }) {
				c.Manifest, c.Position = "", 0
			}
			out.Components = append(out.Components, c)
		}
	}
	out.SortComponents()
	slices.SortFunc(out.Running.Drift, func(a, b Drift) int { return strings.Compare(string(a.Component), string(b.Component)) })
	slices.Sort(out.Running.NotSeen)
	out.Running.NotSeen = slices.Compact(out.Running.NotSeen)
	return out
}

// showable are the kinds of components whose versions exports show.
func showable(k model.Kind) bool {
	switch k {
	case model.KindChart, model.KindNodeImage, model.KindKernel, model.KindKubernetes, model.KindCeph:
		return true
	}
	return false
}

// Gone says of charts whether the snapshot shows that they are not installed: the
// list of installed charts is whole, and no list that was shipped to the system holds
// the chart. Helm lists only what is deployed or failed unless it is asked for all, so
// a shipped chart whose installation hangs is missing in the list and yet there.
func (s Snapshot) Gone() func(model.Component) bool {
	whole := s.Whole(KindHelm)
	shipped := s.shippedCharts()
	return func(c model.Component) bool {
		_, was := shipped[c.Namespace+"/"+c.Name]
		return whole && !was
	}
}

// Whole says whether the snapshot holds a kind of answer, and no damaged part of one:
// what a damaged file does not show may still be there.
func (s Snapshot) Whole(kind string) bool {
	there := false
	for _, src := range s.Sources {
		if slices.Contains(src.Kinds, kind) {
			if src.Partial {
				return false
			}
			there = true
		}
	}
	return there
}

// Unclaimed is a release that runs and whose claimed release is not known: there is
// nothing to complete it from, and NotSeen names the kinds of components that no
// whole export shows.
func (s Snapshot) Unclaimed(runs model.Release, platform bool) model.Release {
	not := map[model.Kind]bool{model.KindChart: !s.Whole(KindHelm)}
	if platform {
		not[model.KindKubernetes], not[model.KindCeph] = !s.Whole(KindNodes), !s.Whole(KindCephVersion)
	}
	all := model.Running{Unclaimed: true}
	if runs.Running != nil {
		all.Mixed = runs.Running.Mixed
	}
	runs.Running = &all
	for _, kind := range slices.Sorted(maps.Keys(not)) {
		if not[kind] {
			runs.Running.NotSeen = append(runs.Running.NotSeen, string(kind))
		}
	}
	return runs
}

// Unfinished are the charts of a release whose last installation did not end well.
func (s Snapshot) Unfinished(r model.Release) []model.Unfinished {
	has := map[model.ComponentID]bool{}
	for i := range r.Components {
		has[r.Components[i].ID()] = true
	}
	var out []model.Unfinished
	for _, c := range s.Charts { // sorted by name, as ids are
		id := (&model.Component{Kind: model.KindChart, Namespace: c.Namespace, Name: c.Name}).ID()
		if has[id] && c.Status != "" && c.Status != "deployed" {
			out = append(out, model.Unfinished{Component: id, Status: c.Status})
		}
	}
	return out
}
