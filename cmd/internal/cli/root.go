// Package cli is planewise's command line: it parses, calls, prints and chooses
// the exit code, and decides nothing about plans.
package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/mattn/go-isatty" // why: the one question "is this a terminal?" on every platform
	"github.com/spf13/cobra"     // why: commands, flags, help and shell completion; widely used and maintained

	"planewise/cmd/internal/app"
	"planewise/model/file"
)

// Env is the world a run sees. Tests replace it.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	// Terminal: both stdin and stdout are one; Width is its width, 0 unknown.
	Terminal bool
	Width    int
	// StderrTerminal: stderr is one, so that progress may be shown there.
	StderrTerminal bool
	// StdoutClosed: nobody gets what is written there.
	StdoutClosed bool

	screen *screen
}

// Process is the world of the running process.
func Process() Env {
	return Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Now: time.Now,
		Terminal: isatty.IsTerminal(os.Stdin.Fd()) && isatty.IsTerminal(os.Stdout.Fd()),
		Width:    terminalWidth(int(os.Stdout.Fd())),

		StderrTerminal: isatty.IsTerminal(os.Stderr.Fd()),
		StdoutClosed:   isClosed(os.Stdout) && !isClosed(os.Stdin), // with both it is a parent's way to say that nobody listens
		screen:         &screen{in: os.Stdin, out: os.Stdout},
	}
}

// run is what all commands of one invocation share.
type run struct {
	env     Env
	files   *file.Reader
	out     *output
	kept    string // what stays done, in words, whatever becomes of the output
	storeAt string
	noColor bool
	quiet   bool
	verbose bool
	format  string // the value of -o of the command that runs
	made    *app.App
}

// app is the same for all of a run, so that it opens the store once.
func (r *run) app() *app.App {
	if r.made == nil {
		r.made = &app.App{StorePath: r.storePath(), Now: r.env.Now, Note: r.note, Files: r.files}
	}
	return r.made
}

// note says something on stderr unless -q is given.
func (r *run) note(format string, args ...any) {
	if !r.quiet {
		fmt.Fprintf(r.env.Stderr, "planewise: "+format+"\n", args...)
	}
}

func (r *run) storePath() string {
	if r.storeAt != "" {
		return r.storeAt
	}
	return app.DefaultStore(r.env.Getenv)
}

// grace is how long a command that was told to end may take to leave things in order:
// longer than the commands that it started may (model/collect/ceph). Reading ends at
// once; what takes longer hangs, or is a long search.
const grace = 3 * time.Second

// Run executes one command line and returns its exit code. It ends soon after ctx is
// done, whatever the command is waiting for.
func Run(ctx context.Context, args []string, env Env) int {
	r := &run{env: env, files: file.NewReader(ctx, env.Stdin), out: &output{w: env.Stdout}}
	ended := make(chan error, 1)
	go func() { ended <- r.execute(ctx, args) }()
	var err error
	format := "" // belongs to the command until that has ended
	select {
	case err = <-ended:
		format = r.format
	case <-ctx.Done():
		select {
		case err = <-ended:
			format = r.format
		case <-time.After(grace):
			err = context.Cause(ctx)
		}
	}
	r.report(err, wantsJSON(format, args))
	return code(err)
}

// execute runs the command. No panic leaves it: a bug is reported as one, with the
// place it happened.
func (r *run) execute(ctx context.Context, args []string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(r.env.Stderr, "%s", debug.Stack())
			err = fmt.Errorf("internal error: %v\nThis is a bug in planewise; nothing was changed on the system. Please report it with the text above", p)
		}
	}()
	root := newRoot(r)
	root.SetArgs(args)
	root.SetIn(r.env.Stdin)
	root.SetOut(r.out)
	root.SetErr(r.env.Stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return r.delivered(cmd, err)
}

// wantsJSON also looks at the raw arguments: a command line too broken to parse
// still gets its error in the form it asked for.
func wantsJSON(format string, args []string) bool {
	if format == "json" {
		return true
	}
	for i, a := range args {
		if a == "-ojson" || a == "-o=json" || a == "--output=json" || (a == "-o" || a == "--output") && i+1 < len(args) && args[i+1] == "json" {
			return true
		}
	}
	return false
}

func newRoot(r *run) *cobra.Command {
	screen := &screenFlags{}
	root := &cobra.Command{
		Use:   "planewise",
		Short: "Plan maintenance of large systems plane by plane",
		Long: `planewise says, before a maintenance window, what every update disturbs, on which
plane (control, access, compute, storage), for how long and why, and splits the
update into bundles that disturb as few planes as possible.

Without a command it opens the planner on a terminal; elsewhere it prints the plan
of the embedded demo. 'planewise help words' explains the words it uses, 'planewise
help codes' its diagnostics; keys and ci are further topics.

` + exitCodes,
		Example: `  planewise
  planewise plan --from csm-1.5.0 --to csm-1.5.2
  planewise plan --from ./csm-1.5.2 --to ./csm-1.6.0.tar.gz -o json --out plan.json
  planewise explain plan.json compute.boot`,
		Args:          noArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if r.env.Terminal || screen.plain {
				return runScreen(cmd.Context(), r, screen)
			}
			return runRoot(cmd.Context(), r)
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%w; see '%s --help'", err, cmd.CommandPath())
	})
	flags := root.PersistentFlags()
	flags.StringVar(&r.storeAt, "store", "", "the store file (default $XDG_DATA_HOME/planewise/planewise.db)")
	flags.BoolVar(&r.noColor, "no-color", false, "no colour (also with NO_COLOR set)")
	flags.BoolVarP(&r.quiet, "quiet", "q", false, "say nothing on stderr but errors")
	flags.BoolVarP(&r.verbose, "verbose", "v", false, "say more")
	screen.add(root)
	root.AddCommand(newPlan(r), newShow(r), newExplain(r), newExport(r), newCompare(r), newVerify(r), newReplan(r), newRelease(r), newMapping(r), newSystem(r), newPolicy(r), newRecord(r), newHistory(r), newStore(r))
	root.SetHelpCommand(newHelp(r))
	helped(root)
	return root
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no argument %q; see '%s --help'", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
	return nil
}

// exactly makes a check for n positional arguments, named for the message.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != len(names) {
			return usage("%s takes %s, got %d arguments; see '%s --help'", cmd.CommandPath(), strings.Join(names, " and "), len(args), cmd.CommandPath())
		}
		return nil
	}
}

// outputFlag adds -o with the formats a command can print.
func (r *run) outputFlag(cmd *cobra.Command, formats ...string) {
	cmd.Flags().StringVarP(&r.format, "output", "o", formats[0], "output: "+strings.Join(formats, ", "))
	previous := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		for _, f := range formats {
			if r.format == f {
				if previous != nil {
					return previous(cmd, args)
				}
				return nil
			}
		}
		return usage("-o %s is not possible here: use one of %s", r.format, strings.Join(formats, ", "))
	}
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
}
