package tui

import (
	"planewise/model"
	"planewise/model/catalog"
)

func ptr[T any](v T) *T { return &v }

// toyView is a small plan written by hand, so that goldens of frames change only
// when drawing changes. It has windows, a tail, what is unknown, and names that try
// to break out of their cells.
func toyView() *view {
	foot := func(c, a, p, s model.Footprint) map[model.PlaneID]model.Footprint {
		return map[model.PlaneID]model.Footprint{"control": c, "access": a, "compute": p, "storage": s}
	}
	at := func(capability, plane string, l model.Level, from, to int64, action string) model.Interval {
		return model.Interval{Capability: model.CapabilityID(capability), Plane: model.PlaneID(plane), Level: l,
			Start: model.Span{P50s: from / 2, P90s: from}, End: model.Span{P50s: to / 2, P90s: to}, Action: model.ActionID(action)}
	}
	felt := func(plane string, l model.Level, unknown bool, capability string, p50, p90 int64) model.PlaneImpact {
		return model.PlaneImpact{Plane: model.PlaneID(plane), Worst: l, Unknown: unknown, Capabilities: []model.CapabilityImpact{{ID: model.CapabilityID(capability), Level: l, Unknown: unknown, P50s: p50, P90s: p90}}}
	}
	unknown := at("control.api", "control", model.None, 0, 600, "step:hook")
	unknown.Unknown = true
	action := func(id, title string, p50, p90 int64, changes ...model.ChangeID) model.Action {
		return model.Action{ID: model.ActionID(id), Title: title, Method: model.MethodRolling, Changes: changes, Duration: model.Span{P50s: p50, P90s: p90}, Units: 1}
	}
	p := model.Plan{
		From: []model.ReleaseRef{{Product: "toy", Version: "1.0"}}, To: []model.ReleaseRef{{Product: "toy", Version: "2.0"}},
		System: "lab", SystemNodes: "3 master, 4 worker", Policy: "gentle", Procedure: model.ProcedureRef{Name: "toy-2", Basis: model.BasisDocumented},
		Changes: []model.Change{
			{ID: "chart:ns/api", Kind: model.KindChart, Name: "api", From: "1.0", To: "2.0", Direction: model.Upgrade, Action: ptr(model.ActionID("ship:ns/api"))},
			{ID: "chart:ns/login", Kind: model.KindChart, Name: "login", From: "1.4", To: "1.3", Direction: model.Downgrade, Action: ptr(model.ActionID("ship:ns/login"))},
			{ID: "chart:ns/\x1b[31mred\u202e名前名前名前名前", Kind: model.KindChart, Name: "red", To: "1", Direction: model.Added, Action: ptr(model.ActionID("step:hook"))},
		},
		Actions: []model.Action{
			action("ship:ns/api", "Ship api 1.0 -> 2.0", 600, 1200, "chart:ns/api"),
			action("step:hook", "Run \x1b]0;owned\x07 the hook 表示", 300, 600, "chart:ns/\x1b[31mred\u202e名前名前名前名前"),
			action("ship:ns/login", "Ship login 1.4 -> 1.3", 900, 1800, "chart:ns/login"),
			action("rollout:compute", "Stage the compute image", 60, 120),
		},
		Bundles: []model.Bundle{
			{Key: "ship:ns/api", Label: "B1", Title: "Services", Footprint: foot(model.Disturbed, 0, 0, model.Watched), Actions: []model.ActionID{"ship:ns/api", "step:hook"},
				Duration: model.Span{P50s: 900, P90s: 1800}, Impact: []model.PlaneImpact{felt("control", model.Outage, true, "control.api", 60, 120), felt("storage", model.AtRisk, false, "storage.block", 300, 600)},
				Timeline: []model.Interval{at("control.api", "control", model.Outage, 600, 720, "ship:ns/api"), unknown, at("storage.block", "storage", model.AtRisk, 0, 600, "ship:ns/api")},
				Gates:    []model.Gate{{ID: "g", Text: "Everything is healthy."}}, Quiesce: []model.Quiesce{{ID: "q", Text: "Stop new boot sessions."}},
				Window:   &model.Slot{Name: "tuesday", Start: "2026-01-06T18:00:00+01:00", End: "2026-01-06T22:00:00+01:00", Zone: "Europe/Zurich"},
				Rollback: model.ActionRollback{Possible: model.Yes, P90s: 1200}, UntestedCut: ""},
			{Key: "ship:ns/login", Label: "B2", Title: "Login nodes", Footprint: foot(0, model.Disturbed, model.Watched, 0), Actions: []model.ActionID{"ship:ns/login", "rollout:compute"},
				Duration: model.Span{P50s: 1800, P90s: 5400}, DurationUnknown: true, After: []model.ActionID{"ship:ns/api"}, UntestedCut: "upgrade.sh",
				Impact:   []model.PlaneImpact{felt("access", model.Degraded, false, "access.login", 1200, 3600), felt("compute", model.Blip, false, "compute.launch", 10, 60)},
				Timeline: []model.Interval{at("access.login", "access", model.Degraded, 0, 3600, "ship:ns/login"), at("compute.launch", "compute", model.Blip, 5000, 5060, "rollout:compute")},
				Rollback: model.ActionRollback{Possible: model.No}, PointOfNoReturn: ptr(model.ActionID("ship:ns/login"))},
		},
		Planes: []model.PlaneSummary{{ID: "control", Worst: model.Outage, Unknown: true}, {ID: "access", Worst: model.Degraded}, {ID: "compute", Worst: model.Blip}, {ID: "storage", Worst: model.AtRisk}},
		Answers: []model.Answer{
			{Topic: "jobs", Text: "Running jobs: not interrupted."}, {Topic: "launch", Text: "New jobs: blip in B2 for 10 s to 60 s (Stage the compute image)."},
			{Topic: "login", Text: "Logins: degraded in B2 for 20 min to 60 min."}, {Topic: "storage", Text: "Storage: at-risk in B1 for 5 min to 10 min."},
			{Topic: "administration", Text: "Administration: unknown, at least outage in B1 for 60 s to 120 s."},
			{Topic: "unknown", Text: "Not known: the effect of 1 thing."},
		},
		Optimality:  model.Optimality{Status: "optimal"},
		Unknowns:    []model.UnknownThing{{Subject: "step:hook", What: "what it disturbs is not known", SettleBy: "a rule in a mapping file"}},
		Diagnostics: []model.Diagnostic{{Severity: model.Blocking, Code: "no-supported-path", Subject: "toy", Summary: "going down is not documented", Hint: "ask the vendor"}},
		Skipped:     []model.Skipped{{Stage: "extra", Reason: "carries no change"}},
	}
	p.Actions[3].Tail = &model.Tail{Capability: "compute.capacity", Plane: "compute", Level: model.AtRisk, Text: "each node reboots when its job ends"}
	c, _ := catalog.New(model.Mapping{Format: model.FormatMapping, Name: "toy"})
	return newView(p, c)
}
