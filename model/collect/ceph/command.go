package ceph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"

	"planewise/model/clean"
)

const (
	// maxAnswer and maxTalk bound what a command may print on its two streams.
	maxAnswer = 64 << 20
	maxTalk   = 64 << 10
	// grace is for a command to end itself and what it started, after an interrupt.
	grace = 2 * time.Second
)

// Command is a Runner that starts a program: its words are the program and its first
// arguments, as in ["cephadm", "shell", "--", "ceph"]. No shell reads them. Each run
// has a time limit.
func Command(words []string, timeout time.Duration) Runner {
	return func(ctx context.Context, args []string) (stdout, stderr []byte, exit int, err error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		all := slices.Concat(words, args)
		cmd := exec.CommandContext(ctx, all[0], all[1:]...)
		out, talk := &bounded{limit: maxAnswer, full: cancel}, &bounded{limit: maxTalk}
		cmd.Stdout, cmd.Stderr = out, talk
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		cmd.WaitDelay = grace
		if err := cmd.Start(); err != nil {
			return nil, nil, 0, fmt.Errorf("%s: %w; install it, or name another with --ceph-command", clean.Text(all[0]), ErrNotFound)
		}
		err = cmd.Wait()
		stdout, stderr, exit = out.Bytes(), talk.Bytes(), cmd.ProcessState.ExitCode()
		var ended *exec.ExitError
		switch {
		case out.over:
			return nil, stderr, exit, ErrTooMuch
		case ctx.Err() != nil:
			return nil, stderr, exit, ctx.Err()
		case errors.As(err, &ended) && exit >= 0:
			err = nil // the code says it
		}
		return stdout, stderr, exit, err
	}
}

// bounded keeps what is written up to a limit, then says that it is full. What comes
// after that is dropped. The buffer is no embedded field: io.Copy would find its
// ReadFrom and go past the limit.
type bounded struct {
	buffer bytes.Buffer
	limit  int
	over   bool
	full   func()
}

func (b *bounded) Bytes() []byte { return b.buffer.Bytes() }

func (b *bounded) Write(p []byte) (int, error) {
	room := b.limit - b.buffer.Len()
	if len(p) <= room {
		return b.buffer.Write(p)
	}
	if !b.over && b.full != nil {
		b.full()
	}
	b.over = true
	b.buffer.Write(p[:max(0, room)])
	return len(p), nil
}
