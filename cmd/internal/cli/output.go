package cli

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
)

// output is standard output. It remembers what went wrong with it, also where who
// writes does not look.
type output struct {
	w     io.Writer
	mu    sync.Mutex // a command that was given up may still write
	wrote bool
	err   error
}

// untouched: nothing was written, and nothing failed.
func (o *output) untouched() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.wrote && o.err == nil
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	o.wrote = o.wrote || n > 0
	o.err = err
	return n, err
}

// delivered is what became of a command that has ended: err, or that what it said did
// not arrive. What it has kept by then stays kept, and the error says so.
func (r *run) delivered(cmd *cobra.Command, err error) error {
	lost := r.out.err
	switch {
	case errors.Is(lost, syscall.EPIPE):
		return coded{code: exitPipe} // who reads has had enough, as in "planewise ... | head"
	case lost == nil && err == nil && r.env.StdoutClosed && r.out.wrote && r.kept == "" && !answersByCode(cmd):
		lost = errors.New("it is closed, so that nobody gets it; open it, or give --out FILE where there is one")
	}
	if lost != nil {
		err = fmt.Errorf("write to standard output: %w", cause(lost))
	}
	if silent := (coded{}); r.kept == "" || err == nil || errors.As(err, &silent) && silent.err == nil {
		return err
	}
	return fmt.Errorf("%w; %s all the same", err, r.kept)
}

// keeps notes, in words, what stays done whatever becomes of the rest.
func (r *run) keeps(what string) {
	if r.kept != "" {
		r.kept += ", "
	}
	r.kept += what
}

// cause is an error of the operating system without the name it repeats.
func cause(err error) error {
	var no syscall.Errno
	if errors.As(err, &no) {
		return no
	}
	return err
}

// answersByCode: the exit code of a command says all that a script asks it for.
func answersByCode(cmd *cobra.Command) bool {
	switch cmd.Name() {
	case "verify", "check", "diff":
		return true
	}
	return false
}
