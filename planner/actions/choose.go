package actions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// run is one product on its way from one version to another.
type run struct {
	product  string
	from, to string // versions; "" where the product is not on that side
	target   *model.Release
	proc     model.Procedure
	// basis is documented where the procedure covers the two versions, else
	// inferred, or unknown where there is no procedure at all.
	basis model.Basis
	// borrowed: the procedure is that of another step, the nearest there is.
	borrowed bool
	changes  []int // indices of its changes, by id
	stages   []*stage
}

func (p *run) ref() model.ProcedureRef {
	return model.ProcedureRef{Name: p.proc.Name, Path: p.proc.Path, Basis: p.basis}
}

// evidence is the first of es that says anything, else the procedure's, as far
// as it holds here: where the procedure is only the nearest one, nothing of its
// order is documented any more.
func (p *run) evidence(es ...model.Evidence) model.Evidence {
	for _, e := range append(es, p.proc.Evidence) {
		if e == (model.Evidence{}) {
			continue
		}
		e.Basis = min(e.Basis, p.basis)
		return e
	}
	return model.Evidence{Basis: min(model.BasisInferred, p.basis)}
}

// limit lowers the basis of a claim of the procedure's to what it is worth here.
func (p *run) limit(e *model.Evidence) { e.Basis = min(e.Basis, p.basis) }

// products are those that have something to do, in run order: products with a
// procedure before those without, else by name.
func (b *builder) products() []*run {
	known := map[string]bool{}
	for i := range b.procedures {
		known[b.procedures[i].Product] = true
	}
	byProduct := map[string][]int{}
	for _, i := range b.sorted {
		name := b.owner[b.changes[i].ID]
		byProduct[name] = append(byProduct[name], i)
	}
	var runs []*run
	for _, name := range b.names {
		p := &run{product: name, changes: byProduct[name]}
		if r := releaseOf(b.in.From, name); r != nil {
			p.from = r.Version
		}
		if p.target = releaseOf(b.in.To, name); p.target != nil {
			p.to = p.target.Version
		}
		if p.target == nil {
			b.gone(p)
			continue
		}
		if len(p.changes) == 0 && p.from == p.to {
			continue
		}
		b.choose(p)
		runs = append(runs, p)
	}
	slices.SortStableFunc(runs, func(x, y *run) int {
		return cmp.Or(compareBool(known[y.product], known[x.product]), strings.Compare(x.product, y.product))
	})
	return runs
}

// gone explains the changes of a product that the target side does not have.
func (b *builder) gone(p *run) {
	for _, i := range p.changes {
		b.explain(i, fmt.Sprintf("the target has no release of %s, and nothing says that the product is removed", p.product))
	}
	if len(p.changes) > 0 {
		b.note(model.Warning, "product-without-target", p.product,
			fmt.Sprintf("%s %s is part of the start only; its %d components are left as they are", p.product, p.from, len(p.changes)),
			"add its release to the target, or leave it out of the start")
	}
}

func releaseOf(rs []model.Release, product string) *model.Release {
	for i := range rs {
		if rs[i].Product == product {
			return &rs[i]
		}
	}
	return nil
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// choose finds the procedure of a product: one that covers both versions, else
// the nearest one.
func (b *builder) choose(p *run) {
	var all, fit []model.Procedure
	for i := range b.procedures {
		c := &b.procedures[i]
		if c.Product != p.product {
			continue
		}
		all = append(all, *c)
		if fits(c, p.from, p.to, b.satisfies) {
			fit = append(fit, *c)
		}
	}
	switch {
	case len(fit) > 0:
		p.proc, p.basis = b.preferred(p, fit), model.BasisDocumented
		p.basis = min(p.basis, p.proc.Basis)
	case len(all) > 0:
		p.proc, p.basis = nearest(all, p.from, p.to, b.in.Path), model.BasisInferred
		p.borrowed = true
		b.noPath(p, all)
	default:
		p.proc, p.basis = undocumented(p.product), model.BasisUnknown
		b.noPath(p, nil)
	}
	b.forbidden(p)
}

// fits reports whether a procedure covers the step. A procedure goes forward:
// two constraints on one minor line would otherwise allow the way back too. A
// procedure that names no versions covers any step, the first install excluded.
func fits(c *model.Procedure, from, to string, satisfies func(constraint, v string) bool) bool {
	if from == "" || !satisfies(c.From, from) || !satisfies(c.To, to) {
		return false
	}
	if c.From == "" && c.To == "" {
		return true
	}
	d, known := version.Compare(model.KindOther, from, to)
	return known && d < 0
}

func satisfies(constraint, v string) bool {
	ok, err := version.Satisfies(constraint, v)
	return err == nil && ok
}

// preferred picks among procedures that fit equally: the wanted path, then the
// preferred one, then by name.
func (b *builder) preferred(p *run, fit []model.Procedure) model.Procedure {
	left := b.samePath(fit)
	if b.in.Path != "" && left[0].Path != b.in.Path {
		b.note(model.Info, "path-not-available", p.product,
			fmt.Sprintf("no procedure of path %q covers %s %s to %s", b.in.Path, p.product, p.from, p.to),
			"the plan follows "+left[0].Name)
	}
	slices.SortStableFunc(left, func(x, y model.Procedure) int {
		return cmp.Or(compareBool(y.Preferred, x.Preferred), strings.Compare(x.Name, y.Name))
	})
	return left[0]
}

// samePath are the procedures of the wanted path, or all where none is.
func (b *builder) samePath(ps []model.Procedure) []model.Procedure {
	var same []model.Procedure
	for _, c := range ps {
		if b.in.Path == "" || c.Path == b.in.Path {
			same = append(same, c)
		}
	}
	if len(same) == 0 {
		return slices.Clone(ps)
	}
	return same
}

// nearest is the procedure whose order is borrowed where none fits. In this
// order: one that crosses a minor line where the step does (or stays within one
// where the step does), whose target line is closest, whose start line is
// closest, which is of the wanted path, which the vendor goes on with where the
// target is beyond them all, which is preferred, by name. A line is the
// first version that a constraint names; lines are as far apart as their major and
// minor numbers.
func nearest(ps []model.Procedure, from, to, path string) model.Procedure {
	crosses := lineOf(from) != lineOf(to)
	return slices.MinFunc(ps, func(x, y model.Procedure) int {
		return cmp.Or(
			compareBool(misfit(x, crosses), misfit(y, crosses)),
			cmp.Compare(lineOf(x.To).distance(lineOf(to)), lineOf(y.To).distance(lineOf(to))),
			cmp.Compare(lineOf(x.From).distance(lineOf(from)), lineOf(y.From).distance(lineOf(from))),
			compareBool(y.Path == path, x.Path == path),
			compareBool(goesOn(y, to), goesOn(x, to)),
			compareBool(y.Preferred, x.Preferred),
			strings.Compare(x.Name, y.Name),
		)
	})
}

// goesOn reports whether the vendor supports a procedure's variant alone for
// targets as late as this.
func goesOn(c model.Procedure, to string) bool {
	own, target := lineOf(c.To), lineOf(to)
	return c.Beyond && cmp.Or(cmp.Compare(own.major, target.major), cmp.Compare(own.minor, target.minor)) < 0
}

func misfit(c model.Procedure, crosses bool) bool {
	return (lineOf(c.From) != lineOf(c.To)) != crosses
}

// line is a major and minor number.
type line struct{ major, minor int }

func (l line) String() string { return fmt.Sprintf("%d.%d", l.major, l.minor) }

// distance weighs a major number so that no minor number outweighs it.
func (l line) distance(o line) int {
	return abs(l.major-o.major)*1_000_000 + min(abs(l.minor-o.minor), 999_999)
}

func abs(n int) int { return max(n, -n) }

// lineOf is the line of a version, or of the first version in a constraint.
func lineOf(text string) line {
	major, minor, _, _ := version.Core(firstVersion(text))
	return line{major, minor}
}

// firstVersion is the text of a constraint's first version: ">= 1.5.0, < 1.6.0"
// gives 1.5.0. A version gives itself.
func firstVersion(text string) string {
	first, _, _ := strings.Cut(text, ",")
	return strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(first), "<>=!~^ "))
}

// noPath says what is not documented about the step, and what is.
func (b *builder) noPath(p *run, all []model.Procedure) {
	summary := fmt.Sprintf("no document describes the way from %s %s to %s", p.product, p.from, p.to)
	hint := "order and effects are those of " + p.proc.Name + "; ask the vendor before any of this is done"
	d, known := version.Compare(model.KindOther, p.from, p.to)
	switch steps := b.ladder(all, p.from, p.to); {
	case len(all) == 0:
		summary = fmt.Sprintf("there is no procedure for the product %s", p.product)
		hint = "write one (fixtures show how); until then its order and most effects are unknown"
	case p.from == "":
		summary = fmt.Sprintf("no document describes adding %s %s to a running system", p.product, p.to)
	case known && d > 0:
		hint = "going back is not documented: databases, Kubernetes and Ceph may not open the newer data; " + hint
	case p.from == p.to:
		summary = fmt.Sprintf("%s %s is on both sides with other content; no document describes that step", p.product, p.to)
	case len(steps) > 1:
		hint = fmt.Sprintf("the documented way has %d steps: %s; %s", len(steps), strings.Join(steps, ", then "), hint)
	}
	b.note(model.Blocking, "no-supported-path", p.product, summary, hint)
}

// ladder is the chain of documented procedures from one version to another, as
// words, or nil where there is none. It climbs greedily: of the procedures that
// may be started it takes the one that ends highest without passing the target.
func (c *tables) ladder(all []model.Procedure, from, to string) []string {
	var steps []string
	for at := from; len(steps) <= len(all); {
		next := ""
		for _, p := range all {
			end := firstVersion(p.To)
			if c.satisfies(p.To, to) && c.satisfies(p.From, at) && older(at, to) {
				return append(steps, to)
			}
			if c.satisfies(p.From, at) && older(at, end) && older(end, to) && (next == "" || older(next, end)) {
				next = end
			}
		}
		if next == "" {
			return nil
		}
		steps = append(steps, lineOf(next).String()+".x")
		at = next
	}
	return nil
}

func older(a, b string) bool {
	d, known := version.Compare(model.KindOther, a, b)
	return known && d < 0
}

// forbidden reports node groups and features that the target must not be used with.
func (b *builder) forbidden(p *run) {
	for _, f := range p.proc.Forbids {
		if !b.satisfies(f.To, p.to) {
			continue
		}
		if f.Feature != "" && b.in.System.Has(f.Feature) {
			b.note(model.Blocking, "forbidden-feature", f.Feature, f.Text, "source: "+f.Source)
		}
		n := 0
		for _, g := range b.in.System.Nodes {
			if (f.Role != "" || f.Hardware != "") && (f.Role == "" || f.Role == g.Role) && (f.Hardware == "" || f.Hardware == g.Hardware) {
				n += g.Count
			}
		}
		if n > 0 {
			b.note(model.Blocking, "forbidden-hardware", cmp.Or(f.Hardware, f.Role),
				fmt.Sprintf("%d nodes must not run %s %s: %s", n, p.product, p.to, f.Text),
				"leave these nodes out of the update, or choose another release; source: "+f.Source)
		}
	}
}

// undocumented stands in for a product that no procedure describes: images are
// uploaded; settle ships the charts in the release's own order and gives
// everything else one step with unknown effect.
func undocumented(product string) model.Procedure {
	deliver := []model.Match{{Kind: model.KindImage}}
	return model.Procedure{
		Name: "undocumented", Product: product, Stages: []model.Stage{
			{ID: "deliver", Title: "Upload the release", Does: model.WorkStep, Run: model.RunWhenCarried, Method: model.MethodDelivery, Carries: deliver},
		},
		Evidence: model.Evidence{Basis: model.BasisUnknown, Text: "No procedure is known for this product."},
	}
}
