package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/keys"
	"planewise/tui/theme"
)

// Update routes a message to what handles it.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = max(0, msg.Width), max(0, msg.Height)
		m.resize()
	case tea.KeyMsg:
		cmd = m.typed(msg)
	case tea.MouseMsg:
		cmd = m.mouse(msg)
	case opened:
		cmd = m.opened(msg)
	case planned:
		if m.take(msg) {
			cmd = m.screen.planned(&m.world)
			m.resize()
		}
	case late:
		m.slow = m.waiting && msg.id == m.asked
	case tea.ResumeMsg:
		m.resize()
	case done:
		cmd = msg.then(&m.world)
	default:
		cmd = m.receive(msg)
	}
	m.follow()
	return m, cmd
}

// done is the answer to a command whose effect is a method of the world.
type done struct{ then func(*world) tea.Cmd }

// receive hands the answer to a command to all screens: the one that asked may not
// be the one that is seen now.
func (m *Model) receive(msg tea.Msg) tea.Cmd {
	if !m.ready() {
		return nil
	}
	cmds := []tea.Cmd{m.screen.receive(&m.world, msg)}
	for _, a := range []keys.Action{keys.GoReleases, keys.GoWhatIf} {
		if s := m.kept[a]; s != nil && s != m.screen {
			cmds = append(cmds, s.receive(&m.world, msg))
		}
	}
	return tea.Batch(cmds...)
}

// follow takes up where a screen or dialog wants to go.
func (m *Model) follow() {
	if s := m.next; s != nil {
		m.next = nil
		m.show(s)
	}
}

func (m *Model) opened(msg opened) tea.Cmd {
	if msg.err != nil {
		m.waiting = false
		if !m.ready() {
			m.err = msg.err
			return nil
		}
		return m.warn("%v", msg.err)
	}
	m.err = nil
	return m.start(msg.base)
}

// typed takes keys apart that were typed so fast that they came as one message.
// What was pasted stays whole: it is text, never a command.
func (m *Model) typed(msg tea.KeyMsg) tea.Cmd {
	if part, changed := m.ground.takes(msg); part {
		if changed {
			m.theme = theme.New(m.ground.look)
		}
		return nil
	}
	if msg.Type != tea.KeyRunes || len(msg.Runes) < 2 || msg.Paste {
		return m.key(msg)
	}
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		one := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}
		if r == ' ' {
			one.Type = tea.KeySpace
		}
		cmds = append(cmds, m.key(one))
		m.follow()
	}
	return tea.Batch(cmds...)
}

// key sends a key to the dialog on top, or finds what it does on the screen.
func (m *Model) key(msg tea.KeyMsg) tea.Cmd {
	act := m.keys.Find(m.screen.context(), msg)
	switch msg.Type {
	case tea.KeyCtrlC:
		return tea.Quit
	case tea.KeyCtrlZ:
		return tea.Suspend
	}
	m.notice = notice{}
	if d := m.top(); d != nil {
		n := len(m.dialogs) - 1
		closed, cmd := d.key(&m.world, msg)
		if closed {
			m.dialogs = append(m.dialogs[:n], m.dialogs[n+1:]...)
		}
		return cmd
	}
	if act == "" {
		return nil
	}
	return m.do(act)
}

// do carries out an action, or says why not. Keys and the palette come here.
func (m *Model) do(a keys.Action) tea.Cmd {
	if why := m.disabled(a); why != "" {
		return m.warn("%s", why)
	}
	switch a {
	case keys.Abort:
		return tea.Quit
	case keys.Suspend:
		return tea.Suspend
	case keys.Quit:
		return m.quit()
	case keys.Back:
		return m.back()
	case keys.Help:
		return m.ask(newHelp(&m.world, m.screen))
	case keys.Palette:
		return m.ask(newPalette(m))
	case keys.Filter:
		return m.ask(newFilter(m.screen))
	case keys.Undo:
		return m.undo()
	case keys.Redo:
		return m.redo()
	case keys.GoPlan, keys.GoReleases, keys.GoMapping, keys.GoWhatIf:
		return m.goTo(a)
	}
	return m.screen.do(&m.world, a)
}

// disabled says why an action is not possible now; "" where it is.
func (m *Model) disabled(a keys.Action) string {
	switch a {
	case keys.Abort, keys.Suspend, keys.Help, keys.Back, keys.Palette:
		return ""
	case keys.Quit:
		if len(m.stack) > 0 {
			return "q quits only at the top; esc goes back, ctrl+c quits at once"
		}
		return ""
	}
	if !m.ready() {
		return "the plan is not there yet"
	}
	switch a {
	case keys.Undo:
		if !m.hist.CanUndo() {
			return "there is nothing to undo"
		}
	case keys.Redo:
		if !m.hist.CanRedo() {
			return "there is nothing to redo"
		}
	case keys.Filter, keys.GoPlan, keys.GoReleases, keys.GoMapping, keys.GoWhatIf:
		return ""
	}
	return m.screen.disabled(&m.world, a)
}

// back undoes one level of the screen, or leaves it.
func (m *Model) back() tea.Cmd {
	if m.ready() && m.screen.back(&m.world) {
		m.resize()
		return nil
	}
	if n := len(m.stack); n > 0 {
		m.screen, m.stack = m.stack[n-1], m.stack[:n-1]
		cmd := m.screen.planned(&m.world)
		m.resize()
		return cmd
	}
	return m.say("this is the top; q quits")
}

// quit asks first where something would be lost.
func (m *Model) quit() tea.Cmd {
	if m.ready() && m.modified() {
		return m.ask(confirm{
			title: "Quit without saving?", text: "The changes to this plan are not saved. s saves the plan, u undoes the last change.",
			yes: "quit", then: func(*world) tea.Cmd { return tea.Quit },
		})
	}
	return tea.Quit
}

// goTo opens one of the main screens; going to the plan leaves all others.
func (m *Model) goTo(a keys.Action) tea.Cmd {
	s := m.kept[a]
	var cmd tea.Cmd
	if s == nil {
		s, cmd = newScreen(&m.world, a)
		m.kept[a] = s
	}
	if a == keys.GoPlan {
		m.stack, m.screen = nil, s
	} else {
		m.stack = m.stack[:0]
		if s != m.kept[keys.GoPlan] {
			m.stack = append(m.stack, m.kept[keys.GoPlan])
		}
		m.screen = s
	}
	cmd = tea.Batch(cmd, s.planned(&m.world))
	m.resize()
	return cmd
}

// newScreen makes a main screen when it is first gone to.
func newScreen(w *world, a keys.Action) (screen, tea.Cmd) {
	switch a {
	case keys.GoReleases:
		return newReleasesScreen(w)
	case keys.GoMapping:
		return newMappingScreen(w), nil
	}
	return newWhatIfScreen(w), nil
}
