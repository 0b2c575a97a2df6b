package document_test

import (
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/document"
)

const baseProcedure = `format: planewise.procedure/1
name: base
title: The base
product: p
from: "= 1.0.0"
to: "= 1.1.0"
path: manual
preferred: true
basis: documented
source: page
stages:
  - {id: a, title: A, does: step, run: always, basis: documented, source: page-a, text: why}
  - {id: b, title: B, does: ship, run: when-carried, required: [a], per_unit: {p50s: 1, p90s: 2, basis: documented, source: page-b}}
  - {id: c, title: C, does: step, run: always}
`

func TestExtend(t *testing.T) {
	for name, c := range map[string]struct{ changes, want string }{
		"nothing": {"", "a:A b:B c:C"},
		"a field": {`
stages:
  - {id: b, title: Other}`, "a:A b:Other c:C"},
		"insert": {`
stages:
  - {id: x, before: a, title: X, does: step, run: always}
  - {id: y, after: x, title: "Y", does: step, run: always}
  - {id: z, after: c, title: Z, does: step, run: always}`, "x:X y:Y a:A b:B c:C z:Z"},
		"between": {`
stages:
  - {id: y, before: b, title: "Y", does: step, run: always}
  - {id: x, after: a, title: X, does: step, run: always}`, "a:A x:X y:Y b:B c:C"},
		"drop": {`
drop: [c]`, "a:A b:B"},
		"replace as a whole, and move": {`
drop: [c]
stages:
  - {id: c, before: a, title: New, does: step, run: always}`, "c:New a:A b:B"},
		"drop what is asked for": {`
drop: [a]
stages:
  - {id: b, required: }`, "b:B c:C"},
	} {
		p, err := extended(c.changes)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, s := range p.Stages {
			got = append(got, s.ID+":"+s.Title)
			if s.After != "" || s.Before != "" {
				t.Errorf("%s: stage %s still has its place", name, s.ID)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
		if p.Name != "site" || p.Extends+strings.Join(p.Drop, "") != "" || p.Defaults != nil {
			t.Errorf("%s: %+v says how it was written", name, p)
		}
	}
}

func extended(changes string) (model.Procedure, error) {
	return document.DecodeProcedure("site.yaml", []byte("format: planewise.procedure/1\nname: site\nextends: base"+changes), sources(map[string]string{"base": baseProcedure}))
}

func sources(texts map[string]string) document.Lookup {
	return func(name string) (string, []byte, bool) {
		text, ok := texts[name]
		return name + ".yaml", []byte(text), ok
	}
}

// A field is replaced as a whole: nothing of another claim's evidence stays.
func TestExtendReplacesWholeFields(t *testing.T) {
	p, err := extended(`
path: iuf
preferred:
source: other
stages:
  - {id: a, text: }
  - {id: b, per_unit: {p50s: 5, p90s: 9}}`)
	if err != nil {
		t.Fatal(err)
	}
	if p.Path != "iuf" || p.Preferred || p.Source != "other" || p.Title != "The base" || p.From != "= 1.0.0" {
		t.Errorf("the document's own fields: %+v", p)
	}
	if a := p.Stages[0]; a.Text != "" || a.Source != "page-a" {
		t.Errorf("a: %+v", a)
	}
	if unit := *p.Stages[1].PerUnit; unit.P50s != 5 || unit.Source != "" || unit.Basis != model.BasisUnknown {
		t.Errorf("b: %+v", unit)
	}
}

// Defaults hold for the stages that a document writes in full, of their kind of work.
func TestDefaults(t *testing.T) {
	p, err := extended(`
defaults:
  ship: {run: when-carried, per_unit: {p50s: 7, p90s: 8}}
stages:
  - {id: b, title: Other}
  - {id: x, after: c, title: X, does: ship}
  - {id: y, after: x, title: "Y", does: ship, run: always, per_unit: }`)
	if err != nil {
		t.Fatal(err)
	}
	b, x, y := p.Stages[1], p.Stages[3], p.Stages[4]
	if b.PerUnit.P50s != 1 || x.PerUnit.P50s != 7 || x.Run != model.RunWhenCarried || y.PerUnit != nil || y.Run != model.RunAlways {
		t.Errorf("%+v\n%+v\n%+v", b, x, y)
	}
}

// A base in canonical form gives what its source gives.
func TestExtendCanonicalBase(t *testing.T) {
	text := []byte("format: planewise.procedure/1\nname: site\nextends: mid\ndrop: [y]\nstages:\n  - {id: c, title: Last}\n")
	mid := "format: planewise.procedure/1\nname: mid\nextends: base\ndefaults: {step: {run: always}}\nstages:\n  - {id: x, after: a, title: X, does: step}\n  - {id: y, after: x, title: \"Y\", does: step}\n"
	written := map[string]string{"base": baseProcedure, "mid": mid}
	a, err := document.DecodeProcedure("site.yaml", text, sources(written))
	if err != nil {
		t.Fatal(err)
	}
	p, err := document.DecodeProcedure("mid.yaml", []byte(mid), sources(written))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := document.Canonical(p)
	if err != nil {
		t.Fatal(err)
	}
	b, err := document.DecodeProcedure("site.yaml", text, sources(map[string]string{"mid": string(whole)}))
	if err != nil || document.Digest(a) != document.Digest(b) {
		t.Errorf("%v\n%+v\n%+v", err, a, b)
	}
}

// A site's file may extend a procedure that the program carries.
func TestExtendEmbedded(t *testing.T) {
	p, err := document.Decode[model.Procedure]("site.yaml", []byte("format: planewise.procedure/1\nname: site\nextends: csm-1.5/patch\nbasis: inferred\n"))
	if err != nil || p.Name != "site" || len(p.Stages) < 10 || p.Extends != "" {
		t.Errorf("%v %+v", err, p)
	}
}

func TestExtendErrors(t *testing.T) {
	for changes, want := range map[string]string{
		"\ndrop: [d]":             `site.yaml:4: drop: there is no stage "d" here; correct the id`,
		"\ndrop:\n  - a":          `site.yaml:5: drop: stage "b" names the dropped stage "a" in "required"; say there what it needs instead`,
		"\nstages:\n  - {id: aa}": `site.yaml:5: stages: base has no stage "aa"; correct the id, or say with "after" or "before" where the new stage belongs`,
		"\nstages:\n  - {id: x, after: d, title: X, does: step, run: always}": `site.yaml:5: after: there is no stage "d" here`,
		"\nstages:\n  - {id: b, after: c}":                                    `site.yaml:5: after: there is a stage "b" already; remove "after" to change it, or drop the one of base`,
		"\nstages:\n  - {id: b}\n  - {id: b}":                                 `site.yaml:6: stages: two stages of this document are "b"`,
		"\nstages:\n  - {id: x, after: c, before: b}":                         "stands after one stage and before another",
		"\nstages:\n  - {id: x, after: c, does: step, run: always}":           `site.yaml:5: stages[3]: the field "title" is missing`,
		"\nstages:\n  - {id: x, after: c, title: X, does: step, run: always}\n  - {id: \"y\", after: c, title: Y, does: step, run: always}": `site.yaml:6: stages: two stages of this document are "after c"`,
		"\nstages:\n  - {id: a, titl: X}":           `site.yaml:5: stages[0]: there is no field "titl"; did you mean "title"?`,
		"\nstages:\n  - {title: X}":                 `site.yaml:5: stages[0]: the field "id" is missing`,
		"\ndefaults:\n  shop: {run: always}":        `site.yaml:5: defaults: there is no field "shop"; did you mean "ship"?`,
		"\nproduct:":                                `the field "product" is missing`,
		"\nstages:\n  - {id: a, does: ship, run: }": `site.yaml:5: stages[0]: the field "run" is missing`,
	} {
		if _, err := extended(changes); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", changes, err, want)
		}
	}
}

func TestExtendWhatCannotBe(t *testing.T) {
	head := "format: planewise.procedure/1\nname: %\nextends: "
	named := func(name, base string) string { return strings.Replace(head, "%", name, 1) + base + "\n" }
	texts := map[string]string{
		"a": named("a", "b"), "b": named("b", "c"), "c": named("c", "b"), "lost": named("lost", "nobody"),
		"liar": named("other", "liar"), "broken": "format: planewise.procedure/1\nname: broken\n",
	}
	for text, want := range map[string]string{
		named("site", "nobody"): `site.yaml:3: extends: there is no procedure "nobody"; correct the name`,
		named("site", "site"):   `site.yaml:3: extends: the procedure extends itself (site, which extends site)`,
		named("site", "a"):      `extends itself (site, which extends a, which extends b, which extends c, which extends b)`,
		named("site", "lost"):   `site.yaml:3: extends: procedure "lost" cannot be extended: lost.yaml:3: extends: there is no procedure "nobody"`,
		named("site", "liar"):   `extends itself`,
		named("site", "broken"): `site.yaml:3: extends: procedure "broken" cannot be extended: broken.yaml:1: the field "from" is missing`,
		strings.Replace(baseProcedure, "{id: c,", "{id: c, after: a,", 1): `site.yaml:14: after: "after" is for a procedure that extends another; write stage "c" where it belongs`,
		baseProcedure + "drop: [c]\n":                                     `site.yaml:15: drop: there is no stage "c" here`,
	} {
		if _, err := document.DecodeProcedure("site.yaml", []byte(text), sources(texts)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", text, err, want)
		}
	}
}
