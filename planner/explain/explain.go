// Package explain answers "why?" about a plan: what disturbs a capability and
// through which chain of facts, all that a component or an action touches, and
// what a bundle consists of and why it begins where it does.
//
// It reads nothing but the plan, so a plan file explains itself on a machine
// that has neither the releases nor the mapping it was made from.
package explain

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/split"
	"planewise/planner/unknown"
	"planewise/planner/words"
)

// Report is the answer about one subject.
type Report struct {
	// Kind is capability, plane, component, action, bundle or standing.
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Title   string `json:"title,omitempty"`
	// Change is set for a component.
	Change *model.Change `json:"change,omitempty"`
	// Bundles that hold the subject, or in which it is felt, by label.
	Bundles []string `json:"bundles"`
	// Nodes is what each node's leaving disturbs, for an action on nodes that are known
	// by name.
	Nodes *Nodes `json:"nodes,omitempty"`
	// Chains are the effects, in the order in which they are felt.
	Chains []Chain `json:"chains"`
	// Reasons are facts about the subject itself: why an action exists, what maps
	// a component, what an action must follow.
	Reasons []model.Fact `json:"reasons"`
	// Cut says why a bundle begins where it does.
	Cut []string `json:"cut,omitempty"`
	// Unknowns about the subject and what would settle them.
	Unknowns []model.UnknownThing `json:"unknowns"`
}

// Nodes are the nodes of an action's role as the action has them.
type Nodes struct {
	Role     string             `json:"role"`
	Units    int                `json:"units"`
	Batch    int                `json:"batch"`
	Nodes    []model.NodeImpact `json:"nodes"`
	Nameless int                `json:"nameless,omitempty"`
	Unplaced []string           `json:"unplaced,omitempty"`
}

// Chain is one effect with the facts that lead from the action to the capability.
type Chain struct {
	Bundle     string             `json:"bundle"`
	Action     model.ActionID     `json:"action"`
	Title      string             `json:"title"`
	Capability model.CapabilityID `json:"capability"`
	Level      model.Level        `json:"level"`
	Unknown    bool               `json:"unknown"`
	// More actions follow that one in the same stretch; the facts are those of the first.
	More int `json:"more,omitempty"`
	// Start after the bundle's start, and how long it lasts.
	Start model.Span   `json:"start"`
	Lasts model.Span   `json:"lasts"`
	Facts []model.Fact `json:"facts"`
}

// Group is an effect that comes once or, in batches, several times.
type Group struct {
	Chain
	Times int
}

// Range is the interval of levels of the effect; how bad an unknown one may be is not
// said.
func (c Chain) Range() model.Range { return model.Effect{Level: c.Level, Unknown: c.Unknown}.Range() }

// Grouped joins the effects that differ only in when they come: each group begins with
// the first and lasts as long as the longest.
func Grouped(chains []Chain) []Group {
	var out []Group
	at := map[string]int{}
	for _, c := range chains {
		key := fmt.Sprint(c.Bundle, "\x00", c.Action, "\x00", c.Capability, "\x00", c.Level, c.Unknown)
		for _, f := range c.Facts {
			key += "\x00" + string(f.ID)
		}
		if i, ok := at[key]; ok {
			out[i].Times++
			out[i].Lasts.P90s = max(out[i].Lasts.P90s, c.Lasts.P90s)
			continue
		}
		at[key] = len(out)
		out = append(out, Group{c, 1})
	}
	return out
}

// Of finds what subject names in the plan and explains it. It may be the id of a
// capability, plane, component, change or action, a bundle's label or key, or a
// component's bare name where that is unique; of a plan that goes on with an update,
// Standing. The error lists near names.
func Of(p model.Plan, subject string) (Report, error) {
	x := newIndex(p)
	if b, ok := x.bundle(subject); ok {
		return x.ofBundle(b), nil
	}
	if a, ok := x.actions[model.ActionID(subject)]; ok {
		return x.ofAction(a), nil
	}
	if d, ok := x.doneAction(model.ActionID(subject)); ok {
		return x.ofDone(d), nil
	}
	if subject == Standing && p.Standing != nil {
		return x.ofStanding(), nil
	}
	if x.isPlane(subject) {
		return x.ofCapabilities("plane", subject, x.shown(x.reach.Of(model.PlaneID(subject))), func(i model.Interval) bool { return string(i.Plane) == subject || i.Plane == model.Any }), nil
	}
	if c, ok := x.change(subject); ok {
		return x.ofChange(c), nil
	}
	if x.knowsCapability(subject) {
		return x.ofCapabilities("capability", subject, x.reach.Named(model.CapabilityID(subject)), func(i model.Interval) bool { return string(i.Capability) == subject }), nil
	}
	return Report{}, x.notFound(subject)
}

type index struct {
	plan    model.Plan
	facts   map[model.FactID]model.Fact
	actions map[model.ActionID]model.Action
	bundles map[model.ActionID]model.Bundle // by action
	reach   model.Reach
}

func newIndex(p model.Plan) index {
	x := index{p, map[model.FactID]model.Fact{}, map[model.ActionID]model.Action{}, map[model.ActionID]model.Bundle{}, p.Reach()}
	for _, f := range p.Facts {
		x.facts[f.ID] = f
	}
	for _, a := range p.Actions {
		x.actions[a.ID] = a
	}
	for _, b := range p.Bundles {
		for _, id := range b.Actions {
			x.bundles[id] = b
		}
	}
	return x
}

func (x index) bundle(s string) (model.Bundle, bool) {
	for _, b := range x.plan.Bundles {
		if strings.EqualFold(b.Label, s) || string(b.Key) == s && x.actions[b.Key].ID == "" {
			return b, true
		}
	}
	return model.Bundle{}, false
}

// change finds a change by id, or by a bare name that only one change has.
func (x index) change(s string) (model.Change, bool) {
	var found []model.Change
	for _, c := range x.plan.Changes {
		if string(c.ID) == s {
			return c, true
		}
		if c.Name == s {
			found = append(found, c)
		}
	}
	if len(found) == 1 {
		return found[0], true
	}
	return model.Change{}, false
}

func (x index) isPlane(s string) bool {
	return slices.ContainsFunc(x.plan.Planes, func(p model.PlaneSummary) bool { return string(p.ID) == s })
}

// knowsCapability: it is felt somewhere, or the plan's inputs would name it. A
// capability that nothing disturbs is still a fair question; its plane says so.
func (x index) knowsCapability(s string) bool {
	plane, _, dotted := strings.Cut(s, ".")
	return dotted && x.isPlane(plane)
}

func (x index) notFound(s string) error {
	var near []string
	for _, c := range x.plan.Changes {
		if strings.Contains(string(c.ID), s) {
			near = append(near, string(c.ID))
		}
	}
	for _, a := range x.plan.Actions {
		if strings.Contains(string(a.ID), s) {
			near = append(near, string(a.ID))
		}
	}
	slices.Sort(near)
	near = slices.Compact(near)
	hint := "use a capability (compute.boot), a plane, a component (chart:services/cray-bos), an action (roll:worker) or a bundle (B2)"
	if len(near) > 0 {
		hint = "did you mean " + strings.Join(near[:min(len(near), 5)], ", ") + "?"
	}
	return fmt.Errorf("the plan has no %q: %s", s, hint)
}

func (x index) lookup(ids []model.FactID) []model.Fact {
	out := []model.Fact{}
	for _, id := range ids {
		if f, ok := x.facts[id]; ok {
			out = append(out, f)
		}
	}
	return out
}

// about are facts as an action names them.
func (x index) about(id model.ActionID, ids []model.FactID) []model.Fact {
	out := x.lookup(ids)
	if a, ok := x.actions[id]; ok {
		for i := range out {
			out[i] = out[i].About(&a)
		}
	}
	return out
}

// shown is what stands in place of "*" where there is not too much of it.
func (x index) shown(r model.Reach) model.Reach {
	if words.Reach(&x.plan) == nil {
		return nil
	}
	return r
}

func (x index) chain(b model.Bundle, i model.Interval) Chain {
	return Chain{
		Bundle: b.Label, Action: i.Action, Title: x.actions[i.Action].Title, Capability: i.Capability,
		Level: i.Level, Unknown: i.Unknown, More: i.More, Start: i.Start,
		Lasts: model.Span{P50s: max(i.End.P50s-i.Start.P50s, 0), P90s: max(i.End.P90s-i.Start.P90s, 0)},
		Facts: x.about(i.Action, i.Facts),
	}
}

func (x index) report(kind, subject, title string) Report {
	return Report{Kind: kind, Subject: subject, Title: title, Bundles: []string{}, Chains: []Chain{}, Reasons: []model.Fact{}, Unknowns: []model.UnknownThing{}}
}

func (x index) ofCapabilities(kind, subject string, reach model.Reach, felt func(model.Interval) bool) Report {
	r := x.report(kind, subject, "")
	r.Chains = append(r.Chains, x.ongoingOf(func(capability, plane string) bool { return subject == capability || subject == plane })...)
	for _, b := range x.plan.Bundles {
		n := len(r.Chains)
		for _, i := range reach.Intervals(b.Timeline) {
			if felt(i) {
				r.Chains = append(r.Chains, x.chain(b, i))
			}
		}
		if len(r.Chains) > n {
			r.Bundles = append(r.Bundles, b.Label)
		}
	}
	for _, a := range x.plan.Actions {
		if a.Tail != nil && (string(a.Tail.Capability) == subject || string(a.Tail.Plane) == subject) {
			c := Chain{Bundle: "after", Action: a.ID, Title: a.Title, Capability: a.Tail.Capability, Level: a.Tail.Level, Facts: x.lookup(a.Tail.Facts)}
			if a.Tail.Lasts != nil {
				c.Lasts = *a.Tail.Lasts
			}
			r.Chains = append(r.Chains, c)
		}
	}
	r.Unknowns = x.unknownsOf(r.Chains)
	return r
}

// unknownsOf are the open questions behind the chains' actions.
func (x index) unknownsOf(chains []Chain) []model.UnknownThing {
	subjects := map[string]bool{}
	alike := map[string]bool{} // what is said once for many actions
	for _, c := range chains {
		if subjects[string(c.Action)] {
			continue
		}
		a := x.actions[c.Action]
		subjects[string(c.Action)] = true
		for _, id := range a.Changes {
			subjects[string(id)] = true
		}
		for _, u := range unknown.Of(&a, x.plan.Facts, x.reach) {
			alike[u.What] = true
		}
	}
	out := []model.UnknownThing{}
	for _, u := range x.plan.Unknowns {
		if subjects[u.Subject] || u.More > 0 && alike[u.What] {
			out = append(out, u)
		}
	}
	return out
}

// unknownsOfAction are those of one action alone.
func (x index) unknownsOfAction(a *model.Action) []model.UnknownThing {
	out := x.unknownsOf([]Chain{{Action: a.ID}})
	for i, u := range out {
		for _, own := range unknown.Of(a, x.plan.Facts, x.reach) {
			if u.More > 0 && own.What == u.What {
				out[i] = own
			}
		}
	}
	return out
}

func (x index) ofAction(a model.Action) Report {
	r := x.report("action", string(a.ID), a.Title)
	if len(a.Nodes) > 0 {
		r.Nodes = &Nodes{a.Role, a.Units, a.Batch, a.Nodes, a.Nameless, a.Unplaced}
	}
	x.addAction(&r, a)
	return r
}

func (x index) addAction(r *Report, a model.Action) {
	b := x.bundles[a.ID]
	if b.Label != "" && !slices.Contains(r.Bundles, b.Label) {
		r.Bundles = append(r.Bundles, b.Label)
	}
	felt := []Chain{}
	for _, e := range x.reach.Effects(a.Effects) {
		felt = append(felt, Chain{
			Bundle: b.Label, Action: a.ID, Title: a.Title, Capability: e.Capability,
			Level: e.Level, Unknown: e.Unknown, Start: e.Start, Lasts: e.Lasts, Facts: x.about(a.ID, e.Facts),
		})
	}
	slices.SortStableFunc(felt, func(a, b Chain) int {
		return cmp.Or(cmp.Compare(a.Start.P50s, b.Start.P50s), strings.Compare(string(a.Capability), string(b.Capability)))
	})
	r.Chains = append(r.Chains, felt...)
	r.Reasons = append(r.Reasons, x.about(a.ID, a.Facts)...)
	for _, e := range a.After {
		r.Reasons = append(r.Reasons, x.lookup([]model.FactID{e.Fact})...)
	}
	r.Unknowns = append(r.Unknowns, x.unknownsOfAction(&a)...)
}

func (x index) ofChange(c model.Change) Report {
	r := x.report("component", string(c.ID), "")
	r.Change = &c
	for _, f := range x.plan.Facts {
		if f.Subject == string(c.ID) {
			r.Reasons = append(r.Reasons, f)
		}
	}
	if c.Action != nil {
		if a, ok := x.actions[*c.Action]; ok {
			r.Title = a.Title
			x.addAction(&r, a)
		}
	}
	r.Reasons = distinct(r.Reasons)
	return r
}

func (x index) ofBundle(b model.Bundle) Report {
	r := x.report("bundle", b.Label, b.Title)
	r.Bundles = append(r.Bundles, b.Label)
	for _, i := range x.shown(x.reach).Intervals(b.Timeline) {
		r.Chains = append(r.Chains, x.chain(b, i))
	}
	r.Reasons = append(r.Reasons, x.lookup(b.Stay.Facts)...)
	r.Reasons = append(r.Reasons, x.lookup(b.Rollback.Facts)...)
	r.Reasons = distinct(r.Reasons)
	r.Cut = x.why(b)
	r.Unknowns = x.unknownsOf(r.Chains)
	return r
}

// why says what made the cut before a bundle. It needs the policy the plan was
// made with; a plan without its inputs cannot say.
func (x index) why(b model.Bundle) []string {
	i := slices.IndexFunc(x.plan.Bundles, func(o model.Bundle) bool { return o.Key == b.Key })
	for _, in := range x.plan.Inputs {
		if in.Kind != "policy" || len(in.Content) == 0 {
			continue
		}
		var policy model.Policy
		if err := json.Unmarshal(in.Content, &policy); err != nil {
			return []string{"Why the cut is here cannot be said: the plan's policy cannot be read."}
		}
		sentences, err := split.Why(x.plan, policy, i)
		if err != nil {
			return []string{"Why the cut is here cannot be said: " + err.Error() + "."}
		}
		return sentences
	}
	return []string{"Why the cut is here cannot be said: the plan does not carry its policy."}
}

func distinct(fs []model.Fact) []model.Fact {
	seen := map[model.FactID]bool{}
	out := []model.Fact{}
	for _, f := range fs {
		if !seen[f.ID] {
			seen[f.ID] = true
			out = append(out, f)
		}
	}
	return out
}
