package edit

import (
	"slices"

	"planewise/model"
)

// State is everything a user can change about a plan.
type State struct {
	Edits  model.Edits
	Policy model.Policy
	// Rules of the site's layer over the mapping.
	Rules []model.Rule
}

// Clone is a copy that shares nothing that an edit changes.
func (s State) Clone() State {
	s.Edits.Excluded = slices.Clone(s.Edits.Excluded)
	s.Edits.Pins = slices.Clone(s.Edits.Pins)
	s.Edits.Moved = slices.Clone(s.Edits.Moved)
	s.Edits.Relaxed = slices.Clone(s.Edits.Relaxed)
	s.Edits.Done = slices.Clone(s.Edits.Done)
	s.Policy.Costs = slices.Clone(s.Policy.Costs)
	s.Policy.Disturbed = cloneMap(s.Policy.Disturbed)
	s.Policy.Watched = cloneMap(s.Policy.Watched)
	s.Policy.Relax = slices.Clone(s.Policy.Relax)
	s.Policy.Pins = slices.Clone(s.Policy.Pins)
	s.Rules = slices.Clone(s.Rules)
	return s
}

// With is the state with other edits.
func (s State) With(e model.Edits) State {
	s.Edits = e
	return s
}

func cloneMap[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return nil
	}
	out := make(map[K]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// Step is a state and what led to it.
type Step struct {
	State
	// What was done, for the undo line: "exclude B2".
	What string
	id   int
}

// limit of the steps kept.
const limit = 200

// History is a list of steps with a place in it.
type History struct {
	steps []Step
	at    int
	made  int // how many steps were ever made
}

// Start begins a history with the plan as it was opened.
func Start(s State) History { return History{steps: []Step{{State: s.Clone()}}} }

// Now is the current state. It must be cloned before it is changed.
func (h *History) Now() State {
	if len(h.steps) == 0 {
		return State{}
	}
	return h.steps[h.at].State
}

// Do adds a step; what was undone before is forgotten.
func (h *History) Do(what string, s State) {
	h.made++
	h.steps = append(h.steps[:min(h.at+1, len(h.steps))], Step{s.Clone(), what, h.made})
	if len(h.steps) > limit {
		h.steps = slices.Delete(h.steps, 1, 1+len(h.steps)-limit)
	}
	h.at = len(h.steps) - 1
}

// Undo goes back a step and says which; false where there is none.
func (h *History) Undo() (string, bool) {
	if h.at == 0 {
		return "", false
	}
	h.at--
	return h.steps[h.at+1].What, true
}

// Redo goes forward again.
func (h *History) Redo() (string, bool) {
	if h.at+1 >= len(h.steps) {
		return "", false
	}
	h.at++
	return h.steps[h.at].What, true
}

// CanUndo and CanRedo report whether there is a step to go.
func (h *History) CanUndo() bool { return h.at > 0 }

// CanRedo reports whether something was undone.
func (h *History) CanRedo() bool { return h.at+1 < len(h.steps) }

// At identifies the current step; no other step ever has the same number.
func (h *History) At() int {
	if len(h.steps) == 0 {
		return 0
	}
	return h.steps[h.at].id
}
