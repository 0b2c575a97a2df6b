package argo

import (
	"strings"
	"testing"

	yamlv3 "go.yaml.in/yaml/v3"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/sample"
)

// workflow has the fields of argoproj.io/v1alpha1 that are used here; others are
// an error.
type workflow struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct {
		GenerateName string            `yaml:"generateName"`
		Namespace    string            `yaml:"namespace"`
		Annotations  map[string]string `yaml:"annotations"`
	}
	Spec struct {
		Entrypoint string
		Templates  []template
	}
}

type template struct {
	Name      string
	Suspend   *struct{}
	DAG       *struct{ Tasks []task } `yaml:"dag"`
	Container *struct {
		Image         string
		Command, Args []string
	}
}

type task struct {
	Name, Template string
	Dependencies   []string
}

func read(t *testing.T, data []byte) workflow {
	t.Helper()
	dec := yamlv3.NewDecoder(strings.NewReader(string(data)))
	dec.KnownFields(true)
	var w workflow
	if err := dec.Decode(&w); err != nil {
		t.Fatalf("%v\n%.2000s", err, data)
	}
	return w
}

// check: tasks exist, are ordered, each bundle waits for a person, and every step
// prints only.
func check(t *testing.T, w workflow, bundles int) {
	t.Helper()
	byName := map[string]template{}
	for _, one := range w.Spec.Templates {
		if _, twice := byName[one.Name]; twice {
			t.Errorf("two templates %s", one.Name)
		}
		byName[one.Name] = one
		if c := one.Container; c != nil && (len(c.Command) != 1 || c.Command[0] != "echo" || len(c.Args) != 1 || c.Image != "busybox:stable") {
			t.Errorf("%s runs %v %d arguments", one.Name, c.Command, len(c.Args))
		}
		if c := one.Container; c != nil && (strings.Contains(c.Args[0], "{{") || strings.Contains(strings.ReplaceAll(c.Args[0], "$$(", ""), "$(")) {
			t.Errorf("%s would be replaced: %.100q", one.Name, c.Args[0])
		}
	}
	main := byName[w.Spec.Entrypoint]
	if main.DAG == nil || len(main.DAG.Tasks) != 2*bundles {
		t.Fatalf("the entry point has no DAG of %d tasks", 2*bundles)
	}
	done := map[string]bool{}
	for i, one := range main.DAG.Tasks {
		for _, d := range one.Dependencies {
			if !done[d] {
				t.Errorf("%s waits for %s, which does not come before it", one.Name, d)
			}
		}
		if i > 0 && len(one.Dependencies) != 1 {
			t.Errorf("%s waits for %v", one.Name, one.Dependencies)
		}
		used := byName[one.Template]
		if suspends := used.Suspend != nil; suspends != (i%2 == 0) {
			t.Errorf("%s: suspends %v", one.Name, suspends)
		}
		if used.Suspend == nil && used.Container == nil {
			t.Errorf("%s has no template", one.Name)
		}
		done[one.Name] = true
	}
}

func TestSample(t *testing.T) {
	data, diags, err := Plan(sample.Plan(), Options{Namespace: "argo"})
	if err != nil || len(diags) != 0 {
		t.Fatal(err, diags)
	}
	w := read(t, data)
	check(t, w, 4)
	if w.Metadata.Namespace != "argo" || w.Metadata.Annotations["planewise/plan"] != "0123456789ab" {
		t.Errorf("%+v", w.Metadata)
	}
	if text := w.Spec.Templates[2].Container.Args[0]; !strings.Contains(text, "\n1. Ship api 1.9 -> 2.0 (ship:core/api), 2 min to 5 min\n") {
		t.Errorf("%q", text)
	}
}

func TestEmptyPlan(t *testing.T) {
	data, _, err := Plan(model.Plan{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, read(t, data), 0)
}

func TestOptionsAreRefused(t *testing.T) {
	for _, o := range []Options{{Image: "a b"}, {Image: "{{x}}"}, {Image: "a\nb"}, {Namespace: "A"}, {Namespace: "a: b"}} {
		if _, _, err := Plan(sample.Plan(), o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

func TestHostileNames(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			data, diags, err := Plan(sample.Hostile(attack), Options{})
			if err != nil {
				t.Fatal(err)
			}
			w := read(t, data)
			check(t, w, 4)
			text := w.Spec.Templates[1].Container.Args[0]
			cut := len(attack) > 5000
			if want := harmless(clean.Text(attack)); !cut && !strings.Contains(text, want) {
				t.Error("the name was lost")
			}
			if cut != (len(diags) > 0) {
				t.Errorf("%d diagnostics", len(diags))
			}
		})
	}
}
