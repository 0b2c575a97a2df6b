package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/text"
)

func newRelease(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "release",
		Short: "Import, list, show, compare and remove releases of the catalogue",
		Long:  "release keeps the catalogue of releases that plan, compare and the planner know by name.\n\n" + exitCodes,
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return needsSubcommand(cmd) },
	}
	cmd.AddCommand(newReleaseImport(r), newReleaseList(r), newReleaseShow(r), newReleaseDiff(r), newReleaseRemove(r))
	return cmd
}

// needsSubcommand is what a group of commands does when called by itself.
func needsSubcommand(cmd *cobra.Command) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usage("%s needs one of: %s", cmd.CommandPath(), strings.Join(names, ", "))
}

func newReleaseImport(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import PATH...",
		Short: "Read releases into the catalogue",
		Long: `import reads release trees, .tar.gz archives of them and neutral release.yaml files
into the store. What is remarkable about a release is said; what cannot be read is
an error, and then nothing of that release is kept.

` + exitCodes,
		Example: `  planewise release import ./csm-1.5.2 ./csm-1.6.0.tar.gz`,
		Args:    atLeastOne("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			imported := []app.Imported{}
			for _, path := range args {
				one, err := r.app().ImportRelease(cmd.Context(), path)
				if err != nil {
					return err
				}
				r.keeps(clean.Text(one.Name) + " is kept")
				imported = append(imported, one)
			}
			if r.format == "json" {
				return r.printJSON(map[string]any{"imported": imported})
			}
			for _, one := range imported {
				r.diagnostics(one.Diagnostics)
				if err := r.print(fmt.Sprintf("%s  %d components  %s\n", clean.Text(one.Name), one.Components, one.Digest)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

// diagnostics says on stderr what was remarkable about an input.
func (r *run) diagnostics(ds []model.Diagnostic) {
	for _, d := range ds {
		if d.Severity == model.Info && !r.verbose || r.quiet {
			continue
		}
		fmt.Fprint(r.env.Stderr, text.Diagnostics([]model.Diagnostic{d}, r.env.Width))
	}
}

func atLeastOne(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("%s takes at least one %s; see '%s --help'", cmd.CommandPath(), name, cmd.CommandPath())
		}
		return nil
	}
}

func newReleaseList(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the releases of the catalogue",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			entries, err := r.app().List(app.Releases)
			if err != nil {
				return err
			}
			return r.printEntries(entries)
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func (r *run) printEntries(entries []app.Entry) error {
	if r.format == "json" {
		return r.printJSON(map[string]any{"entries": entries})
	}
	rows := [][]string{{"NAME", "ORIGIN", "DIGEST"}}
	for _, e := range entries {
		rows = append(rows, []string{e.Name, e.Origin, short(e.Digest)})
	}
	return r.print(text.Table(rows))
}

func short(digest string) string {
	digest = strings.TrimPrefix(digest, "sha256:")
	return digest[:min(len(digest), 12)]
}

func newReleaseShow(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show REL",
		Short: "Show a release's components",
		Args:  exactly("one REL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, diags, err := r.app().Resolve(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			r.diagnostics(diags)
			if r.format == "json" {
				return r.printJSON(map[string]any{"releases": set})
			}
			return r.print(text.Releases(set))
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newReleaseDiff(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "diff REL REL",
		Short:   "List what differs between two releases",
		Example: `  planewise release diff csm-1.5.0 csm-1.5.2`,
		Args:    exactly("REL", "REL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			changes, diags, err := r.app().Diff(cmd.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			r.diagnostics(diags)
			if r.format == "json" {
				return r.printJSON(map[string]any{"changes": changes, "diagnostics": diags})
			}
			return r.print(text.Changes(changes))
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newReleaseRemove(r *run) *cobra.Command {
	return &cobra.Command{
		Use:   "rm NAME...",
		Short: "Remove releases from the catalogue",
		Args:  atLeastOne("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range args {
				if err := r.app().Remove(app.Releases, name); err != nil {
					return err
				}
				r.note("removed %s", clean.Text(name))
			}
			return nil
		},
	}
}
