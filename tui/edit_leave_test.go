package tui

import (
	"context"
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/edit"
)

// Whatever is left out of an embedded plan goes with all that is documented to need it,
// and nothing else is named that would have stayed; what is taken back comes with what it
// needs. So neither ends in a plan that blocks for it.
func TestLeaveAndTakeNeverBlock(t *testing.T) {
	for _, q := range []Question{
		{"csm-1.5.0", "csm-1.5.2", "demo", "jobs-first"},
		{"csm-1.5.2+uan-2.6.0", "csm-1.6.0-rc.3+uan-2.7.0", "demo", "jobs-first"},
		{"csm-1.3.5", "csm-1.4.3", "large", "fewest-windows"},
	} {
		base, err := newSession(t).Open(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		in := base.Input
		now := planner.Build(in)
		for i, a := range now.Actions {
			// One of some, and all on which much depends.
			if i%8 == 0 || a.Units > 1 {
				leftOut(t, in, now, string(a.ID))
			}
			if len(a.Changes) == 1 && (i%8 == 4 || strings.HasPrefix(string(a.ID), "step:")) {
				leftOut(t, in, now, string(a.Changes[0])) // it may run without
			}
		}
	}
}

func leftOut(t *testing.T, in planner.Input, now model.Plan, subject string) {
	left, err := edit.Apply(in, now, edit.Command{Verb: edit.Leave, Subject: subject})
	if err != nil {
		t.Errorf("%s: %v", subject, err)
		return
	}
	in.Edits = left.Edits
	without := planner.Build(in)
	if d := stands(without); d != "" {
		t.Errorf("without %s: %s", subject, d)
	}
	for _, id := range left.Along[max(0, len(left.Along)-2):] {
		alone := in
		alone.Edits.Excluded = slices.DeleteFunc(slices.Clone(left.Edits.Excluded), func(x string) bool { return x == id })
		if stands(planner.Build(alone)) == "" {
			t.Errorf("without %s %s could have stayed", subject, id)
		}
	}
	if len(left.Along) == 0 {
		return
	}
	last := left.Along[len(left.Along)-1]
	back, err := edit.Apply(in, without, edit.Command{Verb: edit.Take, Subject: last})
	if err != nil {
		t.Errorf("%s: %v", last, err)
		return
	}
	in.Edits = back.Edits
	if d := stands(planner.Build(in)); d != "" {
		t.Errorf("without %s and with %s: %s", subject, last, d)
	}
}

// stands is what the plan says of something that stays although what it needs does not.
func stands(p model.Plan) string {
	for _, d := range p.Diagnostics {
		if d.Code == "excluded-requirement" {
			return d.Summary
		}
	}
	return ""
}
