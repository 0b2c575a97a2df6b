package impact

import (
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/planner/impact/duration"
)

// What is assumed where nobody has said how long something takes. The ranges are
// wide on purpose: their ends are a quick and a slow case, not a measurement. Each
// use is a fact of basis default, and an action whose own length rests on one is
// marked as unknown.
var (
	// A pod: seconds where the image is on the node, minutes where it is pulled and
	// readiness is slow; Helm's default wait for a whole chart is 300 s.
	defaultRestart = guess(30, 300, "one instance from stopped to ready")
	// Leases of Kubernetes run out after 15 s; databases take up to a minute.
	defaultFailover = guess(10, 60, "a new leader takes over")
	// The hand-over of a single instance to its successor.
	defaultHandover = guess(1, 10, "connections to the old instance are cut")
	// A virtual machine boots in 1-2 min, bare metal takes over 15 min and up to an hour.
	defaultReboot  = guess(900, 3600, "one node from drained to back")
	defaultRebuild = guess(1800, 5400, "one node drained, wiped, booted and joined")
	defaultShip    = guess(120, 900, "a chart's upgrade")
	defaultStep    = guess(300, 3600, "a step of the procedure")
	defaultDaemon  = guess(30, 180, "one Ceph daemon from stopped to active")
	// What installing takes beyond the restarts: hooks, jobs, checks.
	overhead = guess(20, 60, "hooks and checks of a chart beyond its restarts")
)

// Assumed is the span that is assumed for a turn of a roll of nodes where nothing is
// known of it: few measurements are drawn towards it. False for other actions, whose
// length depends on what they are.
func Assumed(action string, perUnit bool) (model.Span, bool) {
	if !perUnit || !strings.HasPrefix(action, "roll:") {
		return model.Span{}, false
	}
	return defaultRebuild.Span(), true
}

func guess(p50, p90 int64, what string) model.Estimate {
	return model.Estimate{P50s: p50, P90s: p90, Evidence: model.Evidence{
		Basis: model.BasisDefault, Text: what + ": not known, " + spanText(model.Span{P50s: p50, P90s: p90}) + " assumed"}}
}

func spanText(s model.Span) string {
	if s.P50s == s.P90s {
		return strconv.FormatInt(s.P50s, 10) + " s"
	}
	return strconv.FormatInt(s.P50s, 10) + " to " + strconv.FormatInt(s.P90s, 10) + " s"
}

func plus(a, b model.Span) model.Span {
	return model.Span{P50s: a.P50s + b.P50s, P90s: a.P90s + b.P90s}
}

func longer(a, b model.Span) model.Span {
	return model.Span{P50s: max(a.P50s, b.P50s), P90s: max(a.P90s, b.P90s)}
}

func shorter(a, b model.Span) model.Span {
	return model.Span{P50s: min(a.P50s, b.P50s), P90s: min(a.P90s, b.P90s)}
}

func times(s model.Span, n int64) model.Span {
	return model.Span{P50s: min(s.P50s*n, duration.Longest), P90s: min(s.P90s*n, duration.Longest)}
}

// share is s·n/of.
func share(s model.Span, n, of int64) model.Span {
	return model.Span{P50s: s.P50s * n / of, P90s: s.P90s * n / of}
}

// checked returns an estimate that can be reckoned with: nil where there is none
// or it is nonsense, which is then noted.
func (s *scene) checked(e *model.Estimate, subject, what string) *model.Estimate {
	if e == nil {
		return nil
	}
	if e.P50s > duration.Longest || e.P90s > duration.Longest {
		s.note(model.Warning, "bad-duration", subject, what+" is longer than a year ("+spanText(e.Span())+")", "give seconds; it is taken as not known")
		return nil
	}
	if e.P90s < e.P50s {
		s.note(model.Warning, "bad-duration", subject, what+" has a P90 below its P50 ("+spanText(e.Span())+")", "swap them; the larger is taken for both")
		fixed := *e
		fixed.P90s = e.P50s
		return &fixed
	}
	return e
}

func (s *scene) orGuess(in *instances, e *model.Estimate, what string, g model.Estimate) model.Estimate {
	switch {
	case e == nil:
		return g
	case 0 <= e.P50s && e.P50s <= e.P90s && e.P90s <= duration.Longest:
		return *e
	}
	if c := s.checked(e, in.name(), what); c != nil {
		return *c
	}
	return g
}

// measuredFor finds the site's own duration for an action: the entry whose glob is
// the most specific, that is, has the most literal characters.
func (e *Engine) measuredFor(id model.ActionID) *model.Measured {
	var best *model.Measured
	for i := range e.measured {
		m := &e.measured[i]
		if !catalog.Glob(m.Action, string(id)) {
			continue
		}
		if best == nil || catalog.Literal(m.Action) > catalog.Literal(best.Action) {
			best = m
		}
	}
	return best
}

func (m measuredEstimate) estimate() *model.Estimate {
	text := strconv.Itoa(m.Samples) + " runs of " + m.Action + " on this site"
	if m.Samples == 1 {
		text = "one run of " + m.Action + " on this site"
	}
	return &model.Estimate{P50s: m.P50s, P90s: m.P90s, Evidence: model.Evidence{Basis: model.BasisMeasured, Source: m.Source, Text: text}}
}

type measuredEstimate struct{ *model.Measured }
