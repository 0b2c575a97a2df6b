package catalog

import (
	"slices"
	"strconv"

	"planewise/model"
	"planewise/model/version"
)

// rules are those of all layers that are in order and not replaced by a later
// layer, most specific first.
func (m *merger) rules() []*entry {
	var kept []*entry
	for i, l := range m.layers {
		kept = m.replace(kept, m.ruleLayer(i, l.Rules))
	}
	slices.SortFunc(kept, compareEntries)
	m.noteShadowed(kept)
	return kept
}

// identity is what two rules have in common that speak of the same components.
func identity(r model.Rule) string { return matchText(r.Match) + " version " + r.Version }

// ruleLayer is the rules of one layer without those that are wrong and those
// that contradict each other, of which none maps.
func (m *merger) ruleLayer(layer int, rules []model.Rule) []*entry {
	byName := map[string][]*entry{}
	var names []string
	for _, r := range rules {
		e := m.entry(layer, r)
		if e == nil {
			continue
		}
		for _, n := range slices.Compact([]string{identity(e.rule), "id " + e.key}) {
			if byName[n] == nil {
				names = append(names, n)
			}
			byName[n] = append(byName[n], e)
		}
	}
	drop := map[*entry]bool{}
	for _, n := range names {
		m.contradictions(layer, byName[n], drop)
	}
	var out []*entry
	for _, n := range names {
		for _, e := range byName[n] {
			if !drop[e] {
				drop[e] = true
				out = append(out, e)
			}
		}
	}
	return out
}

// contradictions compares rules of one name. Equal ones are one; of different
// ones none is kept.
func (m *merger) contradictions(layer int, es []*entry, drop map[*entry]bool) {
	if len(es) < 2 {
		return
	}
	same := true
	for _, e := range es[1:] {
		same = same && content(e.rule) == content(es[0].rule)
	}
	if same {
		for _, e := range es[1:] {
			drop[e] = true
		}
		return
	}
	keys := []string{}
	for _, e := range es {
		drop[e] = true
		keys = append(keys, e.key)
	}
	slices.Sort(keys)
	m.note(model.Blocking, "contradicting-rules", keys[0],
		"layer "+m.names[layer]+" has "+strconv.Itoa(len(es))+" different rules for the same components",
		"keep one of them, or give them different version ranges; until then none of them maps anything", keys...)
}

// entry checks and fills one rule; nil where it is wrong.
func (m *merger) entry(layer int, r model.Rule) *entry {
	m.checkMethod(&r)
	c := &checker{merger: m, subject: key(r)}
	c.rule(r)
	if c.wrong {
		return nil
	}
	constraint, err := version.ParseConstraint(r.Version)
	if err != nil {
		return nil // the checker has reported it
	}
	return &entry{rule: fillRule(r), key: key(r), layer: layer, version: constraint}
}

// replace lays the rules of a later layer over those of earlier ones.
func (m *merger) replace(earlier, later []*entry) []*entry {
	by := map[string]*entry{}
	for _, e := range later {
		by[e.key] = e
		by[identity(e.rule)] = e
	}
	var out []*entry
	for _, e := range earlier {
		n := by[e.key]
		if n == nil {
			n = by[identity(e.rule)]
		}
		if n == nil {
			out = append(out, e)
			continue
		}
		m.note(model.Info, "shadowed-rule", e.key,
			"layer "+m.names[n.layer]+" replaces the rule of layer "+m.names[e.layer], "", m.names[e.layer], m.names[n.layer])
	}
	return append(out, later...)
}

// noteShadowed says where a glob of a later layer does not reach, because an
// earlier one has a rule of the exact name.
func (m *merger) noteShadowed(es []*entry) {
	for _, glob := range es {
		if glob.layer == 0 || Exact(glob.rule.Match.Name) {
			continue
		}
		var over []string
		for _, e := range es {
			x := e.rule.Match
			if e.layer < glob.layer && Exact(x.Name) && x.Kind == glob.rule.Match.Kind && Fits(glob.rule.Match.Name, x.Name) {
				over = append(over, e.key)
			}
		}
		if len(over) > 0 {
			slices.Sort(over)
			m.note(model.Info, "shadowed-rule", glob.key,
				"more specific rules of earlier layers win for "+strconv.Itoa(len(over))+" of the names it matches",
				"name the components exactly where this rule is to hold", over...)
		}
	}
}

// checkMethod takes a chart's method for unknown where it restarts something and
// the rule says neither what nor with which effect: not having been told what
// stops is not "nothing stops". Images keep theirs, since the stage of a procedure
// that ships one states what restarts.
func (m *merger) checkMethod(r *model.Rule) {
	if r.Match.Kind != model.KindChart && r.Match.Kind != "" || len(r.Workloads)+len(r.Effects) > 0 {
		return
	}
	switch r.Method {
	case model.MethodRolling, model.MethodRecreate, model.MethodStateful, model.MethodDaemonSet, model.MethodReinstall:
		m.note(model.Warning, "effect-not-stated", r.Match.Name,
			"its rule says that it is updated by "+string(r.Method)+", but not what restarts: its effect is unknown",
			"name its workloads, or the method live, job or delivery")
		r.Method = model.MethodUnknown
	}
}
