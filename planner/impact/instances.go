package impact

import (
	"cmp"
	"strconv"
	"strings"

	"planewise/model"
)

// instances is a workload as it is on the system.
type instances struct {
	model.Workload
	node   int32
	wanted int
	needed int
	// quorum: fewer than needed is an outage, not a degradation.
	quorum   bool
	restart  model.Estimate
	failover model.Estimate
	// perNode is the largest number of instances known to share a node; 0: not known.
	perNode int
	budget  *model.PDB
	// guessed: nobody said how many there are.
	guessed bool
	// bound: a client is tied to one instance, so that any that is lost is felt.
	bound bool
	// doubt: whether the system has it at all is not known.
	doubt bool
	// missing is how many were not up when the system was looked at.
	missing int
	// fault says so in words, sight where that was seen.
	fault, sight string
	// seen is what the site was seen to run; nil: nothing was.
	seen *model.ObservedWorkload
}

// level is how bad it is when the work leaves so many instances up. Whether a fault
// that was there when the system was looked at is repaired by then is not known: the
// level is at least that without it, and at most that with it.
func (in *instances) level(up int) model.Range {
	r := in.with(up)
	if in.missing == 0 || up >= in.wanted {
		return r
	}
	return r.Spanned(in.with(max(0, up-in.missing)))
}

// with is the level of exactly so many instances.
func (in *instances) with(up int) model.Range {
	switch {
	case up >= in.wanted:
		return model.Exactly(model.None)
	case in.guessed:
		return model.Range{Least: model.AtRisk, Most: model.Outage}
	case up <= 0 || in.quorum && up < in.needed:
		return model.Exactly(model.Outage)
	case up >= in.needed && !in.bound:
		return model.Exactly(model.AtRisk)
	default:
		return model.Exactly(model.Degraded)
	}
}

// arithmetic states a level's reason in numbers.
func (in *instances) arithmetic(lost int, how string) string {
	if in.bound {
		how += ", no proxy in front"
	}
	text := how + ": " + strconv.Itoa(lost) + " of " + strconv.Itoa(in.wanted) + " down, " + strconv.Itoa(max(0, in.wanted-lost)) + " up, "
	text += strconv.Itoa(in.needed) + " needed"
	if in.quorum {
		text += " for a quorum"
	}
	if in.missing > 0 && lost > 0 {
		text += "; " + in.without(lost)
	}
	return text
}

// short is "services/api", name "workload:services/api".
func (in *instances) short() string {
	if in.Namespace == "" {
		return nameOf(in.Workload)
	}
	return in.Namespace + "/" + nameOf(in.Workload)
}

func (in *instances) name() string { return "workload:" + in.short() }

// resolve looks a workload up on the system; nil where it does not exist there.
func (s *scene) resolve(w model.Workload) *instances {
	if in, known := s.resolved[w]; known {
		return in
	}
	if !s.system.Has(w.When) {
		return nil
	}
	n, known := s.service[w.Service]
	if !known {
		s.note(model.Blocking, "unknown-service", string(w.Service), "a workload provides a service that nothing defines", "define the service or correct the name", string(s.id), nameOf(w))
		return nil
	}
	in := &instances{Workload: w, node: n}
	in.restart = s.orGuess(in, w.Restart, "the restart time", defaultRestart)
	in.failover = s.orGuess(in, w.Failover, "the fail-over time", defaultFailover)
	in.wanted, in.guessed = s.count(w)
	if s.system.Undecides(w.When) && s.find(w) == nil {
		in.doubt, in.Basis = true, model.BasisUnknown
		in.Text = "whether it runs here is not stated (" + w.When + ")"
	}
	s.observe(in)
	if in.RunsOn == "" {
		in.RunsOn = "worker"
	}
	s.findFault(in)
	s.setNeeded(in)
	// A proxy in front of the object gateways hides that one is away.
	in.bound = in.Kind == "ceph-rgw" && s.system.Ceph != nil && !s.system.Ceph.RGWProxy
	if in.wanted <= 0 {
		return nil
	}
	return in
}

// count is the number of instances the mapping wants, and whether that is a guess.
func (s *scene) count(w model.Workload) (n int, guessed bool) {
	switch {
	case w.Replicas > 0:
		return min(w.Replicas, maxInstances), false
	case w.CountFrom != "":
		n, known := s.counted(w.CountFrom)
		if !known {
			s.note(model.Warning, "unknown-count", nameOf(w), "the system does not say how many there are ("+w.CountFrom+"), so that the effect of losing one is not known",
				"add it to the system description")
			return 1, true
		}
		return n, false
	case strings.EqualFold(w.Kind, "DaemonSet"):
		return s.nodesOf(cmp.Or(w.RunsOn, "worker")), false
	}
	return 1, false
}

// counted evaluates "nodes:ROLE", "nodes:ROLE+ROLE" and "ceph:DAEMON".
func (e *Engine) counted(from string) (int, bool) {
	if roles, ok := strings.CutPrefix(from, "nodes:"); ok {
		if roles == "" {
			return e.nodesOf(""), true
		}
		n := 0
		for role := range strings.SplitSeq(roles, "+") {
			n += e.nodesOf(role)
		}
		return n, true
	}
	ceph := e.system.Ceph
	if ceph == nil {
		return 0, false
	}
	n := 0
	switch from {
	case "ceph:mons":
		n = max(0, ceph.Mons)
	case "ceph:mgrs":
		n = max(0, ceph.Mgrs)
	case "ceph:mds":
		n = max(0, ceph.MDSActive) + max(0, ceph.MDSStandby)
	case "ceph:rgw":
		n = max(0, ceph.RGW)
	case "ceph:osd-hosts":
		n = max(0, ceph.OSDHosts)
	}
	return n, n > 0 // a mapping that counts them expects some
}

// nodesOf counts nodes, leaving out what cannot be ("negative" groups are noted
// when the engine is made).
func (e *Engine) nodesOf(role string) int {
	n := 0
	for _, g := range e.system.Nodes {
		if role == "" || g.Role == role {
			n += min(max(g.Count, 0), maxInstances)
		}
	}
	return min(n, maxInstances)
}

// observe lets what was seen on the site beat the mapping.
func (s *scene) observe(in *instances) {
	o := s.find(in.Workload)
	if o == nil {
		return
	}
	said := s.seenText(in, o) // before it is lost what the mapping says
	if o.AskedBy == "" {
		in.seen = o
	}
	if o.Replicas >= 0 {
		in.wanted, in.guessed = min(o.Replicas, maxInstances), false
	}
	if o.Method != "" {
		in.Method = o.Method
	}
	if o.MaxUnavailable != "" || o.MaxSurge != "" {
		in.MaxUnavailable, in.MaxSurge = o.MaxUnavailable, o.MaxSurge
	}
	in.ExclusiveVolume = o.ExclusiveVolume || in.ExclusiveVolume
	in.Leader = o.Leader || in.Leader
	in.budget = o.PDB
	at := map[string]int{}
	for _, node := range o.Nodes {
		at[node]++
		in.perNode = max(in.perNode, at[node])
	}
	if o.AskedBy != "" {
		// Nobody has seen them; they stand in the settings that the chart is shipped with.
		in.Basis, in.Source, in.Text = model.BasisChart, o.AskedBy, askedText(o.Replicas)
		return
	}
	in.Basis, in.Source, in.Text = model.BasisObserved, s.sight(), said
	if o.Replicas == 0 {
		s.note(model.Info, "observed-zero-replicas", in.name(), "on this site it runs with no instances, so that its update disturbs nobody", "")
	}
}

func askedText(replicas int) string {
	if replicas == 1 {
		return "1 instance set by the site, not seen"
	}
	return strconv.Itoa(replicas) + " instances set by the site, not seen"
}

// find is the observed workload of the same kind, name and namespace. Where the
// mapping names no namespace, the name alone has to be unambiguous.
func (e *Engine) find(w model.Workload) *model.ObservedWorkload {
	var hit *model.ObservedWorkload
	for _, o := range e.observed[nameOf(w)] {
		if !strings.EqualFold(o.Kind, w.Kind) {
			continue
		}
		if w.Namespace == "" || o.Namespace == w.Namespace {
			if hit != nil {
				return nil
			}
			hit = o
		}
	}
	return hit
}

// setNeeded reads Needed: a number, "quorum", "all", "" for one.
func (s *scene) setNeeded(in *instances) {
	switch in.Needed {
	case "":
		in.needed = 1
	case "quorum":
		in.needed, in.quorum = in.wanted/2+1, true
	case "all":
		in.needed = in.wanted
	default:
		k, err := strconv.Atoi(in.Needed)
		if err != nil { // the schema lets only numbers pass
			k = in.wanted
		}
		in.needed = k
		if k > in.wanted && in.wanted > 0 {
			s.note(model.Warning, "needed-above-wanted", in.name(),
				strconv.Itoa(k)+" instances are needed and only "+strconv.Itoa(in.wanted)+" wanted", "correct one of the two numbers")
		}
	}
}
