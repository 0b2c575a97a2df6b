package planner_test

import (
	"testing"

	"go.yaml.in/yaml/v3"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/impact"
	"planewise/planner/split"
)

// Every ordered pair of releases, on three systems and with three policies, is
// split to a proof.
func TestEveryPairIsProven(t *testing.T) {
	w := embedded(t)
	plans := 0
	for _, system := range sortedKeys(w.systems) {
		for _, policy := range sortedKeys(w.policies) {
			for _, from := range w.csm() {
				for _, to := range w.csm() {
					if from == to {
						continue
					}
					in := w.input(w.set(from), w.set(to))
					in.System, in.Policy = w.systems[system], w.policies[policy]
					p := planner.Build(in)
					if o := p.Optimality; o.Status != "optimal" || o.Cost != o.LowerBound {
						t.Errorf("%s -> %s on %s with %s: %s, cost %d, bound %d", from, to, system, policy, o.Status, o.Cost, o.LowerBound)
					}
					plans++
				}
			}
		}
	}
	if want := len(w.systems) * len(w.policies) * len(w.csm()) * (len(w.csm()) - 1); plans != want || plans < 3*3*90 {
		t.Errorf("made %d plans, want %d", plans, want)
	}
}

// BenchmarkProof is the split alone, from actions to a proven answer, on the
// largest pair; beside it stands what the YAML library needs to decode the two
// trees ("split/yaml", to stay below 1).
func BenchmarkProof(b *testing.B) {
	w, parsed := embedded(b), trees(b)
	p := planner.Build(w.input([]model.Release{parsed["v1.5.2"]}, []model.Release{parsed["v1.6.0-rc.3"]}))
	files := append(yamlFiles(b, "v1.5.2"), yamlFiles(b, "v1.6.0-rc.3")...)
	decode := fastest(20, func() {
		for _, data := range files {
			var v any
			_ = yaml.Unmarshal(data, &v)
		}
	})
	problem, _ := split.Problem(planeIDs(p), w.policies["jobs-first"], p.Edits, p.Actions)
	b.ReportAllocs()
	for b.Loop() {
		if s, _ := split.Solve(problem, p.Actions, 0); s.Cost != p.Optimality.Cost {
			b.Fatalf("cost %d, want %d", s.Cost, p.Optimality.Cost)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(decode.Nanoseconds()), "split/yaml")
}

// BenchmarkTimeLines is what the time lines of the largest pair cost, at p50 and
// p90, with the sums per plane. "with/without" is the whole plan beside a plan
// without them, to stay below 3.
func BenchmarkTimeLines(b *testing.B) {
	w, parsed := embedded(b), trees(b)
	in := w.input([]model.Release{parsed["v1.5.2"]}, []model.Release{parsed["v1.6.0-rc.3"]})
	p := planner.Build(in)
	by := map[model.ActionID]model.Action{}
	for _, a := range p.Actions {
		by[a.ID] = a
	}
	var groups [][]model.Action
	for _, bundle := range p.Bundles {
		var members []model.Action
		for _, id := range bundle.Actions {
			members = append(members, by[id])
		}
		groups = append(groups, members)
	}
	engine, _ := impact.New(w.catalog.Mapping(), in.System, in.Policy)
	lines := func() {
		var felt []impact.BundleImpact
		for _, g := range groups {
			felt = append(felt, engine.Bundle(g))
		}
		if len(engine.Planes(felt)) != len(p.Planes) {
			b.Fatal("planes are missing")
		}
	}
	whole, alone := fastest(20, func() { planner.Build(in) }), fastest(20, lines)
	b.ReportAllocs()
	for b.Loop() {
		lines()
	}
	b.ReportMetric(float64(whole)/float64(max(whole-alone, 1)), "with/without")
}
