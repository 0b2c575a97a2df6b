package planner

import (
	"fmt"
	"slices"
	"testing"

	"planewise/model"
)

func diagnosticsOf(n int, format string) []model.Diagnostic {
	var out []model.Diagnostic
	for i := range n {
		subject := fmt.Sprintf("chart:ns%d/c%04d", i%3, i)
		out = append(out, model.Diagnostic{Severity: model.Warning, Code: "x", Subject: subject,
			Summary: fmt.Sprintf(format, subject, fmt.Sprintf("c%04d", i), fmt.Sprintf("ns%d", i%3)), Hint: "mend it"})
	}
	return model.SortDiagnostics(out)
}

func TestCondense(t *testing.T) {
	if few := diagnosticsOf(manyAlike, "%s: %s in %s"); len(Condense(few)) != manyAlike {
		t.Errorf("%d are condensed to %d", manyAlike, len(Condense(few)))
	}
	many := diagnosticsOf(1000, "about %s: %s in namespace %s is gone")
	got := Condense(many)
	if len(got) != 1 || got[0].Subject != many[0].Subject || len(got[0].Also) != 999 || !slices.IsSorted(got[0].Also) || got[0].Summary != many[0].Summary {
		t.Fatalf("1000 alike: %d, the first with %d more: %q", len(got), len(got[0].Also), got[0].Summary)
	}
	// What was condensed before is condensed with what comes after, to the same.
	part := Condense(many[:500])
	if again := Condense(model.SortDiagnostics(append(part, many[500:]...))); len(again) != 1 || !slices.Equal(again[0].Also, got[0].Also) {
		t.Errorf("condensed in two steps: %d, the first with %d more", len(again), len(again[0].Also))
	}
	for i := range many {
		many[i].Summary += fmt.Sprint(" since ", i)
	}
	if got := Condense(many); len(got) != 1000 {
		t.Errorf("1000 that say different things are condensed to %d", len(got))
	}
}
