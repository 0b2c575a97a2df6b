package schedule

import (
	"cmp"
	"slices"
)

// label is a way to place some of the bundles one after another.
type label struct {
	job    int // the last one, -1 at the root
	before *label
	parts  *piece // the last part, where the job is split
	skip   bool   // the job gets no date

	done    uint64 // jobs placed or skipped; only kept for the order search
	skipped int
	cost    int64 // of splitting, so far
	extra   int64 // of splitting this job
	end     int64 // of the last placed job
	some    bool  // at least one job is placed
	// ready is when each job may start at the earliest, by the edges from placed
	// jobs; never where a job that comes first has no date.
	ready []int64
}

// never is a ready time beyond every horizon.
const never = maxTime

func (l *label) placed() bool { return l != nil && !l.skip }

func (p *placer) root() *label {
	l := &label{job: -1, end: p.calendar.bounds.Start, ready: make([]int64, len(p.jobs))}
	for i := range l.ready {
		l.ready[i] = l.end
	}
	return l
}

// extend places job i after the label: in one piece at the earliest time, or in
// the parts that none other beats; where neither works the job is skipped.
func (p *placer) extend(l *label, i int) []*label {
	p.steps++
	j := p.jobs[i]
	if j.hopeless != nil || l.ready[i] >= never {
		return []*label{p.miss(l, i)}
	}
	t := max(l.ready[i], p.free(l))
	if start, ok := j.room.earliest(t, j.need); ok {
		return []*label{p.put(l, i, start+j.need, nil)}
	}
	var list []*label
	for _, last := range p.split(j, t) {
		list = append(list, p.put(l, i, last.at.End, last))
	}
	if list == nil {
		list = append(list, p.miss(l, i))
	}
	return list
}

// free is when the next bundle may start: after the last one and the policy's
// soak time.
func (p *placer) free(l *label) int64 {
	if !l.some {
		return l.end
	}
	return l.end + min(max(0, p.in.Policy.SoakS), maxSpan)
}

func (p *placer) put(l *label, i int, end int64, parts *piece) *label {
	n := &label{
		job: i, before: l, parts: parts, done: l.done | bit(i), skipped: l.skipped,
		cost: l.cost, end: end, some: true, ready: slices.Clone(l.ready),
	}
	if parts != nil {
		j := p.jobs[i]
		n.extra = parts.cost - p.cost(j.bundle.Footprint, j.bundle.WorkS)
		n.cost += n.extra
	}
	for k, j := range p.jobs {
		if g, ok := j.gap[i]; ok {
			if g.never {
				n.ready[k] = never
			}
			n.ready[k] = max(n.ready[k], end+g.seconds)
		}
	}
	return n
}

// miss leaves job i without a date, and with it all that come after it.
func (p *placer) miss(l *label, i int) *label {
	n := &label{
		job: i, before: l, skip: true, done: l.done | bit(i), skipped: l.skipped + 1,
		cost: l.cost, end: l.end, some: l.some, ready: slices.Clone(l.ready),
	}
	for k, j := range p.jobs {
		if slices.Contains(j.first, i) {
			n.ready[k] = never
		}
	}
	return n
}

// maxSearched is how many jobs a set of jobs can hold; above it only the given
// order is tried.
const maxSearched = 63

func bit(i int) uint64 {
	if i >= maxSearched {
		return 0
	}
	return 1 << i
}

// beats: whatever follows, it can follow a at no greater cost and no later than b.
func (l *label) beats(o *label) bool {
	if l.skipped > o.skipped || l.cost > o.cost || l.end > o.end {
		return false
	}
	for i := range l.ready {
		if l.ready[i] > o.ready[i] && l.done&bit(i) == 0 {
			return false
		}
	}
	return true
}

// insertLabel keeps the labels that no other beats; of two that beat each other
// the one nearer to the given order.
func insertLabel(list []*label, n *label) []*label {
	for _, l := range list {
		if l.beats(n) && !(n.beats(l) && compareOrder(n, l) < 0) {
			return list
		}
	}
	list = slices.DeleteFunc(list, func(l *label) bool { return n.beats(l) })
	return append(list, n)
}

// compareOrder compares the orders of two labels of as many jobs, first to last.
func compareOrder(a, b *label) int {
	order := 0
	for a != nil && b != nil && a != b {
		if c := cmp.Compare(a.job, b.job); c != 0 {
			order = c // an earlier difference, found later, counts more
		}
		a, b = a.before, b.before
	}
	return order
}

// search finds the best placement: of the given order first, then, unless the
// order is held, of all orders that the edges allow.
func (p *placer) search() (best *label, exact bool) {
	given := pick(p.sequence())
	if p.keepOrder || len(p.jobs) > maxSearched || len(p.jobs) < 2 {
		return given, len(p.jobs) < 2
	}
	limit := p.steps + cmp.Or(p.in.Effort, DefaultEffort)
	layer := map[uint64][]*label{0: {p.root()}}
	for range p.jobs {
		layer = p.nextLayer(layer, limit)
		if layer == nil {
			return given, false
		}
	}
	found := pick(layer[allOf(len(p.jobs))])
	if cmp.Or(cmp.Compare(found.skipped, given.skipped), cmp.Compare(found.cost, given.cost), cmp.Compare(found.end, given.end)) < 0 {
		return found, true
	}
	return given, true
}

func allOf(n int) uint64 { return 1<<n - 1 }

// nextLayer extends every label by every job whose predecessors are done; nil
// when that takes more than limit steps in all.
func (p *placer) nextLayer(layer map[uint64][]*label, limit int) map[uint64][]*label {
	sets := make([]uint64, 0, len(layer))
	for done := range layer {
		sets = append(sets, done)
	}
	slices.Sort(sets)
	next := make(map[uint64][]*label)
	for _, done := range sets {
		for i := range p.jobs {
			if done&bit(i) != 0 || !p.openTo(done, i) {
				continue
			}
			for _, l := range layer[done] {
				for _, n := range p.extend(l, i) {
					next[n.done] = insertLabel(next[n.done], n)
				}
				if p.steps > limit {
					return nil
				}
			}
		}
	}
	return next
}

// openTo reports whether all jobs that must come before i are done.
func (p *placer) openTo(done uint64, i int) bool {
	for _, first := range p.jobs[i].first {
		if done&bit(first) == 0 {
			return false
		}
	}
	return true
}
