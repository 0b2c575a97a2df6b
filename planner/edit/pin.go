package edit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/planner/words"
)

// move puts an action into another bundle, unless something forbids it there.
func (e *editor) move() (Change, error) {
	id, err := e.action(e.Subject)
	if err != nil {
		return Change{}, err
	}
	to := slices.IndexFunc(e.now.Bundles, func(b model.Bundle) bool {
		return strings.EqualFold(b.Label, e.To) || slices.Contains(b.Actions, model.ActionID(e.To))
	})
	if to < 0 {
		return Change{}, fmt.Errorf("the plan has no bundle and no action %q to move %s to", e.To, id)
	}
	b := e.now.Bundles[to]
	if why := Forbids(e.now, id, to); why != "" {
		return Change{}, fmt.Errorf("%s cannot be moved to %s: %s", id, b.Label, why)
	}
	e.edits.Moved = slices.DeleteFunc(e.edits.Moved, func(m model.Move) bool { return m.Action == id })
	e.edits.Moved = append(e.edits.Moved, model.Move{Action: id, With: b.Key})
	return e.did("moved %s to the bundle of %s", id, b.Key), nil
}

// pin holds a bundle in a window, or an action in a bundle. A second pin of the same
// kind takes the place of the first; pins that contradict each other are said in the plan.
func (e *editor) pin() (Change, error) {
	switch e.How {
	case ToWindow:
		return e.pinWindow()
	case ToBundle:
		return e.pinBundle()
	case With:
		return e.pinWith()
	}
	return Change{}, fmt.Errorf("a pin holds to a %s, to a %s or %s an action", ToWindow, ToBundle, With)
}

func (e *editor) pinWindow() (Change, error) {
	windows := e.in.Policy.Windows
	if len(windows) == 0 {
		return Change{}, fmt.Errorf("policy %s has no windows to pin to", e.in.Policy.Name)
	}
	if !slices.ContainsFunc(windows, func(w model.Window) bool { return w.Name == e.To }) {
		var names []string
		for _, w := range windows {
			names = append(names, w.Name)
		}
		return Change{}, fmt.Errorf("policy %s has no window %q; it has %s", e.in.Policy.Name, e.To, words.List(names))
	}
	if b := e.bundle(e.Subject); b != nil {
		e.release(b.Actions, ToWindow)
		e.edits.Pins = append(e.edits.Pins, model.Pin{Action: b.Key, Window: e.To})
		return e.did("pinned %s to %s", b.Label, e.To), nil
	}
	id, err := e.action(e.Subject)
	if err != nil {
		return Change{}, err
	}
	e.release([]model.ActionID{id}, ToWindow)
	e.edits.Pins = append(e.edits.Pins, model.Pin{Action: id, Window: e.To})
	return e.did("pinned %s to %s", id, e.To), nil
}

func (e *editor) pinBundle() (Change, error) {
	id, err := e.action(e.Subject)
	if err != nil {
		return Change{}, err
	}
	n, err := strconv.Atoi(e.To)
	if err != nil || n < 1 || n > len(e.now.Actions) {
		return Change{}, fmt.Errorf("%q is no number of a bundle: use 1 to %d", e.To, len(e.now.Bundles))
	}
	e.release([]model.ActionID{id}, ToBundle)
	e.edits.Pins = append(e.edits.Pins, model.Pin{Action: id, Bundle: n})
	return e.did("pinned %s to bundle %d", id, n), nil
}

func (e *editor) pinWith() (Change, error) {
	id, err := e.action(e.Subject)
	if err != nil {
		return Change{}, err
	}
	with, err := e.action(e.To)
	if err != nil {
		return Change{}, err
	}
	if id == with {
		return Change{}, fmt.Errorf("%s cannot be pinned to itself", id)
	}
	e.release([]model.ActionID{id}, With)
	e.edits.Pins = append(e.edits.Pins, model.Pin{Action: id, With: with})
	return e.did("pinned %s with %s", id, with), nil
}

// unpin lets a bundle go from its window, or an action from all that holds it.
func (e *editor) unpin() (Change, error) {
	if b := e.bundle(e.Subject); b != nil {
		held := Window(e.edits, *b)
		if held == "" {
			return Change{}, fmt.Errorf("%s is not pinned to a window by hand", b.Label)
		}
		e.release(b.Actions, ToWindow)
		return e.did("unpinned %s from %s", b.Label, held), nil
	}
	id, err := e.action(e.Subject)
	if err != nil {
		return Change{}, err
	}
	before := len(e.edits.Pins) + len(e.edits.Moved)
	e.release([]model.ActionID{id}, ToWindow, ToBundle, With)
	e.edits.Moved = slices.DeleteFunc(e.edits.Moved, func(m model.Move) bool { return m.Action == id })
	if len(e.edits.Pins)+len(e.edits.Moved) == before {
		return Change{}, fmt.Errorf("%s is neither pinned nor moved by hand", id)
	}
	return e.did("unpinned %s", id), nil
}

// release drops what holds these actions in these ways.
func (e *editor) release(ids []model.ActionID, how ...string) {
	out := e.edits.Pins[:0]
	for _, p := range e.edits.Pins {
		if slices.Contains(ids, p.Action) {
			if slices.Contains(how, ToWindow) {
				p.Window = ""
			}
			if slices.Contains(how, ToBundle) {
				p.Bundle = 0
			}
			if slices.Contains(how, With) {
				p.With = ""
			}
		}
		if p.Window != "" || p.Bundle != 0 || p.With != "" {
			out = append(out, p)
		}
	}
	e.edits.Pins = out
}

// Window is the window to which the edits pin a bundle; "" where they do not.
func Window(e model.Edits, b model.Bundle) string {
	for _, p := range e.Pins {
		if p.Window != "" && slices.Contains(b.Actions, p.Action) {
			return p.Window
		}
	}
	return ""
}
