package slurm

import (
	"regexp"
	"strings"
	"testing"

	"planewise/model/clean"
	"planewise/planner/export/internal/sample"
)

// command is the only form that a line which is no comment may have.
var command = regexp.MustCompile(`^TZ=UTC scontrol create reservation reservationname=planewise-[0-9a-f]{16} starttime=\d{4}-\d\d-\d\dT\d\d:\d\d:00 endtime=\d{4}-\d\d-\d\dT\d\d:\d\d:00 (flags=maint(,ignore_jobs)? nodes=ALL|flags=license_only licenses=scratch:100) users=root$`)

func commands(t *testing.T, data []byte) []string {
	t.Helper()
	var out []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
		case command.MatchString(line):
			out = append(out, line)
		default:
			t.Errorf("a line that is neither comment nor command: %.200q", line)
		}
	}
	return out
}

func TestSample(t *testing.T) {
	cases := []struct {
		name     string
		o        Options
		commands int
		diags    int
	}{
		{"default", Options{}, 2, 1}, // two parts of B4; storage bundle B3 without licences
		{"licences", Options{Licences: "scratch:100"}, 3, 0},
		{"watched", Options{Watched: true}, 3, 0}, // B3 watches compute: its nodes are reserved
		{"ignore jobs", Options{IgnoreJobs: true}, 2, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data, diags, err := Plan(sample.Plan(), c.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := commands(t, data); len(got) != c.commands || len(diags) != c.diags {
				t.Errorf("%d commands, %d diagnostics in\n%s", len(got), len(diags), data)
			}
		})
	}
}

func TestTimes(t *testing.T) {
	p := sample.Plan()
	p.Bundles = p.Bundles[2:3]
	p.Bundles[0].Window.Start, p.Bundles[0].Window.End = "2026-01-09T23:50:31+01:00", "2026-01-10T00:10:01+01:00"
	data, _, err := Plan(p, Options{Licences: "scratch:100"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "starttime=2026-01-09T22:50:00 endtime=2026-01-09T23:11:00 "; !strings.Contains(string(data), want) {
		t.Errorf("no %q in\n%s", want, data)
	}
}

func TestOptionsAreRefusedNotQuoted(t *testing.T) {
	for _, s := range []string{"$(reboot)", "a b", "a;b", "`id`", "nid[1-2", "nid[1-2]\nreboot", "'x'", "a|b", "-n", "nid[$x]", "ü"} {
		for _, o := range []Options{{Nodes: s}, {Users: s}, {Licences: s}} {
			if data, _, err := Plan(sample.Plan(), o); err == nil {
				t.Errorf("%+v was taken:\n%s", o, data)
			}
		}
	}
	for _, o := range []Options{{Nodes: "nid[001-512],x1000c0s[0-7]b0"}, {Users: "root,ops"}, {Licences: "scratch:100,home@server:2"}} {
		if _, _, err := Plan(sample.Plan(), o); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestHostileNames(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			p := sample.Hostile(attack)
			// The planes' own names are part of the attack.
			data, _, err := Plan(p, Options{Compute: p.Planes[2].ID, Storage: p.Planes[3].ID, Licences: "scratch:100"})
			if err != nil {
				t.Fatal(err)
			}
			if got := commands(t, data); len(got) != 3 {
				t.Errorf("%d commands", len(got))
			}
			if !strings.Contains(string(data), clean.Text(attack)) {
				t.Error("the name was lost")
			}
		})
	}
}
