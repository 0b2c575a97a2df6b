package ceph

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"planewise/model"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

var noon = time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)

// said is what ceph answers to a command.
type said struct {
	stdout, stderr string
	exit           int
	err            error
}

// healthy are small answers of the shapes that a real cluster gives.
func healthy() map[string]said {
	return map[string]said{
		"status": {stdout: `{"health":{"status":"HEALTH_OK","checks":{}},"quorum_names":["a","b","c"],"monmap":{"num_mons":3},"osdmap":{"num_osds":4,"num_up_osds":4,"num_in_osds":4},
			"mgrmap":{"available":true,"num_standbys":1},"fsmap":{"in":1,"up":1,"up:standby":2},"servicemap":{"services":{"rgw":{"daemons":{"summary":"","1":{},"2":{}}}}}}`},
		"health detail":       {stdout: "\n" + `{"status":"HEALTH_OK","checks":{},"mutes":[]}`},
		"versions":            {stdout: `{"mon":{"ceph version 17.2.6 (h) quincy (stable)":3},"osd":{"ceph version 17.2.6 (h) quincy (stable)":4},"overall":{"ceph version 17.2.6 (h) quincy (stable)":7}}`},
		"osd tree":            {stdout: `{"nodes":[{"id":-1,"name":"default","type":"root","children":[-2,-3]},{"id":-2,"name":"s1","type":"host","children":[0,1]},{"id":-3,"name":"s2","type":"host","children":[2,3]}],"stray":[]}`},
		"osd dump":            {stdout: `{"epoch":9,"pools":[{"pool_name":"kube","size":3,"min_size":2,"crush_rule":0,"application_metadata":{"rbd":{}}}],"osds":[],"flags_set":["noout"]}`, stderr: "dumped osdmap epoch 9\n"},
		"osd crush rule dump": {stdout: `[{"rule_id":0,"steps":[{"op":"take"},{"op":"chooseleaf_firstn","type":"host"}]}]`},
		"fs status":           {stdout: `{"clients":[],"mdsmap":[{"rank":0,"state":"active"},{"state":"standby"},{"state":"standby"}],"pools":[]}`},
		"orch ls":             {stdout: `[{"service_type":"ingress","service_name":"ingress.rgw","status":{"size":2,"running":2}}]`},
		"orch ps":             {stdout: `[{"daemon_type":"osd","daemon_id":"0","hostname":"s1"}]`},
	}
}

// recorded is a Runner that answers from a table, and the commands it was given.
func recorded(answers map[string]said) (Runner, *[]string) {
	var asked []string
	return func(_ context.Context, args []string) ([]byte, []byte, int, error) {
		line := strings.Join(args, " ")
		asked = append(asked, line)
		a := answers[strings.TrimSuffix(line, " -f json")]
		return []byte(a.stdout), []byte(a.stderr), a.exit, a.err
	}, &asked
}

func take(t *testing.T, run Runner) (snapshot.Snapshot, []model.Diagnostic) {
	t.Helper()
	r := read.New(csm.Answers())
	if err := Collect(t.Context(), run, r, noon, nil); err != nil {
		t.Fatal(err)
	}
	return r.Snapshot()
}

func about(notes []model.Diagnostic, subject string) string {
	var out []string
	for _, n := range notes {
		if n.Subject == subject {
			out = append(out, string(n.Code))
		}
	}
	return strings.Join(out, " ")
}

// These and no others are ever run: they read.
func TestOnlyTheseCommandsAreRun(t *testing.T) {
	run, asked := recorded(healthy())
	s, notes := take(t, run)
	want := []string{
		"status -f json", "health detail -f json", "versions -f json", "osd tree -f json", "osd dump -f json",
		"osd crush rule dump -f json", "fs status -f json", "orch ls -f json", "orch ps -f json",
	}
	if !slices.Equal(*asked, want) {
		t.Errorf("ran %q, want %q", *asked, want)
	}
	c := s.Ceph
	if c == nil || s.Partial || c.Health != "HEALTH_OK" || c.OSDs != 4 || !slices.Equal(c.Hosts, []string{"s1", "s2"}) || !slices.Equal(c.Flags, []string{"noout"}) {
		t.Fatalf("%+v %v", c, notes)
	}
	l := c.Layout
	if l.Mons != 3 || l.Mgrs != 2 || l.MDSActive != 1 || l.MDSStandby != 2 || l.RGW != 2 || !l.RGWProxy || len(l.Pools) != 1 || l.Pools[0].FailureDomain != "host" {
		t.Errorf("%+v", l)
	}
	if s.TakenAt != "2026-01-10T12:00:00Z" || len(c.Versions) != 2 {
		t.Errorf("%s %+v", s.TakenAt, c.Versions)
	}
}

func TestAnswersThatAreNoFault(t *testing.T) {
	none := said{stderr: "Error ENOENT: No orchestrator configured (try `ceph orch set backend`)\n", exit: 2}
	cases := []struct {
		name, command string
		said          said
		code          string // of the diagnostic about the command
		runs          int
	}{
		{"code 16 with an answer", "fs status", said{stdout: healthy()["fs status"].stdout, exit: 16}, "", 9},
		{"no services", "orch ls", said{stdout: "No services reported\n"}, "", 9},
		{"no orchestrator", "orch ls", none, "no-orchestrator", 8},
		{"orchestrator not enabled", "orch ls", said{stderr: "Error ENOTSUP: Module 'orchestrator' is not enabled (required by command 'orch ls')", exit: 95}, "no-orchestrator", 8},
		{"before there was one", "orch ls", said{stderr: "no valid command found; 10 closest matches:", exit: 22}, "no-orchestrator", 8},
		{"no daemons", "orch ps", said{stdout: "[]"}, "", 9},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			answers := healthy()
			answers[c.command] = c.said
			run, asked := recorded(answers)
			s, notes := take(t, run)
			if got := about(notes, "ceph/"+strings.ReplaceAll(c.command, " ", "-")); got != c.code || s.Partial || len(*asked) != c.runs {
				t.Errorf("codes %q, want %q; partial %v; %d commands, want %d: %v", got, c.code, s.Partial, len(*asked), c.runs, notes)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	cases := []struct {
		name, command string
		said          said
		code          string
		runs          int
	}{
		{"late", "osd dump", said{err: context.DeadlineExceeded}, "no-answer", 9},
		{"too much", "osd dump", said{err: ErrTooMuch}, "failed-command", 9},
		{"fails", "osd tree", said{stderr: "planted-1", exit: 22}, "failed-command", 9},
		{"killed", "osd tree", said{err: errors.New("signal: planted-1")}, "failed-command", 9},
		{"without rights", "orch ps", said{stderr: "Error EACCES: access denied: planted-1", exit: 13}, "refused", 9},
		{"orchestrator broken", "orch ls", said{stderr: "Error EINVAL: Traceback planted-1", exit: 22}, "failed-command", 9},
		{"empty", "versions", said{}, "empty-answer", 9},
		{"no cluster", "status", said{stderr: "[errno 110] RADOS timed out (error connecting to the cluster)", exit: 1}, "no-answer", 1},
		{"no keyring", "status", said{stderr: "[errno 13] RADOS permission denied (error connecting to the cluster)", exit: 1}, "refused", 1},
		{"no monitors", "status", said{err: context.DeadlineExceeded}, "no-answer", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			answers := healthy()
			answers[c.command] = c.said
			run, asked := recorded(answers)
			s, notes := take(t, run)
			if got := about(notes, "ceph/"+strings.ReplaceAll(c.command, " ", "-")); got != c.code || !s.Partial || len(*asked) != c.runs {
				t.Errorf("codes %q, want %q; partial %v; %d commands, want %d: %v", got, c.code, s.Partial, len(*asked), c.runs, notes)
			}
			for _, n := range notes {
				if strings.Contains(n.Summary+n.Hint, "planted") {
					t.Errorf("ceph's text is passed on: %v", n)
				}
			}
		})
	}
}

// Monitors that lose their quorum answer the first commands, and hang in all others.
func TestLateAnswersInARow(t *testing.T) {
	answers := healthy()
	for _, command := range []string{"versions", "osd dump", "osd crush rule dump"} {
		answers[command] = said{err: context.DeadlineExceeded}
	}
	run, asked := recorded(answers)
	s, notes := take(t, run)
	if len(*asked) != 6 {
		t.Errorf("ran %q", *asked)
	}
	for _, name := range []string{"versions", "osd-dump", "osd-crush-rule-dump", "fs-status", "orch-ls", "orch-ps"} {
		if got := about(notes, "ceph/"+name); got != "no-answer" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if !s.Partial || s.Ceph == nil || len(s.Ceph.Hosts) != 2 {
		t.Errorf("%+v", s.Ceph)
	}
}

func TestWhatEndsTheCollection(t *testing.T) {
	run, _ := recorded(map[string]said{"status": {err: ErrNotFound}})
	if err := Collect(t.Context(), run, read.New(csm.Answers()), noon, nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	err := Collect(ctx, func(context.Context, []string) ([]byte, []byte, int, error) {
		runs++
		cancel()
		return nil, nil, -1, context.Canceled
	}, read.New(csm.Answers()), noon, nil)
	if !errors.Is(err, context.Canceled) || runs != 1 {
		t.Errorf("%v after %d commands", err, runs)
	}
}

// The test's own program plays ceph: what it does stands in its first argument.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "play-echo":
			_, _ = os.Stdout.WriteString(strings.Join(os.Args[2:], "|"))
			_, _ = os.Stderr.WriteString("talk")
			os.Exit(16)
		case "play-flood":
			line := []byte(strings.Repeat("x", 1<<20))
			for {
				if _, err := os.Stdout.Write(line); err != nil {
					os.Exit(1)
				}
			}
		case "play-hang":
			select {}
		}
	}
	os.Exit(m.Run())
}

func TestCommand(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, talk, exit, err := Command([]string{self, "play-echo", "--"}, time.Minute)(t.Context(), []string{"osd dump", "$HOME;*"})
	if string(out) != "--|osd dump|$HOME;*" || string(talk) != "talk" || exit != 16 || err != nil {
		t.Errorf("%q %q %d %v", out, talk, exit, err)
	}
	if _, _, _, err := Command([]string{self, "play-flood"}, time.Minute)(t.Context(), nil); !errors.Is(err, ErrTooMuch) {
		t.Errorf("flood: %v", err)
	}
	if _, _, _, err := Command([]string{self, "play-hang"}, 50*time.Millisecond)(t.Context(), nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hang: %v", err)
	}
	if _, _, _, err := Command([]string{"no-such-program-here"}, time.Minute)(t.Context(), nil); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "--ceph-command") {
		t.Errorf("missing: %v", err)
	}
	if _, err := exec.LookPath("no-such-program-here"); err == nil {
		t.Error("it is there")
	}
}
