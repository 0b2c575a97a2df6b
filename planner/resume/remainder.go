package resume

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// turnsOf is how many times a task takes a batch of its units: what all together take
// is the time of one turn, however many they are.
func turnsOf(t model.Task) int {
	batch := max(t.Batch, 1)
	return (t.Units + batch - 1) / batch
}

// remainder is what is left of a task of which n units are done.
func remainder(t model.Task, n int) model.Task {
	of, whole, turns := t.Units, t.Title, turnsOf(t)
	t.Units -= n
	left := turnsOf(t)
	t.Batch = min(t.Batch, t.Units)
	t.Title = fmt.Sprintf("%s: the %d of %d that are left", whole, t.Units, of)
	if t.Units == 1 {
		t.Title = fmt.Sprintf("%s: the last of %d", whole, of)
	}
	if t.Duration != nil {
		d := *t.Duration
		d.P50s, d.P90s = share(d.P50s, left, turns), share(d.P90s, left, turns)
		d.Text = strings.TrimSpace(fmt.Sprintf("%s %d of %d are left.", d.Text, t.Units, of))
		t.Duration = &d
	}
	t.Facts = append(slices.Clone(t.Facts), model.NewFact(string(t.ID), "goes-on-after", fmt.Sprintf("%d of %d", n, of), "", model.Evidence{
		Basis: model.BasisObserved, Source: "edits.done", Text: fmt.Sprintf("%d of %d were reported as done before this plan.", n, of)}))
	return t
}

// share is part of whole of a length, rounded up.
func share(length int64, part, whole int) int64 {
	return (length*int64(part) + int64(whole) - 1) / int64(whole)
}

// interrupted: how many nodes are done says nothing about the one at which the roll
// was stopped.
func interrupted(t model.Task, n int) model.Diagnostic {
	return model.Diagnostic{Severity: model.Warning, Code: "interrupted-roll", Subject: string(t.ID),
		Summary: fmt.Sprintf("%d of %d are done; whether one of the others is drained, cordoned or half rebuilt is not known", n, n+t.Units),
		Hint:    "look before going on (kubectl get nodes; ceph status), or plan with a fresh snapshot of the system"}
}
