package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"planewise/cmd/internal/cli"
)

// alpha is half a cluster: some lists, a refusal that throws back the token it was
// given, and nothing else.
var alpha = map[string]string{
	"/api/v1/nodes": `{"kind":"NodeList","apiVersion":"v1","metadata":{},"items":[
		{"metadata":{"name":"m1","labels":{"node-role.kubernetes.io/control-plane":""}},"status":{"nodeInfo":{"kubeletVersion":"v1.22.13"}}},
		{"metadata":{"name":"w1"},"status":{"nodeInfo":{"kubeletVersion":"v1.22.13"}}},
		{"metadata":{"name":"w2"},"status":{"nodeInfo":{"kubeletVersion":"v1.22.13"}}}]}`,
	"/apis/apps/v1/deployments": `{"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{},"items":[
		{"metadata":{"name":"a","namespace":"services","annotations":{"x":"planted-annotation"}},"spec":{"replicas":2,"template":{"spec":{"containers":[{"env":[{"name":"P","value":"planted-env"}]}]}}},"status":{"readyReplicas":2}}]}`,
	"/api/v1/namespaces/services/configmaps": `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{},"items":[
		{"metadata":{"name":"other","namespace":"services"},"data":{"password":"planted-other"}},
		{"metadata":{"name":"cray-product-catalog","namespace":"services"},"data":{"csm":"1.5.2:\n  configuration:\n    clone_url: https://planted-url@vcs/csm.git\n"}}]}`,
	"/api/v1/namespaces/loftsman/configmaps": `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{},"items":[
		{"metadata":{"name":"loftsman-sysmgmt","namespace":"loftsman"},"data":{"status":"success","manifest.yaml":"spec:\n  charts:\n  - {name: cray-hms-bss, version: 3.1.4, namespace: services, values: {password: planted-values}}\n"}},
		{"metadata":{"name":"loftsman-sysmgmt-ship-log","namespace":"loftsman"},"data":{"loftsman.log":"planted-log"}}]}`,
}

// A cluster is imported over the network, half of it refused, and can be planned from.
// Nothing secret, of the cluster or of the way to it, is printed or kept.
func TestAClusterIsAskedAndPlannedFrom(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		token := r.Header.Get("Authorization")
		if list, ok := alpha[r.URL.Path]; ok && token == "Bearer planted-token" && r.Method == http.MethodGet {
			_, _ = w.Write([]byte(list))
			return
		}
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","message":%q,"code":403}`, token)
	}))
	defer server.Close()
	home := t.TempDir()
	t.Chdir(home)
	conf := fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","current-context":"x","contexts":[{"name":"x","context":{"cluster":"alpha","user":"u"}}],
		"users":[{"name":"u","user":{"token":"planted-token"}}],"clusters":[{"name":"alpha","cluster":{"server":%q,"certificate-authority-data":%q}}]}`,
		server.URL, base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	for name, data := range map[string]string{"conf": conf, "helm.json": `[{"name":"cray-hms-bss","namespace":"services","status":"deployed","chart":"cray-hms-bss-3.1.3"}]`} {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all := ""
	run := func(want int, args ...string) (stdout, stderr string) {
		t.Helper()
		var out, talk bytes.Buffer
		env := cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &talk, Now: func() time.Time { return time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC) },
			Getenv: func(key string) string { return map[string]string{"HOME": home, "KUBECONFIG": "conf"}[key] }}
		if code := cli.Run(context.Background(), args, env); code != want {
			t.Fatalf("%v: exit %d, want %d: %s", args, code, want, talk.String())
		}
		all += out.String() + talk.String()
		return out.String(), talk.String()
	}
	expect := func(text string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	}

	out, talk := run(0, "system", "import", "--kube", "-v", "--keep", "kept.json")
	expect(out, "alpha ", "taken 2026-01-10T12:00:00Z, partial", "nodes 1 master, 2 worker", "system:alpha csm-1.5.2", "cray-hms-bss claimed 3.1.5, runs 3.1.4")
	if strings.Contains(out, "runs none") {
		t.Errorf("charts that no manifest lists are not gone:\n%s", out)
	}
	expect(talk, "charts-from-manifests", "refused", "kube/pods", "kube/claims")
	// Two bundles may block; that the plan is made is what counts here.
	out, _ = run(3, "plan", "--from", "system:alpha", "--to", "csm-1.6.0-rc.3", "--system", "alpha", "-v")
	expect(out, "csm 1.5.2 -> csm 1.6.0-rc.3 on alpha", "cray-hms-bss 3.1.4")

	out, talk = run(0, "system", "import", "--kube", "helm.json", "--name", "beta")
	expect(out, "beta ", "system:beta csm-1.5.2", "cray-hms-bss claimed 3.1.5, runs 3.1.3")
	if strings.Contains(talk, "charts-from-manifests") {
		t.Errorf("the list of Helm was not used:\n%s", talk)
	}

	for name, text := range map[string]string{"what was printed": all, "the snapshot": file(t, "kept.json"), "the store": file(t, filepath.Join(home, ".local", "share", "planewise", "planewise.db"))} {
		if at := strings.Index(text, "planted"); at >= 0 {
			t.Errorf("%s holds %s", name, text[at:min(len(text), at+20)])
		}
	}
}

func file(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
