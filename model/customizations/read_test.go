package customizations_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/customizations"
	"planewise/model/document"
	"planewise/model/yamldoc"
)

// file is shaped like a site's, with secrets in it that begin with "planted".
func file(tb testing.TB) []byte {
	tb.Helper()
	data, err := os.ReadFile("testdata/customizations.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func read(tb testing.TB, text string) (model.Customizations, []model.Diagnostic) {
	tb.Helper()
	c, notes, err := customizations.Read("customizations.yaml", "demo", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return c, notes
}

// services is a file with these settings of charts.
func services(text string) string {
	return "apiVersion: customizations/v1\nspec:\n  kubernetes:\n    services:\n" + text
}

func settings(c model.Customizations) map[string]string {
	out := map[string]string{}
	for _, chart := range c.Charts {
		for _, o := range chart.Overrides {
			text := string(o.Kind) + " " + o.Value
			if o.Template {
				text += " (template)"
			}
			if o.LeftOut != "" {
				text += "(" + string(o.LeftOut) + ")"
			}
			out[chart.Name+" "+strings.Join(o.Path, ".")] = text
		}
	}
	return out
}

func codes(notes []model.Diagnostic) map[string]int {
	out := map[string]int{}
	for _, n := range notes {
		out[string(n.Code)]++
	}
	return out
}

func TestRead(t *testing.T) {
	c, notes := read(t, string(file(t)))
	want := map[string]string{
		"cray-bos cray-service.replicaCount":                         "replicas 1",
		"cray-bos cray-service.containers.cray-bos.image.repository": "image registry.local/site/cray-bos",
		"cray-bos cray-service.containers.cray-bos.image.tag":        "image 2.10.20-site1",
		"cray-hms-smd cray-service.replicaCount":                     "replicas 2",
		"cray-hms-smd cray-service.sqlCluster.instanceCount":         "replicas 1",
		"cray-hms-bss cray-service.replicaCount":                     "replicas {{ wlm.frontends }} (template)",
		"cray-hms-sls cray-service.replicaCount":                     "replicas (fixme)",
		"cray-hms-sls cray-service.image.repository":                 "image (bad-image)",
		"cray-keycloak replicas":                                     "replicas 3",
		"gitea keycloakImage.tag":                                    "image 3.6.0",
		"gitea cray-service.containers":                              "image (in-list)",
		"cray-console-operator cray-service.replicaCount":            "replicas 4",
		"cray-retired-long-ago replicas":                             "replicas 2",
	}
	if got := settings(c); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if want := map[string]int{"bad-image": 1, "duplicate-key": 1, "fixme": 1, "number-as-text": 1, "site-list": 1, "template-value": 1}; !reflect.DeepEqual(codes(notes), want) {
		t.Errorf("diagnostics %v", codes(notes))
	}
	for _, n := range notes {
		if !strings.HasPrefix(n.Subject, "customizations.yaml") || n.Code != "duplicate-key" && !strings.Contains(n.Subject, ":") {
			t.Errorf("no line in %v", n)
		}
	}
	if c.Name != "demo" || !customizations.Is(file(t)) {
		t.Errorf("it is %q", c.Name)
	}
}

func TestNothingSecretIsKept(t *testing.T) {
	c, notes := read(t, string(file(t)))
	from, to := sides()
	after, more := customizations.Apply(c, to)
	all := fmt.Sprintf("%+v", []any{c, notes, customizations.Remarks(c, from, to), after, more})
	if strings.Contains(all, "planted") {
		t.Error(all)
	}
}

// Values as people write them, and what becomes of them.
func TestValues(t *testing.T) {
	for _, c := range []struct{ setting, want string }{
		{`replicas: 0`, "replicas 0"},
		{`replicas: "3"`, "replicas 3"},
		{`replicas: 10000`, "replicas 10000"},
		{`replicas: 10001`, "replicas (bad-number)"},
		{`replicas: 99999999999999999999`, "replicas (bad-number)"},
		{`replicas: -1`, "replicas (bad-number)"},
		{`replicas: +3`, "replicas (bad-number)"},
		{`replicas: 03`, "replicas (bad-number)"},
		{`replicas: 3.0`, "replicas (bad-number)"},
		{`replicas: 1e3`, "replicas (bad-number)"},
		{`replicas: true`, "replicas (bad-number)"},
		{`replicas: ~`, "replicas (bad-number)"},
		{`replicas: [1]`, "replicas (bad-number)"},
		{`replicas: planted words`, "replicas (bad-number)"},
		{`replicas: "{{ a.b['c-d'] | int }}"`, "replicas {{ a.b['c-d'] | int }} (template)"},
		{`replicas: "{{ 'planted' }}"`, "replicas  (template)"},
		{`image: registry.local:5000/a/b:1.0`, "image registry.local:5000/a/b:1.0"},
		{`image: a@sha256:` + strings.Repeat("0", 64), "image a@sha256:" + strings.Repeat("0", 64)},
		{`image: a:planted@b/c`, "image (bad-image)"},
		{`image: a:planted@b/c@sha256:` + strings.Repeat("0", 64), "image (bad-image)"},
		{`image: https://a:planted@b/c`, "image (bad-image)"},
		{`image: "{{ registry }}/x:{{ tag }}"`, "image {{ registry }}/x:{{ tag }} (template)"},
		{`image: "https://a:planted@{{ registry }}/x"`, "image  (template)"},
		{`image: ` + strings.Repeat("a", 600), "image (bad-image)"},
		{`"image\u001b": 1`, ""},
	} {
		got, _ := read(t, services("      cray-x: {"+c.setting+"}\n"))
		text := ""
		for _, v := range settings(got) {
			text = v
		}
		if text != c.want {
			t.Errorf("%s: %q, want %q", c.setting, text, c.want)
		}
	}
}

func TestDamaged(t *testing.T) {
	deep := strings.Repeat("{a: ", 300) + "1" + strings.Repeat("}", 300)
	laughs := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'j'; i++ {
		laughs += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":           {"", "no customizations"},
		"another kind":    {"apiVersion: manifests/v1beta1\n", "no customizations"},
		"a list":          {"- apiVersion: customizations/v1\n", "no customizations"},
		"broken":          {services("      a: [1\n"), "c.yaml:"},
		"a bare template": {services("      a: {{ planted }}\n"), "quote templates"},
		"an alias":        {services("      a: {password: *planted}\n"), "an alias"},
		"a tag":           {services("      a: {password: !planted x}\n"), "a tag"},
		"no mapping":      {"apiVersion: customizations/v1\nspec: {kubernetes: {services: [planted]}}\n", "a mapping of charts"},
		"deep":            {services("      a: " + deep + "\n"), "deep"},
		"aliases":         {"apiVersion: customizations/v1\n" + laughs, "aliases"},
		"many":            {services("      a: {x: &x {replicas: 1}, " + many() + "}\n"), "right file"},
		"control":         {services("      a: \x1b[2J\n"), "control character"},
		"huge":            {services(strings.Repeat("#", yamldoc.DefaultMaxBytes)), "more than"},
	} {
		_, _, err := customizations.Read("c.yaml", "demo", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// many are more settings than are kept.
func many() string {
	var b strings.Builder
	for i := range 10_001 {
		fmt.Fprintf(&b, "k%d: *x, ", i)
	}
	return b.String()
}

func TestLeftOut(t *testing.T) {
	c, notes := read(t, services(`      "cray-\e[2Jx": {replicas: 3}
      cray-text: planted
      cray-empty:
      cray-old: {repository: x, values: {replicas: 2}}
      cray-twice: {replicas: 2}
      cray-twice: {image: {tag: "1"}}
      cray-path: {"a\u202eb": {replicas: 1}, ok: {replicas: 1}}
`))
	want := map[string]string{"cray-old replicas": "replicas 2", "cray-twice image.tag": "image 1", "cray-path ok.replicas": "replicas 1"}
	if got := settings(c); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if want := map[string]int{"strange-name": 2, "wrong-type": 1, "duplicate-key": 1}; !reflect.DeepEqual(codes(notes), want) {
		t.Errorf("diagnostics %v", notes)
	}
	if text := fmt.Sprint(notes, c); strings.Contains(text, "planted") || strings.Contains(text, "\x1b") {
		t.Errorf("%q", text)
	}
	if _, notes := read(t, "apiVersion: customizations/v1\n"); codes(notes)["no-customizations"] != 1 {
		t.Errorf("%v", notes)
	}
}

// FuzzRead reads anything. What it accepts is a document that opens again, can be
// merged into values that stay JSON, and holds nothing twice.
func FuzzRead(f *testing.F) {
	f.Add(file(f))
	f.Add([]byte(services("      cray-bos: {cray-service: {replicaCount: 1}}\n")))
	f.Add([]byte(services("      cray-bos: {replicas: '{{ a }}', image: {tag: ~FIXME~}}\n")))
	f.Add([]byte(`{"apiVersion":"customizations/v1","spec":{"kubernetes":{"services":{"a":{"image":[{"tag":1}]}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, _, err := customizations.Read("x", "demo", data)
		if err != nil {
			return
		}
		text, err := document.Canonical(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := document.Decode[model.Customizations]("again", text)
		if err != nil {
			t.Fatal(err)
		}
		if document.Digest(again) != document.Digest(c) {
			t.Errorf("read again it is another document: %s", text)
		}
		from, to := sides()
		customizations.Remarks(c, from, to)
		set, _ := customizations.Apply(c, to)
		for _, comp := range set[0].Components {
			if comp.Values != "" && !json.Valid([]byte(comp.Values)) {
				t.Errorf("no JSON: %q", comp.Values)
			}
		}
		customizations.Place(c, model.System{}, mapping(), from, set)
	})
}
