// Package text writes a plan as plain text: what a person sees first on a
// terminal, in a ticket or through a screen reader. Levels are words and glyphs,
// nothing depends on colour, and lines fit the width asked for.
package text

import (
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
	w := writer{plan: p, Options: o}
	w.header()
	w.planes()
	w.answers()
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
	plan model.Plan
	b    strings.Builder
}

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

func (w *writer) para(indent, sentence string) {
	wrap(&w.b, indent, indent+"  ", clean.Text(sentence), w.width())
}

// Refs joins the releases of a side: "csm 1.5.2 + uan 2.7.0".
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
	system := clean.Text(p.System)
	if p.SystemNodes != "" {
		system += " (" + clean.Text(p.SystemNodes) + ")"
	}
	w.para("", fmt.Sprintf("%s -> %s on %s", Refs(p.From), Refs(p.To), system))
	w.para("  ", fmt.Sprintf("procedure %s, %s; policy %s", or(p.Procedure.Name, "none"), p.Procedure.Basis, or(p.Policy, "none")))
	w.para("  ", Summary(p))
	w.b.WriteByte('\n')
}

// Summary is the line of counts: changes, actions, bundles, what is proven and
// what could be avoided.
func Summary(p model.Plan) string {
	s := fmt.Sprintf("%s, %s, %s.", words.Count(len(p.Changes), "change"), words.Count(len(p.Actions), "action"), words.Count(len(p.Bundles), "bundle"))
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
	w.line("  Lengths are the longer figure: nine of ten runs stay below it.")
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
		col := []string{b.Label + "  " + words.ShortSpan(b.Duration)}
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
		col = append(col, or(tails[p.ID], "."))
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

func (w *writer) bundles() {
	actions := map[model.ActionID]model.Action{}
	for _, a := range w.plan.Actions {
		actions[a.ID] = a
	}
	for _, b := range w.plan.Bundles {
		w.bundle(b, actions)
	}
}

func (w *writer) bundle(b model.Bundle, actions map[model.ActionID]model.Action) {
	head := fmt.Sprintf("%s  %s", b.Label, clean.Text(b.Title))
	w.para("", fmt.Sprintf("%s: %s, %s", head, words.Span(b.Duration), footprint(b.Footprint, w.plan.Planes)))
	if b.DurationUnknown {
		w.para("    ", "Duration: not known for every action; the range is wide on purpose.")
	}
	if b.Elapsed != nil {
		w.para("    ", "On the clock: "+words.Span(*b.Elapsed)+", with actions side by side (list scheduling, not the shortest possible)")
	}
	w.dates(b)
	w.para("    ", "Actions: "+w.actionNames(b, actions))
	if b.UntestedCut != "" {
		w.para("    ", "Cut before this bundle: inside "+b.UntestedCut+", not tested by the vendor.")
	}
	w.para("    ", "Way back: "+wayBack(b, actions))
	if len(b.Gates)+len(b.Quiesce) > 0 {
		w.para("    ", fmt.Sprintf("Before it: %s, %s (planewise show -v)", words.Count(len(b.Quiesce), "thing")+" to quiesce", words.Count(len(b.Gates), "gate")))
	}
	if w.Verbose {
		w.bundleDetail(b, actions)
	}
	w.b.WriteByte('\n')
}

// dates says when a bundle runs, in one piece or in parts, and by when each plane
// has to be told.
func (w *writer) dates(b model.Bundle) {
	if len(b.Parts) > 0 {
		for _, part := range b.Parts {
			if part.Window != nil {
				w.para("    ", fmt.Sprintf("Part %s: %s", part.Label, slot(*part.Window)))
			}
		}
	} else if b.Window != nil {
		w.para("    ", "Window: "+slot(*b.Window))
	}
	var tell []string
	told := map[model.PlaneID]bool{} // announcements are sorted by time: the first of a plane counts
	for _, a := range w.plan.Announce {
		if a.Bundle == b.Key && !told[a.Plane] {
			told[a.Plane] = true
			tell = append(tell, fmt.Sprintf("%s by %s", clean.Text(string(a.Plane)), a.By))
		}
	}
	if tell != nil {
		w.para("    ", "Tell "+strings.Join(tell, ", "))
	}
}

func slot(s model.Slot) string {
	return fmt.Sprintf("%s, %s to %s", or(clean.Text(s.Name), "outside all windows"), s.Start, s.End)
}

// footprint lists the planes a bundle disturbs and those it only touches.
func footprint(f map[model.PlaneID]model.Footprint, planes []model.PlaneSummary) string {
	var disturbed, watched []string
	for _, p := range planes {
		switch f[p.ID] {
		case model.Disturbed:
			disturbed = append(disturbed, clean.Text(string(p.ID)))
		case model.Watched:
			watched = append(watched, clean.Text(string(p.ID)))
		}
	}
	switch {
	case disturbed == nil && watched == nil:
		return "needs no announcement"
	case disturbed == nil:
		return "needs no announcement, watch " + words.List(watched)
	case watched == nil:
		return "disturbs " + words.List(disturbed)
	}
	return "disturbs " + words.List(disturbed) + ", watch " + words.List(watched)
}

// actionNames lists a bundle's actions in run order; charts that follow each
// other are counted, since a release ships dozens of them.
func (w *writer) actionNames(b model.Bundle, actions map[model.ActionID]model.Action) string {
	const shown = 4
	var parts []string
	for i := 0; i < len(b.Actions); {
		id := b.Actions[i]
		if !isShip(id) {
			parts = append(parts, clean.Text(actionTitle(actions[id])))
			i++
			continue
		}
		end := i
		var names []string
		for end < len(b.Actions) && isShip(b.Actions[end]) {
			names = append(names, clean.Text(strings.TrimPrefix(string(b.Actions[end]), "ship:")))
			end++
		}
		if len(names) > shown {
			names = append(names[:shown-1:shown-1], fmt.Sprintf("%d more", len(names)-shown+1))
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", words.Count(end-i, "chart"), strings.Join(names, ", ")))
		i = end
	}
	return strings.Join(parts, "; ")
}

func isShip(id model.ActionID) bool { return strings.HasPrefix(string(id), "ship:") }

func actionTitle(a model.Action) string {
	if a.Units > 1 && a.Role != "" {
		return fmt.Sprintf("%s (%d nodes, %d at a time)", a.Title, a.Units, max(a.Batch, 1))
	}
	return a.Title
}

func wayBack(b model.Bundle, actions map[model.ActionID]model.Action) string {
	s := "not known"
	switch b.Rollback.Possible {
	case model.Yes:
		return "yes, up to " + words.Duration(b.Rollback.P90s)
	case model.No:
		s = "none"
	}
	if b.PointOfNoReturn != nil {
		s += " from " + clean.Text(actions[*b.PointOfNoReturn].Title) + " on"
	}
	if b.LastSafeStop != nil {
		s += "; last safe stop after " + clean.Text(actions[*b.LastSafeStop].Title)
	}
	return s
}

func (w *writer) bundleDetail(b model.Bundle, actions map[model.ActionID]model.Action) {
	for _, q := range b.Quiesce {
		w.para("    ", "quiesce: "+withCommand(q.Text, q.Command))
	}
	for _, g := range b.Gates {
		w.para("    ", "gate: "+withCommand(g.Text, g.Command))
	}
	t := table{indent: "    "}
	for _, id := range b.Actions {
		a := actions[id]
		t.row(clean.Text(string(a.ID)), clean.Text(string(a.Method)), words.ShortSpan(a.Duration), effects(a))
	}
	t.write(&w.b)
}

func withCommand(text, command string) string {
	if command == "" {
		return text
	}
	return text + " [" + command + "]"
}

// effects are the worst effect of an action on each capability, worst first.
func effects(a model.Action) string {
	type worst struct {
		r     model.Range
		lasts int64
	}
	by := map[model.CapabilityID]worst{}
	for _, e := range a.Effects {
		w := by[e.Capability]
		if r := w.r.Worse(e.Range()); r != w.r {
			by[e.Capability] = worst{r, e.Lasts.P90s}
		}
	}
	ids := make([]model.CapabilityID, 0, len(by))
	for id := range by {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y model.CapabilityID) int {
		if d := int(by[y].r.Most) - int(by[x].r.Most); d != 0 {
			return d
		}
		return strings.Compare(string(x), string(y))
	})
	var out []string
	for _, id := range ids {
		out = append(out, fmt.Sprintf("%s %s %s", clean.Text(string(id)), shortLevel(by[id].r.Least, by[id].r.IsUnknown()), words.Short(by[id].lasts)))
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, ", ")
}

func (w *writer) unknowns() {
	if len(w.plan.Unknowns) == 0 {
		return
	}
	w.line("Not known (%d):", len(w.plan.Unknowns))
	limit := len(w.plan.Unknowns)
	if !w.Verbose {
		limit = min(limit, 10)
	}
	for _, u := range w.plan.Unknowns[:limit] {
		s := u.Subject + ": " + u.What
		if u.SettleBy != "" {
			s += "; settled by " + u.SettleBy
		}
		w.para("  ", s)
	}
	if rest := len(w.plan.Unknowns) - limit; rest > 0 {
		w.line("  and %d more (planewise show -v)", rest)
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
		w.b.WriteString(Diagnostic(d, w.width()))
		shown++
	}
	if hidden := len(w.plan.Diagnostics) - shown; hidden > 0 {
		w.line("%s hidden (planewise show -v)", words.Count(hidden, "note"))
	}
}

// Diagnostic is one diagnostic as text, wrapped to the width.
func Diagnostic(d model.Diagnostic, width int) string {
	var b strings.Builder
	s := fmt.Sprintf("%s [%s] %s: %s", d.Severity, d.Code, d.Subject, d.Summary)
	if d.Hint != "" {
		s += ". " + d.Hint
	}
	wrap(&b, "", "  ", clean.Text(s), width)
	if len(d.Path) > 0 {
		wrap(&b, "  ", "  ", clean.Text("path: "+strings.Join(d.Path, " -> ")), width)
	}
	return b.String()
}

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
		t.row(string(c.Direction), clean.Text(string(c.ID)), clean.Text(or(c.From, "-")+" -> "+or(c.To, "-")), clean.Text(carried))
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

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
