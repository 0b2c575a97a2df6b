package brief_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
	"planewise/planner/export/internal/brief"
	"planewise/planner/export/internal/sample"
)

func TestTitlesComeFromTheMapping(t *testing.T) {
	b := brief.New(sample.Plan())
	if got := b.Capability("access.login"); got != "People can log in" {
		t.Errorf("capability: %q", got)
	}
	if got := b.Plane("compute") + ", " + b.Users("compute") + ", " + b.Topic("compute.launch"); got != "Compute, jobs, launch" {
		t.Error(got)
	}
	for _, content := range []string{"", "null", "[]", "{", `{"planes": 1}`, `{"capabilities": [{"id": 1}]}`, `{"x": {"planes": []}}`} {
		p := sample.Plan()
		for i := range p.Inputs {
			p.Inputs[i].Content = json.RawMessage(content)
		}
		if got := brief.New(p).Capability("access.login"); got != "access.login" {
			t.Errorf("mapping %q: %q", content, got)
		}
	}
}

func TestBetween(t *testing.T) {
	cases := []struct{ start, end, want string }{
		{"2026-01-05T20:00:00+01:00", "2026-01-05T21:40:39+01:00", "Mon 5 Jan 2026 20:00 to 21:40"},
		{"2026-01-09T23:50:00+01:00", "2026-01-10T00:10:00+01:00", "Fri 9 Jan 2026 23:50 to Sat 10 Jan 2026 00:10"},
		{"2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+01:00", "Sat 24 Oct 2026 22:00 to Sun 25 Oct 2026 06:00"},
		{"soon", "later", "soon to later"},
		{"2026-01-05T20:00:00Z", "\x1b[2J", `2026-01-05T20:00:00Z to \x1b[2J`},
	}
	for _, c := range cases {
		if got := brief.Between(c.start, c.end); got != c.want {
			t.Errorf("Between(%q, %q) = %q, want %q", c.start, c.end, got, c.want)
		}
	}
}

func TestFeelNeverCallsUnknownNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := model.PlaneImpact{Worst: model.Level(rapid.IntRange(0, int(model.Outage)).Draw(t, "worst")), Unknown: rapid.Bool().Draw(t, "unknown")}
		if got := brief.Feel(i); (got == "none") != (i.Worst == model.None && !i.Unknown) {
			t.Fatalf("%+v reads as %q", i, got)
		}
	})
}

func TestAbort(t *testing.T) {
	p := sample.Plan()
	b := brief.New(p)
	for label, want := range map[string][]string{
		"B1": {"A gate does not pass", "longer than 15 min", "control, access, compute and storage"},
		"B2": {"longer than 7 min", "access, compute and storage", "B2 is not done by Mon 5 Jan 2026 20:05 +01:00"},
		"B4": {"before the point of no return (Rebuild the workers"},
	} {
		for _, bundle := range p.Bundles {
			if bundle.Label != label {
				continue
			}
			got := strings.Join(b.Abort(bundle), "\n")
			for _, part := range want {
				if !strings.Contains(got, part) {
					t.Errorf("%s: no %q in\n%s", label, part, got)
				}
			}
			if label == "B4" && strings.Contains(got, "not done by") {
				t.Errorf("a bundle without a way back has no time to turn back:\n%s", got)
			}
		}
	}
}

// A plane of which something is unknown is never promised to be quiet.
func TestAbortPromisesNothingUnknown(t *testing.T) {
	p := sample.Plan()
	p.Bundles[0].Impact[1].Unknown = true // access
	if got := strings.Join(brief.New(p).Abort(p.Bundles[0]), "\n"); !strings.Contains(got, "felt on control, compute and storage") {
		t.Error(got)
	}
}

func TestStable(t *testing.T) {
	p := sample.Plan()
	first := brief.New(p).Stable("ship:core/api", "1 of 2")
	if !regexp.MustCompile(`^[0-9a-f]{24}$`).MatchString(first) {
		t.Error(first)
	}
	p.ID, p.Revision, p.To[0].Version = "x", 9, "1.2.0"
	if again := brief.New(p).Stable("ship:core/api", "1 of 2"); again != first {
		t.Error("a later plan of the series gives other names")
	}
	for _, other := range []string{brief.New(p).Stable("ship:core/api"), brief.New(p).Stable("ship:core/api", "2 of 2"), brief.New(p).Stable("ship:core/ap", "i1 of 2")} {
		if other == first {
			t.Error("two things have one name")
		}
	}
}

func TestWord(t *testing.T) {
	form := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	rapid.Check(t, func(t *rapid.T) {
		if got := brief.Word(rapid.String().Draw(t, "name"), 20); !form.MatchString(got) || len(got) > 20 {
			t.Fatalf("%q", got)
		}
	})
}
