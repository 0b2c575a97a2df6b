package app

import (
	"context"
	"testing"
	"time"
)

// BenchmarkDemo is what a first start does: read the embedded documents and plan.
func BenchmarkDemo(b *testing.B) {
	a := &App{Now: time.Now, Note: func(string, ...any) {}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.DemoPlan(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
