package resume_test

import (
	"reflect"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/resume"
)

// toDo is a plan with two bundles; windows split the second, and of its roll of six
// nodes one was done before.
func toDo() model.Plan {
	action := func(id model.ActionID, units int) model.Action { return model.Action{ID: id, Units: units} }
	return model.Plan{
		Edits:   model.Edits{Done: []model.Done{{Action: "roll:storage", Units: 1, Of: 7}, {Action: "step:backup"}}},
		Actions: []model.Action{action("ship:services/cray-bos", 1), action("ship:services/cray-bss", 1), action("roll:worker", 6), action("roll:storage", 6)},
		Bundles: []model.Bundle{
			{Label: "B1", Key: "ship:services/cray-bos", Actions: []model.ActionID{"ship:services/cray-bos", "ship:services/cray-bss"}},
			{Label: "B2", Key: "roll:storage", Actions: []model.ActionID{"roll:worker", "roll:storage"}, Parts: []model.Part{
				{Label: "1 of 2", Steps: []model.PartStep{{Action: "roll:worker"}, {Action: "roll:storage", First: 1, Last: 2}}},
				{Label: "2 of 2", Steps: []model.PartStep{{Action: "roll:storage", First: 3, Last: 6}}},
			}},
		},
	}
}

func TestDone(t *testing.T) {
	before := []model.Done{{Action: "roll:storage", Units: 1, Of: 7}, {Action: "step:backup"}}
	cases := []struct {
		name string
		said string
		want []model.Done
	}{
		{"nothing new", "", before},
		{"a bundle", "b1", []model.Done{before[0], {Action: "ship:services/cray-bos"}, {Action: "ship:services/cray-bss"}, before[1]}},
		{"an action, twice", "roll:worker roll:worker", []model.Done{before[0], {Action: "roll:worker"}, before[1]}},
		{"in the plural", "roll:workers:2/6", []model.Done{before[0], {Action: "roll:worker", Units: 2, Of: 6}, before[1]}},
		{"all of them", "roll:worker:6/6", []model.Done{before[0], {Action: "roll:worker"}, before[1]}},
		{"of those that are left", "roll:storage:2/6", []model.Done{{Action: "roll:storage", Units: 3, Of: 7}, before[1]}},
		{"of the whole", "roll:storage:2/7", []model.Done{{Action: "roll:storage", Units: 2, Of: 7}, before[1]}},
		{"a part of a bundle", "B2:1/2", []model.Done{{Action: "roll:storage", Units: 3, Of: 7}, {Action: "roll:worker"}, before[1]}},
		{"an action and its bundle", "roll:worker:4/6 B2", []model.Done{{Action: "roll:storage"}, {Action: "roll:worker", Units: 4, Of: 6}, before[1]}},
		{"a bundle and its action", "B2 roll:worker:4/6", []model.Done{{Action: "roll:storage"}, {Action: "roll:worker", Units: 4, Of: 6}, before[1]}},
		{"two numbers", "roll:worker:4/6 roll:worker:2/6", []model.Done{before[0], {Action: "roll:worker", Units: 4, Of: 6}, before[1]}},
		{"both parts", "B2:2/2", []model.Done{{Action: "roll:storage"}, {Action: "roll:worker"}, before[1]}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := resume.Done(toDo(), strings.Fields(c.said))
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}

func TestDoneErrors(t *testing.T) {
	for said, want := range map[string]string{
		"B3":                  `"B3": the plan has no such bundle or action; it has B1, B2`,
		"roll":                "it has roll:worker, roll:storage",
		"roll:worker:0/6":     "0 of 6 cannot be done",
		"roll:worker:7/6":     "7 of 6 cannot be done",
		"roll:worker:2/5":     "in this plan roll:worker has 6 units",
		"roll:storage:1/8":    "in this plan roll:storage has 7 units, of which 6 are left",
		"ship:services/bos/s": "it has B1, B2",
		"B1:1/2":              "bundle B1 is planned in one piece",
		"B2:1/3":              "bundle B2 is planned in 2 parts",
		"roll:worker:x/6":     "no such bundle or action",
		"":                    "no such bundle or action",
	} {
		if got, err := resume.Done(toDo(), []string{said}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v; want an error with %q", said, got, err, want)
		}
	}
	for _, said := range [][]string{{"roll:worker:4/6", "roll:worker"}, {"roll:worker", "roll:worker:4/6"}} {
		if got, err := resume.Done(toDo(), said); err == nil || !strings.Contains(err.Error(), "say one of the two") {
			t.Errorf("all and some of an action: got %v, %v", got, err)
		}
	}
	p := toDo()
	p.Edits.Done[0].Units = 3
	p.Edits.Done[0].Of = 9
	if _, err := resume.Done(p, []string{"roll:storage:2/9"}); err == nil || !strings.Contains(err.Error(), "from 3 of 9 already") {
		t.Errorf("fewer than before: %v", err)
	}
}

// Words of a command line do not break anything, and what is accepted fits the plan.
func FuzzDone(f *testing.F) {
	for _, word := range []string{"B1", "B2:1/2", "roll:workers:4/6", "roll:storage:6/6", "roll:worker:99999999999/6", ":1/1", "s", "B2:0/0"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		done, err := resume.Done(toDo(), []string{word})
		if err != nil {
			return
		}
		for _, d := range done {
			if d.Action == "" || d.Units < 0 || d.Of > 0 && d.Units >= d.Of {
				t.Errorf("%q gives %+v", word, d)
			}
		}
	})
}
