package planner_test

import (
	"bytes"
	"testing"

	"planewise/model"
	"planewise/model/document"
	"planewise/planner"
)

// What is prepared remembers earlier plans; every plan is nevertheless, byte for
// byte, the one that is made without any of that.
func TestPreparedMakesTheSamePlans(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.5.0"), w.set("csm-1.5.2"))
	prepared := planner.Prepare(in.Catalog, in.Procedures, in.System, in.Policy)
	same := func(in planner.Input) {
		t.Helper()
		// The second time everything is remembered.
		for range 2 {
			got, err := document.EncodePlan(prepared.Build(in))
			if err != nil {
				t.Fatal(err)
			}
			if want, err := document.EncodePlan(planner.Build(in)); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%+v: the plan is another one (%v)", in.Edits, err)
			}
		}
	}
	same(in)
	for _, a := range planner.Build(in).Actions {
		edited := in
		edited.Edits = model.Edits{Excluded: []string{string(a.ID)}}
		same(edited)
		if len(a.Changes) > 0 {
			edited.Edits = model.Edits{Excluded: []string{string(a.Changes[0])}}
			same(edited)
		}
	}
	for _, to := range []string{"csm-1.6.0-rc.3", "csm-1.4.3"} {
		in.To = w.set(to, "uan-2.7.0")
		same(in)
	}
}
