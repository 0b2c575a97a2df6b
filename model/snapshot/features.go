package snapshot

import (
	"maps"
	"slices"
	"strings"

	"planewise/model"
)

// features are the words that mappings ask for, and those of which the exports do not
// show whether they hold: a single word that is missing would else read as absent. Of
// what was not exported a description before says that too, by having it or not.
func (s Snapshot) features(p Profile, sys model.System, base *model.System, notes *Notes) (has, unseen []string) {
	seen := map[string]bool{}
	grouped := map[string]bool{}
	for _, g := range p.Features {
		for _, a := range g.Shown(s, sys) {
			seen[a] = true
		}
		told := slices.ContainsFunc(g.Answers, func(a string) bool { return seen[a] })
		asked := slices.ContainsFunc(g.Kinds, s.shows)
		for _, a := range g.Answers {
			grouped[a] = true
			if !told && !asked && slices.Contains(base.Features, a) {
				seen[a], told = true, true
			}
		}
		if a := g.Answers[0]; !told && !asked && len(g.Answers) == 1 && (base.Name == "" || slices.Contains(base.UnseenFeatures, a)) {
			unseen = append(unseen, a)
		}
		if !told && (!asked || len(g.Answers) > 1) {
			notes.Add(model.Warning, "feature-unknown", strings.Join(g.Answers, " or "), "export "+g.Export+", or add the feature to the system's description", "the snapshot does not show %s", g.What)
		}
	}
	for _, f := range base.Features { // words of the site's own
		if !grouped[f] {
			seen[f] = true
		}
	}
	slices.Sort(unseen)
	return slices.Sorted(maps.Keys(seen)), unseen
}

// shows says whether what an export does not show is not there: it is whole, and so is
// the snapshot, of which another part may have held it. Of workloads there are three
// kinds, which may be exported one by one; a platform has some Deployments.
func (s Snapshot) shows(kind string) bool {
	if kind == KindWorkloads && len(s.Workloads) > 0 && !slices.ContainsFunc(s.Workloads, func(w Workload) bool { return w.Kind == "Deployment" }) {
		return false
	}
	return !s.Partial && s.Has(kind)
}
