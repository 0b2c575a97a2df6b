package schedule

import (
	"slices"

	"planewise/model"
)

// Stop is what is known about stopping in and after a bundle.
type Stop struct {
	Bundle int // the place in the list of bundles
	// PointOfNoReturn is the first action that cannot be undone for certain; nil
	// where all can. LastSafeStop is the action before it; nil where there is no
	// point of no return, or where it is the very first action.
	PointOfNoReturn *model.ActionID
	LastSafeStop    *model.ActionID
	// Rollback is the way back from the end of the bundle. Where there is none or
	// nobody knows one, P90s is the way back from the last safe stop.
	Rollback model.ActionRollback
	// Stay says whether the system may be left as it is after the bundle for weeks.
	Stay model.PlanStay
	// Facts that Rollback and Stay refer to and the actions do not hold.
	Facts []model.Fact
}

// Begun is what was done before the first bundle, each in the vendor's order.
type Begun struct {
	Done []model.ActionID
	// Partly are actions of which some units are done; the bundles hold the rest.
	Partly []model.ActionID
}

// Now tells of the state before the first bundle where one can stay and how one gets
// back from there: Stop.Bundle is -1, and the way back is that of all that was done.
// final is what is known of the state when nothing is left to do, as with Stops.
func Now(begun Begun, actions []model.Action, tasks []model.Task, final *model.Stay) Stop {
	s := newStopper(begun, actions, tasks)
	stop := Stop{Bundle: -1}
	done := make([]model.ActionID, 0, len(begun.Done)+len(begun.Partly))
	for i := range tasks {
		if s.done[i] || s.partly[i] {
			done = append(done, tasks[i].ID)
		}
	}
	s.wayBack(&stop, done)
	s.stayOr(&stop, final, !slices.Contains(s.done, false))
	stop.Facts = sortFacts(stop.Facts)
	return stop
}

// Stops tells of every bundle, in run order, where one can stop and how one gets
// back. final is what is known of the state after the last bundle, when nothing
// is left to do; nil: it is judged as the others are.
func Stops(begun Begun, bundles []model.Bundle, actions []model.Action, tasks []model.Task, final *model.Stay) []Stop {
	s := newStopper(begun, actions, tasks)
	stops := make([]Stop, len(bundles))
	for i, b := range bundles {
		stop := Stop{Bundle: i}
		s.wayBack(&stop, b.Actions)
		s.finish(b.Actions)
		s.stayOr(&stop, final, i == len(bundles)-1)
		stop.Facts = sortFacts(stop.Facts)
		stops[i] = stop
	}
	return stops
}

// stopper goes through the bundles. Actions and tasks are large, so that it keeps
// their places and not copies.
type stopper struct {
	actions map[model.ActionID]*model.Action
	tasks   map[model.ActionID]int // places in all
	all     []model.Task
	done    []bool // of all
	partly  []bool // of all: some of its units are done
	// stage of each task, numbered as they come; -1 for deliveries, which change no
	// state.
	stage []int
	ids   []string // of the stages
	facts map[statement]model.Fact
}

func newStopper(begun Begun, actions []model.Action, tasks []model.Task) *stopper {
	s := &stopper{
		actions: make(map[model.ActionID]*model.Action, len(actions)), tasks: make(map[model.ActionID]int, len(tasks)),
		all: tasks, done: make([]bool, len(tasks)), partly: make([]bool, len(tasks)), stage: make([]int, len(tasks)),
		facts: map[statement]model.Fact{},
	}
	for i := range actions {
		s.actions[actions[i].ID] = &actions[i]
	}
	at := map[string]int{}
	for i := range tasks {
		t := &tasks[i]
		s.tasks[t.ID], s.stage[i] = i, -1
		if t.Method == model.MethodDelivery {
			continue
		}
		k, ok := at[t.Stage]
		if !ok {
			k = len(s.ids)
			at[t.Stage] = k
			s.ids = append(s.ids, t.Stage)
		}
		s.stage[i] = k
	}
	for _, id := range begun.Partly {
		if k, ok := s.tasks[id]; ok {
			s.partly[k] = true
		}
	}
	s.finish(begun.Done)
	return s
}

// finish marks tasks as wholly done.
func (s *stopper) finish(ids []model.ActionID) {
	for _, id := range ids {
		if k, ok := s.tasks[id]; ok {
			s.done[k], s.partly[k] = true, false
		}
	}
}

// wayBack walks a bundle's actions in run order.
//
// An action that only delivers is no point of no return: what is uploaded
// disturbs nobody and may stay. Of any other whose way back nobody describes,
// nothing is assumed: it counts as a point of no return.
func (s *stopper) wayBack(stop *Stop, order []model.ActionID) {
	stop.Rollback = model.ActionRollback{Possible: model.Yes, Facts: []model.FactID{}}
	var before *model.ActionID
	for _, id := range order {
		a, ok := s.actions[id]
		if !ok || a.Method == model.MethodDelivery {
			continue
		}
		possible := a.Rollback.Possible
		switch {
		case a.NoReturn:
			possible = model.No
		case possible != model.Yes && possible != model.No:
			possible = model.UnknownWhich
		}
		s.addFacts(stop, a, possible)
		if possible != model.Yes && stop.PointOfNoReturn == nil {
			stop.PointOfNoReturn, stop.LastSafeStop = &a.ID, before
		}
		stop.Rollback.Possible = worstWay(stop.Rollback.Possible, possible)
		if stop.PointOfNoReturn == nil {
			stop.Rollback.P90s += min(max(0, a.Rollback.P90s), maxSpan)
			before = &a.ID
		}
	}
	stop.Rollback.Facts = distinct(stop.Rollback.Facts)
}

// worstWay: one action without a way back is enough for the bundle to have
// none; short of that, one whose way back is unknown is enough.
func worstWay(a, b model.Possible) model.Possible {
	switch {
	case a == model.No || b == model.No:
		return model.No
	case a == model.UnknownWhich || b == model.UnknownWhich:
		return model.UnknownWhich
	default:
		return model.Yes
	}
}

// addFacts makes the bundle's way back point to the facts of the action's. An
// action without any gets one that says so.
func (s *stopper) addFacts(stop *Stop, a *model.Action, possible model.Possible) {
	facts := a.Rollback.Facts
	if len(facts) == 0 {
		var evidence model.Evidence
		if k, ok := s.tasks[a.ID]; ok {
			evidence = s.all[k].Rollback.Evidence
		}
		if evidence == (model.Evidence{}) && possible == model.UnknownWhich {
			evidence.Text = "no document says how to undo it"
		}
		fact := model.NewFact(string(a.ID), "can be undone", string(possible), "", evidence)
		stop.Facts = append(stop.Facts, fact)
		facts = []model.FactID{fact.ID}
	}
	stop.Rollback.Facts = append(stop.Rollback.Facts, facts...)
}

// stayOr judges the state as all others, unless it is the last and known.
func (s *stopper) stayOr(stop *Stop, final *model.Stay, last bool) {
	if final == nil || !last {
		s.stay(stop)
		return
	}
	fact := model.NewFact("system", "stay", string(final.Status), "", final.Evidence)
	stop.Stay = model.PlanStay{Status: final.Status, Facts: []model.FactID{fact.ID}}
	stop.Facts = append(stop.Facts, fact)
}

// stay judges the state in which exactly the done tasks are done.
//
// A procedure says of a stage whether the system may be left after it, which is
// a statement about that stage and all before it. So it is worth something only
// once the whole stage is done, and it then covers stages before it that say
// nothing. A warning counts from the stage's first task on. The status is the
// worst of all stages with something done; what no statement covers is unknown.
func (s *stopper) stay(stop *Stop) {
	status, covered := model.StaySupported, true
	begun := s.stages()
	facts := make([]model.Fact, 0, len(begun)+1)
	add := func(stage stageState, said model.StayStatus) {
		status = worstStay(status, said)
		facts = append(facts, s.said(stage, said))
	}
	for _, stage := range begun {
		switch {
		case stage.stay == nil:
			covered = false
		case stage.stay.Status != model.StaySupported:
			add(stage, stage.stay.Status)
		case !stage.prefix:
			add(stage, model.StayUnknown)
		default:
			covered = true
			add(stage, model.StaySupported)
		}
	}
	if len(begun) == 0 {
		facts = append(facts, model.NewFact("system", "stay", string(status), "",
			model.Evidence{Basis: model.BasisInferred, Text: "so far something is only delivered, nothing runs another version"}))
	}
	if !covered {
		status = worstStay(status, model.StayUnknown)
		facts = append(facts, model.NewFact("system", "stay", string(model.StayUnknown), "",
			model.Evidence{Text: "no document says whether the system may be left in this state"}))
	}
	stop.Stay = model.PlanStay{Status: status, Facts: make([]model.FactID, 0, len(facts))}
	for i := range facts {
		stop.Stay.Facts = append(stop.Stay.Facts, facts[i].ID)
	}
	stop.Stay.Facts = distinct(stop.Stay.Facts)
	stop.Facts = append(stop.Facts, facts...)
}

// said is the fact that a stage says something of the state after it, or that
// what it says does not hold yet. One bundle after the other asks for the same.
func (s *stopper) said(stage stageState, said model.StayStatus) model.Fact {
	key := statement{stage.id, stage.stay, said}
	f, known := s.facts[key]
	if known {
		return f
	}
	evidence := stage.stay.Evidence
	if said != stage.stay.Status {
		evidence = model.Evidence{
			Basis: model.BasisInferred, Source: stage.stay.Source,
			Text: "it is documented that the system may stay after this stage, but not all of it and of the stages before it is done",
		}
	}
	f = model.NewFact(stage.id, "stay", string(said), "", evidence)
	s.facts[key] = f
	return f
}

type statement struct {
	stage string
	stay  *model.Stay
	said  model.StayStatus
}

// stageState is a stage of which something is done.
type stageState struct {
	id     string
	stay   *model.Stay // the worst of its done tasks
	left   int         // tasks of it that are not done
	begun  bool        // something of it is done
	prefix bool        // it and all stages before it are wholly done
}

// stages lists them in the order of the tasks. Deliveries do not count: what is
// uploaded changes no state.
func (s *stopper) stages() []stageState {
	list := make([]stageState, len(s.ids))
	for k, id := range s.ids {
		list[k] = stageState{id: id}
	}
	for i := range s.all {
		if s.stage[i] < 0 {
			continue
		}
		stage, t := &list[s.stage[i]], &s.all[i]
		if !s.done[i] {
			stage.left++
		}
		switch {
		case !s.done[i] && !s.partly[i]:
			continue
		case t.Stay != nil && (stage.stay == nil || worstStay(t.Stay.Status, stage.stay.Status) != stage.stay.Status):
			stage.stay = t.Stay
		}
		stage.begun = true
	}
	whole := true
	begun := list[:0]
	for _, stage := range list {
		whole = whole && stage.begun && stage.left == 0
		stage.prefix = whole
		if stage.begun {
			begun = append(begun, stage)
		}
	}
	return begun
}

func worstStay(a, b model.StayStatus) model.StayStatus {
	if stayRank(b) > stayRank(a) {
		return b
	}
	return a
}

func stayRank(s model.StayStatus) int {
	switch s {
	case model.StayNotSupported:
		return 2
	case model.StayUnknown:
		return 1
	}
	return 0
}

// distinct sorts ids, each once.
func distinct(ids []model.FactID) []model.FactID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func sortFacts(facts []model.Fact) []model.Fact {
	slices.SortFunc(facts, func(a, b model.Fact) int {
		if a.ID < b.ID {
			return -1
		}
		if a.ID > b.ID {
			return 1
		}
		return 0
	})
	return slices.CompactFunc(facts, func(a, b model.Fact) bool { return a.ID == b.ID })
}
