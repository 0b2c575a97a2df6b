package impact

import (
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/catalog"
)

// CheckLimits finds what in a list of tasks, in run order, would break a limit of
// the mapping: too many nodes of a role at once, too few instances of a service
// left, the node that has to go last going earlier. A plan that is made with the
// limits in mind has none of these.
func (e *Engine) CheckLimits(tasks []model.Task) []model.Diagnostic {
	s := &scene{Engine: e}
	for _, l := range e.limits {
		if !e.system.Has(l.When) {
			continue
		}
		for _, t := range tasks {
			if t.Role == l.Role && onNodes(t) && !l.Default && (l.UpTo == 0 || s.nodesOf(t.Role) <= l.UpTo) {
				s.checkBatch(l, t)
			}
		}
		if l.Last > 0 {
			s.checkLast(l, tasks)
		}
	}
	return model.SortDiagnostics(s.notes)
}

func (s *scene) checkBatch(l model.Limit, t model.Task) {
	nodes := s.nodesOf(t.Role)
	down := max(1, t.Batch)
	if t.Units > 0 {
		down = min(down, t.Units)
	}
	down = min(down, max(1, nodes))
	broken := func(summary string) {
		s.note(model.Blocking, "limit-broken", string(t.ID), summary+evidenceText(l.Evidence), "take fewer "+t.Role+" nodes at a time", string(t.ID), "limit:"+l.ID)
	}
	if l.MaxDown > 0 && down > l.MaxDown {
		broken("it takes " + strconv.Itoa(down) + " " + t.Role + " nodes down at once, at most " + strconv.Itoa(l.MaxDown) + " are allowed")
	}
	if most := max(1, nodes*l.MaxDownPermille/1000); l.MaxDownPermille > 0 && down > most {
		broken("it takes " + strconv.Itoa(down) + " of " + strconv.Itoa(nodes) + " " + t.Role + " nodes down at once, at most " + strconv.Itoa(most) + " are allowed")
	}
	if l.MinUp > 0 {
		if all := s.instancesOf(l, nodes); all > 0 && all-down < l.MinUp {
			what := t.Role + " nodes"
			if l.Service != "" {
				what = "instances of " + string(l.Service)
			}
			broken("it leaves " + strconv.Itoa(max(0, all-down)) + " of " + strconv.Itoa(all) + " " + what + " up, at least " + strconv.Itoa(l.MinUp) + " have to stay")
		}
	}
}

func evidenceText(e model.Evidence) string {
	if e.Source == "" {
		return ""
	}
	return " (" + e.Source + ")"
}

// instancesOf counts the instances of a limit's service that live on its role; the
// smallest of several sets, 0 where the system has none.
func (s *scene) instancesOf(l model.Limit, nodes int) int {
	if l.Service == "" {
		return nodes
	}
	least := 0
	for _, in := range s.onRole[l.Role] {
		if in.Service == l.Service && (least == 0 || in.wanted < least) {
			least = in.wanted
		}
	}
	return least
}

// checkLast: of the tasks of a role the one that works on "the first" node comes
// after the others.
func (s *scene) checkLast(l model.Limit, tasks []model.Task) {
	var early model.ActionID
	for _, t := range tasks {
		if t.Role != l.Role || !onNodes(t) {
			continue
		}
		// An id that was taken goes on with "@" and the stage.
		if id, _, _ := strings.Cut(string(t.ID), "@"); strings.HasSuffix(id, "/first") {
			early = t.ID
			if t.Units > 1 || t.Batch > 1 {
				s.note(model.Blocking, "limit-broken", string(t.ID), "number "+strconv.Itoa(l.Last)+" has to go alone, with it go "+plural(t.Units-1, "other", "others")+evidenceText(l.Evidence), "split the task", string(t.ID), "limit:"+l.ID)
			}
			continue
		}
		if early != "" {
			s.note(model.Blocking, "limit-broken", string(t.ID), "number "+strconv.Itoa(l.Last)+" of the "+l.Role+" nodes has to go last, but "+string(early)+" comes before "+string(t.ID)+evidenceText(l.Evidence),
				"put "+string(early)+" after it", string(early), string(t.ID), "limit:"+l.ID)
		}
	}
}

// CheckTails finds actions that the mapping forbids while the tail of an earlier
// one goes on, and effects that outlast their bundle because what ends them is in
// another. Bundles and their actions are in run order.
func (e *Engine) CheckTails(bundles [][]model.Action) []model.Diagnostic {
	s := &scene{Engine: e}
	place := map[model.ActionID]int{}
	for i, b := range bundles {
		for _, a := range b {
			place[a.ID] = i
		}
	}
	var before []model.Action
	for i, b := range bundles {
		for _, a := range b {
			for _, earlier := range before {
				s.checkTail(earlier, a)
			}
			if a.Tail != nil {
				before = append(before, a)
			}
			s.checkUntil(a, i, place)
		}
	}
	return model.SortDiagnostics(s.notes)
}

func (s *scene) checkTail(earlier, later model.Action) {
	for _, o := range s.orders {
		if o.Relation != model.NotDuring || !s.system.Has(o.When) {
			continue
		}
		if !pair(o, earlier.ID, later.ID) {
			continue
		}
		s.note(model.Blocking, "not-during", string(later.ID), "it must not run while "+string(earlier.ID)+" goes on, and the tail of that has no known end ("+earlier.Tail.Text+")"+evidenceText(o.Evidence),
			"do "+string(later.ID)+" first", string(earlier.ID), string(later.ID), "order:"+o.ID)
	}
}

func pair(o model.OrderRule, a, b model.ActionID) bool {
	return catalog.Glob(o.First, string(a)) && catalog.Glob(o.Then, string(b)) || catalog.Glob(o.First, string(b)) && catalog.Glob(o.Then, string(a))
}

func (s *scene) checkUntil(a model.Action, bundle int, place map[model.ActionID]int) {
	var told []string
	for _, x := range a.Effects {
		id, ok := strings.CutPrefix(x.Until, "action:")
		if !ok || slices.Contains(told, id) {
			continue
		}
		told = append(told, id)
		switch where, known := place[model.ActionID(id)]; {
		case !known:
			s.note(model.Warning, "effect-outlasts-bundle", string(a.ID), "an effect of it goes on until "+id+", which is not part of the plan", "see the effects of the action", string(a.ID), id)
		case where > bundle:
			s.note(model.Warning, "effect-outlasts-bundle", string(a.ID), "an effect of it goes on until "+id+", which is in a later bundle: it lasts over the time between them", "put both into one bundle", string(a.ID), id)
		}
	}
}
