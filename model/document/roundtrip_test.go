package document_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"planewise/model"
	"planewise/model/document"
)

// Every document that the schema allows is read, and written again it means the
// same; so do its JSON and its YAML form.
func TestRoundTrip(t *testing.T) {
	t.Run("mapping", roundTrip[model.Mapping]("mapping"))
	t.Run("policy", roundTrip[model.Policy]("policy"))
	t.Run("procedure", roundTrip[model.Procedure]("procedure"))
	t.Run("release", roundTrip[model.Release]("release"))
	t.Run("system", roundTrip[model.System]("system"))
}

func roundTrip[T any](kind string) func(*testing.T) {
	return func(t *testing.T) {
		schema := schemaOf(t, kind)
		rapid.Check(t, func(t *rapid.T) {
			g := generator{t: t}
			made := g.document(schema)
			text, err := json.Marshal(made)
			if err != nil {
				t.Fatal(err)
			}
			first, err := document.Decode[T]("made.json", text)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			canonical, err := document.Canonical(first)
			if err != nil {
				t.Fatal(err)
			}
			again, err := document.Decode[T]("again.json", canonical)
			if err != nil {
				t.Fatalf("%v\n%s", err, canonical)
			}
			second, err := document.Canonical(again)
			if err != nil || !bytes.Equal(canonical, second) {
				t.Fatalf("written again it differs: %v\n%s", err, cmp.Diff(string(canonical), string(second)))
			}
			asYAML, err := yaml.Marshal(made)
			if err != nil {
				t.Fatal(err)
			}
			if hasControls(string(text)) {
				return // raw control characters are refused in YAML, see package yamldoc
			}
			fromYAML, err := document.Recode(kind, "made.yaml", asYAML)
			if err != nil || !bytes.Equal(canonical, fromYAML) {
				t.Fatalf("from YAML it differs: %v\n%s\n%s", err, cmp.Diff(string(canonical), string(fromYAML)), asYAML)
			}
		})
	}
}

func hasControls(s string) bool { return strings.Contains(s, `\u001b`) }

// Unknown fields of a plan, wherever they stand, are written again at their place,
// and nothing else changes.
func TestPlanRoundTrip(t *testing.T) {
	schema := schemaOf(t, "plan")
	rapid.Check(t, func(t *rapid.T) {
		g := generator{t: t, unknown: true}
		made := g.document(schema)
		text, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := document.DecodePlan("made.json", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		canonical, err := document.EncodePlan(p)
		if err != nil {
			t.Fatal(err)
		}
		if n, want := bytes.Count(canonical, []byte(`"x_`)), bytes.Count(text, []byte(`"x_`)); n != want {
			t.Fatalf("%d of %d unknown fields were written\n%s\n%s", n, want, text, canonical)
		}
		again, _, err := document.DecodePlan("again.json", canonical)
		if err != nil {
			t.Fatalf("%v\n%s", err, canonical)
		}
		second, err := document.EncodePlan(again)
		if err != nil || !bytes.Equal(canonical, second) {
			t.Fatalf("written again it differs: %v\n%s", err, cmp.Diff(string(canonical), string(second)))
		}
		if a, b := document.PlanID(p), document.PlanID(again); a != b || len(a) != 12 {
			t.Fatalf("id %q, then %q", a, b)
		}
		again.ID, again.Tool, again.Series, again.Revision, again.Parent, again.PlannedAt = "x", "x", "x", 7, "x", "x"
		again.Optimality.Explored++
		if a, b := document.PlanID(p), document.PlanID(again); a != b {
			t.Fatalf("the id depends on what is no content: %q, then %q", a, b)
		}
		again.Optimality.Cost++
		if a, b := document.PlanID(p), document.PlanID(again); a == b {
			t.Fatalf("the id does not depend on the cost")
		}
	})
}
