package catalog

import (
	"slices"

	"planewise/model"
)

// Catalog is the merged and checked mapping. It is read-only after New and may
// be used by several goroutines; what its methods return must not be changed.
type Catalog struct {
	mapping model.Mapping
	layers  []string
	// exact holds the rules with an exact name by kind and name ("" for rules
	// without a kind), open all others by kind; each most specific first.
	exact map[model.Kind]map[string][]*entry
	open  map[model.Kind][]*entry
}

// Match is the rule of a component.
type Match struct {
	Rule model.Rule
	// Key identifies the rule across layers.
	Key string
	// Layer is the name of the layer it is from.
	Layer string
}

// New merges the layers, later ones over earlier ones, and reports what is wrong
// with them. The layers are not changed.
func New(layers ...model.Mapping) (*Catalog, []model.Diagnostic) {
	m := newMerger(layers)
	mapping, entries := m.merge()
	c := &Catalog{mapping: mapping, layers: m.names, exact: map[model.Kind]map[string][]*entry{}, open: map[model.Kind][]*entry{}}
	for _, e := range entries {
		c.add(e)
	}
	return c, model.SortDiagnostics(m.diags)
}

// add takes entries most specific first.
func (c *Catalog) add(e *entry) {
	kind, name := e.rule.Match.Kind, e.rule.Match.Name
	if !Exact(name) {
		c.open[kind] = append(c.open[kind], e)
		return
	}
	if c.exact[kind] == nil {
		c.exact[kind] = map[string][]*entry{}
	}
	c.exact[kind][name] = append(c.exact[kind][name], e)
}

// Lookup is the most specific rule that matches a component; false where none
// does. It takes constant time for a component with a rule of its exact name,
// else time linear in the number of globs.
func (c *Catalog) Lookup(comp model.Component) (Match, bool) {
	e := c.find(&comp)
	if e == nil {
		return Match{}, false
	}
	return Match{Rule: e.rule, Key: e.key, Layer: c.layers[e.layer]}, true
}

func (c *Catalog) find(comp *model.Component) *entry {
	best := first(comp, c.exact[comp.Kind][comp.Name], c.exact[""][comp.Name])
	if best == nil {
		best = first(comp, c.open[comp.Kind], c.open[""])
	}
	return best
}

// first is the most specific entry of some sorted lists that matches.
func first(comp *model.Component, lists ...[]*entry) *entry {
	var best *entry
	for _, l := range lists {
		i := slices.IndexFunc(l, func(e *entry) bool { return e.matches(comp) })
		if i >= 0 && (best == nil || compareEntries(l[i], best) < 0) {
			best = l[i]
		}
	}
	return best
}

// Mapping is the merged mapping with its evidence filled in and without what was
// reported as wrong.
func (c *Catalog) Mapping() model.Mapping { return c.mapping }

// Planes are in the order in which they were declared.
func (c *Catalog) Planes() []model.Plane { return c.mapping.Planes }

// Capabilities are sorted by plane (in the order of Planes), importance, worst
// first, and id.
func (c *Catalog) Capabilities() []model.Capability { return c.mapping.Capabilities }

// Services are sorted by id.
func (c *Catalog) Services() []model.Service { return c.mapping.Services }

// Residents are sorted by service, namespace, name and condition.
func (c *Catalog) Residents() []model.Workload { return c.mapping.Residents }

// Orders are sorted by id.
func (c *Catalog) Orders() []model.OrderRule { return c.mapping.Orders }

// Limits are sorted by id.
func (c *Catalog) Limits() []model.Limit { return c.mapping.Limits }
