package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// maxSeconds bounds every length of time: 30 days. A longer one is a mistake in
// its unit.
const maxSeconds = 30 * 24 * 3600

// checker looks at one rule, resident or named thing and remembers whether
// something about it is wrong: names that nothing defines, and what one thing says
// against another. What the schema of a mapping refuses is not looked for again.
type checker struct {
	*merger
	subject string
	wrong   bool
}

func (c *checker) bad(code model.Code, summary, hint string, path ...string) {
	c.wrong = true
	c.note(model.Blocking, code, c.subject, summary, hint, path...)
}

func (c *checker) rule(r model.Rule) {
	if bare(r.Match) {
		c.bad("bare-wildcard", "the rule would map components that nobody has looked at", "give a kind, and a name or a family of names with at least "+strconv.Itoa(leastLiteral)+" characters in a row; for what nodes boot a role will do")
	}
	if len(r.Planes) == 0 {
		c.bad("unknown-plane", "the rule names no plane", "say on which planes the component runs or whom it serves")
	}
	c.planeNames(r.Planes)
	c.constraint("version", r.Version)
	c.estimate("duration", r.Duration)
	for _, w := range r.Workloads {
		c.workload(w)
	}
	for _, e := range r.Effects {
		c.effect(e)
	}
	for _, x := range r.Retires {
		c.capability(x.Capability, "a retirement")
		c.crossing(x.Crossing)
		c.source(inherit(r.Evidence, x.Evidence))
	}
	if r.Rollback != nil {
		c.seconds("way back", r.Rollback.P90s)
	}
	c.source(r.Evidence)
}

func (c *checker) planeNames(ps []model.PlaneID) {
	for _, p := range ps {
		if !c.planes[p] {
			c.bad("unknown-plane", fmt.Sprintf("there is no plane %q", p), "use a plane that the mapping defines, or define it")
		}
	}
}

func (c *checker) capability(id model.CapabilityID, what string) {
	if !c.capabilities[id] {
		c.bad("unknown-capability", fmt.Sprintf("%s names the capability %q, which nothing defines", what, id), "define it or correct the name")
	}
}

func (c *checker) service(id model.ServiceID, what string) {
	if !c.services[id] {
		c.bad("unknown-service", fmt.Sprintf("%s names the service %q, which nothing defines", what, id), "define it or correct the name")
	}
}

func (c *checker) constraint(what, text string) {
	if _, err := version.ParseConstraint(text); err != nil {
		c.bad("bad-constraint", fmt.Sprintf("the %s %q: %v", what, text, err), `write it like ">= 1.5.0, < 1.6.0"`)
	}
}

func (c *checker) crossing(x *model.Crossing) {
	if x == nil {
		return
	}
	c.constraint("crossing's start", x.From)
	c.constraint("crossing's end", x.To)
}

func (c *checker) effect(e model.EffectRule) {
	switch {
	case e.Service != "":
		c.service(e.Service, "an effect")
	case e.Capability != "":
		c.capability(e.Capability, "an effect")
	default:
		c.planeNames(e.Planes)
	}
	if e.Until != "" && e.Until != "ever" && !strings.HasPrefix(e.Until, "action:") {
		c.bad("bad-effect", fmt.Sprintf("an effect lasts until %q", e.Until), `use "action:ID" or "ever"`)
	}
	c.seconds("start of an effect", e.AtS)
	c.estimate("length of an effect", e.Lasts)
	c.crossing(e.Crossing)
	c.source(e.Evidence)
}

// estimate: p50 <= p90 <= 30 days.
func (c *checker) estimate(what string, e *model.Estimate) {
	if e == nil {
		return
	}
	c.seconds(what, e.P50s)
	c.seconds(what, e.P90s)
	if e.P50s > e.P90s {
		c.bad("bad-duration", fmt.Sprintf("the %s is %d s at p50 and only %d s at p90", what, e.P50s, e.P90s), "p90 must not be below p50")
	}
	c.source(e.Evidence)
}

func (c *checker) seconds(what string, s int64) {
	if s > maxSeconds {
		c.bad("bad-duration", fmt.Sprintf("the %s is %d s, more than 30 days", what, s), "give it in seconds; leave it out where nothing is known")
	}
}

// source: what is said to be documented or in a chart names where.
func (c *checker) source(e model.Evidence) {
	if e.Source == "" && (e.Basis == model.BasisDocumented || e.Basis == model.BasisChart) {
		c.note(model.Warning, "missing-source", c.subject, "a fact with basis "+e.Basis.String()+" names no source", "name the document or file")
	}
}
