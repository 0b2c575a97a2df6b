package impact

import (
	"strconv"

	"planewise/model"
	"planewise/planner/impact/duration"
)

// settleLength decides how long an action takes: what was measured on the site,
// else what is stated, but no less than its restarts, else its restarts and what a
// chart takes beside them, else a guess, which is marked.
func (s *scene) settleLength(t model.Task, restarts model.Span, what string) {
	if m := s.measuredFor(t.ID); m != nil && !m.PerUnit {
		s.setLength(t, *measuredEstimate{m}.estimate())
		s.fixed = true
		return
	}
	if d := s.checked(t.Duration, string(t.ID), "the duration"); d != nil {
		s.setLength(t, *d)
		s.stretchTo(restarts, s.inTurn)
		return
	}
	if restarts != (model.Span{}) {
		span := plus(restarts, overhead.Span())
		s.setLength(t, model.Estimate{P50s: span.P50s, P90s: span.P90s, Evidence: model.Evidence{
			Basis: model.BasisInferred, Text: what + ", " + spanText(restarts) + ", and " + spanText(overhead.Span()) + " beside them"}})
		s.expected = s.inTurn + duration.Expected(overhead.Span())
		if s.lengthGuessed {
			s.unknownLength(t, span)
		}
		return
	}
	s.setLength(t, defaultLength(t))
	s.unknownLength(t, s.length)
}

// settleDaemons decides how long Ceph's daemons take: as stated, else host by host
// where that is stated, else one daemon after the other with a wait per host.
func (s *scene) settleDaemons(t model.Task, restarts model.Span, all []*instances) {
	m := s.measuredFor(t.ID)
	if m != nil && !m.PerUnit || s.checked(t.Duration, string(t.ID), "the duration") != nil || restarts == (model.Span{}) {
		s.settleLength(t, restarts, "")
		return
	}
	per, wait, guessed := t.PerUnit, model.Span{}, false
	if m != nil {
		per = measuredEstimate{m}.estimate()
	}
	if w := s.checked(t.Wait, string(t.ID), "the wait after a host"); w != nil && m == nil {
		wait = w.Span()
		s.lengthFact(string(t.ID), "waits after each host", *w)
	}
	hosts := 1
	for _, in := range all {
		if in.Kind == "ceph-osd" {
			hosts = max(1, in.wanted)
		}
		guessed = guessed || in.Restart == nil
	}
	if e := s.checked(per, string(t.ID), "the duration of one host"); e != nil {
		span := s.repeat(plus(e.Span(), wait), hosts)
		s.setLength(t, model.Estimate{P50s: span.P50s, P90s: span.P90s, Evidence: model.Evidence{
			Basis: e.Basis, Source: e.Source, Text: plural(hosts, "host", "hosts") + ", each " + spanText(plus(e.Span(), wait))}})
		s.expected = expected(plus(e.Span(), wait), hosts)
		return
	}
	span := plus(restarts, s.repeat(wait, hosts))
	s.setLength(t, model.Estimate{P50s: span.P50s, P90s: span.P90s, Evidence: model.Evidence{
		Basis: model.BasisInferred, Text: "daemons one after the other, " + spanText(restarts) + ", and the waits for health"}})
	s.expected = min(s.inTurn+expected(wait, hosts), duration.Longest)
	if guessed {
		s.unknownLength(t, span)
	}
}

func defaultLength(t model.Task) model.Estimate {
	switch {
	case t.Does == model.WorkShip || t.Does == model.WorkRemove:
		return defaultShip
	case t.Does == model.WorkCeph:
		return defaultDaemon
	}
	return defaultStep
}

// settleRoll decides how long a roll of nodes takes: the whole as stated or
// measured, else its batches one after the other.
func (s *scene) settleRoll(t model.Task) {
	per, wait, guessed := s.perBatch(t)
	s.batch, s.batchWait = plus(per, wait), wait
	m := s.measuredFor(t.ID)
	if m != nil && !m.PerUnit {
		s.setLength(t, *measuredEstimate{m}.estimate())
		s.fixed = true
		return
	}
	whole := s.checked(t.Duration, string(t.ID), "the duration")
	if whole != nil && (m == nil || !m.PerUnit) && t.PerUnit == nil {
		s.setLength(t, *whole)
		return
	}
	nodes := max(1, min(t.Units, max(1, s.nodesOf(t.Role))))
	if t.Units <= 0 {
		nodes = max(1, s.nodesOf(t.Role))
	}
	size := max(1, min(t.Batch, nodes))
	count := (nodes + size - 1) / size
	span := s.repeat(s.batch, count)
	s.setLength(t, model.Estimate{P50s: span.P50s, P90s: span.P90s, Evidence: model.Evidence{
		Basis: model.BasisInferred, Text: plural(count, "batch", "batches") + " of " + plural(size, "node", "nodes") + ", each " + spanText(s.batch)}})
	s.expected = expected(s.batch, count)
	if guessed {
		s.unknownLength(t, s.length)
	}
}

// perBatch is how long one batch is away and how long the wait after it is. What was
// measured goes from one batch to the next and so holds the wait already; how much of
// it that was is not known, and the nodes count as away for all of it.
func (s *scene) perBatch(t model.Task) (per, wait model.Span, guessed bool) {
	e := s.checked(t.PerUnit, string(t.ID), "the duration of one node")
	if m := s.measuredFor(t.ID); m != nil && m.PerUnit {
		e = measuredEstimate{m}.estimate()
		s.lengthFact(string(t.ID), "takes per batch, waits included", *e)
		return e.Span(), model.Span{}, false
	}
	if e == nil {
		g := defaultReboot
		if t.Method == model.MethodRebuild {
			g = defaultRebuild
		}
		e, guessed = &g, true
	}
	s.lengthFact(string(t.ID), "takes per node", *e)
	if w := s.checked(t.Wait, string(t.ID), "the wait after a node"); w != nil {
		wait = w.Span()
		s.lengthFact(string(t.ID), "waits after each batch", *w)
	}
	return e.Span(), wait, guessed
}

func (s *scene) setLength(t model.Task, e model.Estimate) {
	s.length, s.expected = e.Span(), duration.Expected(e.Span())
	s.lengthFact(string(t.ID), "lasts", e)
}

func (s *scene) lengthFact(subject, relation string, e model.Estimate) {
	f := model.NewFact(subject, relation, spanText(e.Span()), "", e.Evidence)
	s.keep(f)
	s.lengthFacts = append(s.lengthFacts, f.ID)
}

// stretchTo makes the action at least as long as something in it, unless its
// length was measured: then that something was over in time.
func (s *scene) stretchTo(end model.Span, expected int64) {
	if !s.fixed {
		s.expected = max(s.expected, expected)
		s.length = shorter(longer(s.length, end), model.Span{P50s: duration.Longest, P90s: duration.Longest})
	}
}

func (s *scene) unknownLength(t model.Task, assumed model.Span) {
	s.lengthUnknown = true
	s.note(model.Info, "unknown-duration", string(t.ID), "how long it takes is not known; "+spanText(assumed)+" assumed",
		"measure it once and enter it in the system description (measured)")
}

// close ends what lasts as long as the action, and cuts at its end what was
// expected to last longer than the action was measured to take.
func (s *scene) close() {
	for _, p := range s.open {
		p.to = s.length
		p.start = shorter(p.start, p.to)
		s.add(p)
	}
	for i := range s.pieces {
		p := &s.pieces[i]
		p.start, p.to = shorter(p.start, s.length), shorter(p.to, s.length)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
