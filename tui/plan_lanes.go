package tui

import (
	"strings"
	"time"

	"planewise/model"
	"planewise/planner/words"
	"planewise/tui/cell"
	"planewise/tui/lanes"
)

// laneLines is what the planes over time take: the labels, the planes, and the
// windows where there are any.
func laneLines(v *view) int {
	n := 1 + len(v.Planes)
	if hasWindows(v) {
		n++
	}
	return n
}

func hasWindows(v *view) bool {
	for _, b := range v.Bundles {
		if b.Window != nil {
			return true
		}
	}
	return false
}

// geometry is where the lanes lie: the names, the bundles, and what comes after.
type geometry struct {
	label, width, tail int
	cells              []lanes.Cell
}

func (s *planScreen) geometry(w *world) geometry {
	v := w.view
	g := geometry{label: 9}
	for _, p := range v.Planes {
		g.label = max(g.label, min(cell.Width(string(p.ID))+2, 14))
	}
	if len(v.tails()) > 0 {
		g.tail = 6
	}
	g.width = max(0, s.frame.W-g.label-g.tail-1)
	lengths := make([]int64, len(v.Bundles))
	selected := 0
	for i := range v.Bundles {
		lengths[i] = lanes.Length(v.Bundles[i], !w.p50)
	}
	if e := s.selected(); e.kind == entryBundle {
		selected = e.bundle
	}
	g.cells = lanes.Cells(lengths, g.width, selected)
	return g
}

func (s *planScreen) lanes(w *world) []string {
	v, g := w.view, s.geometry(w)
	lines := make([]string, 0, s.frame.Lanes.H)
	add := func(l string) {
		if len(lines) < s.frame.Lanes.H {
			lines = append(lines, l)
		}
	}
	add(s.laneHead(w, g))
	for i := range v.Planes {
		add(s.lane(w, g, i))
	}
	if hasWindows(v) {
		add(s.laneWindows(w, g))
	}
	for len(lines) < s.frame.Lanes.H {
		lines = append(lines, cell.Blank(s.frame.W))
	}
	return lines
}

// laneHead labels the bundles, with their lengths where there is room.
func (s *planScreen) laneHead(w *world, g geometry) string {
	t, v := &w.theme, w.view
	var b strings.Builder
	b.WriteString(cell.Fit(laneTitle(w), g.label, t.Glyphs.Ellipsis))
	used := g.label
	for _, c := range g.cells {
		bundle := &v.Bundles[c.Bundle]
		text := bundle.Label
		if long := text + " " + length(w, bundle.Duration); c.W >= cell.Width(long) {
			text = long
		}
		p := t.Strong
		switch {
		case c.Bundle == s.selected().bundle && s.selected().kind == entryBundle:
			p = t.Focused
		case w.differs(c.Bundle):
			p = t.Changed
		}
		b.WriteString(t.Rule.On(t.Glyphs.Border) + p.On(cell.Fit(text, c.W, t.Glyphs.Ellipsis)))
		used += c.W + 1
	}
	return b.String() + s.laneEnd(w, g, used, "after", model.None, true)
}

// laneTitle names the percentile that is drawn.
func laneTitle(w *world) string {
	if w.p50 {
		return " p50"
	}
	return " p90"
}

func length(w *world, s model.Span) string {
	if w.p50 {
		return words.Short(s.P50s)
	}
	return words.Short(s.P90s)
}

// laneEnd closes a line with the column of what goes on after the bundles.
func (s *planScreen) laneEnd(w *world, g geometry, used int, text string, l model.Level, head bool) string {
	t := &w.theme
	out := t.Rule.On(t.Glyphs.Border)
	used++
	if fill := s.frame.W - used - g.tail; fill > 0 {
		out += cell.Blank(fill)
	}
	if g.tail > 0 {
		p := t.Level(l, false)
		if head {
			p = t.Strong
		}
		out += p.On(cell.Fit(text, g.tail, t.Glyphs.Ellipsis))
	}
	return out
}

func (s *planScreen) lane(w *world, g geometry, plane int) string {
	t, v := &w.theme, w.view
	id := v.Planes[plane].ID
	mark := " "
	p := t.Plain
	if s.focus == onLanes && plane == s.plane {
		mark, p = t.Glyphs.Cursor, t.Focused
	}
	var b strings.Builder
	b.WriteString(p.On(cell.Fit(mark+string(id), g.label, t.Glyphs.Ellipsis)))
	used := g.label
	for _, c := range g.cells {
		b.WriteString(t.Rule.On(t.Glyphs.Border))
		for _, r := range lanes.Runs(lanes.Levels(v.Bundles[c.Bundle], id, c.W, !w.p50)) {
			b.WriteString(t.Level(r.Least, r.IsUnknown()).On(runText(w, r)))
		}
		used += c.W + 1
	}
	text, level := "", model.None
	for _, a := range v.tails() {
		if a.Tail.Plane == id && a.Tail.Level >= level {
			level = a.Tail.Level
			text = strings.Repeat(t.Glyph(level, false), 3)
		}
	}
	return b.String() + s.laneEnd(w, g, used, text, level, false)
}

// runText is a stretch of one level: its glyph, and its word where there is room.
func runText(w *world, r lanes.Run) string {
	glyph := w.theme.Glyph(r.Least, r.IsUnknown())
	if r.IsNone() {
		return strings.Repeat(glyph, r.W)
	}
	word := r.Least.String()
	if r.IsUnknown() {
		word = "unknown"
	}
	if room := r.W - len(word); room >= 2 {
		left := 1
		return strings.Repeat(glyph, left) + word + strings.Repeat(glyph, room-left)
	}
	return strings.Repeat(glyph, r.W)
}

// laneWindows says when the bundles run.
func (s *planScreen) laneWindows(w *world, g geometry) string {
	t, v := &w.theme, w.view
	var b strings.Builder
	b.WriteString(t.Dim.On(cell.Fit(" window", g.label, t.Glyphs.Ellipsis)))
	used := g.label
	for _, c := range g.cells {
		b.WriteString(t.Rule.On(t.Glyphs.Border) + t.Dim.On(cell.Fit(slotText(v.Bundles[c.Bundle].Window, c.W), c.W, t.Glyphs.Ellipsis)))
		used += c.W + 1
	}
	return b.String() + s.laneEnd(w, g, used, "", model.None, false)
}

// slotText is a slot in at most n columns, the day before the hour.
func slotText(slot *model.Slot, n int) string {
	if slot == nil {
		return "-"
	}
	at, err := time.Parse(time.RFC3339, slot.Start)
	if err != nil {
		return slot.Start
	}
	for _, layout := range []string{"Mon 2 Jan 15:04", "2 Jan 15:04", "2 Jan", "2.1"} {
		if s := at.Format(layout); len(s) <= n {
			return s
		}
	}
	return at.Format("2")
}

// legend is the rule under the lanes, with the word for each glyph.
func legend(w *world, width int) string {
	t := &w.theme
	out, used := t.Rule.On(rule(t, 1)), 1
	add := func(l model.Level, unknown bool, word string) {
		if used+len(word)+4 > width {
			return
		}
		out += " " + t.Level(l, unknown).On(t.Glyph(l, unknown)+" "+word) + " "
		used += len(word) + 4
	}
	for l := model.None; l <= model.Outage; l++ {
		add(l, false, l.String())
	}
	add(model.None, true, "unknown")
	return out + t.Rule.On(rule(t, width-used))
}
