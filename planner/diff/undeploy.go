package diff

import (
	"cmp"
	"fmt"
	"slices"

	"planewise/model"
)

// place is where a chart is installed.
type place struct{ namespace, name string }

// placeOf takes a missing namespace as "default", as Helm does: scripts call an
// undeploy without a namespace for charts there.
func placeOf(namespace, name string) place { return place{cmp.Or(namespace, "default"), name} }

// undeploy is a removal that a release's script performs.
type undeploy struct {
	release *model.Release
	before  string
	// skipped: the release lies between the two sides and its script is not run.
	skipped bool
}

// findUndeploys collects what the target's scripts remove and, behind that, those
// of the releases in between, oldest first.
func (d *differ) findUndeploys() map[place]undeploy {
	found := map[place]undeploy{}
	collect := func(r *model.Release, skipped bool) {
		for _, u := range r.Undeploys {
			p := placeOf(u.Namespace, u.Name)
			if _, has := found[p]; !has {
				found[p] = undeploy{r, u.Before, skipped}
			}
		}
	}
	for _, r := range d.to.releases {
		collect(r, false)
	}
	for _, r := range d.to.releases {
		if s := d.steps[r.Product]; s != nil && s.to == r {
			for _, between := range s.between {
				collect(between, true)
			}
		}
	}
	return found
}

// fate is what becomes of a chart that the target does not ship any more.
type fate struct {
	removed bool
	skipped *model.Release // whose script would have removed it
	text    string
}

func (d *differ) fate(e *entry) fate {
	u, ok := d.undeploys[placeOf(e.c.Namespace, e.c.Name)]
	switch {
	case !ok:
		text := "is not undeployed by the target and stays as it is"
		if r := d.to.last(e.release.Product); r != nil {
			text = fmt.Sprintf("is not undeployed by %s and stays as it is", r.Ref())
		}
		if s := d.steps[e.release.Product]; s != nil && s.unknown != "" {
			text += "; the releases in between are not known"
		}
		return fate{text: text}
	case u.skipped:
		return fate{removed: true, skipped: u.release,
			text: fmt.Sprintf("is undeployed by %s, which this step skips", u.release.Ref())}
	case u.before != "":
		return fate{removed: true, text: fmt.Sprintf("is undeployed by %s before it ships %s", u.release.Ref(), u.before)}
	default:
		return fate{removed: true, text: fmt.Sprintf("is undeployed by %s after its last list", u.release.Ref())}
	}
}

// removeChart completes the change of a chart that is gone.
func (d *differ) removeChart(e *entry, ch *model.Change) {
	fate := d.fate(e)
	if !fate.removed {
		ch.Direction = model.Orphaned
	}
	ch.Reason = fate.text
	if d.to.unshipped(e.id) {
		ch.Reason += "; the target has it in a list that nothing ships"
	}
	d.reportFate(e, fate)
}

// reportFate says what the person at the keyboard has to look after. Charts of a
// product that is not in the target are reported with the product.
func (d *differ) reportFate(e *entry, f fate) {
	switch {
	case f.skipped != nil:
		d.warn(model.Warning, CodeUndeploySkipped, string(e.id),
			"undeploy it by hand, or go through that release", nil,
			"%s in namespace %s %s; nothing that this step runs removes it", e.c.Name, e.c.Namespace, f.text)
	case f.removed || !d.to.has(e.release.Product):
	default:
		if s := d.steps[e.release.Product]; s != nil {
			s.unverified = append(s.unverified, string(e.id))
		}
		d.warn(model.Warning, CodeOrphanedChart, string(e.id),
			"undeploy it by hand once nothing needs it, or keep it knowingly", nil,
			"%s in namespace %s %s", e.c.Name, e.c.Namespace, f.text)
	}
}

// reinstall completes the change of a chart that the target undeploys and ships
// too, and reports whether it is one: it is gone in between, even where nothing
// about it differs.
func (d *differ) reinstall(before, after *entry, ch *model.Change) bool {
	c := after.c
	if c.Kind != model.KindChart {
		return false
	}
	u, has := d.undeploys[placeOf(c.Namespace, c.Name)]
	if !has || u.skipped || d.ranBefore(u.release, c) {
		return false
	}
	if ch.Direction == "" || ch.Inert {
		*ch = model.Change{ID: after.id, Kind: c.Kind, Name: name(c), From: before.c.Version, To: c.Version, Direction: model.Changed, Before: before.c, After: c}
	}
	ch.Reinstalled = true
	text := "undeployed by " + u.release.Ref() + " and installed anew"
	if ch.GoneAfter = u.afterwards(c.Manifest); ch.GoneAfter {
		text = "undeployed by " + u.release.Ref() + " after it is shipped; whether it is there in the end is not known"
	}
	if ch.Reason != "" {
		text = ch.Reason + "; " + text
	}
	ch.Reason = text
	return true
}

// ranBefore reports whether the source is this very release and removes the chart
// too: from a release to itself nothing is run.
func (d *differ) ranBefore(r *model.Release, c *model.Component) bool {
	return slices.ContainsFunc(d.from.releases, func(f *model.Release) bool {
		return f.Product == r.Product && f.Version == r.Version && slices.ContainsFunc(f.Undeploys, func(u model.Undeploy) bool {
			return placeOf(u.Namespace, u.Name) == placeOf(c.Namespace, c.Name)
		})
	})
}

// afterwards reports whether a chart of this list is shipped before it is removed.
func (u undeploy) afterwards(manifest string) bool {
	if u.before == "" {
		return true
	}
	place := func(list string) int {
		return slices.IndexFunc(u.release.Manifests, func(m model.Manifest) bool { return m.Name == list })
	}
	own, next := place(manifest), place(u.before)
	return own >= 0 && next >= 0 && next > own
}

// reportReinstalled names charts on both sides that the target's script removes
// all the same: the update is a removal and a new installation, or no more than
// the removal.
func (d *differ) reportReinstalled() {
	for _, r := range d.to.releases {
		for _, u := range r.Undeploys {
			for _, namespace := range []string{u.Namespace, cmp.Or(u.Namespace, "default")} {
				c := model.Component{Kind: model.KindChart, Namespace: namespace, Name: u.Name}
				if id := c.ID(); d.from.find(id) != nil && d.to.find(id) != nil {
					d.warn(model.Warning, CodeReinstalledChart, string(id), "read the release's script for what it does in between", nil,
						"%s undeploys %s and ships it too: it is installed anew, even where its version stays", r.Ref(), u.Name)
				}
			}
		}
	}
}

// reportNotDeployed names charts that differ in lists that nothing ships.
func (d *differ) reportNotDeployed() {
	hidden := map[string]entry{}
	for _, e := range d.from.hidden {
		hidden[e.c.Manifest+"\x00"+string(e.id)] = e
	}
	for _, e := range d.to.hidden {
		before, ok := hidden[e.c.Manifest+"\x00"+string(e.id)]
		if ok && before.c.Version != e.c.Version {
			d.warn(model.Info, CodeNotDeployedChange, string(e.id), "", nil,
				"%s %s -> %s in %s, which nothing ships: not a change of the system", e.c.Name, before.c.Version, e.c.Version, e.c.Manifest)
		}
	}
}
