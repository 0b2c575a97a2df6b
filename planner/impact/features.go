package impact

import (
	"slices"
	"strings"

	"planewise/model"
)

// choice is a question that a system's features should answer.
type choice struct {
	what      string
	features  []string // sorted
	exclusive bool
	path      []string
}

// Decide returns the system with the features of which it should state one and
// states none. Whatever depends on them may exist, and must not vanish from a plan
// because a word is missing.
func Decide(m model.Mapping, s model.System) model.System {
	s, _ = decide(m, s)
	return s
}

func decide(m model.Mapping, s model.System) (model.System, []model.Diagnostic) {
	c := compiler{system: s}
	subject := "system:" + s.Name
	var undecided []string
	for _, x := range choices(m, s) {
		var stated []string
		for _, f := range x.features {
			if slices.Contains(s.Features, f) {
				stated = append(stated, f)
			}
		}
		words := strings.Join(x.features, " or ")
		switch {
		case len(stated) == 0:
			undecided = append(undecided, x.features...)
			c.note(model.Warning, "feature-not-stated", subject, "the system does not state "+words+" ("+x.what+"); what depends on it may exist, so that its effect is unknown",
				"add "+words+" to the features of the system", x.path...)
		case len(stated) > 1 && x.exclusive:
			c.note(model.Warning, "contradicting-features", subject, "the system states "+strings.Join(stated, " and ")+", of which it can have one ("+x.what+"); all are taken to hold",
				"keep the one that it has", x.path...)
		}
	}
	known := featureWords(m)
	for _, f := range s.UnseenFeatures {
		if !slices.Contains(s.Features, f) && !slices.Contains(undecided, f) && slices.Contains(known, f) {
			undecided = append(undecided, f)
			c.note(model.Warning, "feature-not-stated", subject, "it was not seen whether the system has "+f+"; what depends on it may exist, so that its effect is unknown",
				"export what shows it (planewise system import --help), or add "+f+" to the features of the system where it has it")
		}
	}
	for _, f := range s.Features {
		if slices.Contains(known, f) {
			continue
		}
		hint := "nothing asks for it; the mapping knows " + strings.Join(known, ", ")
		if near := nearWords(f, known); len(near) > 0 {
			hint = "did you mean " + strings.Join(near, " or ") + "?"
		}
		c.note(model.Warning, "unknown-feature", subject, "the feature "+f+" is not known to the mapping and changes nothing", hint)
	}
	slices.Sort(undecided)
	s.Undecided = slices.Compact(undecided)
	return s, c.notes
}

// choices are those that the mapping lists, and those that show in its residents:
// a service whose residents all depend on features runs with one of these, and
// where there are nodes of a role on which all depends on features, one is there.
func choices(m model.Mapping, s model.System) []choice {
	var out []choice
	seen := map[string]bool{}
	add := func(x choice) {
		slices.Sort(x.features)
		x.features = slices.Compact(x.features)
		if key := strings.Join(x.features, " "); !seen[key] && len(x.features) > 0 {
			seen[key] = true
			out = append(out, x)
		}
	}
	for _, f := range sortedBy(m.Features, func(f model.FeatureChoice) string { return f.ID }) {
		add(choice{what: f.Title, features: slices.Clone(f.OneOf), exclusive: f.Exclusive, path: []string{"feature:" + f.ID}})
	}
	for _, x := range conditional(m.Residents, func(w model.Workload) string { return "service:" + string(w.Service) }) {
		if len(x.features) > 1 { // a single feature is an option, not an alternative
			add(x)
		}
	}
	for _, x := range conditional(m.Residents, func(w model.Workload) string { return "role:" + w.RunsOn }) {
		if s.Count(strings.TrimPrefix(x.path[0], "role:")) > 0 {
			add(x)
		}
	}
	return out
}

// conditional are the groups of residents of which every member depends on a
// feature that a system has to have.
func conditional(residents []model.Workload, by func(model.Workload) string) []choice {
	groups, always := map[string]*choice{}, map[string]bool{}
	var keys []string
	for _, w := range residents {
		k := by(w)
		if groups[k] == nil {
			groups[k] = &choice{what: "all of " + k + " depends on it", path: []string{k}}
			keys = append(keys, k)
		}
		if w.When == "" || w.When[0] == '!' {
			always[k] = true
			continue
		}
		if f := w.When; !slices.Contains(groups[k].features, f) {
			groups[k].features = append(groups[k].features, f)
		}
	}
	slices.Sort(keys)
	var out []choice
	for _, k := range keys {
		if !always[k] && k != "role:" && k != "service:" {
			slices.Sort(groups[k].features)
			out = append(out, *groups[k])
		}
	}
	return out
}

// featureWords are the features that anything in the mapping refers to, sorted.
func featureWords(m model.Mapping) []string {
	var out []string
	add := func(when string) {
		if f := strings.TrimPrefix(when, "!"); f != "" {
			out = append(out, f)
		}
	}
	var inNeed func(n *model.Need)
	inNeed = func(n *model.Need) {
		if n == nil {
			return
		}
		add(n.When)
		for _, list := range [...][]model.Need{n.All, n.Any, n.Of} {
			for i := range list {
				inNeed(&list[i])
			}
		}
	}
	for _, x := range m.Capabilities {
		inNeed(x.Needs)
	}
	for _, x := range m.Services {
		inNeed(x.Needs)
	}
	for _, x := range m.Residents {
		add(x.When)
	}
	for _, x := range m.Rules {
		for _, w := range x.Workloads {
			add(w.When)
		}
		for _, e := range x.Effects {
			add(e.When)
		}
		for _, r := range x.Retires {
			add(r.When)
		}
	}
	for _, x := range m.Orders {
		add(x.When)
	}
	for _, x := range m.Limits {
		add(x.When)
	}
	for _, x := range m.Features {
		out = append(out, x.OneOf...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// nearWords are those that two slips of the keyboard at most make of a word.
func nearWords(word string, words []string) []string {
	var out []string
	for _, w := range words {
		if d := editDistance(word, w); d <= 2 && d < max(len(word), len(w))-1 {
			out = append(out, w)
		}
	}
	return out
}

// editDistance counts single letters added, left out or changed.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
