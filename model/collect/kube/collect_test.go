package kube

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp" // why: differences of large values that can be read

	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

// exported are the objects of exports, as kubectl wrote them.
func exported(t *testing.T, names ...string) (files []string, objects []map[string]any) {
	t.Helper()
	for _, name := range names {
		file := filepath.Join("..", "..", "snapshot", "read", "testdata", "site", name)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list struct{ Items []map[string]any }
		if err := json.Unmarshal(data, &list); err != nil {
			t.Fatal(err)
		}
		files, objects = append(files, file), append(objects, list.Items...)
	}
	return files, objects
}

// A live snapshot says what the exports of the same objects say. This also finds what
// the reader learns to use and the collector cuts away.
func TestLiveIsWhatExportsAre(t *testing.T) {
	files, objects := exported(t, "kubernetes.json", "configmaps.json")
	c := newCluster(t)
	c.lists[kindOf(t, "postgresqls").path(0)] = []any{}
	for _, o := range objects {
		meta, _ := o["metadata"].(map[string]any)
		at := slices.IndexFunc(asked, func(k kind) bool {
			return k.object == o["kind"] && (k.namespace == "" || k.namespace == meta["namespace"])
		})
		if at < 0 {
			continue // Secrets and the like, which are never asked for
		}
		// Lists of the API hold objects without kind and version, and with much that
		// is of no use.
		delete(o, "kind")
		delete(o, "apiVersion")
		meta["managedFields"] = []any{map[string]any{"manager": "kubectl"}}
		c.serve(t, asked[at].answer, o)
	}
	got, _ := c.collect(t)
	r := read.New(csm.Answers())
	for _, file := range files {
		in, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		if err := r.File(filepath.Base(file), noon, in); err != nil {
			t.Fatal(err)
		}
	}
	want, _ := r.Snapshot()
	if len(want.Nodes) == 0 || len(want.Workloads) == 0 || len(want.Manifests) == 0 || len(want.Products) == 0 {
		t.Fatalf("the exports say little: %+v", want)
	}
	if got.Partial {
		t.Errorf("partial: %s", partial(got))
	}
	want.Sources, got.Sources, want.Partial = nil, nil, false
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("exports -, live +\n%s", d)
	}
}

// Every request is one of the table's, and reads.
func TestOnlyTheTableIsAskedFor(t *testing.T) {
	c := newCluster(t)
	c.serve(t, "nodes", named("w1"))
	c.collect(t)
	allowed := map[string]bool{}
	for _, k := range asked {
		for n := range k.versions {
			allowed["GET "+k.path(n)] = true
		}
	}
	for _, r := range c.requests {
		path, query, _ := strings.Cut(r, "?")
		if !allowed[path] || !strings.Contains(query, "limit=") || strings.Contains(query, "watch") || strings.Contains(path, "secret") {
			t.Errorf("asked for %s", r)
		}
	}
	if len(c.requests) < len(asked) {
		t.Errorf("%d requests for %d kinds: %s", len(c.requests), len(asked), c.requests)
	}
}

func TestListsComeInPages(t *testing.T) {
	c := newCluster(t)
	for i := range 2*page + 3 {
		c.serve(t, "nodes", named("w%04d", i))
	}
	s, notes := c.collect(t)
	if len(s.Nodes) != 2*page+3 || s.Partial {
		t.Errorf("%d nodes, %v", len(s.Nodes), notes)
	}
	n := 0
	for _, r := range c.requests {
		if strings.HasPrefix(r, "GET /api/v1/nodes?") {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d requests for three pages", n)
	}
}

// A list that expires is read again, and what the first try saw is forgotten.
func TestAnExpiredListIsBegunAgain(t *testing.T) {
	c := newCluster(t)
	path := kindOf(t, "nodes").path(0)
	c.serve(t, "nodes", named("gone"))
	for i := range page {
		c.serve(t, "nodes", named("w%04d", i))
	}
	expired := 0
	c.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != path || r.URL.Query().Get("continue") == "" || expired > 0 {
			return false
		}
		expired++
		c.lists[path] = c.lists[path][1:]
		refuse(w, http.StatusGone, "Expired", "The provided continue parameter is too old")
		return true
	}
	s, _ := c.collect(t)
	if expired != 1 || len(s.Nodes) != page || s.Partial || s.Nodes[0].Name == "gone" {
		t.Errorf("%d nodes, partial %v, expired %d times", len(s.Nodes), s.Partial, expired)
	}
}

func TestFaults(t *testing.T) {
	fail := func(code int, reason string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) { refuse(w, code, reason, "planted") }
	}
	cases := []struct {
		name, answer string
		// later: only after the first page.
		later   bool
		answer2 func(http.ResponseWriter, *http.Request)
		code    string
	}{
		{"without rights", "pods", false, fail(403, "Forbidden"), "refused"},
		{"with old credentials", "deployments", false, fail(401, "Unauthorized"), "refused"},
		{"server error", "budgets", false, fail(500, "InternalError"), "failed-command"},
		{"overloaded", "claims", false, fail(503, "ServiceUnavailable"), "no-answer"},
		{"server's own time limit", "cronjobs", false, fail(504, "Timeout"), "no-answer"},
		{"refused in the middle", "pods", true, fail(403, "Forbidden"), "refused"},
		{"fails in the middle", "statefulsets", true, fail(500, "InternalError"), "failed-command"},
		{"expires always", "pods", true, fail(410, "Expired"), "failed-command"},
		{"not there, and no extra", "nodes", false, fail(404, "NotFound"), "failed-command"},
		{"no JSON", "daemonsets", false, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("planted")) }, "failed-command"},
		{"without end", "pods", true, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"500"},"items":[]}`))
		}, "failed-command"},
		{"cut off", "manifests", false, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"kind":"Config`))
		}, "no-answer"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c := newCluster(t)
			k := kindOf(t, tc.answer)
			for i := range k.limit + 1 {
				c.serve(t, tc.answer, named("n%04d", i))
			}
			c.serve(t, "nodes", named("w1"))
			c.before = func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != k.path(0) && !(len(k.versions) > 1 && r.URL.Path == k.path(1)) || tc.later && r.URL.Query().Get("continue") == "" {
					return false
				}
				tc.answer2(w, r)
				return true
			}
			s, notes := c.collect(t)
			if got := about(notes, k.name()); got != tc.code {
				t.Errorf("codes %q, want %q: %v", got, tc.code, notes)
			}
			if got := partial(s); got != k.name() || !s.Partial {
				t.Errorf("partial are %q", got)
			}
			if len(s.Nodes) == 0 && tc.answer != "nodes" {
				t.Error("the other kinds were not read")
			}
			for _, n := range notes {
				if strings.Contains(n.Summary+n.Hint, "planted") {
					t.Errorf("the server's text is passed on: %v", n)
				}
			}
		})
	}
}

// Database clusters are an extra: a cluster without the kind has none, and is whole.
func TestDatabasesMayBeAbsent(t *testing.T) {
	c := newCluster(t)
	c.serve(t, "nodes", named("w1"))
	if s, notes := c.collect(t); s.Partial || about(notes, "kube/postgresqls") != "" {
		t.Errorf("%v", notes)
	}
}

// Kubernetes before 1.21 has budgets and cron jobs in another version of the API.
func TestOlderClustersAreAskedInTheirVersion(t *testing.T) {
	c := newCluster(t)
	for _, answer := range []string{"budgets", "cronjobs"} {
		k := kindOf(t, answer)
		delete(c.lists, k.path(0))
		c.lists[k.path(1)] = []any{named("old")}
	}
	s, notes := c.collect(t)
	if s.Partial || len(s.Budgets) != 1 || len(s.CronJobs) != 1 {
		t.Errorf("%+v %v", s, notes)
	}
}

// What is empty was asked for all the same: that there are no budgets is known then.
func TestEmptyListsAreKnown(t *testing.T) {
	s, notes := newCluster(t).collect(t)
	for _, kind := range []string{"kubernetes nodes", "kubernetes budgets", "kubernetes claims", "postgresql clusters"} {
		if !s.Has(kind) {
			t.Errorf("%s was not asked for: %v", kind, notes)
		}
	}
}

// A kind that is late does not hold up the others.
func TestALateKindIsLeft(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.serve(t, "nodes", named("w1"))
	c.serve(t, "claims", named("c1"))
	c.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != kindOf(t, "pods").path(0) {
			return false
		}
		<-r.Context().Done()
		return true
	}
	// On a busy machine the other kinds may be late too: then all wait longer.
	for limit := 250 * time.Millisecond; ; limit *= 2 {
		r := read.New(csm.Answers())
		if err := c.client(t, limit).Collect(t.Context(), r, noon, nil); err != nil {
			t.Fatal(err)
		}
		s, notes := r.Snapshot()
		if about(notes, "kube/pods") != "no-answer" {
			t.Fatalf("pods that never come are not said to be late: %v", notes)
		}
		if len(s.Nodes) == 1 && s.Has("kubernetes claims") {
			if partial(s) != "kube/pods" {
				t.Errorf("%v, partial %s", notes, partial(s))
			}
			return
		}
	}
}

// When a manifest was shipped is in its managed fields, which therefore go on.
func TestShipmentsAreDated(t *testing.T) {
	c := newCluster(t)
	wrote := func(manager, at string) any { return map[string]any{"manager": manager, "time": at} }
	c.serve(t, "manifests", map[string]any{
		"metadata": map[string]any{"name": "loftsman-core", "namespace": "loftsman", "creationTimestamp": "2020-01-01T00:00:00Z", "managedFields": []any{
			wrote("loftsman", "2026-01-05T10:00:00Z"), wrote("loftsman", "2026-01-06T10:00:00Z"), wrote("kubectl-edit", "2026-01-07T10:00:00Z"), wrote("loftsman", "yesterday"),
		}},
		"data": map[string]any{"status": "success", "manifest.yaml": "spec: {charts: [{name: a, version: 1.0.0, namespace: services}]}"},
	})
	s, _ := c.collect(t)
	if len(s.Manifests) != 1 || s.Manifests[0].Shipped != "2026-01-06T10:00:00Z" {
		t.Errorf("%+v", s.Manifests)
	}
}

// A server that pays no heed to limits fills no memory.
func TestAnswersAreBounded(t *testing.T) {
	c := newCluster(t)
	for i := range 100 {
		c.serve(t, "nodes", named("n%04d", i))
	}
	client := c.client(t, long)
	client.limit = 4000
	r := read.New(csm.Answers())
	if err := client.Collect(t.Context(), r, noon, nil); err != nil {
		t.Fatal(err)
	}
	s, notes := r.Snapshot()
	if got := about(notes, "kube/nodes"); got != "failed-command" || partial(s) != "kube/nodes" || len(s.Nodes) != 0 {
		t.Errorf("%q, %d nodes, %v", got, len(s.Nodes), notes)
	}
}

func TestAnEndedContextEndsTheCollection(t *testing.T) {
	c := newCluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	c.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != kindOf(t, "pods").path(0) {
			return false
		}
		cancel()
		<-r.Context().Done()
		return true
	}
	if err := c.client(t, long).Collect(ctx, read.New(csm.Answers()), noon, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	for _, r := range c.requests {
		if strings.Contains(r, "configmaps") {
			t.Errorf("asked on: %s", r)
		}
	}
}

// Progress tells of every page; the time of the snapshot is that of the collection.
func TestProgressAndTime(t *testing.T) {
	c := newCluster(t)
	for i := range page + 1 {
		c.serve(t, "pods", named("p%04d", i))
	}
	var said []int
	r := read.New(csm.Answers())
	err := c.client(t, long).Collect(t.Context(), r, noon, func(answer string, n int) {
		if answer == "kube/pods" {
			said = append(said, n)
		}
	})
	if err != nil || !slices.Equal(said, []int{0, page}) {
		t.Errorf("%v, told %v", err, said)
	}
	if s, _ := r.Snapshot(); s.TakenAt != "2026-01-10T12:00:00Z" {
		t.Errorf("taken %s", s.TakenAt)
	}
}
