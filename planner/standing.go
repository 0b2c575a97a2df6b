package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/schedule"
	"planewise/planner/words"
)

// standing says where the system stands before the first bundle: what is done and
// how one gets back from it, what goes on because of it, and whether one may stay.
// It is nil for an update that has not begun.
func (b *build) standing(p *model.Plan, work actions.Result) *model.Standing {
	r := b.resumed
	if r == nil {
		return nil
	}
	begun := b.doneActions()
	now := schedule.Now(r.begun(), begun, r.all, b.finalStay(work))
	b.know(now.Facts)
	s := &model.Standing{
		Done: []model.DoneAction{}, Actions: len(r.all), Made: orEmpty(r.changes), Partly: orEmpty(r.partly), Ongoing: orEmpty(b.ongoing(p, begun)),
		Stay: now.Stay, Rollback: now.Rollback, PointOfNoReturn: now.PointOfNoReturn, LastSafeStop: now.LastSafeStop,
	}
	for i := range begun {
		a := &begun[i]
		done := model.DoneAction{ID: a.ID, Title: a.Title, Stage: a.Stage, Units: max(a.Units, 1), Of: max(a.Units, 1), Rollback: a.Rollback, Facts: orEmpty(a.Facts)}
		if n := r.units[a.ID]; n > 0 {
			done.Units = n
		}
		if a.NoReturn {
			done.Rollback.Possible = model.No
		}
		s.Done = append(s.Done, done)
	}
	if len(p.Bundles) > 0 {
		s.Next = &p.Bundles[0].Key
	}
	b.note(disturbedNow(p, s.Ongoing))
	return s
}

// disturbedNow warns of what people feel already, once for each action that ends it:
// the split minimizes what is still to come, and does not hurry because of it.
func disturbedNow(p *model.Plan, ongoing []model.Ongoing) []model.Diagnostic {
	var out []model.Diagnostic
	for _, o := range distinctBy(ongoing, func(o model.Ongoing) string { return o.Until }) {
		if o.Range().Most < model.Degraded || o.Until == "ever" || o.Until == "tail" {
			continue
		}
		d := model.Diagnostic{Severity: model.Warning, Code: "disturbed-now", Subject: string(o.Capability), Path: []string{string(o.Action), strings.TrimPrefix(o.Until, "action:")},
			Summary: fmt.Sprintf("%s as long as the update stands here%s", words.Level(o.Level, o.Unknown), untilText(p, o)),
			Hint:    "go on soon; planewise explain PLAN standing lists all that goes on"}
		if i := slices.IndexFunc(p.Bundles, func(one model.Bundle) bool { return o.Bundle != nil && one.Key == *o.Bundle }); i > 0 {
			d.Hint = fmt.Sprintf("%s comes before: leave no time between them; planewise explain PLAN standing lists all that goes on", words.List(labels(p.Bundles[:i])))
		}
		out = append(out, d)
	}
	return out
}

func labels(bundles []model.Bundle) []string {
	var out []string
	for _, one := range bundles {
		out = append(out, one.Label)
	}
	return out
}

// doneActions are the actions of which something is done, as if they were still to
// be done: what they leave behind and how they are undone does not depend on when.
func (b *build) doneActions() []model.Action {
	r := b.resumed
	switch {
	case r == nil:
		return nil
	case r.actions != nil:
		return r.actions
	}
	for i := range r.all {
		if t := &r.all[i]; r.whole[t.ID] || r.units[t.ID] > 0 {
			a, facts, _ := b.engine.Act(*t)
			b.know(facts)
			r.actions = append(r.actions, b.replaced(a, t))
		}
	}
	return r.actions
}

// tailsBefore are the done actions that leave a tail, as a bundle before the first:
// what must not run during it is not known to be over.
func (b *build) tailsBefore() [][]model.Action {
	var out []model.Action
	for _, a := range b.doneActions() {
		if a.Tail != nil {
			a.Effects = nil
			out = append(out, a)
		}
	}
	if out == nil {
		return nil
	}
	return [][]model.Action{out}
}

// standingAnswer is the first line under a plan that goes on with a begun update.
func standingAnswer(p model.Plan, capabilities []model.Capability) (model.Answer, bool) {
	s := p.Standing
	if s == nil {
		return model.Answer{}, false
	}
	a := model.Answer{Topic: "standing", Facts: slices.Concat(s.Stay.Facts, s.Rollback.Facts)}
	parts := []string{doneText(s)}
	for _, o := range s.Ongoing {
		a.Facts = append(a.Facts, o.Facts...)
	}
	parts = append(parts, ongoingText(&p, capabilities)...)
	parts = append(parts, stayText(s.Stay.Status), backText(s))
	a.Text = "Where it stands: " + strings.Join(parts, "; ") + "."
	slices.Sort(a.Facts)
	a.Facts = slices.Compact(a.Facts)
	return a, true
}

func doneText(s *model.Standing) string {
	whole := 0
	var partly []string
	for _, d := range s.Done {
		if d.Units == d.Of {
			whole++
		} else {
			partly = append(partly, fmt.Sprintf("%d of %d of %s", d.Units, d.Of, d.ID))
		}
	}
	text := fmt.Sprintf("%d of %s done", whole, words.Count(s.Actions, "action"))
	if len(partly) > 0 {
		text += " and " + words.List(partly)
	}
	return text
}

// ongoingText tells of what goes on now: of each end the worst capability, and how
// many others there are.
func ongoingText(p *model.Plan, capabilities []model.Capability) []string {
	titles := map[model.CapabilityID]string{}
	for _, c := range capabilities {
		titles[c.ID] = c.Title
	}
	count := map[string]int{}
	for _, o := range p.Standing.Ongoing {
		count[o.Until]++
	}
	var out []string
	for _, o := range distinctBy(p.Standing.Ongoing, func(o model.Ongoing) string { return o.Until }) {
		text := fmt.Sprintf("%s now for %q", words.Level(o.Level, o.Unknown), cmp.Or(titles[o.Capability], string(o.Capability)))
		if n := count[o.Until] - 1; n > 0 {
			text += fmt.Sprintf(" and %d more", n)
		}
		out = append(out, text+untilText(p, o))
	}
	return out
}

func untilText(p *model.Plan, o model.Ongoing) string {
	id := strings.TrimPrefix(o.Until, "action:")
	switch {
	case o.Until == "ever":
		return ", for good"
	case o.Until == "tail":
		return " until " + string(o.Action) + " has taken effect on every node"
	case o.Bundle != nil:
		return " until " + id + " in " + bundleOf(*p, o.Bundle)
	}
	return " until " + id + ", which is not part of the plan"
}

func stayText(status model.StayStatus) string {
	switch status {
	case model.StaySupported:
		return "it is documented that the system may stay like this"
	case model.StayNotSupported:
		return "it is documented that the system must not stay like this"
	}
	return "no document says whether the system may stay like this"
}

func backText(s *model.Standing) string {
	switch {
	case s.PointOfNoReturn == nil && s.Rollback.Possible == model.Yes:
		return "the way back is known and takes up to " + words.Duration(s.Rollback.P90s)
	case s.Rollback.Possible != model.No:
		return "nobody describes a way back behind " + string(*s.PointOfNoReturn)
	}
	// The first that cannot be undone for certain may be one of which nobody says how.
	i := slices.IndexFunc(s.Done, func(d model.DoneAction) bool { return d.Rollback.Possible == model.No })
	if i < 0 || s.Done[i].ID == *s.PointOfNoReturn {
		return "there is no way back behind " + string(*s.PointOfNoReturn)
	}
	return fmt.Sprintf("nobody describes a way back behind %s, and there is none behind %s", *s.PointOfNoReturn, s.Done[i].ID)
}
