package impact

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"planewise/model"
)

// Compiled is what engines for one mapping, one system and one policy have in
// common, whatever runs. It does not change (it only remembers sums and facts that
// it has worked out), and it may be used from several goroutines.
type Compiled struct {
	*graph
	system   model.System
	policy   model.Policy
	resident []model.Workload // of the mapping
	variants []model.Workload // of the mapping's rules
	observed map[string][]*model.ObservedWorkload
	measured []model.Measured
	limits   []model.Limit
	orders   []model.OrderRule
	retires  map[model.CapabilityID]bool
	// resolved are the mapping's workloads as they are on the system, but for those
	// of which something has to be noted.
	resolved map[model.Workload]*instances
	notes    []model.Diagnostic
	gaps     []int32 // nodes of which something is not known
	repeats  repeats
	pool     sync.Pool // of *scratch
}

// Engine says what tasks do to a system on which certain workloads run. It may be
// used from several goroutines.
type Engine struct {
	*Compiled
	live   []*instances            // everything that runs, sorted
	onRole map[string][]*instances // of it, what lives on the nodes of a role
}

// Option changes what an engine knows.
type Option func(*options)

type options struct {
	running []model.Workload
}

// Running says which workloads of releases run on the system while the work is
// done (of two releases that differ, the weaker). Without it every workload that
// a rule of the mapping describes is taken to run, and of variants the weakest.
func Running(workloads []model.Workload) Option {
	return func(o *options) { o.running = workloads }
}

// New is Compile and Engine in one, for those who need one engine.
func New(m model.Mapping, s model.System, p model.Policy, opts ...Option) (*Engine, []model.Diagnostic) {
	return Compile(m, s, p).Engine(opts...)
}

// Compile works out what does not depend on what runs.
func Compile(m model.Mapping, s model.System, p model.Policy) *Compiled {
	s, undecided := decide(m, s)
	g, notes := compile(m, s)
	notes = append(notes, undecided...)
	c := &Compiled{
		graph: g, system: s, policy: p, resident: m.Residents,
		observed: map[string][]*model.ObservedWorkload{},
		retires:  map[model.CapabilityID]bool{},
		limits:   sortedBy(m.Limits, func(x model.Limit) string { return x.ID }),
		orders:   sortedBy(m.Orders, func(x model.OrderRule) string { return x.ID }),
	}
	for i := range s.Workloads {
		w := &s.Workloads[i]
		c.observed[w.Name] = append(c.observed[w.Name], w)
	}
	for _, r := range m.Rules {
		c.variants = append(c.variants, r.Workloads...)
		for _, x := range r.Retires {
			c.retires[x.Capability] = true
		}
	}
	notes = append(notes, c.checkRoles()...)
	for n := range c.nodes {
		if c.nodes[n].gap != "" {
			c.gaps = append(c.gaps, int32(n))
		}
	}
	notes = append(notes, c.checkSystem()...)
	notes = append(notes, c.checkPolicy()...)
	notes = append(notes, c.checkEmptyLimits()...)
	c.notes = append(notes, c.takeMeasured()...)
	c.resolveMapping()
	return c
}

// Engine is the engine for what runs. What is wrong with the mapping, the system or
// the policy is noted; the engine works with what is left and never with less than
// is there.
func (c *Compiled) Engine(opts ...Option) (*Engine, []model.Diagnostic) {
	o := options{running: c.variants}
	for _, opt := range opts {
		opt(&o)
	}
	e := &Engine{Compiled: c}
	notes := e.settle(inventory(c.system, c.resident, o.running))
	notes = append(notes, e.startsDegraded()...)
	return e, model.SortDiagnostics(slices.Concat(c.notes, notes))
}

// scene is one for checks that know nothing of what runs.
func (c *Compiled) scene() *scene { return &scene{Engine: &Engine{Compiled: c}} }

// resolveMapping looks up the mapping's workloads once; nearly all that a plan asks
// for are among them. Those of a task come without their condition.
func (c *Compiled) resolveMapping() {
	s := c.scene()
	resolved := make(map[model.Workload]*instances, len(c.resident)+len(c.variants))
	for _, list := range [][]model.Workload{c.resident, c.variants} {
		for _, w := range list {
			for _, when := range slices.Compact([]string{w.When, ""}) {
				w.When, s.notes = when, nil
				if in := s.resolve(w); in != nil && s.notes == nil {
					resolved[w] = in
				}
			}
		}
	}
	c.resolved = resolved
}

// nameOf is the name of a workload, by default its service's.
func nameOf(w model.Workload) string { return cmp.Or(w.Name, string(w.Service)) }

// inventory is one variant of each workload, sorted: where a mapping describes
// several, for different versions, the weakest.
func inventory(s model.System, lists ...[]model.Workload) []*model.Workload {
	var out []*model.Workload
	for _, list := range lists {
		for i := range list {
			if s.Has(list[i].When) {
				out = append(out, &list[i])
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *model.Workload) int {
		if c := sameWorkload(a, b); c != 0 {
			return c
		}
		return weaker(a, b)
	})
	return slices.CompactFunc(out, func(a, b *model.Workload) bool { return sameWorkload(a, b) == 0 })
}

func sameWorkload(a, b *model.Workload) int {
	if c := strings.Compare(string(a.Service), string(b.Service)); c != 0 {
		return c
	}
	return cmp.Or(
		strings.Compare(strings.ToLower(a.Kind), strings.ToLower(b.Kind)),
		strings.Compare(a.Namespace, b.Namespace),
		strings.Compare(cmp.Or(a.Name, string(a.Service)), cmp.Or(b.Name, string(b.Service))),
	)
}

// weaker orders variants of one workload, the weakest first: fewer instances,
// then a method that stops all of them, then the rest of what is written, so that
// the order is complete.
func weaker(a, b *model.Workload) int {
	stops := func(w *model.Workload) int {
		if w.Method == model.MethodRecreate || w.Method == model.MethodReinstall || w.ExclusiveVolume {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(a.Replicas, b.Replicas),
		cmp.Compare(stops(a), stops(b)),
		strings.Compare(a.CountFrom, b.CountFrom),
		strings.Compare(a.Needed, b.Needed),
		strings.Compare(string(a.Method), string(b.Method)),
		strings.Compare(b.MaxUnavailable, a.MaxUnavailable),
		strings.Compare(a.MaxSurge, b.MaxSurge),
		strings.Compare(a.RunsOn, b.RunsOn),
		-cmp.Compare(estimateP90(a.Restart), estimateP90(b.Restart)),
		-cmp.Compare(estimateP90(a.Failover), estimateP90(b.Failover)),
		cmp.Compare(a.Basis, b.Basis),
		strings.Compare(a.Source, b.Source),
		strings.Compare(a.Text, b.Text),
	)
}

func estimateP90(e *model.Estimate) int64 {
	if e == nil {
		return 1 << 60
	}
	return e.P90s
}
