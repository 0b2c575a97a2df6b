package standing

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

func key(id model.ActionID) *model.ActionID { return &id }

// begun is an update of which a chart is shipped, a rollout staged and two of three
// nodes rolled.
func begun() model.Plan {
	roll := model.ActionID("roll:worker")
	return model.Plan{
		Actions: []model.Action{{ID: "roll:worker", Title: "Rebuild the workers: the last of 3"}, {ID: "ship:mesh/gateway", Title: "Ship gateway"}},
		Changes: []model.Change{{ID: "node-image:worker.x86_64", Action: &roll}, {ID: "rpm:a.noarch", Action: &roll}, {ID: "chart:mesh/pilot", Reason: "done with ship:mesh/pilot"}},
		Bundles: []model.Bundle{{Label: "B1", Key: "roll:worker", Actions: []model.ActionID{"roll:worker"}}, {Label: "B2", Key: "ship:mesh/gateway", Actions: []model.ActionID{"ship:mesh/gateway"}}},
		Standing: &model.Standing{
			Done: []model.DoneAction{
				{ID: "step:upload", Title: "Upload", Units: 1, Of: 1, Rollback: model.ActionRollback{Possible: model.Yes}},
				{ID: "ship:mesh/pilot", Title: "Ship pilot\x1b[2J", Units: 1, Of: 1, Rollback: model.ActionRollback{Possible: model.Yes, P90s: 600}},
				{ID: "step:wipe", Title: "Delete the history", Units: 1, Of: 1, Rollback: model.ActionRollback{Possible: model.No}},
				{ID: "roll:worker", Title: "Rebuild the workers", Units: 2, Of: 3, Rollback: model.ActionRollback{Possible: model.UnknownWhich}},
			},
			Ongoing: []model.Ongoing{
				{Capability: "control.api", Level: model.Outage, Action: "ship:mesh/pilot", Until: "action:ship:mesh/gateway", Bundle: key("ship:mesh/gateway")},
				{Capability: "control.metrics", Level: model.Outage, Action: "step:wipe", Until: "ever"},
				{Capability: "compute.capacity", Level: model.AtRisk, Unknown: true, Action: "step:gone", Until: "tail"},
				{Capability: "control.web", Level: model.Blip, Action: "ship:mesh/pilot", Until: "action:ship:left/out"},
			},
		},
	}
}

func TestOf(t *testing.T) {
	l, ok := Of(begun(), nil)
	if !ok {
		t.Fatal("nothing stands")
	}
	wantNow := []string{
		`control.api: outage since "Ship pilot?[2J", until "Ship gateway" in B2`,
		`control.metrics: outage since "Delete the history", for good`,
		`compute.capacity: unknown, at least at-risk since "step:gone", until it has taken effect on every node, which nobody knows the time of`,
		`control.web: blip since "Ship pilot?[2J", until ship:left/out, which is not part of the plan`,
	}
	// How control characters are shown is another package's business.
	clean := func(list []string) []string {
		out := slices.Clone(list)
		for i := range out {
			if strings.Contains(out[i], "\x1b") {
				t.Errorf("a control character is left in %q", out[i])
			}
			at := strings.Index(out[i], "Ship pilot")
			if end := strings.Index(out[i], "[2J"); at >= 0 && end > at {
				out[i] = out[i][:at] + "Ship pilot?" + out[i][end:]
			}
		}
		return out
	}
	if got := clean(l.Now); !slices.Equal(got, wantNow) {
		t.Errorf("goes on now:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(wantNow, "\n"))
	}
	if want := []string{"Rebuild the workers: 2 of 3 done; the others do not have its 2 changes"}; !slices.Equal(l.Partly, want) {
		t.Errorf("in part: %q, want %q", l.Partly, want)
	}
	wantBack := []string{"Rebuild the workers: nobody describes how to undo it", "Delete the history: cannot be undone", "Ship pilot?[2J: can be undone, in up to 10 min"}
	if got := clean(l.Back); !slices.Equal(got, wantBack) {
		t.Errorf("way back: %q, want %q", got, wantBack)
	}
	named, _ := Of(begun(), func(id model.CapabilityID) string { return "<" + string(id) + ">" })
	if !strings.HasPrefix(named.Now[0], "<control.api>: ") {
		t.Errorf("a capability is not named: %q", named.Now[0])
	}
	if _, ok := Of(model.Plan{}, nil); ok {
		t.Error("an update that has not begun stands somewhere")
	}
}
