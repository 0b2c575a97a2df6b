//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// command is the program itself, run by the test's binary.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	return &exec.Cmd{Path: self, Args: append([]string{"planewise"}, args...), Dir: home,
		Env: []string{"HOME=" + home, "XDG_DATA_HOME=" + home, "PATH=" + os.Getenv("PATH"), "TERM=xterm"}}
}

// heeded are the signals that a program started from here heeds: under nohup, or behind
// in a shell, it has to ignore some.
func heeded(all ...syscall.Signal) []syscall.Signal {
	return slices.DeleteFunc(all, func(s syscall.Signal) bool {
		return (s == syscall.SIGHUP || s == syscall.SIGQUIT) && signal.Ignored(s)
	})
}

// feed writes blanks into a pipe until the other end has taken more than a pipe holds:
// then it is at work. The pipe stays open.
func feed(t *testing.T, in io.Writer) {
	t.Helper()
	if _, err := in.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
		t.Fatal(err)
	}
}

// The first signal ends a command that waits for its input, wherever that comes from,
// with one line and the exit code of the signal.
func TestSignalsEndReading(t *testing.T) {
	lines := []string{
		"show -", "show /dev/fd/3", "plan --from csm-1.5.0 --to csm-1.5.2 --system -", "plan --from csm-1.5.0 --to csm-1.5.2 --mapping /dev/fd/3", "policy import -", "policy calendar jobs-first -",
		"release import -", "release show /dev/fd/3", "record import -", "system import - --name x", "system diff - /dev/null", "plan --from csm-1.5.0 --to csm-1.5.2 --customizations /dev/fd/3", "show - -o json",
	}
	signals := heeded(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	for i, line := range lines {
		sig := signals[i%len(signals)]
		t.Run(line, func(t *testing.T) {
			cmd := command(t, strings.Fields(line)...)
			out, in, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			var stdout, stderr bytes.Buffer
			cmd.Stdin, cmd.ExtraFiles, cmd.Stdout, cmd.Stderr = out, []*os.File{out}, &stdout, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			out.Close()
			feed(t, in)
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			said, want := stderr.String(), "planewise: stopped by a signal ("+sig.String()+")\n"
			if strings.HasSuffix(line, "json") {
				var doc struct{ Error struct{ Message string } }
				if err := json.Unmarshal(stdout.Bytes(), &doc); err != nil {
					t.Errorf("%q: %v", stdout.String(), err)
				}
				said, want = doc.Error.Message, "stopped by a signal ("+sig.String()+")"
				stdout.Reset()
			}
			if code := cmd.ProcessState.ExitCode(); code != 128+int(sig) || said != want || stdout.Len() > 0 {
				t.Errorf("exit %d, %q, %q", code, stdout.String(), said)
			}
		})
	}
}

// terminal is a pair of a terminal and what stands for the user before it.
func terminal(t *testing.T) (user, tty *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	t.Cleanup(func() { user.Close() })
	n, err := unix.IoctlGetInt(int(user.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(user.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(int(user.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 30, Col: 100})
	}
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	if tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		t.Skip("no terminals here:", err)
	}
	t.Cleanup(func() { tty.Close() })
	return user, tty
}

// modes of a terminal, which is drawn on in raw ones.
func modes(t *testing.T, tty *os.File) unix.Termios {
	t.Helper()
	m, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return *m
}

// until reads what is drawn until it holds a word, and returns all of it.
func until(t *testing.T, user *os.File, word string) string {
	t.Helper()
	var all []byte
	chunk := make([]byte, 4096)
	for !bytes.Contains(all, []byte(word)) {
		n, err := user.Read(chunk)
		if err != nil {
			t.Fatalf("%v before %q in %q", err, word, all)
		}
		all = append(all, chunk[:n]...)
	}
	return string(all)
}

// Whatever signal ends the planner on the screen, the terminal is as it was before.
func TestTerminalIsGivenBack(t *testing.T) {
	for _, sig := range heeded(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT) {
		t.Run(sig.String(), func(t *testing.T) {
			user, tty := terminal(t)
			before := modes(t, tty)
			cmd := command(t)
			var stderr bytes.Buffer
			cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			until(t, user, "\x1b[?1049h")
			if modes(t, tty) == before {
				t.Error("the terminal is not in raw mode, so that nothing is tested")
			}
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			until(t, user, "\x1b[?1049l")
			go func() { _, _ = io.Copy(io.Discard, user) }()
			_ = cmd.Wait()
			if modes(t, tty) != before {
				t.Error("the terminal stays raw")
			}
			code := cmd.ProcessState.ExitCode()
			if sig == syscall.SIGQUIT {
				if code == 0 || !strings.Contains(stderr.String(), "SIGQUIT") {
					t.Errorf("exit %d, %.200q", code, stderr.String())
				}
			} else if code != 128+int(sig) || strings.Count(stderr.String(), "\n") != 1 {
				t.Errorf("exit %d, %q", code, stderr.String())
			}
		})
	}
}

// A terminal that cannot be drawn on gets lines, and how to get more.
func TestTerminalsThatAreNone(t *testing.T) {
	for _, term := range []string{"TERM=dumb", "TERM=", "NOTERM=", "TERM=vt100", "TERM=vt100-nav", "TERM=unknown"} {
		t.Run(term, func(t *testing.T) {
			user, tty := terminal(t)
			cmd := command(t)
			cmd.Env[len(cmd.Env)-1] = term
			var stderr bytes.Buffer
			cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			drawn := until(t, user, "quit to leave")
			if _, err := user.WriteString("quit\n"); err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, user) }()
			if err := cmd.Wait(); err != nil {
				t.Errorf("%v, %q", err, stderr.String())
			}
			if strings.Contains(drawn, "\x1b") || strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), "--plain") {
				t.Errorf("%q, %.300q", stderr.String(), drawn)
			}
		})
	}
}

// What cannot be said is an error, in one line that says what is kept all the same.
func TestLostOutput(t *testing.T) {
	home := t.TempDir()
	plan := filepath.Join(home, "plan.json")
	if err := command(t, "plan", "--from", "csm-1.5.0", "--to", "csm-1.5.2", "-o", "json", "--out", plan, "-q").Run(); err != nil {
		t.Fatal(err)
	}
	const record = "record PLAN B1 --start 2026-01-10T20:00:00Z --end 2026-01-10T21:00:00Z"
	for _, line := range []string{"show PLAN", "show PLAN -o json", "explain PLAN B1", "release list", "release list -o json", "policy show jobs-first", "mapping show", "verify PLAN", "store info", "history",
		"--help", "compare --from csm-1.5.0 --to csm-1.5.1 --to csm-1.5.2", "system show demo", "release diff csm-1.5.0 csm-1.5.2", "", record, record + " -o json", "policy set jobs-first percentile=50 --as bold", "show PLAN --out -", "export PLAN --format md --out " + home} {
		t.Run(line, func(t *testing.T) {
			cmd := command(t, strings.Fields(strings.ReplaceAll(line, "PLAN", plan))...)
			cmd.Env[1] = "XDG_DATA_HOME=" + home // one store for all
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if err != nil {
				t.Skip(err)
			}
			defer full.Close()
			var stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = full, &stderr
			_ = cmd.Run()
			said := stderr.String()
			if cmd.ProcessState.ExitCode() != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, "standard output: no space left on device") {
				t.Errorf("exit %d, %q", cmd.ProcessState.ExitCode(), said)
			}
			if kept := strings.HasPrefix(line, "record") || strings.HasPrefix(line, "policy set") || strings.HasPrefix(line, "export"); kept != strings.Contains(said, "all the same") {
				t.Errorf("%q", said)
			}
		})
	}
}

// A reader that has had enough is no error that anybody has to read of.
func TestClosedPipe(t *testing.T) {
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out.Close()
	cmd := command(t, "release", "list")
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = in, &stderr
	_ = cmd.Run()
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if stderr.Len() > 0 || !(status.Signal() == syscall.SIGPIPE || cmd.ProcessState.ExitCode() == 141) {
		t.Errorf("%v, %q", cmd.ProcessState, stderr.String())
	}
}

// With standard output closed what was to be printed is lost, which is said; the
// answer of an exit code is not.
func TestClosedOutput(t *testing.T) {
	for line, want := range map[string]int{"planewise release list >&-": 1, "planewise >&-": 1, "planewise release list >/dev/null": 0, "planewise mapping check --release csm-1.5.2 >&- || test $? -eq 3": 0, "planewise release rm csm-1.5.1 >&-": 0} {
		cmd := command(t)
		cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", line}
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		cmd.Stdin = strings.NewReader("")
		if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
			t.Skip(err)
		}
		if code := cmd.ProcessState.ExitCode(); code != want || want == 1 && !strings.Contains(stderr.String(), "standard output") {
			t.Errorf("%s: exit %d, %q", line, code, stderr.String())
		}
	}
}
