package document_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/document"
)

func policy(t *testing.T, name string) model.Policy {
	t.Helper()
	file := "policies/" + name + ".yaml"
	text, err := fixtures.FS.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := document.Decode[model.Policy](file, text)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != name {
		t.Errorf("%s is named %q", file, p.Name)
	}
	return p
}

// The numbers of the default policy are part of the contract.
func TestJobsFirstIsTheDefault(t *testing.T) {
	want := model.Policy{
		Format:    model.FormatPolicy,
		Name:      "jobs-first",
		Title:     "Jobs and logins first, administration last",
		Disturbed: map[model.Importance]model.Level{model.Critical: model.Degraded, model.Major: model.Outage},
		Watched: map[model.Importance]model.Level{
			model.Critical: model.AtRisk, model.Major: model.AtRisk, model.Minor: model.Outage},
		NoBlip: []model.CapabilityID{"compute.jobs"},
		Costs: []model.PlaneCost{
			{Plane: "compute", Fixed: 288000, Rate: 160, Watch: 16},
			{Plane: "access", Fixed: 72000, Rate: 80, Watch: 8},
			{Plane: "storage", Fixed: 36000, Rate: 40, Watch: 4},
			{Plane: "control", Fixed: 9000, Rate: 10, Watch: 1},
		},
		Sitting: 36000, Percentile: 90, ReservePermille: 200, CorrelationPermille: 300, Lanes: 1,
		Order: "documented", UntestedCuts: "allow",
		Rollout:  map[string]string{"compute": "stage", "uan": "reboot"},
		LeadS:    map[model.PlaneID]int64{"compute": 864000, "access": 432000, "storage": 259200, "control": 86400},
		HorizonS: 7776000,
	}
	if d := cmp.Diff(want, policy(t, "jobs-first")); d != "" {
		t.Error(d)
	}
}

// What the two others are named for follows from their prices.
func TestVariantsPriceWhatTheirNamesSay(t *testing.T) {
	base, few, short := policy(t, "jobs-first"), policy(t, "fewest-windows"), policy(t, "shortest-total")
	for i, c := range base.Costs {
		f, s := few.Costs[i], short.Costs[i]
		if f.Plane != c.Plane || s.Plane != c.Plane {
			t.Fatalf("planes in another order: %s, %s, %s", c.Plane, f.Plane, s.Plane)
		}
		// Seconds of disturbance that one announcement weighs.
		b, few, short := c.Fixed/c.Rate, f.Fixed/f.Rate, s.Fixed/s.Rate
		if few <= 4*b || short >= b {
			t.Errorf("%s: an announcement weighs %d s, with fewest-windows %d s, with shortest-total %d s", c.Plane, b, few, short)
		}
	}
	if few.Sitting <= base.Sitting || short.Sitting >= base.Sitting {
		t.Errorf("a sitting costs %d, with fewest-windows %d, with shortest-total %d", base.Sitting, few.Sitting, short.Sitting)
	}
}
