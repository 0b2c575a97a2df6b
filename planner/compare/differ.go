package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/planner/words"
)

// differ collects what differs in one bundle.
type differ struct{ out *BundleDiff }

func (d differ) say(c Change, format string, args ...any) {
	if !slices.Contains(d.out.Changes, c) {
		d.out.Changes = append(d.out.Changes, c)
	}
	d.out.Details = append(d.out.Details, fmt.Sprintf(format, args...))
}

func bundle(p, q model.Plan, old, fresh model.Bundle) BundleDiff {
	out := BundleDiff{Key: fresh.Key, Old: old.Label, New: fresh.Label, Changes: []Change{}, Details: []string{}}
	d := differ{&out}
	d.window(old, fresh)
	d.duration(old, fresh)
	d.impact(old, fresh)
	d.work(p, q, old, fresh)
	if len(out.Changes) == 0 {
		out.Changes = append(out.Changes, Same)
	}
	slices.SortFunc(out.Changes, func(a, b Change) int { return slices.Index(seriousness, a) - slices.Index(seriousness, b) })
	out.Status = out.Changes[0]
	return out
}

// impact compares footprints and what each capability's users feel.
func (d differ) impact(old, fresh model.Bundle) {
	for _, plane := range planesIn(old.Footprint, fresh.Footprint) {
		switch a, b := old.Footprint[plane], fresh.Footprint[plane]; {
		case b > a:
			d.say(Worse, "The plane %s was %s and is %s now.", plane, grade(a), grade(b))
		case b < a:
			d.say(Milder, "The plane %s was %s and is %s now.", plane, grade(a), grade(b))
		}
	}
	before, after := capabilities(old), capabilities(fresh)
	ids := union(before, after)
	worst := func(id model.CapabilityID) int {
		return -int(max(rangeOf(before[id]).Most, rangeOf(after[id]).Most))
	}
	slices.SortStableFunc(ids, func(a, b model.CapabilityID) int { return worst(a) - worst(b) })
	for _, id := range ids {
		a, b := before[id], after[id]
		ra, rb := rangeOf(a), rangeOf(b)
		switch {
		case rb.Most > ra.Most || rb.Least > ra.Least:
			d.say(Worse, "%s was %s and is %s now.", id, ra, rb)
		case rb != ra:
			d.say(Milder, "%s was %s and is %s now.", id, ra, rb)
		case b.P90s > a.P90s:
			d.say(Worse, "%s is %s for up to %s, not %s.", id, rb, words.Duration(b.P90s), words.Duration(a.P90s))
		case b.P90s < a.P90s:
			d.say(Milder, "%s is %s for up to %s, not %s.", id, rb, words.Duration(b.P90s), words.Duration(a.P90s))
		}
	}
}

func grade(f model.Footprint) string {
	if f == model.Untouched {
		return "untouched"
	}
	return f.String()
}

func capabilities(b model.Bundle) map[model.CapabilityID]model.CapabilityImpact {
	out := map[model.CapabilityID]model.CapabilityImpact{}
	for _, i := range b.Impact {
		for _, c := range i.Capabilities {
			out[c.ID] = c
		}
	}
	return out
}

func rangeOf(c model.CapabilityImpact) model.Range {
	return model.Effect{Level: c.Level, Unknown: c.Unknown, Most: c.Most}.Range()
}

func union[K cmp.Ordered, V any](a, b map[K]V) []K {
	var out []K
	for k := range a {
		out = append(out, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

func planesIn(a, b map[model.PlaneID]model.Footprint) []model.PlaneID { return union(a, b) }

func (d differ) duration(old, fresh model.Bundle) {
	switch {
	case fresh.DurationUnknown && !old.DurationUnknown:
		d.say(Longer, "How long it takes is not known any more.")
	case fresh.Duration.P90s > old.Duration.P90s || fresh.WorkS > old.WorkS:
		d.say(Longer, "It takes %s, not %s.", words.Span(fresh.Duration), words.Span(old.Duration))
	case fresh.Duration != old.Duration || fresh.WorkS < old.WorkS:
		d.say(Shorter, "It takes %s, not %s.", words.Span(fresh.Duration), words.Span(old.Duration))
	}
}

func (d differ) window(old, fresh model.Bundle) {
	a, b := old.Window, fresh.Window
	switch {
	case a == nil && b == nil:
	case a == nil:
		d.say(Changed, "It has a date now: %s in %s.", b.Start, b.Name)
	case b == nil:
		d.say(Later, "It has lost its date, %s in %s.", a.Start, a.Name)
	default:
		start, err := time.Parse(time.RFC3339, a.Start)
		other, also := time.Parse(time.RFC3339, b.Start)
		switch {
		case err != nil || also != nil || start.Equal(other):
			if a.Name != b.Name || a.Start != b.Start && !start.Equal(other) {
				d.say(Changed, "It is in %s (%s), not in %s (%s).", b.Name, b.Start, a.Name, a.Start)
			}
		case other.After(start):
			d.say(Later, "It starts on %s in %s, not on %s.", b.Start, b.Name, a.Start)
		default:
			d.say(Earlier, "It starts on %s in %s, not on %s.", b.Start, b.Name, a.Start)
		}
	}
	if len(old.Parts) != len(fresh.Parts) {
		d.say(Changed, "It is done in %s, not %s.", words.Count(max(len(fresh.Parts), 1), "part"), words.Count(max(len(old.Parts), 1), "part"))
	}
}

// work compares what is done, the way back and the conditions.
func (d differ) work(p, q model.Plan, old, fresh model.Bundle) {
	if more := missing(fresh.Actions, old.Actions); len(more) > 0 {
		d.say(Changed, "It does in addition %s.", from(more, p, "the first plan did not have"))
	}
	if less := missing(old.Actions, fresh.Actions); len(less) > 0 {
		d.say(Changed, "It does no longer %s.", from(less, q, "the second plan does not have"))
	}
	if len(missing(fresh.Actions, old.Actions))+len(missing(old.Actions, fresh.Actions)) == 0 && !slices.Equal(old.Actions, fresh.Actions) {
		d.say(Changed, "It does the same in another order.")
	}
	if v := versions(p, q, old.Actions); v != nil {
		d.say(Changed, "It ships other versions: %s.", abridge(v))
	}
	if a, b := sorted(old.Gates, gateID), sorted(fresh.Gates, gateID); !slices.Equal(a, b) {
		d.say(Changed, "Its gates are others: %s.", gainsAndLosses(a, b))
	}
	if a, b := sorted(old.Quiesce, quiesceID), sorted(fresh.Quiesce, quiesceID); !slices.Equal(a, b) {
		d.say(Changed, "What has to be quiet before it is something else: %s.", gainsAndLosses(a, b))
	}
	if old.Rollback.Possible != fresh.Rollback.Possible {
		d.say(Changed, "The way back was %q and is %q now.", old.Rollback.Possible, fresh.Rollback.Possible)
	}
	if old.Stay.Status != fresh.Stay.Status {
		d.say(Changed, "Leaving the system in the state after it was %s and is %s now.", stay(old), stay(fresh))
	}
	if fresh.UntestedCut != "" && old.UntestedCut == "" {
		d.say(Changed, "The boundary before it now lies inside %s, which the vendor has not tested in parts.", fresh.UntestedCut)
	}
}

func stay(b model.Bundle) string { return strings.ReplaceAll(string(b.Stay.Status), "-", " ") }

func gateID(g model.Gate) string       { return g.ID }
func quiesceID(q model.Quiesce) string { return q.ID }

func sorted[T any](list []T, id func(T) string) []string {
	var out []string
	for _, x := range list {
		out = append(out, id(x))
	}
	slices.Sort(out)
	return out
}

func gainsAndLosses(a, b []string) string {
	var parts []string
	if more := missing(b, a); len(more) > 0 {
		parts = append(parts, "new "+abridge(more))
	}
	if less := missing(a, b); len(less) > 0 {
		parts = append(parts, "gone "+abridge(less))
	}
	return strings.Join(parts, ", ")
}

// missing are the elements of a that are not in b, in the order of a.
func missing[T comparable](a, b []T) []T {
	in := map[T]bool{}
	for _, x := range b {
		in[x] = true
	}
	var out []T
	for _, x := range a {
		if !in[x] {
			out = append(out, x)
		}
	}
	return out
}

// from lists actions, with the bundle in which the other plan does them.
func from(actions []model.ActionID, other model.Plan, nowhere string) string {
	at := map[model.ActionID]string{}
	for _, b := range other.Bundles {
		for _, a := range b.Actions {
			at[a] = "in the other plan in " + b.Label
		}
	}
	var out []string
	for _, a := range actions {
		where := at[a]
		if where == "" {
			where = nowhere
		}
		out = append(out, fmt.Sprintf("%s (%s)", a, where))
	}
	return abridge(out)
}

// versions are changes of a bundle's actions that lead elsewhere in the other plan.
func versions(p, q model.Plan, actions []model.ActionID) []string {
	carried := map[model.ActionID]bool{}
	for _, a := range actions {
		carried[a] = true
	}
	after := map[model.ChangeID]model.Change{}
	for _, c := range q.Changes {
		after[c.ID] = c
	}
	var out []string
	for _, c := range p.Changes {
		if c.Action == nil || !carried[*c.Action] {
			continue
		}
		if now, ok := after[c.ID]; ok && (now.From != c.From || now.To != c.To) {
			out = append(out, fmt.Sprintf("%s %s -> %s, not %s -> %s", c.ID, now.From, now.To, c.From, c.To))
		}
	}
	slices.Sort(out)
	return out
}

// abridge lists some of many.
func abridge(list []string) string {
	const shown = 6
	if len(list) > shown+1 {
		return strings.Join(list[:shown], ", ") + fmt.Sprintf(" and %d more", len(list)-shown)
	}
	return words.List(list)
}

func tasks(actions []model.ActionID) string {
	var out []string
	for _, a := range actions {
		out = append(out, string(a))
	}
	return abridge(out)
}
