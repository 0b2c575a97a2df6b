package app

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestKubeconfigs(t *testing.T) {
	list := func(parts ...string) string { return strings.Join(parts, string(filepath.ListSeparator)) }
	cases := []struct {
		given string
		env   map[string]string
		want  []string
	}{
		{"mine", map[string]string{"KUBECONFIG": "a", "HOME": "h"}, []string{"mine"}},
		{"", map[string]string{"KUBECONFIG": list("a", "", "b"), "HOME": "h"}, []string{"a", "b"}},
		{"", map[string]string{"HOME": "h"}, []string{filepath.Join("h", ".kube", "config")}},
		{"", nil, []string{}},
	}
	for _, c := range cases {
		got := Kubeconfigs(c.given, func(key string) string { return c.env[key] })
		if got == nil || !slices.Equal(got, c.want) {
			t.Errorf("%q %v: %q, want %q", c.given, c.env, got, c.want)
		}
	}
}

func TestClusterName(t *testing.T) {
	for in, want := range map[string]string{
		"kubernetes": "kubernetes", "arn:aws:eks:x/alpha_1": "arn-aws-eks-x-alpha_1", "a+b~1": "a-b-1", "": "cluster", "///": "cluster",
		`\x1b[31m`: "x1b-31m", strings.Repeat("x", 300): strings.Repeat("x", 100),
	} {
		if got := clusterName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
