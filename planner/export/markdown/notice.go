package markdown

import (
	"cmp"
	"fmt"
	"strings"

	"planewise/model"
	"planewise/planner/export/internal/brief"
	"planewise/planner/export/text"
	"planewise/planner/words"
)

// Notices are the notices for all planes, in the plan's order.
func Notices(p model.Plan) [][]byte {
	b := brief.New(p)
	out := make([][]byte, len(p.Planes))
	for i, plane := range p.Planes {
		out[i] = notice(b, plane.ID)
	}
	return out
}

// notice tells the users of one plane what is coming, in plain words: when, how
// long, what they will notice, what they should do. It says so where nothing
// touches them.
func notice(b *brief.Brief, plane model.PlaneID) []byte {
	d, p := document{Brief: b}, b.Plan
	d.heading(1, "Maintenance: "+d.Plane(plane))
	audience := ""
	if users := d.Users(plane); users != "" {
		audience = " for " + users
	}
	d.line(inline(fmt.Sprintf("The system %s is updated from %s to %s. This notice is%s.", cmp.Or(p.System, "without a name"), text.Refs(p.From), text.Refs(p.To), cmp.Or(audience, " for its users"))))
	if n := d.Blocking(); n > 0 {
		d.line()
		d.line("**Draft: the plan is not ready to be carried out (", words.Count(n, "blocking finding"), ").**")
	}
	felt := 0
	for _, b := range p.Bundles {
		if i := brief.Impact(b, plane); i.Worst != model.None || i.Unknown || b.Footprint[plane] != model.Untouched {
			d.notice(b, i)
			felt++
		}
	}
	if felt == 0 {
		d.line()
		d.line("You will notice nothing of the work itself. There is nothing to do.")
	}
	d.later(plane)
	return []byte(d.b.String())
}

func (d *document) notice(b model.Bundle, impact model.PlaneImpact) {
	sittings := brief.Sittings(b)
	what := "minor effects"
	if b.Footprint[impact.Plane] == model.Disturbed {
		what = "interruption"
	}
	d.heading(2, b.Label+": "+what)
	for _, s := range sittings {
		when := brief.Slot(s.Window)
		if s.Window == nil {
			when = "the date is not set yet; you will be told"
		}
		if len(sittings) > 1 {
			when = "part " + s.Part + ", " + when
		}
		d.line("- **When:** ", inline(when))
	}
	d.line("- **How long:** ", inline(brief.Length(b)), " for the whole work")
	d.line("- **What you will notice:**")
	done := map[string]bool{}
	var todo []string
	for _, c := range impact.Capabilities {
		if !brief.Felt(c) {
			continue
		}
		d.line("  - ", inline(d.Capability(c.ID)), ": ", inline(plain(c)))
		if advice := advice(d.Topic(c.ID), c); advice != "" && !done[advice] {
			done[advice] = true
			todo = append(todo, advice)
		}
	}
	if impact.Unknown || len(impact.Capabilities) == 0 {
		d.line("  - How far it goes is not known in full; plan as if nothing worked.")
	}
	if todo == nil {
		todo = []string{"Nothing. Tell the operators if something does not work."}
	}
	d.line("- **What to do:** ", inline(strings.Join(todo, " ")))
}

// plain is a level in words that need no explanation.
func plain(c model.CapabilityImpact) string {
	lasts := ""
	if c.P90s > 0 {
		lasts = ", up to " + words.Duration(c.P90s) + " in all"
	}
	s := map[model.Level]string{
		model.None:     "may be affected",
		model.AtRisk:   "works, but one more fault would interrupt it",
		model.Blip:     "short gaps, which retries hide",
		model.Degraded: "slower, or not for everybody",
		model.Outage:   "not available",
	}[c.Level] + lasts
	if c.Unknown {
		s += "; it may be worse, which is not known"
	}
	return s
}

// advice is what a user should do about a capability of a topic (see
// model.Capability.Answer).
func advice(topic string, c model.CapabilityImpact) string {
	if !c.Unknown && c.Level <= model.AtRisk {
		return ""
	}
	hard := c.Unknown || c.Level >= model.Degraded
	switch {
	case topic == "jobs":
		return "Let jobs end before the start, or save their state: they may be interrupted."
	case !hard:
		return ""
	case topic == "launch":
		return "Submit jobs so that they start before or after it; those in between wait. A job with a time limit that ends before the start is not held back."
	case topic == "login":
		return "Save your work and log out before the start."
	case topic == "storage":
		return "Start no large transfers shortly before it, and expect reading and writing to wait."
	case topic == "administration":
		return "Finish or stop scripts and sessions that administer the system before the start."
	}
	return "Plan without it for that time."
}

// later are the effects that remain, and what ends for good.
func (d *document) later(plane model.PlaneID) {
	var out []string
	for _, a := range d.Tails() {
		if a.Tail.Plane == plane {
			out = append(out, "Afterwards: "+a.Tail.Text+".")
		}
	}
	for _, r := range d.Retired {
		if d.PlaneOf(r.Capability) != plane {
			continue
		}
		s := "Ends for good: " + d.Capability(r.Capability) + " (affects " + r.Affected + ")."
		if r.Replacement != "" {
			s += " Use instead: " + r.Replacement + "."
		}
		out = append(out, s)
	}
	if out == nil {
		return
	}
	d.heading(2, "Afterwards")
	for _, s := range out {
		d.item(s)
	}
}
