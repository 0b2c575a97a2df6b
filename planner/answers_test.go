package planner

import (
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/unknown"
)

func capability(id model.CapabilityID, topic string, importance model.Importance) model.Capability {
	return model.Capability{ID: id, Plane: "compute", Title: "title of " + string(id), Answer: topic, Importance: importance}
}

func impactOf(label string, impacts ...model.CapabilityImpact) model.Bundle {
	b := model.Bundle{Label: label, Impact: []model.PlaneImpact{{Plane: "compute", Capabilities: impacts}}}
	for _, c := range impacts {
		b.Timeline = append(b.Timeline, model.Interval{Capability: c.ID, Level: c.Level, Unknown: c.Unknown, Most: c.Most, End: model.Span{P50s: c.P50s, P90s: c.P90s}, Action: "do:it"})
	}
	return b
}

func TestAnswers(t *testing.T) {
	jobs := capability("compute.jobs", "jobs", model.Critical)
	minor := capability("compute.extras", "jobs", model.Minor)
	cases := []struct {
		name    string
		bundles []model.Bundle
		want    string
	}{
		{"nothing", nil, "Running jobs: not interrupted."},
		{"at risk is no interruption, but is said", []model.Bundle{
			impactOf("B1", model.CapabilityImpact{ID: "compute.jobs", Level: model.AtRisk, P50s: 3600, P90s: 7200}),
		}, "Running jobs: not interrupted; at-risk in B1 for 1 h to 2 h (\"title of compute.jobs\"; Do it)."},
		{"the worst first, the others by level", []model.Bundle{
			impactOf("B1", model.CapabilityImpact{ID: "compute.jobs", Level: model.AtRisk, P50s: 60, P90s: 60}),
			impactOf("B2", model.CapabilityImpact{ID: "compute.jobs", Level: model.Outage, P50s: 120, P90s: 120}),
			impactOf("B3", model.CapabilityImpact{ID: "compute.jobs", Level: model.AtRisk, P50s: 60, P90s: 60}),
		}, "Running jobs: outage in B2 for 2 min (\"title of compute.jobs\"; Do it); at-risk in B1 and B3."},
		{"unknown comes before a mild known level, and is not 'not interrupted'", []model.Bundle{
			impactOf("B1", model.CapabilityImpact{ID: "compute.jobs", Level: model.AtRisk, P50s: 60, P90s: 60}),
			impactOf("B2", model.CapabilityImpact{ID: "compute.jobs", Level: model.None, Unknown: true, P50s: 60, P90s: 60}),
		}, "Running jobs: unknown in B2 for 60 s (\"title of compute.jobs\"; Do it); at-risk in B1."},
		{"a minor capability does not speak for the others", []model.Bundle{
			impactOf("B1",
				model.CapabilityImpact{ID: "compute.extras", Level: model.Outage, P50s: 60, P90s: 60},
				model.CapabilityImpact{ID: "compute.jobs", Level: model.Blip, P50s: 5, P90s: 5}),
		}, "Running jobs: blip in B1 for 5 s (\"title of compute.jobs\"; Do it)."},
		{"what is only possible stands apart", []model.Bundle{
			impactOf("B1", model.CapabilityImpact{ID: "compute.jobs", Level: model.Outage, P50s: 120, P90s: 240, PossibleS: 7200}),
		}, "Running jobs: outage in B1 for 2 min to 4 min and perhaps 2 h more (\"title of compute.jobs\"; Do it)."},
		{"alone it does, and says that it is minor", []model.Bundle{
			impactOf("B1", model.CapabilityImpact{ID: "compute.extras", Level: model.Outage, P50s: 60, P90s: 60}),
		}, "Running jobs: outage in B1 for 60 s (\"title of compute.extras\"; of minor importance; Do it)."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := model.Plan{Bundles: c.bundles, Actions: []model.Action{{ID: "do:it", Title: "Do it"}}}
			got := answers(p, []model.Capability{jobs, minor})
			if got[0].Topic != "jobs" || got[0].Text != c.want {
				t.Errorf("got  %s\nwant %s", got[0].Text, c.want)
			}
		})
	}
}

func TestAnswersNameWhatIsNotKnown(t *testing.T) {
	p := model.Plan{Unknowns: []model.UnknownThing{
		{Subject: "ship:a", What: "what it disturbs is not known"},
		{Subject: "ship:b", What: unknown.Duration}, {Subject: "ship:c", What: unknown.Duration},
	}}
	all := answers(p, nil)
	last := all[len(all)-1]
	if last.Topic != "unknown" || !strings.Contains(last.Text, "the effect of 1 thing and how long 2 actions will take") {
		t.Errorf("got %+v", last)
	}
}
