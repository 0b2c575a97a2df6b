package tui

import (
	"strings"

	"planewise/model"
	"planewise/planner/edit"
	"planewise/planner/export/text"
	"planewise/planner/words"
	"planewise/tui/cell"
)

// entryKind is what a line of the plan's list stands for.
type entryKind uint8

const (
	entryNothing entryKind = iota
	entryStanding
	entryBundle
	entryAfter
	entryExcluded
	entryEnds
	entryChanges
	entryNotes
	entryUnknown
	entrySkipped
)

// entry is a line of the list beside the detail.
type entry struct {
	kind   entryKind
	bundle int
}

// entriesOf lists the bundles and, after them, what belongs to no bundle.
func entriesOf(v *view, filter string) []entry {
	var out []entry
	if v.Standing != nil && filter == "" {
		out = append(out, entry{kind: entryStanding})
	}
	for i := range v.Bundles {
		if filter == "" || bundleMatches(v, i, filter) {
			out = append(out, entry{entryBundle, i})
		}
	}
	add := func(k entryKind, n int) {
		if n > 0 {
			out = append(out, entry{kind: k})
		}
	}
	add(entryExcluded, len(v.excluded()))
	add(entryEnds, len(v.Retired))
	add(entryAfter, len(v.tails()))
	add(entryUnknown, v.unknowns())
	add(entryNotes, len(v.Diagnostics))
	add(entryChanges, len(v.Changes))
	add(entrySkipped, len(v.Skipped))
	return out
}

func bundleMatches(v *view, i int, filter string) bool {
	b := &v.Bundles[i]
	if matches(b.Label+" "+b.Title, filter) {
		return true
	}
	for _, id := range b.Actions {
		if matches(string(id), filter) {
			return true
		}
		a := v.actions[id]
		if a == nil {
			continue
		}
		if matches(a.Title, filter) {
			return true
		}
		for _, c := range a.Changes {
			if matches(string(c), filter) {
				return true
			}
		}
	}
	return false
}

// listHead names the list's columns.
func listHead(w int) string {
	if w >= 60 {
		return "  no.  length       disturbs             title"
	}
	return "  no.  length       disturbs"
}

// row is the entry's line.
func (e entry) row(w *world, width int) row {
	v := w.view
	switch e.kind {
	case entryBundle:
		return bundleRow(w, e.bundle, width)
	case entryStanding:
		return row{kind: bundleKind, text: " where it stands (" + itoa(len(v.Standing.Done)) + " of " + itoa(v.Standing.Actions) + " done)", tone: warnTone}
	case entryExcluded:
		return row{kind: bundleKind, text: " left out (" + itoa(len(v.excluded())) + ")", tone: warnTone}
	case entryEnds:
		return row{kind: bundleKind, text: " ends for good (" + itoa(len(v.Retired)) + ")", tone: warnTone}
	case entryAfter:
		return row{kind: bundleKind, text: " afterwards (" + itoa(len(v.tails())) + ")"}
	case entryUnknown:
		return row{kind: bundleKind, text: " not known (" + itoa(v.unknowns()) + ")", tone: warnTone}
	case entryNotes:
		r := row{kind: bundleKind, text: " notes (" + itoa(len(v.Diagnostics)) + ")"}
		if n := blocking(v); n > 0 {
			r.text, r.tone = " notes ("+itoa(len(v.Diagnostics))+", "+itoa(n)+" blocking)", badTone
		}
		return r
	case entryChanges:
		return row{kind: bundleKind, text: " all changes (" + itoa(len(v.Changes)) + ")"}
	case entrySkipped:
		return row{kind: bundleKind, text: " skipped stages (" + itoa(len(v.Skipped)) + ")"}
	}
	return row{}
}

func blocking(v *view) int {
	n := 0
	for _, d := range v.Diagnostics {
		if d.Severity == model.Blocking {
			n++
		}
	}
	return n
}

func bundleRow(w *world, i, width int) row {
	v := w.view
	b := &v.Bundles[i]
	mark := " "
	if w.differs(i) {
		mark = w.theme.Glyphs.Mark
	}
	pin := " "
	if pinned(w, b) != "" {
		pin = w.theme.Glyphs.Pin
	}
	felt := felt(v, b)
	text := mark + cell.Fit(b.Label, 4, "") + pin + cell.Fit(words.ShortSpan(b.Duration), 12, w.theme.Glyphs.Ellipsis) + " "
	switch {
	case width >= 60:
		text += cell.Fit(felt, 20, w.theme.Glyphs.Ellipsis) + " " + b.Title
	case width < 48:
		text += disturbedOnly(v, b)
	default:
		text += felt
	}
	r := row{kind: bundleKind, id: string(b.Key), text: text}
	if worst, unknown := worstOf(b); worst >= model.Degraded || unknown {
		r.tone, r.level, r.unknown = levelTone, worst, unknown
	}
	return r
}

// felt names the planes a bundle disturbs; those it only touches in brackets.
func felt(v *view, b *model.Bundle) string {
	var disturbed, watched []string
	for _, p := range v.Planes {
		switch b.Footprint[p.ID] {
		case model.Disturbed:
			disturbed = append(disturbed, string(p.ID))
		case model.Watched:
			watched = append(watched, string(p.ID))
		}
	}
	out := strings.Join(disturbed, " ")
	if watched != nil {
		out = strings.TrimSpace(out + " (" + strings.Join(watched, " ") + ")")
	}
	if out == "" {
		return "nobody"
	}
	return out
}

// disturbedOnly is felt for narrow lists.
func disturbedOnly(v *view, b *model.Bundle) string {
	var names []string
	watched := false
	for _, p := range v.Planes {
		switch b.Footprint[p.ID] {
		case model.Disturbed:
			names = append(names, string(p.ID))
		case model.Watched:
			watched = true
		}
	}
	switch {
	case names != nil:
		return strings.Join(names, " ")
	case watched:
		return "(watch)"
	}
	return "nobody"
}

func worstOf(b *model.Bundle) (model.Level, bool) {
	worst, unknown := model.None, false
	for _, i := range b.Impact {
		worst, unknown = max(worst, i.Worst), unknown || i.Unknown
	}
	return worst, unknown
}

// pinned is the window a bundle is pinned to; "" where it is not.
func pinned(w *world, b *model.Bundle) string {
	return edit.Window(w.hist.Now().Edits, *b)
}

// subline is what is proven about the plan, and what it follows; the most asked for
// comes first, since narrow windows cut the rest.
func subline(w *world) string {
	v := w.view
	var parts []string
	if n := blocking(v); n > 0 {
		parts = append(parts, words.Count(n, "blocking note")+"!")
	}
	parts = append(parts, words.Count(len(v.Bundles), "bundle")+", "+proof(v))
	if len(v.Bundles) > 0 {
		parts = append(parts, "avoidable: "+avoidable(v))
	}
	proc := v.Procedure.Name
	if proc == "" {
		proc = "none"
	}
	parts = append(parts, "policy "+v.Policy, "procedure "+proc+", "+v.Procedure.Basis.String(),
		words.Count(len(v.Changes), "change"), words.Count(len(v.Actions), "action"))
	if v.SystemNodes != "" {
		parts = append(parts, v.SystemNodes)
	}
	return strings.Join(parts, "; ")
}

func proof(v *view) string {
	switch {
	case len(v.Bundles) == 0:
		return "nothing to do"
	case v.Optimality.Status == "optimal":
		return "proven optimal"
	}
	return "within " + text.Permille(v.Optimality.GapPermille) + " of the best"
}

// avoidable is what the plan costs each plane beyond the ideal.
func avoidable(v *view) string {
	var parts []string
	for _, p := range v.Planes {
		a := p.Avoidable
		switch {
		case a.Announcements == 0 && a.S == 0:
			continue
		case a.S == 0:
			parts = append(parts, string(p.ID)+" "+words.Count(a.Announcements, "notice"))
		case a.Announcements == 0:
			parts = append(parts, string(p.ID)+" "+words.Short(a.S))
		default:
			parts = append(parts, string(p.ID)+" "+words.Short(a.S)+" in "+words.Count(a.Announcements, "notice"))
		}
	}
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}
