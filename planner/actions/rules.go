package actions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"planewise/model"
)

// ruleOf is the answer of the mapping for one change.
type ruleOf struct {
	model.Rule
	facts []model.Fact
	known bool
}

// rule asks the mapping once per change.
func (b *builder) rule(i int) *ruleOf {
	if r := b.rules[i]; r != nil {
		return r
	}
	ch := &b.changes[i]
	before, after := ch.Before, ch.After
	if ch.Direction == model.Removed || ch.Direction == model.Orphaned {
		after = nil
	}
	r := &ruleOf{}
	r.Rule, r.facts, r.known = b.in.Catalog.Rule(before, after)
	b.rules[i] = r
	return r
}

// crosses reports whether a transition happens in this plan; nil always does.
func (b *builder) crosses(c *model.Crossing) bool {
	if c == nil {
		return true
	}
	from, to := releaseOf(b.in.From, c.Product), releaseOf(b.in.To, c.Product)
	return from != nil && to != nil && b.satisfies(c.From, from.Version) && b.satisfies(c.To, to.Version)
}

// effects are those whose conditions hold, without the conditions.
func (b *builder) effects(es []model.EffectRule) []model.EffectRule {
	var out []model.EffectRule
	for i := range es {
		if b.in.System.Has(es[i].When) && b.crosses(es[i].Crossing) {
			if out == nil {
				out = make([]model.EffectRule, 0, len(es)-i)
			}
			e := es[i]
			e.When, e.Crossing = "", nil
			out = append(out, e)
		}
	}
	return out
}

// workloads are those that exist on the system.
func (b *builder) workloads(ws []model.Workload) []model.Workload {
	var out []model.Workload
	for i := range ws {
		if b.in.System.Has(ws[i].When) {
			if out == nil {
				out = make([]model.Workload, 0, len(ws)-i)
			}
			w := ws[i]
			w.When = ""
			out = append(out, w)
		}
	}
	return out
}

// apply puts what the mapping knows of a change into the task that carries it.
func (b *builder) apply(t *model.Task, i int) {
	ch, r := &b.changes[i], b.rule(i)
	if !r.known {
		b.unmapped(t, i, b.planes)
		return
	}
	t.Facts = append(t.Facts, r.facts...)
	t.Effects = append(t.Effects, b.effects(r.Effects)...)
	ws := b.workloads(r.Workloads)
	switch ch.Direction {
	case model.Added:
		ws = nil // nothing of it runs yet
	case model.Removed, model.Orphaned:
		for k := range ws {
			ws[k].Method = model.MethodRemove
		}
	}
	t.Workloads = append(t.Workloads, ws...)
	if t.Method == "" {
		t.Method = methodOf(&r.Rule)
	}
	if r.Rollback != nil && t.Rollback.Basis == model.BasisUnknown {
		t.Rollback = *r.Rollback
	}
	b.downgrade(t, i, r)
}

// methodOf is how a component is updated as a whole: its own word, else that of
// its first workload.
func methodOf(r *model.Rule) model.Method {
	if r.Method != "" {
		return r.Method
	}
	for i := range r.Workloads {
		if m := r.Workloads[i].Method; m != "" {
			return m
		}
	}
	return model.MethodUnknown
}

// unmapped makes the effect of a task unknown on the planes that a component
// without a rule could reach. It is said once per component.
func (b *builder) unmapped(t *model.Task, i int, planes []model.PlaneID) {
	ch := &b.changes[i]
	if t.Method == "" {
		t.Method = model.MethodUnknown
	}
	t.UnknownOn = union(t.UnknownOn, planes)
	t.Facts = append(t.Facts, model.NewFact(string(ch.ID), "unmapped", "planes:"+join(planes), "", model.Evidence{
		Basis: model.BasisUnknown, Text: "No rule of the mapping says what this component is.",
	}))
	b.note(model.Warning, "unmapped-component", string(ch.ID),
		fmt.Sprintf("nothing is known about %s; its effect is unknown on %s", ch.ID, join(planes)),
		"add a rule for it to a mapping file")
}

// downgrade marks what has no documented way back: an older Kubernetes or Ceph,
// or an older version of something that holds a database.
func (b *builder) downgrade(t *model.Task, i int, r *ruleOf) {
	ch := &b.changes[i]
	core := ch.Kind == model.KindKubernetes || ch.Kind == model.KindCeph
	if ch.Direction != model.Downgrade || !core && !r.Stateful {
		return
	}
	planes := r.Planes
	if core || len(planes) == 0 {
		planes = b.planes
	}
	text := fmt.Sprintf("Going back from %s to %s is not documented; the older version may not read the newer data.", ch.From, ch.To)
	t.UnknownOn = union(t.UnknownOn, planes)
	t.Facts = append(t.Facts, model.NewFact(string(ch.ID), "downgraded", "planes:"+join(planes), "", model.Evidence{Basis: model.BasisUnknown, Text: text}))
	if t.Rollback.Possible != model.Yes || t.Rollback.Basis < model.BasisDocumented {
		t.Rollback = model.Rollback{Possible: model.No, Evidence: model.Evidence{Basis: model.BasisInferred, Text: text}}
	}
}

// chartDuration is how long one chart takes: the mapping's figure, else the
// stage's per chart, stretched to the limit the chart itself asks for.
func (b *builder) chartDuration(s *stage, i int) *model.Estimate {
	if d := b.rule(i).Duration; d != nil {
		return d
	}
	limit := int64(0)
	if comp := component(&b.changes[i]); comp.Timeout != "" {
		if d, err := time.ParseDuration(comp.Timeout); err == nil && d > 0 && d < 24*time.Hour {
			limit = int64(d / time.Second)
		}
	}
	switch {
	case s.PerUnit == nil && limit == 0:
		return nil
	case s.PerUnit == nil:
		return &model.Estimate{P50s: max(limit/5, 1), P90s: limit, Evidence: model.Evidence{
			Basis: model.BasisDefault, Text: fmt.Sprintf("The release waits %d s for the chart at most; a fifth of that is planewise's own guess.", limit)}}
	case limit > s.PerUnit.P90s:
		e := *s.PerUnit
		e.P90s = limit
		e.Text = strings.TrimSpace(e.Text + fmt.Sprintf(" This chart's own limit is %d s.", limit))
		return &e
	default:
		return s.PerUnit
	}
}

// restarts are the workloads a stage restarts. One that names only its service is
// filled in from the mapping; where the mapping has several versions of it, the
// one with the fewest instances counts.
func (b *builder) restarts(ws []model.Workload) []model.Workload {
	var out []model.Workload
	for _, w := range b.workloads(ws) {
		if w.Method != "" || w.Replicas != 0 || w.CountFrom != "" {
			out = append(out, w)
			continue
		}
		found := b.workloads(b.serving[w.Service])
		if len(found) == 0 {
			w.Method = model.MethodUnknown
			found = []model.Workload{w}
		}
		out = append(out, found...)
	}
	return out
}

func workloadName(w model.Workload) string { return cmp.Or(w.Name, string(w.Service)) }

func union(a, b []model.PlaneID) []model.PlaneID {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

func join(planes []model.PlaneID) string {
	words := make([]string, len(planes))
	for i, p := range planes {
		words[i] = string(p)
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}
