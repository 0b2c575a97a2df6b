package comparison_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"planewise/planner/compare"
)

// Programs read the reports: what is written comes back.
func TestReportsComeBackFromJSON(t *testing.T) {
	first := named(t, "a")
	text, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	var again compare.Report
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(first, again); d != "" {
		t.Error(d)
	}
}
