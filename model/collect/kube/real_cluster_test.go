//go:build realkube

package kube

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
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

	"planewise/model"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

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
	client, err := Open(Config{Files: []string{kubeconfig(t, c.server, c.authority, token)}, Timeout: long, ConfigMaps: csm.Answers().ConfigMaps})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func (c *real) ask(t *testing.T, token string) (snapshot.Snapshot, []model.Diagnostic) {
	t.Helper()
	r := read.New(csm.Answers())
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
