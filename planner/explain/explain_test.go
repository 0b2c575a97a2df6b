package explain_test

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/explain"
)

// small is a plan of two bundles in which each has one reason for everything.
func small() model.Plan {
	fact := func(id model.FactID, subject string) model.Fact {
		return model.Fact{ID: id, Subject: subject, Relation: "r", Object: "o"}
	}
	ship := model.ActionID("ship:ns/api")
	roll := model.Action{ID: "roll:worker", Title: "Rebuild the workers", Role: "worker", Units: 4, Batch: 2, Nodes: []model.NodeImpact{{Name: "w1"}}, Nameless: 3, Facts: []model.FactID{"f5"},
		Effects: []model.Effect{
			{Capability: "compute.launch", Level: model.Degraded, Unknown: true, Start: model.Span{P50s: 50, P90s: 60}, Facts: []model.FactID{"f3"}},
			{Capability: "access.login", Level: model.Outage, Facts: []model.FactID{"f4", "gone"}},
		},
		After: []model.Edge{{Action: ship, Fact: "f6"}},
		Tail:  &model.Tail{Capability: "compute.capacity", Plane: "compute", Level: model.AtRisk, Lasts: &model.Span{P90s: 9}, Facts: []model.FactID{"f3"}}}
	return model.Plan{
		Facts: []model.Fact{fact("f1", "chart:ns/api"), fact("f2", "chart:ns/api"), fact("f3", "x"), fact("f4", "y"), fact("f5", "z"), fact("f6", "order")},
		Changes: []model.Change{{ID: "chart:ns/api", Name: "api", Action: &ship}, {ID: "chart:ns/two", Name: "two"}, {ID: "rpm:two", Name: "two"},
			{ID: "image:left", Name: "left", Reason: "an upload"}},
		Actions: []model.Action{{ID: ship, Title: "Ship api", Changes: []model.ChangeID{"chart:ns/api"}, Facts: []model.FactID{"f1"}}, roll},
		Bundles: []model.Bundle{
			{Key: ship, Label: "B1", Title: "Services", Actions: []model.ActionID{ship}, Stay: model.PlanStay{Facts: []model.FactID{"f1"}}, Rollback: model.ActionRollback{Facts: []model.FactID{"f1", "f2"}},
				Timeline: []model.Interval{{Capability: "control.api", Plane: "control", Level: model.Outage, Start: model.Span{P50s: 1, P90s: 2}, End: model.Span{P50s: 11, P90s: 32}, Action: ship, Facts: []model.FactID{"f1", "f2"}}}},
			{Key: "roll:worker", Label: "B2", Title: "Workers", Actions: []model.ActionID{"roll:worker"},
				Timeline: []model.Interval{{Capability: "compute.launch", Plane: "compute", Level: model.Degraded, Unknown: true, Action: "roll:worker", Facts: []model.FactID{"f3"}}}},
		},
		Planes:   []model.PlaneSummary{{ID: "control"}, {ID: "access"}, {ID: "compute"}},
		Unknowns: []model.UnknownThing{{Subject: "roll:worker", What: "how long"}, {Subject: "chart:ns/api", What: "which"}, {Subject: "else", What: "no matter"}},
	}
}

func facts(fs []model.Fact) string {
	var out []string
	for _, f := range fs {
		out = append(out, string(f.ID))
	}
	return strings.Join(out, " ")
}

// What a subject is asked for decides what it is taken for, and what is found.
func TestOf(t *testing.T) {
	cases := []struct {
		subject, kind, title, bundles, chains, reasons, unknowns string
	}{
		{"B1", "bundle", "Services", "B1", "B1 control.api outage f1 f2", "f1 f2", "chart:ns/api"},
		{"b2", "bundle", "Workers", "B2", "B2 compute.launch degraded? f3", "", "roll:worker"},
		{"roll:worker", "action", "Rebuild the workers", "B2", "B2 access.login outage f4, B2 compute.launch degraded? f3", "f5 f6", "roll:worker"},
		{"ship:ns/api", "action", "Ship api", "B1", "", "f1", "chart:ns/api"},
		{"control", "plane", "", "B1", "B1 control.api outage f1 f2", "", "chart:ns/api"},
		{"compute", "plane", "", "B2", "B2 compute.launch degraded? f3, after compute.capacity at-risk f3", "", "roll:worker"},
		{"compute.capacity", "capability", "", "", "after compute.capacity at-risk f3", "", "roll:worker"},
		{"compute.launch", "capability", "", "B2", "B2 compute.launch degraded? f3", "", "roll:worker"},
		{"control.nothing-feels-it", "capability", "", "", "", "", ""},
		{"chart:ns/api", "component", "Ship api", "B1", "", "f1 f2", "chart:ns/api"},
		{"api", "component", "Ship api", "B1", "", "f1 f2", "chart:ns/api"},
		{"left", "component", "", "", "", "", ""},
	}
	for _, c := range cases {
		t.Run(c.subject, func(t *testing.T) {
			r, err := explain.Of(small(), c.subject)
			if err != nil {
				t.Fatal(err)
			}
			var chains, unknowns []string
			for _, x := range r.Chains {
				s := x.Bundle + " " + string(x.Capability) + " " + x.Level.String()
				if x.Unknown {
					s += "?"
				}
				chains = append(chains, s+" "+facts(x.Facts))
			}
			for _, u := range r.Unknowns {
				unknowns = append(unknowns, u.Subject)
			}
			got := []string{r.Kind, r.Title, strings.Join(r.Bundles, " "), strings.Join(chains, ", "), facts(r.Reasons), strings.Join(unknowns, " ")}
			if want := []string{c.kind, c.title, c.bundles, c.chains, c.reasons, c.unknowns}; !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func TestDetails(t *testing.T) {
	r, _ := explain.Of(small(), "B1")
	if c := r.Chains[0]; c.Start != (model.Span{P50s: 1, P90s: 2}) || c.Lasts != (model.Span{P50s: 10, P90s: 30}) || c.Action != "ship:ns/api" || c.Title != "Ship api" {
		t.Errorf("%+v", c)
	}
	if len(r.Cut) != 1 || !strings.Contains(r.Cut[0], "does not carry its policy") {
		t.Errorf("the cut: %q", r.Cut)
	}
	r, _ = explain.Of(small(), "roll:worker")
	if n := r.Nodes; n == nil || n.Role != "worker" || n.Units != 4 || n.Batch != 2 || n.Nameless != 3 || len(n.Nodes) != 1 {
		t.Errorf("nodes %+v", r.Nodes)
	}
	r, _ = explain.Of(small(), "compute")
	if c := r.Chains[1]; c.Lasts.P90s != 9 || c.Action != "roll:worker" {
		t.Errorf("the tail: %+v", c)
	}
	r, _ = explain.Of(small(), "left")
	if r.Change == nil || r.Change.Reason != "an upload" || r.Chains == nil || r.Reasons == nil || r.Unknowns == nil || r.Bundles == nil {
		t.Errorf("%+v", r)
	}
	p := small()
	p.Inputs = []model.Input{{Kind: "policy", Content: []byte("{")}}
	if r, _ = explain.Of(p, "B2"); len(r.Cut) != 1 || !strings.Contains(r.Cut[0], "cannot be read") {
		t.Errorf("the cut: %q", r.Cut)
	}
}

// What is not there, or is several things, is an error that says what is near.
func TestNotFound(t *testing.T) {
	for subject, want := range map[string]string{
		"two": "did you mean chart:ns/two, rpm:two?", "work": "did you mean roll:worker?", "nothing": "use a capability", "network.x": "use a capability", explain.Standing: "use a capability", "B9": "use a capability",
	} {
		if _, err := explain.Of(small(), subject); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), subject) {
			t.Errorf("%s: %v, want %q", subject, err, want)
		}
	}
}

// Of an update that has begun, what goes on now comes first.
func TestStanding(t *testing.T) {
	p := small()
	p.Standing = &model.Standing{Actions: 5, Done: []model.DoneAction{{ID: "roll:master", Title: "Rebuild the masters"}}, Stay: model.PlanStay{Facts: []model.FactID{"f1"}}, Rollback: model.ActionRollback{Facts: []model.FactID{"f2", "f1"}},
		Ongoing: []model.Ongoing{{Capability: "control.api", Plane: "control", Level: model.AtRisk, Action: "roll:master", Facts: []model.FactID{"f4"}}}}
	r, err := explain.Of(p, explain.Standing)
	if err != nil || r.Kind != "standing" || facts(r.Reasons) != "f1 f2" || len(r.Chains) != 1 || r.Chains[0].Title != "Rebuild the masters" || r.Chains[0].Bundle != "now" || !strings.Contains(r.Subject, "1 of 5") {
		t.Errorf("%+v, %v", r, err)
	}
	for _, subject := range []string{"control", "control.api"} {
		r, _ := explain.Of(p, subject)
		if len(r.Chains) != 2 || r.Chains[0].Bundle != "now" || r.Chains[1].Bundle != "B1" {
			t.Errorf("%s: %+v", subject, r.Chains)
		}
	}
	if r, _ := explain.Of(p, "compute"); len(r.Chains) != 2 {
		t.Errorf("compute: %+v", r.Chains)
	}
	if r, err := explain.Of(p, "roll:master"); err != nil || r.Title != "Rebuild the masters (done before this plan)" || len(r.Chains) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}
