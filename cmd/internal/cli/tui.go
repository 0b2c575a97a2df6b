package cli

import (
	"context"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/tui"
)

// screenFlags say how the planner on the screen draws.
type screenFlags struct {
	ascii, plain bool
}

func (f *screenFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.ascii, "ascii", false, "draw with ASCII characters only")
	cmd.Flags().BoolVar(&f.plain, "plain", false, "print and ask line by line instead of drawing, for screen readers")
}

// runScreen opens the planner on the terminal.
func runScreen(ctx context.Context, r *run, f *screenFlags) error {
	a := r.app()
	a.Note = func(string, ...any) {} // nothing may be written over the screen
	return tui.Run(ctx, app.NewSession(a, app.Request{}), tui.Options{
		ASCII: f.ascii, Plain: f.plain, NoColor: r.noColor, Getenv: r.env.Getenv,
		In: r.env.Stdin, Out: r.env.Stdout, Width: r.env.Width,
	})
}
