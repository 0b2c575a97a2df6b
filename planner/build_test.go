package planner_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/planner"
	"planewise/planner/schedule"
)

// documented are the pairs of embedded releases that the vendor documents a way
// for: patches forward within a line, and one line to the next.
func documented(from, to string) bool {
	line := func(v string) string { return v[len("csm-"):][:3] }
	next := map[string]string{"1.2": "1.3", "1.3": "1.4", "1.4": "1.5", "1.5": "1.6"}
	return line(from) == line(to) && from < to || next[line(from)] == line(to)
}

func TestEveryPairOfEmbeddedReleases(t *testing.T) {
	w := embedded(t)
	for _, from := range w.csm() {
		for _, to := range w.csm() {
			t.Run(from+"_"+to, func(t *testing.T) {
				p := planner.Build(w.input(w.set(from), w.set(to)))
				checkPlan(t, p)
				checkFile(t, p)
				blocked := slices.ContainsFunc(p.Diagnostics, func(d model.Diagnostic) bool { return d.Code == "no-supported-path" })
				if want := from != to && !documented(from, to); blocked != want {
					t.Errorf("no-supported-path = %v, want %v", blocked, want)
				}
				if blocked && !model.HasBlocking(p.Diagnostics) {
					t.Error("an undocumented way does not block")
				}
				if from == to && (len(p.Changes) > 0 || len(p.Actions) > 0) {
					t.Errorf("equal sides give %d changes and %d actions", len(p.Changes), len(p.Actions))
				}
				if p.Optimality.Status != "optimal" {
					t.Errorf("split is %s", p.Optimality.Status)
				}
				for _, c := range p.Changes {
					if c.Kind == model.KindChart && strings.Contains(c.Reason, "unmapped") {
						t.Errorf("%s is not mapped", c.ID)
					}
				}
			})
		}
	}
}

// checkPlan holds what is true of every plan.
func checkPlan(t *testing.T, p model.Plan) {
	t.Helper()
	facts := map[model.FactID]bool{}
	for _, f := range p.Facts {
		facts[f.ID] = true
	}
	cited := func(where string, ids []model.FactID) {
		for _, id := range ids {
			if !facts[id] {
				t.Errorf("%s cites fact %s, which the plan does not hold", where, id)
			}
		}
	}
	at := map[model.ActionID]int{}
	for _, a := range p.Actions {
		at[a.ID] = -1
	}
	for i, b := range p.Bundles {
		for _, id := range b.Actions {
			if at[id] != -1 {
				t.Errorf("%s is in two bundles, or in none of the actions", id)
			}
			at[id] = i
		}
		cited(b.Label, b.Stay.Facts)
		cited(b.Label, b.Rollback.Facts)
		if b.Duration.P50s > b.Duration.P90s {
			t.Errorf("%s: p50 %d > p90 %d", b.Label, b.Duration.P50s, b.Duration.P90s)
		}
	}
	for _, a := range p.Actions {
		if at[a.ID] == -1 {
			t.Errorf("%s is in no bundle", a.ID)
		}
		for _, e := range a.Effects {
			cited(string(a.ID), e.Facts)
			if len(e.Facts) == 0 {
				t.Errorf("%s: %s %s has no fact", a.ID, e.Capability, e.Level)
			}
			if e.Range().IsNone() {
				t.Errorf("%s: an effect of none on %s", a.ID, e.Capability)
			}
		}
	}
	for _, c := range p.Changes {
		if c.Action == nil && c.Reason == "" {
			t.Errorf("%s has neither an action nor a reason", c.ID)
		}
		if c.Action != nil {
			if _, ok := at[*c.Action]; !ok {
				t.Errorf("%s is carried by %s, which the plan does not have", c.ID, *c.Action)
			}
		}
	}
	for _, d := range schedule.Check(p.Bundles, p.Actions) {
		t.Errorf("an intermediate state breaks an order: %s %s", d.Subject, d.Summary)
	}
}

// checkFile: the plan's file is valid against the published schema. What only the
// caller knows, who has the documents, is made up.
func checkFile(t *testing.T, p model.Plan) {
	t.Helper()
	for _, side := range [][]model.ReleaseRef{p.From, p.To} {
		for i := range side {
			side[i].Digest = "sha256:" + strings.Repeat("0", 64)
		}
	}
	p.ID = document.PlanID(p)
	if _, _, err := document.DecodePlan("plan", encoded(t, p)); err != nil {
		t.Errorf("the plan is not valid against its schema: %v", err)
	}
}

// Equal inputs, in whatever order their parts come, give the same bytes.
func TestBuildIsDeterministic(t *testing.T) {
	w := embedded(t)
	from, to := w.set("csm-1.5.2", "uan-2.6.0"), w.set("csm-1.6.0-rc.3", "uan-2.7.0")
	want := encoded(t, planner.Build(w.input(from, to)))
	random := rand.New(rand.NewPCG(7, 7))
	for range 5 {
		in := w.input(shuffledReleases(random, from), shuffledReleases(random, to))
		in.Procedures = shuffled(random, in.Procedures)
		m := w.catalog.Mapping()
		m.Rules, m.Services, m.Residents, m.Orders = shuffled(random, m.Rules), shuffled(random, m.Services), shuffled(random, m.Residents), shuffled(random, m.Orders)
		in.Catalog, _ = catalog.New(m)
		if got := encoded(t, planner.Build(in)); !bytes.Equal(got, want) {
			t.Fatalf("shuffled input gives another plan: %s", firstDifference(got, want))
		}
	}
}

func encoded(t *testing.T, p model.Plan) []byte {
	t.Helper()
	data, err := document.EncodePlan(p)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func shuffled[T any](random *rand.Rand, in []T) []T {
	out := slices.Clone(in)
	random.Shuffle(len(out), func(i, k int) { out[i], out[k] = out[k], out[i] })
	return out
}

func shuffledReleases(random *rand.Rand, in []model.Release) []model.Release {
	out := shuffled(random, in)
	for i := range out {
		out[i].Components = shuffled(random, out[i].Components)
	}
	return out
}

func firstDifference(a, b []byte) string {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + " instead of " + y[i]
		}
	}
	return "one is longer"
}

// Three invented charts in a tree are exactly three unknowns.
func TestInventedChartsAreUnknown(t *testing.T) {
	w := embedded(t)
	from, to := w.set("csm-1.5.0"), w.set("csm-1.5.2")
	known := planner.Build(w.input(from, to))
	to[0].Components = slices.Clone(to[0].Components)
	for _, name := range []string{"cray-hms-frobnicator", "acme-agent", "zz-top"} {
		to[0].Components = append(to[0].Components, model.Component{Kind: model.KindChart, Namespace: "services", Name: name, Version: "1.0.0", Manifest: "sysmgmt", Position: 500})
	}
	p := planner.Build(w.input(from, to))
	checkPlan(t, p)
	if got := countCode(p, "unmapped-component") - countCode(known, "unmapped-component"); got != 3 {
		t.Errorf("%d unmapped components more, want 3", got)
	}
	for _, a := range p.Actions {
		if a.ID != "ship:services/acme-agent" {
			continue
		}
		for _, plane := range w.catalog.Planes() {
			if a.Footprint[plane.ID] != model.Disturbed {
				t.Errorf("an unmapped chart counts as %s on %s", a.Footprint[plane.ID], plane.ID)
			}
		}
	}
	unknown := 0
	for _, u := range p.Unknowns {
		if strings.HasPrefix(u.Subject, "ship:services/") && strings.HasPrefix(u.What, "what it disturbs") {
			unknown++
		}
	}
	if unknown != 3 {
		t.Errorf("%d unknown effects listed, want 3: %v", unknown, p.Unknowns)
	}
}

func countCode(p model.Plan, code model.Code) int {
	n := 0
	for _, d := range p.Diagnostics {
		if d.Code == code {
			n++
		}
	}
	return n
}

// Every ordered pair of the real trees prints its plan, with the rolls its
// procedure contains, and exits as documented; twice the same bytes.
func TestEveryPairOfRealTrees(t *testing.T) {
	parsed, w := trees(t), embedded(t)
	for _, from := range sortedKeys(parsed) {
		for _, to := range sortedKeys(parsed) {
			if from == to {
				continue
			}
			in := w.input([]model.Release{parsed[from]}, []model.Release{parsed[to]})
			p := planner.Build(in)
			checkPlan(t, p)
			if countCode(p, "unmapped-component") > 0 {
				t.Errorf("%s -> %s: unmapped components", from, to)
			}
			if !bytes.Equal(encoded(t, p), encoded(t, planner.Build(in))) {
				t.Errorf("%s -> %s: two runs differ", from, to)
			}
		}
	}
	p := planner.Build(w.input([]model.Release{parsed["v1.5.0"]}, []model.Release{parsed["v1.5.2"]}))
	for _, id := range []model.ActionID{"roll:storage/first", "roll:storage/rest", "roll:master/rest", "roll:worker", "roll:master/first"} {
		if !slices.ContainsFunc(p.Actions, func(a model.Action) bool { return a.ID == id }) {
			t.Errorf("1.5.0 -> 1.5.2 does not roll: %s is missing", id)
		}
	}
}

// A mistyped name in no_blip would let a gap of running jobs pass as undisturbed.
func TestNoBlipNamesWhatThereIs(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.5.0"), w.set("csm-1.5.2"))
	in.Policy.NoBlip = []model.CapabilityID{"compute.jobs", "compute.jbos"}
	p := planner.Build(in)
	if countCode(p, "unknown-capability") != 1 || !model.HasBlocking(p.Diagnostics) {
		t.Errorf("diagnostics %+v", p.Diagnostics)
	}
}

// What is left out must not be missed in silence: an id that names nothing is said,
// and so is what stays although it needs what is gone.
func TestLeavingOut(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.5.0"), w.set("csm-1.5.2"))
	whole := planner.Build(in)
	var first, then model.ActionID
	for _, a := range whole.Actions {
		for _, e := range a.After {
			if e.Kind == model.RequiredEdge && e.Relation == model.Before && first == "" {
				first, then = e.Action, a.ID
			}
		}
	}
	if first == "" {
		t.Fatal("the plan has no required edge to test with")
	}
	cases := []struct {
		name     string
		excluded []string
		code     string
		want     int
	}{
		{"nothing", nil, "excluded-requirement", 0},
		{"a mistyped id", []string{"roll:nothing"}, "excluded-nothing", 1},
		{"an action", []string{string(then)}, "excluded-nothing", 0},
		{"a change", []string{"chart:services/cray-bos"}, "excluded-nothing", 0},
	}
	for _, c := range cases {
		in.Edits.Excluded = c.excluded
		if got := countCode(planner.Build(in), model.Code(c.code)); got != c.want {
			t.Errorf("%s: %d times %s, want %d", c.name, got, c.code, c.want)
		}
	}
	in.Edits.Excluded = []string{string(first)}
	if p := planner.Build(in); countCode(p, "excluded-requirement") == 0 || !model.HasBlocking(p.Diagnostics) {
		t.Errorf("%s is left out, %s stays, and nothing blocks", first, then)
	}

	// By its change, too: an action whose only change is gone is not there at all.
	in = w.input(w.set("csm-1.5.2"), w.set("csm-1.6.0-rc.3"))
	whole = planner.Build(in)
	i := slices.IndexFunc(whole.Actions, func(a model.Action) bool {
		return len(a.Changes) == 1 && slices.ContainsFunc(whole.Actions, func(b model.Action) bool {
			return slices.ContainsFunc(b.After, func(e model.Edge) bool {
				return e.Action == a.ID && e.Kind == model.RequiredEdge && e.Relation == model.Before
			})
		})
	})
	if i < 0 {
		t.Fatal("no action of one change is required by another")
	}
	in.Edits.Excluded = []string{string(whole.Actions[i].Changes[0])}
	if p := planner.Build(in); countCode(p, "excluded-requirement") == 0 {
		t.Errorf("%s is left out by its change, and nothing is said of what needs it", whole.Actions[i].ID)
	}
}
