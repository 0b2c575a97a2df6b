package diff

import (
	"cmp"
	"fmt"

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
