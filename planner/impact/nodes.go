package impact

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// maxStretches is how many batches are shown one by one; more are shown as that
// many groups of batches.
const maxStretches = 8

// batches is the work on the nodes of a role.
type batches struct {
	role  string
	nodes int // of the role
	units int // of them in this task
	size  int // at once
	count int
	per   model.Span // one batch
	wait  model.Span // of per, the health wait at its end
}

// rollNodes takes nodes down in batches: each is drained, one after the other,
// then the whole batch is away until it is back.
func (s *scene) rollNodes(t model.Task, living []*instances) {
	b, ok := s.plan(t)
	if !ok {
		return
	}
	if in := t.Units; in > b.nodes {
		s.note(model.Warning, "too-many-units", string(t.ID), "it works on "+plural(in, "node", "nodes")+" of role "+t.Role+", the system has "+strconv.Itoa(b.nodes), "correct the node counts of the system description")
	}
	groups := min(b.count, maxStretches)
	for g := range groups {
		from, to := g*b.count/groups, (g+1)*b.count/groups
		s.stretches = append(s.stretches, stretch{
			start: share(s.length, int64(from), int64(b.count)), end: share(s.length, int64(to), int64(b.count)), rounds: int64(to - from)})
	}
	s.checkUnmanaged(t)
	s.checkOtherBudgets(t, b, living)
	for _, in := range living {
		s.checkBudget(t, b, in)
		s.onNodes(b, in)
	}
}

// plan settles how many nodes go at once and how long the whole takes.
func (s *scene) plan(t model.Task) (batches, bool) {
	b := batches{role: t.Role, nodes: s.nodesOf(t.Role), units: t.Units, size: t.Batch, per: s.batch, wait: s.batchWait}
	if b.nodes == 0 {
		s.note(model.Blocking, "no-such-nodes", string(t.ID), "the system has no nodes of role "+strconv.Quote(t.Role), "correct the node counts of the system description")
		s.everywhere("there are no such nodes to work on")
		return b, false
	}
	if b.units <= 0 {
		b.units = b.nodes
	}
	b.units = min(b.units, b.nodes)
	if b.size <= 0 {
		b.size = 1
	}
	b.size = min(b.size, b.units)
	b.count = (b.units + b.size - 1) / b.size
	return b, true
}

func nodeBound(in *instances) bool {
	switch strings.ToLower(in.Kind) {
	case "node", "node-daemon", "static-pod", "daemonset":
		return true
	}
	return strings.HasPrefix(in.Kind, "ceph-") && in.Kind != "ceph-other"
}

// onNodes adds what the roll does to one workload.
func (s *scene) onNodes(b batches, in *instances) {
	switch {
	case in.Kind == "ceph-osd":
		s.osdHosts(b, in)
		return
	case nodeBound(in):
		s.awayWithNodes(b, in)
	default:
		s.movePods(b, in)
	}
	if in.wanted > 1 {
		s.leaderOnNodes(b, in)
	}
}

// awayWithNodes: instances that live on a node are away as long as it is.
func (s *scene) awayWithNodes(b batches, in *instances) {
	lost := min(b.size, in.wanted)
	if in.Kind == "ceph-mds" {
		s.metadataServers(b, in, lost)
		return
	}
	src := s.fact(in, in.level(in.wanted-lost), func() string { return in.arithmetic(lost, b.words()) })
	s.rounds(in, src, func(x stretch) (model.Span, model.Span) { return x.start, s.back(b, x) })
}

// words for a batch: "2 of 6 worker nodes at a time".
func (b batches) words() string {
	return strconv.Itoa(b.size) + " of " + strconv.Itoa(b.nodes) + " " + b.role + " nodes at a time"
}

// back is when the nodes of a group's batches are up again; the wait after them is
// short of nodes no more. A group of several batches is away all along.
func (s *scene) back(b batches, x stretch) model.Span {
	if x.rounds > 1 || b.per.P90s == 0 {
		return x.end
	}
	length := model.Span{P50s: x.end.P50s - x.start.P50s, P90s: x.end.P90s - x.start.P90s}
	wait := model.Span{}
	if b.per.P50s > 0 {
		wait.P50s = length.P50s * b.wait.P50s / b.per.P50s
	}
	wait.P90s = length.P90s * b.wait.P90s / b.per.P90s
	end := model.Span{P50s: x.end.P50s - wait.P50s, P90s: x.end.P90s - wait.P90s}
	if end.P50s > end.P90s {
		end.P50s = end.P90s
	}
	return end
}

// rounds adds a piece of one source to every group.
func (s *scene) rounds(in *instances, src *source, window func(stretch) (model.Span, model.Span)) {
	for _, x := range s.stretches {
		from, to := window(x)
		s.add(piece{node: in.node, level: src.level, start: from, to: to, source: src})
	}
}

// movePods: instances that a drain moves elsewhere are missing for a restart; those
// that keep apart and for which no node is left are missing as long as the nodes.
// Nodes of a batch are drained one after the other, as kubectl drain and the
// vendors' workflows do, so that one node's instances move at a time.
func (s *scene) movePods(b batches, in *instances) {
	away := func(x stretch) (model.Span, model.Span) { return x.start, s.back(b, x) }
	if b.size == b.nodes {
		src := s.fact(in, in.level(0), func() string { return in.arithmetic(in.wanted, b.words()+", no node to go to") })
		s.rounds(in, src, away)
		return
	}
	stuck := b.stuck(in)
	if stuck > 0 {
		src := s.fact(in, in.level(in.wanted-stuck), func() string {
			return in.arithmetic(stuck, b.words()+", kept apart on "+plural(b.nodes-b.size, "node", "nodes"))
		})
		s.rounds(in, src, away)
	}
	s.nowhereToGo(b, in, stuck, away)
	lost := min(b.mostHit(in), stuck+b.perNode(in))
	if lost <= stuck {
		return
	}
	hit := b.hit(in.wanted)
	if stuck > 0 {
		hit = b.count
	}
	move := times(in.restart.Span(), int64(min(b.size, in.wanted)))
	src := s.fact(in, in.level(in.wanted-lost), func() string {
		return in.arithmetic(lost, "moves off a drained "+b.role+" node in "+spanText(in.restart.Span())) +
			"; " + strconv.Itoa(hit) + " of " + plural(b.count, "batch", "batches") + " expected to hit it, at worst all"
	})
	s.rounds(in, src, s.once(hit, move))
}

// nowhereToGo: of the nodes that stay some took no pods when the system was looked at,
// so that more instances may be without a node for as long as the batch is away.
func (s *scene) nowhereToGo(b batches, in *instances, stuck int, away func(stretch) (model.Span, model.Span)) {
	n := s.unusable(b.role)
	if n == 0 {
		return
	}
	short := b
	short.nodes = max(b.size, b.nodes-n)
	worse := min(b.mostHit(in), max(short.stuck(in), stuck))
	if short.nodes == b.size {
		worse = b.mostHit(in)
	}
	if worse <= stuck {
		return
	}
	level := model.Range{Least: in.level(in.wanted - stuck).Least, Most: in.level(in.wanted - worse).Most}
	src := s.fact(in, level, func() string {
		return in.arithmetic(worse, b.words()+"; "+plural(n, "node", "nodes")+" not ready or cordoned when the site was looked at, so that these may have nowhere to go")
	})
	s.rounds(in, src, away)
}

// stuck is how many instances find no node while a batch is away: members of a
// quorum and of StatefulSets are taken to keep apart, one a node.
func (b batches) stuck(in *instances) int {
	if in.wanted < 2 || !in.quorum && !strings.EqualFold(in.Kind, "StatefulSet") {
		return 0
	}
	return min(b.mostHit(in), max(0, in.wanted-(b.nodes-b.size)))
}

// perNode is the largest number of instances on one node, spread evenly unless
// the site was seen to do otherwise.
func (b batches) perNode(in *instances) int {
	if in.perNode > 0 {
		return min(in.perNode, in.wanted)
	}
	return (in.wanted + b.nodes - 1) / b.nodes
}

// mostHit is how many instances the worst batch takes: spread evenly over the
// nodes, some nodes hold one more than others, and the batch may be of those.
func (b batches) mostHit(in *instances) int {
	if in.perNode > 0 {
		return min(in.wanted, b.size*in.perNode)
	}
	each, more := in.wanted/b.nodes, in.wanted%b.nodes
	return min(in.wanted, b.size*each+min(b.size, more))
}

// hit is how many batches are expected to hit one of so many instances, spread
// over the role's nodes: instances x units / nodes, to the nearest.
func (b batches) hit(wanted int) int {
	return min(b.count, (2*min(wanted, b.nodes)*b.units+b.nodes)/(2*b.nodes))
}

// once gives every group a piece of a length at its beginning: at P50 only as
// many rounds as are expected to be hit, at P90 all.
func (s *scene) once(hit int, length model.Span) func(stretch) (model.Span, model.Span) {
	return func(x stretch) (model.Span, model.Span) {
		rounds := min(int64(hit), x.rounds)
		hit -= int(rounds)
		to := plus(x.start, model.Span{P50s: length.P50s * rounds, P90s: length.P90s * x.rounds})
		return x.start, shorter(to, x.end)
	}
}

// leaderOnNodes: the leader moves when its node goes.
func (s *scene) leaderOnNodes(b batches, in *instances) {
	if !in.Leader || in.Kind == "ceph-mds" {
		return
	}
	moves := min(bits.Len(uint(b.count)), b.count)
	expected := min(1, b.hit(1))
	level, what := leaderGap(in)
	p50, p90 := expected, moves
	src := s.fact(in, level, func() string {
		return "the leader's node goes; " + what + " in " + spanText(in.failover.Span()) +
			", at P50 " + plural(p50, "time", "times") + ", at P90 " + plural(p90, "time", "times")
	})
	f := in.failover.Span()
	for _, x := range s.stretches {
		n90 := min(int64(moves), x.rounds)
		n50 := min(int64(expected), x.rounds)
		moves, expected = moves-int(n90), expected-int(n50)
		to := plus(x.start, model.Span{P50s: f.P50s * n50, P90s: f.P90s * n90})
		s.add(piece{node: in.node, level: level, start: x.start, to: shorter(to, x.end), source: src})
	}
}

// living is what runs on the role's nodes; the task's own view of a workload wins.
func (s *scene) living(t model.Task) []*instances {
	if len(t.Workloads) == 0 {
		return s.onRole[t.Role]
	}
	var out []*instances
	for _, in := range s.resolveAll(t.Workloads) {
		if in.RunsOn == t.Role && in.Kind != "external" {
			out = append(out, in)
		}
	}
	for _, in := range s.onRole[t.Role] {
		if !slices.ContainsFunc(t.Workloads, func(o model.Workload) bool { return sameWorkload(&o, &in.Workload) == 0 }) {
			out = append(out, in)
		}
	}
	slices.SortStableFunc(out, func(a, b *instances) int { return sameWorkload(&a.Workload, &b.Workload) })
	return out
}
