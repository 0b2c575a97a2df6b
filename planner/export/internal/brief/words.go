package brief

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/text"
	"planewise/planner/words"
)

// Title is what the plan does, in a line: "core 1.5.0 -> core 1.5.2 on demo".
func (b *Brief) Title() string {
	return fmt.Sprintf("%s -> %s on %s", text.Refs(b.From), text.Refs(b.To), clean.Text(cmp.Or(b.System, "a system without a name")))
}

// Basis is one line on where the plan comes from.
func (b *Brief) Basis() string {
	s := fmt.Sprintf("procedure %s (%s), policy %s", cmp.Or(b.Procedure.Name, "none"), b.Procedure.Basis, cmp.Or(b.Policy, "none"))
	if b.PlannedAt != "" {
		s += ", planned at " + b.PlannedAt
	}
	return clean.Text(s)
}

// Blocking counts the diagnostics that forbid carrying the plan out.
func (b *Brief) Blocking() int {
	n := 0
	for _, d := range b.Diagnostics {
		if d.Severity == model.Blocking {
			n++
		}
	}
	return n
}

// Impact is what a plane feels of a bundle; the zero impact where nothing is said.
func Impact(bundle model.Bundle, plane model.PlaneID) model.PlaneImpact {
	for _, i := range bundle.Impact {
		if i.Plane == plane {
			return i
		}
	}
	return model.PlaneImpact{Plane: plane}
}

// Feel is what a plane feels of a bundle in words, without symbols: "outage up to
// 11 min". The length is the longest of the capabilities at that level.
func Feel(i model.PlaneImpact) string {
	if i.Worst == model.None && !i.Unknown {
		return "none"
	}
	s := words.Level(i.Worst, i.Unknown)
	var lasts int64
	for _, c := range i.Capabilities {
		if c.Level == i.Worst && c.Unknown == i.Unknown {
			lasts = max(lasts, c.P90s)
		}
	}
	if lasts > 0 {
		s += " up to " + words.Duration(lasts)
	}
	return s
}

// Felt says that a capability is felt at all: it is not known to be untouched.
func Felt(c model.CapabilityImpact) bool { return c.Level != model.None || c.Unknown }

// Length is a bundle's duration in words.
func Length(b model.Bundle) string {
	s := words.Span(b.Duration)
	if b.DurationUnknown {
		s += " (not known for every action, so the range is wide)"
	}
	return s
}

// Footprint lists the planes a bundle disturbs and those it only touches.
func (b *Brief) Footprint(f map[model.PlaneID]model.Footprint) string {
	var disturbed, watched []string
	for _, id := range b.PlaneIDs() {
		switch f[id] {
		case model.Disturbed:
			disturbed = append(disturbed, clean.Text(string(id)))
		case model.Watched:
			watched = append(watched, clean.Text(string(id)))
		}
	}
	var parts []string
	if disturbed != nil {
		parts = append(parts, "disturbs "+words.List(disturbed))
	}
	if watched != nil {
		parts = append(parts, "watch "+words.List(watched))
	}
	if parts == nil {
		return "disturbs nobody"
	}
	return strings.Join(parts, ", ")
}

// Slot is when a bundle runs, in local words: "Sat 10 Jan 2026 06:00 to 08:16
// (Europe/Zurich), window weekend". Without a slot it says that no date is set.
func Slot(s *model.Slot) string {
	if s == nil {
		return "no date set"
	}
	out := Between(s.Start, s.End)
	if s.Zone != "" {
		out += " (" + clean.Text(s.Zone) + ")"
	}
	if s.Name != "" {
		out += ", window " + clean.Text(s.Name)
	}
	return out
}

// Between is a stretch of time in words. The end's date is left out where it is
// the start's. Times that cannot be read are shown as they are.
func Between(start, end string) string {
	from, err := time.Parse(time.RFC3339, start)
	if err != nil {
		return clean.Text(start + " to " + end)
	}
	to, err := time.Parse(time.RFC3339, end)
	if err != nil {
		return clean.Text(start + " to " + end)
	}
	const day = "Mon 2 Jan 2006"
	last := to.Format("15:04")
	if to.Format(day) != from.Format(day) {
		last = to.Format(day + " 15:04")
	}
	return from.Format(day+" 15:04") + " to " + last
}

// Sitting is one stretch in which people work: a bundle, or one part of it.
type Sitting struct {
	// Name is "B3", or "B3, 1 of 2".
	Name      string
	Part      string // "" for a whole bundle
	Footprint map[model.PlaneID]model.Footprint
	Duration  model.Span
	Window    *model.Slot
}

// Sittings are the parts of a bundle, or the bundle itself.
func Sittings(b model.Bundle) []Sitting {
	label := clean.Text(b.Label)
	if len(b.Parts) == 0 {
		return []Sitting{{Name: label, Footprint: b.Footprint, Duration: b.Duration, Window: b.Window}}
	}
	out := make([]Sitting, 0, len(b.Parts))
	for _, p := range b.Parts {
		out = append(out, Sitting{Name: label + ", " + clean.Text(p.Label), Part: clean.Text(p.Label), Footprint: p.Footprint, Duration: p.Duration, Window: p.Window})
	}
	return out
}

// Step is an action in one line: "Rebuild the workers (6 nodes, 2 at a time)".
func Step(a model.Action) string {
	s := cmp.Or(a.Title, string(a.ID))
	if a.Units > 1 && a.Role != "" {
		s += fmt.Sprintf(" (%d nodes, %d at a time)", a.Units, max(a.Batch, 1))
	}
	return clean.Text(s)
}

// Version is "1.2 -> 1.3", with a dash for a side that is absent.
func Version(c model.Change) string {
	return clean.Text(cmp.Or(c.From, "-") + " -> " + cmp.Or(c.To, "-"))
}

// WayBack says whether a bundle can be undone, how long that takes, and from
// where on it cannot.
func (b *Brief) WayBack(bundle model.Bundle) string {
	var s string
	switch bundle.Rollback.Possible {
	case model.Yes:
		s = "Yes, up to " + words.Duration(bundle.Rollback.P90s) + "."
	case model.No:
		s = "None."
	default:
		s = "Not known."
	}
	if p := bundle.PointOfNoReturn; p != nil {
		s += " Point of no return: " + Step(b.Action(*p)) + "."
	}
	if l := bundle.LastSafeStop; l != nil {
		s += " Last safe stop: " + Step(b.Action(*l)) + "."
	}
	return s
}

// Stay says whether the system may be left as it is after a bundle.
func Stay(b model.Bundle) string {
	switch b.Stay.Status {
	case model.StaySupported:
		return "The system may be left in this state."
	case model.StayNotSupported:
		return "The system must not be left in this state; go on with the next bundle soon."
	}
	return "Whether the system may be left in this state for weeks is not known."
}

// Abort are the signs at which a bundle is to be stopped. All follow from the
// plan: its gates, its durations, its window and what it says about each plane.
func (b *Brief) Abort(bundle model.Bundle) []string {
	var out []string
	if len(bundle.Gates) > 0 {
		out = append(out, "A gate does not pass: do not go on.")
	}
	out = append(out, fmt.Sprintf("It runs longer than %s, which nine of ten runs do not.", words.Duration(bundle.Duration.P90s)))
	if quiet := b.quiet(bundle); quiet != nil {
		out = append(out, "Anything is felt on "+words.List(quiet)+", where the plan says nothing is.")
	}
	out = append(out, "Anything gets worse, or takes longer, than the table of effects says.")
	if p := bundle.PointOfNoReturn; p != nil {
		out = append(out, "Decide before the point of no return ("+Step(b.Action(*p))+"): after it the only way is forward.")
	}
	for _, s := range Sittings(bundle) {
		if s.Window == nil || bundle.Rollback.Possible != model.Yes {
			continue
		}
		if end, err := time.Parse(time.RFC3339, s.Window.End); err == nil {
			latest := end.Add(-time.Duration(bundle.Rollback.P90s) * time.Second)
			out = append(out, fmt.Sprintf("%s is not done by %s: from then on the way back no longer fits.", s.Name, latest.Format("Mon 2 Jan 2006 15:04 -07:00")))
		}
	}
	return out
}

// quiet are the planes on which nobody should feel the bundle.
func (b *Brief) quiet(bundle model.Bundle) []string {
	var out []string
	for _, id := range b.PlaneIDs() {
		if i := Impact(bundle, id); i.Worst == model.None && !i.Unknown && bundle.Footprint[id] == model.Untouched {
			out = append(out, clean.Text(string(id)))
		}
	}
	return out
}

// Tails are the effects that go on after the bundles, in the order of the actions.
func (b *Brief) Tails() []model.Action {
	var out []model.Action
	for _, a := range b.Actions {
		if a.Tail != nil {
			out = append(out, a)
		}
	}
	return out
}

// Latest is when a plane has to be told of a bundle; "" where no time is known.
func (b *Brief) Latest(bundle model.ActionID, plane model.PlaneID) string {
	for _, a := range b.Announce {
		if a.Bundle == bundle && a.Plane == plane {
			if t, err := time.Parse(time.RFC3339, a.By); err == nil {
				return t.Format("Mon 2 Jan 2006 15:04 -07:00")
			}
			return clean.Text(a.By)
		}
	}
	return ""
}

// Series identifies what the plan is about across its revisions: the series it
// was given, else the system and the releases.
func (b *Brief) Series() string {
	if b.Plan.Series != "" {
		return b.Plan.Series
	}
	return text.Refs(b.From) + "\x00" + text.Refs(b.To) + "\x00" + b.System
}

// Also says how many further subjects a diagnostic has, and which come first.
func Also(d model.Diagnostic) string {
	if len(d.Also) == 0 {
		return ""
	}
	return fmt.Sprintf("; the same of %d more: %s", len(d.Also), words.Some(d.Also))
}
