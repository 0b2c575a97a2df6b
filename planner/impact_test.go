package planner_test

import (
	"slices"
	"testing"

	"planewise/model"
	"planewise/planner"
)

// What an action leaves behind until one in a later bundle is done is felt in every
// bundle between, however long those take: from 1.4 to 1.5 no certificate is issued from
// the removal of what does until it is installed in another namespace.
func TestWhatIsLeftBehindIsFeltInLaterBundles(t *testing.T) {
	w := embedded(t)
	p := planner.Build(w.input(w.set("csm-1.4.3"), w.set("csm-1.5.2")))
	bundle := func(id model.ActionID) int {
		return slices.IndexFunc(p.Bundles, func(b model.Bundle) bool { return slices.Contains(b.Actions, id) })
	}
	var began, ends int
	for _, a := range p.Actions {
		if slices.ContainsFunc(a.Effects, func(e model.Effect) bool { return e.Until == "action:ship:services/cray-etcd-backup" }) {
			began, ends = bundle(a.ID), bundle("ship:services/cray-etcd-backup")
		}
	}
	if ends-began < 2 {
		t.Fatalf("it is removed in bundle %d and installed in bundle %d: choose another pair for this test", began, ends)
	}
	felt := func(b model.Bundle) *model.CapabilityImpact {
		for _, plane := range b.Impact {
			for i := range plane.Capabilities {
				if plane.Capabilities[i].ID == "control.backups" {
					return &plane.Capabilities[i]
				}
			}
		}
		return nil
	}
	for i, b := range p.Bundles {
		c := felt(b)
		switch {
		case i > began && i < ends:
			if c == nil || c.Level != model.Outage || c.P90s != b.Duration.P90s {
				t.Errorf("%s, between the two: %+v of %+v", b.Label, c, b.Duration)
			}
		case i == ends:
			if c == nil || c.Level != model.Outage {
				t.Errorf("%s, in which it is installed: %+v", b.Label, c)
			}
		case i > ends && c != nil && c.Level == model.Outage && c.P90s == b.Duration.P90s:
			t.Errorf("%s, after it: %+v", b.Label, c)
		}
	}
}
