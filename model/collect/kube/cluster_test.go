package kube

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"planewise/model"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

// cluster answers like a kube-apiserver: lists in pages, refusals as Status objects.
type cluster struct {
	*httptest.Server
	// lists by path, without the query. A path that is not there is not found.
	lists map[string][]any
	// before answers a request in place of the lists, where it says that it did.
	before func(w http.ResponseWriter, r *http.Request) bool

	lock     sync.Mutex
	requests []string
}

// asked is all that the client asks for.
var asked = (&Client{config: Config{ConfigMaps: csm.Answers().ConfigMaps}}).kinds()

// newCluster has an empty list of everything that is asked for but databases.
func newCluster(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{lists: map[string][]any{}}
	for _, k := range asked {
		if !k.optional {
			c.lists[k.path(0)] = []any{}
		}
	}
	// Over TLS, since credentials are sent to no other server.
	c.Server = httptest.NewTLSServer(c)
	t.Cleanup(c.Close)
	return c
}

// path is where the API has the list, in the kind's nth version.
func (k kind) path(nth int) string {
	p := "/api/" + k.versions[nth]
	if k.group != "" {
		p = "/apis/" + k.group + "/" + k.versions[nth]
	}
	if k.namespace != "" {
		p += "/namespaces/" + k.namespace
	}
	return p + "/" + k.resource
}

// kindOf is the kind with this answer.
func kindOf(t testing.TB, answer string) kind {
	t.Helper()
	at := slices.IndexFunc(asked, func(k kind) bool { return k.answer == answer })
	if at < 0 {
		t.Fatalf("no kind %s", answer)
	}
	return asked[at]
}

// serve puts objects into the list of a kind.
func (c *cluster) serve(t testing.TB, answer string, objects ...any) {
	t.Helper()
	path := kindOf(t, answer).path(0)
	c.lists[path] = append(c.lists[path], objects...)
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.lock.Lock()
	c.requests = append(c.requests, r.Method+" "+r.URL.RequestURI())
	c.lock.Unlock()
	if c.before != nil && c.before(w, r) {
		return
	}
	all, ok := c.lists[r.URL.Path]
	if !ok {
		refuse(w, http.StatusNotFound, "NotFound", "the server could not find the requested resource")
		return
	}
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	start, _ := strconv.Atoi(r.URL.Query().Get("continue"))
	end, meta := len(all), map[string]any{"resourceVersion": "7"}
	if limit > 0 && start+limit < len(all) {
		end = start + limit
		meta["continue"], meta["remainingItemCount"] = strconv.Itoa(end), len(all)-end
	}
	// As the API writes lists: the objects in it have no kind of their own.
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"kind": listKind(r.URL.Path), "apiVersion": "v1", "metadata": meta, "items": all[start:end]})
}

func listKind(path string) string {
	for _, k := range asked {
		for n := range k.versions {
			if k.path(n) == path {
				return k.object + "List"
			}
		}
	}
	return "List"
}

// refuse answers with a Status, as the API does.
func refuse(w http.ResponseWriter, code int, reason, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "message": message, "code": code})
}

// named makes an object with nothing but a name.
func named(format string, args ...any) any {
	return map[string]any{"metadata": map[string]any{"name": fmt.Sprintf(format, args...), "namespace": "services"}}
}

// kubeconfig writes a kubeconfig for a server, with a token. Authority is the
// certificate of a test server, nil where none is to be trusted.
func kubeconfig(t testing.TB, server string, authority *x509.Certificate, token string) string {
	t.Helper()
	trust := ""
	if authority != nil {
		trust = base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.Raw}))
	}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: alpha, cluster: {server: %q, certificate-authority-data: %q}}]
users: [{name: me, user: {token: %q}}]
contexts: [{name: admin@alpha, context: {cluster: alpha, user: me}}]
current-context: admin@alpha
`, server, trust, token)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// long is a time limit that no test reaches.
const long = time.Minute

var noon = time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)

func (c *cluster) client(t testing.TB, timeout time.Duration) *Client {
	t.Helper()
	client, err := Open(Config{Files: []string{kubeconfig(t, c.URL, c.Certificate(), "t")}, Timeout: timeout, ConfigMaps: csm.Answers().ConfigMaps})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// collect makes a snapshot of what the cluster says.
func (c *cluster) collect(t testing.TB) (snapshot.Snapshot, []model.Diagnostic) {
	t.Helper()
	r := read.New(csm.Answers())
	if err := c.client(t, long).Collect(t.Context(), r, noon, nil); err != nil {
		t.Fatal(err)
	}
	return r.Snapshot()
}

// partial are the names of the sources that are not whole.
func partial(s snapshot.Snapshot) string {
	var out []string
	for _, src := range s.Sources {
		if src.Partial {
			out = append(out, src.Name)
		}
	}
	return strings.Join(out, " ")
}

// about are the codes of the diagnostics about a source.
func about(notes []model.Diagnostic, subject string) string {
	var out []string
	for _, n := range notes {
		if n.Subject == subject {
			out = append(out, string(n.Code))
		}
	}
	return strings.Join(out, " ")
}
