package impact

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// maxPlaced is how many nodes of a role are looked at one by one; a list of more is
// read by nobody, and the file has to be passed on.
const maxPlaced = 512

// placement says of each node of a roll that is known by name what leaves it and what
// that disturbs, as if that node alone were taken. Of a workload of which it is not
// known where it runs every node may carry an instance; it can only add what is
// possible, and never turns into nothing. Effects that documents state of the roll as
// a whole are those of the action; they are not repeated here.
func (s *scene) placement(t model.Task, a *model.Action) {
	hosts := sortedBy(s.system.HostsOf(t.Role), func(h model.Host) string { return h.Name })
	hosts = slices.CompactFunc(hosts, func(a, b model.Host) bool { return a.Name == b.Name })
	if len(hosts) > maxPlaced {
		s.note(model.Info, "placement-left-out", string(t.ID), strconv.Itoa(len(hosts))+" "+t.Role+" nodes are known by name, which is too many to say of each what its drain disturbs", "plan for a part of them: a system with fewer hosts")
	}
	if len(hosts) == 0 || len(hosts) > maxPlaced {
		return
	}
	p := places{scene: s, task: t, known: map[string][]model.NodeCapability{}}
	p.sort(hosts)
	for _, in := range p.unplaced {
		a.Unplaced = append(a.Unplaced, in.short())
	}
	slices.Sort(a.Unplaced)
	a.Unplaced = slices.Compact(a.Unplaced)
	a.Nameless = max(0, s.nodesOf(t.Role)-len(hosts))
	for _, h := range hosts {
		a.Nodes = append(a.Nodes, p.node(h))
	}
	slices.SortStableFunc(a.Nodes, p.worseNode)
	p.markLast(t, a)
}

// places is what runs where on the nodes of one roll.
type places struct {
	*scene
	task model.Task
	// on are the instances of each workload by node; unplaced may be anywhere.
	on       []onNode
	unplaced []*instances
	// known are the answers for nodes that carry the same.
	known map[string][]model.NodeCapability
}

type onNode struct {
	in *instances
	at map[string]int
	// each node has one.
	each bool
}

func (p *places) sort(hosts []model.Host) {
	for _, in := range p.lives {
		x := onNode{in: in, at: map[string]int{}}
		if in.seen != nil {
			for _, name := range in.seen.Nodes {
				x.at[name]++
			}
		}
		switch {
		case len(x.at) > 0:
		case nodeBound(in) && in.wanted >= max(len(hosts), p.nodesOf(p.task.Role)):
			x.each = true
		default:
			p.unplaced = append(p.unplaced, in)
			continue
		}
		p.on = append(p.on, x)
	}
}

func (x onNode) count(node string) int {
	if x.each {
		return 1
	}
	return x.at[node]
}

// node is what one node carries, and what is disturbed without it.
func (p *places) node(h model.Host) model.NodeImpact {
	out := model.NodeImpact{Name: h.Name, Workloads: []model.NodeWorkload{}}
	var key strings.Builder
	for i, x := range p.on {
		n := x.count(h.Name)
		if n == 0 {
			continue
		}
		key.WriteString(strconv.Itoa(i) + ":" + strconv.Itoa(n) + " ")
		if !x.each {
			out.Workloads = append(out.Workloads, model.NodeWorkload{Name: x.in.short(), Here: n, Instances: x.in.wanted, Single: x.in.wanted == 1 && !nodeBound(x.in)})
		}
	}
	slices.SortFunc(out.Workloads, func(a, b model.NodeWorkload) int {
		if a.Single != b.Single {
			return trueFirst(a.Single)
		}
		// The larger share of its instances first.
		return cmp.Or(cmp.Compare(b.Here*a.Instances, a.Here*b.Instances), strings.Compare(a.Name, b.Name))
	})
	known, ok := p.known[key.String()]
	if !ok {
		known = p.without(h.Name)
		p.known[key.String()] = known
	}
	out.Capabilities = known
	out.Facts = []model.FactID{p.fact(h, &out)}
	return out
}

func trueFirst(a bool) int {
	if a {
		return -1
	}
	return 1
}

// without are the capabilities that are disturbed while one node is away.
func (p *places) without(node string) []model.NodeCapability {
	sub := p.begin(p.id)
	b := batches{role: p.task.Role, nodes: p.nodesOf(p.task.Role), units: 1, size: 1, count: 1, per: p.batch, wait: p.batchWait}
	sub.length = longer(p.batch, model.Span{P50s: 1, P90s: 1}) // a length of nothing would hide all
	sub.batch, sub.batchWait = p.batch, p.batchWait
	sub.stretches = append(sub.stretches, stretch{end: sub.length, rounds: 1})
	for _, x := range p.on {
		if n := x.count(node); n > 0 {
			in := *x.in
			in.perNode = n
			sub.taken(b, &in)
		}
	}
	possible := len(sub.pieces)
	for _, in := range p.unplaced {
		sub.taken(b, in)
	}
	for i := possible; i < len(sub.pieces); i++ {
		sub.pieces[i].level.Least = model.None
	}
	sub.unknownPlanes(p.task)
	sub.close()
	sub.unknowable()
	return sub.worstOfEach()
}

// taken adds what one node's leaving does to a workload on it. Whether the leader is
// there is not known.
func (s *scene) taken(b batches, in *instances) {
	one := *in
	one.Leader = false
	s.onNodes(b, &one)
	if !in.Leader || in.wanted < 2 || in.Kind == "ceph-mds" || in.Kind == "ceph-osd" {
		return
	}
	from := len(s.pieces)
	level, _ := leaderGap(in)
	s.piece(in, level, model.Span{}, in.failover.Span(), func() string { return "the leader may be on the node" })
	for i := from; i < len(s.pieces); i++ {
		s.pieces[i].level.Least = model.None
	}
}

// worstOfEach is the worst level of each capability, the worst first.
func (s *scene) worstOfEach() []model.NodeCapability {
	by := map[model.CapabilityID]model.Range{}
	out := []model.NodeCapability{}
	for _, e := range s.effects() {
		r, twice := by[e.Capability]
		by[e.Capability] = r.Worse(e.Range())
		if !twice {
			out = append(out, model.NodeCapability{ID: e.Capability, Plane: e.Plane})
		}
	}
	for i := range out {
		var e model.Effect
		e.SetRange(by[out[i].ID])
		out[i].Level, out[i].Unknown, out[i].Most = e.Level, e.Unknown, e.Most
	}
	slices.SortStableFunc(out, func(a, b model.NodeCapability) int {
		return cmp.Or(worseFirst(a.Range(), b.Range()), cmp.Compare(s.weight(a.ID), s.weight(b.ID)), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out
}

// weight orders capabilities by importance, the critical ones first.
func (e *Engine) weight(id model.CapabilityID) int {
	switch e.capabilities[id].Importance {
	case model.Critical:
		return 0
	case model.Major:
		return 1
	}
	return 2
}

// worseNode orders nodes: by the worst level of critical capabilities, then of major
// ones, then of the others; by singletons; by name.
func (p *places) worseNode(a, b model.NodeImpact) int {
	for weight := range 3 {
		if c := worseFirst(p.worst(a, weight), p.worst(b, weight)); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(singles(b), singles(a)), strings.Compare(a.Name, b.Name))
}

func (p *places) worst(n model.NodeImpact, weight int) model.Range {
	var r model.Range
	for _, c := range n.Capabilities {
		if p.weight(c.ID) == weight {
			r = r.Worse(c.Range())
		}
	}
	return r
}

func singles(n model.NodeImpact) int {
	k := 0
	for _, w := range n.Workloads {
		if w.Single {
			k++
		}
	}
	return k
}

// markLast marks the one node that is better taken last: its singletons then move once
// only, to nodes that are done. That is said where the whole role is taken, not at
// once, all of it is known by name, and the node is worse than every other.
func (p *places) markLast(t model.Task, a *model.Action) {
	nodes := p.nodesOf(t.Role)
	if len(a.Nodes) < 2 || a.Nameless > 0 || a.Units < nodes || max(a.Batch, 1) >= nodes || singles(a.Nodes[0]) == 0 {
		return
	}
	for weight := range 3 {
		switch c := worseFirst(p.worst(a.Nodes[0], weight), p.worst(a.Nodes[1], weight)); {
		case c < 0:
			a.Nodes[0].Last = true
			return
		case c > 0:
			return
		}
	}
}

// fact states what was seen on a node.
func (p *places) fact(h model.Host, n *model.NodeImpact) model.FactID {
	var r model.Range
	for _, c := range n.Capabilities {
		r = r.Worse(c.Range())
	}
	var parts []string
	for _, w := range n.Workloads {
		switch {
		case w.Single:
			parts = append(parts, w.Name+" (the only instance)")
		case w.Here > 1 || w.Here == w.Instances:
			parts = append(parts, w.Name+" ("+strconv.Itoa(w.Here)+" of "+strconv.Itoa(w.Instances)+")")
		}
	}
	text := "It carries " + plural(len(n.Workloads), "workload", "workloads") + " of which the mapping knows"
	if parts != nil {
		text += ": " + strings.Join(parts, ", ")
		if more := len(n.Workloads) - len(parts); more > 0 {
			text += ", and one of several instances of " + strconv.Itoa(more) + " others"
		}
	}
	if h.NotReady {
		text += "; it was not ready"
	}
	f := model.NewFact(string(p.id), "takes", "node:"+h.Name, levelWord(r), model.Evidence{Basis: model.BasisObserved, Source: p.sight(), Text: text + "."})
	p.keep(f)
	return f.ID
}
