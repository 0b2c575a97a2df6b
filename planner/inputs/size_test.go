package inputs_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/document"
	"planewise/planner/explain"
	"planewise/planner/export"
	"planewise/planner/inputs"
)

// manyCharts is a release of n charts that no rule of the mapping knows.
func manyCharts(n int, version string) model.Release {
	r := model.Release{Format: model.FormatRelease, Product: "many", Version: version}
	for i := range n {
		r.Components = append(r.Components, model.Component{Kind: model.KindChart, Name: fmt.Sprintf("chart-%05d", i), Namespace: "apps", Version: version, Position: i})
	}
	return r
}

func unmapped(tb testing.TB, n int) model.Plan {
	in := embedded(tb).base
	in.From, in.To = []model.Release{manyCharts(n, "1.0.0")}, []model.Release{manyCharts(n, "1.1.0")}
	p, err := inputs.Plan(in)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// A plan does not grow with unknown things times capabilities, and what is written can
// be read, shown and explained. No action of which nothing is known looks harmless.
func TestPlanOfManyUnmappedComponents(t *testing.T) {
	const n = 1000
	data, err := document.EncodePlan(unmapped(t, n))
	if err != nil {
		t.Fatal(err)
	}
	p, notes, err := document.DecodePlan("plan.json", data)
	if err != nil || len(notes) > 0 {
		t.Fatalf("what was written cannot be read: %v %v", err, notes)
	}
	bare := p
	bare.Inputs = nil
	if rest, _ := document.EncodePlan(bare); len(rest) > 2000*n {
		t.Errorf("the plan has %d bytes for each component", len(rest)/n)
	}
	reach := p.Reach()
	for _, a := range p.Actions {
		if len(a.Effects) != 1 || !a.Effects[0].Unknown || a.Effects[0].Plane != model.Any || len(a.Effects[0].Facts) == 0 {
			t.Fatalf("%s has the effects %+v", a.ID, a.Effects)
		}
		if all := reach.Effects(a.Effects); len(all) != len(reach) || len(reach) < 40 {
			t.Fatalf("%s may reach %d of %d capabilities", a.ID, len(all), len(reach))
		}
	}
	known := map[model.FactID]bool{}
	for _, f := range p.Facts {
		known[f.ID] = true
	}
	for _, id := range factIDs(reflect.ValueOf(p)) {
		if !known[id] {
			t.Fatalf("the plan names the fact %s, which it does not have", id)
		}
	}
	for _, subject := range []string{"control.api", "compute", "B1", "chart:apps/chart-00500", "ship:apps/chart-00999"} {
		r, err := explain.Of(p, subject)
		if err != nil || len(r.Chains) == 0 || !r.Chains[0].Unknown || len(r.Chains[0].Facts) == 0 || len(r.Unknowns) == 0 {
			t.Errorf("%s: %v %+v", subject, err, r)
		}
	}
	if r, _ := explain.Of(p, "ship:apps/chart-00500"); r.Chains[0].Facts[0].Subject != "ship:apps/chart-00500" || r.Unknowns[0].Subject != "ship:apps/chart-00500" {
		t.Errorf("an action is explained by what is said of others: %+v %+v", r.Chains[0].Facts, r.Unknowns)
	}
	for _, format := range []string{"text", "md", "html", "csv", "ics"} {
		if _, _, err := export.Write(format, p, export.Options{Width: 80}); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
	files, _, _ := export.Write("text", p, export.Options{Width: 80})
	text := string(files[0].Data)
	if lines := strings.Count(text, "\n"); lines > 100 || !strings.Contains(text, "and 999 more") || !strings.Contains(text, "the same of 999 more") {
		t.Errorf("%d lines of text:\n%s", lines, text)
	}
}

// factIDs are all ids of facts in a value.
func factIDs(v reflect.Value) []model.FactID {
	var out []model.FactID
	switch v.Kind() {
	case reflect.String:
		if id, ok := v.Interface().(model.FactID); ok && id != "" {
			out = append(out, id)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out = append(out, factIDs(v.Field(i))...)
		}
	case reflect.Slice:
		if v.Type() != reflect.TypeFor[json.RawMessage]() {
			for i := range v.Len() {
				out = append(out, factIDs(v.Index(i))...)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out = factIDs(v.Elem())
		}
	}
	return slices.Compact(out)
}

// BenchmarkUnmapped makes a plan of components without a rule and writes it; 10,000 are
// to stay below 20 MB.
func BenchmarkUnmapped(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				data, err := document.EncodePlan(unmapped(b, n))
				if err != nil {
					b.Fatal(err)
				}
				size = len(data)
			}
			b.ReportMetric(float64(size)/float64(n), "B/component")
		})
	}
}
