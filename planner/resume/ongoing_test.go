package resume

import (
	"slices"
	"testing"

	"planewise/model"
)

// Of two actions that touch one capability neither hides the other: what is known of
// the one and what is possible by the other both count.
func TestWorstOfEach(t *testing.T) {
	one := func(action model.ActionID, least, most model.Level, fact model.FactID) model.Ongoing {
		e := model.Effect{}
		e.SetRange(model.Range{Least: least, Most: most})
		return model.Ongoing{Capability: "control.api", Action: action, Until: "action:end", Level: e.Level, Unknown: e.Unknown, Most: e.Most, Facts: []model.FactID{fact}}
	}
	all := []model.Ongoing{one("a", model.None, model.Outage, "f-2"), one("b", model.Degraded, model.Degraded, "f-1"), one("c", model.Blip, model.Blip, "f-3")}
	got := worstOfEach(all)
	if len(got) != 1 || got[0].Action != "a" || got[0].Range() != (model.Range{Least: model.Degraded, Most: model.Outage}) {
		t.Fatalf("together they are %+v", got)
	}
	if want := []model.FactID{"f-1", "f-2"}; !slices.Equal(got[0].Facts, want) {
		t.Errorf("the reasons are %v, want %v", got[0].Facts, want)
	}
	if !slices.Equal(all[0].Facts, []model.FactID{"f-2"}) {
		t.Error("the action's own reasons were changed")
	}
}
