package kube

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp" // why: differences of large values that can be read
	"go.yaml.in/yaml/v3"           // why: the role is YAML

	"planewise/fixtures"
)

// The shipped role grants what the table of kinds asks for, where it asks for it, to
// get and to list: nothing is missing and nothing is too much.
func TestTheRoleIsWhatIsAskedFor(t *testing.T) {
	want := map[string]bool{}
	for _, k := range asked {
		want[k.namespace+" "+k.group+"/"+k.resource] = true
	}
	got := granted(t)
	if d := cmp.Diff(slices.Sorted(maps.Keys(want)), got); d != "" {
		t.Errorf("asked for -, granted +\n%s", d)
	}
}

type manifest struct {
	Kind     string
	Metadata struct{ Name, Namespace string }
	Rules    []struct {
		APIGroups       []string `yaml:"apiGroups"`
		Resources       []string
		ResourceNames   []string `yaml:"resourceNames"`
		NonResourceURLs []string `yaml:"nonResourceURLs"`
		Verbs           []string
	}
	RoleRef  struct{ Kind, Name string } `yaml:"roleRef"`
	Subjects []struct{ Kind, Name, Namespace string }
}

// granted lists "namespace group/resource" of what the bindings of the role grant.
func granted(t *testing.T) []string {
	t.Helper()
	text, err := fixtures.FS.ReadFile("rbac/planewise-reader.yaml")
	if err != nil {
		t.Fatal(err)
	}
	roles, bindings := map[string][]string{}, []manifest{}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var m manifest
		err := dec.Decode(&m)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch m.Kind {
		case "ClusterRole":
			roles[m.Metadata.Name] = rights(t, m)
		case "ClusterRoleBinding", "RoleBinding":
			bindings = append(bindings, m)
		case "Namespace", "ServiceAccount":
		default:
			t.Errorf("a %s in the role", m.Kind)
		}
	}
	var out []string
	for _, b := range bindings {
		if len(b.Subjects) != 1 || b.Subjects[0].Kind != "ServiceAccount" || b.Subjects[0].Name != "planewise-reader" || b.Subjects[0].Namespace != "planewise" {
			t.Errorf("%s %s binds %v", b.Kind, b.Metadata.Name, b.Subjects)
		}
		if (b.Kind == "RoleBinding") != (b.Metadata.Namespace != "") || b.RoleRef.Kind != "ClusterRole" || roles[b.RoleRef.Name] == nil {
			t.Errorf("%s %s/%s binds the role %q", b.Kind, b.Metadata.Namespace, b.Metadata.Name, b.RoleRef.Name)
		}
		for _, r := range roles[b.RoleRef.Name] {
			out = append(out, b.Metadata.Namespace+" "+r)
		}
	}
	slices.Sort(out)
	return out
}

// rights are "group/resource" of a role that may get and list, and nothing else.
func rights(t *testing.T, m manifest) []string {
	t.Helper()
	var out []string
	for _, r := range m.Rules {
		if !slices.Equal(r.Verbs, []string{"get", "list"}) || len(r.ResourceNames)+len(r.NonResourceURLs) > 0 {
			t.Errorf("role %s: %+v", m.Metadata.Name, r)
		}
		for _, group := range r.APIGroups {
			for _, resource := range r.Resources {
				if strings.Contains(group+resource, "*") || strings.Contains(resource, "secret") {
					t.Errorf("role %s grants %s/%s", m.Metadata.Name, group, resource)
				}
				out = append(out, group+"/"+resource)
			}
		}
	}
	return out
}
