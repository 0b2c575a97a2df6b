package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/cell"
)

// line is an edited line of text. The text field of bubbles is not used: it links
// a clipboard that runs other programs, and terminals paste without it.
type line struct {
	text []rune
	at   int
}

// maxLine bounds what is typed or pasted; paths are not longer.
const maxLine = 4096

func newLine(s string) line { return line{[]rune(s), len([]rune(s))} }

func (l *line) String() string { return string(l.text) }

// key edits; keys that mean nothing here are ignored.
func (l *line) key(msg tea.KeyMsg) {
	switch msg.Type {
	case tea.KeyRunes, tea.KeySpace:
		if len(l.text)+len(msg.Runes) <= maxLine {
			l.text = slices.Insert(l.text, l.at, msg.Runes...)
			l.at += len(msg.Runes)
		}
	case tea.KeyBackspace:
		if l.at > 0 {
			l.at--
			l.text = slices.Delete(l.text, l.at, l.at+1)
		}
	case tea.KeyDelete:
		if l.at < len(l.text) {
			l.text = slices.Delete(l.text, l.at, l.at+1)
		}
	case tea.KeyLeft:
		l.at = max(0, l.at-1)
	case tea.KeyRight:
		l.at = min(len(l.text), l.at+1)
	case tea.KeyHome, tea.KeyCtrlA:
		l.at = 0
	case tea.KeyEnd, tea.KeyCtrlE:
		l.at = len(l.text)
	case tea.KeyCtrlU:
		l.text, l.at = slices.Delete(l.text, 0, l.at), 0
	case tea.KeyCtrlW:
		l.word()
	}
}

// word deletes the word, or part of a path, before the cursor.
func (l *line) word() {
	to := l.at
	for to > 0 && (l.text[to-1] == ' ' || l.text[to-1] == '/') {
		to--
	}
	for to > 0 && l.text[to-1] != ' ' && l.text[to-1] != '/' {
		to--
	}
	l.text = slices.Delete(l.text, to, l.at)
	l.at = to
}

// draw is the line in exactly n columns. Of a longer text the end before the
// cursor is seen.
func (l *line) draw(w *world, n int) string {
	t := &w.theme
	text, at := l.text, l.at
	if room := n - 4; at > room && room > 0 {
		text, at = text[at-room:], room
	}
	before, under, after := string(text[:at]), " ", ""
	if at < len(text) {
		under, after = string(text[at]), string(text[at+1:])
	}
	head := cell.Cut(" "+before, n-1, t.Glyphs.Ellipsis)
	mid := cell.Fit(under, min(max(cell.Width(under), 1), n-cell.Width(head)), "")
	rest := cell.Fit(after, n-cell.Width(head)-cell.Width(mid), t.Glyphs.Ellipsis)
	return head + t.Selected.On(mid) + rest
}

// prompt asks for a line of text.
type prompt struct {
	title, help string
	line        line
	then        func(w *world, text string) (bool, tea.Cmd)
}

func newPrompt(title, help, value string, then func(*world, string) (bool, tea.Cmd)) *prompt {
	return &prompt{title, help, newLine(value), then}
}

func (p *prompt) key(w *world, msg tea.KeyMsg) (bool, tea.Cmd) {
	switch msg.Type {
	case tea.KeyEsc:
		return true, nil
	case tea.KeyEnter:
		return p.then(w, p.line.String())
	}
	p.line.key(msg)
	return false, nil
}

func (p *prompt) draw(w *world, width, height int) (string, []string, string) {
	n := max(4, min(width, 76))
	lines := []string{p.line.draw(w, n)}
	for _, l := range cell.Wrap(p.help, n-2, max(0, height-2), w.theme.Glyphs.Ellipsis) {
		lines = append(lines, w.theme.Dim.On(" "+l))
	}
	return p.title, lines, "enter goes on   esc cancels"
}
