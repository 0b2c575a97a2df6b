package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model/clean"
	"planewise/planner/export/text"
)

func newStore(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "store",
		Short: "Show, check and compact the store, and remove documents from it",
		Long:  "store looks at the file that keeps releases, mappings, systems, policies and plans.\n\n" + exitCodes,
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return needsSubcommand(cmd) },
	}
	cmd.AddCommand(newStoreInfo(r), newStoreCheck(r), newStoreCompact(r), newStoreRemove(r))
	return cmd
}

func newStoreInfo(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Show where the store is and what it holds",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			info, err := r.app().StoreInfo()
			if err != nil {
				return err
			}
			if r.format == "json" {
				return r.printJSON(info)
			}
			s := fmt.Sprintf("path    %s\nlayout  %d\nsize    %d bytes\n\n", clean.Text(info.Path), info.Layout, info.Bytes)
			rows := [][]string{{"KIND", "NAMES", "EMBEDDED", "VERSIONS"}}
			for _, k := range info.Kinds {
				rows = append(rows, []string{string(k.Kind), fmt.Sprint(k.Names), fmt.Sprint(k.Embedded), fmt.Sprint(k.Versions)})
			}
			return r.print(s + text.Table(rows))
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newStoreCheck(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the store file: headers, structure, digests, documents",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			diags, err := r.app().CheckStore()
			if err != nil {
				return err
			}
			if r.format == "json" {
				err = r.printJSON(map[string]any{"diagnostics": diags})
			} else {
				err = r.print(text.Diagnostics(diags, r.env.Width))
			}
			if err == nil && len(diags) > 0 {
				err = coded{code: exitError}
			}
			return err
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newStoreCompact(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compact",
		Short: "Write the store file anew, smaller",
		Long: `compact gives back the room of what was removed from the store, and compresses large
plans of an older planewise. The new file is checked, and then takes the place of the
old one; it can be interrupted at any moment. It needs room for both files.`,
		Example: "  planewise store compact",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			done, err := r.app().CompactStore()
			if err != nil {
				return err
			}
			if r.format == "json" {
				return r.printJSON(done)
			}
			return r.print(fmt.Sprintf("%s  %d bytes before, %d after\n", clean.Text(done.Path), done.Before, done.After))
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newStoreRemove(r *run) *cobra.Command {
	return &cobra.Command{
		Use:   "rm KIND NAME...",
		Short: "Remove documents and their histories from the store",
		Long: `rm removes documents of a kind (store info lists the kinds) by name, or by digest as
store check prints them, also such as cannot be read. Nothing else gives them back.`,
		Example: "  planewise store rm plan old-night",
		Args:    kindAndNames,
		RunE: func(_ *cobra.Command, args []string) error {
			for _, name := range args[1:] {
				if err := r.app().Remove(app.Kind(args[0]), name); err != nil {
					return err
				}
				r.note("removed %s %s", clean.Text(args[0]), clean.Text(name))
			}
			return nil
		},
	}
}

func kindAndNames(cmd *cobra.Command, args []string) error {
	if len(args) < 2 {
		return usage("%s takes a KIND and at least one NAME; see '%s --help'", cmd.CommandPath(), cmd.CommandPath())
	}
	return nil
}

// newDocuments makes the commands that systems and policies share.
func newDocuments(r *run, kind app.Kind, noun, plural string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   noun,
		Short: fmt.Sprintf("Import, list, show and check %s", plural),
		Long:  fmt.Sprintf("%s keeps the %s that plans are made with.\n\n%s", noun, plural, exitCodes),
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return needsSubcommand(cmd) },
	}
	cmd.AddCommand(newDocumentImport(r, kind), newDocumentList(r, kind, plural), newDocumentShow(r, kind, noun), newDocumentCheck(r, kind, noun))
	return cmd
}

func newDocumentImport(r *run, kind app.Kind) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE...",
		Short: "Read documents into the store",
		Args:  atLeastOne("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.importDocuments(kind, args)
		},
	}
}

func newDocumentList(r *run, kind app.Kind, plural string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the " + plural + " of the store",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			entries, err := r.app().List(kind)
			if err != nil {
				return err
			}
			return r.printEntries(entries)
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newDocumentShow(r *run, kind app.Kind, noun string) *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Print a " + noun + " as JSON",
		Args:  exactly("one NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			doc, err := r.app().Document(kind, args[0])
			if err != nil {
				return err
			}
			return r.print(string(doc))
		},
	}
}

func newDocumentCheck(r *run, kind app.Kind, noun string) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Check a " + noun + " without keeping it",
		Args:  exactly("one FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			diags, err := r.app().CheckDocument(kind, args[0])
			if err != nil {
				return err
			}
			r.diagnostics(diags)
			return r.print("ok\n")
		},
	}
}
