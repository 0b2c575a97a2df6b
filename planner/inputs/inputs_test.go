package inputs_test

import (
	"bytes"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/customizations/csm"
	"planewise/model/document"
	"planewise/planner"
	"planewise/planner/inputs"
)

func all[T any](tb testing.TB, folder string) map[string]T {
	tb.Helper()
	out := map[string]T{}
	entries, err := fs.ReadDir(fixtures.FS, folder)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".yaml")
		if !ok {
			continue
		}
		data, err := fs.ReadFile(fixtures.FS, path.Join(folder, e.Name()))
		if err != nil {
			tb.Fatal(err)
		}
		if out[name], err = document.Decode[T](e.Name(), data); err != nil {
			tb.Fatal(err)
		}
	}
	return out
}

func sorted[T any](m map[string]T) []T {
	var out []T
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}

// world is what the program carries.
type world struct {
	releases map[string]model.Release
	base     planner.Input
}

func embedded(tb testing.TB) world {
	tb.Helper()
	c, notes := catalog.New(sorted(all[model.Mapping](tb, "mapping"))...)
	return world{releases: all[model.Release](tb, "releases"), base: planner.Input{
		Catalog: c, Procedures: sorted(all[model.Procedure](tb, "procedures")),
		System: all[model.System](tb, "systems")["demo"], Policy: all[model.Policy](tb, "policies")["jobs-first"],
		Zones: time.LoadLocation, Tool: "test", BaseChart: csm.BaseChart(), Notes: notes,
	}}
}

func (w world) input(from, to string, known ...string) planner.Input {
	in := w.base
	for _, n := range strings.Split(from, "+") {
		in.From = append(in.From, w.releases[n])
	}
	for _, n := range strings.Split(to, "+") {
		in.To = append(in.To, w.releases[n])
	}
	for _, n := range known {
		in.Known = append(in.Known, w.releases[n])
	}
	return in
}

// A plan file holds all it was made from: made again from the file alone it is
// the same plan, byte for byte.
func TestPlanMadeAgainFromItsOwnInputs(t *testing.T) {
	w := embedded(t)
	iuf := w.input("csm-1.5.2+uan-2.6.0", "csm-1.6.0-rc.3+uan-2.7.0")
	iuf.Path = "iuf"
	edited := w.input("csm-1.5.0", "csm-1.5.2")
	edited.Edits = model.Edits{Excluded: []string{"roll:worker"}, Relaxed: []string{"order:csm/*"}}
	noted := w.input("csm-1.5.0", "csm-1.5.1")
	noted.Notes = append(slices.Clone(noted.Notes), model.Diagnostic{Severity: model.Warning, Code: "duplicate-key", Subject: "a.yaml", Summary: "seen while reading"})
	dated := w.input("csm-1.5.0", "csm-1.5.2")
	dated.At = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	cases := map[string]planner.Input{
		"patch":             w.input("csm-1.5.0", "csm-1.5.1"),
		"no change":         w.input("csm-1.5.2", "csm-1.5.2"),
		"jump over others":  w.input("csm-1.3.5", "csm-1.5.0", "csm-1.4.0", "csm-1.4.3"),
		"back":              w.input("csm-1.5.2", "csm-1.4.3"),
		"sets, by iuf":      iuf,
		"edited":            edited,
		"notes of a reader": noted,
		"at a time":         dated,
	}
	for name, in := range cases {
		t.Run(name, func(t *testing.T) {
			first, err := inputs.Plan(in)
			if err != nil {
				t.Fatal(err)
			}
			text, err := document.EncodePlan(first)
			if err != nil {
				t.Fatal(err)
			}
			read, said, err := document.DecodePlan("plan.json", text)
			if err != nil || len(said) > 0 {
				t.Fatalf("%v %v", err, said)
			}
			again, err := inputs.Of(read)
			if err != nil {
				t.Fatal(err)
			}
			again.Zones, again.Tool, again.BaseChart = in.Zones, in.Tool, in.BaseChart
			second, err := inputs.Plan(again)
			if err != nil {
				t.Fatal(err)
			}
			if second.ID != first.ID {
				t.Errorf("the plan is %s, made again it is %s", first.ID, second.ID)
			}
			if data, err := document.EncodePlan(second); err != nil || !bytes.Equal(data, text) {
				t.Errorf("made again the file differs (%v): %d and %d bytes", err, len(text), len(data))
			}
		})
	}
}

// Two releases of one name with different content stay apart.
func TestSidesOfOneName(t *testing.T) {
	w := embedded(t)
	in := w.input("csm-1.5.2", "csm-1.5.2")
	other := w.releases["csm-1.5.2"]
	other.Components = other.Components[1:]
	in.To = []model.Release{other}
	p, err := inputs.Plan(in)
	if err != nil {
		t.Fatal(err)
	}
	if p.From[0].Digest == p.To[0].Digest {
		t.Fatal("both sides have one digest")
	}
	again, err := inputs.Of(p)
	if err != nil {
		t.Fatal(err)
	}
	if n, m := len(again.From[0].Components), len(again.To[0].Components); n != m+1 {
		t.Errorf("%d and %d components", n, m)
	}
}

func TestPlanThatLacksInputs(t *testing.T) {
	p, err := inputs.Plan(embedded(t).input("csm-1.5.0", "csm-1.5.1"))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		spoil func(*model.Plan)
		want  string
	}{
		"no inputs":        {func(p *model.Plan) { p.Inputs = nil }, "its mapping, its one system, its one policy"},
		"no content":       {func(p *model.Plan) { p.Inputs[0].Content = nil }, "does not carry its release csm-1.5.0"},
		"null content":     {func(p *model.Plan) { p.Inputs[0].Content = []byte("null") }, "does not carry its release csm-1.5.0"},
		"broken content":   {func(p *model.Plan) { p.Inputs[0].Content = []byte(`{"format":"planewise.release/1"}`) }, "release csm-1.5.0: "},
		"another digest":   {func(p *model.Plan) { p.Inputs[0].Digest = "sha256:00" }, "a release of its two sides"},
		"two policies":     {func(p *model.Plan) { p.Inputs = append(p.Inputs, p.Inputs[len(p.Inputs)-1]) }, "its one policy"},
		"time of planning": {func(p *model.Plan) { p.PlannedAt = "soon" }, `planned_at "soon" is no time`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			spoilt := p
			spoilt.Inputs = slices.Clone(p.Inputs)
			c.spoil(&spoilt)
			if _, err := inputs.Of(spoilt); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
