package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"planewise/cmd/internal/cli"
)

var update = flag.Bool("update", false, "write the program's output into the README")

var block = regexp.MustCompile(`(?s)<!-- output: planewise ([^\n]*) -->\n.*?<!-- end -->`)

// The README shows real output of the real program: each block between markers is
// what the command in its marker prints today.
func TestReadmeShowsRealOutput(t *testing.T) {
	file := filepath.Join(moduleRoot(t), "README.md")
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := filepath.Abs(filepath.Join("testdata", "seen.yaml")) // a site as a snapshot describes it
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	t.Chdir(work)
	blocks := 0
	got := block.ReplaceAllStringFunc(string(readme), func(old string) string {
		blocks++
		command := block.FindStringSubmatch(old)[1]
		if strings.Contains(command, "plan.json") && !strings.Contains(command, "--out") {
			output(t, "plan --from csm-1.5.0 --to csm-1.5.2 -o json -q --force --out plan.json")
		}
		if strings.Contains(command, "seen.json") {
			output(t, "plan --from csm-1.5.0 --to csm-1.5.2 --system "+seen+" -o json -q --force --out seen.json")
		}
		return "<!-- output: planewise " + command + " -->\n```\n$ planewise " + command + "\n" + output(t, command) + "```\n<!-- end -->"
	})
	if blocks < 2 {
		t.Fatalf("the README has %d blocks of output", blocks)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(readme) {
		t.Error("the README shows other output than the program prints: go test ./cmd/planewise -run Readme -update")
	}
}

// output runs a command line; "| head -N" at its end keeps the first lines, and
// the rest is marked as left out.
func output(t *testing.T, command string) string {
	t.Helper()
	line, head, cut := strings.Cut(command, " | head -")
	var stdout, stderr bytes.Buffer
	home := t.TempDir()
	env := cli.Env{
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv: func(key string) string {
			if key == "HOME" {
				return home
			}
			return ""
		},
		Now: time.Now, Width: 100,
	}
	if code := cli.Run(context.Background(), strings.Fields(line), env); code != 0 && code != 3 {
		t.Fatalf("planewise %s: exit %d: %s", line, code, stderr.String())
	}
	lines := strings.SplitAfter(stdout.String(), "\n")
	if !cut {
		return stdout.String()
	}
	n := 0
	for _, digit := range head {
		n = n*10 + int(digit-'0')
	}
	return strings.Join(lines[:min(n, len(lines))], "")
}
