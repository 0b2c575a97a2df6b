package tui

import (
	"planewise/model"
	"planewise/planner/words"
)

// What belongs to no bundle: tails, ends, what was left out, notes.

func (d *detailer) after() {
	d.head("What goes on after the bundles")
	for _, a := range d.v.tails() {
		d.add(row{indent: 1, kind: actionKind, id: string(a.ID), text: a.Title, right: words.Level(a.Tail.Level, false), tone: levelTone, level: a.Tail.Level})
		d.para(a.Tail.Text, 3, plainTone)
		if a.Tail.Lasts == nil {
			d.para("How long is not known.", 3, dimTone)
		} else {
			d.para("For "+words.Span(*a.Tail.Lasts)+".", 3, plainTone)
		}
	}
}

func (d *detailer) ends() {
	d.head("What ends for good")
	for _, r := range d.v.Retired {
		title := string(r.Capability)
		if known, ok := d.v.capabilities[r.Capability]; ok && known.Title != "" {
			title = known.Title
		}
		d.add(row{indent: 1, kind: changeKind, id: string(r.Change), text: title, tone: warnTone})
		if r.Affected != "" {
			d.para("Affects: "+r.Affected, 3, plainTone)
		}
		if r.Replacement != "" {
			d.para("Instead: "+r.Replacement, 3, plainTone)
		}
	}
}

func (d *detailer) excluded() {
	d.head("Left out")
	d.para("The target is a mixed state: no release was tested like this. space takes a line back in, or, on the list, all of them.", 0, warnTone)
	for _, id := range d.v.excluded() {
		if c := d.v.changes[model.ChangeID(id)]; c != nil {
			d.add(changeRow(c, 1, true))
			continue
		}
		d.add(row{indent: 1, kind: actionKind, id: id, text: id, left: true})
	}
}

func (d *detailer) changes() {
	d.head("All changes (" + itoa(len(d.v.Changes)) + ")")
	for i := range d.v.Changes {
		c := &d.v.Changes[i]
		r := changeRow(c, 1, c.Reason == "excluded")
		if c.Action != nil {
			if b, ok := d.v.bundle[*c.Action]; ok {
				r.right += " " + d.v.Bundles[b].Label
			}
		}
		d.add(r)
	}
}

func (d *detailer) notes() {
	d.head("Notes")
	for _, n := range d.v.Diagnostics {
		t := plainTone
		switch n.Severity {
		case model.Blocking:
			t = badTone
		case model.Warning:
			t = warnTone
		}
		d.para(string(n.Severity)+": "+n.Subject+": "+n.Summary+" ["+string(n.Code)+"]", 0, t)
		if n.Hint != "" {
			d.para(n.Hint, 2, dimTone)
		}
		if len(n.Also) > 0 {
			d.para(itoa(len(n.Also))+" more: "+words.Some(n.Also), 2, dimTone)
		}
		for _, p := range n.Path {
			d.para("- "+p, 2, dimTone)
		}
	}
}

func (d *detailer) unknown() {
	d.head("What is not known, and what would settle it")
	for _, u := range d.v.Unknowns {
		d.add(row{indent: 0, kind: actionKind, id: u.Subject, text: u.Subject, tone: warnTone})
		if u.More > 0 {
			d.para(itoa(u.More)+" more like it", 2, warnTone)
		}
		d.para(u.What, 2, plainTone)
		d.para("Settled by: "+u.SettleBy, 2, dimTone)
	}
}

func (d *detailer) skipped() {
	d.head("Stages of the procedure that make no action")
	for _, s := range d.v.Skipped {
		d.para(s.Stage+": "+s.Reason, 1, plainTone)
	}
}
