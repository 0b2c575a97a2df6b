package tui

import (
	"fmt"
	"runtime/debug"

	tea "github.com/charmbracelet/bubbletea"
)

// guard stands between Bubble Tea and the model. A panic in either of its methods
// or in a command ends the program in order, with the terminal given back, and
// becomes Run's error; Bubble Tea itself would print it over the screen.
type guard struct {
	model *Model
	crash error
	// quit ends the program from outside of Update.
	quit func()
}

// crashed is a panic in a command.
type crashed struct{ err error }

func crash(r any) error {
	return fmt.Errorf("internal error: %v\nThis is a bug in planewise; nothing was changed on the system. Please report it with this text:\n%s", r, debug.Stack())
}

func (g *guard) Init() (cmd tea.Cmd) {
	defer g.catch(&cmd)
	return safe(g.model.Init())
}

func (g *guard) Update(msg tea.Msg) (_ tea.Model, cmd tea.Cmd) {
	defer g.catch(&cmd)
	if c, ok := msg.(crashed); ok {
		g.crash = c.err
	}
	if g.crash != nil {
		return g, tea.Quit
	}
	_, cmd = g.model.Update(msg)
	return g, safe(cmd)
}

func (g *guard) View() (frame string) {
	defer func() {
		if r := recover(); r != nil && g.crash == nil {
			g.crash = crash(r)
			go g.quit() // beside the loop that called, which reads what quit sends
		}
	}()
	return g.model.View()
}

func (g *guard) catch(cmd *tea.Cmd) {
	if r := recover(); r != nil {
		g.crash, *cmd = crash(r), tea.Quit
	}
}

// safe turns a panic in a command, or in one of a batch, into a message.
func safe(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = crashed{crash(r)}
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			out := make(tea.BatchMsg, len(batch))
			for i, c := range batch {
				out[i] = safe(c)
			}
			return out
		}
		return msg
	}
}
