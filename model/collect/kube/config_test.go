package kube

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

func TestAKubeconfigThatCannotBeUsed(t *testing.T) {
	const head = "apiVersion: v1\nkind: Config\n"
	cases := []struct {
		name, text, context string
		want                []string
	}{
		{"no such context", head + "contexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: https://localhost}}]\n", "b", []string{`no context "b"`, "it has a", "--context"}},
		{"no current context", head + "contexts: [{name: a, context: {cluster: c}}]\n", "", []string{"no context is set", "--context", "it has a"}},
		{"empty", "", "", []string{"no context is set", "it has none"}},
		{"no server", head + "contexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {}}]\ncurrent-context: a\n", "", []string{`context "a"`, "no cluster with a server", "set-cluster"}},
		{"no cluster", head + "contexts: [{name: a, context: {cluster: c}}]\ncurrent-context: a\n", "", []string{"no cluster with a server"}},
		{"no user", head + "contexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: https://localhost}}]\ncurrent-context: a\n", "", []string{"a user that it does not have"}},
		{"no certificate", head + "contexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: https://localhost, certificate-authority: nothing-here.crt}}]\ncurrent-context: a\n", "", []string{"nothing-here.crt", "no such file"}},
		{"no YAML", "users: [{name: u, user: planted-7", "", []string{"it is no kubeconfig", "config view"}},
		{"values in the wrong place", head + "users: [{name: u, user: planted-7}]\n", "", []string{"it is no kubeconfig"}},
		{"a bad proxy", head + "contexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: https://localhost, proxy-url: 'ftp://me:planted-7@proxy'}}]\ncurrent-context: a\n", "", []string{"is not usable", "kubectl"}},
		{"control characters", head + "contexts: [{name: \"\\e[31ma\", context: {}}]\n", "", []string{`\x1b[31ma`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "conf")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(Config{Files: []string{file}, Context: c.context, Timeout: long, ConfigMaps: csm.Answers().ConfigMaps})
			if err == nil {
				t.Fatal("it was accepted")
			}
			for _, want := range append(c.want, file) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in %q", want, err)
				}
			}
			if strings.Contains(err.Error(), "planted") {
				t.Errorf("the file is quoted: %s", err)
			}
		})
	}
	missing := filepath.Join(t.TempDir(), "none")
	if _, err := Open(Config{Files: []string{missing}, Timeout: long, ConfigMaps: csm.Answers().ConfigMaps}); err == nil || !strings.Contains(err.Error(), missing) || !strings.Contains(err.Error(), "--kubeconfig") {
		t.Errorf("%v", err)
	}
	if _, err := Open(Config{Timeout: long, ConfigMaps: csm.Answers().ConfigMaps}); err == nil || !strings.Contains(err.Error(), "KUBECONFIG") {
		t.Errorf("%v", err)
	}
	if _, err := Open(Config{Files: []string{t.TempDir()}, Timeout: long, ConfigMaps: csm.Answers().ConfigMaps}); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("%v", err)
	}
}

// Of several files the first that says something counts, and missing ones are passed
// over, as kubectl does.
func TestSeveralFiles(t *testing.T) {
	c := newCluster(t)
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte("current-context: nowhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	client, err := Open(Config{Files: []string{filepath.Join(t.TempDir(), "none"), kubeconfig(t, c.URL, c.Certificate(), "t"), other}, Timeout: long, ConfigMaps: csm.Answers().ConfigMaps})
	if err != nil || client.Cluster != "alpha" {
		t.Errorf("%v", err)
	}
}

// A cluster that does not answer at all is an error, at once and not for each kind.
func TestAnUnreachableCluster(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	plain.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it minds that it is not trusted
	secure.StartTLS()
	defer secure.Close()
	for server, want := range map[string]string{
		plain.URL: "refuses connections",
		strings.Replace(plain.URL, "http://", "http://me:planted-1@", 1): "refuses connections",
		secure.URL: "signed by an authority",
	} {
		file := kubeconfig(t, server, nil, "planted-2")
		client, err := Open(Config{Files: []string{file}, Timeout: long, ConfigMaps: csm.Answers().ConfigMaps})
		if err != nil {
			t.Fatal(err)
		}
		err = client.Collect(t.Context(), read.New(csm.Answers()), noon, nil)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "admin@alpha") {
			t.Errorf("%v", err)
		}
		if err != nil && strings.Contains(err.Error(), "planted") {
			t.Errorf("a credential is told: %v", err)
		}
	}
}

// A server that throws the credentials back gets them into no note and no snapshot.
func TestCredentialsAreNeverTold(t *testing.T) {
	c := newCluster(t)
	thrown := 0
	c.before = func(w http.ResponseWriter, r *http.Request) bool {
		token := r.Header.Get("Authorization")
		if !strings.Contains(token, "planted-2") {
			t.Errorf("no token came: %q", token)
		}
		thrown++
		code, reason := 500, token
		switch thrown % 4 {
		case 1:
			code, reason = 403, "Forbidden"
		case 2:
			code = 401
		case 3:
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte(token))
			return true
		}
		refuse(w, code, reason, "not you, "+token)
		return true
	}
	client, err := Open(Config{Files: []string{kubeconfig(t, c.URL, c.Certificate(), "planted-2")}, Timeout: long, ConfigMaps: csm.Answers().ConfigMaps})
	if err != nil {
		t.Fatal(err)
	}
	r := read.New(csm.Answers())
	if err := client.Collect(t.Context(), r, noon, nil); err != nil {
		t.Fatal(err)
	}
	s, notes := r.Snapshot()
	if len(notes) < len(asked) || !s.Partial {
		t.Errorf("%d notes of %d kinds", len(notes), len(asked))
	}
	for _, n := range notes {
		if strings.Contains(n.Summary+n.Hint+n.Subject, "planted") {
			t.Errorf("told: %v", n)
		}
	}
}
