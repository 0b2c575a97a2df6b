//go:build slurm

package slurm

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"planewise/planner/export/internal/sample"
)

// A real slurmctld on loopback takes the commands. Run it as root on a machine
// with Debian's slurm-wlm and munge:
//
//	apt-get install --no-install-recommends slurm-wlm munge
//	go test -tags slurm ./planner/export/slurm
func TestARealSlurmTakesTheReservations(t *testing.T) {
	for _, program := range []string{"munged", "slurmctld", "scontrol"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	conf := start(t)
	p := sample.Plan()
	// Slurm refuses reservations in the past.
	ahead := func(stamp string) string {
		at, err := time.Parse(time.RFC3339, stamp)
		if err != nil {
			t.Fatal(err)
		}
		return at.AddDate(100, 0, 0).Format(time.RFC3339)
	}
	for i := range p.Bundles {
		if w := p.Bundles[i].Window; w != nil && len(p.Bundles[i].Parts) == 0 {
			w.Start, w.End = ahead(w.Start), ahead(w.End)
		}
		for j := range p.Bundles[i].Parts {
			w := p.Bundles[i].Parts[j].Window
			w.Start, w.End = ahead(w.Start), ahead(w.End)
		}
	}
	data, diags, err := Plan(p, Options{Licences: "scratch:100", Nodes: "nid[001-004]"})
	if err != nil || len(diags) != 0 {
		t.Fatal(err, diags)
	}
	env := append(os.Environ(), "SLURM_CONF="+conf)
	sh := exec.Command("sh", "-eu")
	sh.Stdin, sh.Env = strings.NewReader(string(data)), env
	if out, err := sh.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, data)
	}
	show := exec.Command("scontrol", "-o", "show", "reservation")
	show.Env = append(env, "TZ=UTC")
	out, err := show.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	for _, want := range []string{
		"StartTime=2126-01-10T05:00:00 EndTime=2126-01-10T07:00:00", "StartTime=2126-01-17T05:00:00", "Nodes=nid[001-004]", "MAINT",
		"StartTime=2126-01-09T22:50:00 EndTime=2126-01-09T23:10:00", "Licenses=scratch:100", "Nodes=(null) NodeCnt=0",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

// start runs munged and slurmctld in a folder of their own until the test ends,
// and returns the configuration's path.
func start(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "slurm") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, sub := range []string{"run", "state", "log"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	key := make([]byte, 1024)
	_, _ = rand.Read(key)
	conf := filepath.Join(dir, "slurm.conf")
	for name, data := range map[string][]byte{filepath.Join(dir, "key"): key, conf: []byte(fmt.Sprintf(configuration, dir))} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, args ...string) {
		if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	run("munged", "--force", "--key-file="+dir+"/key", "--socket="+dir+"/run/munge.sock", "--pid-file="+dir+"/run/munged.pid", "--log-file="+dir+"/log/munged.log", "--seed-file="+dir+"/run/seed")
	t.Cleanup(func() { stop(dir + "/run/munged.pid") })
	run("slurmctld", "-c", "-f", conf)
	t.Cleanup(func() { stop(dir + "/run/slurmctld.pid") })
	for range 60 {
		ping := exec.Command("scontrol", "ping")
		ping.Env = append(os.Environ(), "SLURM_CONF="+conf)
		if out, err := ping.CombinedOutput(); err == nil && strings.Contains(string(out), "UP") {
			return conf
		}
		time.Sleep(500 * time.Millisecond)
	}
	log, _ := os.ReadFile(dir + "/log/slurmctld.log")
	t.Fatalf("slurmctld does not answer:\n%s", log)
	return ""
}

// stop ends the daemon of a pid file and waits for it.
func stop(pidFile string) {
	text, err := os.ReadFile(pidFile)
	if err != nil {
		return
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		return
	}
	_ = syscall.Kill(pid, syscall.SIGTERM)
	for range 100 {
		if syscall.Kill(pid, 0) != nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

const configuration = `ClusterName=planewise
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=16827
AuthType=auth/munge
AuthInfo=socket=%[1]s/run/munge.sock
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SlurmctldPidFile=%[1]s/run/slurmctld.pid
StateSaveLocation=%[1]s/state
SlurmctldLogFile=%[1]s/log/slurmctld.log
Licenses=scratch:100
NodeName=nid[001-004] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[17101-17104] CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=compute Nodes=nid[001-004] Default=YES MaxTime=INFINITE State=UP
`
