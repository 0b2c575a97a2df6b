//go:build realkube

package kube

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp" // why: differences of large values that can be read

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/snapshot"
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
		r := read.New()
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
		for _, k := range kinds {
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
		r := read.New()
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

// realObjects are nine nodes and what runs on them, more pods than a page has.
func realObjects() []byte {
	var b bytes.Buffer
	add := func(format string, args ...any) { fmt.Fprintf(&b, "---\n"+format+"\n", args...) }
	for _, ns := range []string{"services", "loftsman"} {
		add(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q}}`, ns)
	}
	node := func(name, labels string) {
		add(`{"apiVersion":"v1","kind":"Node","metadata":{"name":%q,"labels":{"kubernetes.io/arch":"amd64"%s}},"status":{"nodeInfo":{"kubeletVersion":"v1.24.17","kernelVersion":"5.14.21","osImage":"SLES","architecture":"amd64",
			"machineID":"","systemUUID":"","bootID":"","containerRuntimeVersion":"","kubeProxyVersion":"","operatingSystem":"linux"},"conditions":[{"type":"Ready","status":"True"}]}}`, name, labels)
	}
	for i := range 3 {
		node(fmt.Sprintf("ncn-m%03d", i+1), `,"node-role.kubernetes.io/control-plane":""`)
	}
	for i := range 6 {
		node(fmt.Sprintf("ncn-w%03d", i+1), `,"cps-pm-node":"True"`)
	}
	template := func(app string) string {
		return fmt.Sprintf(`"selector":{"matchLabels":{"app":%[1]q}},"template":{"metadata":{"labels":{"app":%[1]q}},"spec":{"containers":[{"name":"c","image":"i","env":[{"name":"PASSWORD","value":"planted-env"}]}],
			"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"state"}}]}}`, app)
	}
	add(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"cray-bss","namespace":"services"},"spec":{"replicas":3,"strategy":{"rollingUpdate":{"maxUnavailable":1}},%s}}`, template("bss"))
	add(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"one","namespace":"services"},"spec":{"replicas":1,"strategy":{"type":"Recreate"},%s}}`, template("one"))
	add(`{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"cray-bss-etcd","namespace":"services"},"spec":{"replicas":3,"serviceName":"e",%s}}`, template("etcd"))
	add(`{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"agent","namespace":"services"},"spec":{%s}}`, template("agent"))
	add(`{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"bss","namespace":"services"},"spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"bss"}}}}`)
	add(`{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"etcd","namespace":"services"},"spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app":"etcd"}}}}`)
	add(`{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"state","namespace":"services"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}`)
	add(`{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"backup","namespace":"services"},"spec":{"schedule":"0 1 * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}`)
	add(`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"sh.helm.release.v1.bss.v1","namespace":"services"},"stringData":{"release":"planted-secret"}}`)
	add(`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"site-init","namespace":"loftsman"},"stringData":{"customizations.yaml":"planted-secret"}}`)
	add(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"loftsman-sysmgmt","namespace":"loftsman"},"data":{"status":"success","manifest.yaml":"spec:\n  charts:\n  - {name: cray-hms-bss, version: 3.1.4, namespace: services, values: {password: planted-value}}\n"}}`)
	add(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"loftsman-sysmgmt-ship-log","namespace":"loftsman"},"data":{"loftsman.log":"planted-log"}}`)
	add(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cray-product-catalog","namespace":"services"},"data":{"csm":"1.5.2:\n  configuration:\n    clone_url: https://planted-url@vcs/csm.git\n"}}`)
	add(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other","namespace":"services"},"data":{"a":"planted-other"}}`)
	for i := range 620 {
		add(`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"cray-bss-6f7d9c-%04d","namespace":"services","labels":{"app":"bss","pod-template-hash":"6f7d9c"},
			"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"cray-bss-6f7d9c","uid":"u","controller":true}]},"spec":{"nodeName":"ncn-w%03d","containers":[{"name":"c","image":"i","env":[{"name":"PASSWORD","value":"planted-env"}]}]}}`, i, i%6+1)
	}
	return b.Bytes()
}

const realCRD = `{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"postgresqls.acid.zalan.do"},"spec":{"group":"acid.zalan.do","scope":"Namespaced",
	"names":{"kind":"postgresql","listKind":"postgresqlList","plural":"postgresqls","singular":"postgresql"},
	"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}`

// real is a running control plane: etcd and a kube-apiserver.
type real struct {
	dir, assets, server, etcd, admin string
	authority                        *x509.Certificate
	// kept is what snapshots and notes were made.
	kept []any
}

// startReal starts them in a folder of their own until the test ends.
func startReal(t *testing.T) *real {
	t.Helper()
	assets := os.Getenv("KUBEBUILDER_ASSETS")
	if assets == "" {
		t.Skip("KUBEBUILDER_ASSETS names no folder with etcd, kube-apiserver and kubectl")
	}
	for _, program := range []string{"etcd", "kube-apiserver", "kubectl"} {
		if _, err := os.Stat(filepath.Join(assets, program)); err != nil {
			t.Skipf("no %s in KUBEBUILDER_ASSETS", program)
		}
	}
	c := &real{dir: t.TempDir(), assets: assets, admin: rand.Text()}
	c.etcd = "http://" + free(t)
	peer := "http://" + free(t)
	c.run(t, "etcd", "--data-dir", filepath.Join(c.dir, "etcd"), "--unsafe-no-fsync", "--listen-client-urls", c.etcd, "--advertise-client-urls", c.etcd,
		"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "default="+peer)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c.write(t, "sa.key", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	c.write(t, "tokens.csv", []byte(c.admin+`,admin,admin,"system:masters"`+"\n"))
	at := free(t)
	_, port, _ := net.SplitHostPort(at)
	c.server = "https://" + at
	c.run(t, "kube-apiserver", "--etcd-servers="+c.etcd, "--bind-address=127.0.0.1", "--secure-port="+port, "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
		"--cert-dir="+filepath.Join(c.dir, "certs"), "--token-auth-file="+filepath.Join(c.dir, "tokens.csv"), "--authorization-mode=Node,RBAC",
		"--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file="+filepath.Join(c.dir, "sa.key"), "--service-account-signing-key-file="+filepath.Join(c.dir, "sa.key"),
		"--service-cluster-ip-range=10.96.0.0/16", "--allow-privileged=true", "--disable-admission-plugins=ServiceAccount",
		// Pods are listed from etcd, so that a compaction ends a list under way.
		"--feature-gates=ListFromCacheSnapshot=false", "--etcd-compaction-interval=0")
	for range 240 {
		if out, err := c.try("get", "--raw", "/readyz"); err == nil && out == "ok" {
			data, err := os.ReadFile(filepath.Join(c.dir, "certs", "apiserver.crt"))
			if err != nil {
				t.Fatal(err)
			}
			block, rest := pem.Decode(data)
			if last, _ := pem.Decode(rest); last != nil {
				block = last // the authority stands behind the server's own
			}
			if c.authority, err = x509.ParseCertificate(block.Bytes); err != nil {
				t.Fatal(err)
			}
			return c
		}
		time.Sleep(500 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(c.dir, "kube-apiserver.log"))
	t.Fatalf("the kube-apiserver does not answer:\n%s", log[max(0, len(log)-4000):])
	return nil
}

// free is an address on loopback that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (c *real) write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// run starts a program until the test ends.
func (c *real) run(t *testing.T, program string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(c.dir, program+".log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(c.assets, program), args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		kill.Stop()
		log.Close()
	})
}

func (c *real) command(args ...string) *exec.Cmd {
	all := []string{"--server", c.server, "--insecure-skip-tls-verify"}
	if !slices.Contains(args, "--token") {
		all = append(all, "--token", c.admin)
	}
	cmd := exec.Command(filepath.Join(c.assets, "kubectl"), append(all, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+c.dir, "KUBECONFIG=")
	return cmd
}

func (c *real) try(args ...string) (string, error) {
	out, err := c.command(args...).CombinedOutput()
	return string(out), err
}

func (c *real) kubectl(t *testing.T, in []byte, args ...string) string {
	t.Helper()
	cmd := c.command(args...)
	var talk bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &talk
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("kubectl %v: %v\n%s", args, err, talk.String())
	}
	return string(out)
}

func (c *real) apply(t *testing.T, objects []byte) {
	t.Helper()
	c.kubectl(t, objects, "create", "--field-manager=loftsman", "-f", "-")
}

func (c *real) token(t *testing.T, account string) string {
	t.Helper()
	return strings.TrimSpace(c.kubectl(t, nil, "-n", "planewise", "create", "token", account))
}

func (c *real) open(t *testing.T, token string) *Client {
	t.Helper()
	client, err := Open(Config{Files: []string{kubeconfig(t, c.server, c.authority, token)}, Timeout: long})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func (c *real) ask(t *testing.T, token string) (snapshot.Snapshot, []model.Diagnostic) {
	t.Helper()
	r := read.New()
	began := time.Now()
	if err := c.open(t, token).Collect(t.Context(), r, noon, nil); err != nil {
		t.Fatal(err)
	}
	t.Logf("asked in %s", time.Since(began).Round(time.Millisecond))
	s, notes := r.Snapshot()
	c.kept = append(c.kept, s, notes)
	return s, notes
}

// compact makes etcd forget all but the present.
func (c *real) compact(t *testing.T) {
	t.Helper()
	revision := strings.TrimSpace(c.kubectl(t, nil, "create", "namespace", "n"+strings.ToLower(rand.Text()[:8]), "-o", "jsonpath={.metadata.resourceVersion}"))
	answer, err := http.Post(c.etcd+"/v3/kv/compaction", "application/json", strings.NewReader(`{"revision":"`+revision+`","physical":true}`))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("compaction: %s", answer.Status)
	}
}
