package cli

import (
	"time"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/planner/export/comparison"
	"planewise/planner/verify"
)

// overrideFlags are the documents that replace those of a plan.
type overrideFlags struct {
	app.Overrides
	at string
}

func (f *overrideFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.System, "system", "", "the system: a name in the store or a file (default: as in the plan)")
	flags.StringVar(&f.Customizations, "customizations", "", "the site's customizations.yaml, or none (default: as in the plan)")
	flags.StringVar(&f.Policy, "policy", "", "the policy: a name in the store or a file (default: as in the plan)")
	flags.StringArrayVar(&f.Mappings, "mapping", nil, "a mapping file on top (repeatable)")
}

// parseTime reads a value of --at; the zero time for none.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, usage("--at %q is no time: write it as 2026-01-31T20:00:00Z", s)
	}
	return t, nil
}

func newVerify(r *run) *cobra.Command {
	f := &overrideFlags{}
	var embedded bool
	cmd := &cobra.Command{
		Use:   "verify PLAN",
		Short: "Say what of a plan still holds",
		Long: `verify makes a plan again from what it carries and compares the two whole. What differs
is named, with its place in the file. A plan that is not what its own inputs give, though
the same rules (its reasoning) made it, was changed or damaged: it is invalid; where other
rules made it, it is stale. (Where it is kept, by which build, the time of planning and
the effort of the search may differ.)

Then it compares the documents that the plan was made from with those of today: the
releases, the mapping, the procedures, the system, what it sets in its charts, and the
policy. It says which inputs moved and which bundles that touches, whether constraints
and windows still hold, and whether a bundle may be left out or be the last.

A document that is not here (the plan comes from another machine) is taken from the
plan. With --embedded the catalogue is not looked at, only what the plan carries.

The id of a plan is no signature. Whoever changes a plan can give it an id that fits, and
one made from forged inputs looks as fresh as any: compare the digests of the inputs,
which verify prints (whole with -v or -o json), with those that you trust (planewise
release list shows those of releases). What the plan was asked (edits, path, planned_at,
notes) has no digest: read it.

It exits 0 when the plan is fresh, 5 when it is stale or cannot be checked, and 1 when it
is invalid. A stale plan stays readable: planewise show prints it as ever.

` + exitCodes,
		Example: `  planewise verify plan.json
  planewise verify plan.json --system site.yaml --mapping site-mapping.yaml
  planewise verify plan.json --embedded -o json`,
		Args: exactly("one PLAN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			now, err := parseTime(f.at)
			if err != nil {
				return err
			}
			if now.IsZero() {
				now = r.env.Now()
			}
			if embedded && (f.System != "" || f.Policy != "" || f.Customizations != "" || len(f.Mappings) > 0) {
				return usage("--embedded looks at the plan alone: leave out --system, --policy, --customizations and --mapping")
			}
			result, absent, err := r.app().Verify(cmd.Context(), args[0], f.Overrides, embedded, now)
			if err != nil {
				return err
			}
			return r.emitVerified(result, absent)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.at, "at", "", "the time at which windows have passed (RFC 3339; default now)")
	cmd.Flags().BoolVar(&embedded, "embedded", false, "use only what the plan carries")
	r.outputFlag(cmd, "text", "json", "md")
	return cmd
}

func (r *run) emitVerified(result verify.Result, absent []string) error {
	var err error
	switch r.format {
	case "json":
		if absent == nil {
			absent = []string{}
		}
		err = r.printJSON(struct {
			verify.Result
			Absent []string `json:"absent"`
		}{result, absent})
	case "md":
		err = r.print(comparison.Verified(result, absent, comparison.Options{Format: comparison.Markdown, Verbose: r.verbose}))
	default:
		err = r.print(comparison.Verified(result, absent, comparison.Options{Width: r.env.Width, Verbose: r.verbose}))
	}
	switch {
	case err != nil:
		return err
	case result.Status == verify.Stale:
		return coded{code: exitStale}
	case result.Status == verify.Invalid:
		return coded{code: exitError}
	}
	return nil
}

func newReplan(r *run) *cobra.Command {
	f := &overrideFlags{}
	var out string
	var force bool
	cmd := &cobra.Command{
		Use:   "replan PLAN",
		Short: "Make a plan again from the documents it carries",
		Long: `replan plans once more from the releases, mapping, procedures, system, policy and site's
customizations that a plan file carries, so that a plan from another machine can be
looked into without its catalogue. Unchanged inputs give the same plan. --system,
--policy, --mapping, --customizations, --path, --exclude and --at ask "what if?": the
new plan names the old one as its parent.

` + editHelp() + `
` + exitCodes,
		Example: `  planewise replan plan.json
  planewise replan plan.json --policy shortest-total -o json --out what-if.json
  planewise replan plan.json --exclude roll:worker
  planewise replan plan.json --edit 'take all' --edit 'leave B3'`,
		Args: exactly("one PLAN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if f.At, err = parseTime(f.at); err != nil {
				return err
			}
			plan, err := r.app().Replan(cmd.Context(), args[0], f.Overrides)
			if err != nil {
				return err
			}
			if p := plan.Plan(); p.Parent != "" {
				r.note("plan %s, revision %d of %s", p.ID, p.Revision, p.Parent)
			}
			r.hintExclude(plan.Plan(), f.Exclude)
			return r.emitSealed(plan, out, force)
		},
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.Path, "path", "", "the procedure's variant: manual or iuf (default: as in the plan)")
	flags.StringArrayVar(&f.Exclude, "exclude", nil, "leave out a change or an action, by id (repeatable)")
	editFlag(cmd, &f.Edits)
	flags.StringVar(&f.at, "at", "", "the time of planning (RFC 3339; default: as in the plan)")
	r.outputFlag(cmd, planFormats()...)
	flags.StringVar(&out, "out", "", "write to this file instead of standard output")
	flags.BoolVar(&force, "force", false, "let --out replace an existing file")
	return cmd
}
