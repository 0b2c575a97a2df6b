package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"planewise/model/clean"
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

// runExport makes all files first and looks for those that exist, so that nothing
// is written when something is wrong.
func runExport(r *run, ref string, formats []string, dir string, force bool) error {
	plan, err := r.app().LoadPlan(ref, r.env.Stdin)
	if err != nil {
		return err
	}
	var files []export.File
	for _, name := range formats {
		made, diags, err := export.Write(name, plan, export.Options{Width: 100, Verbose: true})
		if err != nil {
			return err
		}
		r.diagnostics(diags)
		files = append(files, made...)
	}
	var there []error
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if _, err := os.Lstat(path); err == nil && !force {
			there = append(there, fmt.Errorf("%s exists: choose another folder or give --force", path))
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			there = append(there, err)
		}
	}
	if err := errors.Join(there...); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := r.save(f.Data, path); err != nil {
			return err
		}
		if err := r.print(clean.Text(path) + "\n"); err != nil {
			return err
		}
	}
	return nil
}
