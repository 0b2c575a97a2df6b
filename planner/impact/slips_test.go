package impact

import (
	"slices"
	"testing"

	"planewise/model"
)

func TestSlips(t *testing.T) {
	observed := model.ObservedWorkload{Kind: "Deployment", Namespace: "ns", Name: "s", Replicas: 2}
	for _, c := range []struct {
		name string
		set  func(*model.System, *model.Mapping)
		want []string
	}{
		{"all in order", func(*model.System, *model.Mapping) {}, nil},
		{"a role twice", func(s *model.System, _ *model.Mapping) {
			s.Nodes = append(s.Nodes, model.NodeGroup{Role: "worker", Arch: "x86_64", Count: 2})
		}, []string{"warning repeated-nodes"}},
		{"a role of two kinds", func(s *model.System, _ *model.Mapping) {
			s.Nodes = append(s.Nodes, model.NodeGroup{Role: "worker", Arch: "aarch64", Count: 2})
		}, nil},
		{"a name that matches nothing", func(s *model.System, _ *model.Mapping) { s.Workloads[0].Name = "t" }, []string{"warning unmatched-workload"}},
		{"a kind that matches nothing", func(s *model.System, _ *model.Mapping) { s.Workloads[0].Kind = "StatefulSet" }, []string{"warning unmatched-workload"}},
		{"a snapshot lists what no mapping knows", func(s *model.System, _ *model.Mapping) {
			s.Workloads[0].Name, s.TakenAt = "t", "2026-01-01T00:00:00Z"
		}, nil},
		{"two zeros", func(s *model.System, _ *model.Mapping) {
			s.Workloads[0].MaxUnavailable, s.Workloads[0].MaxSurge = "0", "0%"
		}, []string{"warning bad-amount"}},
		{"one zero", func(s *model.System, _ *model.Mapping) {
			s.Workloads[0].MaxUnavailable, s.Workloads[0].MaxSurge = "0", "1"
		}, nil},
		{"a limit of 0", func(_ *model.System, m *model.Mapping) { m.Limits = []model.Limit{{ID: "l", Role: "worker"}} }, []string{"warning bad-limit"}},
		{"a limit of 1", func(_ *model.System, m *model.Mapping) {
			m.Limits = []model.Limit{{ID: "l", Role: "worker", MaxDown: 1}}
		}, nil},
	} {
		s, m := nodes("worker", 3), oneService()
		s.Workloads = []model.ObservedWorkload{observed}
		m.Residents = []model.Workload{{Service: "s", Kind: "Deployment", Namespace: "ns", Replicas: 2}}
		c.set(&s, &m)
		if _, notes := New(m, s, defaultPolicy()); !slices.Equal(codes(notes), c.want) {
			t.Errorf("%s: %v, want %v", c.name, notes, c.want)
		}
	}
}
