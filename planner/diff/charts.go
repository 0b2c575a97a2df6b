package diff

import (
	"cmp"
	"fmt"

	"planewise/model"
	"planewise/model/version"
)

// compareCharts compares version, settings and the chart behind the release name.
func compareCharts(before, after *entry) (ch model.Change, differs bool) {
	a, b := before.c, after.c
	chartA, chartB := cmp.Or(a.Chart, a.Name), cmp.Or(b.Chart, b.Name)
	var s settingsDiff
	if a.Values != b.Values {
		s = compareSettings(a.Values, b.Values)
	}
	settings := !s.same()
	if a.Version == b.Version && chartA == chartB && !settings {
		return ch, false
	}
	ch.From, ch.To = a.Version, b.Version
	own := s.onlyVersion(before.release.Version, after.release.Version)
	switch {
	case chartA != chartB:
		// Versions of two charts have no order.
		ch.Direction = model.Changed
		ch.Reason = fmt.Sprintf("another chart under this release name: %s -> %s", chartA, chartB)
	case a.Version != b.Version:
		ch.Direction = version.Direction(model.KindChart, a.Version, b.Version)
	case own:
		ch.Direction, ch.Inert = model.ValuesOnly, true
		ch.Reason = fmt.Sprintf("its settings differ only in the product's own version (%s -> %s); nothing to do",
			before.release.Version, after.release.Version)
		return ch, true
	default:
		ch.Direction = model.ValuesOnly
		ch.Reason = "settings: " + s.String()
		return ch, true
	}
	ch.ValuesChanged = settings && !own
	return ch, true
}

// moves takes the charts that are gone from one namespace and new in another, and
// adds one change for each. Where a name is gone or new more than once, which one
// went where is not known; those stay removals and additions.
func (d *differ) moves(gone, fresh []*entry) (stillGone, stillFresh []*entry) {
	from, to := chartsByName(gone), chartsByName(fresh)
	pairs := map[*entry]bool{}
	for _, e := range gone {
		if e.c.Kind != model.KindChart || len(from[e.c.Name]) != 1 || len(to[e.c.Name]) != 1 {
			continue
		}
		target := to[e.c.Name][0]
		pairs[e], pairs[target] = true, true
		d.add(target, d.moved(e, target))
	}
	if len(pairs) == 0 {
		return gone, fresh
	}
	return without(gone, pairs), without(fresh, pairs)
}

func chartsByName(es []*entry) map[string][]*entry {
	byName := map[string][]*entry{}
	for _, e := range es {
		if e.c.Kind == model.KindChart {
			byName[e.c.Name] = append(byName[e.c.Name], e)
		}
	}
	return byName
}

func without(es []*entry, pairs map[*entry]bool) []*entry {
	var left []*entry
	for _, e := range es {
		if !pairs[e] {
			left = append(left, e)
		}
	}
	return left
}

// moved is the change of a chart that is installed anew in another namespace. Its
// old copy goes on running unless something undeploys it.
func (d *differ) moved(before, after *entry) model.Change {
	as, _ := compareCharts(before, after) // as if it had stayed where it was
	settings := as.ValuesChanged || as.Direction == model.ValuesOnly && !as.Inert
	ch := model.Change{
		ID: after.id, Kind: model.KindChart, Name: after.c.Name,
		From: inNamespace(before.c), To: inNamespace(after.c), Direction: model.Moved,
		ValuesChanged: settings, Before: before.c, After: after.c,
	}
	fate := d.fate(before)
	ch.Reason = fmt.Sprintf("from namespace %s to %s; the old copy %s", before.c.Namespace, after.c.Namespace, fate.text)
	d.reportFate(before, fate)
	return ch
}

func inNamespace(c *model.Component) string { return c.Namespace + "/" + c.Version }
