package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"planewise/cmd/internal/cli"
)

var update = flag.Bool("update", false, "write the program's output into the README")

var block = regexp.MustCompile("(?s)<!-- output -->\n```\n(.*?)```\n")

// The README shows a session with the real program: the commands of its marked blocks,
// one after another in one folder, print what stands below them. What they use is made
// by those before.
func TestReadmeShowsRealOutput(t *testing.T) {
	file := filepath.Join(moduleRoot(t), "README.md")
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(readme), "\n"); n > 200 {
		t.Errorf("the README has %d lines; what is more than 200 belongs into a help topic or a package comment", n)
	}
	t.Chdir(t.TempDir())
	home, blocks := t.TempDir(), 0
	got := block.ReplaceAllStringFunc(string(readme), func(old string) string {
		blocks++
		var b strings.Builder
		b.WriteString("<!-- output -->\n```\n")
		for line := range strings.Lines(block.FindStringSubmatch(old)[1]) {
			if command, ok := strings.CutPrefix(line, "$ planewise "); ok {
				b.WriteString(line + output(t, home, strings.TrimSpace(command)))
			}
		}
		return b.String() + "```\n"
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

// output is what a command line prints into a pipe; "| head -N" at its end keeps the
// first lines.
func output(t *testing.T, home, command string) string {
	t.Helper()
	line, head, cut := strings.Cut(command, " | head -")
	var stdout, stderr bytes.Buffer
	env := cli.Env{
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv: func(key string) string {
			if key == "HOME" {
				return home
			}
			return ""
		},
		Now: time.Now,
	}
	if code := cli.Run(context.Background(), strings.Fields(line), env); code != 0 {
		t.Fatalf("planewise %s: exit %d: %s", line, code, stderr.String())
	}
	if !cut {
		return stdout.String()
	}
	n, err := strconv.Atoi(head)
	if err != nil {
		t.Fatalf("planewise %s: %v", command, err)
	}
	lines := strings.SplitAfter(stdout.String(), "\n")
	return strings.Join(lines[:min(n, len(lines))], "")
}
