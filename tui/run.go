package tui

import (
	"context"
	"io"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

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

// Run shows the planner until the user leaves it. The terminal is restored on
// every way out: leaving, an error, a panic, a signal, a cancelled ctx.
func Run(ctx context.Context, s Session, o Options) error {
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	if o.Plain {
		return runPlain(ctx, s, o)
	}
	m := New(ctx, s, o.First, theme.New(themeOptions(o)))
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithAltScreen(), tea.WithMouseCellMotion(), tea.WithFilter(coalesce)}
	if o.In != nil {
		options = append(options, tea.WithInput(o.In))
	}
	if o.Out != nil {
		options = append(options, tea.WithOutput(o.Out))
	}
	_, err := tea.NewProgram(m, options...).Run()
	if ctx.Err() != nil {
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

// themeOptions finds out what the terminal can do from its environment; the
// terminal itself is not asked, so that nothing waits for its answer.
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

// light reads COLORFGBG ("15;0" is white on black); what Bubble Tea found out at
// the start of the process is used where that is not set.
func light(getenv func(string) string) bool {
	fields := strings.Split(getenv("COLORFGBG"), ";")
	switch fields[len(fields)-1] {
	case "7", "15":
		return true
	case "":
		return !lipgloss.HasDarkBackground()
	}
	return false
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
