package planner_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/planner"
	"planewise/planner/inputs"
)

const (
	// frozen are documents as they were embedded once. They do not follow what is
	// embedded: a plan that changes because its inputs did is no change of reasoning.
	frozen    = "testdata/reasoning.json.gz"
	reasoning = "testdata/reasoning.golden"
)

// Equal inputs give equal plans, or the version of the reasoning is another: a plan is
// called forged where it is not what the same reasoning makes of its inputs.
func TestReasoning(t *testing.T) {
	if _, err := os.Stat(frozen); os.IsNotExist(err) && *update {
		freeze(t)
	}
	var got strings.Builder
	fmt.Fprintf(&got, "reasoning %s\n", planner.Reasoning)
	cases := reasoned(t)
	for _, name := range sortedKeys(cases) {
		p, err := inputs.Plan(cases[name])
		if err != nil {
			t.Fatal(err)
		}
		p.Reasoning = "" // so that the lines of plans that are the same stay the same
		fmt.Fprintf(&got, "%s %s\n", document.PlanID(p), name)
	}
	old, err := os.ReadFile(reasoning)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if got.String() == string(old) {
		return
	}
	was, _, _ := strings.Cut(string(old), "\n")
	raised := was != "reasoning "+planner.Reasoning
	switch {
	case raised && *update:
		if err := os.WriteFile(reasoning, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	case raised:
		t.Errorf("this is reasoning %s, and %s notes the plans of %s: go test ./planner -run TestReasoning -update", planner.Reasoning, reasoning, was)
	default:
		t.Errorf("equal inputs give other plans, and the reasoning is still %s: raise planner.Reasoning, then -update. Other plans:\n%s", planner.Reasoning, others(string(old), got.String()))
	}
}

func others(old, now string) string {
	var out []string
	for line := range strings.Lines(now) {
		if !strings.Contains(old, line) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// reasoned are a dozen questions that take most ways through the planner.
func reasoned(t *testing.T) map[string]planner.Input {
	w := thawed(t)
	ask := func(from, to string, more ...func(*planner.Input)) planner.Input {
		in := w.input(w.set(strings.Split(from, "+")...), w.set(strings.Split(to, "+")...))
		for _, m := range more {
			m(&in)
		}
		return in
	}
	on := func(system, policy string) func(*planner.Input) {
		return func(in *planner.Input) { in.System, in.Policy = w.systems[system], w.policies[policy] }
	}
	edits := func(e model.Edits) func(*planner.Input) { return func(in *planner.Input) { in.Edits = e } }
	return map[string]planner.Input{
		"a patch":              ask("csm-1.5.0", "csm-1.5.2"),
		"a patch, small":       ask("csm-1.5.0", "csm-1.5.2", on("small", "shortest-total")),
		"a patch, large":       ask("csm-1.5.0", "csm-1.5.2", on("large", "fewest-windows")),
		"nothing":              ask("csm-1.5.2", "csm-1.5.2"),
		"back":                 ask("csm-1.5.2", "csm-1.4.0"),
		"a minor release":      ask("csm-1.4.0", "csm-1.5.0"),
		"over a minor release": ask("csm-1.4.0", "csm-1.6.0-rc.3", func(in *planner.Input) { in.Known = w.set("csm-1.5.0", "csm-1.5.2") }),
		"sets":                 ask("csm-1.5.2+uan-2.6.0", "csm-1.6.0-rc.3+uan-2.7.0"),
		"sets by iuf":          ask("csm-1.5.2+uan-2.6.0", "csm-1.6.0-rc.3+uan-2.7.0", func(in *planner.Input) { in.Path = "iuf" }),
		"edits": ask("csm-1.5.0", "csm-1.5.2", edits(model.Edits{
			Excluded: []string{"chart:services/cray-bos", "step:test-packages"}, Relaxed: []string{"order:csm/*"},
			Pins: []model.Pin{{Action: "roll:worker", Bundle: 9}}, Moved: []model.Move{{Action: "ship:services/cray-hms-smd", With: "roll:worker"}},
		})),
		"the rest": ask("csm-1.5.0", "csm-1.5.2", edits(model.Edits{Done: []model.Done{{Action: "ship:services/cray-bos"}, {Action: "roll:worker", Units: 2}}})),
		"with dates": ask("csm-1.5.0", "csm-1.5.2", func(in *planner.Input) {
			in.At = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
			in.Policy.LeadS = map[model.PlaneID]int64{"compute": 7 * 86400}
			in.Policy.Windows = []model.Window{{Name: "weekend", Zone: "Europe/Zurich", Start: "2026-03-06T18:00:00", DurationS: 60 * 3600, RRule: "FREQ=WEEKLY;BYDAY=FR", Limits: "run",
				Grants: map[model.PlaneID]model.Footprint{"control": model.Disturbed, "access": model.Disturbed, "compute": model.Disturbed, "storage": model.Disturbed}}}
		}),
		"a site that was seen": ask("csm-1.5.0", "csm-1.5.2", func(in *planner.Input) {
			in.System.TakenAt = "2026-01-10T20:00:00Z"
			in.System.Hosts = []model.Host{{Name: "w1", Role: "worker"}, {Name: "w2", Role: "worker"}}
			in.System.Workloads = []model.ObservedWorkload{{Kind: "Deployment", Namespace: "nexus", Name: "nexus", Replicas: 1, Nodes: []string{"w1"}}}
			in.System.Measured = []model.Measured{{Action: "roll:worker", P50s: 5000, P90s: 9000, Samples: 3}}
			in.Customizations = &model.Customizations{Format: model.FormatCustomizations, Name: "demo", Charts: []model.ChartOverrides{{Name: "cray-hms-smd", Overrides: []model.Override{{
				Kind: model.OverrideReplicas, Path: []string{"cray-service", "replicaCount"}, Value: "1"}}}}}
		}),
	}
}

// freeze writes what is embedded of the documents that the plans need.
func freeze(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.4.0", "csm-1.5.0", "uan-2.6.0"), w.set("csm-1.5.2", "csm-1.6.0-rc.3", "uan-2.7.0"))
	p, err := inputs.Plan(in)
	if err != nil {
		t.Fatal(err)
	}
	docs := p.Inputs
	for _, name := range sortedKeys(w.systems) {
		docs = append(docs, model.Input{Kind: inputs.System, Name: name, Content: canonical(t, w.systems[name])})
	}
	for _, name := range sortedKeys(w.policies) {
		docs = append(docs, model.Input{Kind: inputs.Policy, Name: name, Content: canonical(t, w.policies[name])})
	}
	var plain, out bytes.Buffer
	if err := json.Compact(&plain, canonical(t, docs)); err != nil {
		t.Fatal(err)
	}
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if _, err := z.Write(plain.Bytes()); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(frozen, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func canonical(t *testing.T, v any) []byte {
	out, err := document.Canonical(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// thawed is the frozen world.
func thawed(t *testing.T) world {
	f, err := os.Open(frozen)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	var docs []model.Input
	if err := json.Unmarshal(text, &docs); err != nil {
		t.Fatal(err)
	}
	w := world{releases: map[string]model.Release{}, systems: map[string]model.System{}, policies: map[string]model.Policy{}}
	for _, d := range docs {
		switch d.Kind {
		case inputs.Release:
			w.releases[d.Name] = decoded[model.Release](t, d)
		case inputs.Mapping:
			w.catalog, _ = catalog.New(decoded[model.Mapping](t, d))
		case inputs.Procedure:
			w.procedures = append(w.procedures, decoded[model.Procedure](t, d))
		case inputs.System:
			w.systems[d.Name] = decoded[model.System](t, d)
		case inputs.Policy:
			w.policies[d.Name] = decoded[model.Policy](t, d)
		}
	}
	return w
}

func decoded[T any](t *testing.T, d model.Input) T {
	v, err := document.Decode[T](d.Name, d.Content)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
