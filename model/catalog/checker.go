package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// maxSeconds bounds every length of time: 30 days. A longer one is a mistake in
// its unit.
const maxSeconds = 30 * 24 * 3600

// checker looks at one rule, resident or named thing and remembers whether
// something about it is wrong.
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
	if r.Match.Kind != "" && !slices.Contains(model.Kinds(), r.Match.Kind) {
		c.bad("bad-word", fmt.Sprintf("%q is no kind of component", r.Match.Kind), fmt.Sprint("use one of ", model.Kinds()))
	}
	if len(r.Planes) == 0 {
		c.bad("unknown-plane", "the rule names no plane", "say on which planes the component runs or whom it serves")
	}
	c.planeNames(r.Planes)
	c.method(r.Method)
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

var methods = []model.Method{
	"", model.MethodRolling, model.MethodRecreate, model.MethodStateful, model.MethodDaemonSet, model.MethodReinstall,
	model.MethodRebuild, model.MethodReboot, model.MethodStage, model.MethodCephDaemon, model.MethodLive, model.MethodJob,
	model.MethodDelivery, model.MethodRemove, model.MethodUnknown,
}

func (c *checker) method(m model.Method) {
	if !slices.Contains(methods, m) {
		c.bad("bad-word", fmt.Sprintf("%q is no method of an update", m), fmt.Sprint("use one of ", methods[1:]))
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
	if x.Product == "" {
		c.bad("bad-constraint", "a crossing names no product", "name the product whose version it is about")
	}
	c.constraint("crossing's start", x.From)
	c.constraint("crossing's end", x.To)
}

func (c *checker) effect(e model.EffectRule) {
	set := 0
	for _, has := range [...]bool{e.Service != "", e.Capability != "", len(e.Planes) > 0} {
		if has {
			set++
		}
	}
	if set != 1 {
		c.bad("bad-effect", "an effect must name one of service, capability and planes; it names "+strconv.Itoa(set), "write one effect for each")
		return
	}
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

// estimate: 0 <= p50 <= p90 <= 30 days.
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
	switch {
	case s < 0:
		c.bad("bad-duration", fmt.Sprintf("the %s is %d s", what, s), "give a number of seconds, 0 or more; leave it out where nothing is known")
	case s > maxSeconds:
		c.bad("bad-duration", fmt.Sprintf("the %s is %d s, more than 30 days", what, s), "give it in seconds; leave it out where nothing is known")
	}
}

// source: what is said to be documented or in a chart names where.
func (c *checker) source(e model.Evidence) {
	if e.Source == "" && (e.Basis == model.BasisDocumented || e.Basis == model.BasisChart) {
		c.note(model.Warning, "missing-source", c.subject, "a fact with basis "+e.Basis.String()+" names no source", "name the document or file")
	}
}
