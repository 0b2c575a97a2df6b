package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"planewise/model"
)

// Every claim of the default mapping says where it comes from, in words.
func TestEveryFactHasEvidence(t *testing.T) {
	m := csmCatalog(t).Mapping()
	n := 0
	check := func(what string, e model.Evidence) {
		n++
		switch {
		case e.Basis == model.BasisUnknown && e.Source != "":
			t.Errorf("%s: a source but no basis", what)
		case e.Basis == model.BasisUnknown:
			t.Errorf("%s: no basis", what)
		case (e.Basis == model.BasisDocumented || e.Basis == model.BasisChart) && !strings.Contains(e.Source, ":"):
			t.Errorf("%s: %s, but where? (%q)", what, e.Basis, e.Source)
		case e.Basis == model.BasisDefault && e.Source != "":
			t.Errorf("%s: planewise's own figure has the source %q", what, e.Source)
		case e.Text == "":
			t.Errorf("%s: no text", what)
		case e.Basis == model.BasisMeasured || e.Basis == model.BasisObserved:
			t.Errorf("%s: nothing was %s before a site was there", what, e.Basis)
		}
	}
	estimate := func(what string, e *model.Estimate) {
		if e == nil {
			return
		}
		check(what, e.Evidence)
		if e.P90s == 0 {
			t.Errorf("%s: a length of zero is not the same as none known", what)
		}
	}
	workload := func(what string, w model.Workload) {
		check(what, w.Evidence)
		estimate(what+" restart", w.Restart)
		estimate(what+" failover", w.Failover)
		if w.Leader && w.Failover == nil {
			t.Errorf("%s: a leader and no failover", what)
		}
		if w.Kind == "" || w.Method == "" && w.Kind != "external" && w.Kind != "volume" {
			t.Errorf("%s: kind %q, method %q", what, w.Kind, w.Method)
		}
	}
	for _, c := range m.Capabilities {
		check(string(c.ID), c.Evidence)
		needs(string(c.ID), c.Needs, check)
	}
	for _, s := range m.Services {
		check(string(s.ID), s.Evidence)
		needs(string(s.ID), s.Needs, check)
	}
	for _, w := range m.Residents {
		workload("resident "+w.Name, w)
	}
	for _, r := range m.Rules {
		what := fmt.Sprint(r.Match)
		check(what, r.Evidence)
		estimate(what+" duration", r.Duration)
		if r.Match.Kind == model.KindChart && r.Duration == nil {
			t.Errorf("%s: helm waits for a chart at most for a time that is known", what)
		}
		if r.Method == "" && len(r.Workloads) == 0 {
			t.Errorf("%s: neither method nor workloads", what)
		}
		for _, w := range r.Workloads {
			workload(what+" "+w.Name, w)
		}
		for _, e := range r.Effects {
			check(what+" effect", e.Evidence)
			estimate(what+" effect", e.Lasts)
		}
		for _, x := range r.Retires {
			check(what+" retires "+string(x.Capability), x.Evidence)
		}
	}
	for _, o := range m.Orders {
		check(o.ID, o.Evidence)
	}
	for _, l := range m.Limits {
		check(l.ID, l.Evidence)
	}
	if n < 800 {
		t.Errorf("only %d facts", n)
	}
}

func needs(what string, n *model.Need, check func(string, model.Evidence)) {
	if n == nil {
		return
	}
	if n.Service != "" || n.Capability != "" {
		check(what+" needs "+string(n.Service)+string(n.Capability), n.Evidence)
	}
	for _, list := range [][]model.Need{n.All, n.Any, n.Of} {
		for i := range list {
			needs(what, &list[i], check)
		}
	}
}

// The planes and the questions that every plan answers.
func TestCapabilitiesCoverPlanesAndAnswers(t *testing.T) {
	m := csmCatalog(t).Mapping()
	planes, answers := map[model.PlaneID]int{}, map[string]int{}
	for _, c := range m.Capabilities {
		planes[c.Plane]++
		answers[c.Answer]++
		if !strings.HasPrefix(string(c.ID), string(c.Plane)+".") {
			t.Errorf("%s is on plane %s", c.ID, c.Plane)
		}
	}
	for _, p := range []model.PlaneID{"control", "access", "compute", "storage"} {
		if planes[p] < 5 {
			t.Errorf("plane %s has %d capabilities", p, planes[p])
		}
	}
	for _, a := range []string{"jobs", "launch", "login", "storage", "administration"} {
		if answers[a] == 0 {
			t.Errorf("nothing answers %q", a)
		}
	}
	for a := range answers {
		switch a {
		case "", "jobs", "launch", "login", "storage", "administration":
		default:
			t.Errorf("%q is no question", a)
		}
	}
}

// The dependencies that an update's indirect effects run along.
func TestChains(t *testing.T) {
	m := csmCatalog(t).Mapping()
	next := map[string][]string{}
	add := func(from string, n *model.Need) {
		needs(from, n, func(text string, _ model.Evidence) {
			next[from] = append(next[from], text[len(from)+len(" needs "):])
		})
	}
	for _, c := range m.Capabilities {
		add(string(c.ID), c.Needs)
	}
	for _, s := range m.Services {
		add(string(s.ID), s.Needs)
	}
	for _, tc := range []struct{ from, to string }{
		{"compute.boot", "ceph-rgw"}, {"compute.boot", "kea"}, {"compute.boot", "bss-etcd"}, {"compute.boot", "gateway"}, {"compute.boot", "spire-db"},
		{"compute.jobs", "projection"}, {"compute.jobs", "ceph-rgw"}, {"compute.launch", "wlm"},
		{"access.login", "hsn"}, {"access.submit", "wlm"}, {"access.uai-create", "nexus"},
		{"control.api", "opa"}, {"control.api", "keycloak"}, {"control.configuration", "gitea-db"}, {"control.configuration", "gateway"},
		{"control.boot-orchestration", "ceph-mds"}, {"control.inventory", "etcd"}, {"control.registry", "ceph-mds"},
		{"control.pod-scheduling", "csi-rbd"}, {"control.workflows", "nexus"}, {"storage.volumes", "etcd"},
	} {
		seen := map[string]bool{tc.from: true}
		todo := []string{tc.from}
		for len(todo) > 0 {
			at := todo[0]
			todo = todo[1:]
			for _, to := range next[at] {
				if !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
		if !seen[tc.to] {
			t.Errorf("%s does not depend on %s", tc.from, tc.to)
		}
	}
}
