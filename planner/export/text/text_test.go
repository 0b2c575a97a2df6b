package text_test

import (
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"pgregory.net/rapid"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/sample"
	"planewise/planner/export/text"
)

// Lines fit the width asked for, unless a word alone is longer, and end without blanks.
func TestLinesFit(t *testing.T) {
	for _, width := range []int{60, 80, 100, 200} {
		for _, verbose := range []bool{false, true} {
			for line := range strings.Lines(text.Plan(sample.Plan(), text.Options{Width: width, Verbose: verbose})) {
				line = strings.TrimSuffix(line, "\n")
				if strings.TrimRight(line, " ") != line {
					t.Errorf("blanks at the end of %q", line)
				}
				// Rows of the tables of actions and changes, which only -v shows, are not broken.
				if runewidth.StringWidth(line) > width && !verbose && len(strings.Fields(line)) > 1 {
					t.Errorf("more than %d columns: %q", width, line)
				}
			}
		}
	}
}

// A paragraph keeps all its words in their order at any width.
func TestNoWordIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zäöü表\x1b\x{202e}]{1,12}`), 1, 40).Draw(t, "words")
		width := rapid.IntRange(40, 120).Draw(t, "width")
		got := text.Diagnostic(model.Diagnostic{Severity: model.Warning, Code: "c", Subject: "s", Summary: strings.Join(words, " ")}, width)
		if want := clean.Text("warning [c] s: " + strings.Join(words, " ")); strings.Join(strings.Fields(got), " ") != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}

func TestCell(t *testing.T) {
	felt := func(l model.Level, unknown bool, cs ...model.CapabilityImpact) model.Bundle {
		return model.Bundle{Impact: []model.PlaneImpact{{Plane: "p", Worst: l, Unknown: unknown, Capabilities: cs}}}
	}
	cases := []struct {
		name string
		b    model.Bundle
		want string
	}{
		{"not a plane of it", model.Bundle{}, "."},
		{"nothing", felt(model.None, false), "."},
		{"unknown is never nothing", felt(model.None, true, model.CapabilityImpact{Unknown: true, PossibleS: 60}), "??? unknown +???"},
		{"for how long", felt(model.Outage, false, model.CapabilityImpact{Level: model.Outage, P90s: 120}, model.CapabilityImpact{Level: model.Blip, P90s: 900}), "!!! outage 2m"},
		{"the longest of the worst", felt(model.Degraded, false, model.CapabilityImpact{Level: model.Degraded, P90s: 120}, model.CapabilityImpact{Level: model.Degraded, P90s: 240}), "degraded 4m"},
		{"at least", felt(model.Degraded, true, model.CapabilityImpact{Level: model.Degraded, Unknown: true, P90s: 60}), ">=degraded 60s"},
		{"only what matters little", felt(model.Outage, false, model.CapabilityImpact{Level: model.Outage, P90s: 60, Importance: model.Minor}), "outage 60s minor"},
		{"not only", felt(model.Outage, false, model.CapabilityImpact{Level: model.Outage, P90s: 60, Importance: model.Minor}, model.CapabilityImpact{Level: model.Outage, P90s: 60, Importance: model.Major}), "outage 60s"},
	}
	for _, c := range cases {
		if got := text.Cell(c.b, "p"); got != c.want && !strings.HasSuffix(got, " "+c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSummary(t *testing.T) {
	p := sample.Plan()
	cases := []struct {
		change func(*model.Plan)
		want   []string
	}{
		{func(*model.Plan) {}, []string{"7 changes, 7 actions, 4 bundles.", "Split proven optimal", "avoidable: access 3 min in 1 more announcement; nothing else."}},
		{func(p *model.Plan) { p.Optimality.Status, p.Optimality.GapPermille = "bounded", 125 }, []string{"Split within 12.5 % of the best possible"}},
		{func(p *model.Plan) { p.Planes = nil }, []string{"avoidable: nothing."}},
		{func(p *model.Plan) { p.Bundles = nil }, []string{"0 bundles. Nothing to do."}},
		{func(p *model.Plan) { p.Standing = &model.Standing{Made: []model.ChangeID{"a", "b"}} }, []string{"2 of 7 changes made; left are 7 actions in 4 bundles."}},
	}
	for _, c := range cases {
		p := p
		c.change(&p)
		for _, want := range c.want {
			if got := text.Summary(p); !strings.Contains(got, want) {
				t.Errorf("%q does not say %q", got, want)
			}
		}
	}
}

func TestTable(t *testing.T) {
	got := text.Table([][]string{{"A", "B", "C"}, {"表示", "x\x1b[2J", ""}, {"a", "", "z"}})
	want := "A     B         C\n表示  x\\x1b[2J\na               z\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What is hidden is counted, and -v shows it.
func TestVerbose(t *testing.T) {
	p := sample.Plan()
	for i := range 12 {
		p.Unknowns = append(p.Unknowns, model.UnknownThing{Subject: "thing" + strings.Repeat("x", i), What: "how", SettleBy: "asking"})
	}
	p.Diagnostics = append(p.Diagnostics, model.Diagnostic{Severity: model.Warning, Code: "no-stage", Path: strings.Split(strings.Repeat("p,", 29)+"last", ",")})
	short, long := text.Plan(p, text.Options{}), text.Plan(p, text.Options{Verbose: true})
	for _, want := range []string{"Not known (13):", "and 3 more (planewise show -v)", "-> 6 more (-v lists all)", "notes hidden"} {
		if !strings.Contains(short, want) {
			t.Errorf("no %q in\n%s", want, short)
		}
		if strings.Contains(long, want) != (want == "Not known (13):") {
			t.Errorf("with -v: %q", want)
		}
	}
	for _, c := range p.Changes {
		if !strings.Contains(long, string(c.ID)) {
			t.Errorf("-v does not show %s", c.ID)
		}
	}
	if !strings.Contains(long, "quiesce: No boot sessions run. [list-sessions]") || !strings.Contains(short, "2 things to quiesce") {
		t.Error("what is to quiesce is not shown")
	}
}

func TestListsOfNothing(t *testing.T) {
	if text.Diagnostics(nil, 80) != "ok: nothing to report\n" || text.Changes(nil) != "no difference\n" || text.Refs(nil) != "nothing" {
		t.Error("an empty list is not said to be one")
	}
	if got := text.Fact(model.Fact{Subject: "a", Relation: "serves", Object: "b", Level: "outage", Basis: model.BasisInferred, Source: "x.md", Text: "So."}); got != "a serves b (outage): So. [inferred, x.md]" {
		t.Error(got)
	}
}
