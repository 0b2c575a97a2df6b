package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/resume"
	"planewise/planner/unknown"
	"planewise/planner/words"
)

// topic is one of the questions people ask before a maintenance, with the words
// for "nothing happens". Capabilities say which topic they belong to.
type topic struct {
	id, lead, fine string
}

var topics = []topic{
	{"jobs", "Running jobs", "not interrupted"},
	{"launch", "New jobs", "start as usual"},
	{"login", "Logins", "not disturbed"},
	{"storage", "Storage", "works as usual"},
	{"administration", "Administration", "not disturbed"},
}

// answers are the lines under every plan: one for each topic that has a
// capability, what ends for good, and what is not known.
func answers(p model.Plan, capabilities []model.Capability) []model.Answer {
	var out []model.Answer
	if a, ok := standingAnswer(p, capabilities); ok {
		out = append(out, a)
	}
	for _, t := range topics {
		ids := map[model.CapabilityID]model.Capability{}
		for _, c := range capabilities {
			if c.Answer == t.id {
				ids[c.ID] = c
			}
		}
		if len(ids) > 0 {
			out = append(out, topicAnswer(&p, t, ids))
		}
	}
	if a, ok := endsAnswer(p, capabilities); ok {
		out = append(out, a)
	}
	return append(out, unknownAnswer(p))
}

// topicImpact is what one bundle does to a topic: the worst time of the worst
// capability.
type topicImpact struct {
	bundle *model.Bundle
	impact *model.CapabilityImpact
	about  model.Capability
	main   *model.Interval // the longest at that level; nil: none
}

// compare is positive where f is what people should hear of first.
func (f topicImpact) compare(o topicImpact) int {
	weight := func(f topicImpact) int {
		if f.about.Importance == model.Minor {
			return 0
		}
		return 1
	}
	x, y := f.level(), o.level()
	return cmp.Or(cmp.Compare(weight(f), weight(o)), cmp.Compare(x.Most, y.Most), cmp.Compare(x.Least, y.Least), cmp.Compare(f.impact.P90s, o.impact.P90s))
}

func (f topicImpact) level() model.Range {
	return rangeOf(f.impact.Level, f.impact.Unknown, f.impact.Most)
}

func topicAnswer(p *model.Plan, t topic, ids map[model.CapabilityID]model.Capability) model.Answer {
	var all []topicImpact
	for i := range p.Bundles {
		if f, ok := worstOf(&p.Bundles[i], ids); ok {
			all = append(all, f)
		}
	}
	a := model.Answer{Topic: t.id, Facts: []model.FactID{}}
	if now, ok := nowOf(p, ids); ok && len(all) == 0 {
		// No bundle touches it, and it is disturbed all the same.
		a.Facts = slices.Compact(slices.Sorted(slices.Values(now.Facts)))
		a.Text = fmt.Sprintf("%s: %s now for %q%s.", t.lead, words.Level(now.Level, now.Unknown), cmp.Or(ids[now.Capability].Title, string(now.Capability)), resume.Until(p.Bundles, now))
		return a
	}
	if len(all) == 0 {
		a.Text = fmt.Sprintf("%s: %s.", t.lead, t.fine)
		if s := tailSentence(p, ids); s != "" {
			a.Text = fmt.Sprintf("%s: %s; %s.", t.lead, t.fine, s)
		}
		return a
	}
	var parts []string
	for _, f := range all {
		a.Facts = append(a.Facts, f.impact.Facts...)
	}
	parts = append(parts, sentences(all, p.Actions)...)
	// Below a gap nothing is interrupted, and people ask for just that word.
	lead := ""
	if !slices.ContainsFunc(all, func(f topicImpact) bool { return f.level().Most > model.AtRisk }) {
		lead = t.fine + "; "
	}
	if s := tailSentence(p, ids); s != "" {
		parts = append(parts, s)
	}
	a.Text = fmt.Sprintf("%s: %s%s.", t.lead, lead, strings.Join(parts, "; "))
	slices.Sort(a.Facts)
	a.Facts = slices.Compact(a.Facts)
	return a
}

// worstOf picks the capability of a topic that a bundle hits hardest: by the
// worse end first, since unknown must not hide behind a mild known level. Minor
// capabilities speak only where nothing more important is touched.
func worstOf(b *model.Bundle, ids map[model.CapabilityID]model.Capability) (topicImpact, bool) {
	best, found := topicImpact{bundle: b}, false
	for i := range b.Impact {
		for k := range b.Impact[i].Capabilities {
			c := &b.Impact[i].Capabilities[k]
			about, asked := ids[c.ID]
			if !asked || rangeOf(c.Level, c.Unknown, c.Most).IsNone() {
				continue
			}
			one := topicImpact{bundle: b, impact: c, about: about}
			if !found || one.compare(best) > 0 {
				best, found = one, true
			}
		}
	}
	if !found {
		return best, false
	}
	only := model.Reach{{Plane: best.about.Plane, Capability: best.impact.ID, ToleranceS: best.impact.ToleranceS}}
	timeline := only.Intervals(b.Timeline)
	for i := range timeline {
		iv := &timeline[i]
		if iv.Capability != best.impact.ID || rangeOf(iv.Level, iv.Unknown, iv.Most) != best.level() {
			continue
		}
		if best.main == nil || iv.End.P90s-iv.Start.P90s > best.main.End.P90s-best.main.Start.P90s {
			best.main = iv
		}
	}
	return best, found
}

// sentences tell the worst bundle in full, and the others by level: people ask
// for the worst first, and a long list hides it.
func sentences(all []topicImpact, actions []model.Action) []string {
	slices.SortStableFunc(all, func(a, b topicImpact) int { return b.compare(a) })
	out := []string{sentence(all[0], actions)}
	rest := all[1:]
	slices.SortStableFunc(rest, func(a, b topicImpact) int {
		return cmp.Or(cmp.Compare(b.level().Most, a.level().Most), cmp.Compare(b.level().Least, a.level().Least))
	})
	for i := 1; i < len(all); {
		var labels []string
		level := all[i].level()
		for ; i < len(all) && all[i].level() == level; i++ {
			labels = append(labels, all[i].bundle.Label)
		}
		slices.SortFunc(labels, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
		out = append(out, words.Level(level.Least, level.IsUnknown())+" in "+words.List(labels))
	}
	return out
}

func sentence(f topicImpact, actions []model.Action) string {
	s := fmt.Sprintf("%s in %s", words.Level(f.impact.Level, f.impact.Unknown), f.bundle.Label)
	if f.impact.P90s > 0 {
		s += " for " + words.Span(model.Span{P50s: f.impact.P50s, P90s: f.impact.P90s})
	}
	if f.impact.PossibleS > 0 {
		s += fmt.Sprintf(" and perhaps %s more", words.Duration(f.impact.PossibleS))
	}
	if f.main != nil && f.main.Start.P50s > 0 {
		s += ", mainly from " + words.Duration(f.main.Start.P50s) + " after its start"
	}
	if notes := f.notes(actions); notes != "" {
		s += " (" + notes + ")"
	}
	return s
}

// notes name the capability, since a topic has several, and the action behind
// most of it.
func (f topicImpact) notes(actions []model.Action) string {
	var out []string
	if f.about.Title != "" {
		out = append(out, fmt.Sprintf("%q", f.about.Title))
	}
	if f.about.Importance == model.Minor {
		out = append(out, "of minor importance")
	}
	if f.main != nil {
		i := slices.IndexFunc(actions, func(a model.Action) bool { return a.ID == f.main.Action })
		if i >= 0 && actions[i].Title != "" {
			out = append(out, actions[i].Title+words.More(f.main.More))
		}
	}
	return strings.Join(out, "; ")
}

func tailSentence(p *model.Plan, ids map[model.CapabilityID]model.Capability) string {
	for i := range p.Actions {
		tail := p.Actions[i].Tail
		if tail == nil {
			continue
		}
		if _, asked := ids[tail.Capability]; asked {
			return "afterwards " + tail.Level.String() + ": " + tail.Text
		}
	}
	return ""
}

// nowOf is the worst of a topic that goes on although no bundle is to come.
func nowOf(p *model.Plan, ids map[model.CapabilityID]model.Capability) (model.Ongoing, bool) {
	if p.Standing != nil {
		for _, o := range p.Standing.Ongoing {
			if _, asked := ids[o.Capability]; asked {
				return o, true
			}
		}
	}
	return model.Ongoing{}, false
}

func endsAnswer(p model.Plan, capabilities []model.Capability) (model.Answer, bool) {
	if len(p.Retired) == 0 {
		return model.Answer{}, false
	}
	titles := map[model.CapabilityID]string{}
	for _, c := range capabilities {
		titles[c.ID] = c.Title
	}
	a := model.Answer{Topic: "ends", Facts: []model.FactID{}}
	var parts []string
	for _, r := range p.Retired {
		s := titles[r.Capability]
		if s == "" {
			s = string(r.Capability)
		}
		if label := bundleOf(p, r.Action); label != "" {
			s += " (" + label + ")"
		}
		if r.Affected != "" {
			s += ", affects " + r.Affected
		}
		if r.Replacement != "" {
			s += ", instead: " + r.Replacement
		}
		parts = append(parts, s)
		a.Facts = append(a.Facts, r.Facts...)
	}
	slices.Sort(a.Facts)
	a.Facts = slices.Compact(a.Facts)
	a.Text = "Ends for good: " + strings.Join(parts, "; ") + "."
	return a, true
}

func bundleOf(p model.Plan, id *model.ActionID) string {
	if id == nil {
		return ""
	}
	for _, b := range p.Bundles {
		if slices.Contains(b.Actions, *id) {
			return b.Label
		}
	}
	return ""
}

func unknownAnswer(p model.Plan) model.Answer {
	a := model.Answer{Topic: "unknown", Facts: []model.FactID{}}
	effects, durations := 0, 0
	for _, u := range p.Unknowns {
		if u.What == unknown.Duration {
			durations += 1 + u.More
		} else {
			effects += 1 + u.More
		}
	}
	var parts []string
	if effects > 0 {
		parts = append(parts, "the effect of "+words.Count(effects, "thing"))
	}
	if durations > 0 {
		parts = append(parts, "how long "+words.Count(durations, "action")+" will take")
	}
	if parts == nil {
		a.Text = "Not known: nothing that planewise knows of."
		return a
	}
	a.Text = "Not known: " + words.List(parts) + "; the list says what would settle it."
	return a
}

func rangeOf(l model.Level, unknown bool, most *model.Level) model.Range {
	e := model.Effect{Level: l, Unknown: unknown, Most: most}
	return e.Range()
}
