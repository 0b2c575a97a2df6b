// Package ceph asks a Ceph cluster for what a plan needs of it, by running the ceph
// command with a fixed list of arguments that only read.
//
// A command costs more than half a second, most of it to start, so there are few, and
// none that is bound to fail: when the cluster does not answer the first, or two in a
// row are late (monitors that lose their quorum answer some and hang in others), the
// rest are not tried; when it has no orchestrator, its lists are not asked for.
//
// What ceph prints goes to the sink as it is. Its exit code is looked at only where it
// printed no JSON: some answers come with code 16 and are valid. Dumps talk on standard
// error, which is not read then; and an empty list of services is a sentence instead of
// JSON, which the reader knows. Texts of errors are not passed on: they may name keys.
package ceph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/collect"
)

// Runner runs ceph with arguments. Exit is its code where it ran to its end; err says
// that it did not: ErrNotFound, ErrTooMuch, or the error of the context, also where
// the time limit ended it.
type Runner func(ctx context.Context, args []string) (stdout, stderr []byte, exit int, err error)

var (
	// ErrNotFound: there is no such program.
	ErrNotFound = errors.New("the program was not found or cannot be started")
	// ErrTooMuch: it printed more than any answer has.
	ErrTooMuch = errors.New("the answer is larger than 64 MiB")
)

// commands are all that are ever run, in this order, each with "-f json" behind it.
// The first tells whether the cluster answers at all.
var commands = [][]string{
	{"status"},
	{"health", "detail"},
	{"versions"},
	{"osd", "tree"},
	{"osd", "dump"},
	{"osd", "crush", "rule", "dump"},
	{"fs", "status"},
	{"orch", "ls"},
	{"orch", "ps"},
}

// Collect runs the commands and hands the answers to the sink. At is the time of the
// collection. An answer that could not be had is noted there; the error says that
// there is no ceph to run, that the sink takes nothing more, or that ctx has ended.
func Collect(ctx context.Context, run Runner, sink collect.Sink, at time.Time, progress collect.Progress) error {
	orchestrated, late := true, 0
	for i, command := range commands {
		name := "ceph/" + strings.Join(command, "-")
		if command[0] == "orch" && !orchestrated {
			continue
		}
		if late == maxLate {
			sink.Missing(name, model.Diagnostic{Severity: model.Warning, Code: "no-answer", Subject: name, Hint: "ask again when the monitors answer",
				Summary: line(command) + " was not tried, since the commands before it did not answer in time"})
			continue
		}
		progress.Say(name, 0)
		stdout, stderr, exit, err := run(ctx, slices.Concat(command, []string{"-f", "json"}))
		if ctx.Err() != nil {
			return fmt.Errorf("ask ceph: %w", ctx.Err())
		}
		if errors.Is(err, ErrNotFound) {
			return fmt.Errorf("ask ceph: %w", err)
		}
		if command[0] == "orch" && exit != 0 && unorchestrated(stderr) {
			// Rook clusters and old ones have none, which is no fault.
			orchestrated = false
			stdout, exit = []byte("Error ENOENT: No orchestrator configured\n"), 0
		}
		if err == nil && (exit == 0 || isJSON(stdout)) {
			late = 0
			if err := sink.File(name, at, bytes.NewReader(stdout)); err != nil {
				return err
			}
			continue
		}
		note := fault(name, command, stderr, exit, err)
		if i == 0 {
			note.Summary += "; the other commands were not tried"
			sink.Missing(name, note)
			return nil
		}
		if late++; note.Code != "no-answer" {
			late = 0
		}
		sink.Missing(name, note)
	}
	return nil
}

// maxLate commands in a row may be late before the rest are given up.
const maxLate = 2

// line is a command as one types it.
func line(command []string) string { return "ceph " + strings.Join(command, " ") }

func isJSON(out []byte) bool {
	out = bytes.TrimSpace(out)
	return len(out) > 0 && (out[0] == '{' || out[0] == '[')
}

// unorchestrated: what ceph says where the orchestrator is not configured, not
// enabled, or not yet invented.
func unorchestrated(stderr []byte) bool {
	for _, text := range [...]string{"No orchestrator configured", "Module 'orchestrator' is not enabled", "no valid command found"} {
		if bytes.Contains(stderr, []byte(text)) {
			return true
		}
	}
	return false
}

// fault says why an answer is missing.
func fault(name string, command []string, stderr []byte, exit int, err error) model.Diagnostic {
	line := line(command)
	d := model.Diagnostic{Severity: model.Warning, Code: "failed-command", Subject: name, Hint: "see what " + line + " says, then ask again"}
	low := strings.ToLower(string(stderr))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		d.Code, d.Summary = "no-answer", line+" did not answer in time"
		d.Hint = "ask again when the monitors answer, or allow more time with --timeout"
	case errors.Is(err, ErrTooMuch):
		d.Summary = line + ": " + ErrTooMuch.Error()
	case err != nil:
		d.Summary = line + " could not be run to its end"
	case strings.Contains(low, "permission denied"), strings.Contains(low, "access denied"), strings.Contains(low, "eacces"), strings.Contains(low, "eperm"):
		d.Code, d.Summary = "refused", line+" was refused"
		d.Hint = "run it as somebody who may read the cluster (caps: mon 'allow r', mgr 'allow r')"
	case strings.Contains(low, "timed out"):
		d.Code, d.Summary = "no-answer", line+" did not reach the cluster in time"
		d.Hint = "ask again when the monitors answer"
	default:
		d.Summary = fmt.Sprintf("%s failed with code %d and without an answer", line, exit)
	}
	return d
}
