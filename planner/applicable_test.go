package planner_test

import (
	"bytes"
	"testing"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/actions"
)

// A plan made with the procedures that it may follow is the plan made with all,
// whatever the path and the edits.
func TestApplicableProceduresAreEnough(t *testing.T) {
	f := embedded(t)
	covered := 0
	for from, before := range f.releases {
		for to, after := range f.releases {
			for _, path := range []string{"", "iuf"} {
				in := f.input([]model.Release{before}, []model.Release{after})
				in.Path, in.Edits = path, model.Edits{Excluded: []string{"roll:worker"}}
				some := in
				some.Procedures = nil
				for _, i := range actions.Applicable(in.Procedures, in.From, in.To) {
					some.Procedures = append(some.Procedures, in.Procedures[i])
				}
				switch {
				case len(some.Procedures) < 3:
					covered++
				case from != "csm-1.5.2":
					continue // nothing covers the step: one start stands for the others
				}
				if !bytes.Equal(encoded(t, planner.Build(in)), encoded(t, planner.Build(some))) {
					t.Errorf("%s to %s, path %q: %d of %d procedures make another plan", from, to, path, len(some.Procedures), len(in.Procedures))
				}
			}
		}
	}
	if covered == 0 {
		t.Error("no step is covered")
	}
}
