package planner_test

import (
	"flag"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/bundle"
	"planewise/planner/internal/gen"
	"planewise/planner/split"
)

var pins = flag.Int("pins", 120, "how many problems with pins TestPins makes; for a thorough run 1000")

// unpinned is a problem without pins, and what it is.
type unpinned struct {
	kind, name string
	bundle.Problem
}

// unpinnedProblems are n problems, two of three of them real: splits of embedded pairs
// under embedded policies. The others are generated, of up to 40 nodes.
func unpinnedProblems(t *testing.T, n int) []unpinned {
	w := embedded(t)
	releases, policies := w.csm(), sortedKeys(w.policies)
	known := map[string]bundle.Problem{}
	out := make([]unpinned, n)
	for i := range out {
		q := unpinned{kind: "generated", name: fmt.Sprint("generated ", i)}
		seed, size := uint64(i), 4+i*7%37
		switch i % 12 {
		case 2:
			q.Problem = gen.Wild(seed, size, 1+i%3)
		case 5, 11:
			q.Problem = gen.Staged(gen.Spec{Seed: seed, Nodes: size, Stages: 1 + i%9, EdgesPermille: 300})
		case 8:
			q.Problem = gen.Bound(seed, size)
			for v := range q.Nodes {
				q.Nodes[v].Pin = 0
			}
		default:
			r := gen.New(seed % uint64(30+n/5)) // some several times, as making them takes longest
			from, to, policy := r.Intn(len(releases)), r.Intn(len(releases)-1), policies[r.Intn(len(policies))]
			if to >= from {
				to++
			}
			q.kind, q.name = "real", fmt.Sprintf("%s -> %s, %s", releases[from], releases[to], policy)
			if _, ok := known[q.name]; !ok {
				known[q.name] = w.problem(releases[from], releases[to], policy)
			}
			q.Problem = known[q.name]
		}
		out[i] = q
	}
	return out
}

// problem is the split of a plan.
func (w world) problem(from, to, policy string) bundle.Problem {
	in := w.input(w.set(from), w.set(to))
	in.Policy = w.policies[policy]
	plan := planner.Build(in)
	p, _ := split.Problem(planeIDs(plan), in.Policy, plan.Edits, plan.Actions)
	return p
}

// planeIDs are the planes of a plan, in its order.
func planeIDs(p model.Plan) (ids []model.PlaneID) {
	for _, s := range p.Planes {
		ids = append(ids, s.ID)
	}
	return ids
}

// Pins that can be met are met, and where they cannot be, that is found out; neither
// takes more steps than promised. How much processor time it takes is only shown.
func TestPins(t *testing.T) {
	count, longest := map[string]int{}, map[string]time.Duration{}
	solve := func(kind, name string, p bundle.Problem) bundle.Solution {
		begin := processorTime()
		s, err := bundle.Solve(p, bundle.Options{Effort: pinsEffort})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		count[kind+" "+s.Status.String()]++
		longest[kind] = max(longest[kind], processorTime()-begin)
		if s.Explored > pinsEffort+pinsEffort/6 {
			t.Errorf("%s: %d steps of %d", name, s.Explored, pinsEffort)
		}
		return s
	}
	for i, q := range unpinnedProblems(t, *pins) {
		seed := uint64(i)
		p := gen.Pinned(q.Problem, seed, 1+i%3)
		s := solve(q.kind, q.name, p)
		if err := bundle.Valid(p, s.Bundles); err != nil {
			t.Errorf("%d: %s: %v: %v, conflict %v", i, q.name, s.Status, err, s.Conflict)
		}
		if len(p.Nodes) <= 14 && s.Status != bundle.Optimal {
			t.Errorf("%d: %s: %d nodes, %v", i, q.name, len(p.Nodes), s.Status)
		}
		if i%4 == 0 {
			for _, p := range []bundle.Problem{gen.Late(q.Problem, seed), gen.Reversed(q.Problem, seed), gen.Crowded(q.Problem, seed)} {
				solve("impossible", q.name, p)
			}
		}
	}
	for status, n := range count {
		t.Logf("%4d %s", n, status)
	}
	t.Logf("longest: %v", longest)
}

// pinsEffort is about the default of real problems.
const pinsEffort = 450_000

// processorTime is what this process has had.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Pins to bundles that the best plan would not have: it has fewer in front of them.
func TestPinsBeyondTheOptimum(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.5.2"), w.set("csm-1.6.0-rc.3"))
	in.Policy = w.policies["shortest-total"]
	free := planner.Build(in)
	in.Edits.Pins = []model.Pin{{Action: "ship:pki-operator/trustedcerts-operator", Bundle: 10}, {Action: "ship:spire/spire", Bundle: 8}}
	p := planner.Build(in)
	for _, d := range p.Diagnostics {
		if d.Severity == model.Blocking {
			t.Errorf("%s: %s", d.Code, d.Summary)
		}
	}
	if p.Optimality.Status != "optimal" || p.Optimality.Cost <= free.Optimality.Cost {
		t.Errorf("%s at %d, without pins %d", p.Optimality.Status, p.Optimality.Cost, free.Optimality.Cost)
	}
	for _, pin := range in.Edits.Pins {
		if pin.Bundle > len(p.Bundles) || !slices.Contains(p.Bundles[pin.Bundle-1].Actions, pin.Action) {
			t.Errorf("%s is not in bundle %d", pin.Action, pin.Bundle)
		}
	}
}
