package impact

import (
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// findFault counts the instances that were not up when the site was looked at: by
// their own number where that was seen, else by the nodes on which they live, else by
// what Ceph said of its daemons. What the mapping alone says of a workload has no
// faults.
func (s *scene) findFault(in *instances) {
	lost, what := s.faultOf(in)
	in.missing = min(lost, in.wanted)
	if in.missing <= 0 {
		in.missing = 0
		return
	}
	in.fault = strconv.Itoa(in.missing) + " of " + strconv.Itoa(in.wanted) + " " + what + " when the site was looked at"
	in.sight = s.sight()
}

func (s *scene) faultOf(in *instances) (lost int, what string) {
	kind := strings.ToLower(in.Kind)
	switch {
	case in.seen != nil && in.seen.Ready != nil:
		return in.wanted - max(0, *in.seen.Ready), "not ready"
	case strings.HasPrefix(kind, "ceph-"):
		return s.cephFault(kind), cephWords[kind]
	case kind == "node" || kind == "node-daemon" || kind == "static-pod" || kind == "daemonset":
		n := 0
		for _, h := range s.system.Hosts {
			if h.Role == in.RunsOn && h.NotReady {
				n++
			}
		}
		return n, "on nodes that were not ready"
	}
	return 0, ""
}

func (s *scene) cephFault(kind string) int {
	if s.system.Ceph == nil || s.system.Ceph.Faults == nil {
		return 0
	}
	f := s.system.Ceph.Faults
	n := 0
	switch kind {
	case "ceph-mon":
		n = f.Mons
	case "ceph-mgr":
		n = f.Mgrs
	case "ceph-mds":
		n = f.MDS
	case "ceph-rgw":
		n = f.RGW
	case "ceph-osd":
		n = f.OSDHosts
	}
	return min(max(0, n), maxInstances)
}

var cephWords = map[string]string{
	"ceph-mon": "out of the quorum", "ceph-mgr": "not running", "ceph-mds": "not running", "ceph-rgw": "not running",
	"ceph-osd": "hosts with storage daemons down or copies missing",
}

// without says how many are up while the fault is not repaired.
func (in *instances) without(lost int) string {
	return "with " + strconv.Itoa(in.missing) + " not up already, " + strconv.Itoa(max(0, in.wanted-lost-in.missing)) + " up"
}

// startsDegraded says of everything that runs what was wrong with it when the system
// was looked at, before any work: what of the capabilities that makes worse, and what
// one instance less would make of it.
func (e *Engine) startsDegraded() []model.Diagnostic {
	s := e.begin("start")
	told := map[string]*standing{}
	var order []string
	for _, in := range e.live {
		if in.missing == 0 {
			continue
		}
		key := s.faultKey(in)
		if told[key] == nil {
			told[key] = &standing{subject: key}
			order = append(order, key)
		}
		told[key].of = append(told[key].of, in)
	}
	slices.Sort(order)
	for _, key := range order {
		s.tellStanding(told[key])
	}
	s.strangers()
	s.cephStanding()
	s.cordoned()
	return s.notes // diagnostics are not part of the memory that is given back
}

// standing is one fault with all whose instances it takes.
type standing struct {
	subject string
	of      []*instances
}

// faultKey joins what is at fault because of the same nodes.
func (s *scene) faultKey(in *instances) string {
	if nodeBound(in) && (in.seen == nil || in.seen.Ready == nil) && !strings.HasPrefix(in.Kind, "ceph-") {
		return "nodes:" + in.RunsOn
	}
	return in.name()
}

func (s *scene) tellStanding(x *standing) {
	first := x.of[0]
	var names []string
	for _, in := range x.of {
		names = append(names, in.short())
	}
	slices.Sort(names)
	names = slices.Compact(names)
	summary := first.fault + ", before any work"
	if down := s.notReady(first.RunsOn); strings.HasPrefix(x.subject, "nodes:") {
		summary = plural(len(down), "node was", "nodes were") + " not ready when the site was looked at, before any work: " + listed(down) + "; there is one instance less of " + listed(names)
	}
	summary += "; " + s.worsens(x.of) + ". " + s.oneMore(x.of)
	s.note(model.Warning, "starts-degraded", x.subject, summary, "repair it before the work, and import the system again", names...)
}

func (s *scene) notReady(role string) []string {
	var out []string
	for _, h := range s.system.Hosts {
		if h.Role == role && h.NotReady {
			out = append(out, h.Name)
		}
	}
	slices.Sort(out)
	return out
}

// worsens says which capabilities faults make worse, by themselves.
func (s *scene) worsens(of []*instances) string {
	felt := s.standingEffects(of, func(in *instances) model.Range { return s.levelOf(in, in.missing) })
	if len(felt) == 0 {
		return "no capability feels it"
	}
	return "by itself it makes " + listed(felt)
}

// oneMore says what one instance less makes of the services themselves.
func (s *scene) oneMore(of []*instances) string {
	var worst model.Range
	for _, in := range of {
		worst = worst.Worse(s.levelOf(in, in.missing+1))
	}
	return "One more away, and the service itself is at level " + worst.String()
}

// levelOf is the level of a service with exactly so many of its instances away.
func (s *scene) levelOf(in *instances, away int) model.Range {
	switch {
	case in.Kind == "ceph-osd":
		level, _ := s.poolsWith(in, away)
		return level
	case in.Kind == "ceph-mds":
		active, standby := s.metadataCounts(in)
		if standby >= away {
			return model.Exactly(model.AtRisk)
		}
		level, _, _ := standbyLevel(active, standby, away)
		return level
	}
	return in.with(in.wanted - away)
}

// standingEffects are the capabilities with their levels, the worst first, when
// services stay at levels.
func (s *scene) standingEffects(of []*instances, level func(*instances) model.Range) []string {
	sub := s.sub()
	defer s.take(sub)
	for _, in := range of {
		sub.piece(in, level(in), model.Span{}, sub.length, func() string { return "as it was seen" })
	}
	effects := sub.effects()
	slices.SortStableFunc(effects, func(a, b model.Effect) int { return worseFirst(a.Range(), b.Range()) })
	var out []string
	for _, e := range effects {
		out = append(out, string(e.Capability)+" "+e.Range().String())
	}
	return out
}

// worseFirst orders levels: by what is certain, then by what is possible.
func worseFirst(a, b model.Range) int {
	if a.Least != b.Least {
		return int(b.Least) - int(a.Least)
	}
	return int(b.Most) - int(a.Most)
}

// listed names a few of many.
func listed(words []string) string {
	const shown = 5
	if len(words) > shown+1 {
		words = append(slices.Clone(words[:shown]), strconv.Itoa(len(words)-shown)+" more")
	}
	return strings.Join(words, ", ")
}

// strangers are workloads of which the mapping knows nothing, so that nobody can say
// what is worse because of them.
func (s *scene) strangers() {
	var names []string
	for i := range s.system.Workloads {
		if o := &s.system.Workloads[i]; o.Ready != nil && *o.Ready < o.Replicas && !s.isMapped(o) {
			names = append(names, o.Namespace+"/"+o.Name)
		}
	}
	if names == nil {
		return
	}
	slices.Sort(names)
	s.note(model.Warning, "starts-degraded", "workloads", plural(len(names), "workload", "workloads")+" of which the mapping knows nothing had instances that were not ready when the site was looked at: "+listed(names)+"; what that makes worse is not known",
		"repair them before the work, or add them to a mapping file")
}

// cephStanding says what Ceph itself said was wrong.
func (s *scene) cephStanding() {
	if s.system.Ceph == nil || s.system.Ceph.Faults == nil {
		return
	}
	f := s.system.Ceph.Faults
	if f.Health != "" {
		text := "the storage cluster was " + f.Health + " when the site was looked at, before any work"
		if len(f.Checks) > 0 {
			text += ": " + listed(f.Checks)
		}
		s.note(model.Warning, "starts-degraded", "ceph", text, "repair it before the work: ceph health detail")
	}
	if len(f.Flags) > 0 {
		s.note(model.Warning, "starts-degraded", "ceph flags", "flags were set on the storage cluster when the site was looked at: "+listed(f.Flags)+"; with them lost copies may not be made again",
			"ceph osd unset FLAG, where nobody needs it any more")
	}
}

// cordoned says which nodes take no pods from the others.
func (s *scene) cordoned() {
	byRole := map[string][]string{}
	var roles []string
	for _, h := range s.system.Hosts {
		if h.Cordoned && !h.NotReady {
			if byRole[h.Role] == nil {
				roles = append(roles, h.Role)
			}
			byRole[h.Role] = append(byRole[h.Role], h.Name)
		}
	}
	slices.Sort(roles)
	for _, role := range roles {
		slices.Sort(byRole[role])
		s.note(model.Warning, "starts-degraded", "cordoned:"+role, "nothing new was scheduled on "+plural(len(byRole[role]), role+" node", role+" nodes")+" when the site was looked at: "+listed(byRole[role])+"; pods of drained nodes cannot go there",
			"kubectl uncordon NODE, where nobody needs it any more")
	}
}

// unusable is how many nodes of a role take no pods from others: those that were not
// ready, and those that were cordoned.
func (s *scene) unusable(role string) int {
	n := 0
	for _, h := range s.system.Hosts {
		if h.Role == role && (h.NotReady || h.Cordoned) {
			n++
		}
	}
	return n
}
