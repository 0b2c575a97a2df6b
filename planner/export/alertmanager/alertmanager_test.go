package alertmanager

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/sample"
)

func read(t *testing.T, data []byte) []silence {
	t.Helper()
	f, err := os.Open("testdata/postable_silences.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	schema, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("silences.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("silences.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(value); err != nil {
		t.Fatal(err)
	}
	var out []silence
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSample(t *testing.T) {
	data, diags, err := Plan(sample.Plan(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, data)
	// B1 touches nobody; B2 control; B3 compute and storage; B4 twice access and compute.
	var planes []string
	for _, s := range got {
		planes = append(planes, s.Matchers[0].Value)
	}
	if want := "control compute storage access compute access compute"; strings.Join(planes, " ") != want {
		t.Errorf("silences for %v, want %s", planes, want)
	}
	if got[0].StartsAt != "2026-01-05T18:55:00Z" || got[0].EndsAt != "2026-01-05T19:10:00Z" {
		t.Errorf("B2 from %s to %s: the silence must begin before the bundle", got[0].StartsAt, got[0].EndsAt)
	}
	if len(diags) != 0 {
		t.Errorf("diagnostics: %v", diags)
	}
}

func TestABundleWithoutADateIsReported(t *testing.T) {
	p := sample.Plan()
	p.Bundles[1].Window = nil
	_, diags, err := Plan(p, Options{})
	if err != nil || len(diags) != 1 || diags[0].Subject != "ship:core/api" {
		t.Errorf("%v, %v", diags, err)
	}
}

func TestOptions(t *testing.T) {
	for _, label := range []string{"1a", "a-b", "a\nb", "ä", "a b"} {
		if _, _, err := Plan(sample.Plan(), Options{Label: label}); err == nil {
			t.Errorf("label %q was taken", label)
		}
	}
	data, _, err := Plan(sample.Plan(), Options{Label: "team", LeadS: 3600})
	if err != nil {
		t.Fatal(err)
	}
	if s := read(t, data)[0]; s.Matchers[0].Name != "team" || s.StartsAt != "2026-01-05T18:00:00Z" {
		t.Errorf("%+v", s)
	}
}

// A name is matched as it is or not at all, never changed and never as a pattern.
func TestHostileNames(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			p := sample.Hostile(attack)
			known := map[string]bool{}
			for _, plane := range p.Planes {
				known[string(plane.ID)] = true
			}
			data, diags, err := Plan(p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := read(t, data)
			if clean.Text(attack) != attack {
				if len(got) != 0 || len(diags) == 0 || diags[0].Code != CodeNameRefused {
					t.Errorf("%d silences, diagnostics %.200v", len(got), diags)
				}
				return
			}
			if len(got) != 7 {
				t.Errorf("%d silences", len(got))
			}
			for _, s := range got {
				m := s.Matchers[0]
				if m.IsRegex || !known[m.Value] {
					t.Errorf("matches %.60q", m.Value)
				}
			}
		})
	}
}

// Every silence lies around its bundle.
func TestSilencesCoverTheirBundles(t *testing.T) {
	p := sample.Plan()
	data, _, err := Plan(p, Options{LeadS: 60})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range read(t, data) {
		start, _ := time.Parse(time.RFC3339, s.StartsAt)
		end, _ := time.Parse(time.RFC3339, s.EndsAt)
		covers := func(slot *model.Slot) bool {
			from, to, ok := times(slot)
			return ok && start.Equal(from.Add(-time.Minute)) && end.Equal(to)
		}
		found := false
		for _, b := range p.Bundles {
			found = found || covers(b.Window)
			for _, part := range b.Parts {
				found = found || covers(part.Window)
			}
		}
		if !found {
			t.Errorf("%s to %s lies around no bundle", s.StartsAt, s.EndsAt)
		}
	}
}
