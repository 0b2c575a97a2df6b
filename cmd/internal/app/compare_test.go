package app

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"planewise/model"
)

func testApp(tb testing.TB) *App {
	tb.Helper()
	a := &App{StorePath: filepath.Join(tb.TempDir(), "store.db"), Now: time.Now, Note: func(string, ...any) {}}
	if _, err := a.open(); err != nil { // fills a new store, which is not what is measured
		tb.Fatal(err)
	}
	return a
}

var fourTargets = Comparison{
	Request: Request{From: "csm-1.4.3"},
	Targets: []string{"csm-1.5.0", "csm-1.5.1", "csm-1.5.2", "csm-1.6.0-rc.3"},
	Systems: []string{"demo"}, Policies: []string{"jobs-first"},
}

// Comparing four targets should cost less than four plans: both from a store that
// exists, as a command would.
func BenchmarkCompareFourTargets(b *testing.B) {
	a := testApp(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Compare(context.Background(), fourTargets); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFourPlans(b *testing.B) {
	a := testApp(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, to := range fourTargets.Targets {
			if _, err := a.Plan(context.Background(), fourTargets.with(to, "demo", "jobs-first")); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// A shelf reads a document once, and what it gives is what reading again gives.
func TestShelfReadsOnce(t *testing.T) {
	a := testApp(t)
	lib, err := a.open()
	if err != nil {
		t.Fatal(err)
	}
	counted := &counting{library: lib, reads: map[string]int{}}
	s := newShelf(a, counted)
	for _, to := range fourTargets.Targets {
		if _, err := s.gather(context.Background(), fourTargets.with(to, "demo", "jobs-first")); err != nil {
			t.Fatal(err)
		}
	}
	for what, n := range counted.reads {
		// A target may be read a second time as a release in between.
		if n > 2 {
			t.Errorf("%s was read %d times", what, n)
		}
	}
	if counted.reads["mapping default"] != 1 || counted.reads["system demo"] != 1 {
		t.Errorf("reads: %v", counted.reads)
	}
}

// counting counts the documents that are read, by several goroutines.
type counting struct {
	library
	mu    sync.Mutex
	reads map[string]int
}

func (c *counting) document(kind Kind, name string) (kept, error) {
	c.mu.Lock()
	c.reads[string(kind)+" "+name]++
	c.mu.Unlock()
	return c.library.document(kind, name)
}

// One comparison and four plans say the same of every target.
func TestCompareSaysWhatPlansSay(t *testing.T) {
	a := testApp(t)
	r, err := a.Compare(context.Background(), fourTargets)
	if err != nil {
		t.Fatal(err)
	}
	for i, to := range fourTargets.Targets {
		made, err := a.Plan(context.Background(), fourTargets.with(to, "demo", "jobs-first"))
		if err != nil {
			t.Fatal(err)
		}
		p := made.Plan()
		for _, s := range p.Planes {
			for _, row := range r.Planes {
				if c := row.Cells[i]; row.Plane == s.ID && (c.Announcements != s.Announcements || c.ExposureS != s.ExposureS || c.Outage != s.Levels["outage"]) {
					t.Errorf("%s, %s: %+v, the plan says %+v", to, s.ID, c, s)
				}
			}
		}
		if got := r.Options[i].Total; got.Cost != p.Optimality.Cost || got.Actions != len(p.Actions) {
			t.Errorf("%s: %+v", to, got)
		}
	}
}

func TestRedated(t *testing.T) {
	rs := []model.Release{{Product: "p", Version: "1.0.0", Date: "2025-01-01"}, {Product: "p", Version: "1.1.0"}}
	got, err := redated(rs, map[string]string{"p-1.0.0": "2025-02-02", "1.1.0": "2025-03-03"})
	if err != nil || got[0].Date != "2025-02-02" || got[1].Date != "2025-03-03" {
		t.Errorf("%+v, %v", got, err)
	}
	if rs[0].Date != "2025-01-01" {
		t.Error("the catalogue's release was changed")
	}
	if _, err := redated(rs, map[string]string{"p-9": "2025-02-02"}); err == nil {
		t.Error("a date for nothing is taken silently")
	}
}
