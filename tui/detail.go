package tui

import (
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/planner/words"
	"planewise/tui/cell"
)

// detailer makes the rows of the detail pane.
type detailer struct {
	w     *world
	v     *view
	width int
	rows  []row
}

func detailRows(w *world, e entry, width int) []row {
	d := &detailer{w: w, v: w.view, width: width}
	switch e.kind {
	case entryBundle:
		if e.bundle < len(d.v.Bundles) {
			d.bundle(&d.v.Bundles[e.bundle])
		}
	case entryStanding:
		d.standing()
	case entryAfter:
		d.after()
	case entryEnds:
		d.ends()
	case entryExcluded:
		d.excluded()
	case entryChanges:
		d.changes()
	case entryNotes:
		d.notes()
	case entryUnknown:
		d.unknown()
	case entrySkipped:
		d.skipped()
	case entryNothing:
		d.nothing()
	}
	return d.rows
}

func (d *detailer) add(r row) { d.rows = append(d.rows, r) }

func (d *detailer) head(text string) { d.add(row{text: text, tone: headTone}) }

func (d *detailer) para(text string, indent int, t tone) {
	d.rows = append(d.rows, paragraph(text, indent, d.width, t)...)
}

func (d *detailer) nothing() {
	if len(d.v.Bundles) == 0 {
		d.head("Nothing to do")
		d.para("The two sides are the same, or everything that differs was left out. r plans other releases; u takes the last change back.", 1, plainTone)
		return
	}
	d.para("Nothing matches the filter; esc clears it.", 1, dimTone)
}

func (d *detailer) bundle(b *model.Bundle) {
	line := b.Label + "  " + words.Span(b.Duration)
	if b.DurationUnknown {
		line += " (not known for every action)"
	}
	d.para(line+"; "+d.disturbs(b), 0, headTone)
	for _, l := range cell.Wrap(b.Title, max(d.width-2, 8), 2, d.w.theme.Glyphs.Ellipsis) {
		d.add(row{text: l, tone: dimTone})
	}
	if b.Window != nil {
		d.para(when(b.Window), 0, plainTone)
	}
	for _, p := range b.Parts {
		if p.Window != nil {
			d.para("Part "+p.Label+": "+words.Span(p.Duration)+"; "+when(p.Window), 1, plainTone)
		}
	}
	if name := pinned(d.w, b); name != "" {
		d.para("Pinned to window "+name+" (p unpins).", 0, goodTone)
	}
	d.impact(b)
	d.actions(b)
	d.wayBack(b)
	d.before(b)
	d.why(b)
}

// when is a slot in local words: "Tue 6 Jan 2026 18:00 to 22:00 (Europe/Zurich),
// window tuesday". Times that cannot be read are shown as they are.
func when(s *model.Slot) string {
	from, err := time.Parse(time.RFC3339, s.Start)
	to, err2 := time.Parse(time.RFC3339, s.End)
	out := s.Start + " to " + s.End
	if err == nil && err2 == nil {
		const day = "Mon 2 Jan 2006"
		end := to.Format("15:04")
		if to.Format(day) != from.Format(day) {
			end = to.Format(day + " 15:04")
		}
		out = from.Format(day+" 15:04") + " to " + end
	}
	if s.Zone != "" {
		out += " (" + s.Zone + ")"
	}
	return out + ", window " + s.Name
}

func (d *detailer) disturbs(b *model.Bundle) string {
	var disturbed, watched []string
	for _, p := range d.v.Planes {
		switch b.Footprint[p.ID] {
		case model.Disturbed:
			disturbed = append(disturbed, string(p.ID))
		case model.Watched:
			watched = append(watched, string(p.ID))
		}
	}
	switch {
	case disturbed == nil && watched == nil:
		return "disturbs nobody"
	case watched == nil:
		return "disturbs " + words.List(disturbed)
	case disturbed == nil:
		return "watch " + words.List(watched)
	}
	return "disturbs " + words.List(disturbed) + ", watch " + words.List(watched)
}

// impact lists the planes, and below each the capabilities that are felt.
func (d *detailer) impact(b *model.Bundle) {
	d.head("What it disturbs")
	for _, p := range d.v.Planes {
		i := impact(b, p.ID)
		r := row{indent: 1, kind: planeKind, id: string(p.ID), tone: levelTone, level: i.Worst, unknown: i.Unknown}
		r.text = string(p.ID) + ": " + words.Level(i.Worst, i.Unknown)
		if s := lasts(i); s.P90s > 0 {
			r.text += ", " + words.Span(s)
		}
		d.add(r)
		for _, c := range i.Capabilities {
			if c.Level == model.None && !c.Unknown {
				continue
			}
			d.capability(c)
		}
	}
}

func (d *detailer) capability(c model.CapabilityImpact) {
	title := string(c.ID)
	if known, ok := d.v.capabilities[c.ID]; ok && known.Title != "" {
		title = known.Title
	}
	r := row{indent: 3, kind: capabilityKind, id: string(c.ID), text: title, tone: levelTone, level: c.Level, unknown: c.Unknown}
	r.right = words.Level(c.Level, c.Unknown)
	if c.P90s > 0 {
		r.right += " " + words.ShortSpan(model.Span{P50s: c.P50s, P90s: c.P90s})
	}
	d.add(r)
}

func (d *detailer) actions(b *model.Bundle) {
	d.head("What is done, in order (" + itoa(len(b.Actions)) + ")")
	for _, id := range b.Actions {
		d.action(id)
	}
}

func (d *detailer) action(id model.ActionID) {
	a := d.v.actions[id]
	if a == nil {
		d.add(row{indent: 1, kind: actionKind, id: string(id), text: string(id)})
		return
	}
	right := words.ShortSpan(a.Duration)
	if a.DurationUnknown {
		right += "?"
	}
	title := a.Title
	if a.Units > 1 && a.Role != "" {
		title += " (" + itoa(a.Units) + " nodes, " + itoa(max(a.Batch, 1)) + " at a time)"
	}
	d.add(row{indent: 1, kind: actionKind, id: string(id), text: title, right: right})
	if len(a.Changes) == 1 && strings.Contains(a.Title, d.changeTo(a.Changes[0])) {
		return // the title says it all; the action stands for its change
	}
	for _, c := range a.Changes {
		d.change(c, 3)
	}
}

func (d *detailer) changeTo(id model.ChangeID) string {
	if c := d.v.changes[id]; c != nil && c.To != "" {
		return c.To
	}
	return "\x00"
}

func (d *detailer) change(id model.ChangeID, indent int) {
	c := d.v.changes[id]
	if c == nil {
		d.add(row{indent: indent, kind: changeKind, id: string(id), text: string(id), tone: dimTone})
		return
	}
	d.add(changeRow(c, indent, slices.Contains(d.v.excluded(), string(id))))
}

func changeRow(c *model.Change, indent int, left bool) row {
	from, to := c.From, c.To
	if from == "" {
		from = "-"
	}
	if to == "" {
		to = "-"
	}
	text := string(c.ID) + "  " + from + " -> " + to
	if from == to {
		text = string(c.ID) + "  " + from
	}
	return row{indent: indent, kind: changeKind, id: string(c.ID), text: text, right: string(c.Direction), tone: dimTone, left: left}
}

func (d *detailer) wayBack(b *model.Bundle) {
	d.head("Way back")
	switch b.Rollback.Possible {
	case model.Yes:
		d.para("Yes, up to "+words.Duration(b.Rollback.P90s)+".", 1, plainTone)
	case model.No:
		d.para("None.", 1, warnTone)
	default:
		d.para("Not known.", 1, warnTone)
	}
	if p := b.PointOfNoReturn; p != nil {
		d.para("Point of no return: "+d.title(*p)+".", 1, warnTone)
	}
	if p := b.LastSafeStop; p != nil {
		d.para("Last safe stop: after "+d.title(*p)+".", 1, plainTone)
	}
	switch b.Stay.Status {
	case model.StaySupported:
		d.para("The system may be left as it is after this bundle.", 1, plainTone)
	case model.StayNotSupported:
		d.para("The system must not be left as it is after this bundle.", 1, warnTone)
	default:
		d.para("Whether the system may be left as it is after this bundle is not known.", 1, dimTone)
	}
}

func (d *detailer) title(id model.ActionID) string {
	if a := d.v.actions[id]; a != nil && a.Title != "" {
		return a.Title
	}
	return string(id)
}

// before is what to check and to quiet before the bundle.
func (d *detailer) before(b *model.Bundle) {
	if len(b.Gates) > 0 {
		d.head("Gates (" + itoa(len(b.Gates)) + ")")
		for _, g := range b.Gates {
			d.para("- "+g.Text, 1, plainTone)
		}
	}
	if len(b.Quiesce) > 0 {
		d.head("To quiesce first (" + itoa(len(b.Quiesce)) + ")")
		for _, q := range b.Quiesce {
			d.para("- "+q.Text, 1, plainTone)
		}
	}
}

// why is what is known at once; what a cut is worth takes a moment and is asked for.
func (d *detailer) why(b *model.Bundle) {
	d.add(row{text: "Why it begins here (enter explains)", tone: headTone, kind: bundleKind, id: b.Label})
	if b.UntestedCut != "" {
		d.para("The cut before it lies inside "+b.UntestedCut+", which the vendor has not tested in parts.", 1, warnTone)
	}
	var labels []string
	for _, k := range b.After {
		for i := range d.v.Bundles {
			if d.v.Bundles[i].Key == k {
				labels = append(labels, d.v.Bundles[i].Label)
			}
		}
	}
	if labels != nil {
		d.para("After "+words.List(labels)+".", 1, plainTone)
	}
}
