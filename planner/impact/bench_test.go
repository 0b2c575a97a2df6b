package impact

import (
	"fmt"
	"testing"

	"planewise/model"
)

// synthetic is a system of n times the size of a real one: 120 services, 100
// charts, 64 compute nodes, and six rolls of nodes whatever n is. Services form
// layers that need some of the layer below; capabilities grow with the services.
func synthetic(n int) (model.Mapping, model.System, []model.Task) {
	services := 120 * n
	m := model.Mapping{Planes: []model.Plane{{ID: "access"}, {ID: "compute"}, {ID: "control"}, {ID: "storage"}}}
	id := func(i int) model.ServiceID { return model.ServiceID(fmt.Sprintf("service-%05d", i)) }
	for i := range services {
		s := model.Service{ID: id(i), Evidence: model.Evidence{Basis: model.BasisDocumented, Source: "synthetic"}}
		// Every block of 120 is a system of its own over the same first ten services.
		if k := i % 120; k >= 10 {
			s.Needs = &model.Need{All: []model.Need{
				{Service: id(k % 10), From: level(model.Degraded)}, {Service: id(i - k + (k*7)%k), From: level(model.Degraded), Cap: level(model.Degraded)}}}
		}
		m.Services = append(m.Services, s)
		m.Residents = append(m.Residents, synthWorkload(id(i), i))
	}
	for i := range 35 * n {
		at := 120*(i/35) + 10 + (i%35)*3
		c := capability(model.CapabilityID(fmt.Sprintf("%s.c%05d", m.Planes[i%4].ID, i)), needs(id(at), id(at+1)))
		c.ToleranceS = int64(30 * (i % 5))
		m.Capabilities = append(m.Capabilities, c)
	}
	var tasks []model.Task
	for i := range 100 * n {
		task := ship(synthWorkload(id(i+20*(i/100)+10), i))
		task.ID = model.ActionID(fmt.Sprintf("ship:services/chart-%05d", i))
		task.Facts = []model.Fact{model.NewFact(string(task.ID), "part-of", "stage:x", "", model.Evidence{})}
		tasks = append(tasks, task)
	}
	for _, r := range []struct {
		role  string
		units int
	}{{"storage", 1}, {"storage", 3}, {"master", 2}, {"worker", 1}, {"worker", 5}, {"master", 1}} {
		task := roll(r.role, r.units, 1)
		task.ID += model.ActionID(fmt.Sprintf("/%d", r.units))
		task.PerUnit = est(2400, 4800)
		tasks = append(tasks, task)
	}
	return m, nodes("master", 3, "worker", 6, "storage", 4, "compute", 64*n), tasks
}

func synthWorkload(s model.ServiceID, i int) model.Workload {
	w := model.Workload{Service: s, Kind: "Deployment", Namespace: "services", Name: string(s), Replicas: 1 + i%3, Method: model.MethodRolling,
		Restart: est(30+int64(i%4)*30, 120+int64(i%4)*60), Failover: est(15, 60), Evidence: model.Evidence{Basis: model.BasisChart, Source: "values.yaml", Text: "synthetic"}}
	switch i % 5 {
	case 0:
		w.Kind, w.Method, w.Needed, w.Replicas, w.Leader = "StatefulSet", model.MethodStateful, "quorum", 3, true
	case 1:
		w.Method = model.MethodRecreate
	case 2:
		w.MaxUnavailable = "50%"
	}
	return w
}

func BenchmarkImpact(b *testing.B) {
	for _, n := range []int{1, 10} {
		m, s, tasks := synthetic(n)
		b.Run(fmt.Sprintf("%dx/plan", n), func(b *testing.B) {
			b.ReportAllocs()
			effects := 0
			for b.Loop() {
				e, _ := New(m, s, defaultPolicy())
				actions := make([]model.Action, len(tasks))
				effects = 0
				for i, t := range tasks {
					actions[i], _, _ = e.Action(t)
					effects += len(actions[i].Effects)
				}
				var bundles []BundleImpact
				for i := 0; i < len(actions); i += len(actions)/4 + 1 {
					bundles = append(bundles, e.Bundle(actions[i:min(len(actions), i+len(actions)/4+1)]))
				}
				e.Planes(bundles)
			}
			b.ReportMetric(float64(effects), "effects")
		})
		e, _ := New(m, s, defaultPolicy())
		actions := make([]model.Action, len(tasks))
		for i, t := range tasks {
			actions[i], _, _ = e.Action(t)
		}
		b.Run(fmt.Sprintf("%dx/new", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				New(m, s, defaultPolicy())
			}
		})
		b.Run(fmt.Sprintf("%dx/actions", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, t := range tasks {
					e.Action(t)
				}
			}
		})
		b.Run(fmt.Sprintf("%dx/bundle", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Bundle(actions)
			}
		})
		impact := []BundleImpact{e.Bundle(actions)}
		b.Run(fmt.Sprintf("%dx/planes", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Planes(impact)
			}
		})
	}
}
