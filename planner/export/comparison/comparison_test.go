package comparison_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/compare"
	"planewise/planner/export/comparison"
	"planewise/planner/verify"
)

// named is a report in which every name is the given one.
func named(t interface{ Fatal(...any) }, name string) compare.Report {
	plan := func(id string, announcements int) model.Plan {
		return model.Plan{
			ID: id, System: name, Policy: name, Procedure: model.ProcedureRef{Name: name},
			From: []model.ReleaseRef{{Product: name, Version: "1"}}, To: []model.ReleaseRef{{Product: name, Version: "2"}},
			Planes:      []model.PlaneSummary{{ID: model.PlaneID(name), Announcements: announcements, ExposureS: 60}},
			Changes:     []model.Change{{ID: model.ChangeID(name + id)}},
			Diagnostics: []model.Diagnostic{{Severity: model.Blocking, Code: "x", Subject: name, Summary: name, Hint: name}},
			Bundles:     []model.Bundle{{Key: model.ActionID(name), Label: "B1", Duration: model.Span{P50s: int64(announcements), P90s: 60}}},
		}
	}
	a, b := plan("a", 1), plan("b", 2)
	r, err := compare.Of("targets", []compare.Option{{Name: name + "1", Steps: []model.Plan{a}, Notes: []string{name}}, {Name: name + "2", Steps: []model.Plan{b}}})
	if err != nil {
		t.Fatal(err)
	}
	d := compare.Plans(a, b)
	r.Bundles = &d
	return r
}

var hostile = []string{
	"<script>alert(1)</script>", "a|b", "**bold**", "[x](javascript:alert(1))", "`code`", "# heading", "- item", "1. one", "1) one", "=HYPERLINK(1)",
	"a\nb", "\x1b[31mred", "\u202eright to left", "&amp;", "~~gone~~", "_under_", "![x](http://x)", "https://example.com/x", "a\\|b", "> quote", "+ item", "$math$", "@someone", "www.example.com",
}

// Names cannot become markup: read by a Markdown parser, the page has no links,
// emphasis, code or HTML, and every table has the columns it should have.
func TestHostileNamesInMarkdown(t *testing.T) {
	for _, name := range hostile {
		checkMarkdown(t, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		checkMarkdown(t, rapid.StringOfN(rapid.SampledFrom([]rune("ab1 <>&|*_`[]()#!\\~-+=.:/@$\n\t\x1b\u202e")), 1, 12, -1).Draw(t, "name"))
	})
}

type failer interface {
	Fatal(...any)
	Fatalf(string, ...any)
}

func checkMarkdown(t failer, name string) {
	r := named(t, name)
	page := comparison.Report(r, comparison.Options{Format: comparison.Markdown})
	source := []byte(page)
	doc := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser().Parse(text.NewReader(source))
	headings := 0
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindLink, ast.KindImage, ast.KindAutoLink, ast.KindEmphasis, ast.KindCodeSpan, ast.KindRawHTML, ast.KindHTMLBlock, ast.KindCodeBlock, ast.KindFencedCodeBlock, ast.KindBlockquote, ast.KindThematicBreak, east.KindStrikethrough:
			t.Fatalf("the name %q became %s:\n%s", name, n.Kind(), page)
		case ast.KindHeading:
			headings++
		case east.KindTable:
			columns := n.FirstChild().ChildCount()
			for row := n.FirstChild(); row != nil; row = row.NextSibling() {
				if row.ChildCount() != columns {
					t.Fatalf("the name %q made a row of %d cells in a table of %d:\n%s", name, row.ChildCount(), columns, page)
				}
			}
		case ast.KindListItem:
			if p := n.Parent().(*ast.List); p.IsOrdered() || n.Parent().Parent() != doc {
				t.Fatalf("the name %q made a list of its own:\n%s", name, page)
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if headings != strings.Count("\n"+page, "\n#") {
		t.Fatalf("the name %q made a heading", name)
	}
	var html bytes.Buffer
	if err := goldmark.Convert(source, &html); err != nil || strings.Contains(html.String(), "<script") {
		t.Fatalf("%v: %s", err, html.String())
	}
}

// Nothing printed can move the cursor, and lines fit the width where words do.
func TestHostileNamesInText(t *testing.T) {
	for _, name := range hostile {
		page := comparison.Report(named(t, name), comparison.Options{Width: 80})
		for line := range strings.Lines(page) {
			if s := strings.TrimSuffix(line, "\n"); clean.Text(s) != s {
				t.Errorf("%q: the line %q has unsafe characters", name, s)
			}
		}
	}
}

func TestTextFitsItsWidth(t *testing.T) {
	var options []compare.Option
	for _, n := range []string{"csm-1.5.0", "csm-1.5.1", "csm-1.5.2", "csm-1.6.0-rc.3", "csm-1.6.1", "csm-1.6.2", "csm-1.7.0", "csm-1.7.1"} {
		options = append(options, compare.Option{Name: n, Steps: []model.Plan{{Planes: []model.PlaneSummary{{ID: "control", Announcements: 1, ExposureS: 100000, Levels: map[string]model.Span{"outage": {P50s: 100, P90s: 90000}}}}}}})
	}
	r, err := compare.Of("targets", options)
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{60, 80, 120} {
		page := comparison.Report(r, comparison.Options{Width: width})
		for line := range strings.Lines(page) {
			if n := runewidth.StringWidth(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns of %d: %s", n, width, line)
			}
		}
		for _, o := range options {
			if !strings.Contains(page, o.Name) {
				t.Errorf("%s is missing at width %d", o.Name, width)
			}
		}
	}
}

func TestVerifiedSaysWhatHappened(t *testing.T) {
	r := verify.Result{
		Status: verify.Stale, Plan: "abc", Reasons: []string{"Inputs that it rests on have moved: system demo."},
		Inputs: []verify.Move{{Kind: "system", Name: "demo", What: verify.Changed, Planned: "sha256:0123456789abcdef", Now: "sha256:fedcba9876543210", Used: true, Bundles: []string{"B2"}}},
		Bundles: []verify.Bundle{
			{Key: "a", Label: "B1", Status: verify.Fresh, Changes: []compare.Change{compare.Same}, Less: verify.Less{NeededBy: []string{"B2"}, Since: []string{"B2"}, StopAfter: model.StaySupported}},
			{Key: "b", Label: "B2", Status: verify.Stale, Changes: []compare.Change{compare.Worse}, Window: "its window night began on 2026-03-02T20:00:00Z, which has passed", Details: slices.Repeat([]string{"It is worse."}, 14), Inputs: []string{"system demo"}, Less: verify.Less{StopAfter: model.StayNotSupported}},
		},
	}
	page := comparison.Verified(r, []string{"release x-1"}, comparison.Options{})
	for _, want := range []string{
		"Plan abc is stale", "rests on have moved: system demo.", "own copies were used: release x-1.", "0123456789ab", "fedcba987654",
		"not possible: B2 needs it (B2 since the inputs moved)", "not supported", "Its window night began on 2026-03-02T20:00:00Z, which has passed.", "4 more (-v lists them).",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if page = comparison.Verified(r, nil, comparison.Options{Verbose: true}); strings.Count(page, "It is worse.") != 14 {
		t.Error("-v does not list everything")
	}
}

// Of many differences some are shown, whatever is in them.
func TestVerifiedBoundsDifferences(t *testing.T) {
	r := verify.Result{Status: verify.Invalid, Plan: "abc"}
	for i := range 30 {
		r.Differences = append(r.Differences, verify.Difference{Path: fmt.Sprint("/x/", i), Where: "bundle \x1b[2J", Said: []byte(`"\u001b[31m"`), Again: []byte(`1`)})
	}
	for _, c := range []struct {
		verbose bool
		shown   int
	}{{false, 20}, {true, 30}} {
		page := comparison.Verified(r, nil, comparison.Options{Verbose: c.verbose})
		if n := strings.Count(page, "made again it is 1 (/x/"); n != c.shown || strings.Contains(page, "\x1b") || strings.Contains(page, "10 more (-v lists them).") == c.verbose {
			t.Errorf("-v %v: %d differences in\n%s", c.verbose, n, page)
		}
	}
}
