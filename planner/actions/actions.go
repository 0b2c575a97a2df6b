// Package actions turns changes into tasks: it chooses the vendor's procedure
// for each product, lets its stages claim the changes they ship, and says what
// every task restarts, which documents say what about it, and in what order the
// vendor does it all.
//
// # Claims
//
// A change is carried by the first stage that ships it. A stage that only
// delivers (method delivery) uploads and ships nothing, so it takes what no
// other stage wants. A stage that runs when it carries something is not started
// by a mere delivery. What is left is either explained (an orphan, a chart of a
// list nobody ships) or gets a task of its own with unknown effect.
//
// # Order
//
// Stages, the lists inside a stage and the entries of a stage's own list follow
// each other. This is the vendor's order, kept as a rank per task rather than as
// edges, so that it stays linear in the number of tasks: each boundary between
// two ranks has an id, a fact, and can be relaxed by a policy, which joins the two
// ranks. Everything else is a link between two tasks.
//
// # No procedure fits
//
// Then the nearest one supplies the order with basis inferred, and a blocking
// diagnostic says what is not documented. Nearness is defined at nearest.
//
// From is pure and its result depends on the content of its input alone, not on
// the order of releases, procedures or changes.
package actions

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
)

// Catalog is what the package needs of the mapping (*catalog.Catalog has it).
type Catalog interface {
	// Rule is the rule of a component that changes from before to after (either
	// may be nil), with the facts behind it; of two sides the weaker workloads.
	Rule(before, after *model.Component) (model.Rule, []model.Fact, bool)
	Planes() []model.Plane
	Residents() []model.Workload
	Orders() []model.OrderRule
	Limits() []model.Limit
	Mapping() model.Mapping
}

// Input is what tasks are made from.
type Input struct {
	From, To   []model.Release
	Changes    []model.Change
	Catalog    Catalog
	Procedures []model.Procedure
	System     model.System
	Policy     model.Policy
	// Path is the wanted variant of a procedure ("manual"); "" the preferred one.
	Path string
}

// Result is the work, and what is to be said about it.
type Result struct {
	// Procedures, one per product that has something to do, in run order.
	Procedures []model.ProcedureRef
	// Tasks in the vendor's order: by rank, then as the stage lists them.
	Tasks []model.Task
	// Boundaries of the ranks, in order: the tasks whose rank is not below
	// Boundary.Rank come after those whose rank is.
	Boundaries []Boundary
	// Links are all relations but the ranks', sorted by id.
	Links []model.Link
	// Changes as given, with Action or Reason filled in.
	Changes []model.Change
	Skipped []model.Skipped
	Retired []model.Retired
	// RetiredFacts are those of the retirements; tasks, links and boundaries have
	// theirs.
	RetiredFacts []model.Fact
	Gates        []model.Gate
	Quiesce      []model.Quiesce
	Diagnostics  []model.Diagnostic
}

// Boundary is the vendor's order between two ranks.
type Boundary struct {
	// ID is what a policy relaxes: "order:PRODUCT/STAGE" or "order:PRODUCT/STAGE/LIST".
	ID   string
	Rank int
	Fact model.Fact
}

// From makes the tasks.
func From(in Input) Result {
	b := newBuilder(in)
	runs := b.products()
	for _, p := range runs {
		b.claim(p)
	}
	for _, p := range runs {
		b.work(p)
	}
	b.settle(runs)
	b.rollouts(runs)
	b.link(runs)
	b.retire()
	return b.result(runs)
}

// builder collects the result.
type builder struct {
	*tables
	in      Input
	groups  []*group
	tasks   map[model.ActionID]*model.Task
	changes []model.Change
	sorted  []int    // indices of changes by id
	names   []string // of the products on either side, sorted
	owner   map[model.ComponentID]string
	rules   []*ruleOf // of changes, once they are looked up
	links   []model.Link
	linked  map[pair]int // place in links
	bounds  []Boundary
	retired []model.Retired
	facts   []model.Fact // of retirements
	skipped []model.Skipped
	diags   []model.Diagnostic
	// explained are changes that need no action, with the reason in Reason.
	explained map[int]bool
}

// group is a set of tasks between two boundaries.
type group struct {
	id            string
	tasks         []model.ActionID
	why           model.Evidence
	product, list string
}

func newBuilder(in Input) *builder {
	b := &builder{
		tables: newTables(in.Catalog, in.Procedures), in: in, tasks: make(map[model.ActionID]*model.Task, len(in.Changes)),
		rules: make([]*ruleOf, len(in.Changes)), linked: map[pair]int{}, explained: map[int]bool{},
	}
	b.in.From, b.in.To = sortedReleases(in.From), sortedReleases(in.To)
	b.changes = slices.Clone(in.Changes)
	b.sorted = make([]int, len(b.changes))
	for i := range b.sorted {
		b.sorted[i] = i
	}
	slices.SortFunc(b.sorted, func(x, y int) int {
		return strings.Compare(string(b.changes[x].ID), string(b.changes[y].ID))
	})
	b.findOwners()
	return b
}

// findOwners says which product each changed component belongs to: the last by
// name on the target's side that has it, as its version is what stays; else the
// last on the source's.
func (b *builder) findOwners() {
	b.owner = make(map[model.ComponentID]string, len(b.changes))
	for _, c := range b.changes {
		b.owner[c.ID] = ""
	}
	seen := map[string]bool{}
	var id []byte
	for _, side := range [][]model.Release{b.in.From, b.in.To} {
		for _, r := range side {
			if !seen[r.Product] {
				seen[r.Product] = true
				b.names = append(b.names, r.Product)
			}
			for i := range r.Components {
				id = r.Components[i].AppendID(id[:0])
				if _, wanted := b.owner[model.ComponentID(id)]; wanted {
					b.owner[model.ComponentID(id)] = r.Product
				}
			}
			for _, h := range r.Hooks {
				if _, wanted := b.owner[hookID(r.Product, h)]; wanted {
					b.owner[hookID(r.Product, h)] = r.Product
				}
			}
		}
	}
	slices.Sort(b.names)
}

// hookID is the id under which a hook stands among the changes.
func hookID(product string, h model.Hook) model.ComponentID {
	return model.Component{Kind: model.KindHook, Namespace: product, Name: h.Stage + "/" + h.When}.ID()
}

func sortedReleases(rs []model.Release) []model.Release {
	rs = slices.Clone(rs)
	slices.SortStableFunc(rs, func(x, y model.Release) int {
		return cmp.Or(strings.Compare(x.Product, y.Product), strings.Compare(x.Version, y.Version))
	})
	return rs
}

func (b *builder) note(severity model.Severity, code model.Code, subject, summary, hint string, path ...string) {
	b.diags = append(b.diags, model.Diagnostic{
		Severity: severity, Code: code, Subject: subject, Summary: summary, Hint: hint, Path: path,
	})
}

// result puts everything in its order.
func (b *builder) result(runs []*run) Result {
	r := Result{
		Boundaries: b.bounds, Links: b.links, Changes: b.changes,
		Skipped: b.skipped, Retired: b.retired, RetiredFacts: b.facts, Diagnostics: model.SortDiagnostics(b.diags),
	}
	for _, p := range runs {
		r.Procedures = append(r.Procedures, p.ref())
		r.Gates = append(r.Gates, p.proc.Gates...)
		r.Quiesce = append(r.Quiesce, p.proc.Quiesce...)
	}
	r.Tasks = make([]model.Task, 0, len(b.tasks))
	for _, g := range b.groups {
		for _, id := range g.tasks {
			r.Tasks = append(r.Tasks, *b.tasks[id])
		}
	}
	slices.SortStableFunc(r.Tasks, func(x, y model.Task) int { return cmp.Compare(x.Rank, y.Rank) })
	return r
}

// Facts are those of tasks, links, boundaries and retirements; the same one may come
// several times.
func (r *Result) Facts() []*model.Fact {
	n := len(r.RetiredFacts) + len(r.Links) + len(r.Boundaries)
	for i := range r.Tasks {
		n += len(r.Tasks[i].Facts)
	}
	all := make([]*model.Fact, 0, n)
	for i := range r.RetiredFacts {
		all = append(all, &r.RetiredFacts[i])
	}
	for i := range r.Links {
		all = append(all, &r.Links[i].Fact)
	}
	for i := range r.Boundaries {
		all = append(all, &r.Boundaries[i].Fact)
	}
	for i := range r.Tasks {
		for k := range r.Tasks[i].Facts {
			all = append(all, &r.Tasks[i].Facts[k])
		}
	}
	return all
}
