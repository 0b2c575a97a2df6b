package planner_test

import (
	"slices"
	"testing"

	"planewise/model"
	"planewise/planner"
)

func changeOf(t *testing.T, p model.Plan, id model.ChangeID) model.Change {
	t.Helper()
	i := slices.IndexFunc(p.Changes, func(c model.Change) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("the plan has no change %s", id)
	}
	return p.Changes[i]
}

// A change of nodes is made when all nodes that get it have it, whatever action the
// plan lists it with.
func TestMadeOnSomeNodesOnly(t *testing.T) {
	canary := demoInput(embedded(t))
	canary.Policy.CanaryRoles = []string{"worker"}
	cases := []struct {
		name   string
		in     planner.Input
		done   string
		change model.ChangeID
		left   model.ActionID
	}{
		{"one worker first", canary, "roll:worker/first", "node-image:worker.x86_64", "roll:worker/rest"},
		{"the masters but the first", demoInput(embedded(t)), "roll:master/rest", "node-image:master.x86_64", "roll:master/first"},
		{"packages of several roles", demoInput(embedded(t)), "roll:storage", "rpm:canu.x86_64", "roll:master/rest"},
		{"packages, another role first", demoInput(embedded(t)), "roll:worker", "rpm:canu.x86_64", "roll:storage"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := resumed(t, c.in, planner.Build(c.in), c.done)
			checkPlan(t, p)
			checkFile(t, p)
			if slices.Contains(p.Standing.Made, c.change) || !slices.Contains(p.Standing.Partly, c.change) {
				t.Errorf("%s is made: %v, in part: %v", c.change, slices.Contains(p.Standing.Made, c.change), slices.Contains(p.Standing.Partly, c.change))
			}
			if got := changeOf(t, p, c.change).Action; got == nil || *got != c.left {
				t.Errorf("it is carried by %v, want %s", got, c.left)
			}
			i := slices.IndexFunc(p.Actions, func(a model.Action) bool { return a.ID == c.left })
			if i < 0 || !slices.Contains(p.Actions[i].Changes, c.change) {
				t.Errorf("%s does not list it", c.left)
			}
		})
	}
	// With the last of them it is made.
	p := resumed(t, canary, planner.Build(canary), "roll:worker/first", "roll:worker/rest")
	if !slices.Contains(p.Standing.Made, "node-image:worker.x86_64") {
		t.Error("all workers are done, and their image is not made")
	}
}
