// Package text writes a plan as plain text: what a person sees first on a
// terminal, in a ticket or through a screen reader. Levels are words and glyphs,
// nothing depends on colour, and lines fit the width asked for.
package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/words"
)

// Options of a text output.
type Options struct {
	// Width in columns; 0 is 80. Names longer than a line are not cut.
	Width int
	// Verbose adds every action with its effects, and every change.
	Verbose bool
}

func (o Options) width() int {
	if o.Width <= 0 {
		return 80
	}
	return max(o.Width, 40)
}

// Plan is the plan as text, with a newline at its end. It is a pure function of
// its arguments. Control characters of names are made visible.
func Plan(p model.Plan, o Options) string {
	w := writer{plan: p, reach: words.Reach(&p), Options: o}
	w.header()
	w.planes()
	w.answers()
	w.standing()
	w.bundles()
	w.unknowns()
	w.diagnostics()
	if o.Verbose {
		w.changes()
		w.skipped()
	}
	return w.b.String()
}

type writer struct {
	Options
	plan  model.Plan
	reach model.Reach // what is shown in place of "*"
	b     strings.Builder
}

func (w *writer) line(format string, args ...any) {
	w.b.WriteString(clean.Text(fmt.Sprintf(format, args...)) + "\n")
}

func (w *writer) para(indent, sentence string) {
	wrap(&w.b, indent, indent+"  ", sentence, w.width())
}

// Refs joins the releases of a side: "core 1.5.2 + login 2.7.0".
func Refs(refs []model.ReleaseRef) string {
	var out []string
	for _, r := range refs {
		out = append(out, clean.Text(r.Product+" "+r.Version))
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, " + ")
}

func (w *writer) header() {
	p := w.plan
	system := p.System
	if p.SystemNodes != "" {
		system += " (" + p.SystemNodes + ")"
	}
	w.para("", fmt.Sprintf("%s -> %s on %s", Refs(p.From), Refs(p.To), system))
	w.para("  ", fmt.Sprintf("procedure %s, %s; policy %s", cmp.Or(p.Procedure.Name, "none"), p.Procedure.Basis, cmp.Or(p.Policy, "none")))
	w.para("  ", Summary(p))
	w.b.WriteByte('\n')
}

// Summary is the line of counts: changes, actions, bundles, what is proven and
// what could be avoided.
func Summary(p model.Plan) string {
	s := fmt.Sprintf("%s, %s, %s.", words.Count(len(p.Changes), "change"), words.Count(len(p.Actions), "action"), words.Count(len(p.Bundles), "bundle"))
	if p.Standing != nil {
		s = fmt.Sprintf("Goes on with an update: %d of %s made; left are %s in %s.", len(p.Standing.Made), words.Count(len(p.Changes), "change"),
			words.Count(len(p.Actions), "action"), words.Count(len(p.Bundles), "bundle"))
	}
	if len(p.Bundles) == 0 {
		return s + " Nothing to do."
	}
	o := p.Optimality
	if o.Status == "optimal" {
		s += " Split proven optimal"
	} else {
		s += fmt.Sprintf(" Split within %s of the best possible", Permille(o.GapPermille))
	}
	return s + "; avoidable: " + avoidable(p) + "."
}

// Permille is a share as per cent with one digit: 125 is "12.5 %".
func Permille(n int64) string { return fmt.Sprintf("%d.%d %%", n/10, n%10) }

func avoidable(p model.Plan) string {
	var parts []string
	for _, plane := range p.Planes {
		a := plane.Avoidable
		if a.Announcements == 0 && a.S == 0 {
			continue
		}
		part := clean.Text(string(plane.ID)) + " " + words.Duration(a.S)
		if a.Announcements > 0 {
			part += " in " + words.Count(a.Announcements, "more announcement")
		}
		parts = append(parts, part)
	}
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, "; ") + "; nothing else"
}

// planes prints the table of planes by bundles, in as many blocks of bundles as
// the width needs.
func (w *writer) planes() {
	if len(w.plan.Bundles) == 0 {
		return
	}
	columns := w.columns()
	label := 0
	for _, c := range columns[0][1:] {
		label = max(label, len(c))
	}
	for start := 1; start < len(columns); {
		end, used := start, label+4
		for end < len(columns) && (end == start || used+columnWidth(columns[end])+2 <= w.width()) {
			used += columnWidth(columns[end]) + 2
			end++
		}
		t := table{indent: "  "}
		for row := range columns[0] {
			cells := []string{columns[0][row]}
			for c := start; c < end; c++ {
				cells = append(cells, columns[c][row])
			}
			t.row(cells...)
		}
		t.write(&w.b)
		w.b.WriteByte('\n')
		start = end
	}
	w.para("  ", "Lengths are the longer figure: nine of ten runs stay below it.")
	w.b.WriteByte('\n')
}

// columns are the plane names, one column a bundle, and what goes on afterwards;
// the first row is the heading.
func (w *writer) columns() [][]string {
	planes := w.plan.Planes
	names := []string{""}
	for _, p := range planes {
		names = append(names, clean.Text(string(p.ID)))
	}
	out := [][]string{names}
	for _, b := range w.plan.Bundles {
		col := []string{clean.Text(b.Label) + "  " + words.ShortSpan(b.Duration)}
		for _, p := range planes {
			col = append(col, Cell(b, p.ID))
		}
		out = append(out, col)
	}
	if after := w.after(); after != nil {
		out = append(out, after)
	}
	return out
}

// Cell says what one plane feels of a bundle: glyph, word and for how long at
// most. "minor" stands where only capabilities of minor importance are that bad,
// "+???" where more time is possibly as bad.
func Cell(b model.Bundle, plane model.PlaneID) string {
	for _, impact := range b.Impact {
		if impact.Plane != plane {
			continue
		}
		if impact.Worst == model.None && !impact.Unknown {
			return "."
		}
		s := words.Glyph(impact.Worst, impact.Unknown) + " " + shortLevel(impact.Worst, impact.Unknown)
		lasts, possible, minor := longest(impact)
		if lasts > 0 {
			s += " " + words.Short(lasts)
		}
		if possible > 0 {
			s += " +???"
		}
		if minor {
			s += " minor"
		}
		return s
	}
	return "."
}

func shortLevel(l model.Level, unknown bool) string {
	if unknown && l != model.None {
		return ">=" + l.String()
	}
	return words.Level(l, unknown)
}

// longest is the time of the capability that is at the plane's worst level for
// the longest, and whether all that are at that level are of minor importance.
func longest(impact model.PlaneImpact) (lasts, possible int64, minor bool) {
	minor = true
	for _, c := range impact.Capabilities {
		if c.Level == impact.Worst && (c.Unknown || !impact.Unknown) {
			lasts, possible = max(lasts, c.P90s), max(possible, c.PossibleS)
			minor = minor && c.Importance == model.Minor
		}
	}
	return lasts, possible, minor
}

func (w *writer) after() []string {
	tails := map[model.PlaneID]string{}
	for _, a := range w.plan.Actions {
		if a.Tail != nil {
			tails[a.Tail.Plane] = words.Glyph(a.Tail.Level, false) + " " + clean.Text(a.Tail.Text)
		}
	}
	if len(tails) == 0 {
		return nil
	}
	col := []string{"after"}
	for _, p := range w.plan.Planes {
		col = append(col, cmp.Or(tails[p.ID], "."))
	}
	return col
}

func columnWidth(cells []string) int {
	n := 0
	for _, c := range cells {
		n = max(n, len(c))
	}
	return n
}

func (w *writer) answers() {
	for _, a := range w.plan.Answers {
		w.para("  ", a.Text)
	}
	if len(w.plan.Answers) > 0 {
		w.b.WriteByte('\n')
	}
}

func (w *writer) unknowns() {
	if len(w.plan.Unknowns) == 0 {
		return
	}
	things := 0
	for _, u := range w.plan.Unknowns {
		things += 1 + u.More
	}
	w.line("Not known (%d):", things)
	limit := len(w.plan.Unknowns)
	if !w.Verbose {
		limit = min(limit, 10)
	}
	for _, u := range w.plan.Unknowns[:limit] {
		things -= 1 + u.More
		s := u.Subject + words.More(u.More) + ": " + u.What
		if u.SettleBy != "" {
			s += "; settled by " + u.SettleBy
		}
		w.para("  ", s)
	}
	if things > 0 {
		w.line("  and %d more (planewise show -v)", things)
	}
	w.b.WriteByte('\n')
}

func (w *writer) diagnostics() {
	shown := 0
	for _, d := range w.plan.Diagnostics {
		// Each bundle has said of its own cut whether the vendor tested it.
		if !w.Verbose && (d.Severity == model.Info || d.Code == "untested-cut") {
			continue
		}
		w.b.WriteString(diagnostic(d, w.width(), w.Verbose))
		shown++
	}
	if hidden := len(w.plan.Diagnostics) - shown; hidden > 0 {
		w.line("%s hidden (planewise show -v)", words.Count(hidden, "note"))
	}
}

// Diagnostic is one diagnostic as text, wrapped to the width.
func Diagnostic(d model.Diagnostic, width int) string { return diagnostic(d, width, false) }

// diagnostic is Diagnostic with all subjects, or only the first of very many.
func diagnostic(d model.Diagnostic, width int, all bool) string {
	var b strings.Builder
	s := fmt.Sprintf("%s [%s] %s: %s", d.Severity, d.Code, d.Subject, d.Summary)
	if d.Hint != "" {
		s += ". " + d.Hint
	}
	wrap(&b, "", "  ", s, width)
	switch {
	case len(d.Also) > 0 && all:
		wrap(&b, "  ", "  ", fmt.Sprintf("the same of %d more: %s", len(d.Also), strings.Join(d.Also, ", ")), width)
	case len(d.Also) > 0:
		wrap(&b, "  ", "  ", fmt.Sprintf("the same of %d more (-v lists all): %s", len(d.Also), words.Some(d.Also)), width)
	}
	if path := d.Path; len(path) > 0 {
		if !all && len(path) > shownPath {
			path = append(slices.Clip(path[:shownPath]), fmt.Sprintf("%d more (-v lists all)", len(path)-shownPath))
		}
		wrap(&b, "  ", "  ", "path: "+strings.Join(path, " -> "), width)
	}
	return b.String()
}

// shownPath bounds the path of a diagnostic, which may be every component of a side.
const shownPath = 24

func (w *writer) changes() {
	if len(w.plan.Changes) == 0 {
		return
	}
	w.b.WriteByte('\n')
	w.line("Changes:")
	t := table{indent: "  "}
	for _, c := range w.plan.Changes {
		carried := c.Reason
		if c.Action != nil {
			carried = string(*c.Action)
		}
		t.row(string(c.Direction), string(c.ID), cmp.Or(c.From, "-")+" -> "+cmp.Or(c.To, "-"), carried)
	}
	t.write(&w.b)
}

func (w *writer) skipped() {
	if len(w.plan.Skipped) == 0 {
		return
	}
	w.b.WriteByte('\n')
	w.line("Stages without an action:")
	for _, s := range w.plan.Skipped {
		w.para("  ", s.Stage+": "+s.Reason)
	}
}
