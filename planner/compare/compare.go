// Package compare puts plans side by side: what several targets, policies,
// systems or ways to one target do to each plane; what one has that the others
// have not; what a later plan changes for each bundle of an earlier one; what
// another cadence of updates would cost.
//
// # What is compared
//
// An option is a way of updating, in one plan or in several done one after the
// other. Its figures are the sums over its plans. Spans are added end by end: the
// p90 of a sum of plans is no more than that in all but odd cases, since plans
// are done weeks apart and do not all run late together.
//
// # What is claimed
//
// An option is called gentlest on a plane only where it is no worse than every
// other in every measure. Otherwise the measures are named in which each is best:
// how many announcements a minute of outage is worth is the reader's to say. Time
// whose effect is unknown is a measure of its own, and an option that has any is
// called gentlest only "by what is known".
package compare

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// The bounds of a comparison. A table of more columns fits no screen, and a
// comparison of one thing is none.
const (
	MinOptions = 2
	MaxOptions = 8
)

// Option is one of the ways to choose from.
type Option struct {
	// Name is short and stands above its column.
	Name string
	// Steps are its plans, in the order in which they are done.
	Steps []model.Plan
	// Part: it is a part of another option, shown for its figures; it is no choice.
	Part bool
	// Notes are what has to be said about it beside its figures.
	Notes []string
}

// Report is the result.
type Report struct {
	// What is compared: targets, plans, policies, systems, ways, decoupling.
	What    string   `json:"what"`
	Options []Column `json:"options"`
	// Planes in the order of the first option's.
	Planes []Row `json:"planes"`
	// Notes say what makes the options hard to compare.
	Notes []string `json:"notes"`
	// Bundles is set for two plans: what the second changes for each bundle.
	Bundles *Diff `json:"bundles,omitempty"`
}

// Column is one option over all planes.
type Column struct {
	Name  string `json:"name"`
	Part  bool   `json:"part,omitempty"`
	Steps []Step `json:"steps"`
	Total Total  `json:"total"`
	// Blocking are the blocking diagnostics, each once.
	Blocking []model.Diagnostic `json:"blocking"`
	Only     Only               `json:"only"`
	Notes    []string           `json:"notes"`
}

// Step is one plan of an option.
type Step struct {
	ID        string             `json:"id,omitempty"`
	From      []model.ReleaseRef `json:"from"`
	To        []model.ReleaseRef `json:"to"`
	System    string             `json:"system"`
	Policy    string             `json:"policy"`
	Procedure model.ProcedureRef `json:"procedure"`
}

// Row is one plane in all options.
type Row struct {
	Plane model.PlaneID `json:"plane"`
	// Cells in the order of the options.
	Cells []Cell `json:"cells"`
	// Gentlest names the options that are no worse than any other in any measure;
	// none where there is a trade-off.
	Gentlest []string `json:"gentlest"`
	// Proven: the gentlest have no time of unknown effect on the plane, so nothing
	// that is still to be found out can make them worse.
	Proven  bool   `json:"proven"`
	Verdict string `json:"verdict"`
}

// Of compares options. What is a word for what they are.
func Of(what string, options []Option) (Report, error) {
	if len(options) < MinOptions || len(options) > MaxOptions {
		return Report{}, fmt.Errorf("%d options to compare: give %d to %d", len(options), MinOptions, MaxOptions)
	}
	for i, o := range options {
		if len(o.Steps) == 0 {
			return Report{}, fmt.Errorf("option %q has no plan", o.Name)
		}
		for _, other := range options[:i] {
			if other.Name == o.Name {
				return Report{}, fmt.Errorf("two options are called %q: give each a name of its own", o.Name)
			}
		}
	}
	r := Report{What: what, Notes: notes(options)}
	sets := make([]traits, len(options))
	for i, o := range options {
		r.Options = append(r.Options, column(o))
		if !o.Part {
			sets[i] = traitsOf(o)
		}
	}
	for i := range options {
		r.Options[i].Only = onlyOf(i, sets)
	}
	for _, plane := range planesOf(options) {
		row := Row{Plane: plane}
		for _, o := range options {
			row.Cells = append(row.Cells, cellOf(o, plane))
		}
		judge(&row, r.Options)
		r.Planes = append(r.Planes, row)
	}
	return r, nil
}

// planesOf are the planes of all plans, in the order of the first that has them.
func planesOf(options []Option) []model.PlaneID {
	var out []model.PlaneID
	for _, o := range options {
		for _, p := range o.Steps {
			for _, s := range p.Planes {
				if !slices.Contains(out, s.ID) {
					out = append(out, s.ID)
				}
			}
		}
	}
	return out
}

func column(o Option) Column {
	c := Column{Name: o.Name, Part: o.Part, Total: totalOf(o), Blocking: []model.Diagnostic{}, Notes: slices.Clone(o.Notes)}
	if c.Notes == nil {
		c.Notes = []string{}
	}
	for _, p := range o.Steps {
		c.Steps = append(c.Steps, Step{ID: p.ID, From: p.From, To: p.To, System: p.System, Policy: p.Policy, Procedure: p.Procedure})
		for _, d := range p.Diagnostics {
			if d.Severity == model.Blocking {
				c.Blocking = append(c.Blocking, d)
			}
		}
	}
	c.Blocking = model.SortDiagnostics(c.Blocking)
	return c
}

// notes say where the options differ in more than what they are named for.
func notes(options []Option) []string {
	out := []string{}
	differ := func(of func(Option) string) bool {
		return slices.ContainsFunc(options, func(o Option) bool { return of(o) != of(options[0]) })
	}
	if differ(func(o Option) string { return Refs(o.Steps[0].From) }) {
		out = append(out, "The options start from different releases.")
	}
	if differ(func(o Option) string { return Refs(o.Steps[len(o.Steps)-1].To) }) {
		out = append(out, "The options end at different releases: what one leaves undone costs nothing here.")
	}
	if differ(func(o Option) string { return o.Steps[0].System }) {
		out = append(out, "The options are for different systems.")
	}
	if differ(func(o Option) string { return o.Steps[0].Policy }) {
		out = append(out, "Announcements, exposure and windows are counted by each option's own policy, which says from when on a plane is disturbed; the times per level do not depend on it.")
	}
	return out
}

// Refs joins the releases of a side: "core-1.5.2 + login-2.7.0".
func Refs(refs []model.ReleaseRef) string {
	if len(refs) == 0 {
		return "nothing"
	}
	var out []string
	for _, r := range refs {
		out = append(out, r.Product+"-"+r.Version)
	}
	return strings.Join(out, " + ")
}
