package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"planewise/model/clean"
	"planewise/model/file"
	"planewise/planner/export"
)

func newExport(r *run) *cobra.Command {
	var formats []string
	var dir string
	var force bool
	cmd := &cobra.Command{
		Use:   "export PLAN --format FORMAT --out DIR",
		Short: "Write a plan as files for other people and programs",
		Long: "export writes a plan in one or more formats into a folder. Files that hold commands hold\n" +
			"them as text for a person to read: planewise never touches the system.\n\n" +
			"Formats:\n" + formatList() + "\n" + exitCodes,
		Example: `  planewise export plan.json --format md --format ics --out change-1234`,
		Args:    exactly("one PLAN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(formats) == 0 || dir == "" {
				return usage("export needs --format and --out: name at least one format and a folder")
			}
			return runExport(r, args[0], formats, dir, force)
		},
	}
	cmd.Flags().StringArrayVar(&formats, "format", nil, "a format (repeatable)")
	cmd.Flags().StringVar(&dir, "out", "", "the folder; it is made where it does not exist")
	cmd.Flags().BoolVar(&force, "force", false, "replace files that exist")
	return cmd
}

func formatList() string {
	var b strings.Builder
	for _, f := range export.Formats() {
		fmt.Fprintf(&b, "  %-13s %s\n", f.Name, f.Title)
	}
	return b.String()
}

// runExport makes all files first, so that nothing is written when something is wrong.
func runExport(r *run, ref string, formats []string, dir string, force bool) error {
	plan, err := r.app().LoadPlan(ref)
	if err != nil {
		return err
	}
	var files []file.Output
	for _, name := range formats {
		made, diags, err := export.Write(name, plan, export.Options{Width: 100, Verbose: true})
		if err != nil {
			return err
		}
		r.diagnostics(diags)
		for _, f := range made {
			files = append(files, file.Output{Path: f.Name, Data: f.Data})
		}
	}
	err = file.Export(dir, files, force)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w: choose another folder or give --force", err)
	case err != nil:
		return err
	}
	r.keeps("the files are written")
	var written strings.Builder
	for _, f := range files {
		written.WriteString(clean.Text(filepath.Join(dir, f.Path)) + "\n")
	}
	return r.print(written.String())
}
