package yaml

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	yamlv3 "go.yaml.in/yaml/v3" // why: an independent reader of what is written here

	"planewise/model/document"
	"planewise/planner/export/internal/sample"
)

// same compares what YAML and JSON readers see.
func same(t *testing.T, canonical, out []byte) {
	t.Helper()
	var fromJSON, fromYAML any
	dec := json.NewDecoder(bytes.NewReader(canonical))
	dec.UseNumber()
	if err := dec.Decode(&fromJSON); err != nil {
		t.Fatal(err)
	}
	if err := yamlv3.Unmarshal(out, &fromYAML); err != nil {
		t.Fatalf("%v\n%.200s", err, out)
	}
	a, _ := json.Marshal(fromJSON)
	b, err := json.Marshal(fromYAML)
	if err != nil {
		t.Fatal(err)
	}
	var x, y any
	_ = json.Unmarshal(a, &x)
	_ = json.Unmarshal(b, &y)
	if !reflect.DeepEqual(x, y) {
		t.Errorf("YAML reads otherwise than JSON:\n%.200s\n%.200s", a, b)
	}
}

func TestTheSampleReadsBack(t *testing.T) {
	p := sample.Plan()
	p.ID = document.PlanID(p)
	canonical, err := document.EncodePlan(p)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Plan(p)
	if err != nil {
		t.Fatal(err)
	}
	same(t, canonical, out)
	back, _, err := document.DecodePlan("plan.yaml", out)
	if err != nil {
		t.Fatal(err)
	}
	again, err := document.EncodePlan(back)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(canonical, again) {
		t.Error("a plan written as YAML and read back is another plan")
	}
}

func TestHostileNames(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			p := sample.Hostile(attack)
			canonical, err := document.EncodePlan(p)
			if err != nil {
				t.Fatal(err)
			}
			out, err := Plan(p)
			if err != nil {
				t.Fatal(err)
			}
			same(t, canonical, out)
		})
	}
}

func TestWordsAreQuoted(t *testing.T) {
	in, err := document.Canonical(json.RawMessage(`{"a": ["yes", "No", "null", "~", "1.5", "1e3", "0x1", "12:30", "-", "", "x: y", "key:", "a #b", "NaN", ".inf", "=", "<<", "2026-01-01", true, null, 12, {}, [], [[1], {"b": 1, "c": {}}]]}`))
	if err != nil {
		t.Fatal(err)
	}
	same(t, in, fromJSON(in))
}

func FuzzText(f *testing.F) {
	for _, attack := range sample.Attacks() {
		f.Add(attack)
	}
	f.Fuzz(func(t *testing.T, s string) {
		canonical, err := document.Canonical(map[string]any{"k": s, s: []string{s, s}})
		if err != nil {
			t.Skip("two keys are the same")
		}
		same(t, canonical, fromJSON(canonical))
	})
}
