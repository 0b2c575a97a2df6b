package impact

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// Step is a task in its place in the plan.
type Step struct {
	Task model.Task
	// Bundle is the label of the bundle it is in.
	Bundle string
	// Soaks: time is waited for before it.
	Soaks bool
	// Done: it was done before the plan. Nothing is said of it, but what it took may
	// not be back.
	Done bool
}

// CheckSequence looks at what is down at the same time over the whole plan, in run
// order over all bundles: the members of each quorum, and the hosts that hold the
// copies of each Ceph pool.
//
// Down at a time is what was down when the site was looked at (until somebody
// repairs it, which is not known), what a step takes, and what earlier steps took and
// nothing has made sure is back. Made sure of is it by a wait for health after each
// batch, by a gate that is passed before the next step, or by a time to soak. What a
// gate looks at is a text for people; any gate counts. Inside a roll the gates of the
// task hold before each batch, and Kubernetes and cephadm wait for one instance before
// they take the next.
//
// Only what can lose a member is looked at: the loss of one of one or two is an outage
// that the action itself shows. Too many by the fault or by the places where members
// run is blocking, too many only if something is not back in time a warning. Of each
// group the first step is named, with the sum in numbers.
func (e *Engine) CheckSequence(steps []Step) []model.Diagnostic {
	s := e.begin("sequence")
	for _, g := range s.groups() {
		s.walk(g, steps)
	}
	return model.SortDiagnostics(s.notes)
}

// group is a set of members of which some have to stay.
type group struct {
	name string
	in   *instances
	// copies of a pool, rather than members of a quorum.
	copies  bool
	members int
	needed  int
	// faulty were down when the site was looked at.
	faulty int
	// takes is how many members a task takes at once, in all, and with its last batch.
	takes func(t model.Task) (at, all, last int)
}

// lost is what is lost where too few stay.
func (g group) lost() string {
	if g.copies {
		return "min_size, so that the pool takes no I/O"
	}
	return "the quorum"
}

// tolerates is how many may be down.
func (g group) tolerates() int { return g.members - g.needed }

// groups are those that can lose a member.
func (s *scene) groups() []group {
	var out []group
	seen := map[string]int{}
	for _, in := range s.live {
		if !in.quorum || in.doubt || in.guessed || in.wanted-in.needed < 1 {
			continue
		}
		g := group{name: in.short(), in: in, members: in.wanted, needed: in.needed, faulty: in.missing,
			takes: func(t model.Task) (int, int, int) { return s.membersTaken(in, t) }}
		key := in.name()
		if nodeBound(in) && in.seen == nil && !strings.HasPrefix(in.Kind, "ceph-") {
			// What lives on the same nodes goes with them, for the same reason.
			key = in.RunsOn + " " + strconv.Itoa(in.wanted) + " " + strconv.Itoa(in.needed)
		}
		if i, ok := seen[key]; ok {
			if out[i].name != g.name {
				out[i].name += ", " + g.name
			}
			continue
		}
		seen[key] = len(out)
		out = append(out, g)
	}
	return append(out, s.poolGroups()...)
}

func (s *scene) poolGroups() []group {
	c := s.system.Ceph
	i := slices.IndexFunc(s.live, func(in *instances) bool { return in.Kind == "ceph-osd" })
	if c == nil || i < 0 {
		return nil
	}
	in := s.live[i]
	var out []group
	for _, p := range sortedBy(c.Pools, func(p model.Pool) string { return p.Name }) {
		copies := min(p.Size, max(0, c.OSDHosts))
		if p.FailureDomain == "osd" || copies-p.MinSize < 1 {
			continue
		}
		out = append(out, group{name: "pool " + p.Name, in: in, copies: true, members: copies, needed: p.MinSize, faulty: in.missing,
			takes: func(t model.Task) (int, int, int) { return s.membersTaken(in, t) }})
	}
	return out
}

// membersTaken is how many members a task takes at once, in all, and with its last
// batch, which may be smaller than the others.
func (s *scene) membersTaken(in *instances, t model.Task) (at, all, last int) {
	switch {
	case onNodes(t):
		if t.Role != in.RunsOn || in.Kind == "external" {
			return 0, 0, 0
		}
		b := s.batchesOf(t)
		if b.nodes == 0 {
			return 0, 0, 0
		}
		at = min(b.size, in.wanted)
		if !nodeBound(in) {
			at = min(b.mostHit(in), b.stuck(in)+b.perNode(in))
			if in.perNode == 0 {
				return at, at, at // where it runs was not seen: drains are taken to find it one by one
			}
			return at, in.wanted, at
		}
		return at, min(b.units, in.wanted), min(at, b.units-(b.count-1)*b.size)
	case t.Does == model.WorkCeph || t.Method == model.MethodCephDaemon:
		if strings.HasPrefix(in.Kind, "ceph-") && (len(t.Workloads) == 0 || restartsIt(t, in)) {
			return 1, 1, 1 // cephadm waits for each
		}
	case t.Method == model.MethodRemove, t.Method == model.MethodReinstall, t.Method == model.MethodStage:
		return 0, 0, 0 // gone for good or for long: the action says so
	case restartsIt(t, in):
		return 1, 1, 1 // a StatefulSet waits for each
	}
	return 0, 0, 0
}

func restartsIt(t model.Task, in *instances) bool {
	return slices.ContainsFunc(t.Workloads, func(w model.Workload) bool { return sameWorkload(&w, &in.Workload) == 0 })
}

// batchesOf is the shape of a roll, without its times.
func (s *scene) batchesOf(t model.Task) batches {
	b := batches{role: t.Role, nodes: s.nodesOf(t.Role), units: t.Units, size: max(1, t.Batch)}
	if b.units <= 0 || b.units > b.nodes {
		b.units = b.nodes
	}
	if b.units == 0 {
		return b
	}
	b.size = min(b.size, b.units)
	b.count = (b.units + b.size - 1) / b.size
	return b
}

// assured: what a task took is back before its own next batch, or before what follows.
func assured(t model.Task) bool { return t.Wait != nil || len(t.Gates) > 0 }

// walk goes through the steps with what of one group may be down.
func (s *scene) walk(g group, steps []Step) {
	left := 0 // taken, and nothing has made sure that it is back
	var path []string
	late := false // the warning was given
	for _, x := range steps {
		if x.Soaks || len(x.Task.Gates) > 0 {
			left, path = 0, nil
		}
		at, all, last := g.takes(x.Task)
		if at == 0 {
			continue
		}
		path = append(path, x.Bundle+" "+string(x.Task.ID))
		if down := min(g.members, g.faulty+at); down > g.tolerates() && !x.Done {
			s.atStake(g, x, at, path[len(path)-1:])
			return
		}
		most := left + at
		if !assured(x.Task) {
			most = left + all
		}
		if down := min(g.members, g.faulty+most); down > g.tolerates() && !late && !x.Done {
			late = true
			s.notAssured(g, x, at, left, path)
		}
		switch {
		case x.Task.Wait != nil, !nodeBound(g.in):
			// What was moved or restarted starts again by itself, within a restart.
			left, path = 0, nil
		case len(x.Task.Gates) > 0:
			left = last // its gates hold before each of its batches, not before the next step
		default:
			left += all
		}
	}
}

func (s *scene) atStake(g group, x Step, at int, path []string) {
	down := min(g.members, g.faulty+at)
	sum := strconv.Itoa(g.faulty) + " down when the site was looked at + " + strconv.Itoa(at) + " at a time = " + strconv.Itoa(down) + " of " + strconv.Itoa(g.members) + ", " +
		strconv.Itoa(g.members-down) + " left, " + strconv.Itoa(g.needed) + " needed"
	hint := "repair what was down before the work, and import the system again"
	if g.faulty == 0 {
		sum = strconv.Itoa(at) + " at a time of " + strconv.Itoa(g.members) + ", " + strconv.Itoa(g.members-down) + " left, " + strconv.Itoa(g.needed) + " needed"
		hint = "spread its instances over more nodes before the work, or take fewer nodes at a time"
	}
	code := model.Code("quorum-at-stake")
	if g.copies {
		code = "copies-at-stake"
	}
	s.note(model.Blocking, code, g.name, x.Bundle+", "+string(x.Task.ID)+", may take "+g.name+" below "+g.lost()+": "+sum, hint, append(path, s.where(g)...)...)
}

func (s *scene) notAssured(g group, x Step, at, left int, path []string) {
	before := "the batches of " + string(x.Task.ID)
	if left > 0 {
		before = strings.Join(path, " and ")
	}
	s.note(model.Warning, "recovery-not-assured", g.name, "no wait and no gate between "+before+" makes sure that a member of "+g.name+" is back before the next goes; "+
		strconv.Itoa(at)+" at a time of "+strconv.Itoa(g.members)+", "+strconv.Itoa(g.needed)+" needed"+faultText(g)+": two that overlap may take it below "+g.lost(),
		"look at its members before each step", append(slices.Clone(path), s.where(g)...)...)
}

func faultText(g group) string {
	if g.faulty == 0 {
		return ""
	}
	return ", " + strconv.Itoa(g.faulty) + " down when the site was looked at"
}

// where are where the members run, where that was seen.
func (s *scene) where(g group) []string {
	if g.in.seen == nil || len(g.in.seen.Nodes) == 0 {
		out := []string{cmp.Or(g.in.RunsOn, "worker") + " nodes"}
		for _, name := range s.notReady(g.in.RunsOn) {
			out = append(out, name+" (not ready)")
		}
		return out
	}
	var out []string
	nodes := slices.Sorted(slices.Values(g.in.seen.Nodes))
	for i := 0; i < len(nodes); {
		j := i
		for j < len(nodes) && nodes[j] == nodes[i] {
			j++
		}
		out = append(out, nodes[i])
		if j-i > 1 {
			out[len(out)-1] += " (" + strconv.Itoa(j-i) + " members)"
		}
		i = j
	}
	if len(out) > 8 {
		out = append(out[:8:8], strconv.Itoa(len(out)-8)+" more")
	}
	return out
}
