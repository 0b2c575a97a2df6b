package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model"
	"planewise/model/clean"
	"planewise/model/document"
	"planewise/model/file"
	"planewise/planner/export"
)

type planFlags struct {
	request app.Request
	at      string
	out     string
	save    string
	force   bool
	resume  string
	done    []string
	seen    string
}

func newPlan(r *run) *cobra.Command {
	f := &planFlags{}
	cmd := &cobra.Command{
		Use:   "plan --from REL --to REL",
		Short: "Plan the update from one release to another",
		Long: `plan compares two releases, or sets of releases joined with "+", and prints what
the update disturbs on each plane, in which bundles.

REL is a name in the catalogue (csm-1.5.2, or 1.5.2 where that is unique), a
directory laid out as a CSM release tree, such a tree as .tar.gz, a neutral
release.yaml, or a set (csm-1.5.2+uan-2.7.0). --from system:NAME is what really runs on
a system whose exports were imported: the platform, and what runs of the target's other
products (system:NAME/PRODUCT by name). The plan is then for that system, and lists how
what runs differs from the release it claims to run.

With --resume it goes on with a plan whose maintenance was interrupted: --done names
what was done, bundles (B1), actions (ship:services/cray-bos) or some units of one
(roll:worker:4/6). The plan says where the system stands, whether it may stay there,
what is disturbed now, the way forward and the way back. It is made from what the
interrupted plan carries; --system takes a fresh description, --at the time of now, and
--seen a snapshot (see 'planewise system diff') that what is done is compared with.

` + editHelp() + `
What the site itself sets in the charts (replicas, images) is taken from its
customizations.yaml: the one given here, else the one imported for the system
(planewise system import). Without, the plan says that it was not considered.

` + exitCodes,
		Example: `  planewise plan --from csm-1.5.0 --to csm-1.5.2
  planewise plan --from system:site+system:site/uan --to csm-1.6.0-rc.3+uan-2.7.0
  planewise plan --from csm-1.5.2+uan-2.6.0 --to csm-1.6.0-rc.3+uan-2.7.0 --system large
  planewise plan --from 1.5.2 --to 1.6.0-rc.3 --customizations customizations.yaml
  planewise plan --from ./v1.5.2 --to ./v1.6.0 -o json --out plan.json
  planewise plan --from 1.5.0 --to 1.5.2 --edit 'leave plane compute' --edit 'relax *'
  planewise plan --resume plan.json --done B1 --done roll:worker:4/6`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.resume != "" {
				return runResume(cmd, r, f)
			}
			if system := app.SystemOf(f.request.From); system != "" && !cmd.Flags().Changed("system") {
				f.request.System = system
			}
			return runPlan(cmd.Context(), r, f)
		},
	}
	f.add(cmd)
	r.outputFlag(cmd, planFormats()...)
	cmd.Flags().StringVar(&f.out, "out", "", "write to this file instead of standard output")
	cmd.Flags().BoolVar(&f.force, "force", false, "let --out replace an existing file")
	cmd.Flags().StringVar(&f.save, "save", "", "keep the plan in the store under this name, as its next revision")
	cmd.Flags().StringVar(&f.resume, "resume", "", "go on with this plan, of which --done is done")
	cmd.Flags().StringArrayVar(&f.done, "done", nil, "a bundle, an action, or units of one (roll:worker:4/6) that are done (repeatable)")
	editFlag(cmd, &f.request.Edits)
	cmd.Flags().StringVar(&f.seen, "seen", "", "a snapshot, as exports or by name: what in it contradicts --done is said")
	return cmd
}

// add declares the flags that say what to plan.
func (f *planFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.request.From, "from", "", "the release the system runs now")
	flags.StringVar(&f.request.To, "to", "", "the release it shall run")
	flags.StringVar(&f.request.Customizations, "customizations", "", "the site's customizations.yaml, or none (default: what the store has of the system)")
	flags.StringVar(&f.request.System, "system", "demo", "the system: a name in the store or a file (default with --from system:NAME: that one)")
	flags.StringVar(&f.request.Policy, "policy", "jobs-first", "the policy: a name in the store or a file")
	flags.StringArrayVar(&f.request.Mappings, "mapping", nil, "a mapping file that overrides the default (repeatable)")
	flags.StringVar(&f.request.Path, "path", "", "the procedure's variant where there are several: manual or iuf")
	flags.StringArrayVar(&f.request.Exclude, "exclude", nil, "leave out a change or an action, by id (repeatable)")
	flags.StringVar(&f.at, "at", "", "the time of planning (RFC 3339); windows are looked for from here")
}

func (f *planFlags) complete() error {
	if len(f.done) > 0 || f.seen != "" {
		return usage("--done and --seen need --resume: name the plan of which something was done")
	}
	if f.request.From == "" || f.request.To == "" {
		return usage("plan needs --from and --to: name the release that runs and the one that shall run")
	}
	return f.parseAt()
}

func (f *planFlags) parseAt() error {
	if f.at == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, f.at)
	if err != nil {
		return usage("--at %q is no time: write it as 2026-01-31T20:00:00Z", f.at)
	}
	f.request.At = at
	return nil
}

// runResume plans what is left of an interrupted maintenance.
func runResume(cmd *cobra.Command, r *run, f *planFlags) error {
	for _, name := range []string{"from", "to", "path"} {
		if cmd.Flags().Changed(name) {
			return usage("--%s is the interrupted plan's and cannot be given with --resume", name)
		}
	}
	if err := f.parseAt(); err != nil {
		return err
	}
	o := app.Overrides{Mappings: f.request.Mappings, Exclude: f.request.Exclude, Edits: f.request.Edits, Done: f.done, Seen: f.seen,
		Customizations: f.request.Customizations, At: f.request.At}
	if cmd.Flags().Changed("system") {
		o.System = f.request.System
	}
	if cmd.Flags().Changed("policy") {
		o.Policy = f.request.Policy
	}
	plan, err := r.app().Replan(cmd.Context(), f.resume, o)
	if err != nil {
		return err
	}
	if at := plan.Plan().PlannedAt; at != "" && f.at == "" {
		r.note("windows are looked for from %s, as in the interrupted plan; give --at for another time", at)
	}
	return r.keepAndEmit(plan, f)
}

func runPlan(ctx context.Context, r *run, f *planFlags) error {
	if err := f.complete(); err != nil {
		return err
	}
	plan, err := r.app().Plan(ctx, f.request)
	if err != nil {
		return err
	}
	return r.keepAndEmit(plan, f)
}

// keepAndEmit keeps a plan in the store where that was asked for, and prints it.
func (r *run) keepAndEmit(plan document.Sealed, f *planFlags) error {
	r.hintExclude(plan.Plan(), f.request.Exclude)
	if f.request.At.IsZero() {
		r.diagnostics(app.Age(plan.Plan(), r.env.Now()))
	}
	if f.save != "" {
		if !isStdout(f.out) {
			if err := r.writable(file.Check(f.out, f.force)); err != nil {
				return err
			}
		}
		var err error
		if plan, err = r.app().KeepPlan(f.save, plan); err != nil {
			return err
		}
		r.keeps("the plan is kept in the store")
		r.note("kept as %s, revision %d", clean.Text(plan.Plan().Series), plan.Plan().Revision)
	}
	return r.emitSealed(plan, f.out, f.force)
}

// emitSealed is emitPlan for a plan that was just made.
func (r *run) emitSealed(plan document.Sealed, out string, force bool) error {
	if r.format != "json" {
		return r.emitPlan(plan.Plan(), out, force)
	}
	data, err := plan.Encode()
	return r.emit(plan.Plan(), data, err, out, force)
}

// emitPlan prints a plan in the chosen format.
func (r *run) emitPlan(plan model.Plan, out string, force bool) error {
	data, err := r.renderPlan(plan)
	return r.emit(plan, data, err, out, force)
}

// emit prints what a plan was written as; a plan with blocking diagnostics is printed
// as any other, and then exits 3.
func (r *run) emit(plan model.Plan, data []byte, err error, out string, force bool) error {
	if err != nil {
		return err
	}
	if err := r.write(data, out, force); err != nil {
		return err
	}
	if model.HasBlocking(plan.Diagnostics) {
		return coded{code: exitBlocking}
	}
	return nil
}

// renderPlan writes the plan in a format that is one file. Exports that come in
// several files are the export command's.
func (r *run) renderPlan(plan model.Plan) ([]byte, error) {
	files, diags, err := export.Write(r.format, plan, export.Options{Width: r.env.Width, Verbose: r.verbose})
	if err != nil {
		return nil, err
	}
	r.diagnostics(diags)
	return files[0].Data, nil
}

// planFormats are the formats that fit on standard output, text first.
func planFormats() []string {
	var names []string
	for _, f := range export.Formats() {
		if f.Single {
			names = append(names, f.Name)
		}
	}
	return names
}

// write puts a finished output on stdout or into a file, whole or not at all.
func (r *run) write(data []byte, out string, force bool) error {
	if isStdout(out) {
		return r.print(string(data))
	}
	if err := r.writable(file.Write(out, data, force)); err != nil {
		return err
	}
	r.note("wrote %s", clean.Text(out))
	return nil
}

// writable says what to do about a file that is there.
func (r *run) writable(err error) error {
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: choose another name or give --force", err)
	}
	return err
}

// isStdout reports whether a value of --out means standard output.
func isStdout(out string) bool {
	return slices.Contains([]string{"", "-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}, out)
}

// runRoot is planewise without a command.
func runRoot(ctx context.Context, r *run) error {
	plan, err := r.app().DemoPlan(ctx)
	if err != nil {
		return err
	}
	r.format = "text"
	if err := r.emitSealed(plan, "", false); code(err) != exitBlocking {
		return err
	}
	return nil
}

func newShow(r *run) *cobra.Command {
	var out string
	var force bool
	cmd := &cobra.Command{
		Use:   "show PLAN",
		Short: "Show a plan file",
		Long: `show prints a plan file, or a plan of the store by its name. A stale plan, or one
written by a newer planewise, is shown all the same and says so.

` + exitCodes,
		Example: `  planewise show plan.json
  planewise show plan.json -v
  planewise show plan.json -o json`,
		Args: exactly("one PLAN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			plan, err := r.app().LoadPlan(args[0])
			if err != nil {
				return err
			}
			return r.emitPlan(plan, out, force)
		},
	}
	r.outputFlag(cmd, planFormats()...)
	cmd.Flags().StringVar(&out, "out", "", "write to this file instead of standard output")
	cmd.Flags().BoolVar(&force, "force", false, "let --out replace an existing file")
	return cmd
}
