package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/words"
)

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
	head := fmt.Sprintf("%s  %s", b.Label, b.Title)
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
			tell = append(tell, fmt.Sprintf("%s by %s", string(a.Plane), a.By))
		}
	}
	if tell != nil {
		w.para("    ", "Tell "+strings.Join(tell, ", "))
	}
}

func slot(s model.Slot) string {
	return fmt.Sprintf("%s, %s to %s", cmp.Or(s.Name, "outside all windows"), s.Start, s.End)
}

// footprint lists the planes a bundle disturbs and those it only touches.
func footprint(f map[model.PlaneID]model.Footprint, planes []model.PlaneSummary) string {
	var disturbed, watched []string
	for _, p := range planes {
		switch f[p.ID] {
		case model.Disturbed:
			disturbed = append(disturbed, string(p.ID))
		case model.Watched:
			watched = append(watched, string(p.ID))
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
			parts = append(parts, actionTitle(actions[id]))
			i++
			continue
		}
		end := i
		var names []string
		for end < len(b.Actions) && isShip(b.Actions[end]) {
			names = append(names, strings.TrimPrefix(string(b.Actions[end]), "ship:"))
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
		s += " from " + actions[*b.PointOfNoReturn].Title + " on"
	}
	if b.LastSafeStop != nil {
		s += "; last safe stop after " + actions[*b.LastSafeStop].Title
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
		t.row(string(a.ID), string(a.Method), words.ShortSpan(a.Duration), effects(w.reach.Effects(a.Effects)))
	}
	t.write(&w.b)
	w.shortNodes(b, actions)
}

func withCommand(text, command string) string {
	if command == "" {
		return text
	}
	return text + " [" + command + "]"
}

// effects are the worst effect of an action on each capability, worst first.
func effects(all []model.Effect) string {
	type worst struct {
		r     model.Range
		lasts int64
	}
	by := map[model.CapabilityID]worst{}
	for _, e := range all {
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
		out = append(out, fmt.Sprintf("%s %s %s", words.Capability(id), shortLevel(by[id].r.Least, by[id].r.IsUnknown()), words.Short(by[id].lasts)))
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, ", ")
}
