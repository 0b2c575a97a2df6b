package impact

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

// The mapping of these tests: one service "s" behind one capability "control.s"
// without tolerance, unless a test says otherwise.

func est(p50, p90 int64) *model.Estimate {
	return &model.Estimate{P50s: p50, P90s: p90, Evidence: model.Evidence{Basis: model.BasisChart, Source: "test"}}
}

func level(l model.Level) *model.Level { return &l }

func needs(services ...model.ServiceID) *model.Need {
	n := &model.Need{}
	for _, s := range services {
		n.All = append(n.All, model.Need{Service: s})
	}
	return n
}

func capability(id model.CapabilityID, need *model.Need) model.Capability {
	plane, _, _ := strings.Cut(string(id), ".")
	return model.Capability{ID: id, Plane: model.PlaneID(plane), Title: string(id), Importance: model.Critical, Needs: need}
}

func oneService() model.Mapping {
	return model.Mapping{
		Planes:       []model.Plane{{ID: "control"}},
		Services:     []model.Service{{ID: "s"}},
		Capabilities: []model.Capability{capability("control.s", needs("s"))},
	}
}

func defaultPolicy() model.Policy {
	return model.Policy{
		Name:                "test",
		Disturbed:           map[model.Importance]model.Level{model.Critical: model.Degraded, model.Major: model.Outage},
		Watched:             map[model.Importance]model.Level{model.Critical: model.AtRisk, model.Major: model.AtRisk, model.Minor: model.Outage},
		NoBlip:              []model.CapabilityID{"compute.jobs"},
		CorrelationPermille: 300,
	}
}

func nodes(pairs ...any) model.System {
	s := model.System{Name: "test"}
	for i := 0; i < len(pairs); i += 2 {
		s.Nodes = append(s.Nodes, model.NodeGroup{Role: pairs[i].(string), Count: pairs[i+1].(int)})
	}
	return s
}

func engine(t testing.TB, m model.Mapping, s model.System) *Engine {
	t.Helper()
	e, notes := New(m, s, defaultPolicy())
	for _, n := range notes {
		t.Errorf("unexpected diagnostic: %+v", n)
	}
	return e
}

// lines writes effects one a line: "control.s outage 0/0+30/60".
func lines(a model.Action) string {
	var out []string
	for _, e := range a.Effects {
		line := fmt.Sprintf("%s %s %d/%d+%d/%d", e.Capability, e.Range(), e.Start.P50s, e.Start.P90s, e.Lasts.P50s, e.Lasts.P90s)
		if e.Times > 0 {
			line += fmt.Sprintf(" x%d", e.Times)
		}
		if e.Until != "" {
			line += " until " + e.Until
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func ship(ws ...model.Workload) model.Task {
	return model.Task{ID: "ship:ns/s", Title: "Ship s", Does: model.WorkShip, Units: 1, Workloads: ws, Duration: est(600, 1200)}
}

func codes(notes []model.Diagnostic) []string {
	var out []string
	for _, n := range notes {
		out = append(out, string(n.Severity)+" "+string(n.Code))
	}
	return out
}

// do runs one task and checks that every fact an effect names is given.
func do(t testing.TB, e *Engine, task model.Task) (model.Action, []model.Diagnostic) {
	t.Helper()
	a, facts, notes := e.Action(task)
	a.Effects = reachOf(e).Effects(a.Effects)
	known := map[model.FactID]bool{}
	for _, f := range facts {
		if known[f.ID] {
			t.Errorf("fact %s is given twice", f.ID)
		}
		known[f.ID] = true
	}
	ids := slices.Concat(a.Facts, a.Rollback.Facts)
	for _, x := range a.Effects {
		if len(x.Facts) == 0 {
			t.Errorf("%s %s has no facts", x.Capability, x.Range())
		}
		ids = append(ids, x.Facts...)
	}
	if a.Tail != nil {
		ids = append(ids, a.Tail.Facts...)
	}
	for _, id := range ids {
		if !known[id] {
			t.Errorf("fact %s is named but not given", id)
		}
	}
	return a, notes
}

func factTexts(facts []model.Fact, ids []model.FactID) string {
	var out []string
	for _, id := range ids {
		for _, f := range facts {
			if f.ID == id {
				out = append(out, fmt.Sprintf("%s %s %s [%s] %s", f.Subject, f.Relation, f.Object, f.Basis, f.Text))
			}
		}
	}
	return strings.Join(out, "\n")
}
