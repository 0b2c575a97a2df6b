//go:build realkube

package kube

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp" // why: differences of large values that can be read

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

// A real kube-apiserver and etcd on loopback, with objects of a small system, are asked
// with the shipped role. Kubernetes' own programs etcd, kube-apiserver and kubectl are
// looked for in the folder that KUBEBUILDER_ASSETS names:
//
//	KUBEBUILDER_ASSETS=/folder go test -tags realkube -run Real -v ./model/collect/kube
func TestARealClusterIsAskedWithTheShippedRole(t *testing.T) {
	c := startReal(t)
	c.apply(t, realObjects())
	c.kubectl(t, nil, "-n", "services", "patch", "deployment", "cray-bss", "--subresource=status", "--type=merge", "-p", `{"status":{"replicas":3,"readyReplicas":2}}`)
	c.kubectl(t, nil, "-n", "services", "patch", "statefulset", "cray-bss-etcd", "--subresource=status", "--type=merge", "-p", `{"status":{"replicas":3,"readyReplicas":3}}`)
	role, err := fixtures.FS.ReadFile("rbac/planewise-reader.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the shipped role:\n%s", c.kubectl(t, role, "apply", "-f", "-"))
	c.kubectl(t, nil, "-n", "planewise", "create", "serviceaccount", "nobody")
	reader, nobody := c.token(t, "planewise-reader"), c.token(t, "nobody")

	t.Run("a bound account sees it all", func(t *testing.T) {
		s, notes := c.ask(t, reader)
		report(t, s, notes)
		if s.Partial || len(s.Nodes) != 9 || len(s.Workloads) != 4 || len(s.Budgets) != 2 || len(s.CronJobs) != 1 || len(s.Manifests) != 1 || len(s.Products) != 1 {
			t.Errorf("partial: %s; %+v", partial(s), s)
		}
		if s.Manifests[0].Shipped == "" {
			t.Error("it is not known when the manifest was shipped")
		}
		roles := map[string]int{}
		for _, n := range s.Nodes {
			roles[n.Role]++
		}
		if roles["master"] != 3 || roles["worker"] != 6 {
			t.Errorf("%v", roles)
		}
		bss := s.Workloads[slices.IndexFunc(s.Workloads, func(w snapshot.Workload) bool { return w.Name == "cray-bss" })]
		if bss.Replicas != 3 || bss.Ready != 2 || bss.PDB == nil || bss.MaxUnavailable != "1" || len(bss.Nodes) != 620 {
			t.Errorf("%+v on %d nodes", bss, len(bss.Nodes))
		}
	})

	t.Run("as kubectl prints it", func(t *testing.T) {
		r := read.New(csm.Answers())
		for name, args := range map[string][]string{
			"all.json":  {"get", "nodes,deploy,sts,ds,pods,pdb,pvc,cronjobs", "-A", "-o", "json"},
			"ship.json": {"get", "cm", "-n", "loftsman", "-o", "json", "--show-managed-fields"},
			"cat.json":  {"get", "cm", "-n", "services", "cray-product-catalog", "-o", "json"},
		} {
			if err := r.File(name, noon, strings.NewReader(c.kubectl(t, nil, args...))); err != nil {
				t.Fatal(err)
			}
		}
		want, _ := r.Snapshot()
		got, _ := c.ask(t, reader)
		want.Sources, got.Sources = nil, nil
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("kubectl -, live +\n%s", d)
		}
	})

	t.Run("a bound account may do nothing else", func(t *testing.T) {
		for _, may := range []struct {
			args string
			want string
		}{
			{"list nodes", "yes"}, {"get pods -A", "yes"}, {"list configmaps -n loftsman", "yes"},
			{"list secrets -A", "no"}, {"get secrets -n loftsman", "no"}, {"list configmaps -A", "no"}, {"list configmaps -n kube-system", "no"},
			{"watch pods -A", "no"}, {"delete pods -n services", "no"}, {"patch nodes", "no"}, {"create pods --subresource=eviction -n services", "no"}, {"create configmaps -n loftsman", "no"},
		} {
			out, _ := c.try(append([]string{"auth", "can-i", "--as=system:serviceaccount:planewise:planewise-reader"}, strings.Fields(may.args)...)...)
			if !strings.HasSuffix(strings.TrimSpace(out), may.want) {
				t.Errorf("may it %s? %s, want %s", may.args, out, may.want)
			}
		}
		out, err := c.try("--token", reader, "get", "secrets", "-A")
		if err == nil || !strings.Contains(out, "forbidden") {
			t.Errorf("Secrets can be read: %s", out)
		}
		t.Logf("reading Secrets: %s", strings.TrimSpace(out))
	})

	t.Run("an account without rights is refused", func(t *testing.T) {
		s, notes := c.ask(t, nobody)
		report(t, s, notes)
		for _, k := range asked {
			if got := about(notes, k.name()); got != "refused" {
				t.Errorf("%s: %q", k.name(), got)
			}
		}
		if !s.Partial || len(s.Nodes) != 0 {
			t.Errorf("%+v", s)
		}
	})

	t.Run("credentials that are not known are refused", func(t *testing.T) {
		_, notes := c.ask(t, "planted-token")
		if got := about(notes, "kube/nodes"); got != "refused" {
			t.Errorf("%v", notes)
		}
	})

	t.Run("a list that expires on the way is begun again", func(t *testing.T) {
		path, starts := kindOf(t, "pods").name(), 0
		r := read.New(csm.Answers())
		err := c.open(t, reader).Collect(t.Context(), r, noon, func(answer string, n int) {
			if answer != path {
				return
			}
			if n == 0 {
				starts++
			} else if starts == 1 {
				c.compact(t)
			}
		})
		s, notes := r.Snapshot()
		if err != nil || s.Partial || starts < 2 {
			t.Errorf("%v, begun %d times, %v", err, starts, notes)
		}
		t.Logf("the list of pods was begun %d times", starts)
		for _, w := range s.Workloads {
			if w.Name == "cray-bss" && len(w.Nodes) != 620 {
				t.Errorf("%d pods", len(w.Nodes))
			}
		}
	})

	t.Run("databases, once there are any", func(t *testing.T) {
		c.apply(t, []byte(realCRD))
		c.kubectl(t, nil, "wait", "--for=condition=Established", "crd/postgresqls.acid.zalan.do", "--timeout=30s")
		c.apply(t, []byte(`{"apiVersion":"acid.zalan.do/v1","kind":"postgresql","metadata":{"name":"cray-bss-etcd","namespace":"services"},"spec":{"numberOfInstances":3}}`))
		if out, _ := c.try("auth", "can-i", "list", "postgresqls.acid.zalan.do", "-A", "--as=system:serviceaccount:planewise:planewise-reader"); strings.TrimSpace(out) != "yes" {
			t.Errorf("may it list them? %s", out)
		}
		s, _ := c.ask(t, reader)
		for _, w := range s.Workloads {
			if w.Name == "cray-bss-etcd" && !w.Leader {
				t.Errorf("%+v", w)
			}
		}
	})

	if data, err := json.Marshal(c.kept); err != nil || bytes.Contains(data, []byte("planted")) {
		t.Errorf("something planted was kept (%v): %s", err, data)
	}
}

func report(t *testing.T, s snapshot.Snapshot, notes []model.Diagnostic) {
	t.Helper()
	for _, src := range s.Sources {
		t.Logf("%-18s %v partial=%v", src.Name, src.Kinds, src.Partial)
	}
	for _, n := range notes {
		t.Logf("%s [%s] %s: %s", n.Severity, n.Code, n.Subject, n.Summary)
	}
}
