package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
)

const minimal = `format: planewise.release/1
product: uan
version: 2.7.0
components:
- {kind: node-image, name: uan, role: uan, arch: x86_64, version: 2.7.0}
`

// The example of the package comment is read, and says what it seems to say.
func TestDocumentedExample(t *testing.T) {
	source, err := os.ReadFile("ingest.go")
	if err != nil {
		t.Fatal(err)
	}
	var doc strings.Builder
	for _, line := range regexp.MustCompile(`(?m)^//\t(.*)$`).FindAllStringSubmatch(string(source), -1) {
		doc.WriteString(line[1] + "\n")
	}
	r, ds, err := ReadNeutral("release.yaml", []byte(doc.String()))
	if err != nil || len(ds) > 0 {
		t.Fatal(err, ds)
	}
	want := model.Release{
		Format: model.FormatRelease, Product: "login", Version: "2.7.0", Date: "2024-05-31",
		Manifests: []model.Manifest{{Name: "login", Deployed: true}},
		Components: []model.Component{
			{Kind: model.KindChart, Name: "login", Namespace: "services", Version: "1.3.0", Manifest: "login"},
			{Kind: model.KindImage, Name: "coredns", Version: "v1.8.4", Versions: []string{"v1.8.0", "v1.8.4"}, Registries: []string{"k8s.gcr.io"}},
			{Kind: model.KindKernel, Name: "kernel", Role: "login", Arch: "x86_64", Version: "5.14.21-150500.55.39-default"},
			{Kind: model.KindNodeImage, Name: "login", Role: "login", Arch: "x86_64", Version: "2.7.0"},
			{Kind: model.KindRPM, Name: "acpid", Arch: "x86_64", Version: "2.0.31-2.1", Folders: []string{"noos"}},
		},
		Undeploys: []model.Undeploy{{Namespace: "services", Name: "old", Before: "login"}},
		Hooks:     []model.Hook{{Stage: "deploy_product", When: "on-exit", Script: "hooks/deploy-product-onexit.sh"}},
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got  %+v\nwant %+v", r, want)
	}
}

func TestNeutralIsForgiving(t *testing.T) {
	const head = "format: planewise.release/1\nproduct: x\nversion: 3.10\n"
	for name, c := range map[string]struct {
		in, want string
	}{
		"text of versions": {head + "components:\n- {kind: ceph, name: ceph, version: 17.20}\n", "ceph:ceph 17.20 /0"},
		"no components":    {head, ""},
		"null components":  {head + "components:\nmanifests: ~\n", ""},
		"places by the list, manifests by first use": {
			head + "components:\n- {kind: chart, name: b, namespace: n, version: 1, manifest: two}\n- {kind: chart, name: z, namespace: n, version: 1, manifest: one}\n- {kind: chart, name: a, namespace: n, version: 1, manifest: two}\n",
			"chart:n/b 1 two/0, chart:n/a 1 two/1, chart:n/z 1 one/0"},
		"places as written": {
			head + "components:\n- {kind: chart, name: b, namespace: n, version: 1, manifest: m, position: 7}\n- {kind: chart, name: a, namespace: n, version: 1, manifest: m, position: 3}\n",
			"chart:n/a 1 m/3, chart:n/b 1 m/7"},
		"a manifest that is not shipped": {
			head + "manifests:\n- {name: m, deployed: false}\n- {name: n}\ncomponents:\n- {kind: chart, name: a, namespace: n, version: 1, manifest: m}\n- {kind: chart, name: a, namespace: n, version: 2, manifest: n}\n",
			"chart:n/a 1 m/0 not-deployed, chart:n/a 2 n/0"},
		"settings as a mapping": {
			head + "components:\n- kind: chart\n  name: a\n  namespace: n\n  version: 1\n  values: {b: 3.10, a: [yes, ~]}\n", `chart:n/a 1 /0 {"a":["yes",null],"b":"3.10"}`},
		"settings as text":          {head + "components:\n- {kind: chart, name: a, namespace: n, version: 1, values: '{\"b\": 1.50, \"a\": true}'}\n", `chart:n/a 1 /0 {"a":"true","b":"1.50"}`},
		"no settings":               {head + "components:\n- {kind: chart, name: a, namespace: n, version: 1, values: {}}\n", "chart:n/a 1 /0"},
		"a chart with no namespace": {head + "components:\n- {kind: chart, name: a, version: 1}\n", "chart:default/a 1 /0; missing-namespace"},
		"JSON":                      {`{"format": "planewise.release/1", "product": "x", "version": "1", "components": [{"kind": "other", "name": "bios", "version": "1.2"}]}`, "other:bios 1.2 /0"},
	} {
		t.Run(name, func(t *testing.T) {
			r, ds, err := ReadNeutral("r.yaml", []byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			var parts []string
			for _, x := range r.Components {
				s := fmt.Sprintf("%s %s %s/%d", x.ID(), x.Version, x.Manifest, x.Position)
				if x.NotDeployed {
					s += " not-deployed"
				}
				if x.Values != "" {
					s += " " + x.Values
				}
				parts = append(parts, s)
			}
			got := strings.Join(parts, ", ")
			for _, d := range ds {
				got += "; " + string(d.Code)
			}
			if got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestBadNeutral(t *testing.T) {
	const head = "format: planewise.release/1\nproduct: x\nversion: 1\n"
	part := func(s string) string { return head + "components:\n- " + s + "\n" }
	for name, c := range map[string]struct{ in, want string }{
		"nothing":                 {"", "r.yaml:1: not a release document: expected a mapping that begins with format: planewise.release/1"},
		"another document":        {"apiVersion: manifests/v1beta1\n", "r.yaml:1: not a release document"},
		"a list":                  {"- a\n", "r.yaml:1: not a release document"},
		"a newer format":          {"format: planewise.release/2\nproduct: x\nversion: 1\n", `r.yaml:1: format is "planewise.release/2", expected planewise.release/1`},
		"a mapping document":      {"format: planewise.mapping/1\nproduct: x\nversion: 1\n", `format is "planewise.mapping/1"`},
		"no product":              {"format: planewise.release/1\nversion: 1\n", `r.yaml:1: product is "", expected a name`},
		"a product with a slash":  {"format: planewise.release/1\nproduct: a/b\nversion: 1\n", `r.yaml:2: product is "a/b"`},
		"no version":              {"format: planewise.release/1\nproduct: x\n", `r.yaml:1: version is ""`},
		"a version with a blank":  {"format: planewise.release/1\nproduct: x\nversion: 1 2\n", `r.yaml:3: version is "1 2"`},
		"a date":                  {head + "date: yesterday\n", `r.yaml:4: date is "yesterday", expected YYYY-MM-DD`},
		"a misspelt field":        {head + "component: []\n", `r.yaml:4: the release has no field "component"; its fields are components, date, format, hooks, manifests, product, undeploys, version`},
		"a field twice":           {head + "version: 2\n", `r.yaml:4: key "version" stands here and on line 3`},
		"components a mapping":    {head + "components: {}\n", "r.yaml:4: expected a list, found a mapping; begin each component with a dash"},
		"a component is a text":   {part("a"), "r.yaml:5: expected a component, found a scalar"},
		"a kind nobody knows":     {part("{kind: helm, name: a, version: 1}"), `r.yaml:5: kind is "helm", expected one of [chart`},
		"no kind":                 {part("{name: a, version: 1}"), `r.yaml:5: kind is ""`},
		"no name":                 {part("{kind: rpm, version: 1}"), "r.yaml:5: a rpm without a name"},
		"no version of it":        {part("{kind: rpm, name: a}"), "r.yaml:5: rpm a has no version"},
		"a node image for nobody": {part("{kind: node-image, name: a, version: 1}"), "r.yaml:5: node-image a has no role"},
		"a chart with a role":     {part("{kind: chart, name: a, version: 1, role: b}"), "r.yaml:5: chart a has a role"},
		"a field of its own":      {part("{kind: rpm, name: a, version: 1, epoch: 2}"), `r.yaml:5: a component has no field "epoch"`},
		"a version of parts":      {part("{kind: rpm, name: a, version: [1]}"), "r.yaml:5: expected a text, found a list"},
		"tags as a text":          {part("{kind: image, name: a, version: 1, versions: 1}"), "r.yaml:5: expected a list of texts, found a scalar"},
		"a place in words":        {part("{kind: chart, name: a, version: 1, position: first}"), `r.yaml:5: expected a whole number, found "first"`},
		"a place below 0":         {part("{kind: chart, name: a, version: 1, position: -1}"), "r.yaml:5: position is -1"},
		"neither true nor false":  {part("{kind: chart, name: a, version: 1, not_deployed: maybe}"), `r.yaml:5: expected true or false, found "maybe"`},
		"settings as a list":      {part("{kind: chart, name: a, version: 1, values: [1]}"), "r.yaml:5: values: expected a mapping, found a list"},
		"settings as words":       {part("{kind: chart, name: a, version: 1, values: hello}"), "r.yaml:5: values: expected a mapping or its JSON text"},
		"twice":                   {head + "components:\n- {kind: ceph, name: ceph, version: 1}\n- {kind: ceph, name: ceph, version: 2}\n", "r.yaml:6: component ceph:ceph stands here and on line 5"},
		"a manifest twice":        {head + "manifests: [{name: m}, {name: m}]\n", "manifest m stands twice"},
		"a manifest of no name":   {head + "manifests: [{deployed: true}]\n", "a manifest without a name"},
		"a manifest not listed":   {head + "manifests: [{name: m}]\ncomponents:\n- {kind: chart, name: a, version: 1, manifest: n}\n", "r.yaml:6: component chart:default/a is in manifest n, which is not in the list"},
		"removed before nothing":  {head + "undeploys: [{name: a, before: m}]\n", "r.yaml:4: undeploy a is before manifest m, which does not exist"},
		"removes nothing":         {head + "undeploys: [{namespace: a}]\n", "r.yaml:4: an undeploy without a name"},
		"a hook at no time":       {head + "hooks: [{stage: a, when: later, script: b}]\n", "r.yaml:4: a hook needs stage, script and when"},
		"control characters":      {part(`{kind: rpm, name: "a\e[2J", version: 1}`), `r.yaml:5: the text "a\x1b[2J" cannot be used`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := ReadNeutral("r.yaml", []byte(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// release draws a release as the readers make them.
func release() *rapid.Generator[model.Release] {
	name := rapid.StringMatching(`[a-z0-9~:#{}'"&*!|>%@=,. -]{0,6}[a-z]`)
	texts := rapid.SliceOfNDistinct(name, 1, 3, rapid.ID[string])
	return rapid.Custom(func(t *rapid.T) model.Release {
		r := model.Release{Format: model.FormatRelease, Product: rapid.StringMatching(`[a-z][a-z0-9-]{0,5}`).Draw(t, "product"),
			Version: rapid.SampledFrom([]string{"1.5.2", "3.10", "1.6.0-rc.3", "null", "1e3", "true", "1.0.0+g1234", "~"}).Draw(t, "version")}
		if rapid.Bool().Draw(t, "dated") {
			r.Date = "2024-05-31"
		}
		for _, m := range rapid.SliceOfNDistinct(name, 0, 3, rapid.ID[string]).Draw(t, "manifests") {
			r.Manifests = append(r.Manifests, model.Manifest{Name: m, Deployed: rapid.Bool().Draw(t, "deployed")})
		}
		for i, m := range r.Manifests {
			for j, n := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID[string]).Draw(t, "charts") {
				c := model.Component{Kind: model.KindChart, Name: n, Namespace: fmt.Sprint("n", i), Version: name.Draw(t, "version"), Manifest: m.Name, Position: j, NotDeployed: !m.Deployed}
				c.Chart = rapid.SampledFrom([]string{"", "other"}).Draw(t, "chart")
				c.Timeout = rapid.SampledFrom([]string{"", "20m0s"}).Draw(t, "timeout")
				c.Values = rapid.SampledFrom([]string{"", `{"a":{"b":"3.10","c":["x",null]}}`, `{"t":"line\nline\t\"q\" 'q' \\ <&> é"}`}).Draw(t, "values")
				r.Components = append(r.Components, c)
			}
			if i > 0 {
				r.Undeploys = append(r.Undeploys, model.Undeploy{Namespace: name.Draw(t, "namespace"), Name: name.Draw(t, "name"), Before: m.Name})
			}
		}
		for _, n := range rapid.SliceOfNDistinct(name, 0, 6, rapid.ID[string]).Draw(t, "others") {
			c := model.Component{Kind: rapid.SampledFrom([]model.Kind{model.KindImage, model.KindRPM, model.KindFirmware, model.KindOther}).Draw(t, "kind"), Name: n, Version: name.Draw(t, "version")}
			if rapid.Bool().Draw(t, "lists") {
				c.Versions, c.Registries = texts.Draw(t, "versions"), texts.Draw(t, "registries")
				c.Folders = texts.Draw(t, "folders")
			}
			r.Components = append(r.Components, c)
		}
		for _, role := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"worker", "uan", "compute"}), 0, 3, rapid.ID[string]).Draw(t, "roles") {
			r.Components = append(r.Components, model.Component{Kind: model.KindNodeImage, Name: role, Role: role, Arch: "aarch64", Version: "6.2.30", Image: "stem"})
		}
		for range rapid.IntRange(0, 2).Draw(t, "hooks") {
			r.Hooks = append(r.Hooks, model.Hook{Stage: name.Draw(t, "stage"), When: rapid.SampledFrom([]string{"pre", "post", "on-exit"}).Draw(t, "when"), Script: name.Draw(t, "script")})
		}
		r.SortComponents()
		return r
	})
}

func TestNeutralReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := release().Draw(t, "release")
		data, err := WriteNeutral(r)
		if err != nil {
			t.Fatal(err)
		}
		back, ds, err := ReadNeutral("r.yaml", data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if len(r.Components) == 0 {
			back.Components, r.Components = nil, nil
		}
		if !reflect.DeepEqual(back, r) || len(ds) > 0 {
			t.Fatalf("wrote %+v\nread  %+v\n%s%v", r, back, data, ds)
		}
		again, err := WriteNeutral(back)
		if err != nil || string(again) != string(data) {
			t.Fatalf("written twice, it differs: %v\n%s\n%s", err, data, again)
		}
	})
}

// The order of a hand-written list is free where manifests and places are given.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := release().Draw(t, "release")
		data, err := WriteNeutral(r)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(data), "\n")
		var parts []int
		for i, l := range lines {
			if strings.HasPrefix(l, "  - {kind: ") && !slices.ContainsFunc(r.Manifests, func(m model.Manifest) bool { return len(r.Manifests) > 0 && strings.Contains(l, "manifest:") }) {
				parts = append(parts, i)
			}
		}
		for i := range parts {
			j := rapid.IntRange(i, len(parts)-1).Draw(t, "swap")
			lines[parts[i]], lines[parts[j]] = lines[parts[j]], lines[parts[i]]
		}
		a, _, err := ReadNeutral("r.yaml", data)
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := ReadNeutral("r.yaml", []byte(strings.Join(lines, "")))
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%v\n%+v\n%+v", err, a, b)
		}
	})
}

func FuzzReadNeutral(f *testing.F) {
	f.Add([]byte(minimal))
	f.Add([]byte("format: planewise.release/1\nproduct: x\nversion: 1\nmanifests: [{name: m}]\ncomponents:\n- {kind: chart, name: a, namespace: b, version: 1, manifest: m, position: 2, values: {a: 1}}\nundeploys: [{name: a, before: m}]\nhooks: [{stage: a, when: pre, script: b}]\n"))
	if data, err := os.ReadFile(filepath.Join("..", "..", "fixtures", "releases", "uan-2.7.0.yaml")); err == nil {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, _, err := ReadNeutral("r", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "r:") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is no clean error about the file", err)
			}
			return
		}
		written, err := WriteNeutral(r)
		if err != nil {
			t.Fatal(err)
		}
		back, _, err := ReadNeutral("r", written)
		if err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		if !reflect.DeepEqual(back, r) {
			t.Errorf("read  %+v\nagain %+v", r, back)
		}
	})
}
