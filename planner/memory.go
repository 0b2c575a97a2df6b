package planner

import (
	"slices"
	"sync"

	"planewise/model"
	"planewise/planner/impact"
)

// memory keeps what was worked out for earlier plans. A plan that is made again
// after an edit, or beside others from the same releases, has nearly all of its
// tasks in common with them, and what a task does depends on the task and on what
// runs alone.
type memory struct {
	mu    sync.Mutex
	lived []*scenery // the latest last
}

const (
	// maxSceneries is how many different sets of running workloads are remembered:
	// the two sides of a few comparisons.
	maxSceneries = 8
	// maxTasks bounds the tasks that are remembered with each, maxBundles the bundles.
	maxTasks   = 1 << 15
	maxBundles = 1 << 10
)

// scenery is an engine with what it has said of tasks.
type scenery struct {
	running []model.Workload
	engine  *impact.Engine
	notes   []model.Diagnostic

	mu    sync.Mutex
	tasks map[model.ActionID]*answer
	// bundles by their first action.
	bundles map[*answer][]together
	count   int // of bundles
}

// together is what several actions do one after the other.
type together struct {
	members []*answer
	felt    impact.BundleImpact
}

// answer is what an engine says of a task. Plans share it, so that nobody may
// change what it points to.
type answer struct {
	task   model.Task
	action model.Action
	facts  []model.Fact
	notes  []model.Diagnostic
}

// scenery is the engine for what runs.
func (m *memory) scenery(running []model.Workload, c *impact.Compiled) *scenery {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.lived {
		if slices.Equal(s.running, running) {
			return s
		}
	}
	s := &scenery{running: running, tasks: map[model.ActionID]*answer{}, bundles: map[*answer][]together{}}
	s.engine, s.notes = c.Engine(impact.Running(running))
	if len(m.lived) == maxSceneries {
		m.lived = slices.Delete(m.lived, 0, 1)
	}
	m.lived = append(m.lived, s)
	return s
}

// ask is what the engine says of tasks, in their order.
func (s *scenery) ask(tasks []model.Task) []*answer {
	said := make([]*answer, len(tasks))
	var missing []int
	s.mu.Lock()
	for i := range tasks {
		a := s.tasks[tasks[i].ID]
		if a == nil || !sameTask(&a.task, &tasks[i]) {
			missing = append(missing, i)
			continue
		}
		said[i] = a
	}
	s.mu.Unlock()
	if missing == nil {
		return said
	}
	sideBySide(len(missing), func(k int) {
		a := &answer{task: tasks[missing[k]]}
		a.action, a.facts, a.notes = s.engine.Act(a.task)
		said[missing[k]] = a
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tasks)+len(missing) > maxTasks {
		clear(s.tasks)
	}
	for _, i := range missing {
		s.tasks[tasks[i].ID] = said[i]
	}
	return said
}

// bundle is what actions do one after the other, in run order.
func (s *scenery) bundle(members []*answer) impact.BundleImpact {
	if len(members) == 0 {
		return s.engine.Bundle(nil)
	}
	s.mu.Lock()
	known := s.bundles[members[0]]
	s.mu.Unlock()
	for i := range known {
		if slices.Equal(known[i].members, members) {
			return known[i].felt
		}
	}
	acts := make([]model.Action, len(members))
	for i, m := range members {
		acts[i] = m.action
	}
	felt := s.engine.Bundle(acts)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count++; s.count > maxBundles {
		clear(s.bundles)
		s.count = 1
	}
	s.bundles[members[0]] = append(s.bundles[members[0]], together{members, felt})
	return felt
}

// sameTask reports whether an engine has the same to say of two tasks. Their place
// in the order and what is to be checked before them is nothing to it.
func sameTask(a, b *model.Task) bool {
	return a.ID == b.ID && a.Title == b.Title && a.Stage == b.Stage && a.Product == b.Product &&
		a.Does == b.Does && a.Method == b.Method && a.Script == b.Script &&
		a.Role == b.Role && a.Units == b.Units && a.Batch == b.Batch &&
		a.Rollback == b.Rollback && a.NoReturn == b.NoReturn &&
		sameEstimate(a.Duration, b.Duration) && sameEstimate(a.PerUnit, b.PerUnit) && sameEstimate(a.Wait, b.Wait) &&
		slices.Equal(a.Changes, b.Changes) && slices.Equal(a.UnknownOn, b.UnknownOn) &&
		slices.Equal(a.Workloads, b.Workloads) && slices.Equal(a.Facts, b.Facts) &&
		slices.EqualFunc(a.Effects, b.Effects, sameEffect)
}

func sameEffect(a, b model.EffectRule) bool {
	return a.Capability == b.Capability && a.Service == b.Service && slices.Equal(a.Planes, b.Planes) &&
		a.Level == b.Level && a.Unknown == b.Unknown && a.AtS == b.AtS && sameEstimate(a.Lasts, b.Lasts) &&
		a.Until == b.Until && a.Crossing == b.Crossing && a.When == b.When && a.Evidence == b.Evidence
}

func sameEstimate(a, b *model.Estimate) bool {
	return a == b || a != nil && b != nil && *a == *b
}
