package document_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/document"
)

const tinyPolicy = `format: planewise.policy/1
name: tiny
disturbed: {critical: degraded, major: outage}
watched: {critical: at-risk, major: at-risk, minor: outage}
costs:
  - {plane: compute, fixed: 288000, rate: 160, watch: 16}
sitting: 36000
percentile: 90
reserve_permille: 0
correlation_permille: 300
lanes: 1
order: documented
untested_cuts: allow
`

func TestDecodeScalarsByTheirType(t *testing.T) {
	r, err := document.Decode[model.Release]("r.yaml", []byte(`
format: planewise.release/1
product: uan
version: 3.10            # a text, though YAML has a number here
date: 2024-10-24         # likewise
components:
  - {kind: chart, name: on, version: 1e3, namespace: "5"}
  - {kind: rpm, name: null-tools, version: 0x10, versions: [1.20, true, ~x]}
undeploys:
`))
	if err != nil {
		t.Fatal(err)
	}
	if r.Version != "3.10" || r.Date != "2024-10-24" || r.Components[0].Version != "1e3" || r.Components[0].Name != "on" ||
		strings.Join(r.Components[1].Versions, " ") != "1.20 true ~x" || r.Undeploys != nil {
		t.Errorf("got %+v", r)
	}
}

func TestDecodeAcceptsJSONAndYAMLAlike(t *testing.T) {
	p, err := document.Decode[model.Policy]("p.yaml", []byte(tinyPolicy))
	if err != nil {
		t.Fatal(err)
	}
	if p.Disturbed[model.Major] != model.Outage || p.Costs[0].Rate != 160 {
		t.Errorf("got %+v", p)
	}
	text, err := document.Canonical(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := document.Decode[model.Policy]("p.json", text)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := document.Digest(p), document.Digest(again); a != b {
		t.Errorf("digest %s from YAML, %s from JSON", a, b)
	}
}

// Comments, layout and the order of keys do not change a digest.
func TestDigestIsOfTheMeaning(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(tinyPolicy), "\n")
	shuffled := "# the same\n" + strings.Join(append(lines[7:], lines[:7]...), "\n\n") + "\n"
	a, err := document.Recode("policy", "a.yaml", []byte(tinyPolicy))
	if err != nil {
		t.Fatal(err)
	}
	b, err := document.Recode("policy", "b.yaml", []byte(shuffled))
	if err != nil {
		t.Fatal(err)
	}
	if document.DigestBytes(a) != document.DigestBytes(b) {
		t.Errorf("%s\n%s", a, b)
	}
}

func TestDecodeErrors(t *testing.T) {
	with := func(old, new string) string { return strings.Replace(tinyPolicy, old, new, 1) }
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", `p.yaml:1: this is null, not a policy; a policy begins with "format: planewise.policy/1"`},
		{"a list", "- a\n", `p.yaml:1: this is a list, not a policy; a policy begins with "format: planewise.policy/1"`},
		{"no format", "name: x\n", `p.yaml:1: the field "format" is missing; a policy begins with "format: planewise.policy/1"`},
		{"another kind", with("policy/1", "mapping/1"), `p.yaml:1: format: this is a mapping, and a policy is expected here; name another file, or correct the format to "planewise.policy/1"`},
		{"newer", with("policy/1", "policy/2"), "p.yaml:1: format: this policy was written by a newer planewise (planewise.policy/2; this one knows up to planewise.policy/1); update planewise, or write the document in the older format"},
		{"no format of planewise", with("planewise.policy/1", "policy"), `p.yaml:1: format: "policy" is not a format of planewise; a policy has "planewise.policy/1"`},
		{"format 01", with("policy/1", "policy/01"), `p.yaml:1: format: "planewise.policy/01" is not a format of planewise; a policy has "planewise.policy/1"`},
		{"missing field", with("sitting: 36000\n", ""), `p.yaml:1: the field "sitting" is missing; add it`},
		{"mistyped field", with("sitting:", "siting:"), `p.yaml:1: the field "sitting" is missing; add it` + "\n" +
			`p.yaml:7: there is no field "siting"; did you mean "sitting"?`},
		{"wrong case", with("lanes: 1", "Lanes: 1"), `p.yaml:1: the field "lanes" is missing; add it` + "\n" +
			`p.yaml:11: there is no field "Lanes"; did you mean "lanes"?`},
		{"foreign field in a list", with("watch: 16}", "watch: 16, color: red}"),
			`p.yaml:6: costs[0]: there is no field "color"; remove it, the fields here are fixed, plane, rate, watch`},
		{"level that does not exist", with("major: outage}", "major: gone}"),
			`p.yaml:3: disturbed.major: "gone" is not allowed here; use one of none, at-risk, blip, degraded, outage`},
		{"importance that does not exist", with("minor:", "tiny:"),
			`p.yaml:4: watched: there is no field "tiny"; remove it, the fields here are critical, major, minor`},
		{"text for a number", with("36000", "'36000'"), "p.yaml:7: sitting: this is a text; write a whole number"},
		{"fraction", with("36000", "36000.5"), "p.yaml:7: sitting: this is a number; write a whole number"},
		{"negative", with("36000", "-1"), "p.yaml:7: sitting: -1 is too small; write at least 0"},
		{"absurd", with("36000", "36000000000"), "p.yaml:7: sitting: 36000000000 is too large; write at most 1000000000"},
		{"number as hex", with("36000", "0x10"), `p.yaml:7: sitting: "0x10" is no whole number; write digits only, without quotes`},
		{"plane with blanks", tinyPolicy + "lead_s: {My Plane: 3}\n",
			`p.yaml:14: lead_s: "My Plane" does not have the right form for a key; write lower-case letters, digits, dots, dashes and underscores`},
		{"entry without a value", with("{critical: degraded, major: outage}", "{critical}"), "p.yaml:3: disturbed.critical: this is nothing (null); write a text"},
		{"list for a mapping", with("{critical: degraded, major: outage}", "[critical]"), "p.yaml:3: disturbed: this is a list; write a mapping"},
		{"duplicate key", tinyPolicy + "lanes: 2\n", `p.yaml:14: key "lanes" stands here and on line 11; remove one of them`},
		{"broken YAML", "format: [\n", "broken YAML"},
		{"control character", with("tiny", `"\x1b[2J"`), ""},
		{"control character in a key", tinyPolicy + `"\x1b[2J": 1` + "\n", `p.yaml:14: there is no field "\x1b[2J"; remove it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := document.Decode[model.Policy]("p.yaml", []byte(c.in))
			if c.want == "" {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestDecodeMappingErrors(t *testing.T) {
	const head = "format: planewise.mapping/1\nname: m\n"
	for _, c := range []struct{ name, in, want string }{
		{"need of nothing", "services:\n  - id: a\n    needs: {text: x}\n",
			"m.yaml:5: services[0].needs: one of service, capability, all, any, of is missing; set exactly one"},
		{"need of two things", "services:\n  - id: a\n    needs: {service: b, all: [{service: c}]}\n",
			"m.yaml:5: services[0].needs: service and all exclude each other; keep one of them"},
		{"estimate upside down", "rules:\n  - match: {name: a}\n    planes: [control]\n    duration:\n      p50s: 9\n      p90s: 3\n",
			"m.yaml:7: rules[0].duration: p50s (9) is greater than p90s (3); exchange or correct them"},
		{"eleven years", "rules:\n  - match: {name: a}\n    planes: [control]\n    duration: {p50s: 1, p90s: 347000000}\n",
			"m.yaml:6: rules[0].duration.p90s: 347000000 is too large; write at most 315360000"},
		{"id with blanks", "planes:\n  - {id: My Plane, title: x}\n",
			`m.yaml:4: planes[0].id: "My Plane" does not have the right form; write lower-case letters, digits, dots, dashes and underscores`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := document.Decode[model.Mapping]("m.yaml", []byte(head+c.in))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestErrorTextIsBounded(t *testing.T) {
	in := tinyPolicy + strings.Repeat("x", 3) + ": 1\n"
	for i := range 100 {
		in += "y" + strings.Repeat("z", i+1) + ": 1\n"
	}
	_, err := document.Decode[model.Policy]("p.yaml", []byte(in))
	var e *document.Error
	if !errors.As(err, &e) || len(e.Problems) != 101 {
		t.Fatalf("got %v", err)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[20] != "p.yaml: and 81 more problems" {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}

// Every form that a schema asks for is explained in words.
func TestFormsHaveWords(t *testing.T) {
	for _, kind := range document.Kinds() {
		var walk func(v any)
		walk = func(v any) {
			switch v := v.(type) {
			case []any:
				for _, below := range v {
					walk(below)
				}
			case map[string]any:
				forms, _ := v["patternProperties"].(map[string]any)
				for p := range forms {
					if strings.HasPrefix(document.FormWords(p), "it has to match") {
						t.Errorf("%s: no words for the form %s", kind, p)
					}
				}
				if p, ok := v["pattern"].(string); ok && strings.HasPrefix(document.FormWords(p), "it has to match") {
					t.Errorf("%s: no words for the form %s", kind, p)
				}
				for _, below := range v {
					walk(below)
				}
			}
		}
		walk(schemaOf(t, kind))
	}
}

// The documents that planewise brings with it are valid.
func TestEmbeddedDocuments(t *testing.T) {
	folders := map[string]string{"mapping": "mapping", "procedures": "procedure", "releases": "release", "systems": "system", "policies": "policy"}
	for folder, kind := range folders {
		entries, err := fixtures.FS.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), ".yaml") {
				continue
			}
			name := folder + "/" + e.Name()
			text, err := fixtures.FS.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := document.Recode(kind, "fixtures/"+name, text); err != nil {
				t.Error(err)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(tinyPolicy))
	f.Add([]byte("format: planewise.policy/1\nwindows: [{name: x, grants: {control: watched}}]\n"))
	f.Add([]byte(`{"format":"planewise.policy/1","name":"\u001b"}`))
	f.Add([]byte("format: planewise.mapping/1\nname: m\nservices: [{id: a, needs: {all: [{service: b}]}}]\n"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("format: planewise.procedure/1\nname: p\nextends: csm-1.2/patch\ndrop: [upload]\ndefaults: {ship: {run: always}}\nstages: [{id: x, before: services-core, title: X, does: ship}, {id: services-core, title: }]\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, kind := range document.Kinds() {
			if kind == "plan" {
				continue
			}
			first, err := document.Recode(kind, "f", in)
			if err != nil {
				continue
			}
			second, err := document.Recode(kind, "f", first)
			if err != nil || string(first) != string(second) {
				t.Fatalf("%s: %v\n%s\n%s", kind, err, first, second)
			}
		}
	})
}

func TestHead(t *testing.T) {
	for in, want := range map[string]model.Procedure{
		`{"format": "f", "name": "n", "from": "", "preferred": true, "stages": [{"id": "s"}], "to": "not read"}`: {Format: "f", Name: "n", Preferred: true},
		`{"format": "f", "evidence": {"name": "no"}}`:                                                            {Format: "f"},
		`{"format": "f", "to": "t"}`:                                                                             {Format: "f", To: "t"},
		`{"stages": []}`:                                                                                         {},
		`{}`:                                                                                                     {},
	} {
		if got, err := document.Head[model.Procedure]([]byte(in)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "{", `{"format"`, `{"format": `, "x"} {
		if _, err := document.Head[model.Procedure]([]byte(in)); err == nil {
			t.Errorf("%q was read", in)
		}
	}
}
