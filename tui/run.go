package tui

import (
	"context"
	"io"
	"runtime"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/theme"
)

// Options of a run.
type Options struct {
	First   Question
	ASCII   bool
	NoColor bool
	// Plain prints instead of drawing, for screen readers.
	Plain  bool
	Getenv func(string) string
	In     io.Reader
	Out    io.Writer
	Width  int // of plain output
}

// Run shows the planner until the user leaves it or ctx ends, which is what signals
// have to do. The terminal is restored on every way out, a panic included.
func Run(ctx context.Context, s Session, o Options) error {
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	if o.Plain {
		return runPlain(ctx, s, o)
	}
	look := themeOptions(o)
	m := New(ctx, s, o.First, theme.New(look))
	if asks(o) {
		m.ground = ground{out: o.Out, look: look}
	}
	// Signals end ctx. Bubble Tea's own handling of them is left out: where both see
	// one signal, its handler may wait for a loop that has ended, for ever. Nor is it
	// given ctx: it would then close its input while that is still read.
	options := []tea.ProgramOption{tea.WithoutSignalHandler(), tea.WithAltScreen(), tea.WithMouseCellMotion(), tea.WithFilter(coalesce)}
	if o.In != nil {
		options = append(options, tea.WithInput(o.In))
	}
	if o.Out != nil {
		options = append(options, tea.WithOutput(o.Out))
	}
	g := &guard{model: m}
	program := tea.NewProgram(g, options...)
	g.quit = program.Quit
	defer context.AfterFunc(ctx, program.Quit)()
	_, err := program.Run()
	switch {
	case g.crash != nil:
		return g.crash
	case ctx.Err() != nil:
		return nil // asked to end from outside, which is no error
	}
	return err
}

// coalesce drops motion of the mouse, which nothing here follows; each would
// otherwise draw a frame.
func coalesce(_ tea.Model, msg tea.Msg) tea.Msg {
	if mouse, ok := msg.(tea.MouseMsg); ok && mouse.Action == tea.MouseActionMotion {
		return nil
	}
	return msg
}

// asks reports whether the terminal is asked for its ground: not where the
// environment says it, nor where nothing depends on it, nor a terminal that might
// show the question.
func asks(o Options) bool {
	term := o.Getenv("TERM")
	return o.Out != nil && o.Getenv("COLORFGBG") == "" && depth(o.Getenv) > 0 && term != "linux"
}

// Draws reports whether a terminal can be drawn on, and why not. One that is not known
// is taken to be able to.
func Draws(getenv func(string) string) (bool, string) {
	term := getenv("TERM")
	kind, _, _ := strings.Cut(term, "-")
	switch kind {
	case "":
		return runtime.GOOS == "windows", "TERM is not set, so that nothing is known of the terminal"
	case "dumb", "unknown", "network", "dialup", "emacs", "vt52", "vt100", "vt102":
		return false, "the terminal (TERM=" + term + ") cannot be drawn on"
	}
	return true, ""
}

// themeOptions finds out what the terminal can do from its environment.
func themeOptions(o Options) theme.Options {
	out := theme.Options{ASCII: o.ASCII || asciiOnly(o.Getenv), Light: light(o.Getenv), Depth: depth(o.Getenv)}
	if o.NoColor || o.Getenv("NO_COLOR") != "" {
		out.Depth = 0
	}
	return out
}

func depth(getenv func(string) string) int {
	term := getenv("TERM")
	switch {
	case strings.Contains(getenv("COLORTERM"), "truecolor"), strings.Contains(getenv("COLORTERM"), "24bit"):
		return 1 << 24
	case strings.Contains(term, "256color"), strings.Contains(term, "kitty"), strings.Contains(term, "alacritty"):
		return 256
	case term == "" || term == "dumb" || strings.HasPrefix(term, "vt"):
		return 0
	}
	return 16
}

// light reads COLORFGBG ("15;0" is white on black). Most terminals have a dark
// ground; the others say so when they are asked.
func light(getenv func(string) string) bool {
	fields := strings.Split(getenv("COLORFGBG"), ";")
	last := fields[len(fields)-1]
	return last == "7" || last == "15"
}

// asciiOnly: the locale says that the terminal does not read UTF-8.
func asciiOnly(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := getenv(name); v != "" {
			v = strings.ToLower(v)
			return !strings.Contains(v, "utf-8") && !strings.Contains(v, "utf8")
		}
	}
	return false
}
