package impact

import (
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// checkSlips finds what in the description of a site is allowed but hardly meant.
func (s *scene) checkSlips() {
	sys := s.system
	subject := "system:" + sys.Name
	times := map[model.NodeGroup]int{}
	for _, g := range sys.Nodes {
		g.Count = 0
		if g.Arch == "" {
			g.Arch = "x86_64"
		}
		if times[g]++; times[g] == 2 {
			s.note(model.Warning, "repeated-nodes", subject, "the nodes of role "+strings.Trim(g.Role+"/"+g.SubRole, "/")+" ("+g.Arch+") are listed several times, and their counts add up",
				"list them once with their whole number")
		}
	}
	names := map[string]int{}
	for _, h := range sys.Hosts {
		if names[h.Name]++; names[h.Name] == 2 {
			s.note(model.Warning, "repeated-nodes", subject, "the node "+h.Name+" is listed several times (hosts)", "list it once")
		}
	}
	for i := range sys.Workloads {
		s.checkSlip(&sys.Workloads[i])
	}
}

func (s *scene) checkSlip(o *model.ObservedWorkload) {
	subject := "workload:" + o.Namespace + "/" + o.Name
	less, err := parseAmount(o.MaxUnavailable)
	more, err2 := parseAmount(o.MaxSurge)
	if err == nil && err2 == nil && less.value == 0 && more.value == 0 {
		s.note(model.Warning, "bad-amount", subject, "max_unavailable and max_surge are both 0, which Kubernetes refuses", "raise one of them; one instance at a time is assumed")
	}
	// A snapshot lists all that runs, most of which no mapping has to know.
	if s.system.TakenAt != "" || s.isMapped(o) {
		return
	}
	s.note(model.Warning, "unmatched-workload", subject, "no workload of the mapping is a "+strconv.Quote(o.Kind)+" of this name and namespace, so that it changes nothing", "correct kind, namespace and name, or leave it out")
}

func (e *Engine) isMapped(o *model.ObservedWorkload) bool {
	same := func(w model.Workload) bool {
		return nameOf(w) == o.Name && strings.EqualFold(w.Kind, o.Kind) && (w.Namespace == "" || w.Namespace == o.Namespace)
	}
	return slices.ContainsFunc(e.resident, same) || slices.ContainsFunc(e.variants, same)
}

// checkEmptyLimits finds limits that limit nothing: 0 is no limit at all.
func (e *Engine) checkEmptyLimits() []model.Diagnostic {
	s := e.scene()
	for _, l := range e.limits {
		if l.MaxDown == 0 && l.MaxDownPermille == 0 && l.MinUp == 0 && l.Last == 0 {
			s.note(model.Warning, "bad-limit", l.ID, "the limit has no number over 0 and limits nothing", "give max_down, max_down_permille, min_up or last; to keep nodes from being taken down, leave their stage out")
		}
	}
	return s.notes
}
