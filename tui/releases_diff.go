package tui

import (
	"slices"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/planner/words"
	"planewise/tui/cell"
	"planewise/tui/keys"
)

// diffFilter says which changes to show.
type diffFilter struct {
	kind      model.Kind
	direction model.Direction
	plane     model.PlaneID
	changes   bool // only what differs
	fold      bool
}

func (f diffFilter) active() bool {
	return f.kind != "" || f.direction != "" || f.plane != "" || !f.changes || f.fold
}

// turn goes to the next value of one filter, through all that occur.
func (f *diffFilter) turn(w *world, s *releasesScreen, a keys.Action) {
	switch a {
	case keys.Kind:
		f.kind = next(f.kind, kindsOf(s.diff))
	case keys.Direction:
		f.direction = next(f.direction, directionsOf(s.diff.changes))
	case keys.PlaneOnly:
		var planes []model.PlaneID
		for _, p := range w.view.Planes {
			planes = append(planes, p.ID)
		}
		f.plane = next(f.plane, planes)
	case keys.OnlyChanges:
		f.changes = !f.changes
	case keys.Fold:
		f.fold = !f.fold
	}
	s.detail = pane{}
}

// next is the value after now; after the last comes the zero value, which is all.
func next[T comparable](now T, all []T) T {
	var none T
	if now == none && len(all) > 0 {
		return all[0]
	}
	if i := slices.Index(all, now); i >= 0 && i+1 < len(all) {
		return all[i+1]
	}
	return none
}

func kindsOf(d releaseDiff) []model.Kind {
	seen := map[model.Kind]bool{}
	for _, c := range d.changes {
		seen[c.Kind] = true
	}
	for _, c := range d.same {
		seen[c.Kind] = true
	}
	var out []model.Kind
	for _, k := range model.Kinds() {
		if seen[k] {
			out = append(out, k)
		}
	}
	return out
}

func directionsOf(changes []model.Change) []model.Direction {
	var out []model.Direction
	for _, d := range []model.Direction{model.Upgrade, model.Downgrade, model.Added, model.Removed, model.Orphaned, model.Moved, model.ValuesOnly, model.Changed} {
		if slices.ContainsFunc(changes, func(c model.Change) bool { return c.Direction == d }) {
			out = append(out, d)
		}
	}
	return out
}

// planesOf are the planes the mapping gives each component.
func planesOf(c *catalog.Catalog, changes []model.Change, same []model.Component) map[model.ComponentID][]model.PlaneID {
	out := map[model.ComponentID][]model.PlaneID{}
	look := func(one model.Component) {
		if m, ok := c.Lookup(one); ok {
			out[one.ID()] = m.Rule.Planes
		}
	}
	for _, ch := range changes {
		look(ch.Component())
	}
	for _, one := range same {
		look(one)
	}
	return out
}

func (f diffFilter) lets(s *releasesScreen, id model.ComponentID, k model.Kind, d model.Direction, text string) bool {
	return (f.kind == "" || f.kind == k) && (f.direction == "" || f.direction == d) &&
		(f.plane == "" || slices.Contains(s.diff.planes[id], f.plane)) &&
		(!s.onDetail || matches(text, s.narrow))
}

// build makes the detail's rows: the changes by kind, and what stays the same.
func (s *releasesScreen) build(w *world) {
	s.rows = s.rows[:0]
	d := &s.diff
	switch {
	case d.waiting:
		s.rows = append(s.rows, row{indent: 1, text: "comparing" + w.theme.Glyphs.Ellipsis, tone: dimTone})
		return
	case d.err != nil:
		s.rows = paragraph(d.err.Error(), 1, s.detailWidth(), badTone)
		return
	case d.to == "":
		s.rows = paragraph("Mark a release with space to see what is in it, and a second one to compare the two.", 1, s.detailWidth(), plainTone)
		return
	}
	for _, k := range model.Kinds() {
		s.buildKind(k)
	}
	if len(s.rows) == 0 {
		s.rows = paragraph("Nothing differs that the filters let through; esc clears them.", 1, s.detailWidth(), dimTone)
	}
	s.detail.show(len(s.rows), s.height())
}

func (s *releasesScreen) buildKind(k model.Kind) {
	var rows []row
	for i := range s.diff.changes {
		c := &s.diff.changes[i]
		if c.Kind == k && s.only.lets(s, c.ID, c.Kind, c.Direction, string(c.ID)+" "+c.From+" "+c.To) {
			r := changeRow(c, 1, false)
			r.tone = directionTone(c.Direction)
			if p := planeWords(s.diff.planes[c.ID]); p != "" {
				r.right += "  " + p
			}
			rows = append(rows, r)
		}
	}
	differ := len(rows)
	if !s.only.changes && s.only.direction == "" {
		for i := range s.diff.same {
			c := &s.diff.same[i]
			if c.Kind != k {
				continue
			}
			id := c.ID()
			if s.only.lets(s, id, c.Kind, "", string(id)+" "+c.Version) {
				rows = append(rows, row{indent: 1, kind: changeKind, id: string(id), text: string(id) + "  " + c.Version, right: planeWords(s.diff.planes[id]), tone: dimTone})
			}
		}
	}
	if rows == nil {
		return
	}
	head := string(k) + ": " + words.Count(differ, "change")
	if same := len(rows) - differ; same > 0 {
		head += ", " + itoa(same) + " the same"
	}
	s.rows = append(s.rows, row{text: head, tone: headTone})
	if !s.only.fold {
		s.rows = append(s.rows, rows...)
	}
}

func directionTone(d model.Direction) tone {
	switch d {
	case model.Downgrade, model.Removed, model.Orphaned:
		return warnTone
	case model.Added:
		return goodTone
	}
	return plainTone
}

func planeWords(planes []model.PlaneID) string {
	s := ""
	for i, p := range planes {
		if i > 0 {
			s += " "
		}
		s += string(p)
	}
	return s
}

func (s *releasesScreen) detailLines(w *world) []string {
	t := &w.theme
	width := s.detailWidth()
	head := " " + s.diff.from + " -> " + s.diff.to
	if s.diff.from == "" {
		head = " " + s.diff.to
	}
	if f := s.only; f.active() {
		head = " only"
		for _, word := range []string{string(f.kind), string(f.direction), string(f.plane)} {
			if word != "" {
				head += " " + word
			}
		}
		if f.fold {
			head += " (folded)"
		}
		if !f.changes {
			head += " with what stays the same"
		}
		head += ":  " + s.diff.from + " -> " + s.diff.to
	}
	if n := len(s.diff.notes); n > 0 {
		head += "  (" + words.Count(n, "note") + ")"
	}
	out := []string{t.Title.On(cell.Fit(head, width, t.Glyphs.Ellipsis))}
	return append(out, drawRows(t, s.rows, s.detail, width, s.height(), s.onDetail)...)
}
