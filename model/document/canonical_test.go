package document_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/document"
)

func TestCanonicalForm(t *testing.T) {
	outage := model.Outage
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"nil list and map are empty", struct {
			L []string       `json:"l"`
			M map[string]int `json:"m"`
			P *int           `json:"p"`
		}{}, "{\n  \"l\": [],\n  \"m\": {},\n  \"p\": null\n}\n"},
		{"fields as declared, keys sorted", struct {
			Z map[string]int `json:"z"`
			A int            `json:"a"`
		}{map[string]int{"b": 2, "a": 1}, 3}, "{\n  \"z\": {\n    \"a\": 1,\n    \"b\": 2\n  },\n  \"a\": 3\n}\n"},
		{"embedded fields stand in their place", model.Estimate{P50s: 1, P90s: 2, Evidence: model.Evidence{Basis: model.BasisChart}},
			"{\n  \"p50s\": 1,\n  \"p90s\": 2,\n  \"basis\": \"chart\"\n}\n"},
		{"omitempty", model.Effect{Level: model.Blip, Most: &outage},
			"{\n  \"capability\": \"\",\n  \"plane\": \"\",\n  \"level\": \"blip\",\n  \"unknown\": false,\n  \"most\": \"outage\",\n" +
				"  \"start\": {\n    \"p50s\": 0,\n    \"p90s\": 0\n  },\n  \"lasts\": {\n    \"p50s\": 0,\n    \"p90s\": 0\n  },\n  \"facts\": []\n}\n"},
		{"no HTML escapes", "a<b>&c", "\"a<b>&c\"\n"},
		{"control and hidden characters are escaped", "\x1b[2J\u202e\u2028\x7f\n\"\\", `"\u001b[2J\u202e\u2028\u007f\n\"\\"` + "\n"},
		{"characters beyond the first plane", "🚀\U000e0041", `"🚀\udb40\udc41"` + "\n"},
		{"text is composed", "u\u0308ber", "\"über\"\n"},
		{"bytes that are not UTF-8", "a\xffb", "\"a\ufffdb\"\n"},
		{"composed keys are sorted as composed", map[string]int{"u\u0308": 1, "v": 2}, "{\n  \"v\": 2,\n  \"ü\": 1\n}\n"},
		{"raw JSON keeps order and numbers", json.RawMessage(`{"b":[1.50,{}, []],"a":"\u003c\u001b"}`),
			"{\n  \"b\": [\n    1.50,\n    {},\n    []\n  ],\n  \"a\": \"<\\u001b\"\n}\n"},
		{"no raw JSON is null", json.RawMessage(nil), "null\n"},
		{"generic values", map[string]any{"x": []any{json.Number("12"), true, nil, "y"}},
			"{\n  \"x\": [\n    12,\n    true,\n    null,\n    \"y\"\n  ]\n}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := document.Canonical(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"a float", map[string]any{"a": 1.5}, "a: a float64 has no canonical form"},
		{"a level that does not exist", []model.Level{9}, "no such level: 9"},
		{"broken raw JSON", json.RawMessage(`{"a":`), "embedded JSON is broken"},
		{"keys that become the same", map[string]int{"u\u0308": 1, "ü": 2}, "two keys are the same text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := document.Canonical(c.in)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
			if d := document.Digest(c.in); d != "" {
				t.Errorf("digest %q of a value without a canonical form", d)
			}
		})
	}
}

// The layout is that of encoding/json; only nil lists and escapes differ.
func TestCanonicalAgreesWithEncodingJSON(t *testing.T) {
	r := model.Release{Format: model.FormatRelease, Product: "csm", Version: "1.5.2",
		Manifests: []model.Manifest{{Name: "platform", Deployed: true}},
		Components: []model.Component{
			{Kind: model.KindChart, Name: "cray-bos", Namespace: "services", Version: "2.10", Values: `{"a":"<b>"}`},
			{Kind: model.KindRPM, Name: "acpid", Arch: "x86_64", Version: "2.0.31-2.1", Folders: []string{"a", "b"}},
		},
	}
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		t.Fatal(err)
	}
	got, err := document.Canonical(r)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("got\n%s\nwant\n%s", got, want.Bytes())
	}
	if d := document.Digest(r); d != document.DigestBytes(got) || !strings.HasPrefix(d, "sha256:") || len(d) != 71 {
		t.Errorf("digest %q", d)
	}
}

// What has been written is written the same again.
func FuzzCanonicalRaw(f *testing.F) {
	for _, s := range []string{`{}`, `[]`, `[1,-2.5e3,{"a":{"b":[]}}]`, `{"a":"\u0000\ud83d\ude80\ud800"}`, "\"\u202e\"", ` [ null , true ] `} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := document.Canonical(json.RawMessage(in))
		if err != nil {
			if len(in) > 0 && json.Valid(in) {
				t.Fatalf("%q: %v", in, err)
			}
			return
		}
		if !json.Valid(got) {
			t.Fatalf("%q: not JSON: %q", in, got)
		}
		again, err := document.Canonical(json.RawMessage(got))
		if err != nil || !bytes.Equal(got, again) {
			t.Fatalf("%q: %q, then %q, %v", in, got, again, err)
		}
	})
}
