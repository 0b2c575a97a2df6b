package tui

import (
	"io"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/internal/quiet"
	"planewise/tui/theme"
)

// By now Bubble Tea is initialised; see package quiet.
var _ = quiet.Over()

// question for the colour of the ground (OSC 11).
const groundQuestion = "\x1b]11;?\x07"

// ground asks the terminal whether its ground is light, and goes on without
// waiting. The answer, if one comes, arrives among the keys:
//
//	alt+]  11;rgb:ffff/ffff/ffff  alt+\ (or ctrl+g)
type ground struct {
	out    io.Writer // nil: nothing is asked
	look   theme.Options
	inside bool // an answer has begun
	text   string
}

// longest answer; whatever is longer is none.
const longestAnswer = 40

func (g *ground) ask() tea.Cmd {
	out := g.out
	if out == nil {
		return nil
	}
	return func() tea.Msg {
		// A terminal that cannot be asked is not told apart from one that stays mute.
		_, _ = io.WriteString(out, groundQuestion)
		return nil
	}
}

// takes reports whether a key is part of an answer, and whether the theme changed.
func (g *ground) takes(msg tea.KeyMsg) (part, changed bool) {
	const begin, begins = "]", "11;rgb:"
	switch {
	case g.out == nil || msg.Paste:
		return false, false
	case msg.Alt && string(msg.Runes) == begin:
		g.inside, g.text = true, ""
		return true, false
	case !g.inside:
		return false, false
	case msg.Type == tea.KeyCtrlG || msg.Alt && string(msg.Runes) == `\`:
		g.inside = false
		return true, g.answered(strings.TrimPrefix(g.text, begins))
	}
	text := g.text + string(msg.Runes)
	n := min(len(text), len(begins))
	if msg.Type != tea.KeyRunes || msg.Alt || len(text) > longestAnswer || text[:n] != begins[:n] {
		g.inside = false // it was a key after all
		return false, false
	}
	g.text = text
	return true, false
}

// answered reads "ffff/ffff/ffff"; each part has one to four digits.
func (g *ground) answered(rgb string) bool {
	parts := strings.Split(rgb, "/")
	if len(parts) != 3 {
		return false
	}
	sum := 0
	for i, weight := range []int{299, 587, 114} { // how bright the eye sees red, green, blue, per mille
		v, err := strconv.ParseUint(parts[i], 16, 16)
		if err != nil {
			return false
		}
		most := 1<<(4*len(parts[i])) - 1
		sum += weight * int(v) / most
	}
	light := sum > 500
	changed := light != g.look.Light
	g.look.Light = light
	return changed
}
