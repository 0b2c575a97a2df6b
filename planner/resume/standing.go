package resume

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/schedule"
	"planewise/planner/words"
)

// Standing says where the system stands before the first bundle: what is done and how
// one gets back from it, what goes on because of it, and whether one may stay. done are
// the done actions, bundles what is left, final what is known of the state after it. It
// is nil for an update that has not begun.
func (p *Progress) Standing(done []model.Action, bundles []model.Bundle, final *model.Stay) (*model.Standing, []model.Fact) {
	if p == nil {
		return nil, nil
	}
	now := schedule.Now(p.Begun(), done, p.tasks, final)
	s := &model.Standing{
		Done: []model.DoneAction{}, Actions: len(p.tasks), Made: orEmpty(p.changes), Partly: orEmpty(p.partly), Ongoing: orEmpty(p.ongoing(bundles, done)),
		Stay: now.Stay, Rollback: now.Rollback, PointOfNoReturn: now.PointOfNoReturn, LastSafeStop: now.LastSafeStop,
	}
	for i := range done {
		s.Done = append(s.Done, p.doneAction(&done[i]))
	}
	if len(bundles) > 0 {
		s.Next = &bundles[0].Key
	}
	return s, now.Facts
}

func (p *Progress) doneAction(a *model.Action) model.DoneAction {
	out := model.DoneAction{ID: a.ID, Title: a.Title, Stage: a.Stage, Units: max(a.Units, 1), Of: max(a.Units, 1), Rollback: a.Rollback, Facts: orEmpty(a.Facts)}
	if n := p.units[a.ID]; n > 0 {
		out.Units = n
	}
	if a.NoReturn {
		out.Rollback.Possible = model.No
	}
	return out
}

// Tails are the done actions that leave a tail, as a bundle before the first: what must
// not run during it is not known to be over.
func Tails(done []model.Action) [][]model.Action {
	var out []model.Action
	for _, a := range done {
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

// DisturbedNow warns of what people notice already, once for each action that ends it:
// the split minimizes what is still to come, and does not hurry because of it.
func DisturbedNow(s *model.Standing, bundles []model.Bundle) []model.Diagnostic {
	var out []model.Diagnostic
	if s == nil {
		return nil
	}
	for _, o := range Ends(s.Ongoing) {
		if o.Range().Most < model.Degraded || o.Until == "ever" || o.Until == "tail" {
			continue
		}
		d := model.Diagnostic{Severity: model.Warning, Code: "disturbed-now", Subject: string(o.Capability), Path: []string{string(o.Action), strings.TrimPrefix(o.Until, "action:")},
			Summary: fmt.Sprintf("%s as long as the update stands here%s", words.Level(o.Level, o.Unknown), Until(bundles, o)),
			Hint:    "go on soon; planewise explain PLAN standing lists all that goes on"}
		if i := slices.IndexFunc(bundles, func(one model.Bundle) bool { return o.Bundle != nil && one.Key == *o.Bundle }); i > 0 {
			d.Hint = fmt.Sprintf("%s comes before: leave no time between them; planewise explain PLAN standing lists all that goes on", words.List(labels(bundles[:i])))
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

// Ends are the first, which is the worst, of what goes on for each end.
func Ends(ongoing []model.Ongoing) []model.Ongoing {
	var out []model.Ongoing
	for _, o := range ongoing {
		if !slices.ContainsFunc(out, func(x model.Ongoing) bool { return x.Until == o.Until }) {
			out = append(out, o)
		}
	}
	return out
}

// Until says in words when what goes on ends, with the space or comma before it.
func Until(bundles []model.Bundle, o model.Ongoing) string {
	id := strings.TrimPrefix(o.Until, "action:")
	switch {
	case o.Until == "ever":
		return ", for good"
	case o.Until == "tail":
		return " until " + string(o.Action) + " has taken effect on every node"
	}
	for _, one := range bundles {
		if o.Bundle != nil && one.Key == *o.Bundle {
			return " until " + id + " in " + one.Label
		}
	}
	return " until " + id + ", which is not part of the plan"
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
