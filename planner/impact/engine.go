package impact

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"planewise/model"
)

// Engine knows one mapping, one system and one policy, and says what tasks do to
// them. What it knows does not change after New (it only remembers sums and facts
// that it has worked out), and it may be used from several goroutines.
type Engine struct {
	*graph
	system   model.System
	policy   model.Policy
	live     []*instances            // everything that runs, sorted
	onRole   map[string][]*instances // of it, what lives on the nodes of a role
	observed map[string][]*model.ObservedWorkload
	measured []model.Measured
	limits   []model.Limit
	orders   []model.OrderRule
	retires  map[model.CapabilityID]bool
	repeats  repeats
	pool     sync.Pool // of *scratch
}

// Option changes what an engine knows.
type Option func(*options)

type options struct {
	running []model.Workload
	known   bool
}

// Running says which workloads of releases run on the system while the work is
// done (of two releases that differ, the weaker). Without it every workload that
// a rule of the mapping describes is taken to run, and of variants the weakest.
func Running(workloads []model.Workload) Option {
	return func(o *options) { o.running, o.known = workloads, true }
}

// defaultCorrelation of durations, in thousandths, where a policy names none.
const defaultCorrelation = 300

// New compiles the mapping for a system. What is wrong with either is noted; the
// engine works with what is left and never with less than is there.
func New(m model.Mapping, s model.System, p model.Policy, opts ...Option) (*Engine, []model.Diagnostic) {
	if p.CorrelationPermille == 0 {
		p.CorrelationPermille = defaultCorrelation
	}
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	g, notes := compile(m, s)
	e := &Engine{
		graph: g, system: s, policy: p,
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
		for _, x := range r.Retires {
			e.retires[x.Capability] = true
		}
	}
	workloads := o.running
	if !o.known {
		for _, r := range m.Rules {
			workloads = append(workloads, r.Workloads...)
		}
	}
	notes = append(notes, e.settle(inventory(slices.Concat(m.Residents, workloads), s))...)
	notes = append(notes, e.checkEffects(m)...)
	notes = append(notes, e.checkSystem()...)
	notes = append(notes, e.checkPolicy()...)
	notes = append(notes, e.takeMeasured()...)
	return e, model.SortDiagnostics(notes)
}

// nameOf is the name of a workload, by default its service's.
func nameOf(w model.Workload) string { return cmp.Or(w.Name, string(w.Service)) }

// inventory is one variant of each workload, sorted: where a mapping describes
// several, for different versions, the weakest.
func inventory(workloads []model.Workload, s model.System) []model.Workload {
	var out []model.Workload
	for _, w := range workloads {
		if s.Has(w.When) {
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(a, b model.Workload) int {
		return cmp.Or(sameWorkload(&a, &b), weaker(&a, &b))
	})
	return slices.CompactFunc(out, func(a, b model.Workload) bool { return sameWorkload(&a, &b) == 0 })
}

func sameWorkload(a, b *model.Workload) int {
	return cmp.Or(
		strings.Compare(string(a.Service), string(b.Service)),
		strings.Compare(strings.ToLower(a.Kind), strings.ToLower(b.Kind)),
		strings.Compare(a.Namespace, b.Namespace),
		strings.Compare(nameOf(*a), nameOf(*b)),
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
