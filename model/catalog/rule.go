package catalog

import (
	"cmp"
	"slices"

	"planewise/model"
)

// Rule is what holds while a component changes from before to after, either of
// which may be nil, and the facts behind it. Where the two sides have different
// rules, the weaker of their workloads hold, service by service: both versions
// run during the change. Effects and retirements are those of both sides; their
// conditions (crossing, when) are left to the caller, who knows the plan.
//
// It is false where a side has no rule: the effect is then not known, and the
// rule, that of the other side if any, says only what is known of it.
func (c *Catalog) Rule(before, after *model.Component) (model.Rule, []model.Fact, bool) {
	b, a := c.side(before), c.side(after)
	known := (before != nil || after != nil) && (before == nil || b != nil) && (after == nil || a != nil)
	switch {
	case b == nil && a == nil:
		return model.Rule{}, nil, false
	case b == nil:
		return a.rule, []model.Fact{mapped(after, a)}, known
	case a == nil || a == b:
		return b.rule, []model.Fact{mapped(cmp.Or(after, before), b)}, known
	}
	rule := weaker(b.rule, a.rule)
	facts := []model.Fact{mapped(before, b), mapped(after, a)}
	return rule, append(facts, differences(after.ID(), b.rule, a.rule)...), true
}

// Running are the workloads of Rule, without its facts; none where a side that is
// there has no rule.
func (c *Catalog) Running(before, after *model.Component) []model.Workload {
	b, a := c.side(before), c.side(after)
	switch {
	case before != nil && b == nil || after != nil && a == nil:
		return nil
	case b == nil && a == nil:
		return nil
	case b == nil:
		return a.rule.Workloads
	case a == nil || a == b:
		return b.rule.Workloads
	}
	return weakerWorkloads(b.rule.Workloads, a.rule.Workloads)
}

func (c *Catalog) side(comp *model.Component) *entry {
	if comp == nil {
		return nil
	}
	return c.find(comp)
}

// mapped is the fact that a rule says what a component is.
func mapped(comp *model.Component, e *entry) model.Fact {
	return model.NewFact(string(comp.ID()), "mapped-by", "rule:"+e.key, "", e.rule.Evidence)
}

// differences are the facts that one side of a change is weaker than the other.
func differences(id model.ComponentID, before, after model.Rule) []model.Fact {
	var out []model.Fact
	for _, p := range pairs(before.Workloads, after.Workloads) {
		if p.before == nil || p.after == nil {
			continue
		}
		x, y := *p.before, *p.after
		x.Evidence, y.Evidence = model.Evidence{}, model.Evidence{}
		if content(x) == content(y) {
			continue
		}
		weak := p.after
		if content(weakerWorkload(*p.before, *p.after)) == content(*p.before) {
			weak = p.before
		}
		out = append(out, model.NewFact(string(id), "runs-with-the-weaker-of", "service:"+string(weak.Service), "", weak.Evidence))
	}
	return out
}

// weaker is the rule that holds while both versions run.
func weaker(before, after model.Rule) model.Rule {
	out := after
	out.Planes = union(before.Planes, after.Planes)
	if weakness(before.Method) > weakness(after.Method) {
		out.Method = before.Method
	}
	out.Workloads = weakerWorkloads(before.Workloads, after.Workloads)
	out.Effects = union2(before.Effects, after.Effects)
	out.Retires = union2(before.Retires, after.Retires)
	out.Duration = longer(before.Duration, after.Duration)
	if before.ActsOn != after.ActsOn {
		out.ActsOn = "" // on both: the first roll carries it
	}
	out.Reboot = before.Reboot || after.Reboot
	out.Stateful = before.Stateful || after.Stateful
	out.Rollback = harder(before.Rollback, after.Rollback)
	return out
}

func weakerWorkloads(before, after []model.Workload) []model.Workload {
	var out []model.Workload
	for _, p := range pairs(before, after) {
		switch {
		case p.before == nil:
			out = append(out, *p.after)
		case p.after == nil:
			out = append(out, *p.before)
		default:
			out = append(out, weakerWorkload(*p.before, *p.after))
		}
	}
	return out
}

// pair is one workload on both sides of a change.
type pair struct{ before, after *model.Workload }

// pairs brings the workloads of both sides together: by service and name, and
// where a service has one workload on either side, by service alone. The order
// is that of after, then what only before has.
func pairs(before, after []model.Workload) []pair {
	count := func(ws []model.Workload, s model.ServiceID) (n int) {
		for _, w := range ws {
			if w.Service == s {
				n++
			}
		}
		return n
	}
	taken := make([]bool, len(before))
	var out []pair
	for i := range after {
		a := &after[i]
		alone := count(after, a.Service) == 1 && count(before, a.Service) == 1
		j := slices.IndexFunc(before, func(b model.Workload) bool {
			return b.Service == a.Service && (alone || workloadName(b) == workloadName(*a) && b.When == a.When)
		})
		if j < 0 {
			out = append(out, pair{nil, a})
			continue
		}
		taken[j] = true
		out = append(out, pair{&before[j], a})
	}
	for j := range before {
		if !taken[j] {
			out = append(out, pair{&before[j], nil})
		}
	}
	return out
}

func union(a, b []model.PlaneID) []model.PlaneID {
	out := slices.Clone(a)
	for _, p := range b {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// union2 is what is in either list, once.
func union2[T any](a, b []T) []T {
	seen := map[string]bool{}
	var out []T
	for _, l := range [...][]T{a, b} {
		for _, x := range l {
			if k := content(x); !seen[k] {
				seen[k] = true
				out = append(out, x)
			}
		}
	}
	return out
}
