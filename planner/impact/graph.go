package impact

import (
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// graph is the mapping's services and capabilities with what they need, compiled
// to indices: services first, then capabilities, each sorted by id.
type graph struct {
	nodes      []node
	service    map[model.ServiceID]int32
	capability map[model.CapabilityID]int32
	edges      []model.Fact // behind the leaves of needs
	byPlane    map[model.PlaneID][]int32
	planes     []model.PlaneID // sorted
	firstCap   int32
	// places are the nodes in an order in which what is needed comes first; place is
	// the inverse.
	places, place []int32
	capabilities  map[model.CapabilityID]model.Capability
}

// node is a service or a capability.
type node struct {
	name string // "service:api", "capability:compute.boot"
	// capability is set for capabilities.
	capability *model.Capability
	needs      *need
	dependants []dependant
	// gap is what is missing from the knowledge about it; "" where nothing is.
	gap string
}

// dependant is a node that needs another; from is the mildest level it can feel.
type dependant struct {
	node int32
	from model.Level
}

// need is a compiled model.Need; conditions on the system are settled.
type need struct {
	leaf int32 // node, or -1 for a composite
	edge int32
	kids []need
	// best: the need is as bad as its best-th best kid; len(kids) means all of them.
	best int
	// redundant: one lost kid leaves the need at least at risk.
	redundant bool
	from, cap model.Level
	holds     int64
	// doubt: whether the system has the need at all is not known.
	doubt bool
}

// compiler builds a graph and notes what is wrong with the mapping.
type compiler struct {
	graph
	system model.System
	notes  []model.Diagnostic
}

func (c *compiler) note(s model.Severity, code model.Code, subject, summary, hint string, path ...string) {
	c.notes = append(c.notes, model.Diagnostic{Severity: s, Code: code, Subject: subject, Summary: summary, Hint: hint, Path: path})
}

// compile takes a mapping as package catalog makes it: every id is there once, every
// need names one thing, and no need leads round in a circle.
func compile(m model.Mapping, s model.System) (*graph, []model.Diagnostic) {
	c := &compiler{system: s}
	services := sortedBy(m.Services, func(x model.Service) string { return string(x.ID) })
	capabilities := sortedBy(m.Capabilities, func(x model.Capability) string { return string(x.ID) })
	c.service = make(map[model.ServiceID]int32, len(services))
	c.capability = make(map[model.CapabilityID]int32, len(capabilities))
	c.capabilities = make(map[model.CapabilityID]model.Capability, len(capabilities))
	c.byPlane = map[model.PlaneID][]int32{}
	for _, x := range services {
		c.service[x.ID] = int32(len(c.nodes))
		c.nodes = append(c.nodes, node{name: "service:" + string(x.ID)})
	}
	c.firstCap = int32(len(c.nodes))
	for i := range capabilities {
		c.addCapability(&capabilities[i])
	}
	for _, p := range m.Planes {
		c.planes = append(c.planes, p.ID)
	}
	for p := range c.byPlane {
		c.planes = append(c.planes, p)
	}
	slices.Sort(c.planes)
	c.planes = slices.Compact(c.planes)
	for _, x := range services {
		c.wire(c.service[x.ID], x.Needs, x.Evidence, x.Broken)
	}
	for _, x := range capabilities {
		c.wire(c.capability[x.ID], x.Needs, x.Evidence, x.Broken)
	}
	c.order()
	return &c.graph, c.notes
}

func (c *compiler) addCapability(x *model.Capability) {
	n := int32(len(c.nodes))
	c.capability[x.ID] = n
	c.capabilities[x.ID] = *x
	c.byPlane[x.Plane] = append(c.byPlane[x.Plane], n)
	c.nodes = append(c.nodes, node{name: "capability:" + string(x.ID), capability: x})
}

func (c *compiler) wire(n int32, needs *model.Need, ev model.Evidence, broken bool) {
	if broken {
		c.lacks(n)
	}
	if needs == nil {
		return
	}
	compiled, ok := c.need(n, *needs, ev)
	if !ok {
		return
	}
	c.nodes[n].needs = &compiled
	c.depend(n, &compiled, model.None)
}

// lacks marks a node of whose needs one had to be left out.
func (c *compiler) lacks(n int32) { c.nodes[n].gap = "what it needs is not described in full" }

// depend tells every leaf of a need who depends on it.
func (c *compiler) depend(n int32, x *need, from model.Level) {
	from = max(from, x.from)
	for i := range x.kids {
		c.depend(n, &x.kids[i], from)
	}
	if x.leaf < 0 {
		return
	}
	ds := c.nodes[x.leaf].dependants
	if k := len(ds) - 1; k >= 0 && ds[k].node == n { // wired one dependant at a time
		ds[k].from = min(ds[k].from, from)
		return
	}
	c.nodes[x.leaf].dependants = append(ds, dependant{n, from})
}

func leaves(x *need, visit func(*need)) {
	if x.leaf >= 0 {
		visit(x)
	}
	for i := range x.kids {
		leaves(&x.kids[i], visit)
	}
}

// need compiles one need; false where nothing is left of it.
func (c *compiler) need(n int32, x model.Need, ev model.Evidence) (need, bool) {
	if !c.system.Has(x.When) {
		return need{}, false
	}
	if x.Basis != model.BasisUnknown || x.Source != "" || x.Text != "" {
		ev = x.Evidence
	}
	out := need{leaf: -1, cap: model.Outage, holds: x.HoldsS, doubt: c.system.Undecides(x.When)}
	if x.Cap != nil {
		out.cap = *x.Cap
	}
	if x.From != nil {
		out.from = *x.From
	}
	if x.Service != "" || x.Capability != "" {
		return c.leaf(n, x, ev, out)
	}
	return c.composite(n, x, ev, out)
}

func (c *compiler) leaf(n int32, x model.Need, ev model.Evidence, out need) (need, bool) {
	name := c.nodes[n].name
	target, known := c.service[x.Service]
	what := "service:" + string(x.Service)
	if x.Capability != "" {
		target, known = c.capability[x.Capability]
		what = "capability:" + string(x.Capability)
	}
	if !known { // the catalogue has said so
		c.lacks(n)
		return need{}, false
	}
	out.leaf, out.edge = target, int32(len(c.edges))
	c.edges = append(c.edges, model.NewFact(name, "needs", what, "", withConditions(ev, x, out.doubt)))
	return out, true
}

func (c *compiler) composite(n int32, x model.Need, ev model.Evidence, out need) (need, bool) {
	kids, k := x.All, 0
	switch {
	case len(x.Any) > 0:
		kids, k, out.redundant = x.Any, 1, true
	case len(x.Of) > 0:
		kids, k, out.redundant = x.Of, x.AtLeast, true
	}
	for _, kid := range kids {
		if compiled, ok := c.need(n, kid, ev); ok {
			out.kids = append(out.kids, compiled)
		}
	}
	if len(out.kids) == 0 {
		return need{}, false
	}
	if k == 0 {
		k = len(out.kids)
	}
	if k > len(out.kids) {
		c.note(model.Warning, "bad-need", c.nodes[n].name,
			"it needs "+strconv.Itoa(k)+" things of which this system has "+strconv.Itoa(len(out.kids)), "all of them are taken as needed")
		k = len(out.kids)
	}
	if k < len(out.kids) && slices.ContainsFunc(out.kids, func(kid need) bool { return kid.doubt }) {
		// Without a kid that may not exist the others count for more: between
		// nothing and the worst of them lies what it comes to.
		k, out.doubt = len(out.kids), true
	}
	out.best = k
	out.redundant = out.redundant && k < len(out.kids)
	return out, true
}

// withConditions adds to the text of a need what softens it.
func withConditions(ev model.Evidence, x model.Need, doubt bool) model.Evidence {
	var how []string
	if doubt {
		how = append(how, "whether this system has it is not stated: "+strings.TrimPrefix(x.When, "!"))
	}
	if x.From != nil && *x.From > model.None {
		how = append(how, "only "+x.From.String()+" or worse reaches it")
	}
	if x.Cap != nil && *x.Cap < model.Outage {
		how = append(how, "it counts for at most "+x.Cap.String())
	}
	if x.HoldsS > 0 {
		how = append(how, "gaps up to "+strconv.FormatInt(x.HoldsS, 10)+" s do not reach it")
	}
	if how == nil {
		return ev
	}
	if ev.Text == "" {
		ev.Text = strings.Join(how, ", ")
	} else {
		ev.Text += " (" + strings.Join(how, ", ") + ")"
	}
	return ev
}

func sortedBy[T any](in []T, id func(T) string) []T {
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b T) int { return strings.Compare(id(a), id(b)) })
	return out
}
