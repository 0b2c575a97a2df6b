package impact

import (
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// checkBudget finds a disruption budget that refuses the drain.
func (s *scene) checkBudget(t model.Task, b batches, in *instances) {
	if in.budget == nil || in.wanted == 0 {
		return
	}
	name := in.budget.Name
	if name == "" {
		name = in.short()
	}
	allowed, err := allowedByBudget(in.wanted, in.budget.MinAvailable, in.budget.MaxUnavailable)
	if err != nil {
		s.note(model.Blocking, "bad-budget", name, "the disruption budget of "+in.short()+" "+err.Error(), "set one of the two, as a number or a percentage")
		return
	}
	path := []string{string(t.ID), in.name(), "budget:" + name}
	if len(in.budget.Also) > 0 {
		s.note(model.Blocking, "several-budgets", in.name(), "the disruption budgets "+name+", "+strings.Join(in.budget.Also, ", ")+" all cover the pods of "+in.short()+", and Kubernetes evicts no pod that several cover, so that the drain of "+b.role+" nodes hangs",
			"delete all but one before the nodes are drained", path...)
		return
	}
	if allowed == 0 {
		s.notes = append(s.notes, model.Diagnostic{Severity: model.Blocking, Code: "budget-blocks-drain", Subject: name,
			Summary: "the disruption budget " + name + " lets none of the " + strconv.Itoa(in.wanted) + " instances of " + in.short() + " go, so that the drain of " + b.role + " nodes hangs",
			Hint:    "raise the replicas or loosen the budget before the nodes are drained", Path: path})
		return
	}
	if now := in.budget.Allowed; now != nil && *now <= 0 && in.wanted > 0 {
		s.note(model.Blocking, "budget-blocks-drain", name, "the disruption budget "+name+" would let "+strconv.Itoa(allowed)+" of the "+strconv.Itoa(in.wanted)+" instances of "+in.short()+" go, but when the site was looked at it allowed none"+readyText(in)+", so that the drain of "+b.role+" nodes hangs until that changes",
			"make all of its instances ready before the nodes are drained, and import the system again", path...)
		return
	}
	if lost := min(b.mostHit(in), b.stuck(in)+b.perNode(in)); b.stuck(in) > 0 && lost > allowed {
		s.notes = append(s.notes, model.Diagnostic{Severity: model.Blocking, Code: "budget-blocks-drain", Subject: name,
			Summary: "a batch of " + strconv.Itoa(b.size) + " " + b.role + " nodes takes " + strconv.Itoa(lost) + " instances of " + in.short() + ", the disruption budget " + name + " lets go of " + strconv.Itoa(allowed),
			Hint:    spreadHint(b), Path: path})
	}
}

// spreadHint is what helps where a batch takes too many instances.
func spreadHint(b batches) string {
	if b.size < 2 {
		return "spread its instances over more nodes before the work"
	}
	return "take fewer nodes at a time, or spread its instances over more nodes"
}

// readyText says how many instances were ready, where that is known.
func readyText(in *instances) string {
	if in.seen == nil || in.seen.Ready == nil {
		return ""
	}
	return " (" + strconv.Itoa(*in.seen.Ready) + " of " + strconv.Itoa(in.wanted) + " ready)"
}

// checkOtherBudgets looks at the budgets of workloads of which the mapping knows
// nothing: what they serve is not known, but a drain waits for them all the same.
func (s *scene) checkOtherBudgets(t model.Task, b batches, living []*instances) {
	known := map[*model.ObservedWorkload]bool{}
	for _, in := range living {
		known[in.seen] = true
	}
	here := map[string]bool{}
	for _, h := range s.system.HostsOf(t.Role) {
		here[h.Name] = true
	}
	for i := range s.system.Workloads {
		o := &s.system.Workloads[i]
		if o.PDB == nil || known[o] || o.Replicas <= 0 || strings.EqualFold(o.Kind, "DaemonSet") || s.isMapped(o) {
			continue
		}
		in := &instances{Workload: model.Workload{Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}, wanted: min(o.Replicas, maxInstances), needed: 1, budget: o.PDB, seen: o}
		at := map[string]int{}
		for _, name := range o.Nodes {
			if at[name]++; here[name] {
				in.perNode = max(in.perNode, at[name])
			}
		}
		// Where it runs decides where that is known; else on the workers, as most does.
		if in.perNode > 0 || t.Role == "worker" && (len(o.Nodes) == 0 || len(here) == 0) {
			s.checkBudget(t, b, in)
		}
	}
}

// checkUnmanaged finds pods that a drain refuses to evict, since nothing would start
// them again. Whether the procedure forces its drains is not known here.
func (s *scene) checkUnmanaged(t model.Task) {
	for _, h := range sortedBy(s.system.HostsOf(t.Role), func(h model.Host) string { return h.Name }) {
		if len(h.Unmanaged) == 0 {
			continue
		}
		pods := slices.Sorted(slices.Values(h.Unmanaged))
		s.note(model.Warning, "unmanaged-pods", "node:"+h.Name, "no controller starts these pods again elsewhere: "+listed(pods)+"; a drain refuses to evict them, and where it is forced they are gone",
			"ask their owners, and delete them before the node is drained", string(t.ID), "node:"+h.Name)
	}
}
