//go:build realceph

package ceph

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"planewise/model"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

// A real Ceph on loopback is asked. Run it as root on a machine with Debian's packages:
//
//	apt-get install --no-install-recommends ceph-mon ceph-mgr ceph-osd ceph-mds radosgw ceph-common
//	go test -tags realceph -run Real -v ./model/collect/ceph
func TestARealCephIsAsked(t *testing.T) {
	for _, program := range []string{"ceph", "ceph-mon", "ceph-mgr", "ceph-osd", "ceph-mds", "radosgw", "ceph-authtool", "monmaptool"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	dir := startReal(t)
	conf := []string{"ceph", "--conf", filepath.Join(dir, "ceph.conf")}
	settle(t, conf)

	t.Run("as somebody who may read", func(t *testing.T) {
		s, notes := ask(t, append(conf, "--name", "client.reader", "--keyring", filepath.Join(dir, "reader.keyring")), 30*time.Second)
		c := s.Ceph
		if c == nil || s.Partial {
			t.Fatalf("%+v", s)
		}
		l := c.Layout
		if l.Mons != 3 || l.Mgrs != 2 || l.OSDHosts != 4 || l.MDSActive != 1 || l.MDSStandby != 2 || l.RGW != 2 || c.OSDs != 4 || c.Up != 4 || len(c.Quorum) != 3 {
			t.Errorf("%+v %+v", c, l)
		}
		serves := map[string]int{}
		for _, p := range l.Pools {
			serves[p.Serves]++
			if p.Size != 3 || p.MinSize != 2 || p.FailureDomain != "host" {
				t.Errorf("%+v", p)
			}
		}
		if serves["block"] != 1 || serves["file"] != 2 || serves["object"] == 0 {
			t.Errorf("%v", serves)
		}
		if got := about(notes, "ceph/orch-ls"); got != "no-orchestrator" {
			t.Errorf("the orchestrator: %q", got)
		}
	})

	t.Run("with a flag set and a host down", func(t *testing.T) {
		run(t, conf, "osd", "set", "noout")
		end(t, filepath.Join(dir, "run", "osd.0.pid"))
		run(t, conf, "osd", "down", "0")
		s, notes := ask(t, conf, 30*time.Second)
		if s.Partial || s.Ceph.Up != 3 || strings.Join(s.Ceph.Flags, " ") != "noout" || about(notes, "ceph") == "" {
			t.Errorf("%+v", s.Ceph)
		}
	})

	t.Run("as somebody who may nothing", func(t *testing.T) {
		s, notes := ask(t, append(conf, "--name", "client.nobody", "--keyring", filepath.Join(dir, "nobody.keyring")), 30*time.Second)
		if got := about(notes, "ceph/status"); got != "refused" || !s.Partial || s.Ceph != nil {
			t.Errorf("%q %+v", got, s)
		}
	})

	t.Run("with the orchestrator of tests", func(t *testing.T) {
		run(t, conf, "mgr", "module", "enable", "test_orchestrator", "--force")
		for n := 0; ; n++ {
			if _, err := try(conf, "orch", "set", "backend", "test_orchestrator"); err == nil {
				break
			}
			if n == 60 {
				t.Skip("the module of tests does not start")
			}
			time.Sleep(time.Second)
		}
		s, notes := ask(t, conf, 30*time.Second)
		if s.Partial || about(notes, "ceph/orch-ls") != "" || !s.Has(snapshot.KindCephOrch) {
			t.Errorf("%v", notes)
		}
	})

	t.Run("without a quorum", func(t *testing.T) {
		end(t, filepath.Join(dir, "run", "mon.b.pid"))
		end(t, filepath.Join(dir, "run", "mon.c.pid"))
		for range 60 { // the last monitor believes in its quorum for a while
			if _, err := try(conf, "--connect-timeout", "2", "status"); err != nil {
				break
			}
			time.Sleep(time.Second)
		}
		s, notes := ask(t, conf, 3*time.Second)
		if got := about(notes, "ceph/status"); got != "no-answer" || !s.Partial || s.Ceph != nil {
			t.Errorf("%q %+v", got, s)
		}
	})
}

func ask(t *testing.T, words []string, limit time.Duration) (snapshot.Snapshot, []model.Diagnostic) {
	t.Helper()
	r := read.New(csm.Answers())
	began := time.Now()
	if err := Collect(t.Context(), Command(words, limit), r, noon, nil); err != nil {
		t.Fatal(err)
	}
	t.Logf("asked in %s", time.Since(began).Round(10*time.Millisecond))
	s, notes := r.Snapshot()
	for _, src := range s.Sources {
		t.Logf("%-26s %v partial=%v", src.Name, src.Kinds, src.Partial)
	}
	for _, n := range notes {
		t.Logf("%s [%s] %s: %s", n.Severity, n.Code, n.Subject, n.Summary)
	}
	return s, notes
}

// startReal starts a cluster in a folder of its own until the test ends.
func startReal(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ceph") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	t.Cleanup(func() {
		files, _ := filepath.Glob(filepath.Join(dir, "run", "*.pid"))
		for _, f := range files {
			end(t, f)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	up := exec.CommandContext(ctx, "bash", filepath.Join("testdata", "cluster.sh"))
	up.Env = append(os.Environ(), "D="+dir)
	// Daemons inherit what they are given, and must not keep a pipe open.
	log, err := os.Create(filepath.Join(dir, "up.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	up.Stdout, up.Stderr = log, log
	began := time.Now()
	if err := up.Run(); err != nil {
		text, _ := os.ReadFile(log.Name())
		t.Fatalf("%v\n%s", err, text)
	}
	t.Logf("the cluster was started in %s", time.Since(began).Round(time.Second))
	return dir
}

// settle waits until all that was started has joined.
func settle(t *testing.T, conf []string) {
	t.Helper()
	for range 90 {
		out, err := try(conf, "status", "-f", "json")
		var s struct {
			Osdmap struct {
				Up int `json:"num_up_osds"`
			} `json:"osdmap"`
			Mgrmap struct {
				Standbys int `json:"num_standbys"`
			} `json:"mgrmap"`
			Fsmap struct {
				ByRank  []struct{ Status string } `json:"by_rank"`
				Standby int                       `json:"up:standby"`
			} `json:"fsmap"`
			Servicemap struct {
				Services map[string]struct {
					Daemons map[string]json.RawMessage `json:"daemons"`
				} `json:"services"`
			} `json:"servicemap"`
		}
		if err == nil && json.Unmarshal([]byte(out), &s) == nil && s.Osdmap.Up == 4 && s.Mgrmap.Standbys == 1 && s.Fsmap.Standby == 2 &&
			len(s.Fsmap.ByRank) == 1 && s.Fsmap.ByRank[0].Status == "up:active" && len(s.Servicemap.Services["rgw"].Daemons) == 3 {
			return
		}
		time.Sleep(time.Second)
	}
	out, _ := try(conf, "status")
	t.Fatalf("the cluster does not settle:\n%s", out)
}

func try(conf []string, args ...string) (string, error) {
	cmd := exec.Command(conf[0], append(conf[1:len(conf):len(conf)], args...)...)
	out, err := cmd.Output()
	return string(out), err
}

func run(t *testing.T, conf []string, args ...string) {
	t.Helper()
	if out, err := try(conf, args...); err != nil {
		t.Fatalf("ceph %v: %v %s", args, err, out)
	}
}

// end ends the daemon of a pid file and waits for it.
func end(t *testing.T, pidFile string) {
	t.Helper()
	text, err := os.ReadFile(pidFile)
	if err != nil {
		return
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		return
	}
	line, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	if !strings.Contains(string(line), "ceph") && !strings.Contains(string(line), "rados") {
		return // somebody else has the number by now
	}
	_ = syscall.Kill(pid, syscall.SIGTERM)
	for n := range 100 {
		if syscall.Kill(pid, 0) != nil {
			return
		}
		if n == 60 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
