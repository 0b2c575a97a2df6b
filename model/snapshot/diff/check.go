package diff

import (
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/snapshot"
)

// Checked compares what changed with what a plan had said would change.
type Checked struct {
	// Happened: planned, and the version is there now.
	Happened []model.ChangeID `json:"happened"`
	// Missing: planned, and something else runs.
	Missing []Change `json:"missing"`
	// Unplanned: a version changed that the plan does not name, or something else is
	// not as it was that no update changes (see unplanned.go).
	Unplanned []Change `json:"unplanned"`
	// NotShown: planned, but the exports cannot show it (packages, deliveries).
	NotShown []model.ChangeID `json:"not_shown"`
}

// AsPlanned reports whether nothing is missing and nothing else happened, as far as
// the snapshots show it.
func (c Checked) AsPlanned() bool { return len(c.Missing)+len(c.Unplanned) == 0 }

// Check says of the changes of a plan that its actions carry whether they happened,
// and what else did. Bundles limits it to those keys; nil is the whole plan.
func Check(plan model.Plan, bundles []model.ActionID, after snapshot.Snapshot, r Result, planes Planes) Checked {
	out := Checked{Happened: []model.ChangeID{}, Missing: []Change{}, Unplanned: []Change{}, NotShown: []model.ChangeID{}}
	wanted := actionsOf(plan, bundles)
	runs := versions(after, planes.Profile)
	planned := map[string]bool{}
	for _, c := range plan.Changes {
		if c.Action == nil || c.Delivery || !wanted[*c.Action] {
			continue
		}
		planned[string(c.ID)] = true
		switch {
		case !visible(c.Kind) || !shown(after, c.ID, runs):
			out.NotShown = append(out.NotShown, c.ID)
		case c.From == c.To && c.Direction != model.Removed:
			out.NotShown = append(out.NotShown, c.ID) // settings only
		case runs[c.ID] == c.To && c.Kind == model.KindKubernetes:
			// Nodes show their kubelets, which come with their images; the version of the
			// control plane is another one.
			out.NotShown = append(out.NotShown, c.ID)
		case runs[c.ID] == c.To:
			out.Happened = append(out.Happened, c.ID)
		default:
			out.Missing = append(out.Missing, Change{Kind: "component", Subject: string(c.ID), What: "version", Before: runs[c.ID], After: c.To, Planes: planes.of(c)})
		}
	}
	e := newExpected(plan, planned, after)
	for _, c := range r.Changes {
		if !e.covers(c) {
			out.Unplanned = append(out.Unplanned, c)
		}
	}
	slices.Sort(out.Happened)
	slices.Sort(out.NotShown)
	slices.SortFunc(out.Missing, func(a, b Change) int { return strings.Compare(a.Subject, b.Subject) })
	return out
}

// visible are the kinds whose versions exports show.
func visible(k model.Kind) bool {
	switch k {
	case model.KindChart, model.KindKubernetes, model.KindCeph, model.KindKernel, model.KindNodeImage:
		return true
	}
	return false
}

func actionsOf(plan model.Plan, bundles []model.ActionID) map[model.ActionID]bool {
	out := map[model.ActionID]bool{}
	for _, b := range plan.Bundles {
		if bundles != nil && !slices.Contains(bundles, b.Key) {
			continue
		}
		for _, a := range b.Actions {
			out[a] = true
		}
	}
	return out
}
