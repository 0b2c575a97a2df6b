package html

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
	"planewise/planner/export/text"
	"planewise/planner/standing"
	"planewise/planner/words"
)

// pageView is what the page's template shows; every text in it is clean.
type pageView struct {
	Title, ID, Basis, Nodes, Summary, Tool, Blocking string
	Answers                                          []string
	Planes                                           []planeView
	Bundles                                          []bundleView
	After, Tell, Unknowns, Skipped                   []string
	Diagnostics, Changes                             template.HTML // rows of tables
	ChangeCount                                      string
	Standing                                         *standing.Lists // nil where nothing is done yet
}

type planeView struct {
	Title, Exposure, Avoidable, Worst string
	Announcements                     int
}

type bundleView struct {
	Anchor, Label, Title, Takes string
	Sittings                    []string
	Feels                       []feelView
	Notes                       []string
	Picture                     template.HTML
	Rows                        template.HTML
	Reasons                     []string // row.Why counts them from 1
	Checks                      []checkView
	Steps                       []stepView
	Abort                       []string
	WayBack, Stay               string
}

type feelView struct{ Class, Text string }

type checkView struct{ Text, Command, Source string }

type stepView struct {
	Text, Detail string
	NoReturn     bool
	Nodes        []string // in words, the worst first
}

func newPage(b *brief.Brief) (pageView, error) {
	v := pageView{
		Title: b.Title(), ID: clean.Text(b.ID), Basis: b.Basis(), Nodes: clean.Text(b.SystemNodes),
		Summary: text.Summary(b.Plan), Tool: clean.Text(b.Tool), ChangeCount: words.Count(len(b.Changes), "change"),
	}
	if n := b.Blocking(); n > 0 {
		v.Blocking = words.Count(n, "blocking finding")
	}
	for _, a := range b.Answers {
		v.Answers = append(v.Answers, clean.Text(a.Text))
	}
	if l, ok := standing.Of(b.Plan, b.Capability); ok {
		v.Standing = &l
	}
	for _, p := range b.Plan.Planes {
		v.Planes = append(v.Planes, planeView{
			Title: b.Plane(p.ID), Announcements: p.Announcements, Exposure: words.Duration(p.ExposureS),
			Avoidable: avoidable(p.Avoidable), Worst: words.Level(p.Worst, p.Unknown),
		})
	}
	for i, bundle := range b.Plan.Bundles {
		one, err := newBundle(b, bundle, i)
		if err != nil {
			return v, err
		}
		v.Bundles = append(v.Bundles, one)
	}
	v.lists(b)
	return v, nil
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

// lists are the parts of the page that hold for the plan as a whole.
func (v *pageView) lists(b *brief.Brief) {
	for _, a := range b.Tails() {
		v.After = append(v.After, clean.Text(fmt.Sprintf("%s: %s (%s)", b.Plane(a.Tail.Plane), a.Tail.Text, a.Tail.Level)))
	}
	for _, r := range b.Retired {
		s := fmt.Sprintf("Ends for good: %s. Affects %s.", b.Capability(r.Capability), r.Affected)
		if r.Replacement != "" {
			s += " Instead: " + r.Replacement + "."
		}
		v.After = append(v.After, clean.Text(s))
	}
	for _, a := range b.Announce {
		v.Tell = append(v.Tell, fmt.Sprintf("Tell %s of %s by %s", b.Plane(a.Plane), b.BundleOf(a.Bundle), b.Latest(a.Bundle, a.Plane)))
	}
	for _, u := range b.Plan.Unknowns {
		s := u.Subject + words.More(u.More) + ": " + u.What
		if len(u.Planes) > 0 {
			s += " (could reach " + words.List(u.Planes) + ")"
		}
		if u.SettleBy != "" {
			s += "; settled by " + u.SettleBy
		}
		v.Unknowns = append(v.Unknowns, clean.Text(s))
	}
	var rows table
	for _, d := range b.Plan.Diagnostics {
		d.Summary += brief.Also(d)
		if len(d.Path) > 0 {
			d.Summary += " (" + strings.Join(d.Path, " -> ") + ")"
		}
		rows.row(cell(d.Severity), cell(d.Code), head(d.Subject), cell(d.Summary), cell(d.Hint))
	}
	v.Diagnostics = rows.html()
	rows = table{}
	for _, c := range b.Plan.Changes {
		in := "none"
		if c.Action != nil {
			in = b.BundleOf(*c.Action)
		}
		remark := c.Reason
		if c.Reboot {
			remark = strings.TrimPrefix(remark+"; takes effect at a reboot", "; ")
		}
		rows.row(head(c.ID), cell(c.Direction), cell(brief.Version(c)), cell(in), cell(remark))
	}
	v.Changes = rows.html()
	for _, s := range b.Plan.Skipped {
		v.Skipped = append(v.Skipped, clean.Text(s.Stage+": "+s.Reason))
	}
}

func newBundle(b *brief.Brief, bundle model.Bundle, n int) (bundleView, error) {
	v := bundleView{
		Anchor: fmt.Sprintf("bundle-%d", n+1), Label: clean.Text(bundle.Label), Title: clean.Text(bundle.Title),
		Takes: words.Span(bundle.Duration), Abort: b.Abort(bundle), WayBack: b.WayBack(bundle), Stay: brief.Stay(bundle),
	}
	for _, s := range brief.Sittings(bundle) {
		when := brief.Slot(s.Window)
		if s.Part != "" {
			when = s.Part + ": " + when
		}
		v.Sittings = append(v.Sittings, when)
	}
	for _, id := range b.PlaneIDs() {
		i := brief.Impact(bundle, id)
		v.Feels = append(v.Feels, feelView{class(i.Worst, i.Unknown), brief.Feel(i)})
	}
	v.notes(b, bundle)
	v.rows(b, bundle)
	for _, q := range bundle.Quiesce {
		v.Checks = append(v.Checks, checkView{clean.Text("Quiesce: " + q.Text), clean.Text(q.Command), clean.Text(q.Source)})
	}
	for _, g := range bundle.Gates {
		v.Checks = append(v.Checks, checkView{clean.Text("Gate: " + g.Text), clean.Text(g.Command), clean.Text(g.Source)})
	}
	v.steps(b, bundle)
	var err error
	v.Picture, err = draw(b, bundle, v)
	return v, err
}

func (v *bundleView) notes(b *brief.Brief, bundle model.Bundle) {
	for _, s := range brief.Sittings(bundle) {
		v.Notes = append(v.Notes, s.Name+": "+brief.Slot(s.Window))
	}
	v.Notes = append(v.Notes, "Takes "+brief.Length(bundle), "Footprint: "+b.Footprint(bundle.Footprint))
	if bundle.UntestedCut != "" {
		v.Notes = append(v.Notes, clean.Text("The cut before this bundle lies inside "+bundle.UntestedCut+", not tested by the vendor"))
	}
}

func (v *bundleView) rows(b *brief.Brief, bundle model.Bundle) {
	numbers := make(map[model.FactID]string) // facts recur; each is written once a bundle
	var rows table
	for _, i := range b.Timeline(bundle) {
		level := words.Level(i.Level, i.Unknown)
		if i.Times > 1 {
			level += fmt.Sprintf(", %d times", i.Times)
		}
		why := "no reason is given"
		for at, f := range b.FactsOf(i.Facts) {
			n, known := numbers[f.ID]
			if !known {
				v.Reasons = append(v.Reasons, reason(f))
				n = strconv.Itoa(len(v.Reasons))
				numbers[f.ID] = n
			}
			if at == 0 {
				why = n
				continue
			}
			why += ", " + n
		}
		rows.row(cell(words.Plane(i.Plane)), head(b.Capability(i.Capability)), cellOf(class(i.Level, i.Unknown), level),
			cell(words.Span(i.Start)), cell(words.Span(lasts(i))), cell(brief.Step(b.Action(i.Action))+words.More(i.More)), cell(why))
	}
	v.Rows = rows.html()
}

// reason is a fact in a line: what it says, its basis and source.
func reason(f model.Fact) string {
	s := strings.TrimSpace(f.Subject + " " + f.Relation + " " + f.Object)
	if f.Text != "" {
		s += ": " + f.Text
	}
	s += " [" + f.Basis.String()
	if f.Source != "" {
		s += ", " + f.Source
	}
	return clean.Text(s + "]")
}

// lasts is the length of an interval. Start and end vary together, so the
// difference of their figures is only near to the figures of the length.
func lasts(i model.Interval) model.Span {
	p50 := max(i.End.P50s-i.Start.P50s, 0)
	return model.Span{P50s: p50, P90s: max(i.End.P90s-i.Start.P90s, p50)}
}

func (v *bundleView) steps(b *brief.Brief, bundle model.Bundle) {
	add := func(id model.ActionID, before, units string, later bool) {
		a := b.Action(id)
		detail := fmt.Sprintf("(%s), %s", clean.Text(string(a.ID)), words.Span(a.Duration))
		if a.DurationUnknown {
			detail += ", how long is not known"
		}
		var nodes []string
		for _, line := range words.ShortPlacement(a, 6) {
			if later {
				break // said with the first units
			}
			nodes = append(nodes, clean.Text(line))
		}
		v.Steps = append(v.Steps, stepView{before + brief.Step(a) + units, detail, a.NoReturn, nodes})
	}
	for _, part := range bundle.Parts {
		for _, s := range part.Steps {
			units := ""
			if s.First > 0 {
				units = fmt.Sprintf(", nodes %d to %d", s.First, s.Last)
			}
			add(s.Action, "Part "+clean.Text(part.Label)+": ", units, s.First > 1)
		}
	}
	if len(bundle.Parts) > 0 {
		return
	}
	for _, id := range bundle.Actions {
		add(id, "", "", false)
	}
}

// class is the style class of a level; unknown comes beside its least level.
func class(l model.Level, unknown bool) string {
	if unknown {
		return l.String() + " unknown"
	}
	return l.String()
}
