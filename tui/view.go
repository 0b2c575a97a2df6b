package tui

import (
	"strings"

	"planewise/model"
	"planewise/tui/cell"
	"planewise/tui/keys"
	"planewise/tui/layout"
)

// View draws the window: never more lines or columns than it has.
func (m *Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	return strings.Join(m.frame(), "\n")
}

func (m *Model) frame() []string {
	switch {
	case tooSmall(m.width, m.height):
		return m.lines("window too small: " + itoa(layout.MinWidth) + "x" + itoa(layout.MinHeight) + " at least")
	case m.err != nil:
		return m.failed()
	case !m.ready():
		return m.loading()
	}
	lines := make([]string, 0, m.height)
	lines = append(lines, m.titleLine())
	lines = append(lines, m.screen.view(&m.world)...)
	for len(lines) < m.height-1 {
		lines = append(lines, cell.Blank(m.width))
	}
	lines = append(lines[:m.height-1], m.footLine())
	if m.top() != nil {
		lines, m.box = overlay(&m.world, lines, m.width, m.height)
	}
	return lines
}

// lines are wrapped text that fills the window.
func (m *Model) lines(text string) []string {
	out := cell.Wrap(text, m.width, m.height, "")
	for i := range out {
		out[i] = cell.Fit(out[i], m.width, "")
	}
	for len(out) < m.height {
		out = append(out, cell.Blank(m.width))
	}
	return out[:m.height]
}

func (m *Model) loading() []string {
	out := m.lines("")
	out[m.height/2] = cell.Fit("  planewise: reading the plan"+m.theme.Glyphs.Ellipsis, m.width, m.theme.Glyphs.Ellipsis)
	return out
}

func (m *Model) failed() []string {
	return m.lines("planewise could not open the plan: " + m.err.Error() + ". q quits.")
}

// titleLine names the plan and its state.
func (m *Model) titleLine() string {
	t := &m.theme
	var marks []string
	if m.slow {
		marks = append(marks, "planning"+t.Glyphs.Ellipsis)
	}
	if m.modified() {
		marks = append(marks, t.Glyphs.Mark+" modified")
	}
	right := ""
	if len(marks) > 0 {
		right = " " + strings.Join(marks, "  ") + " "
	}
	v := m.world.view
	arrow := " -> "
	left := " " + refs(v.From) + arrow + shortTo(v) + mixed(v) + " on " + v.System + " "
	if m.width >= 60 {
		left = " planewise " + t.Glyphs.Border + left
	}
	if len(m.stack) > 0 {
		left = " " + string(m.screen.context()) + " " + t.Glyphs.Border + left
	}
	right = cell.Cut(right, m.width/2, t.Glyphs.Ellipsis)
	return t.Bar.On(cell.Fit(left, m.width-cell.Width(right), t.Glyphs.Ellipsis) + right)
}

func refs(list []model.ReleaseRef) string {
	var out []string
	for _, r := range list {
		out = append(out, r.Product+" "+r.Version)
	}
	if out == nil {
		return "nothing"
	}
	return strings.Join(out, " + ")
}

// shortTo is the target, without the product where both sides have just the same
// one.
func shortTo(v *view) string {
	if len(v.From) == 1 && len(v.To) == 1 && v.From[0].Product == v.To[0].Product {
		return v.To[0].Version
	}
	return refs(v.To)
}

// mixed says that the target is not the release as it was made.
func mixed(v *view) string {
	if n := len(v.excluded()); n > 0 {
		return " (mixed: " + itoa(n) + " left out)"
	}
	return ""
}

// footLine is the notice, the filter, or the most useful keys.
func (m *Model) footLine() string {
	t := &m.theme
	if m.notice.text != "" {
		p := t.Good
		if m.notice.bad {
			p = t.Warn
		}
		return p.On(cell.Fit(" "+m.notice.text, m.width, t.Glyphs.Ellipsis))
	}
	return m.hintLine()
}

// hintWidth is what a key and its short help take, blanks included.
func hintWidth(k keys.Bind) int { return len(k.Help().Key) + len(k.Help().Desc) + 3 }

func (m *Model) hintLine() string {
	t := &m.theme
	var b strings.Builder
	used := 0
	if f := m.screen.filter(); f != "" {
		s := cell.Cut(" filter: "+f+" (esc clears) ", m.width/2, t.Glyphs.Ellipsis)
		b.WriteString(t.Changed.On(s))
		used = cell.Width(s)
	}
	help := map[keys.Action]keys.Bind{}
	for _, k := range m.keys.Of(m.screen.context()) {
		if _, ok := help[k.Do]; !ok {
			help[k.Do] = k
		}
	}
	hint := func(a keys.Action, room int) {
		k, ok := help[a]
		if !ok || used+hintWidth(k) > room {
			return
		}
		b.WriteString(" " + t.Key.On(k.Help().Key) + " " + t.Dim.On(k.Help().Desc) + " ")
		used += hintWidth(k)
	}
	// The palette and the help lead to everything else, so they keep their room.
	last := []keys.Action{keys.Palette, keys.Help}
	room := m.width
	for _, a := range last {
		room -= hintWidth(help[a])
	}
	for _, a := range m.screen.hints(&m.world) {
		hint(a, room)
	}
	for _, a := range last {
		hint(a, m.width)
	}
	return b.String() + cell.Blank(m.width-used)
}
