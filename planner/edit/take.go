package edit

import (
	"slices"

	"planewise/model"
)

// Needs finds what has to be taken back in together with something that was left
// out: all that it requires, directly or not, and that is left out too. whole is
// the plan before anything was left out.
func Needs(whole model.Plan, id string, excluded []string) []string {
	out := map[string]bool{}
	for _, e := range excluded {
		out[e] = true
	}
	actions := map[model.ActionID]*model.Action{}
	carrier := map[string]model.ActionID{}
	for i := range whole.Actions {
		a := &whole.Actions[i]
		actions[a.ID] = a
		for _, c := range a.Changes {
			carrier[string(c)] = a.ID
		}
	}
	start := model.ActionID(id)
	if a, ok := carrier[id]; ok {
		start = a
	}
	var needs []string
	need := func(s string) {
		if out[s] && s != id && !slices.Contains(needs, s) {
			needs = append(needs, s)
		}
	}
	if string(start) != id {
		need(string(start)) // the change comes back only with the action that ships it
	}
	seen := map[model.ActionID]bool{start: true}
	changesOf := func(a *model.Action) { // an action that ships nothing does not come back
		if a != nil && emptied(*a, out) {
			for _, c := range a.Changes {
				need(string(c))
			}
		}
	}
	if string(start) == id {
		changesOf(actions[start])
	}
	for queue := []model.ActionID{start}; len(queue) > 0; queue = queue[1:] {
		a := actions[queue[0]]
		if a == nil {
			continue
		}
		for _, e := range a.After {
			if e.Kind != model.RequiredEdge || e.Relation == model.Apart || e.Relation == model.NotDuring || seen[e.Action] {
				continue
			}
			seen[e.Action] = true
			queue = append(queue, e.Action)
			need(string(e.Action))
			changesOf(actions[e.Action])
		}
	}
	return needs
}
