package impact

import (
	"math/bits"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/planner/impact/duration"
)

// restart adds what an update of one workload does, beginning at a time after the
// action's start, and says when it is over.
func (s *scene) restart(in *instances, method model.Method, at model.Span) model.Span {
	switch method {
	case model.MethodRolling:
		return s.rolling(in, at)
	case model.MethodRecreate:
		return s.gap(in, at, "all instances stop before new ones start")
	case model.MethodStateful, model.MethodCephDaemon:
		return s.oneByOne(in, at)
	case model.MethodDaemonSet, model.MethodRebuild, model.MethodReboot:
		return s.nodeByNode(in, at)
	case model.MethodLive, model.MethodJob, model.MethodDelivery, model.MethodStage:
		s.fact(in, model.Exactly(model.None), func() string { return "nothing that serves restarts (" + string(method) + ")" })
		return at
	}
	s.throughout(in, model.Unknown(), "is not known to spare", "how it is updated is not known", model.BasisUnknown)
	return at
}

// defaultMethod is what Kubernetes does with a kind of object.
func defaultMethod(kind string) model.Method {
	switch strings.ToLower(kind) {
	case "deployment", "static-pod":
		return model.MethodRolling
	case "statefulset":
		return model.MethodStateful
	case "daemonset", "node-daemon", "node":
		return model.MethodDaemonSet
	}
	if strings.HasPrefix(kind, "ceph-") {
		return model.MethodCephDaemon
	}
	return model.MethodUnknown
}

// rolling: maxUnavailable instances are taken away and maxSurge added at a time.
func (s *scene) rolling(in *instances, at model.Span) model.Span {
	less, more := s.rollout(in)
	if in.ExclusiveVolume {
		if less < in.wanted && more > 0 {
			s.note(model.Warning, "exclusive-volume", in.name(), "a new instance waits for a volume that the old one holds, so that the roll-out may hang",
				"look at its strategy; it is taken to stop before the new one starts")
		}
		return s.gap(in, at, "the volume allows one instance at a time")
	}
	waves := (in.wanted + less + more - 1) / max(1, less+more)
	end := plus(at, s.turns(in, waves))
	how := func() string {
		return "rolling, " + strconv.Itoa(less) + " fewer and " + strconv.Itoa(more) + " more at a time"
	}
	switch {
	case less > 0:
		s.instances(in, less, at, end, how)
		s.leaderMoves(in, at, end)
	case in.wanted == 1:
		s.handOver(in, at, end)
	default:
		s.fact(in, model.Exactly(model.None), func() string { return in.arithmetic(0, how()) })
		s.leaderMoves(in, at, end)
	}
	return end
}

// handOver: a single instance stays until its successor is ready, then its
// connections are cut; retries hide that.
func (s *scene) handOver(in *instances, at, end model.Span) {
	if in.Leader {
		s.leaderMoves(in, at, end)
		return
	}
	cut := defaultHandover
	s.piece(in, model.Exactly(model.Blip), end, plus(end, cut.Span()), func() string {
		return "the new instance is ready before the old one stops; connections to the old one are cut (" + cut.Text + ")"
	})
}

func (s *scene) rollout(in *instances) (less, more int) {
	parse := func(text, what string) amount {
		if text == "" {
			text = "25%"
		}
		a, err := parseAmount(text)
		if err != nil {
			s.note(model.Blocking, "bad-amount", in.name(), what+" "+strconv.Quote(text)+" "+err.Error(), "correct it; 100% is assumed")
			return amount{100, true}
		}
		return a
	}
	unavailable, surge := parse(in.MaxUnavailable, "max_unavailable"), parse(in.MaxSurge, "max_surge")
	if unavailable.value == 0 && surge.value == 0 {
		s.note(model.Warning, "bad-amount", in.name(), "max_unavailable and max_surge are both 0, which Kubernetes refuses", "raise one of them; one instance at a time is assumed")
	}
	return rollout(in.wanted, unavailable, surge)
}

// gap: all instances are gone for one restart.
func (s *scene) gap(in *instances, at model.Span, how string) model.Span {
	end := plus(at, s.turns(in, 1))
	s.instances(in, in.wanted, at, end, func() string { return how })
	return end
}

// oneByOne: an instance stops and is back before the next one does.
func (s *scene) oneByOne(in *instances, at model.Span) model.Span {
	end := plus(at, s.turns(in, in.wanted))
	s.instances(in, 1, at, end, func() string { return "one instance after the other" })
	if in.wanted > 1 {
		s.leaderMoves(in, at, end)
	}
	return end
}

// nodeByNode: as many nodes at a time as maxUnavailable says, by default one. For
// a DaemonSet Kubernetes rounds a percentage up.
func (s *scene) nodeByNode(in *instances, at model.Span) model.Span {
	less := 1
	if in.MaxUnavailable != "" {
		a, err := parseAmount(in.MaxUnavailable)
		if err != nil {
			s.note(model.Blocking, "bad-amount", in.name(), "max_unavailable "+strconv.Quote(in.MaxUnavailable)+" "+err.Error(), "correct it; all at once is assumed")
			a = amount{100, true}
		}
		less = max(1, min(a.up(in.wanted), in.wanted))
	}
	rounds := (in.wanted + less - 1) / less
	end := plus(at, s.turns(in, rounds))
	s.instances(in, less, at, end, func() string { return "node by node, " + strconv.Itoa(less) + " at a time" })
	s.leaderMoves(in, at, end)
	return end
}

// leaderMoves adds the gaps in which a workload has no leader, spread over the
// time from at to end. The leader moves once where it goes to an instance that is
// already new; it may go to old ones, at P90 as often as log2 of the instances.
func (s *scene) leaderMoves(in *instances, at, end model.Span) {
	if !in.Leader {
		return
	}
	moves := bits.Len(uint(in.wanted))
	f := in.failover.Span()
	level, what := leaderGap(in)
	src := s.fact(in, level, func() string {
		return "the leader stops; " + what + " in " + spanText(f) + ", once; at P90 up to " + strconv.Itoa(moves) + " times"
	})
	total := model.Span{P50s: end.P50s - at.P50s, P90s: end.P90s - at.P90s}
	for i := range moves {
		from := plus(at, share(total, int64(i), int64(moves)))
		to := model.Span{P50s: from.P50s, P90s: from.P90s + f.P90s}
		if i == 0 {
			to.P50s += f.P50s
		}
		s.add(piece{node: in.node, level: level, start: from, to: to, source: src})
	}
}

// leaderGap is how bad it is to have no leader for a moment. Without one nothing is
// decided, so that the service is out; but clients and daemons of Ceph go on with
// the maps they have while monitors elect, and data keeps flowing.
func leaderGap(in *instances) (model.Range, string) {
	if in.Kind == "ceph-mon" {
		return model.Exactly(model.Blip), "clients go on with their maps until another leads"
	}
	return model.Exactly(model.Outage), "another takes over"
}

// instances adds the level of having lost some instances for a time.
func (s *scene) instances(in *instances, lost int, from, to model.Span, how func() string) {
	s.piece(in, in.level(in.wanted-lost), from, to, func() string { return in.arithmetic(lost, how()) })
}

// piece adds a level of the workload's service with its reason.
func (s *scene) piece(in *instances, level model.Range, from, to model.Span, say func() string) {
	src := s.fact(in, level, say)
	s.add(piece{node: in.node, level: level, start: from, to: to, source: src})
}

// throughout adds a level for the length of the action, whatever that will be.
func (s *scene) throughout(in *instances, level model.Range, relation, text string, basis model.Basis) {
	src := s.reason(relation, s.nodes[in.node].name, level, model.Evidence{Basis: basis, Source: in.Source, Text: text})
	src.doubt = in.doubt
	s.open = append(s.open, piece{node: in.node, level: level, source: src})
}

// fact keeps the reason for a claim about a workload, a claim of no effect too.
// Its text is made when it is named.
func (s *scene) fact(in *instances, level model.Range, say func() string) *source {
	src := &source{relation: "restarts", object: s.nodes[in.node].name, level: level, in: in, say: say, doubt: in.doubt}
	if in.doubt && !level.IsNone() {
		src.level = model.Unknown()
	}
	s.sources = append(s.sources, src)
	return src
}

// turns is the length of n restarts of a workload, one after the other.
func (s *scene) turns(in *instances, n int) model.Span {
	s.inTurn = max(s.inTurn, expected(in.restart.Span(), n))
	return s.repeat(in.restart.Span(), n)
}

// expected of n equal parts: expectations add up whatever the correlation, so that
// what an action costs does not depend on it.
func expected(part model.Span, n int) int64 {
	return min(duration.Expected(part)*int64(n), duration.Longest)
}

// repeat is the length of n equal parts one after the other.
func (s *scene) repeat(part model.Span, n int) model.Span {
	return duration.Repeat(part, n, s.policy.CorrelationPermille)
}
