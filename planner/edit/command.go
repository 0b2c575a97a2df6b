package edit

import (
	"fmt"
	"strings"

	"planewise/planner/words"
)

// Verb is what a command does.
type Verb string

// The verbs.
const (
	Leave Verb = "leave"
	Take  Verb = "take"
	Move  Verb = "move"
	Pin   Verb = "pin"
	Unpin Verb = "unpin"
	Done  Verb = "done"
	Relax Verb = "relax"
	Keep  Verb = "keep"
)

// How a pin holds.
const (
	ToWindow = "window" // a bundle in a window of the policy
	ToBundle = "bundle" // an action in the bundle of that number, from 1
	With     = "with"   // an action in the bundle of another
)

// Subjects that stand for all there is.
const (
	Everything = "all" // of Take: all that was left out
	EveryOrder = "*"   // of Relax and Keep
)

// planeWord begins a subject that stands for all that disturbs a plane.
const planeWord = "plane "

// Command is one change that a user makes to a plan.
type Command struct {
	Verb Verb
	// Subject is what it is about: a change, an action or a bundle by its label; for
	// Leave also a plane (Plane), for Take Everything, for Done what resume.Done reads,
	// for Relax and Keep an order as a policy names it.
	Subject string
	// How is that of a Pin: ToWindow, ToBundle or With.
	How string
	// To is where a Move or a Pin puts it: a bundle, an action, a window or a number.
	To string
}

// Plane is the subject that stands for all that disturbs a plane.
func Plane(id string) string { return planeWord + id }

// Form is a verb, what follows it, and what it does.
type Form struct {
	Verb       Verb
	Args, What string
}

// Forms are all that Parse understands.
func Forms() []Form {
	return []Form{
		{Leave, "WHAT", "leave out a change, action, bundle (B2) or plane (plane compute), and what needs it"},
		{Take, "ID", "take back in what was left out (or all), and what it needs"},
		{Move, "ACTION BUNDLE", "move an action into a bundle (B3), or that of another action"},
		{Pin, "BUNDLE window NAME", "hold a bundle in a window of the policy"},
		{Pin, "ACTION bundle N", "hold an action in the bundle of that number"},
		{Pin, "ACTION with ACTION", "hold an action in the bundle of another"},
		{Unpin, "WHAT", "let a bundle or an action go from where it was pinned or moved to"},
		{Done, "WORD", "mark a bundle, an action or some of its nodes (roll:worker:4/6) as done"},
		{Relax, "ORDER", "drop an order that no document requires (order:PRODUCT/NAME; * for all)"},
		{Keep, "ORDER", "keep an order that was relaxed"},
	}
}

// String is the line that Parse reads.
func (c Command) String() string {
	line := string(c.Verb)
	for _, word := range []string{c.Subject, c.How, c.To} {
		if word != "" {
			line += " " + word
		}
	}
	return line
}

// Parse reads a command as it is typed. The error says what was expected; whether the
// plan has what it names is found by Apply.
func Parse(line string) (Command, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	c := Command{Verb: Verb(name), Subject: rest}
	switch c.Verb {
	case Leave, Take, Unpin, Done, Relax, Keep:
	case Move:
		if at := strings.LastIndexByte(rest, ' '); at > 0 {
			c.Subject, c.To = strings.TrimSpace(rest[:at]), rest[at+1:]
		}
	case Pin:
		c = parsePin(c)
	default:
		return c, fmt.Errorf("there is no edit %q: use %s", name, verbs())
	}
	if c.Subject == "" || c.To == "" && (c.Verb == Move || c.Verb == Pin) {
		return c, fmt.Errorf("%q: write %s", line, strings.Join(formsOf(c.Verb), " or "))
	}
	return c, nil
}

// parsePin finds how a pin holds: the first of the three words counts, as the names of
// windows may have blanks in them.
func parsePin(c Command) Command {
	at, rest := len(c.Subject), c.Subject
	for _, how := range []string{ToWindow, ToBundle, With} {
		if i := strings.Index(rest, " "+how+" "); i > 0 && i < at {
			at = i
			c.Subject, c.How, c.To = strings.TrimSpace(rest[:i]), how, strings.TrimSpace(rest[i+len(how)+2:])
		}
	}
	return c
}

func formsOf(v Verb) []string {
	var out []string
	for _, f := range Forms() {
		if f.Verb == v {
			out = append(out, string(v)+" "+f.Args)
		}
	}
	return out
}

func verbs() string {
	var out []string
	for _, f := range Forms() {
		if n := len(out); n == 0 || out[n-1] != string(f.Verb) {
			out = append(out, string(f.Verb))
		}
	}
	return words.List(out)
}
