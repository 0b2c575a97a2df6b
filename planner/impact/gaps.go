package impact

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
)

// unknowable: where anything is disturbed, that of which something is not known may
// be too.
func (s *scene) unknowable() {
	if len(s.pieces) == 0 {
		return
	}
	for _, n := range s.gaps {
		src := s.reason("may disturb", s.nodes[n].name, model.Unknown(), model.Evidence{Basis: model.BasisUnknown, Text: s.nodes[n].gap})
		s.add(piece{node: n, level: model.Unknown(), to: s.length, source: src})
	}
}

// checkRoles finds roles without nodes on which residents of the mapping live. The
// services on them have no instances that could be lost, and would look as if
// nothing could disturb them.
func (e *Engine) checkRoles() []model.Diagnostic {
	s := e.scene()
	if e.nodesOf("") == 0 {
		return nil // said elsewhere
	}
	empty := map[string][]string{}
	for _, w := range e.resident {
		n, known := e.service[w.Service]
		roles := rolesOf(w)
		if roles == nil || !known || !e.system.Has(w.When) || e.system.Undecides(w.When) || e.find(w) != nil {
			continue
		}
		if slices.ContainsFunc(roles, func(r string) bool { return e.nodesOf(r) > 0 }) {
			continue
		}
		words := strings.Join(roles, " or ")
		e.nodes[n].gap = "the system has no " + words + " nodes to run it"
		if name := e.nodes[n].name; !slices.Contains(empty[words], name) {
			empty[words] = append(empty[words], name)
		}
	}
	for words, path := range empty {
		slices.Sort(path)
		s.note(model.Warning, "no-nodes", "system:"+e.system.Name, "the system has no nodes of role "+words+", on which "+plural(len(path), "service runs", "services run")+"; their effects are unknown",
			"give the number of "+words+" nodes, or override these residents in a mapping", path...)
	}
	return s.notes
}

// rolesOf are the roles on whose nodes a workload runs; nil: on none, or Ceph says.
func rolesOf(w model.Workload) []string {
	if roles, ok := strings.CutPrefix(w.CountFrom, "nodes:"); ok && roles != "" && w.Replicas == 0 {
		return strings.Split(roles, "+")
	}
	if w.Kind == "external" || w.RunsOn == "none" || strings.HasPrefix(w.CountFrom, "ceph:") {
		return nil
	}
	return []string{cmp.Or(w.RunsOn, "worker")}
}
