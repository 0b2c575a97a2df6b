package read_test

import (
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"slices"
	"testing"

	"planewise/model"
	"planewise/model/snapshot"
)

// An answer that could not be had makes the snapshot partial, and says why; so does
// one that came in part.
func TestMissing(t *testing.T) {
	r := New(csm.Answers())
	why := model.Diagnostic{Severity: model.Warning, Code: "refused", Subject: "kube/pods", Summary: "not \x1b[31myou", Hint: "ask nicely"}
	if err := r.File("kube/nodes", zero, reader(`{"kind":"NodeList","apiVersion":"v1","items":[{"metadata":{"name":"w1"}}]}`)); err != nil {
		t.Fatal(err)
	}
	r.Missing("kube/pods", why)
	r.Missing("kube/nodes", model.Diagnostic{Severity: model.Warning, Code: "no-answer", Subject: "kube/nodes"})
	s, notes := r.Snapshot()
	if !s.Partial || len(s.Sources) != 2 || !s.Sources[0].Partial || !s.Sources[1].Partial || len(s.Nodes) != 1 {
		t.Errorf("%+v", s)
	}
	why.Summary = `not \x1b[31myou`
	if !slices.ContainsFunc(notes, func(d model.Diagnostic) bool {
		return d.Code == why.Code && d.Summary == why.Summary && d.Hint == why.Hint
	}) {
		t.Errorf("%v", notes)
	}
	expectCode(t, notes, "no-answer")
}

// An empty list of the API says that there is none of a kind.
func TestEmptyLists(t *testing.T) {
	for kind, want := range map[string]string{
		"PodDisruptionBudgetList": snapshot.KindBudgets, "NodeList": snapshot.KindNodes, "postgresqlList": snapshot.KindDatabases, "List": snapshot.KindOther, "SecretList": snapshot.KindOther,
	} {
		for _, text := range []string{
			`{"apiVersion":"v1","items":[],"kind":"` + kind + `"}`, `{"kind":"` + kind + `","apiVersion":"v1","metadata":{},"items":[]}`, `{"kind":"` + kind + `","apiVersion":"v1","items":null}`,
		} {
			s, notes := read(t, text)
			if s.Partial || !slices.Equal(s.Sources[0].Kinds, []string{want}) {
				t.Errorf("%s: %+v %v", text, s.Sources, notes)
			}
		}
	}
}

// A cluster without an orchestrator is whole.
func TestNoOrchestrator(t *testing.T) {
	for _, text := range []string{"Error ENOENT: No orchestrator configured (try `ceph orch set backend`)\n", "Error ENOTSUP: Module 'orchestrator' is not enabled (required by command 'orch ls')"} {
		s, notes := read(t, text)
		if s.Partial || s.Has(snapshot.KindCephOrch) {
			t.Errorf("%+v", s)
		}
		expectCode(t, notes, "no-orchestrator")
	}
}
