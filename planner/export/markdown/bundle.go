package markdown

import (
	"fmt"
	"strings"

	"planewise/model"
	"planewise/planner/export/internal/brief"
	"planewise/planner/words"
)

// bundle is the run book of one bundle.
func (d *document) bundle(b model.Bundle) {
	d.heading(2, b.Label+": "+b.Title)
	for _, s := range brief.Sittings(b) {
		d.item(s.Name + ": " + brief.Slot(s.Window))
	}
	d.item("Takes " + brief.Length(b))
	d.item(upper(d.Footprint(b.Footprint)))
	if len(b.After) > 0 {
		d.item("Comes after " + words.List(d.labels(b.After)))
	}
	if b.UntestedCut != "" {
		d.item("The cut before this bundle lies inside " + b.UntestedCut + ", not tested by the vendor")
	}
	d.before(b)
	d.steps(b)
	d.effects(b)
	d.heading(3, b.Label+": stop when")
	for _, sign := range d.Abort(b) {
		d.item(sign)
	}
	d.heading(3, b.Label+": way back")
	d.line(inline(d.WayBack(b)))
	d.line()
	d.line(inline(brief.Stay(b)))
}

func (d *document) labels(keys []model.ActionID) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		if out[i] = d.BundleOf(k); out[i] == "" {
			out[i] = string(k)
		}
	}
	return out
}

func (d *document) before(b model.Bundle) {
	if len(b.Quiesce)+len(b.Gates) == 0 {
		return
	}
	d.heading(3, b.Label+": before it starts")
	for _, q := range b.Quiesce {
		d.box(check("Quiesce: "+q.Text, q.Command, q.Source))
	}
	for _, g := range b.Gates {
		d.box(check("Gate: "+g.Text, g.Command, g.Source))
	}
}

func check(what, command, source string) string {
	s := inline(what)
	if command != "" {
		s += " Command: " + code(command)
	}
	if source != "" {
		s += " (" + inline(source) + ")"
	}
	return s
}

// steps are the actions with a box each; where the bundle is done in parts, by part.
func (d *document) steps(b model.Bundle) {
	d.heading(3, b.Label+": actions, in this order")
	if len(b.Parts) == 0 {
		for _, id := range b.Actions {
			d.step(d.Action(id), "", false)
		}
		return
	}
	for i, part := range b.Parts {
		if i > 0 {
			d.line()
		}
		d.line(inline("Part "+part.Label), ":")
		d.line()
		for _, s := range part.Steps {
			units := ""
			if s.First > 0 {
				units = fmt.Sprintf(", nodes %d to %d", s.First, s.Last)
			}
			d.step(d.Action(s.Action), units, s.First > 1)
		}
	}
}

// step is an action, or some of its units; of later units the nodes were said before.
func (d *document) step(a model.Action, units string, later bool) {
	s := inline(brief.Step(a)+units) + " (" + inline(string(a.ID)) + "), " + inline(words.Span(a.Duration))
	if a.DurationUnknown {
		s += ", how long is not known"
	}
	if a.NoReturn {
		s += ". **No way back from here on**"
	}
	d.box(s)
	if later {
		return
	}
	for _, line := range words.ShortPlacement(a, 6) {
		d.line("  - " + inline(line))
	}
}

func (d *document) effects(b model.Bundle) {
	var rows [][]string
	for _, impact := range b.Impact {
		for _, c := range impact.Capabilities {
			if brief.Felt(c) {
				rows = append(rows, []string{inline(string(impact.Plane)), inline(d.Capability(c.ID)), inline(words.Level(c.Level, c.Unknown)),
					inline(words.Span(model.Span{P50s: c.P50s, P90s: c.P90s})), inline(d.reasons(c.Facts, c.More))})
			}
		}
	}
	d.heading(3, b.Label+": effects")
	if rows == nil {
		d.line("Nobody feels anything.")
		return
	}
	d.table(append([][]string{{"Plane", "What", "Level", "In all", "Why"}}, rows...))
}

// reasons are the facts of a claim in a cell: what each says, and its basis.
func (d *document) reasons(ids []model.FactID, more int) string {
	var out []string
	for _, f := range d.FactsOf(ids) {
		s := f.Text
		if s == "" {
			s = strings.TrimSpace(f.Subject + " " + f.Relation + " " + f.Object)
		}
		out = append(out, fmt.Sprintf("%s [%s]", strings.TrimSuffix(s, "."), f.Basis))
	}
	if out == nil {
		return "no fact is given"
	}
	return strings.Join(out, "; ") + words.More(more)
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
