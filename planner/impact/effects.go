package impact

import (
	"cmp"
	"slices"

	"planewise/model"
	"planewise/planner/impact/duration"
)

// carry is an effect that outlasts the action.
type carry struct {
	piece
	until string
	// gone: something is removed; capabilities that retire with it have no effect.
	gone bool
}

// chainKey is what an explanation depends on: the capability, its level, and what
// the pieces do in the phase.
type chainKey struct {
	node  int32
	level model.Range
	state int32
}

// effects are the stretches in which a capability is at one level, by plane,
// capability and start.
func (s *scene) effects() []model.Effect {
	if len(s.pieces) == 0 {
		return []model.Effect{}
	}
	s.phases()
	s.spread()
	s.nameStates()
	var felt []*reached
	for i := range s.reached {
		if r := &s.reached[i]; s.nodes[r.node].capability != nil && !r.worst.IsNone() {
			felt = append(felt, r)
		}
	}
	slices.SortFunc(felt, func(a, b *reached) int {
		// Capabilities are numbered by id.
		return cmp.Or(cmp.Compare(s.nodes[a.node].capability.Plane, s.nodes[b.node].capability.Plane), cmp.Compare(a.node, b.node))
	})
	out := []model.Effect{}
	for _, r := range felt {
		out = s.stretchesOf(r, s.nodes[r.node].capability, out)
	}
	return out
}

// nameStates gives equal phases, as seen from the pieces, the same number: that of
// the first of them.
func (s *scene) nameStates() {
	for k := range s.each {
		state := int32(k)
		for j := range k {
			if s.states[j] == int32(j) && s.sameState(j, k) {
				state = int32(j)
				break
			}
		}
		s.states = append(s.states, state)
	}
}

func (s *scene) sameState(j, k int) bool {
	for i := range s.reached {
		own := s.reached[i].own
		if own == nil {
			break // those with pieces come first
		}
		if own[j] != own[k] {
			return false
		}
	}
	return true
}

// stretchesOf turns one capability's line into effects.
func (s *scene) stretchesOf(r *reached, c *model.Capability, out []model.Effect) []model.Effect {
	line := s.row()
	copy(line, r.line)
	s.judge(line, c.ToleranceS)
	last := int64(0) // end at P50 of the effect before
	for i := 0; i < len(line); {
		j := i + 1
		for j < len(line) && line[j] == line[i] {
			j++
		}
		if !line[i].IsNone() {
			start, end := s.bounds[i], s.bounds[j]
			start.P50s = min(max(start.P50s, last), start.P90s)
			end.P50s = max(end.P50s, start.P50s)
			last = end.P50s
			e := model.Effect{Capability: c.ID, Plane: c.Plane, Start: start}
			e.Lasts = model.Span{P50s: end.P50s - start.P50s, P90s: max(end.P90s-start.P90s, end.P50s-start.P50s)}
			e.SetRange(line[i])
			e.Times = s.timesOf(i, j)
			e.Facts = s.chain(r, line[i], i)
			if k := s.openPhase(r, i, j); line[i].IsUnknown() && k > i {
				e.Facts = withChain(e.Facts, s.chain(r, line[i], k))
			}
			if e.Lasts.P90s > 0 {
				out = append(out, e)
			}
		}
		i = j
	}
	return out
}

// openPhase is the longest of some phases at which the level itself is a range, the
// first of equal ones. A short gap at the beginning is known, or does not get through
// at all, and does not say why the rest is not known.
func (s *scene) openPhase(r *reached, from, to int) int {
	open, length := from, int64(-1)
	for k := from; k < to; k++ {
		if r.line[k].IsUnknown() && s.each[k] > length {
			open, length = k, s.each[k]
		}
	}
	return open
}

// withChain is one chain and what another adds to it. Neither is written to.
func withChain(a, b []model.FactID) []model.FactID {
	out := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// timesOf is how often a level comes: once per round where it stays inside a
// stretch of several.
func (s *scene) timesOf(i, j int) int {
	x := s.inside[i]
	if x < 0 || s.times[i] <= 1 || j > s.whole[x][1] || i == s.whole[x][0] && j == s.whole[x][1] {
		return 0
	}
	return int(s.times[i])
}

// chain is the explanation of a level, made once for equal phases.
func (s *scene) chain(r *reached, level model.Range, phase int) []model.FactID {
	key := chainKey{r.node, level, s.states[phase]}
	if c, ok := s.chains[key]; ok {
		return c
	}
	c := s.explain(r.node, phase)
	s.chains[key] = c
	return c
}

// carried are the effects that go on after the action, with a length of zero: the
// bundle knows when they end.
func (s *scene) carried() []model.Effect {
	var out []model.Effect
	for _, until := range s.untils() {
		sub := s.sub()
		gone := true
		for _, c := range s.carries {
			if c.until == until {
				p := c.piece
				p.start, p.to = model.Span{}, sub.length
				sub.add(p)
				gone = gone && c.gone
			}
		}
		sub.unknowable()
		for _, e := range sub.effects() {
			if gone && s.retires[e.Capability] {
				continue
			}
			e.Start, e.Lasts, e.Times, e.Until = s.length, model.Span{}, 0, until
			out = append(out, e)
		}
		s.take(sub)
	}
	return out
}

func (s *scene) untils() []string {
	var out []string
	for _, c := range s.carries {
		out = append(out, c.until)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sub is a scene of one long phase, for questions about what lasts.
func (s *scene) sub() *scene {
	long := model.Span{P50s: duration.Longest, P90s: duration.Longest}
	sub := s.begin(s.id)
	sub.length, sub.named = long, s.named
	return sub
}

// take keeps the facts of a sub-scene.
func (s *scene) take(sub *scene) {
	s.facts = append(s.facts, sub.facts...)
	s.notes = append(s.notes, sub.notes...)
}

// tail is what goes on after staged work: nodes reboot one by one, each when its
// job ends, so that a little of their capacity is always away.
func (s *scene) tail(t model.Task) *model.Tail {
	if t.Method != model.MethodStage || t.Role == "" {
		return nil
	}
	sub := s.sub()
	for _, in := range s.onRole[t.Role] {
		sub.piece(in, model.Exactly(model.AtRisk), model.Span{}, sub.length, func() string { return "each " + t.Role + " node reboots by itself when its job ends" })
	}
	defer s.take(sub)
	var best *model.Effect
	var hops int32
	for _, e := range sub.effects() {
		h := sub.reached[sub.slot[s.capability[e.Capability]]-1].hops
		if best == nil || h < hops {
			best, hops = &e, h
		}
	}
	if best == nil {
		s.note(model.Warning, "tail-not-placed", string(t.ID), "no capability stands for the capacity of "+t.Role+" nodes, so that their reboots show nowhere",
			"let a capability need a service whose workload runs on "+t.Role)
		return nil
	}
	return &model.Tail{Capability: best.Capability, Plane: best.Plane, Level: best.Level,
		Text: "each " + t.Role + " node reboots when its job ends", Facts: best.Facts}
}
