// Package verify says what of a plan still holds: which of its inputs have moved
// since it was made, which bundles that touches and how, whether its constraints
// and windows still hold, and whether less than all of it may be done.
//
// # How a move is traced to bundles
//
// For every input that moved, the plan is made again from its own inputs with
// just this one replaced. The bundles that come out differently are those that
// the move touches. Nothing has to be known about how inputs matter, and a move
// that touches nothing is known to touch nothing. What all moves together make of
// a bundle comes from the plan made of today's inputs.
//
// # The whole is compared
//
// Made again from what it carries, a plan has to be what it is, in every field but a
// few that are free (see free). One that is not, although the same reasoning made it
// (planner.Reasoning), was changed after it was made, or damaged. One that another
// reasoning made may differ honestly.
//
// That says nothing of who made a plan, and of what: the id is no signature, and the
// inputs of a plan that was forged with them lead to it. Result.MadeFrom has their
// digests, for comparison with those that one trusts.
//
// # The verdict
//
// Invalid: the plan is not sound in itself, or not what the same reasoning makes of
// what it carries. Stale: another reasoning made it, an input that it rests on has
// moved, or something would be planned differently today, or a window has passed or is
// no longer granted, or it cannot be made again. Fresh otherwise; documents that the
// plan carries without resting on them (the procedure of the other path) may move without
// making it stale, as long as nothing changes by it.
package verify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/document"
	"planewise/planner"
	"planewise/planner/age"
	"planewise/planner/compare"
	"planewise/planner/inputs"
	"planewise/planner/schedule"
	"planewise/planner/words"
)

// Status of a plan or bundle.
type Status string

const (
	Fresh   Status = "fresh"
	Stale   Status = "stale"
	Invalid Status = "invalid"
)

// CodeStale is the code of a picture of the site that is too old: the plan has to be
// made again, on a new one.
const CodeStale = "snapshot-stale"

// Input is what a plan is verified with.
type Input struct {
	Plan model.Plan
	// Was is what the plan was made from, Is the same today.
	Was, Is planner.Input
	// Now is the time at which windows have passed; zero: no matter.
	Now time.Time
}

// Result is what was found.
type Result struct {
	Status Status `json:"status"`
	Plan   string `json:"plan"`
	// Reasons for the status, in sentences.
	Reasons []string `json:"reasons"`
	// Inputs that moved, those that the plan rests on first.
	Inputs  []Move   `json:"inputs"`
	Bundles []Bundle `json:"bundles"`
	// Faults make the plan invalid.
	Faults []model.Diagnostic `json:"faults"`
	// Reasoning is the plan's; see planner.Reasoning.
	Reasoning string `json:"reasoning"`
	// Differences are what the plan says and, made again, does not: what a reader decides
	// by first, then in the order of the fields' names.
	Differences []Difference `json:"differences"`
	// MadeFrom are the documents that the plan carries.
	MadeFrom []Document `json:"made_from"`
	// Appeared and Settled are warnings and blocking diagnostics of a plan made today.
	Appeared []string `json:"appeared"`
	Settled  []string `json:"settled"`
	// Picture says what is to be known of the age of the picture of the site.
	Picture []model.Diagnostic `json:"picture,omitempty"`
}

// Document is one that the plan was made from.
type Document struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Digest string `json:"digest"`
	// Used: the plan rests on it.
	Used bool `json:"used"`
}

// Bundle is one bundle of the plan.
type Bundle struct {
	Key    model.ActionID `json:"key"`
	Label  string         `json:"label"`
	Status Status         `json:"status"`
	// Inputs whose move alone changes it: "release core-1.5.2".
	Inputs []string `json:"inputs"`
	// Changes and Details say what a plan made today makes of it.
	Changes []compare.Change `json:"changes"`
	Details []string         `json:"details"`
	// Broken are constraints of today that its place in the plan breaks.
	Broken []model.Diagnostic `json:"broken"`
	// Window says what is wrong with its window, "" where nothing is.
	Window string `json:"window,omitempty"`
	Less   Less   `json:"less"`
}

// Plan verifies. The error is for a plan that has no canonical form; none that was read
// is one.
func Plan(in Input) (Result, error) {
	r := begin(in.Plan)
	if r.Status == Invalid {
		return r, nil
	}
	base := planner.Build(in.Was)
	whole, err := inputs.Complete(base, in.Was)
	if err != nil {
		return r, err
	}
	if r.Differences, err = between(in.Plan, whole); err != nil {
		return r, err
	}
	if len(r.Differences) > 0 && in.Plan.Reasoning == planner.Reasoning {
		r.invalid("It is not the plan that follows from what it carries, though it says to come from the same reasoning as this program's (%s): it was changed after it was made, or damaged.", planner.Reasoning)
		return r, nil
	}
	moves := movesOf(in)
	if err := trace(moves, in, base); err != nil {
		return r, err
	}
	today := base
	if len(moves) > 0 {
		today = planner.Build(in.Is)
	}
	for _, m := range moves {
		r.Inputs = append(r.Inputs, m.Move)
	}
	diff := compare.Plans(in.Plan, today)
	r.Appeared, r.Settled = diff.Appeared, diff.Settled
	r.Bundles = bundles(in, today, diff, r)
	r.Picture = age.Check(in.Is.System, in.Is.Policy, in.Now)
	r.judge(in)
	return r, nil
}

// NotCheckable is the result for a plan that cannot be made again, and why.
func NotCheckable(p model.Plan, why error) Result {
	r := begin(p)
	if r.Status != Invalid {
		r.Status = Stale
		r.Reasons = append(r.Reasons, fmt.Sprintf("Not checkable: %s.", why))
	}
	return r
}

// begin is what is said of a plan by itself.
func begin(p model.Plan) Result {
	r := Result{
		Status: Fresh, Plan: p.ID, Reasoning: p.Reasoning, Reasons: []string{}, Inputs: []Move{}, Bundles: []Bundle{}, Differences: []Difference{},
		Faults: faults(p), MadeFrom: []Document{}, Appeared: []string{}, Settled: []string{},
	}
	for _, d := range p.Inputs {
		r.MadeFrom = append(r.MadeFrom, Document{d.Kind, d.Name, d.Digest, restsOn(p, d)})
	}
	if len(r.Faults) > 0 {
		r.invalid("The plan is not sound in itself.")
	}
	return r
}

func (r *Result) invalid(format string, args ...any) {
	r.Status = Invalid
	r.Reasons = append(r.Reasons, fmt.Sprintf(format, args...))
}

// restsOn: all documents, but not the releases between the two sides, and of the
// procedures those that the plan follows.
func restsOn(p model.Plan, d model.Input) bool {
	switch d.Kind {
	case inputs.Release:
		return slices.ContainsFunc(slices.Concat(p.From, p.To), func(r model.ReleaseRef) bool { return r.Digest == d.Digest })
	case inputs.Procedure:
		return follows(p, d.Name)
	}
	return true
}

func follows(p model.Plan, procedure string) bool {
	return slices.Contains(strings.Split(p.Procedure.Name, " + "), procedure)
}

// between are the differences of a plan and the same made again.
func between(p, again model.Plan) ([]Difference, error) {
	said, err := treeOf(p)
	if err != nil {
		return nil, err
	}
	other, err := treeOf(again)
	if err != nil {
		return nil, err
	}
	home := map[string]string{}
	for _, b := range p.Bundles {
		home[b.Label] = b.Label
		for _, a := range b.Actions {
			home[string(a)] = b.Label
		}
	}
	return differences(said, other, home), nil
}

// judge collects the reasons for being stale.
func (r *Result) judge(in Input) {
	var used, other []string
	for _, m := range r.Inputs {
		switch {
		case m.Used:
			used = append(used, m.name())
		case m.Effect:
			other = append(other, m.name())
		}
	}
	stale := func(format string, args ...any) {
		r.Status = Stale
		r.Reasons = append(r.Reasons, fmt.Sprintf(format, args...))
	}
	if used != nil {
		stale("Inputs that it rests on have moved: %s.", strings.Join(used, ", "))
	}
	if other != nil {
		stale("Other inputs have moved and change it: %s.", strings.Join(other, ", "))
	}
	if by := in.Plan.Reasoning; by != planner.Reasoning {
		made := "It was made by reasoning " + by
		if by == "" {
			made = "It was made by an older reasoning, from before that was noted"
		}
		same := "in all else it is the same"
		if n := len(r.Differences); n > 0 {
			same = "it differs in " + words.Count(n, "place")
		}
		stale("%s (%s), this program reasons %s: made again, %s.", made, in.Plan.Tool, planner.Reasoning, same)
	}
	for _, d := range r.Picture {
		if d.Code == CodeStale {
			stale("The picture of the site is too old: %s.", d.Summary)
		}
	}
	var touched []string
	for _, b := range r.Bundles {
		if b.Status != Fresh {
			touched = append(touched, b.Label)
		}
	}
	switch {
	case touched != nil:
		stale("Bundles that no longer stand as planned: %s.", strings.Join(touched, ", "))
	case len(r.Appeared) > 0:
		stale("A plan made today would warn of something new.")
	case r.Status == Stale:
		r.Reasons = append(r.Reasons, "Every bundle would be planned today as it was.")
	}
}

// bundles says of each bundle of the plan what has become of it.
func bundles(in Input, today model.Plan, diff compare.Diff, r Result) []Bundle {
	broken := map[string][]model.Diagnostic{}
	for _, d := range schedule.Check(in.Plan.Bundles, today.Actions) {
		broken[d.Subject] = append(broken[d.Subject], d)
	}
	differs := map[string]bool{}
	for _, d := range r.Differences {
		differs[d.Bundle] = true
	}
	now := map[string]compare.BundleDiff{}
	for _, d := range diff.Bundles {
		if d.Old != "" {
			now[d.Old] = d
		}
	}
	less := newLess(in.Plan, today)
	out := []Bundle{}
	for i, b := range in.Plan.Bundles {
		d := now[b.Label]
		one := Bundle{
			Key: b.Key, Label: b.Label, Status: Fresh, Inputs: []string{}, Changes: d.Changes, Details: d.Details,
			Broken: []model.Diagnostic{}, Window: windowFault(in, b), Less: less.of(i),
		}
		for _, m := range r.Inputs {
			if slices.Contains(m.Bundles, b.Label) {
				one.Inputs = append(one.Inputs, m.name())
			}
		}
		for _, a := range b.Actions {
			one.Broken = append(one.Broken, broken[string(a)]...)
		}
		if d.Status != compare.Same || len(one.Broken) > 0 || one.Window != "" || differs[b.Label] {
			one.Status = Stale
		}
		out = append(out, one)
	}
	return out
}

// faults are what makes a plan unsound in itself.
func faults(p model.Plan) []model.Diagnostic {
	out := []model.Diagnostic{}
	for _, d := range p.Diagnostics {
		if d.Code == document.CodeWrongDigest {
			out = append(out, d)
		}
	}
	out = append(out, structure(p)...)
	if len(out) > 0 {
		return model.SortDiagnostics(out)
	}
	return append(out, schedule.Check(p.Bundles, p.Actions)...)
}

// structure reports references that lead nowhere, and actions that are not in
// exactly one bundle.
func structure(p model.Plan) []model.Diagnostic {
	var out []model.Diagnostic
	bad := func(subject, summary string) {
		out = append(out, model.Diagnostic{Severity: model.Blocking, Code: "broken-plan", Subject: subject, Summary: summary,
			Hint: "fetch the file from where it was approved, or plan again"})
	}
	if len(p.Bundles) > MaxBundles {
		bad("bundles", fmt.Sprintf("the plan has %d bundles; at most %d can be verified", len(p.Bundles), MaxBundles))
		return out
	}
	times, labels := map[model.ActionID]int{}, map[string]bool{}
	for _, b := range p.Bundles {
		if labels[b.Label] {
			bad(b.Label, "two bundles have this label")
		}
		labels[b.Label] = true
		for _, a := range b.Actions {
			times[a]++
		}
	}
	known := map[model.ActionID]bool{}
	for _, a := range p.Actions {
		if known[a.ID] {
			bad(string(a.ID), "two actions have this id")
		}
		known[a.ID] = true
		if n := times[a.ID]; n != 1 {
			bad(string(a.ID), fmt.Sprintf("the action is in %d bundles; each is in exactly one", n))
		}
	}
	for _, b := range p.Bundles {
		for _, a := range b.Actions {
			if !known[a] {
				bad(string(b.Key), fmt.Sprintf("bundle %s names the action %s, which the plan does not describe", b.Label, a))
			}
		}
	}
	for _, c := range p.Changes {
		if c.Action != nil && !known[*c.Action] {
			bad(string(c.ID), fmt.Sprintf("the change is carried by the action %s, which the plan does not describe", *c.Action))
		}
	}
	return out
}
