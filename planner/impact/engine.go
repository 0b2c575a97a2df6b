package impact

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
)

// Engine says what tasks do to a system on which certain workloads run. It does not
// change.
type Engine struct {
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
	gaps     []int32                 // nodes of which something is not known
	live     []*instances            // everything that runs, sorted
	onRole   map[string][]*instances // of it, what lives on the nodes of a role
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

// New makes the engine. What is wrong with the mapping, the system or the policy is
// noted; the engine works with what is left and never with less than is there.
func New(m model.Mapping, s model.System, p model.Policy, opts ...Option) (*Engine, []model.Diagnostic) {
	s, undecided := decide(m, s)
	g, notes := compile(m, s)
	notes = append(notes, undecided...)
	e := &Engine{
		graph: g, system: s, policy: p, resident: m.Residents,
		observed: map[string][]*model.ObservedWorkload{},
		retires:  map[model.CapabilityID]bool{},
		limits:   sortedBy(m.Limits, func(x model.Limit) string { return x.ID }),
		orders:   sortedBy(m.Orders, func(x model.OrderRule) string { return x.ID }),
	}
	for i := range s.Workloads {
		w := &s.Workloads[i]
		e.observed[w.Name] = append(e.observed[w.Name], w)
	}
	for _, r := range m.Rules {
		e.variants = append(e.variants, r.Workloads...)
		for _, x := range r.Retires {
			e.retires[x.Capability] = true
		}
	}
	notes = append(notes, e.checkRoles()...)
	for n := range e.nodes {
		if e.nodes[n].gap != "" {
			e.gaps = append(e.gaps, int32(n))
		}
	}
	notes = append(notes, e.checkSystem()...)
	notes = append(notes, e.checkPolicy()...)
	notes = append(notes, e.checkEmptyLimits()...)
	notes = append(notes, e.takeMeasured()...)
	e.resolveMapping()
	o := options{running: e.variants}
	for _, opt := range opts {
		opt(&o)
	}
	notes = append(notes, e.settle(inventory(s, e.resident, o.running))...)
	notes = append(notes, e.startsDegraded()...)
	return e, model.SortDiagnostics(notes)
}

// scene is one for checks that know nothing of what runs.
func (e *Engine) scene() *scene { return &scene{Engine: e} }

// resolveMapping looks up the mapping's workloads once; nearly all that a plan asks
// for are among them. Those of a task come without their condition.
func (e *Engine) resolveMapping() {
	s := e.scene()
	resolved := make(map[model.Workload]*instances, len(e.resident)+len(e.variants))
	for _, list := range [][]model.Workload{e.resident, e.variants} {
		for _, w := range list {
			for _, when := range slices.Compact([]string{w.When, ""}) {
				w.When, s.notes = when, nil
				if in := s.resolve(w); in != nil && s.notes == nil {
					resolved[w] = in
				}
			}
		}
	}
	e.resolved = resolved
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
