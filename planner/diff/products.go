package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// step is the way of one product from its release in the source to that in the
// target.
type step struct {
	from, to *model.Release
	// between are the known releases that it skips, oldest first.
	between []*model.Release
	// unknown says what is not known of the releases in between; "" for nothing.
	unknown string
	// unverified are charts that one of the unknown releases may have undeployed.
	unverified []string
}

// findSteps pairs the products that stand on both sides in different versions.
func (d *differ) findSteps(known []model.Release) map[string]*step {
	steps := map[string]*step{}
	for _, r := range d.to.releases { // of two of one product the later counts
		if before := d.from.last(r.Product); before != nil && before.Version != r.Version {
			steps[r.Product] = &step{from: before, to: r}
		}
	}
	for _, s := range steps {
		s.between = s.skipped(known)
		s.unknown = s.findUnknown()
	}
	return steps
}

// skipped are the known releases of the product between the two versions, by
// their numbers. A catalogue may know one version twice; both are asked.
func (s *step) skipped(known []model.Release) []*model.Release {
	var between []*model.Release
	for i := range known {
		r := &known[i]
		if r.Product == s.to.Product && older(s.from.Version, r.Version) && older(r.Version, s.to.Version) {
			between = append(between, r)
		}
	}
	slices.SortStableFunc(between, func(a, b *model.Release) int {
		x, y := number(a.Version), number(b.Version)
		return cmp.Or(slices.Compare(x[:], y[:]), strings.Compare(a.Version, b.Version))
	})
	return between
}

func older(a, b string) bool {
	c, ok := version.Compare(model.KindOther, a, b)
	return ok && c < 0
}

func number(v string) [3]int {
	major, minor, patch, _ := version.Core(v)
	return [3]int{major, minor, patch}
}

// findUnknown says what is not known of the releases between the two: a minor
// version of which the catalogue has none. Patches are not counted: a vendor skips numbers there.
func (s *step) findUnknown() string {
	c, ordered := version.Compare(model.KindOther, s.from.Version, s.to.Version)
	_, _, _, okFrom := version.Core(s.from.Version)
	_, _, _, okTo := version.Core(s.to.Version)
	from, to := number(s.from.Version), number(s.to.Version)
	switch {
	case !ordered || !okFrom || !okTo:
		return "the two versions have no order, so it is not known what lies between them"
	case c >= 0:
		return "" // backwards no script runs that could have removed anything
	case from[0] != to[0]:
		return "it is not known which releases lie between two major versions"
	}
	var gaps []string
	last := from[1]
	for _, r := range append(slices.Clone(s.between), s.to) {
		minor := number(r.Version)[1]
		switch first := last + 1; {
		case minor == first+1:
			gaps = append(gaps, fmt.Sprintf("%d.%d", from[0], first))
		case minor > first+1:
			gaps = append(gaps, fmt.Sprintf("%d.%d to %d.%d", from[0], first, from[0], minor-1))
		}
		last = max(last, minor)
	}
	if len(gaps) == 0 {
		return ""
	}
	return fmt.Sprintf("the step skips %s, of which the catalogue has no release", strings.Join(gaps, ", "))
}

// reportSteps says where the undeploys of skipped releases are not known. With
// nothing that they could have removed that is only worth knowing.
func (d *differ) reportSteps() {
	for _, s := range d.steps {
		if s.unknown == "" {
			continue
		}
		severity, consequence := model.Info, "no chart of the source depends on that"
		if len(s.unverified) > 0 {
			severity, consequence = model.Warning, "what it would have undeployed is not verified"
		}
		slices.Sort(s.unverified)
		d.warn(severity, CodeUndeployNotVerified, s.to.Product,
			"add a release of each skipped minor version to the catalogue, or check the charts by hand", s.unverified,
			"%s -> %s: %s; %s", s.from.Ref(), s.to.Ref(), s.unknown, consequence)
	}
}

// reportProducts names products that are on one side only or twice on one.
func (d *differ) reportProducts() {
	for _, r := range d.to.releases {
		if !d.from.has(r.Product) {
			d.warn(model.Info, CodeProductAdded, r.Ref(), "where it is installed already, name its release on both sides", nil,
				"%s is not part of the source: all it holds is new", r.Product)
		}
	}
	for _, r := range d.from.releases {
		if !d.to.has(r.Product) {
			d.warn(model.Warning, CodeProductRemoved, r.Ref(), "where it stays installed, name its release on both sides", d.left(r),
				"%s is not part of the target: all it holds is gone, and its charts stay where nothing undeploys them", r.Product)
		}
	}
	d.from.reportTwice(d, "source")
	d.to.reportTwice(d, "target")
}

// left are the charts of a release that nothing undeploys.
func (d *differ) left(r *model.Release) []string {
	var ids []string
	for i := range d.from.entries {
		e := &d.from.entries[i]
		if e.release == r && e.c.Kind == model.KindChart && d.to.find(e.id) == nil && !d.fate(e).removed {
			ids = append(ids, string(e.id))
		}
	}
	slices.Sort(ids)
	return ids
}

func (s *side) reportTwice(d *differ, which string) {
	for i, r := range s.releases {
		if i > 0 && s.releases[i-1].Product == r.Product {
			d.warn(model.Warning, CodeProductTwice, r.Product, "name one release of each product", []string{s.releases[i-1].Ref(), r.Ref()},
				"the %s holds two releases of %s; where they differ the later one counts", which, r.Product)
		}
	}
}

func (s *side) has(product string) bool { return s.last(product) != nil }

// last is the release of a product that counts; nil where there is none.
func (s *side) last(product string) *model.Release {
	for _, r := range slices.Backward(s.releases) {
		if r.Product == product {
			return r
		}
	}
	return nil
}
