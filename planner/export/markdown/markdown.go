// Package markdown writes a plan as a document for a change board, and as short
// notices for the users of one plane.
//
// Commands in it are text for a person to read. Names are escaped: nothing that
// stands in a release or a site's file becomes markup.
package markdown

import (
	"fmt"
	"strings"

	"planewise/model"
	"planewise/planner/export/internal/brief"
	"planewise/planner/export/text"
	"planewise/planner/standing"
	"planewise/planner/words"
)

// Plan is the document for a change board.
func Plan(p model.Plan) []byte {
	d := document{Brief: brief.New(p)}
	d.head()
	d.summary()
	d.standing()
	d.planes()
	d.schedule()
	for _, b := range p.Bundles {
		d.bundle(b)
	}
	d.afterwards()
	d.unknowns()
	d.diagnostics()
	d.changes()
	d.skipped()
	return []byte(d.b.String())
}

type document struct {
	*brief.Brief
	b strings.Builder
}

func (d *document) line(parts ...string) {
	for _, p := range parts {
		d.b.WriteString(p)
	}
	d.b.WriteByte('\n')
}

func (d *document) heading(level int, title string) {
	if d.b.Len() > 0 {
		d.b.WriteByte('\n')
	}
	d.line(strings.Repeat("#", level), " ", inline(title))
	d.b.WriteByte('\n')
}

func (d *document) item(s string)    { d.line("- ", inline(s)) }
func (d *document) box(parts string) { d.line("- [ ] ", parts) }

// table writes cells that are escaped already.
func (d *document) table(rows [][]string) {
	for i, row := range rows {
		d.line("| ", strings.Join(row, " | "), " |")
		if i == 0 {
			d.line("|", strings.Repeat(" --- |", len(row)))
		}
	}
}

func (d *document) head() {
	d.heading(1, "Maintenance plan: "+d.Title())
	if n := d.Blocking(); n > 0 {
		d.line("**Do not carry this plan out as it stands: ", words.Count(n, "blocking finding"), ", listed under Findings.**")
		d.line()
	}
	d.line(inline(text.Summary(d.Plan)))
	d.line()
	d.item(fmt.Sprintf("Plan %s%s", d.ID, revision(d.Plan)))
	d.item("Basis: " + d.Basis())
	if d.SystemNodes != "" {
		d.item("System: " + d.System + " (" + d.SystemNodes + ")")
	}
}

func revision(p model.Plan) string {
	if p.Series == "" {
		return ""
	}
	return fmt.Sprintf(", series %s, revision %d", p.Series, p.Revision)
}

func (d *document) summary() {
	if len(d.Answers) == 0 {
		return
	}
	d.heading(2, "In short")
	for _, a := range d.Answers {
		d.item(a.Text)
	}
}

// standing is where the system stands in an update that has begun.
func (d *document) standing() {
	l, ok := standing.Of(d.Plan, d.Capability)
	if !ok {
		return
	}
	d.heading(2, standing.Title)
	for _, part := range []struct {
		title string
		list  []string
	}{{"Goes on now", l.Now}, {"Done in part", l.Partly}, {"Way back, the last first", l.Back}} {
		if len(part.list) == 0 {
			continue
		}
		d.heading(3, part.title)
		for _, s := range part.list {
			d.item(s)
		}
	}
}

func (d *document) planes() {
	if len(d.Bundles) == 0 {
		return
	}
	d.heading(2, "What each plane feels")
	head := []string{"Bundle", "Takes"}
	for _, id := range d.PlaneIDs() {
		head = append(head, inline(string(id)))
	}
	rows := [][]string{head}
	for _, b := range d.Bundles {
		row := []string{inline(b.Label), inline(words.Span(b.Duration))}
		for _, id := range d.PlaneIDs() {
			row = append(row, inline(brief.Feel(brief.Impact(b, id))))
		}
		rows = append(rows, row)
	}
	d.table(rows)
	d.line()
	d.line("Levels, best first: none; at-risk (works, one more fault and it does not); blip (a gap that retries hide); degraded (slower, or for some users); outage. Unknown is never none.")
	d.heading(3, "Over the whole plan")
	rows = [][]string{{"Plane", "Announcements", "Announced time", "Avoidable", "Worst"}}
	for _, p := range d.Planes {
		rows = append(rows, []string{inline(d.Plane(p.ID)), fmt.Sprint(p.Announcements), words.Duration(p.ExposureS),
			avoidable(p.Avoidable), inline(words.Level(p.Worst, p.Unknown))})
	}
	d.table(rows)
}

func avoidable(a model.Avoidable) string {
	if a.Announcements == 0 && a.S == 0 {
		return "nothing"
	}
	s := words.Duration(a.S)
	if a.Announcements > 0 {
		s += " in " + words.Count(a.Announcements, "more announcement")
	}
	return s
}

func (d *document) schedule() {
	dated := false
	for _, b := range d.Bundles {
		dated = dated || b.Window != nil
	}
	if !dated {
		return
	}
	d.heading(2, "When")
	rows := [][]string{{"Bundle", "When", "Takes", "Whom"}}
	for _, b := range d.Bundles {
		for _, s := range brief.Sittings(b) {
			rows = append(rows, []string{inline(s.Name), inline(brief.Slot(s.Window)), inline(words.Span(s.Duration)), inline(d.Footprint(s.Footprint))})
		}
	}
	d.table(rows)
	if len(d.Announce) == 0 {
		return
	}
	d.line()
	for _, a := range d.Announce {
		d.box(fmt.Sprintf("Tell %s of %s by %s", inline(d.Plane(a.Plane)), inline(d.BundleOf(a.Bundle)), inline(d.Latest(a.Bundle, a.Plane))))
	}
}

func (d *document) afterwards() {
	tails := d.Tails()
	if len(tails)+len(d.Retired) == 0 {
		return
	}
	d.heading(2, "Afterwards")
	for _, a := range tails {
		d.item(fmt.Sprintf("%s: %s (%s)", d.Plane(a.Tail.Plane), a.Tail.Text, a.Tail.Level))
	}
	for _, r := range d.Retired {
		s := "Ends for good: " + d.Capability(r.Capability)
		if r.Action != nil {
			if label := d.BundleOf(*r.Action); label != "" {
				s += ", in " + label
			}
		}
		s += ". Affects " + r.Affected + "."
		if r.Replacement != "" {
			s += " Instead: " + r.Replacement + "."
		}
		d.item(s)
	}
}

func (d *document) unknowns() {
	if len(d.Unknowns) == 0 {
		return
	}
	d.heading(2, "Not known")
	for _, u := range d.Unknowns {
		s := u.Subject + words.More(u.More) + ": " + u.What
		if len(u.Planes) > 0 {
			s += " (could reach " + words.List(u.Planes) + ")"
		}
		if u.SettleBy != "" {
			s += "; settled by " + u.SettleBy
		}
		d.item(s)
	}
}

func (d *document) diagnostics() {
	if len(d.Diagnostics) == 0 {
		return
	}
	d.heading(2, "Findings")
	rows := [][]string{{"Severity", "Code", "About", "Finding", "What to do"}}
	for _, x := range d.Diagnostics {
		finding := x.Summary + brief.Also(x)
		if len(x.Path) > 0 {
			finding += " (" + strings.Join(x.Path, " -> ") + ")"
		}
		rows = append(rows, []string{inline(string(x.Severity)), inline(string(x.Code)), inline(x.Subject), inline(finding), inline(x.Hint)})
	}
	d.table(rows)
}

func (d *document) changes() {
	if len(d.Changes) == 0 {
		return
	}
	d.heading(2, "Changes")
	rows := [][]string{{"Component", "Change", "From and to", "Bundle", "Remark"}}
	for _, c := range d.Changes {
		in := "none"
		if c.Action != nil {
			in = d.BundleOf(*c.Action)
		}
		remark := c.Reason
		if c.Reboot {
			remark = strings.TrimPrefix(remark+"; takes effect at a reboot", "; ")
		}
		rows = append(rows, []string{inline(string(c.ID)), inline(string(c.Direction)), inline(brief.Version(c)), inline(in), inline(remark)})
	}
	d.table(rows)
}

func (d *document) skipped() {
	if len(d.Skipped) == 0 {
		return
	}
	d.heading(2, "Stages without an action")
	for _, s := range d.Skipped {
		d.item(s.Stage + ": " + s.Reason)
	}
}
