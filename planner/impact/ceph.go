package impact

import (
	"cmp"
	"slices"
	"strconv"

	"planewise/model"
	"planewise/planner/impact/duration"
)

// osdHosts: hosts with object storage daemons are away; what that means follows
// from the pools. The wait for clean placement groups counts too.
func (s *scene) osdHosts(b batches, in *instances) {
	level, text := s.pools(in, min(b.size, max(1, in.wanted)))
	src := s.fact(in, level, func() string { return b.words() + ": " + text })
	for _, x := range s.stretches {
		s.add(piece{node: in.node, level: level, start: x.start, to: x.end, source: src})
	}
}

// pools is the level of the data when the work takes hosts down. Hosts that had lost
// copies before may have got them back by then, or not.
func (s *scene) pools(in *instances, hosts int) (model.Range, string) {
	level, text := s.poolsWith(in, hosts)
	if in.missing == 0 || hosts == 0 {
		return level, text
	}
	more, worse := s.poolsWith(in, hosts+in.missing)
	return level.Spanned(more), text + "; with " + plural(in.missing, "host", "hosts") + " down already: " + worse
}

// poolsWith is the level of the data when exactly so many hosts are down. A placement group of a pool
// of size n keeps n copies in n failure domains; with fewer than min_size of them
// it takes no I/O. A workload named "block", "file" or "object" stands for the
// pools that serve it, any other name for all.
func (s *scene) poolsWith(in *instances, hosts int) (model.Range, string) {
	c := s.system.Ceph
	if c == nil || len(c.Pools) == 0 {
		s.note(model.Warning, "pools-not-known", in.name(), "the system names no Ceph pools, so that the effect of losing a host is not known",
			"add them to the system description: ceph osd pool ls detail -f json")
		return model.Range{Least: model.AtRisk, Most: model.Outage}, "the pools are not known"
	}
	var worst model.Range
	text := "no pool " + nameOf(in.Workload)
	for _, p := range sortedBy(c.Pools, func(p model.Pool) string { return p.Name }) {
		if n := nameOf(in.Workload); (n == "block" || n == "file" || n == "object") && p.Serves != n {
			continue
		}
		r, why := poolLevel(p, max(0, c.OSDHosts), hosts)
		if worst.IsNone() || r.Most > worst.Most || r.Most == worst.Most && r.Least > worst.Least {
			text = why
		}
		worst = worst.Worse(r)
	}
	return worst, text
}

// poolLevel is the level of one pool with so many of its hosts down. A host holds
// one copy of a placement group at most, so that no more copies exist than hosts.
func poolLevel(p model.Pool, hosts, down int) (model.Range, string) {
	text := "pool " + p.Name + " keeps " + strconv.Itoa(p.Size) + " copies, " + strconv.Itoa(p.MinSize) + " needed; "
	if p.FailureDomain == "osd" {
		return model.Range{Least: model.AtRisk, Most: model.Outage}, text + "copies may share a host"
	}
	copies := min(p.Size, hosts)
	if copies < p.Size {
		text += strconv.Itoa(copies) + " fit on " + plural(hosts, "host", "hosts") + "; "
	}
	left := max(0, copies-down)
	text += strconv.Itoa(left) + " left with " + strconv.Itoa(down) + " down"
	switch {
	case left < p.MinSize || left == 0:
		return model.Exactly(model.Outage), text
	default:
		return model.Exactly(model.AtRisk), text
	}
}

// metadataServers: an active server that stops is replaced by a standby after a
// fail-over; without a standby its part of the file system waits until it is back.
func (s *scene) metadataServers(b batches, in *instances, lost int) {
	active, standby := s.metadataCounts(in)
	level, away, text := standbyLevel(active, standby, lost)
	if away {
		src := s.fact(in, level, func() string { return text })
		s.rounds(in, src, func(x stretch) (model.Span, model.Span) { return x.start, s.back(b, x) })
		return
	}
	if worse, short, why := standbyLevel(active, standby-in.missing, lost); short {
		src := s.fact(in, model.Range{Least: model.AtRisk, Most: worse.Most}, func() string { return in.without(lost) + "; " + why })
		s.rounds(in, src, func(x stretch) (model.Span, model.Span) { return x.start, s.back(b, x) })
	}
	risk := s.fact(in, model.Exactly(model.AtRisk), func() string {
		return strconv.Itoa(lost) + " of " + strconv.Itoa(in.wanted) + " metadata servers away, " + strconv.Itoa(active) + " active"
	})
	src := s.fact(in, level, func() string { return text + " in " + spanText(in.failover.Span()) })
	gap := s.once(b.hit(active), in.failover.Span())
	for _, x := range s.stretches {
		s.add(piece{node: in.node, level: model.Exactly(model.AtRisk), start: x.start, to: s.back(b, x), source: risk})
		from, to := gap(x)
		s.add(piece{node: in.node, level: level, start: from, to: to, source: src})
	}
}

func (s *scene) metadataCounts(in *instances) (active, standby int) {
	active = 1
	if s.system.Ceph != nil {
		active = max(1, s.system.Ceph.MDSActive)
	}
	return active, max(0, in.wanted-active)
}

// standbyLevel: the level of the gap, and whether it lasts as long as the server
// is away.
func standbyLevel(active, standby, lost int) (level model.Range, away bool, text string) {
	level = model.Exactly(model.Outage)
	if active > 1 {
		level = model.Exactly(model.Degraded)
	}
	if standby >= lost {
		return level, false, "a standby takes over from the active metadata server"
	}
	return level, true, "an active metadata server stops and no standby is left"
}

// daemons restarts Ceph's daemons type by type in the vendor's order, one at a
// time, over the length of the action.
func (s *scene) daemons(t model.Task, all []*instances) {
	slices.SortStableFunc(all, func(a, b *instances) int { return cmp.Compare(cephOrder(a.Kind), cephOrder(b.Kind)) })
	total, ends := model.Span{}, make([]model.Span, len(all))
	s.inTurn = 0
	for i, in := range all {
		total = plus(total, s.repeat(in.restart.Span(), in.wanted))
		s.inTurn = min(s.inTurn+expected(in.restart.Span(), in.wanted), duration.Longest)
		ends[i] = total
	}
	s.settleDaemons(t, total, all)
	from := model.Span{}
	for i, in := range all {
		to := stretched(ends[i], total, s.length)
		s.daemon(in, from, to)
		from = to
	}
}

// stretched maps a time of a sequence to the length that the action really has.
func stretched(at, total, length model.Span) model.Span {
	one := func(at, total, length int64) int64 {
		if total == 0 {
			return length
		}
		return at * length / total
	}
	out := model.Span{P50s: one(at.P50s, total.P50s, length.P50s), P90s: one(at.P90s, total.P90s, length.P90s)}
	out.P50s = min(out.P50s, out.P90s)
	return out
}

// cephOrder is the order in which cephadm upgrades daemons.
func cephOrder(kind string) int {
	return slices.Index([]string{"ceph-mgr", "ceph-mon", "ceph-osd", "ceph-mds", "ceph-rgw", "ceph-other"}, kind)
}

func (s *scene) daemon(in *instances, from, to model.Span) {
	switch in.Kind {
	case "ceph-osd":
		level, text := s.pools(in, 1)
		s.piece(in, level, from, to, func() string { return "host by host: " + text })
	case "ceph-mds":
		active, standby := s.metadataCounts(in)
		level, away, text := standbyLevel(active, standby, 1)
		if away {
			s.piece(in, level, from, to, func() string { return text })
			return
		}
		if worse, short, why := standbyLevel(active, standby-in.missing, 1); short {
			s.piece(in, model.Range{Least: model.AtRisk, Most: worse.Most}, from, to, func() string { return in.without(1) + "; " + why })
		}
		s.piece(in, model.Exactly(model.AtRisk), from, to, func() string { return "one metadata server after the other" })
		s.piece(in, level, from, plus(from, times(in.failover.Span(), int64(active))), func() string { return text + " in " + spanText(in.failover.Span()) })
	default:
		s.instances(in, 1, from, to, func() string { return "one daemon after the other" })
		if in.wanted > 1 {
			s.leaderMoves(in, from, to)
		}
	}
}
