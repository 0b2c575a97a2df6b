package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"planewise/cmd/internal/app"
	"planewise/model/clean"
)

// Exit codes, as the README, "planewise help ci" and every --help list them.
const (
	exitOK       = 0
	exitError    = 1
	exitUsage    = 2
	exitBlocking = 3
	exitBusy     = 4
	exitStale    = 5
	exitPipe     = 141 // what a shell makes of SIGPIPE
)

const exitCodes = `Exit codes: 0 ok, 1 error, 2 usage, 3 the plan has blocking diagnostics, 4 the store is busy, 5 stale,
128+N ended by signal N (130 Ctrl-C, 143 SIGTERM).`

// coded is an error, or a silent end, with an exit code of its own.
type coded struct {
	code int
	err  error // nil: everything has been said
}

func (c coded) Error() string {
	if c.err == nil {
		return fmt.Sprintf("exit %d", c.code)
	}
	return c.err.Error()
}

func (c coded) Unwrap() error { return c.err }

func usage(format string, args ...any) error {
	return coded{exitUsage, fmt.Errorf(format, args...)}
}

// code maps an error to its exit code.
func code(err error) int {
	var c coded
	var s stopped
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &s):
		return s.code()
	case errors.As(err, &c):
		return c.code
	case errors.Is(err, app.ErrBusy):
		return exitBusy
	}
	return exitError
}

// report writes an error to stderr for people, or, where the output is JSON, to
// stdout as a document, so that a program reading it always gets JSON. Where stdout has
// something already, or takes nothing, it is stderr all the same.
func (r *run) report(err error, asJSON bool) {
	var c coded
	if err == nil || errors.As(err, &c) && c.err == nil {
		return
	}
	// A message may hold names from input; every line is cleaned by itself, so
	// that lists of problems stay lists.
	lines := strings.Split(err.Error(), "\n")
	for i, l := range lines {
		lines[i] = clean.Text(l)
	}
	message := strings.Join(lines, "\n")
	if asJSON && r.out.untouched() {
		doc, _ := json.MarshalIndent(map[string]any{"error": map[string]any{"message": message, "exit": code(err)}}, "", "  ")
		if _, err := fmt.Fprintf(r.out, "%s\n", doc); err == nil {
			return
		}
	}
	fmt.Fprintf(r.env.Stderr, "planewise: %s\n", message)
}
