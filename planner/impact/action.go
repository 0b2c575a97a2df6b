package impact

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/impact/duration"
)

// Action works out what a task does: effects with their chains of facts, the
// footprint, how long it takes. After is left to the caller. The facts returned
// are all that the action points to, each once.
func (e *Engine) Action(t model.Task) (model.Action, []model.Fact, []model.Diagnostic) {
	a, facts, notes := e.Act(t)
	all := make([]*model.Fact, 0, len(t.Facts)+len(facts))
	for _, list := range [][]model.Fact{t.Facts, facts} {
		for i := range list {
			all = append(all, &list[i])
		}
	}
	return a, model.DistinctFacts(all), notes
}

// Act is Action for those who have the task's own facts: only the others are
// returned, in no order, and the same one may come twice.
func (e *Engine) Act(t model.Task) (model.Action, []model.Fact, []model.Diagnostic) {
	s := e.begin(t.ID)
	own := make([]model.FactID, 0, len(t.Facts)+8)
	for i := range t.Facts {
		own = append(own, t.Facts[i].ID)
	}
	a := model.Action{
		ID: t.ID, Title: t.Title, Method: t.Method, Stage: t.Stage, Script: t.Script,
		Changes: slices.Clone(t.Changes), Role: t.Role, Units: max(1, t.Units), Batch: t.Batch,
		Rank: t.Rank, NoReturn: t.NoReturn,
	}
	if a.Changes == nil {
		a.Changes = []model.ChangeID{}
	}
	slices.Sort(a.Changes)
	s.behave(t)
	s.stated(t)
	s.unknownPlanes(t)
	s.close()
	s.unknowable()
	a.Effects = s.anything(s.effects())
	a.Tail = s.tail(t)
	a.Effects = append(a.Effects, s.carried()...)
	a.Footprint = e.footprint(a.Effects)
	a.Duration, a.DurationUnknown = s.length, s.lengthUnknown
	a.ExpectedS = s.expected
	a.Rollback = s.rollback(t)
	if !onNodes(t) {
		for _, src := range s.sources {
			if id := s.factOf(src); !named(a.Effects, id) {
				own = append(own, id)
			}
		}
	}
	own = append(own, s.lengthFacts...)
	if onNodes(t) {
		s.placement(t, &a)
	}
	a.Facts = orderedIDs(own)
	return a, s.facts, model.SortDiagnostics(s.notes)
}

func orderedIDs(ids []model.FactID) []model.FactID {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if ids == nil {
		ids = []model.FactID{}
	}
	return ids
}

// onNodes: the task takes nodes of a role through something.
func onNodes(t model.Task) bool {
	switch t.Method {
	case model.MethodRebuild, model.MethodReboot:
		return t.Role != ""
	}
	return false
}

// behave adds what follows from the method and the workloads.
func (s *scene) behave(t model.Task) {
	switch {
	case onNodes(t):
		s.settleRoll(t)
		s.lives = s.living(t)
		s.rollNodes(t, s.lives)
	case t.Does == model.WorkCeph || t.Method == model.MethodCephDaemon:
		s.daemons(t, s.cephDaemons(t))
	case t.Method == model.MethodStage:
		s.settleLength(t, model.Span{}, "")
	default:
		s.restarts(t)
	}
}

func (s *scene) cephDaemons(t model.Task) []*instances {
	if len(t.Workloads) > 0 {
		return s.resolveAll(t.Workloads)
	}
	var out []*instances
	for _, in := range s.live {
		if strings.HasPrefix(in.Kind, "ceph-") {
			out = append(out, in)
		}
	}
	return out
}

// restarts adds the workloads of a chart or a step; they restart side by side.
func (s *scene) restarts(t model.Task) {
	all := s.resolveAll(t.Workloads)
	var end model.Span
	for _, in := range all {
		method := cmp.Or(in.Method, defaultMethod(in.Kind))
		if t.Method == model.MethodReinstall || t.Method == model.MethodRemove {
			method = t.Method
		}
		switch method {
		case model.MethodReinstall:
			s.throughout(in, model.Exactly(model.Outage), "reinstalls", "removed, then installed again", in.Basis)
		case model.MethodRemove:
			s.remove(in)
		default:
			end = longer(end, s.restart(in, method, model.Span{}))
		}
		s.lengthGuessed = s.lengthGuessed || in.Restart == nil && end != (model.Span{})
	}
	if len(t.Workloads) == 0 && len(t.Effects) == 0 && len(t.UnknownOn) == 0 {
		s.silent(t)
	}
	s.settleLength(t, end, "the longest of its restarts")
}

// resolveAll looks workloads up, in one order whatever theirs.
func (s *scene) resolveAll(workloads []model.Workload) []*instances {
	all := make([]*instances, 0, len(workloads))
	for i := range workloads {
		if in := s.resolve(workloads[i]); in != nil {
			all = append(all, in)
		}
	}
	slices.SortStableFunc(all, func(a, b *instances) int {
		return cmp.Or(sameWorkload(&a.Workload, &b.Workload), weaker(&a.Workload, &b.Workload))
	})
	return all
}

// silent: no workload, no stated effect, nothing marked as unknown. That is fine
// where the method is known (a chart of objects alone, something that does not run
// yet), and unknown where it is not: nobody having said anything is not "none".
func (s *scene) silent(t model.Task) {
	if t.Method != "" && t.Method != model.MethodUnknown {
		s.reason("restarts", "nothing", model.Exactly(model.None), model.Evidence{Basis: model.BasisInferred,
			Text: "no workload of its is named that runs on this system (" + string(t.Method) + ")"})
		return
	}
	s.note(model.Warning, "effect-not-stated", string(t.ID), "nothing says what restarts when it is done, nor how it is done",
		"name its workloads, or the method live, job or delivery, in a mapping file")
	s.everywhere("no rule says what it restarts, nor how it is done")
}

// remove takes a service away for good. Capabilities that end with it are listed
// as retired, not as minutes of outage.
func (s *scene) remove(in *instances) {
	src := s.fact(in, model.Exactly(model.Outage), func() string { return "removed for good" })
	src.relation = "removes"
	s.carries = append(s.carries, carry{piece{node: in.node, level: model.Exactly(model.Outage), source: src}, "ever", true})
}

// stated adds the effects that documents and rules state.
func (s *scene) stated(t model.Task) {
	for _, r := range t.Effects {
		if !s.system.Has(r.When) {
			continue
		}
		level := model.Exactly(r.Level)
		if r.Unknown {
			level.Most = model.Outage
		}
		if s.system.Undecides(r.When) {
			level.Least = model.None
		}
		for _, n := range s.targets(r) {
			s.state(t, r, n, level)
		}
	}
}

func (s *scene) targets(r model.EffectRule) []int32 {
	var out []int32
	switch {
	case r.Capability != "":
		if n, ok := s.capability[r.Capability]; ok {
			return []int32{n}
		}
		s.note(model.Blocking, "unknown-capability", string(s.id), "an effect names the capability "+string(r.Capability)+", which nothing defines", "define it or correct the name")
	case r.Service != "":
		if n, ok := s.service[r.Service]; ok {
			return []int32{n}
		}
		s.note(model.Blocking, "unknown-service", string(s.id), "an effect names the service "+string(r.Service)+", which nothing defines", "define it or correct the name")
	default:
		for _, p := range r.Planes {
			if len(s.byPlane[p]) == 0 {
				s.note(model.Blocking, "unknown-plane", string(s.id), "an effect names the plane "+string(p)+", which has no capabilities", "define them or correct the name")
			}
			out = append(out, s.byPlane[p]...)
		}
	}
	if out == nil {
		s.everywhere("a stated effect names nothing that exists")
	}
	return out
}

func (s *scene) state(t model.Task, r model.EffectRule, n int32, level model.Range) {
	src := s.reason("affects", s.nodes[n].name, level, r.Evidence)
	p := piece{node: n, level: level, source: src}
	if r.AtS > duration.Longest {
		s.note(model.Warning, "bad-duration", string(t.ID), "an effect begins at an impossible time", "give seconds after the start of the action; 0 is taken")
		r.AtS = 0
	}
	p.start = model.Span{P50s: r.AtS, P90s: r.AtS}
	lasts := s.checked(r.Lasts, string(t.ID), "the length of an effect")
	if r.Until != "" {
		s.carries = append(s.carries, carry{p, r.Until, false})
	}
	if lasts == nil || r.Until != "" {
		s.open = append(s.open, p)
		return
	}
	p.to = plus(p.start, lasts.Span())
	s.stretchTo(p.to, duration.Expected(p.to))
	s.add(p)
}

// unknownPlanes makes every capability of some planes unknown.
func (s *scene) unknownPlanes(t model.Task) {
	if len(s.byPlane) > 0 && !slices.ContainsFunc(s.planes, func(p model.PlaneID) bool { return len(s.byPlane[p]) > 0 && !slices.Contains(t.UnknownOn, p) }) {
		s.everywhere(unknownText(t))
		return
	}
	for _, plane := range t.UnknownOn {
		src := s.reason("has an unknown effect on", "plane:"+string(plane), model.Unknown(), model.Evidence{Basis: model.BasisUnknown, Text: unknownText(t)})
		for _, n := range s.byPlane[plane] {
			s.open = append(s.open, piece{node: n, level: model.Unknown(), source: src})
		}
	}
}

// unknownText is why, from the task's own facts.
func unknownText(t model.Task) string {
	var texts []string
	for _, f := range t.Facts {
		if f.Basis == model.BasisUnknown && f.Text != "" && !slices.Contains(texts, f.Text) {
			texts = append(texts, f.Text)
		}
	}
	if texts == nil {
		return "Nobody has said what it does."
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

// everywhere makes every capability unknown for the length of the action.
func (s *scene) everywhere(text string) {
	src := s.reason("has an unknown effect on", "plane:*", model.Unknown(), model.Evidence{Basis: model.BasisUnknown, Text: text})
	for n := s.firstCap; n < int32(len(s.nodes)); n++ {
		s.open = append(s.open, piece{node: n, level: model.Unknown(), source: src})
	}
}

// rollback is the way back with its fact.
func (s *scene) rollback(t model.Task) model.ActionRollback {
	r := model.ActionRollback{Possible: t.Rollback.Possible, P90s: min(max(t.Rollback.P90s, 0), duration.Longest)}
	if r.Possible == "" {
		r.Possible = model.UnknownWhich
	}
	f := model.NewFact(string(t.ID), "can be undone", string(r.Possible), "", t.Rollback.Evidence)
	s.keep(f)
	r.Facts = []model.FactID{f.ID}
	return r
}

// keep adds a fact to those returned.
func (s *scene) keep(f model.Fact) { s.facts = append(s.facts, f) }

func (s *scene) factOf(src *source) model.FactID {
	if src.id == "" {
		f := model.NewFact(string(s.id), src.relation, src.object, levelWord(src.level), src.reason())
		src.id = f.ID
		s.keep(f)
	}
	return src.id
}

// reason keeps the reason for a claim.
func (s *scene) reason(relation, object string, level model.Range, ev model.Evidence) *source {
	src := &source{relation: relation, object: object, level: level, evidence: ev}
	s.sources = append(s.sources, src)
	return src
}

func (s *scene) edgeFact(i int32) model.FactID {
	f := &s.edges[i]
	if bit := uint64(1) << (i % 64); s.named[i/64]&bit == 0 {
		s.named[i/64] |= bit
		s.keep(*f)
	}
	return f.ID
}

func (s *scene) note(severity model.Severity, code model.Code, subject, summary, hint string, path ...string) {
	s.notes = append(s.notes, model.Diagnostic{Severity: severity, Code: code, Subject: subject, Summary: summary, Hint: hint, Path: path})
}
