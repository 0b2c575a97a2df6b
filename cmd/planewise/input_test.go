//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"planewise/cmd/internal/cli"
)

// entries are the command lines that open a file, which is INPUT in them; PLAN is a
// plan, and DIR a release's folder.
var entries = []string{
	"release import INPUT", "release show INPUT", "release diff INPUT csm-1.5.2", "plan --from INPUT --to csm-1.5.2", "plan --from csm-1.5.0 --to INPUT",
	"mapping check --release INPUT", "mapping show --mapping INPUT", "mapping check --mapping INPUT", "plan --from csm-1.5.0 --to csm-1.5.2 --mapping INPUT",
	"verify PLAN --mapping INPUT", "replan PLAN --mapping INPUT",
	"plan --from csm-1.5.0 --to csm-1.5.2 --system INPUT", "system check INPUT", "system import INPUT --name x", "verify PLAN --system INPUT", "replan PLAN --system INPUT",
	"plan --from csm-1.5.0 --to csm-1.5.2 --policy INPUT", "policy import INPUT", "policy check INPUT", "policy calendar jobs-first INPUT", "verify PLAN --policy INPUT", "replan PLAN --policy INPUT",
	"plan --from csm-1.5.0 --to csm-1.5.2 --customizations INPUT", "verify PLAN --customizations INPUT", "replan PLAN --customizations INPUT",
	"show INPUT", "explain INPUT B1", "export INPUT --format md --out DIR/out", "verify INPUT", "replan INPUT", "plan --resume INPUT --done B1", "compare INPUT PLAN", "compare PLAN INPUT",
	"plan --resume PLAN --done B1 --seen INPUT", "system diff INPUT INPUT", "system diff SNAPSHOT SNAPSHOT --plan INPUT",
	"record import INPUT", "record INPUT B1 --start 2026-01-10T20:00:00Z --end 2026-01-10T21:00:00Z",
	"system import --kube --kubeconfig INPUT", "--store INPUT release list", "--store INPUT store check",
}

// folders are those of which a folder may be the input.
var folders = []string{"release", "plan --from INPUT", "plan --from csm-1.5.0 --to INPUT", "mapping check --release", "system import INPUT", "plan --resume PLAN", "system diff INPUT"}

// bench is a home with a store and what command lines need.
type bench struct {
	dir, store string
}

func newBench(t *testing.T) bench {
	t.Helper()
	b := bench{dir: t.TempDir()}
	b.store = filepath.Join(b.dir, "store.db")
	for name, text := range map[string]string{
		"snapshot.json": `{"apiVersion":"v1","items":[{"kind":"Node","metadata":{"name":"ncn-m001","labels":{"node-role.kubernetes.io/control-plane":""}}}],"kind":"List"}`,
	} {
		if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, stderr := b.run(t, "plan --from csm-1.5.0 --to csm-1.5.2 -o json --out PLAN -q", ""); code != 0 {
		t.Fatal(stderr)
	}
	return b
}

func (b bench) args(line, input string) []string {
	args := strings.Fields(line)
	for i := range args {
		args[i] = strings.NewReplacer("INPUT", input, "PLAN", filepath.Join(b.dir, "plan.json"), "SNAPSHOT", filepath.Join(b.dir, "snapshot.json"), "DIR", b.dir).Replace(args[i])
	}
	if !slices.Contains(args, "--store") {
		args = append(args, "--store", b.store)
	}
	return args
}

func (b bench) run(t *testing.T, line, input string) (code int, stdout, stderr string) {
	t.Helper()
	var out, talk bytes.Buffer
	code = cli.Run(context.Background(), b.args(line, input), cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &talk, Getenv: func(string) string { return "" }, Now: time.Now})
	return code, out.String(), talk.String()
}

// No command waits for what may never come, or reads what never ends: each says what
// it was given instead of a file. That it comes back at all is what is tested first.
func TestEveryEntryRefusesWhatIsNoFile(t *testing.T) {
	b := newBench(t)
	bad := map[string]string{"a device": "/dev/zero", "a named pipe": filepath.Join(b.dir, "pipe"), "a socket": filepath.Join(b.dir, "socket"), "a folder": filepath.Join(b.dir, "folder")}
	socket, err := net.Listen("unix", bad["a socket"])
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	if err := syscall.Mkfifo(bad["a named pipe"], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(bad["a folder"], 0o700); err != nil {
		t.Fatal(err)
	}
	for _, line := range entries {
		for what, path := range bad {
			if what == "a folder" && slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(line, f) }) {
				continue
			}
			code, stdout, stderr := b.run(t, line, path)
			if code != 1 || stdout != "" || !strings.Contains(stderr, path+" is "+what) {
				t.Errorf("%s with %s: exit %d, %q, %q", line, what, code, stdout, stderr)
			}
		}
	}
}

// Root may read everything, so that there it is not seen what others see.
func TestEveryEntrySaysWhatItMayNotRead(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	b := newBench(t)
	path := filepath.Join(b.dir, "closed.yaml")
	if err := os.WriteFile(path, []byte("x"), 0); err != nil {
		t.Fatal(err)
	}
	for _, line := range entries {
		if code, stdout, stderr := b.run(t, line, path); code != 1 || stdout != "" || !strings.Contains(stderr, path) {
			t.Errorf("%s: exit %d, %q, %q", line, code, stdout, stderr)
		}
	}
}

// Where the output is JSON, so is that.
func TestInputErrorsAreJSON(t *testing.T) {
	b := newBench(t)
	for _, line := range []string{"show INPUT -o json", "release import INPUT -o json", "record import INPUT -o json", "system diff INPUT INPUT -o json", "plan --from csm-1.5.0 --to csm-1.5.2 --policy INPUT -o json"} {
		code, stdout, _ := b.run(t, line, "/dev/zero")
		var doc struct{ Error struct{ Message string } }
		if err := json.Unmarshal([]byte(stdout), &doc); code != 1 || err != nil || !strings.Contains(doc.Error.Message, "/dev/zero") {
			t.Errorf("%s: exit %d, %q (%v)", line, code, stdout, err)
		}
	}
}

// In a release's folder a pipe in place of a file is an error.
func TestPipesInReleases(t *testing.T) {
	b := newBench(t)
	for i, name := range []string{"manifests/a.yaml", "docker/index.yaml", "release.yaml", "upgrade.sh"} {
		dir := filepath.Join(b.dir, fmt.Sprintf("csm-1.5.%d", i))
		for _, sub := range []string{"manifests", "docker"} {
			if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, stderr := b.run(t, "release show INPUT", dir); code != 1 || !strings.Contains(stderr, name) {
			t.Errorf("%s: exit %d, %q", name, code, stderr)
		}
	}
}
