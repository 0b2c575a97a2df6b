package impact

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/planner/impact/duration"
)

// settle looks up everything that runs, once, and notes what names something that
// does not exist.
func (e *Engine) settle(workloads []*model.Workload) []model.Diagnostic {
	s := &scene{Engine: e}
	e.onRole = map[string][]*instances{}
	for _, w := range workloads {
		if w.Kind == "ceph-osd" {
			s.checkHosts(cmp.Or(w.RunsOn, "worker"))
		}
		if in := s.resolve(*w); in != nil {
			e.live = append(e.live, in)
			if in.Kind != "external" {
				e.onRole[in.RunsOn] = append(e.onRole[in.RunsOn], in)
			}
		}
	}
	return s.notes
}

// checkSystem finds what cannot be in a description of a site. What its schema
// refuses is not looked for again.
func (e *Engine) checkSystem() []model.Diagnostic {
	s := e.scene()
	sys := e.system
	subject := "system:" + sys.Name
	if e.nodesOf("") == 0 {
		s.note(model.Blocking, "no-nodes", subject, "the system has no nodes, so that no effect can be worked out", "list its nodes by role and count")
	}
	for i := range sys.Workloads {
		s.checkObserved(sys.Workloads[i])
	}
	s.checkSlips()
	s.checkCeph()
	return s.notes
}

func (s *scene) checkObserved(o model.ObservedWorkload) {
	name := "workload:" + o.Namespace + "/" + o.Name
	if o.Replicas > maxInstances {
		s.note(model.Blocking, "absurd-count", name, "the site runs "+strconv.Itoa(o.Replicas)+" instances", "correct it; "+strconv.Itoa(maxInstances)+" is taken")
	}
	for what, text := range map[string]string{"max_unavailable": o.MaxUnavailable, "max_surge": o.MaxSurge} {
		if text == "" {
			continue
		}
		if _, err := parseAmount(text); err != nil {
			s.note(model.Blocking, "bad-amount", name, what+" "+strconv.Quote(text)+" "+err.Error(), "give a number or a percentage")
		}
	}
	if o.PDB != nil {
		if _, err := allowedByBudget(o.Replicas, o.PDB.MinAvailable, o.PDB.MaxUnavailable); err != nil {
			s.note(model.Blocking, "bad-budget", name, "its disruption budget "+err.Error(), "set one of the two, as a number or a percentage")
		}
	}
	same := 0
	for _, x := range s.observed[o.Name] {
		if x.Namespace == o.Namespace && strings.EqualFold(x.Kind, o.Kind) {
			same++
		}
	}
	if same > 1 {
		s.note(model.Blocking, "duplicate-workload", name, "the site's workload is described "+strconv.Itoa(same)+" times", "keep one; the mapping's is taken until then")
	}
}

func (s *scene) checkCeph() {
	c := s.system.Ceph
	if c == nil {
		return
	}
	subject := "system:" + s.system.Name
	for what, n := range map[string]int{"mons": c.Mons, "mgrs": c.Mgrs, "mds_active": c.MDSActive, "mds_standby": c.MDSStandby, "rgw": c.RGW, "osd_hosts": c.OSDHosts} {
		if n > maxInstances {
			s.note(model.Blocking, "absurd-count", subject, "ceph has "+strconv.Itoa(n)+" "+what, "correct it; "+strconv.Itoa(maxInstances)+" is taken")
		}
	}
	for _, p := range c.Pools {
		pool := subject + " pool " + p.Name
		switch {
		case p.Size < p.MinSize:
			s.note(model.Blocking, "bad-pool", pool, "size "+strconv.Itoa(p.Size)+" is below min_size "+strconv.Itoa(p.MinSize)+": the pool takes no I/O even when all is up", "see ceph osd pool ls detail")
		case p.FailureDomain != "osd" && c.OSDHosts < p.MinSize:
			s.note(model.Blocking, "bad-pool", pool, "min_size "+strconv.Itoa(p.MinSize)+" is more than "+plural(c.OSDHosts, "host can", "hosts can")+" hold copies: the pool takes no I/O even when all is up", "correct osd_hosts, or see ceph osd pool ls detail")
		case p.FailureDomain != "osd" && p.Size > c.OSDHosts:
			s.note(model.Warning, "bad-pool", pool, plural(p.Size, "copy", "copies")+" on "+plural(c.OSDHosts, "host", "hosts")+": some copies are missing even when all is up", "see ceph osd pool ls detail")
		}
	}
}

// checkHosts compares Ceph's hosts with the nodes on which its daemons are said to
// live: one of the two numbers is out of date where they differ.
func (s *scene) checkHosts(role string) {
	c, n := s.system.Ceph, s.nodesOf(role)
	if c == nil || c.OSDHosts <= 0 || n == c.OSDHosts {
		return
	}
	s.note(model.Warning, "osd-hosts-differ", "system:"+s.system.Name, "ceph has "+plural(c.OSDHosts, "host", "hosts")+" with storage daemons (osd_hosts), the system "+plural(n, role+" node", role+" nodes"),
		"correct the one that is wrong; what happens to data follows from osd_hosts")
}

// checkPolicy finds a policy by which nothing could ever count.
func (e *Engine) checkPolicy() []model.Diagnostic {
	s := e.scene()
	if len(e.policy.Disturbed) == 0 && len(e.policy.Watched) == 0 {
		s.note(model.Warning, "policy-without-thresholds", "policy:"+e.policy.Name, "the policy says from which level on nothing is disturbed or watched, so that only unknown effects count", "set disturbed and watched")
	}
	return s.notes
}

// takeMeasured keeps the usable durations of the site, sorted so that the first of
// two equally specific ones is always the same.
func (e *Engine) takeMeasured() []model.Diagnostic {
	s := e.scene()
	for _, m := range e.system.Measured {
		if m.P90s < m.P50s || m.P90s > duration.Longest {
			s.note(model.Blocking, "bad-duration", "system:"+e.system.Name, "the measured duration of "+m.Action+" makes no sense ("+spanText(model.Span{P50s: m.P50s, P90s: m.P90s})+", "+strconv.Itoa(m.Samples)+" samples)", "0 <= p50s <= p90s, at most a year; it is left out")
			continue
		}
		e.measured = append(e.measured, m)
	}
	slices.SortFunc(e.measured, func(a, b model.Measured) int {
		return cmp.Or(strings.Compare(a.Action, b.Action), cmp.Compare(b.P90s, a.P90s), cmp.Compare(b.P50s, a.P50s), cmp.Compare(b.Samples, a.Samples), strings.Compare(a.Source, b.Source))
	})
	return s.notes
}
