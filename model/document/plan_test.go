package document_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"planewise/model"
	"planewise/model/document"
)

// oldPlan is a plan of format 1 as it was first published, with fields that no
// planewise of that format knows. It has to open for ever: never write it again.
const oldPlan = "testdata/plan-format-1.json"

func planFile(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(oldPlan)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decodePlan(t testing.TB, b []byte) model.Plan {
	t.Helper()
	p, ds, err := document.DecodePlan("plan.json", b)
	if err != nil {
		t.Fatal(err)
	}
	if len(ds) > 0 {
		t.Fatalf("got %+v", ds)
	}
	return p
}

func encodePlan(t testing.TB, p model.Plan) string {
	t.Helper()
	b, err := document.EncodePlan(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFormat1OpensForEver(t *testing.T) {
	b := planFile(t)
	p := decodePlan(t, b)
	if p.ID != document.PlanID(p) {
		t.Errorf("id %s, its content has %s", p.ID, document.PlanID(p))
	}
	if got := encodePlan(t, p); got != string(b) {
		t.Errorf("written again it differs\n%s", cmp.Diff(string(b), got))
	}
	a := p.Actions[0]
	if p.To[0].Version != "1.5.2" || a.ID != "ship:services/cray-bos" || a.Effects[0].Level != model.AtRisk || !a.Effects[1].Unknown ||
		p.Bundles[0].Window.Grants["control"] != model.Disturbed || p.Planes[0].Levels["at-risk"].P90s != 180 ||
		*p.Changes[0].Action != a.ID || p.Changes[1].Action != nil || p.Facts[0].Basis == model.BasisUnknown {
		t.Errorf("got %+v", p)
	}
	r, err := document.Decode[model.Release]("input", p.Inputs[0].Content)
	if err != nil || document.Digest(r) != p.From[0].Digest {
		t.Errorf("embedded release: %v, digest %s", err, document.Digest(r))
	}
}

// Unknown fields belong to the element they stand in: they move with it, stay when it
// changes, and go with it.
func TestUnknownFieldsFollowTheirElement(t *testing.T) {
	const weight = "      \"x_weight\": 3,\n      \"id\": \"f-"
	p := decodePlan(t, planFile(t))
	slices.Reverse(p.Facts)
	p.Facts[1].Text = "Another text."
	got := encodePlan(t, p)
	if strings.Count(got, weight) != 1 || strings.Index(got, weight) < strings.Index(got, string(p.Facts[0].ID)) {
		t.Errorf("the field did not move with its fact\n%s", got)
	}
	p.Facts = p.Facts[:1]
	if got := encodePlan(t, p); strings.Contains(got, "x_weight") || !strings.Contains(got, "x_color") {
		t.Errorf("the field did not go with its fact, or another went\n%s", got)
	}
}

// Of two elements with the same identity each keeps its own.
func TestUnknownFieldsOfTwins(t *testing.T) {
	b := bytes.Replace(planFile(t), []byte(`"skipped": [
    {
      "stage": "ceph",`), []byte(`"skipped": [
    {
      "stage": "ceph",
      "reason": "first"
    },
    {
      "x_second": true,
      "stage": "ceph",`), 1)
	p, _, err := document.DecodePlan("plan.json", b)
	if err != nil {
		t.Fatal(err)
	}
	if got := encodePlan(t, p); got != string(b) {
		t.Error(cmp.Diff(string(b), got))
	}
}

func TestTamperedPlanOpensAndIsMarked(t *testing.T) {
	for _, c := range []struct{ name, old, new, subject string }{
		{"another level", `"level": "at-risk"`, `"level": "none"`, "plan.json"},
		{"another id", `"id": "`, `"id": "000000000000", "x_old": "`, "plan.json"},
		{"unknown field", `"x_color": true`, `"x_color": false`, "plan.json"},
		{"embedded release", `"version": "2.10.1"`, `"version": "2.10.0"`, "release csm-1.5.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := bytes.Replace(planFile(t), []byte(c.old), []byte(c.new), 1)
			p, ds, err := document.DecodePlan("plan.json", b)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(ds, func(d model.Diagnostic) bool {
				return d.Code == document.CodeWrongDigest && d.Severity == model.Blocking && d.Subject == c.subject
			}) || len(p.Actions) != 1 {
				t.Errorf("got %+v", ds)
			}
		})
	}
}

// What is no content does not make a plan another one; nor does a change of layout.
func TestUntamperedPlans(t *testing.T) {
	b := planFile(t)
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	for _, drop := range []string{"x_first", "x_risk"} {
		delete(v.(map[string]any), drop)
	}
	for name, in := range map[string][]byte{
		"revision":  bytes.Replace(b, []byte(`"revision": 2`), []byte(`"revision": 3`), 1),
		"tool":      bytes.Replace(b, []byte("planewise 0.1.0"), []byte("planewise 9"), 1),
		"explored":  bytes.Replace(b, []byte(`"explored": 4`), []byte(`"explored": 5`), 1),
		"one line":  compact(t, b),
		"mark":      append([]byte("\xef\xbb\xbf"), b...),
		"new lines": bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")),
	} {
		if _, ds, err := document.DecodePlan("plan.json", in); err != nil || len(ds) > 0 {
			t.Errorf("%s: %v, %v", name, ds, err)
		}
	}
}

func compact(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A program may sort the fields of a plan without unknown fields, and of the documents
// in it: it is the same plan.
func TestSortedFields(t *testing.T) {
	p := decodePlan(t, planFile(t))
	p.Extra = nil
	p.ID = document.PlanID(p)
	var v any
	if err := json.Unmarshal([]byte(encodePlan(t, p)), &v); err != nil {
		t.Fatal(err)
	}
	sorted, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if q := decodePlan(t, sorted); q.ID != p.ID {
		t.Errorf("id %s, then %s", p.ID, q.ID)
	}
}

func TestNewerFormat(t *testing.T) {
	newer := bytes.Replace(planFile(t), []byte("planewise.plan/1"), []byte("planewise.plan/7"), 1)
	for old, new := range map[string]string{
		`"worst": "at-risk"`:      `"worst": "brownout"`,
		`"control": "watched"`:    `"control": "vaguely"`,
		`"basis": "chart"`:        `"basis": "guessed"`,
		`"kind": "chart",`:        `"kind": "blimp",`,
		`"severity": "warning"`:   `"severity": "alarming"`,
		`"status": "supported"`:   `"status": "perhaps"`,
		`"possible": "yes"`:       `"possible": "tomorrow"`,
		`"direction": "upgrade",`: `"direction": "sideways",`,
	} {
		if !bytes.Contains(newer, []byte(old)) {
			t.Fatalf("no %s in the plan", old)
		}
		newer = bytes.ReplaceAll(newer, []byte(old), []byte(new))
	}
	p, ds, err := document.DecodePlan("plan.json", newer)
	if err != nil {
		t.Fatal(err)
	}
	if p.Planes[0].Worst != model.Outage || p.Actions[0].Footprint["control"] != model.Disturbed || p.Facts[0].Basis != model.BasisUnknown {
		t.Errorf("a word that is not known is not the worst: %v, %v, %v", p.Planes[0].Worst, p.Actions[0].Footprint, p.Facts[0].Basis)
	}
	want := "the plan was written by a newer planewise (planewise.plan/7; this one knows up to planewise.plan/1) and opens for reading only"
	if !slices.ContainsFunc(ds, func(d model.Diagnostic) bool { return d.Summary == want }) || len(ds) < 9 {
		t.Errorf("got %+v", ds)
	}
	for _, d := range ds {
		if d.Code != document.CodeNewerFormat || d.Severity != model.Warning {
			t.Errorf("got %+v", d)
		}
	}

	// Without its effects it would look harmless.
	missing := bytes.Replace(newer, []byte(`"effects": [`), []byte(`"effects_2": [`), 1)
	_, _, err = document.DecodePlan("plan.json", missing)
	if err == nil || !strings.Contains(err.Error(), `actions[0]: the field "effects" is missing`) || !strings.Contains(err.Error(), "update planewise") {
		t.Errorf("got %v", err)
	}
}

func TestDecodePlanRefuses(t *testing.T) {
	b := planFile(t)
	with := func(old, new string) []byte {
		if !bytes.Contains(b, []byte(old)) {
			t.Fatalf("no %s in the plan", old)
		}
		return bytes.Replace(b, []byte(old), []byte(new), 1)
	}
	for _, c := range []struct {
		name, file string
		in         []byte
		want       string
	}{
		{"nothing", "", nil, "plan.json: the file is empty"},
		{"cut off", "", b[:len(b)/2], "the JSON ends in the middle; copy or download the file again"},
		{"not JSON", "", with(`"tool":`, `tool:`), "plan.json:4: this is not JSON: invalid character 't'"},
		{"something behind it", "", append(bytes.Clone(b), "{}"...), "this is not JSON"},
		{"a list", "", []byte("[1]"), "plan.json:1: this is a list, not a plan"},
		{"a policy", "", []byte(tinyPolicy), "this is a policy, and a plan is expected here"},
		{"missing part", "", with(`"actions": [`, `"acts": [`), `plan.json:1: the field "actions" is missing; add it`},
		{"missing part of a part", "", with(`"footprint":`, `"foot":`), `actions[0]: the field "footprint" is missing; add it`},
		{"duplicate key", "", with(`"series": "s1"`, `"series": "s1", "tool": "x"`), `key "tool"`},
		{"duplicate key in a list", "", with(`"level": "at-risk",`, `"level": "at-risk", "level": "none",`), `key "level"`},
		{"level that does not exist", "", with(`"level": "none",`, `"level": "harmless",`), `actions[0].effects[1].level: "harmless" is not allowed here; use one of none, at-risk, blip, degraded, outage`},
		{"level in capitals does not count", "", with(`"level": "none",`, `"Level": "none",`), `the field "level" is missing`},
		{"wrong type", "", with(`"units": 1`, `"units": "1"`), "actions[0].units: this is a text; write a whole number"},
		{"fraction", "", with(`"units": 1`, `"units": 1.5`), "actions[0].units: this is a number; write a whole number"},
		{"number beyond all bounds", "", with(`"units": 1`, `"units": 99999999999999999999`), "is no whole number"},
		{"null for a list", "", with(`"skipped": [`, `"skipped": null, "x": [`), "skipped: this is nothing (null); write a list"},
		{"deep nesting", "", append(bytes.Repeat([]byte("["), 5000), bytes.Repeat([]byte("]"), 5000)...), "nested deeper than 100 levels"},
		{"deep nesting in an unknown field", "", with(`"x_color": true`, `"x_color": `+strings.Repeat("[", 200)+strings.Repeat("]", 200)), "nested deeper than 100 levels"},
		{"deeper than any parser goes", "", bytes.Repeat([]byte("["), 1<<20), "plan.json:1: "},
		{"many values", "", []byte("[" + strings.Repeat("0,", 2_100_000) + "0]"), "more than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := document.DecodePlan("plan.json", c.in)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "plan.json") {
				t.Errorf("got %.300v, want %s", err, c.want)
			}
		})
	}
}

// endless is a file that never ends.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.n += int64(len(p))
	return len(p), nil
}

func TestHugePlanIsRefusedEarly(t *testing.T) {
	var r endless
	_, _, err := document.ReadPlan("plan.json", &r)
	if err == nil || err.Error() != "plan.json: the file is larger than 64 MiB, more than any plan; check that this is the right file" {
		t.Errorf("got %v", err)
	}
	if r.n > 2*document.MaxPlan {
		t.Errorf("%d bytes were read", r.n)
	}
	_, _, err = document.ReadPlan("plan.json", io.MultiReader(strings.NewReader("{"), iotestError{}))
	if err == nil || err.Error() != "read plan.json: unexpected EOF" {
		t.Errorf("got %v", err)
	}
}

type iotestError struct{}

func (iotestError) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestPlanInYAML(t *testing.T) {
	p := decodePlan(t, planFile(t))
	q, ds, err := document.DecodePlan("plan.yaml", planFile(t)) // JSON is YAML
	if err != nil || len(ds) > 0 || encodePlan(t, p) != encodePlan(t, q) {
		t.Errorf("%v, %v", ds, err)
	}
}

func FuzzDecodePlan(f *testing.F) {
	b := planFile(f)
	f.Add(b)
	f.Add(bytes.Replace(b, []byte("plan/1"), []byte("plan/2"), 1))
	f.Add([]byte(`{"format":"planewise.plan/1"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		p, _, err := document.DecodePlan("f", in)
		if err != nil {
			return
		}
		first, err := document.EncodePlan(p)
		if err != nil {
			t.Fatalf("read and cannot be written: %v", err)
		}
		q, _, err := document.DecodePlan("f", first)
		if err != nil {
			t.Fatalf("written and cannot be read: %v\n%s", err, first)
		}
		second, err := document.EncodePlan(q)
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%v\n%s", err, cmp.Diff(string(first), string(second)))
		}
	})
}

// A sealed plan is the plan with the id of its content, in its canonical form, at any
// place in a series.
func TestSeal(t *testing.T) {
	p, _, err := document.DecodePlan("plan.json", planFile(t))
	if err != nil {
		t.Fatal(err)
	}
	dated, extra := p, p
	dated.PlannedAt, dated.Tool = "2026-01-31T20:00:00Z", "a tool\x1b"
	extra.Extra = json.RawMessage(`[{"at":[],"after":"tool","key":"new","value":1}]`)
	for name, p := range map[string]model.Plan{"as read": p, "dated": dated, "with an unknown field": extra} {
		want := document.PlanID(p)
		p.ID = ""
		s, err := document.Seal(p)
		if err != nil || s.Plan().ID != want {
			t.Fatalf("%s: id %s, want %s, %v", name, s.Plan().ID, want, err)
		}
		for _, s := range []document.Sealed{s, s.Revision("a series", 3, "0123456789ab"), s.Revision("", 0, "")} {
			got, err := s.Encode()
			if err != nil {
				t.Fatal(err)
			}
			whole, err := document.EncodePlan(s.Plan())
			if err != nil || !bytes.Equal(got, whole) {
				t.Errorf("%s: sealed it is written as\n%.300s\nelse as\n%.300s (%v)", name, got, whole, err)
			}
			if id := document.PlanID(s.Plan()); id != want {
				t.Errorf("%s: its place in a series changed the id from %s to %s", name, want, id)
			}
		}
	}
}

// What is known to be canonical is written as what is not; a digest that fits by
// accident does not break the file.
func TestEmbeddedContent(t *testing.T) {
	content, err := document.Recode("policy", "p", []byte(tinyPolicy))
	if err != nil {
		t.Fatal(err)
	}
	none := document.DigestBytes(nil)
	for _, in := range []model.Input{
		{Kind: "policy", Digest: document.DigestBytes(content), Content: content},
		{Kind: "policy", Digest: none, Content: json.RawMessage{}},
		{Kind: "policy", Digest: none},
	} {
		other := in
		other.Digest = strings.Repeat("0", len(in.Digest))
		got, err := document.EncodePlan(model.Plan{Inputs: []model.Input{in}})
		if err != nil {
			t.Fatal(err)
		}
		want, err := document.EncodePlan(model.Plan{Inputs: []model.Input{other}})
		if err != nil || string(got) != strings.Replace(string(want), other.Digest, in.Digest, 1) {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func BenchmarkDecodePlan(b *testing.B) {
	text := planFile(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := document.DecodePlan("plan.json", text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodePlan(b *testing.B) {
	p := decodePlan(b, planFile(b))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := document.EncodePlan(p); err != nil {
			b.Fatal(err)
		}
	}
}

// What would be refused when it is read is not written.
func TestTooLargePlanIsNotWritten(t *testing.T) {
	small := model.Plan{Format: model.FormatPlan, ID: "000000000000"}
	many := small
	many.Skipped = make([]model.Skipped, 700_000)
	long := small
	long.System = strings.Repeat("x", document.MaxPlan)
	for name, c := range map[string]struct {
		plan model.Plan
		want string
	}{
		"values": {many, "more than the 2000000 that are read"},
		"bytes":  {long, "more than the 64 MiB that are read"},
	} {
		_, err := document.EncodePlan(c.plan)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "plan for these apart") {
			t.Errorf("%s: got %v, want %q and what to do", name, err, c.want)
		}
	}
	if _, err := document.EncodePlan(small); err != nil {
		t.Errorf("a small plan: %v", err)
	}
}
