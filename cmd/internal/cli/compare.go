package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model/clean"
	"planewise/planner/compare"
	"planewise/planner/export/comparison"
)

type compareFlags struct {
	plan     planFlags // of which only those that all options share are declared
	targets  []string
	systems  []string
	policies []string
	via      []string
	steps    bool
	decouple string
	cadence  bool
	dates    []string
	out      string
	force    bool
}

func newCompare(r *run) *cobra.Command {
	f := &compareFlags{}
	cmd := &cobra.Command{
		Use:   "compare --from REL --to REL --to REL... | PLAN PLAN...",
		Short: "Compare targets, plans, policies, systems, or ways to one target",
		Long: `compare puts 2 to 8 options side by side: what each does to every plane, what only
one of them has, and which is gentlest where that can be said.

  several --to             targets from one start
  several --policy         policies for one update
  several --system         systems for one update
  PLAN PLAN...             plan files; of two, what the second changes per bundle
  --steps, --via REL,REL   one jump against several steps; a path that no procedure
                           allows is named and completed with the catalogue's releases
  --decouple PLANE         what a separately released cluster of one plane would save
  --cadence                every release, every GA or only minors: a year of each, and
                           how long components wait for their new versions

A comparison is printed, with exit code 0, also where an option has blocking
diagnostics; it names them.

` + exitCodes,
		Example: `  planewise compare --from 1.5.0 --to 1.5.1 --to 1.5.2 --to 1.6.0-rc.3
  planewise compare --from 1.5.0 --to 1.5.2 --policy jobs-first --policy shortest-total
  planewise compare --from 1.3.5 --to 1.5.0 --steps
  planewise compare --from 1.3.5 --to 1.6.0-rc.3 --via 1.4.3,1.5.0 -o md
  planewise compare --from 1.4.3 --to 1.5.2 --decouple storage
  planewise compare --cadence --from 1.3.0 --to 1.5.2
  planewise compare approved.json today.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if system := app.SystemOf(f.plan.request.From); system != "" && !cmd.Flags().Changed("system") {
				f.systems = []string{system}
			}
			return runCompare(cmd.Context(), r, f, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.plan.request.From, "from", "", "the release the system runs now")
	flags.StringArrayVar(&f.targets, "to", nil, "a release it could run (repeatable)")
	flags.StringArrayVar(&f.systems, "system", []string{"demo"}, "the system: a name in the store or a file (repeatable; default with --from system:NAME: that one)")
	flags.StringArrayVar(&f.policies, "policy", []string{"jobs-first"}, "the policy: a name in the store or a file (repeatable)")
	flags.StringVar(&f.plan.request.Customizations, "customizations", "", "the site's customizations.yaml, or none (default: what the store has of each system)")
	flags.StringArrayVar(&f.plan.request.Mappings, "mapping", nil, "a mapping file that overrides the default (repeatable)")
	flags.StringVar(&f.plan.request.Path, "path", "", "the procedure's variant where there are several: manual or iuf")
	flags.StringArrayVar(&f.plan.request.Exclude, "exclude", nil, "leave out a change or an action, by id (repeatable)")
	flags.StringVar(&f.plan.at, "at", "", "the time of planning (RFC 3339); windows are looked for from here")
	flags.BoolVar(&f.steps, "steps", false, "compare one jump with the steps that the procedures allow")
	flags.StringArrayVar(&f.via, "via", nil, "a path to the target, as a list with commas (repeatable); implies --steps")
	flags.StringVar(&f.decouple, "decouple", "", "the plane whose cluster is released apart, e.g. storage")
	flags.BoolVar(&f.cadence, "cadence", false, "compare how often the releases between the two can be taken")
	flags.StringArrayVar(&f.dates, "date", nil, "with --cadence: the day of a release, NAME=2026-01-31 (repeatable)")
	flags.StringVar(&f.out, "out", "", "write to this file instead of standard output")
	flags.BoolVar(&f.force, "force", false, "let --out replace an existing file")
	r.outputFlag(cmd, "text", "json", "md")
	return cmd
}

func runCompare(ctx context.Context, r *run, f *compareFlags, args []string) error {
	mode, err := f.mode(args)
	if err != nil {
		return err
	}
	if err := f.plan.parseAt(); err != nil {
		return err
	}
	c := app.Comparison{Request: f.plan.request, Targets: f.targets, Systems: f.systems, Policies: f.policies}
	o := comparison.Options{Width: r.env.Width, Verbose: r.verbose}
	if r.format == "md" {
		o.Format = comparison.Markdown
	}
	a := r.app()
	switch mode {
	case "plans":
		report, err := a.ComparePlans(args)
		return r.emitReport(f, report, err, func() string { return comparison.Report(report, o) })
	case "cadence":
		if c.Dates, err = f.dated(); err != nil {
			return err
		}
		report, err := a.Cadence(ctx, c)
		return r.emitReport(f, report, err, func() string { return comparison.Cadence(report, o) })
	case "decouple":
		report, err := a.Decouple(ctx, c, f.decouple)
		return r.emitReport(f, report, err, func() string { return comparison.Decoupled(report, o) })
	case "ways":
		for _, v := range f.via {
			c.Via = append(c.Via, strings.Split(v, ","))
		}
		report, err := a.Ways(ctx, c)
		return r.emitReport(f, report, err, func() string { return comparison.Report(report, o) })
	}
	report, err := a.Compare(ctx, c)
	return r.emitReport(f, report, err, func() string { return comparison.Report(report, o) })
}

// emitReport prints a report in the chosen format, unless there was an error.
func (r *run) emitReport(f *compareFlags, report any, err error, asText func() string) error {
	if err != nil {
		return err
	}
	if r.format == "json" {
		data, err := jsonText(report)
		if err != nil {
			return err
		}
		return r.write(data, f.out, f.force)
	}
	return r.write([]byte(asText()), f.out, f.force)
}

// mode says what is compared, or why the flags do not say it.
func (f *compareFlags) mode(args []string) (string, error) {
	ways := f.steps || len(f.via) > 0
	special := 0
	for _, b := range []bool{ways, f.decouple != "", f.cadence} {
		if b {
			special++
		}
	}
	count := len(f.targets) * len(f.systems) * len(f.policies)
	switch {
	case len(args) > 0 && (f.plan.request.From != "" || len(f.targets) > 0 || special > 0):
		return "", usage("compare takes either plans or --from and --to, not both")
	case len(args) > 0 && (len(args) < compare.MinOptions || len(args) > compare.MaxOptions):
		return "", usage("compare takes %d to %d plans, got %d", compare.MinOptions, compare.MaxOptions, len(args))
	case len(args) > 0:
		return "plans", nil
	case f.plan.request.From == "" || len(f.targets) == 0:
		return "", usage("compare needs --from and --to, or plans: name the release that runs and those that could run, or plan files")
	case special > 1:
		return "", usage("--steps (or --via), --decouple and --cadence are questions of their own: ask one at a time")
	case len(f.systems) > 1 && f.plan.request.Customizations != "" && f.plan.request.Customizations != app.NoCustomizations:
		return "", usage("--customizations FILE is of one system: import it for each (planewise system import FILE --name SYSTEM)")
	case len(f.dates) > 0 && !f.cadence:
		return "", usage("--date is for --cadence")
	case special == 1 && count > 1:
		return "", usage("--steps, --decouple and --cadence are about one target, one system and one policy")
	case ways:
		return "ways", nil
	case f.decouple != "":
		return "decouple", nil
	case f.cadence:
		return "cadence", nil
	case count < compare.MinOptions:
		return "", usage("there is one option: give a second --to, --policy or --system to compare it with")
	case count > compare.MaxOptions:
		return "", usage("%d options are too many for one table: give at most %d", count, compare.MaxOptions)
	case len(f.targets) < count && len(f.systems) < count && len(f.policies) < count:
		return "", usage("vary one thing: several --to, several --system or several --policy")
	}
	return "options", nil
}

// dated reads the --date flags.
func (f *compareFlags) dated() (map[string]string, error) {
	out := map[string]string{}
	for _, d := range f.dates {
		name, day, ok := strings.Cut(d, "=")
		if !ok || name == "" {
			return nil, usage("--date %q is not NAME=2026-01-31", d)
		}
		if old, twice := out[name]; twice && old != day {
			return nil, usage("--date gives %s two days, %s and %s", name, old, day)
		}
		out[name] = day
	}
	return out, nil
}

// jsonText is what printJSON prints, for outputs that may go to a file.
func jsonText(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return clean.JSON(b.Bytes()), err
}
