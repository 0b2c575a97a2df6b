package catalog

import (
	"slices"
	"testing"

	"planewise/model"
)

// A rule that names a restarting method and nothing that restarts is not "no
// impact": its method counts as unknown, and that is said.
func TestAMethodThatRestartsNothingNamed(t *testing.T) {
	rule := func(m model.Method, w ...model.Workload) model.Mapping {
		return model.Mapping{
			Format: model.FormatMapping, Name: "m",
			Planes:   []model.Plane{{ID: "control", Title: "Control"}},
			Services: []model.Service{{ID: "s", Evidence: model.Evidence{Basis: model.BasisDefault}}},
			Rules: []model.Rule{{
				Match: model.Match{Kind: model.KindChart, Name: "agent"}, Planes: []model.PlaneID{"control"}, Method: m, Workloads: w,
				Evidence: model.Evidence{Basis: model.BasisDefault, Text: "x"},
			}},
		}
	}
	named := model.Workload{Service: "s", Kind: "Deployment", Replicas: 1, Method: model.MethodRolling, Evidence: model.Evidence{Basis: model.BasisDefault}}
	cases := []struct {
		name    string
		mapping model.Mapping
		want    model.Method
	}{
		{"rolling, nothing named", rule(model.MethodRolling), model.MethodUnknown},
		{"recreate, nothing named", rule(model.MethodRecreate), model.MethodUnknown},
		{"live restarts nothing", rule(model.MethodLive), model.MethodLive},
		{"rolling with its workload", rule(model.MethodRolling, named), model.MethodRolling},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			catalog, diags := New(c.mapping)
			m, ok := catalog.Lookup(model.Component{Kind: model.KindChart, Name: "agent", Namespace: "services"})
			if !ok || m.Rule.Method != c.want {
				t.Errorf("method %q (mapped: %v), want %q", m.Rule.Method, ok, c.want)
			}
			said := slices.ContainsFunc(diags, func(d model.Diagnostic) bool { return d.Code == "effect-not-stated" })
			if said != (c.want == model.MethodUnknown) {
				t.Errorf("effect-not-stated said: %v; %v", said, diags)
			}
		})
	}
}
