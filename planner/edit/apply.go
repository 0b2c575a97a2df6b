package edit

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/resume"
	"planewise/planner/words"
)

// Change is what a command makes of the edits of a plan, and what is said of it.
type Change struct {
	Edits model.Edits
	// Did says what was done: "left out B2 and 3 actions that need it".
	Did string
	// Along is what changes though nobody named it, by id: what needs it, or what it needs.
	Along []string
	// Ask is what a front end that can ask does before. Without a title there is nothing
	// to ask; who cannot ask says Said.
	Ask Question

	mixed bool // the target is no longer the release as it was made
}

// Question is answered with yes or no.
type Question struct {
	Title, Text string
	Yes         string // what yes does: "leave out"
	List        []string
}

// Said are sentences for where nothing can be asked.
func (c Change) Said() []string {
	out := []string{strings.ToUpper(c.Did[:1]) + c.Did[1:] + "."}
	if len(c.Along) > 0 {
		out = append(out, "That goes along: "+words.List(c.Along)+".")
	}
	if c.mixed {
		out = append(out, "The target is now a mixed state that nobody has tested.")
	}
	return out
}

// Apply makes the edits of in as the command changes them. now is the plan of in, which
// gives labels and ids their meaning; in itself stays as it is. The error says what the
// plan does not have, or what forbids it.
func Apply(in planner.Input, now model.Plan, c Command) (Change, error) {
	e := editor{in: in, now: now, Command: c}
	e.edits = State{Edits: in.Edits}.Clone().Edits
	do := map[Verb]func(*editor) (Change, error){
		Leave: (*editor).leave, Take: (*editor).take, Move: (*editor).move, Pin: (*editor).pin,
		Unpin: (*editor).unpin, Done: (*editor).done, Relax: (*editor).relax, Keep: (*editor).keep,
	}
	if do[c.Verb] == nil {
		return Change{}, fmt.Errorf("there is no edit %q: use %s", c.Verb, verbs())
	}
	return do[c.Verb](&e)
}

// Run applies commands, each to the plan that those before it make. The error names the
// command.
func Run(in planner.Input, commands []Command) (planner.Input, []Change, error) {
	var all []Change
	for _, c := range commands {
		change, err := Apply(in, planner.Build(in), c)
		if err != nil {
			return in, all, fmt.Errorf("%q: %w", c, err)
		}
		in.Edits = change.Edits
		all = append(all, change)
	}
	return in, all, nil
}

// editor carries out one command.
type editor struct {
	in  planner.Input
	now model.Plan
	Command
	edits model.Edits // its own copy
}

func (e *editor) did(format string, args ...any) Change {
	return Change{Edits: e.edits, Did: fmt.Sprintf(format, args...)}
}

// bundle is the bundle with this label; nil where there is none.
func (e *editor) bundle(label string) *model.Bundle {
	for i := range e.now.Bundles {
		if strings.EqualFold(e.now.Bundles[i].Label, label) {
			return &e.now.Bundles[i]
		}
	}
	return nil
}

func (e *editor) hasAction(id string) bool {
	return slices.ContainsFunc(e.now.Actions, func(a model.Action) bool { return string(a.ID) == id })
}

// action is the action with this id, or that carries the change with this id.
func (e *editor) action(id string) (model.ActionID, error) {
	if e.hasAction(id) {
		return model.ActionID(id), nil
	}
	for _, c := range e.now.Changes {
		if string(c.ID) != id {
			continue
		}
		if c.Action == nil {
			return "", fmt.Errorf("no action carries change %s", id)
		}
		return *c.Action, nil
	}
	return "", fmt.Errorf("the plan has no action %q; planewise show -v lists them", id)
}

// leave takes a subject out of the plan, and what needs it.
func (e *editor) leave() (Change, error) {
	if slices.Contains(e.edits.Excluded, e.Subject) {
		return Change{}, fmt.Errorf("%s is left out already", e.Subject)
	}
	name, ids, err := e.leavable()
	if err != nil {
		return Change{}, err
	}
	too := requiring(e.now, e.gone(ids))
	e.edits.Excluded = append(append(e.edits.Excluded, ids...), too...)
	slices.Sort(e.edits.Excluded)
	e.edits.Excluded = slices.Compact(e.edits.Excluded)
	c := e.did("left out %s", name)
	c.mixed = true
	if c.Along = too; len(too) > 0 {
		c.Did += " and " + words.Count(len(too), "action") + " that need it"
	}
	if len(too) > 0 || len(ids) > 1 {
		c.Ask = askLeave(name, ids, too)
	}
	return c, nil
}

// gone are the actions that the plan no longer has without these changes and actions.
// One that always runs stays without its changes, so the plan is asked.
func (e *editor) gone(ids []string) map[model.ActionID]bool {
	out := map[model.ActionID]bool{}
	for _, a := range e.now.Actions {
		if slices.Contains(ids, string(a.ID)) {
			out[a.ID] = true
		}
	}
	if len(out) == len(ids) {
		return out
	}
	in := e.in
	in.Edits.Excluded = slices.Concat(e.edits.Excluded, ids)
	without := map[model.ActionID]bool{}
	for _, a := range planner.Build(in).Actions {
		without[a.ID] = true
	}
	for _, a := range e.now.Actions {
		if !without[a.ID] {
			out[a.ID] = true
		}
	}
	return out
}

func askLeave(name string, ids, too []string) Question {
	q := Question{Title: "Leave out " + name + "?", Yes: "leave out", List: too}
	q.Text = "This leaves out " + words.Count(len(ids), "action") + "."
	if len(ids) == 1 {
		q.Text = "This leaves out " + ids[0] + "."
	}
	if len(too) > 0 {
		q.Text += " " + words.Count(len(too), "more action") + " cannot be done without it, and would go too:"
	} else {
		q.Text += " The target is then a mixed state that nobody has tested."
	}
	return q
}

// leavable is what a subject of leave stands for, by a name for the user.
func (e *editor) leavable() (name string, ids []string, err error) {
	if b := e.bundle(e.Subject); b != nil {
		for _, id := range b.Actions {
			ids = append(ids, string(id))
		}
		return b.Label, ids, nil
	}
	if plane, ok := strings.CutPrefix(e.Subject, planeWord); ok {
		for _, a := range e.now.Actions {
			if a.Footprint[model.PlaneID(plane)] == model.Disturbed {
				ids = append(ids, string(a.ID))
			}
		}
		if ids == nil {
			return "", nil, fmt.Errorf("nothing disturbs plane %s", plane)
		}
		return "all that disturbs " + plane, ids, nil
	}
	isChange := slices.ContainsFunc(e.now.Changes, func(c model.Change) bool { return string(c.ID) == e.Subject })
	if !isChange && !e.hasAction(e.Subject) {
		return "", nil, fmt.Errorf("the plan has no change, action or bundle %q", e.Subject)
	}
	return e.Subject, []string{e.Subject}, nil
}

// take brings back in what was left out, and what it needs.
func (e *editor) take() (Change, error) {
	if e.Subject == Everything {
		if len(e.edits.Excluded) == 0 {
			return Change{}, fmt.Errorf("nothing is left out")
		}
		e.edits.Excluded = nil
		return e.did("took everything back in"), nil
	}
	if !slices.Contains(e.edits.Excluded, e.Subject) {
		return Change{}, fmt.Errorf("%q is not left out", e.Subject)
	}
	whole := e.in
	whole.Edits.Excluded = nil // what is left out is in no plan that leaves it out
	along := Needs(planner.Build(whole), e.Subject, e.edits.Excluded)
	back := append([]string{e.Subject}, along...)
	e.edits.Excluded = slices.DeleteFunc(e.edits.Excluded, func(id string) bool { return slices.Contains(back, id) })
	c := e.did("took %s back in", e.Subject)
	if c.Along = along; len(along) > 0 {
		c.Did += " and " + strconv.Itoa(len(along)) + " more that it needs"
		c.Ask = Question{Title: "Take " + e.Subject + " back in?", Yes: "take in", List: along,
			Text: "It requires what was left out too, and would bring it back:"}
	}
	return c, nil
}

// done marks something as done, in the words of resume.Done; a change stands for the
// action that carries it.
func (e *editor) done() (Change, error) {
	word := e.Subject
	if slices.ContainsFunc(e.now.Changes, func(c model.Change) bool { return string(c.ID) == word }) {
		id, err := e.action(word)
		if err != nil {
			return Change{}, err
		}
		word = string(id)
	}
	var err error
	if e.edits.Done, err = resume.Done(e.now, []string{word}); err != nil {
		return Change{}, err
	}
	return e.did("marked %s as done", word), nil
}

// relax drops an order of the vendor. An order that the plan does not have is an error:
// a word that does nothing was meant for something else.
func (e *editor) relax() (Change, error) {
	id := e.Subject
	if slices.Contains(e.edits.Relaxed, id) {
		return Change{}, fmt.Errorf("%s is relaxed already", id)
	}
	e.edits.Relaxed = append(e.edits.Relaxed, id)
	slices.Sort(e.edits.Relaxed)
	then := e.in
	then.Edits = e.edits
	if id != EveryOrder && sameOrder(e.now, planner.Build(then)) {
		return Change{}, fmt.Errorf("the plan has no order %q that no document requires%s", id, orders(e.now))
	}
	return e.did("relaxed %s", id), nil
}

func sameOrder(a, b model.Plan) bool {
	if !reflect.DeepEqual(a.Order, b.Order) {
		return false
	}
	after := func(p model.Plan) map[model.ActionID][]model.Edge {
		out := map[model.ActionID][]model.Edge{}
		for _, a := range p.Actions {
			for _, e := range a.After {
				out[a.ID] = append(out[a.ID], model.Edge{Action: e.Action, Kind: e.Kind, Relation: e.Relation})
			}
		}
		return out
	}
	return reflect.DeepEqual(after(a), after(b))
}

// orders are some of those that a plan has.
func orders(p model.Plan) string {
	const some = 4
	var ids []string
	for _, b := range p.Order[:min(len(p.Order), some)] {
		ids = append(ids, b.ID)
	}
	if ids == nil {
		return ""
	}
	return "; it has " + strings.Join(ids, ", ") + words.More(len(p.Order)-len(ids))
}

// keep takes back a relax.
func (e *editor) keep() (Change, error) {
	id := e.Subject
	i := slices.Index(e.edits.Relaxed, id)
	if i < 0 {
		return Change{}, fmt.Errorf("%q is not relaxed", id)
	}
	e.edits.Relaxed = slices.Delete(e.edits.Relaxed, i, i+1)
	return e.did("kept %s", id), nil
}
