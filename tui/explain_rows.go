package tui

import (
	"slices"

	"planewise/model"
	"planewise/planner/explain"
	"planewise/planner/words"
)

// build makes the rows of the report that is shown.
func (s *explainScreen) build(w *world) {
	s.rows = s.rows[:0]
	v := s.here()
	if v.report == nil || v.err != nil {
		return
	}
	r := v.report
	add := func(rows ...row) {
		for _, one := range rows {
			if s.narrow == "" || one.tone == headTone || matches(one.text+" "+one.id, s.narrow) {
				s.rows = append(s.rows, one)
			}
		}
	}
	head := r.Kind + " " + r.Subject
	title := r.Title
	if c, ok := w.view.capabilities[model.CapabilityID(r.Subject)]; ok && title == "" {
		title = c.Title
	}
	if title != "" {
		head += ": " + title
	}
	add(paragraph(head, 0, s.w, headTone)...)
	if len(r.Bundles) > 0 {
		add(row{indent: 1, text: "in " + words.List(r.Bundles), tone: dimTone})
	}
	if r.Change != nil {
		add(changeRow(r.Change, 1, slices.Contains(w.view.excluded(), string(r.Change.ID))))
	}
	for _, c := range r.Cut {
		add(paragraph(c, 1, s.w, plainTone)...)
	}
	add(s.nodes(r)...)
	add(s.effects(w)...)
	add(s.reasons(w, r)...)
}

func (s *explainScreen) effects(w *world) []row {
	if len(s.groups) == 0 {
		return []row{{indent: 1, text: "nothing that anybody feels is known to follow from it", tone: dimTone}}
	}
	rows := []row{{text: "Effects (" + itoa(len(s.groups)) + "); right shows the chain of causes", tone: headTone}}
	for i, g := range s.groups {
		text := g.Bundle + "  " + words.Capability(g.Capability) + " " + words.Level(g.Level, g.Unknown)
		if g.Lasts.P90s > 0 {
			text += " " + words.Span(g.Lasts)
		}
		if g.Times > 1 {
			text += ", up to " + itoa(g.Times) + " times"
		}
		rows = append(rows, row{indent: 1, kind: chainKind, id: itoa(i), text: text, tone: levelTone, level: g.Level, unknown: g.Unknown, right: string(g.Action) + words.More(g.More)})
		if s.open[i] {
			rows = append(rows, s.chain(w, g)...)
		}
	}
	return rows
}

// chain is the way from the capability to the changes: each line because of the
// next.
func (s *explainScreen) chain(w *world, g explain.Group) []row {
	rows := []row{{indent: 4, kind: capabilityKind, id: string(g.Capability), text: "capability " + words.Capability(g.Capability) + " is felt as " + words.Level(g.Level, g.Unknown)}}
	for i := len(g.Facts) - 1; i >= 0; i-- {
		rows = append(rows, s.fact(g.Facts[i], "because ")...)
	}
	if g.Action == "" {
		return rows
	}
	rows = append(rows, row{indent: 4, kind: actionKind, id: string(g.Action), text: "because of the action " + string(g.Action) + ": " + g.Title})
	if a := w.view.actions[g.Action]; a != nil {
		for _, c := range a.Changes {
			r := row{indent: 6, kind: changeKind, id: string(c), text: "which ships " + string(c)}
			if ch := w.view.changes[c]; ch != nil {
				r = changeRow(ch, 6, false)
				r.tone = plainTone
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// fact is a claim with its basis and source; every claim shows its basis.
func (s *explainScreen) fact(f model.Fact, lead string) []row {
	text := lead + f.Subject + " " + f.Relation + " " + f.Object
	if f.Level != "" {
		text += " (" + f.Level + ")"
	}
	rows := []row{{indent: 4, kind: factKind, id: f.Subject, text: text, right: f.Basis.String()}}
	more := f.Text
	if f.Source != "" {
		more += " [" + f.Source + "]"
	}
	if more != "" {
		rows = append(rows, paragraph(more, 6, s.w, dimTone)...)
	}
	return rows
}

func (s *explainScreen) reasons(_ *world, r *explain.Report) []row {
	var rows []row
	if len(r.Reasons) > 0 {
		rows = append(rows, row{text: "Known about it (" + itoa(len(r.Reasons)) + ")", tone: headTone})
		for _, f := range r.Reasons {
			rows = append(rows, s.fact(f, "")...)
		}
	}
	if len(r.Unknowns) > 0 {
		rows = append(rows, row{text: "Not known", tone: headTone})
		for _, u := range r.Unknowns {
			rows = append(rows, row{indent: 1, kind: actionKind, id: u.Subject, text: u.Subject + words.More(u.More) + ": " + u.What, tone: warnTone})
			rows = append(rows, paragraph("Settled by: "+u.SettleBy, 3, s.w, dimTone)...)
		}
	}
	return rows
}
