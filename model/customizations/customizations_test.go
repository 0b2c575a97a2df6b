package customizations

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"planewise/model"
)

const file = `apiVersion: customizations/v1
metadata:
  name: shasta
spec:
  network:
    dns: {external: example.com}
  kubernetes:
    sealed_secrets:
      cray_meds: {encryptedData: planted}
    services:
      cray-bos:
        cray-service:
          replicaCount: 3
          sqlCluster: {instanceCount: 5}
          containers:
            cray-bos:
              image: {repository: registry.local/bos, tag: 2.9.9, password: planted}
        domain: '{{ network.dns.external }}'
      cray-hms-smd:
        cray-service: {replicaCount: '{{ proxies }}'}
      cray-old:
        repository: http://x
        values:
          replicas: 2
      cray-bad:
        replicas: lots
        image: {repository: "user:planted@registry.local/x"}
      cray-todo:
        replicaCount: ~FIXME~
`

func read(t *testing.T) (Customizations, []model.Diagnostic) {
	t.Helper()
	c, notes, err := Read("customizations.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return c, notes
}

func TestRead(t *testing.T) {
	c, notes := read(t)
	got := map[string]string{}
	for _, chart := range c.Charts {
		for _, o := range chart.Overrides {
			got[chart.Name+"."+o.Key()] = o.Kind + " " + o.Value
		}
	}
	want := map[string]string{
		"cray-bos.cray-service.replicaCount":                         "replicas 3",
		"cray-bos.cray-service.sqlCluster.instanceCount":             "replicas 5",
		"cray-bos.cray-service.containers.cray-bos.image.repository": "image registry.local/bos",
		"cray-bos.cray-service.containers.cray-bos.image.tag":        "image 2.9.9",
		"cray-hms-smd.cray-service.replicaCount":                     "replicas {{ proxies }}",
		"cray-old.replicas":                                          "replicas 2",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	codes := map[string]int{}
	for _, n := range notes {
		codes[n.Code]++
		if !strings.HasPrefix(n.Subject, "customizations.yaml:") {
			t.Errorf("no line in %v", n)
		}
	}
	if want := map[string]int{"template-value": 1, "bad-number": 1, "bad-image": 1, "fixme": 1}; !reflect.DeepEqual(codes, want) {
		t.Errorf("diagnostics %v", notes)
	}
	if c.Charts[1].Name != "cray-bos" || c.Charts[1].Others != 2 {
		t.Errorf("the settings that are not kept are not counted: %+v", c.Charts)
	}
}

func TestNothingSecretIsKept(t *testing.T) {
	c, notes := read(t)
	r, more := c.Release(release())
	all := fmt.Sprintf("%+v", []any{c, notes, r, more})
	if strings.Contains(all, "planted") {
		t.Error(all)
	}
}

func release() model.Release {
	return model.Release{Product: "csm", Version: "1.5.2", Components: []model.Component{
		{Kind: model.KindChart, Name: "cray-bos", Namespace: "services", Version: "2.10.28", Values: `{"cray-service":{"replicaCount":"2","other":"x"},"a":"b"}`},
		{Kind: model.KindChart, Name: "smd", Chart: "cray-hms-smd", Namespace: "services", Version: "7.0.0", Values: `{"z":"1"}`},
		{Kind: model.KindChart, Name: "plain", Namespace: "services", Version: "1.0.0"},
	}}
}

// Values as the generator would merge them: deep, the site's over the release's.
func TestRelease(t *testing.T) {
	c, _ := read(t)
	before := release()
	r, notes := c.Release(before)
	if want := `{"a":"b","cray-service":{"containers":{"cray-bos":{"image":{"repository":"registry.local/bos","tag":"2.9.9"}}},"other":"x","replicaCount":"3","sqlCluster":{"instanceCount":"5"}}}`; r.Components[0].Values != want {
		t.Errorf("got %s", r.Components[0].Values)
	}
	if r.Components[1].Values != `{"z":"1"}` || r.Components[2].Values != "" {
		t.Errorf("changed without reason: %+v", r.Components)
	}
	if !reflect.DeepEqual(before, release()) {
		t.Error("the release given was changed")
	}
	var unused, images int
	for _, n := range notes {
		switch n.Code {
		case "unused-customization":
			unused++
		case "site-image":
			images++
		}
	}
	if unused != 1 || images != 2 {
		t.Errorf("%v", notes)
	}
}

func TestSystem(t *testing.T) {
	c, _ := read(t)
	sys := model.System{Workloads: []model.ObservedWorkload{{Kind: "Deployment", Namespace: "services", Name: "cray-bos", Replicas: 1}}}
	got, _ := c.System(sys, []model.Release{release()})
	want := []model.ObservedWorkload{
		{Kind: "Deployment", Namespace: "services", Name: "cray-bos", Replicas: 1}, // what was seen stays
		{Kind: "StatefulSet", Namespace: "services", Name: "cray-bos-postgres", Replicas: 5},
	}
	if !reflect.DeepEqual(got.Workloads, want) {
		t.Errorf("got %+v", got.Workloads)
	}
	if got, _ = c.System(model.System{}, []model.Release{release()}); got.Workloads[0].Replicas != 3 {
		t.Errorf("got %+v", got.Workloads)
	}
}

func TestForeign(t *testing.T) {
	for _, text := range []string{"", "a: b", "apiVersion: v1", "[", "apiVersion: manifests/v1"} {
		if _, _, err := Read("x", []byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	if _, notes, err := Read("x", []byte("apiVersion: customizations/v1\n")); err != nil || len(notes) != 1 {
		t.Errorf("%v %v", notes, err)
	}
}

// FuzzRead reads anything; what it accepts can be merged into values that stay JSON.
func FuzzRead(f *testing.F) {
	f.Add([]byte(file))
	f.Add([]byte("apiVersion: customizations/v1\nspec: {kubernetes: {services: {cray-bos: {replicas: 1}}}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, _, err := Read("x", data)
		if err != nil {
			return
		}
		r, _ := c.Release(release())
		for _, comp := range r.Components {
			if comp.Values != "" && !json.Valid([]byte(comp.Values)) {
				t.Errorf("no JSON: %q", comp.Values)
			}
		}
		c.System(model.System{}, []model.Release{r})
	})
}
