package diff

import (
	"strings"

	"planewise/model"
	"planewise/model/snapshot"
)

// expected knows which changes of a system belong to a plan, or come with any update
// and say nothing: pods that are ready or not, budgets and jobs that charts bring,
// a node that is ready again.
type expected struct {
	planned  map[string]bool // components
	products map[string]bool // of both sides
	images   map[string]bool // roles whose node image the plan changes
	roles    map[string]string
}

func newExpected(plan model.Plan, planned map[string]bool, after snapshot.Snapshot) expected {
	e := expected{planned: planned, products: map[string]bool{}, images: map[string]bool{}, roles: map[string]string{}}
	for _, side := range [...][]model.ReleaseRef{plan.From, plan.To} {
		for _, r := range side {
			e.products[r.Product+"-"+r.Version] = true
		}
	}
	for id := range planned {
		if rest, ok := strings.CutPrefix(id, string(model.KindNodeImage)+":"); ok {
			role, _, _ := strings.Cut(rest, ".")
			e.images[role] = true
		}
	}
	for _, m := range after.Machines {
		e.roles[m.ID] = m.Role
	}
	return e
}

// covers says whether a change is no surprise.
func (e expected) covers(c Change) bool {
	switch c.Kind {
	case "component":
		return e.planned[c.Subject]
	case "product":
		return e.products[c.Subject]
	case "node":
		return nodeOf(c)
	case "machine":
		if c.What == "image" {
			return e.images[e.roles[c.Subject]]
		}
		return c.What == "state" && !strings.EqualFold(c.Before, "Ready")
	case "ceph":
		// Repaired is no surprise; what was counted before has to be there after.
		return c.What == "health" && c.After == "HEALTH_OK" || (c.What == "checks" || c.What == "flags") && c.After == ""
	case "manifest":
		return c.What != "status" || c.After == "success" || c.After == ""
	case "network":
		return false
	}
	return true // workloads, budgets and jobs are what charts make of them
}

// nodeOf: versions of a node are components; a node that is ready and takes work
// again is as it should be.
func nodeOf(c Change) bool {
	switch c.What {
	case "ready":
		return c.After == "true"
	case "cordoned":
		return c.After == "false"
	case "kubelet", "kernel", "os":
		return true
	}
	return false
}
