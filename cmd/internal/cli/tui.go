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
	if draws, why := tui.Draws(r.env.Getenv); !f.plain && !draws {
		r.note("%s: going on line by line, as with --plain; set TERM to what the terminal is to draw, or use planewise plan and planewise show", why)
		f.plain = true
	}
	a := r.app()
	a.Note = func(string, ...any) {} // nothing may be written over the screen
	o := tui.Options{
		ASCII: f.ascii, Plain: f.plain, NoColor: r.noColor, Getenv: r.env.Getenv,
		In: r.env.Stdin, Out: r.out, Width: r.env.Width,
	}
	if !f.plain {
		o.Out = r.env.Stdout // the terminal itself
		r.env.screen.draw()
	}
	err := tui.Run(ctx, app.NewSession(a, app.Request{}), o)
	r.env.screen.drawn()
	if err == nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
