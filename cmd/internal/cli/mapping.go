package cli

import (
	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model"
	"planewise/planner"
	"planewise/planner/export/text"
)

func newMapping(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mapping",
		Short: "Show and check the mapping of components to planes and capabilities",
		Long: `mapping works on the layered mapping: the embedded default, then the site's files
given with --mapping, then the edits kept in the store.

` + exitCodes,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return needsSubcommand(cmd) },
	}
	cmd.AddCommand(newMappingShow(r), newMappingCheck(r), newMappingSet(r))
	return cmd
}

func newMappingShow(r *run) *cobra.Command {
	var files []string
	cmd := &cobra.Command{
		Use:   "show [COMPONENT]",
		Short: "Show what components are mapped to, or one component's rule with its facts",
		Example: `  planewise mapping show
  planewise mapping show chart:services/cray-bos
  planewise mapping show --mapping site.yaml -o json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("%s takes at most one COMPONENT", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			view, err := r.app().Mapping(cmd.Context(), files)
			if err != nil {
				return err
			}
			r.diagnostics(view.Diagnostics)
			if len(args) == 1 {
				rules, err := view.Rules(args[0])
				if err != nil {
					return err
				}
				if r.format == "json" {
					return r.printJSON(map[string]any{"component": args[0], "rules": rules})
				}
				for _, rule := range rules {
					if err := r.print(text.Rule(args[0], rule)); err != nil {
						return err
					}
				}
				return nil
			}
			if r.format == "json" {
				return r.printJSON(view.Merged)
			}
			return r.print(text.Mapping(view.Merged))
		},
	}
	cmd.Flags().StringArrayVar(&files, "mapping", nil, "a mapping file that overrides the default (repeatable)")
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newMappingCheck(r *run) *cobra.Command {
	var files, releases []string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Report unmapped components, shadowed rules, unknown names and contradictions",
		Long: `check looks at the mapping itself and, with --release, at the components of these
releases; without, at all releases of the catalogue. It exits 3 when something is
blocking.

` + exitCodes,
		Example: `  planewise mapping check
  planewise mapping check --mapping site.yaml --release ./csm-1.6.1`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			diags, err := r.app().CheckMapping(cmd.Context(), files, releases)
			if err != nil {
				return err
			}
			if r.format == "json" {
				if err := r.printJSON(map[string]any{"diagnostics": diags}); err != nil {
					return err
				}
			} else {
				shown := diags
				if !r.verbose {
					shown = planner.Condense(diags)
				}
				if err := r.print(text.Diagnostics(shown, r.env.Width)); err != nil {
					return err
				}
			}
			if model.HasBlocking(diags) {
				return coded{code: exitBlocking}
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&files, "mapping", nil, "a mapping file that overrides the default (repeatable)")
	cmd.Flags().StringArrayVar(&releases, "release", nil, "a release to check against (repeatable)")
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newMappingSet(r *run) *cobra.Command {
	var edit app.RuleEdit
	cmd := &cobra.Command{
		Use:   "set COMPONENT --planes P,P --method M --text WHY",
		Short: "Say what a component is on this site",
		Long: `set puts a rule for one component into the site's own layer of the store, above the
default mapping and all files. The methods live, job and delivery restart nothing;
with any other the effect stays unknown until a mapping file names the workloads.

` + exitCodes,
		Example: `  planewise mapping set chart:services/acme-agent --planes control --method live --text "an agent of our own; it serves nobody"`,
		Args:    exactly("one COMPONENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			edit.Component = args[0]
			if len(edit.Planes) == 0 || edit.Method == "" {
				return usage("mapping set needs --planes and --method; see '%s --help'", cmd.CommandPath())
			}
			rule, err := r.app().SetRule(cmd.Context(), edit)
			if err != nil {
				return err
			}
			r.keeps("the rule is kept")
			return r.print(text.Rule(args[0], rule))
		},
	}
	cmd.Flags().StringSliceVar(&edit.Planes, "planes", nil, "the planes it runs on or serves")
	cmd.Flags().StringVar(&edit.Method, "method", "", "how it is updated (live, job, delivery, rolling, recreate, ...)")
	cmd.Flags().StringVar(&edit.Text, "text", "", "why, in a sentence")
	cmd.Flags().StringVar(&edit.Source, "source", "", "where that is written down")
	return cmd
}
