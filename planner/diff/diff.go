package diff

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// Codes of the diagnostics.
const (
	CodeOrphanedChart        = "orphaned-chart"         // gone, and nothing undeploys it
	CodeUndeploySkipped      = "undeploy-skipped"       // only a skipped release undeploys it
	CodeUndeployNotVerified  = "undeploy-not-verified"  // a skipped release is not known
	CodeReinstalledChart     = "reinstalled-chart"      // undeployed and shipped by the target
	CodeMissingList          = "missing-list"           // the target has nothing of a kind that the start has
	CodeNotDeployedChange    = "not-deployed-change"    // in a list that nothing ships
	CodeConflictingComponent = "conflicting-components" // two releases of a set disagree
	CodeProductAdded         = "product-added"
	CodeProductRemoved       = "product-removed"
	CodeProductTwice         = "product-twice"
)

// Between lists the changes that lead from one set of releases to another, in the
// order of the target's lists, then by kind and id; removals come last. known are
// the releases of the catalogue: those between the two sides are asked what they
// undeploy.
//
// Before and After of a change point into from and to wherever one component
// stands behind them, so those must not be altered while the changes are in use.
// The time is linear in the components, but for the sorting of the changes.
func Between(from, to []model.Release, known []model.Release) ([]model.Change, []model.Diagnostic) {
	d := &differ{kindRank: map[model.Kind]int{}}
	for i, k := range model.Kinds() {
		d.kindRank[k] = i
	}
	d.from, d.to = d.newSide(from), d.newSide(to)
	d.steps = d.findSteps(known)
	d.undeploys = d.findUndeploys()

	d.rows = make([]row, 0, len(d.to.entries)/4)
	var gone, fresh []*entry
	for i := range d.from.entries {
		before := &d.from.entries[i]
		after := d.to.find(before.id)
		if after == nil {
			gone = append(gone, before)
			continue
		}
		after.matched = true
		ch, differs := d.compare(before, after)
		if d.reinstall(before, after, &ch) || differs {
			d.add(after, ch)
		}
	}
	for i := range d.to.entries {
		if after := &d.to.entries[i]; !after.matched {
			fresh = append(fresh, after)
		}
	}
	gone, fresh = d.moves(d.missingLists(gone), fresh)
	for _, e := range fresh {
		d.add(e, d.added(e))
	}
	for _, e := range gone {
		d.add(e, d.removed(e))
	}
	d.reportProducts()
	d.reportSteps()
	d.reportReinstalled()
	d.reportNotDeployed()
	return d.sorted(), model.SortDiagnostics(d.diags)
}

// differ collects the result of one comparison.
type differ struct {
	from, to  *side
	kindRank  map[model.Kind]int
	steps     map[string]*step // by product, where it is on both sides
	undeploys map[place]undeploy
	rows      []row
	diags     []model.Diagnostic
}

// row is a change with its place in the result.
type row struct {
	gone     bool
	rank     int32 // of its list among the target's, or the source's where it is gone
	position int
	kind     int
	change   model.Change
}

func (d *differ) add(e *entry, ch model.Change) {
	d.rows = append(d.rows, row{
		gone: ch.After == nil, rank: e.rank, position: e.c.Position, kind: d.kindRank[ch.Kind], change: ch,
	})
}

func (d *differ) sorted() []model.Change {
	order := make([]int32, len(d.rows))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := &d.rows[i], &d.rows[j]
		if a.gone != b.gone {
			if b.gone {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.position, b.position),
			cmp.Compare(a.kind, b.kind), strings.Compare(string(a.change.ID), string(b.change.ID)))
	})
	changes := make([]model.Change, len(order))
	for i, j := range order {
		changes[i] = d.rows[j].change
	}
	return changes
}

func (d *differ) warn(severity model.Severity, code model.Code, subject, hint string, path []string, format string, args ...any) {
	d.diags = append(d.diags, model.Diagnostic{
		Severity: severity, Code: code, Subject: subject, Summary: fmt.Sprintf(format, args...), Hint: hint, Path: path,
	})
}

// compare is the change between two entries of one id.
func (d *differ) compare(before, after *entry) (ch model.Change, differs bool) {
	a, b := before.c, after.c
	switch a.Kind {
	case model.KindChart:
		ch, differs = compareCharts(before, after)
	case model.KindImage, model.KindRPM, model.KindHook:
		ch, differs = compareSets(a, b)
	default:
		ch, differs = comparePlain(a, b)
	}
	if !differs {
		return ch, false
	}
	ch.ID, ch.Kind, ch.Name, ch.Before, ch.After = after.id, a.Kind, name(b), a, b
	ch.Delivery = a.Kind == model.KindImage
	ch.Reboot = ch.Direction != model.Moved && bootsInto(b)
	return ch, true
}

// comparePlain compares components of one version: node images, kernels,
// Kubernetes, Ceph, firmware.
func comparePlain(a, b *model.Component) (ch model.Change, differs bool) {
	ch.From, ch.To = a.Version, b.Version
	switch {
	case len(a.Versions)+len(b.Versions) > 0:
		ch, differs = compareSets(a, b)
		if differs {
			return ch, true
		}
		ch.From, ch.To = text(a), text(b)
	case a.Version != b.Version:
		ch.Direction = version.Direction(a.Kind, a.Version, b.Version)
		differs = true
	}
	if a.Image != b.Image && a.Image != "" && b.Image != "" {
		if !differs {
			ch.Direction = model.Changed
		}
		ch.Reason = fmt.Sprintf("another image: %s -> %s", a.Image, b.Image)
		differs = true
	}
	return ch, differs
}

func (d *differ) added(e *entry) model.Change {
	ch := model.Change{
		ID: e.id, Kind: e.c.Kind, Name: name(e.c), To: text(e.c), Direction: model.Added, After: e.c,
		Delivery: e.c.Kind == model.KindImage, Reboot: bootsInto(e.c),
	}
	if e.c.Kind == model.KindChart && d.from.unshipped(e.id) {
		ch.Reason = "the source has it in a list that nothing ships"
	}
	return ch
}

func (d *differ) removed(e *entry) model.Change {
	ch := model.Change{
		ID: e.id, Kind: e.c.Kind, Name: name(e.c), From: text(e.c), Direction: model.Removed, Before: e.c,
	}
	switch e.c.Kind {
	case model.KindChart:
		d.removeChart(e, &ch)
	case model.KindImage:
		ch.Delivery = true
		ch.Reason = "no longer uploaded; this removes nothing"
	default:
		ch.Reason = "the target has no release of " + e.release.Product
		if r := d.to.last(e.release.Product); r != nil {
			ch.Reason = r.Ref() + " does not list it any more"
		}
	}
	return ch
}

// name is what a component is called; node images and kernels go by their role.
func name(c *model.Component) string { return cmp.Or(c.Name, c.Role) }

// bootsInto reports whether a component takes effect only when a node boots:
// what nodes boot, kernels, and packages of kernels and their modules.
func bootsInto(c *model.Component) bool {
	switch c.Kind {
	case model.KindNodeImage, model.KindKernel:
		return true
	case model.KindRPM:
		return isKernelPackage(c.Name)
	}
	return false
}

// isKernelPackage goes by the names that RPM distributions give: kernel-FLAVOUR,
// and NAME-kmp-FLAVOUR for modules. Packages of symbols, sources and headers
// carry the kernel's name, but nothing that a booted kernel runs.
func isKernelPackage(name string) bool {
	for _, suffix := range [...]string{"-debuginfo", "-debugsource", "-devel", "-docs", "-macros", "-source", "-syms"} {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	return name == "kernel" || strings.HasPrefix(name, "kernel-") || strings.Contains(name, "-kmp-") || strings.HasSuffix(name, "-kmp")
}

// unranked is the rank of what stands in no list: behind all that does.
const unranked = math.MaxInt32
