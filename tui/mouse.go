package tui

import tea "github.com/charmbracelet/bubbletea"

// wheelLines is how far one notch of the wheel scrolls.
const wheelLines = 3

// mouse selects and scrolls; everything else is for the keys.
func (m *Model) mouse(msg tea.MouseMsg) tea.Cmd {
	if !m.ready() || tooSmall(m.width, m.height) {
		return nil
	}
	lines := 0
	switch {
	case msg.Button == tea.MouseButtonWheelUp:
		lines = -wheelLines
	case msg.Button == tea.MouseButtonWheelDown:
		lines = wheelLines
	case msg.Button != tea.MouseButtonLeft || msg.Action != tea.MouseActionPress:
		return nil
	}
	if d := m.top(); d != nil {
		return m.mouseOver(d, msg, lines)
	}
	if lines != 0 {
		m.screen.wheel(&m.world, msg.X, msg.Y, lines)
		return nil
	}
	return m.screen.click(&m.world, msg.X, msg.Y)
}

// mouseOver is the mouse while a dialog is open: what lies below gets nothing.
func (m *Model) mouseOver(d dialog, msg tea.MouseMsg, lines int) tea.Cmd {
	b, ok := d.(boxed)
	if !ok {
		return nil
	}
	if lines != 0 {
		b.scroll(lines)
		return nil
	}
	line := msg.Y - m.box.y - 1
	if line < 0 || line >= m.box.h-2 || msg.X <= m.box.x || msg.X >= m.box.x+m.box.w-1 {
		return nil
	}
	n := len(m.dialogs) - 1
	closed, cmd := b.click(&m.world, line)
	if closed {
		m.dialogs = append(m.dialogs[:n], m.dialogs[n+1:]...)
	}
	return cmd
}
