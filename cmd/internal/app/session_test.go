package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"planewise/model"
	"planewise/planner/inputs"
	"planewise/tui"
)

func session(t *testing.T) *Session {
	t.Helper()
	now := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	a := &App{StorePath: filepath.Join(t.TempDir(), "store.db"), Now: func() time.Time { return now }, Note: t.Logf}
	return NewSession(a, Request{})
}

// What was edited on the screen is part of every plan from then on, on the screen
// and on the command line.
func TestSavedRulesAreUsed(t *testing.T) {
	ctx, s := context.Background(), session(t)
	rule := model.Rule{
		Match:  model.Match{Kind: model.KindChart, Name: "cray-nls", Namespace: "argo"},
		Planes: []model.PlaneID{"access"}, Method: model.MethodLive,
		Evidence: model.Evidence{Basis: model.BasisInferred, Source: "site", Text: "Stated here."},
	}
	for _, planes := range [][]model.PlaneID{{"access"}, {"access", "compute"}} {
		rule.Planes = planes
		if err := s.SaveRules(ctx, []model.Rule{rule}); err != nil {
			t.Fatal(err)
		}
		base, err := s.Open(ctx, tui.Question{})
		if err != nil {
			t.Fatal(err)
		}
		m, ok := base.Input.Catalog.Lookup(model.Component{Kind: model.KindChart, Name: "cray-nls", Namespace: "argo"})
		if !ok || len(m.Rule.Planes) != len(planes) {
			t.Errorf("saved planes %v, planned with %v", planes, m.Rule.Planes)
		}
		view, err := s.app.Mapping(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		rules, err := view.Rules("chart:argo/cray-nls")
		if err != nil || len(rules[0].Planes) != len(planes) {
			t.Errorf("the command line sees %v (%v)", rules, err)
		}
	}
}

// The first plan needs no store and makes none.
func TestDemoOpensWithoutAStore(t *testing.T) {
	s := session(t)
	base, err := s.Open(context.Background(), tui.Question{})
	if err != nil || len(base.Input.From) == 0 {
		t.Fatalf("%d releases, %v", len(base.Input.From), err)
	}
	if _, err := os.Stat(s.app.StorePath); err == nil {
		t.Error("a store was made")
	}
}

// An export says first what it would write, and never writes over a file unasked.
func TestSessionExport(t *testing.T) {
	ctx, s := context.Background(), session(t)
	base, err := s.Open(ctx, tui.Question{})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := inputs.Plan(base.Input)
	if err != nil {
		t.Fatal(err)
	}
	order := tui.ExportOrder{Plan: plan, Formats: []string{"text", "json"}, Dir: filepath.Join(t.TempDir(), "out")}
	files, err := s.Export(ctx, order)
	if err != nil || len(files) != 2 || files[0].Exists {
		t.Fatalf("%+v, %v", files, err)
	}
	if _, err := os.Stat(order.Dir); err == nil {
		t.Fatal("asked only, it made the folder")
	}
	order.Write = true
	if _, err := s.Export(ctx, order); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0].Path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Export(ctx, order); err == nil || !strings.Contains(err.Error(), "exist") {
		t.Errorf("over an existing file: %v", err)
	}
	if data, _ := os.ReadFile(files[0].Path); string(data) != "mine" {
		t.Error("an existing file was changed")
	}
	order.Replace = true
	if _, err := s.Export(ctx, order); err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(files[0].Path); string(data) == "mine" {
		t.Error("with leave given it was not replaced")
	}
	left, err := os.ReadDir(order.Dir)
	if err != nil || len(left) != 2 {
		t.Errorf("%d files are left in the folder: %v", len(left), left)
	}
}

// A saved plan is found again by its id.
func TestSessionSavePlan(t *testing.T) {
	ctx, s := context.Background(), session(t)
	base, err := s.Open(ctx, tui.Question{From: "csm-1.5.1", To: "csm-1.5.2"})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := inputs.Plan(base.Input)
	if err != nil {
		t.Fatal(err)
	}
	name, err := s.SavePlan(ctx, plan)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.app.LoadPlan(name)
	if err != nil || again.ID != plan.ID {
		t.Errorf("found %s, want %s: %v", again.ID, plan.ID, err)
	}
}

// An imported release is in the catalogue; a context that has ended stops an import.
func TestSessionImport(t *testing.T) {
	ctx, s := context.Background(), session(t)
	path := filepath.Join(t.TempDir(), "toy.yaml")
	doc := "format: planewise.release/1\nproduct: toy\nversion: 1.0.0\ncomponents:\n  - {kind: chart, name: api, namespace: ns, version: 1.0.0}\n"
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	name, _, err := s.Import(ctx, path, func(int64, int64) {})
	if err != nil || name != "toy-1.0.0" {
		t.Fatalf("imported %q: %v", name, err)
	}
	entries, err := s.Releases(ctx)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range entries {
		found = found || e.Name == name && e.Origin == "user"
	}
	if !found {
		t.Errorf("%s is not in the catalogue: %v", name, entries)
	}
	set, err := s.Release(ctx, name+"+csm-1.5.2")
	if err != nil || len(set) != 2 {
		t.Errorf("read a set of %d: %v", len(set), err)
	}
}
