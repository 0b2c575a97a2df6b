package unknown_test

import (
	"slices"
	"testing"

	"planewise/model"
	"planewise/planner/unknown"
)

// plan has an action of which nothing is known on any plane, one whose gap is known,
// and one that nobody has timed.
func plan() model.Plan {
	why := model.NewFact("ship:apps/*", "has an unknown effect on", "plane:*", "unknown", model.Evidence{Basis: model.BasisUnknown, Text: "No rule maps it."})
	effect := model.Effect{Capability: model.Any, Plane: model.Any, Unknown: true, Facts: []model.FactID{why.ID}}
	return model.Plan{
		Facts: []model.Fact{why},
		Actions: []model.Action{
			{ID: "ship:apps/a", Changes: []model.ChangeID{"chart:apps/a"}, Effects: []model.Effect{effect}},
			{ID: "ship:apps/b", Changes: []model.ChangeID{"chart:apps/b"}, Effects: []model.Effect{effect}},
			{ID: "ship:core/c", Effects: []model.Effect{{Capability: "control.api", Plane: "control", Level: model.Blip}}},
			{ID: "step:d", DurationUnknown: true},
		},
		Bundles: []model.Bundle{{Impact: []model.PlaneImpact{
			{Plane: "compute", Capabilities: []model.CapabilityImpact{{ID: "compute.jobs"}}},
			{Plane: "control", Capabilities: []model.CapabilityImpact{{ID: "control.api"}}},
		}}},
	}
}

func TestOf(t *testing.T) {
	p := plan()
	reach := p.Reach()
	got := unknown.Of(&p.Actions[0], p.Facts, reach)
	if len(got) != 1 || got[0].Subject != "ship:apps/a" || !slices.Equal(got[0].Planes, []string{"compute", "control"}) || got[0].SettleBy == "" {
		t.Errorf("an action on any plane: %+v", got)
	}
	if got := unknown.Of(&p.Actions[2], p.Facts, reach); len(got) != 0 {
		t.Errorf("a known gap is called unknown: %+v", got)
	}
	if got := unknown.Of(&p.Actions[3], p.Facts, reach); len(got) != 1 || got[0].What != unknown.Duration {
		t.Errorf("a duration that nobody knows: %+v", got)
	}
}

// What a plan says once of many is told of each of them, and of nobody else.
func TestAllTellsOfEach(t *testing.T) {
	p := plan()
	one := unknown.Of(&p.Actions[0], p.Facts, p.Reach())[0]
	one.More = 1
	p.Unknowns = []model.UnknownThing{one, {Subject: "step:d", What: unknown.Duration}}
	var subjects []string
	for _, u := range unknown.All(&p) {
		subjects = append(subjects, u.Subject)
	}
	if want := []string{"ship:apps/a", "ship:apps/b", "step:d"}; !slices.Equal(subjects, want) {
		t.Errorf("told of %v, want %v", subjects, want)
	}
}
