package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/planner"
	"planewise/planner/edit"
	"planewise/planner/inputs"
	"planewise/tui/keys"
	"planewise/tui/theme"
)

// world is what all screens share: the plan, what was changed about it, and how
// things look. The root model owns it; screens call its methods.
type world struct {
	ctx     context.Context
	session Session
	theme   theme.Theme
	keys    keys.Map

	base Base
	hist edit.History
	view *view
	// saved is the plan as it was opened or last saved, and at which step; marks in
	// the list show what differs from it.
	saved   *view
	savedAt int
	savedID string
	rulesAt int // the step whose mapping rules are saved; -1 none
	signs   map[string]bool

	// asked is the id of the newest question to the planner; answers to older ones
	// are dropped. slow is set when the answer has not come within 100 ms.
	asked   int
	waiting bool
	slow    bool

	// after is the command that gives a message after a while; tests replace it, so
	// that nothing waits.
	after func(time.Duration, tea.Msg) tea.Cmd

	notice notice
	// p50 draws the times that half of all runs keep, instead of nine of ten.
	p50 bool

	dialogs []dialog
	next    screen // a screen to go to, taken up by the root
	home    *planScreen
}

// notice is a line at the bottom that the next key takes away.
type notice struct {
	text string
	bad  bool
}

func (w *world) say(format string, args ...any) tea.Cmd {
	w.notice = notice{text: fmt.Sprintf(format, args...)}
	return nil
}

func (w *world) warn(format string, args ...any) tea.Cmd {
	w.notice = notice{text: fmt.Sprintf(format, args...), bad: true}
	return nil
}

// planned is the planner's answer to a question.
type planned struct {
	id   int
	view *view
}

// late says that a question has been open for a while.
type late struct{ id int }

// later gives a message after a while.
func later(d time.Duration, msg tea.Msg) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return msg })
}

// patience is how long an answer may take before the screen says that it works.
const patience = 100 * time.Millisecond

// replan asks the planner for the current state. Keys go on meanwhile.
func (w *world) replan() tea.Cmd {
	w.asked++
	w.waiting, w.slow = true, false
	id, base, state := w.asked, w.base, w.hist.Now().Clone()
	return tea.Batch(
		func() tea.Msg { return planned{id, build(base, state)} },
		w.after(patience, late{id}),
	)
}

// build makes the plan of a state. It is pure and runs inside commands.
func build(base Base, state edit.State) *view {
	in := inputOf(base, state)
	return newView(planner.Build(in), in.Catalog)
}

// inputOf is what the planner gets for a state.
func inputOf(base Base, state edit.State) planner.Input {
	in := base.Input
	in.Edits, in.Policy = state.Edits, state.Policy
	if len(state.Rules) > 0 {
		var notes []model.Diagnostic
		in.Catalog, notes = catalog.New(base.Input.Catalog.Mapping(), layer(state.Rules))
		in.Notes = append(slices.Clone(in.Notes), notes...)
	}
	return in
}

// finished is the plan of the current state as plan files hold it: with its id and
// the documents it was made from. It runs inside commands.
func finished(base Base, state edit.State) (model.Plan, error) {
	return inputs.Plan(inputOf(base, state))
}

// layer is the site's mapping made of rules.
func layer(rules []model.Rule) model.Mapping {
	return model.Mapping{Format: model.FormatMapping, Name: "edits", Rules: rules}
}

// take accepts an answer unless a newer question was asked since.
func (w *world) take(msg planned) bool {
	if msg.id != w.asked {
		return false
	}
	if d := contradiction(msg.view); d != nil && w.view != nil && contradiction(w.view) == nil {
		what := "this contradicts what is required: "
		if d.Code != "contradicting-constraints" {
			what = ""
		}
		w.warn("%s%s; u takes it back", what, strings.Join(append([]string{d.Summary}, d.Path...), "; "))
	}
	w.view, w.waiting, w.slow = msg.view, false, false
	if w.saved == nil {
		w.remember()
	}
	return true
}

// contradiction is the note that no split meets all constraints, or that none was
// found; nil where there is one.
func contradiction(v *view) *model.Diagnostic {
	for i := range v.Diagnostics {
		if c := v.Diagnostics[i].Code; c == "contradicting-constraints" || c == "split-not-found" {
			return &v.Diagnostics[i]
		}
	}
	return nil
}

// remember makes the plan on the screen the one that marks compare with.
func (w *world) remember() {
	w.savedAt = w.hist.At()
	w.compareWith(w.view)
}

// differs reports whether the bundle is not one of the saved plan's.
func (w *world) differs(bundle int) bool { return w.signs != nil && !w.signs[w.view.signs[bundle]] }

// modified reports whether there is anything that is not saved.
func (w *world) modified() bool { return w.hist.At() != w.savedAt }

// edit carries out a command on the plan that is shown. Where it does more than it says,
// it asks first.
func (w *world) edit(c edit.Command) tea.Cmd {
	change, err := edit.Apply(inputOf(w.base, w.hist.Now()), w.view.Plan, c)
	if err != nil {
		return w.warn("%v", err)
	}
	then := func(w *world) tea.Cmd { return w.do(change.Did, w.hist.Now().With(change.Edits)) }
	if q := change.Ask; q.Title != "" {
		return w.ask(confirm{title: q.Title, text: q.Text, yes: q.Yes, list: q.List, then: then})
	}
	return then(w)
}

// do makes a change, keeps it for undo, and plans anew.
func (w *world) do(what string, s edit.State) tea.Cmd {
	w.hist.Do(what, s)
	w.say("%s", what)
	return w.replan()
}

func (w *world) undo() tea.Cmd {
	what, ok := w.hist.Undo()
	if !ok {
		return w.warn("there is nothing to undo")
	}
	w.say("undone: %s", what)
	return w.replan()
}

func (w *world) redo() tea.Cmd {
	what, ok := w.hist.Redo()
	if !ok {
		return w.warn("there is nothing to redo")
	}
	w.say("done again: %s", what)
	return w.replan()
}

// state is a copy of the current state, to be changed.
func (w *world) state() edit.State { return w.hist.Now().Clone() }

// reopen plans something else. What is not saved is asked for first.
func (w *world) reopen(q Question) tea.Cmd {
	then := func(w *world) tea.Cmd {
		w.next = w.home
		return w.open(q)
	}
	if w.view == nil || !w.modified() {
		return then(w)
	}
	return w.ask(confirm{title: "Plan something else?", text: "The changes to this plan are not saved.", yes: "go on", then: then})
}

// start begins with what a session found.
func (w *world) start(b Base) tea.Cmd {
	w.base, w.saved, w.signs, w.savedID, w.rulesAt = b, nil, nil, "", -1
	w.hist = edit.Start(edit.State{Edits: b.Input.Edits, Policy: b.Input.Policy})
	return w.replan()
}
