package tui

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/planner/resume"
	"planewise/planner/words"
)

// maxUnitChoices bounds the list of how many units are done; of more units the number
// is typed.
const maxUnitChoices = 64

// cannotBeDone says why the selected line cannot be marked as done.
func (s *planScreen) cannotBeDone(w *world) string {
	switch t := s.target(w); t.kind {
	case bundleKind, actionKind:
		return ""
	case changeKind:
		if c := w.view.changes[model.ChangeID(t.id)]; c != nil && c.Action != nil {
			return ""
		}
	}
	return "select a bundle or an action that was done already"
}

// done marks what is selected as done, so that the plan goes on from there. Of nodes
// it asks how many.
func (s *planScreen) done(w *world) tea.Cmd {
	if w.waiting {
		// Bundles get new labels, and what was marked last is not in this plan yet.
		return w.warn("the plan is being made again; mark it when it is there")
	}
	t := s.target(w)
	switch t.kind {
	case bundleKind:
		if b := s.bundle(w); b != nil {
			return w.done(b.Label, b.Label)
		}
	case changeKind:
		if c := w.view.changes[model.ChangeID(t.id)]; c != nil && c.Action != nil {
			t.id = string(*c.Action)
		}
	}
	a := w.view.actions[model.ActionID(t.id)]
	if a == nil {
		return w.warn("%s is no action of the plan", t.id)
	}
	switch {
	case a.Units < 2:
		return w.done(string(a.ID), string(a.ID))
	case a.Units > maxUnitChoices:
		return w.ask(typeUnits(a))
	}
	return w.ask(askUnits(a))
}

// typeUnits asks for the number where a list of all would be too long.
func typeUnits(a *model.Action) *prompt {
	of := strconv.Itoa(a.Units)
	return newPrompt("How many are done: "+a.Title, "A number from 1 to "+of+", which is all of them.", "", func(w *world, text string) (bool, tea.Cmd) {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 || n > a.Units {
			return false, w.warn("%q is no number from 1 to %s", text, of)
		}
		return true, w.someDone(a, n)
	})
}

// askUnits asks how many of an action's units are done.
func askUnits(a *model.Action) *picker {
	p := &picker{title: "How many are done: " + a.Title}
	for n := a.Units; n > 0; n-- {
		c := choice{title: strconv.Itoa(n) + " of " + strconv.Itoa(a.Units)}
		if n == a.Units {
			c.note = "all"
		}
		p.choices = append(p.choices, c)
	}
	p.pick = func(w *world, i int) (bool, tea.Cmd) {
		return true, w.someDone(a, a.Units-i)
	}
	return p
}

func (w *world) someDone(a *model.Action, n int) tea.Cmd {
	return w.done(fmt.Sprintf("%s:%d/%d", a.ID, n, a.Units), fmt.Sprintf("%d of %d of %s", n, a.Units, a.ID))
}

// done makes the plan go on after something, in the words of planner.Done.
func (w *world) done(word, name string) tea.Cmd {
	all, err := resume.Done(w.view.Plan, []string{word})
	if err != nil {
		return w.warn("%v", err)
	}
	st := w.state()
	st.Edits.Done = all
	return w.do("marked "+name+" as done", st)
}

// standing tells where the update stands.
func (d *detailer) standing() {
	s := d.v.Standing
	if s == nil {
		return
	}
	d.head("Where it stands: " + itoa(len(s.Done)) + " of " + words.Count(s.Actions, "action") + " done or begun")
	switch s.Stay.Status {
	case model.StaySupported:
		d.para("The system may stay like this.", 1, plainTone)
	case model.StayNotSupported:
		d.para("The system must not stay like this.", 1, warnTone)
	default:
		d.para("Whether the system may stay like this is not known.", 1, warnTone)
	}
	d.goesOn()
	lists := d.v.standing()
	d.sentences("Done in part", lists.Partly)
	d.sentences("Way back, the last first", lists.Back)
	d.para("u takes back what was marked last.", 0, dimTone)
}

// goesOn lists what is disturbed now, each line explained by enter.
func (d *detailer) goesOn() {
	ongoing, lists := d.v.Standing.Ongoing, d.v.standing()
	d.head("Goes on now (" + itoa(len(ongoing)) + ")")
	if len(ongoing) == 0 {
		d.para("Nothing that the plan knows of.", 1, plainTone)
	}
	for i, o := range ongoing {
		for k, r := range paragraph(lists.Now[i], 1, d.width, levelTone) {
			if r.level, r.unknown = o.Level, o.Unknown; k == 0 {
				r.kind, r.id = capabilityKind, string(o.Capability)
			}
			d.add(r)
		}
	}
}

func (d *detailer) sentences(head string, list []string) {
	if len(list) == 0 {
		return
	}
	d.head(head + " (" + itoa(len(list)) + ")")
	for _, s := range list {
		d.para("- "+s, 1, plainTone)
	}
}
