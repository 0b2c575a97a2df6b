package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"planewise/planner/edit"
	"planewise/tui/cell"
	"planewise/tui/keys"
)

// choice is a line of a picker.
type choice struct {
	title, note string
	// why it cannot be chosen now; "" where it can.
	why string
	on  bool // of a picker in which several are ticked
}

// picker lets the user choose one of many, or tick several; typing filters.
type picker struct {
	title   string
	choices []choice
	typed   string
	several bool
	at      pane
	h       int
	// pick is called with the index of the choice, or of several with -1. It returns
	// whether the picker closes.
	pick func(w *world, i int) (bool, tea.Cmd)
	// other is called with what was typed where no choice matches it; nil warns.
	other func(w *world, typed string) (bool, tea.Cmd)
	// change is called with each step of a value by left (-1) and right (1).
	change func(w *world, i, by int) tea.Cmd
	// foot is the line below; footNow makes it anew for each frame.
	foot    string
	footNow func(w *world) string
}

// shown are the indexes of the choices that the typed text lets through.
func (p *picker) shown() []int {
	var out []int
	for i, c := range p.choices {
		if matches(c.title+" "+c.note, p.typed) {
			out = append(out, i)
		}
	}
	return out
}

func (p *picker) key(w *world, msg tea.KeyMsg) (bool, tea.Cmd) {
	shown := p.shown()
	switch {
	case msg.Type == tea.KeyEsc:
		if p.typed != "" {
			p.typed = ""
			return false, nil
		}
		return true, nil
	case msg.Type == tea.KeyEnter:
		return p.enter(w, shown)
	case msg.Type == tea.KeyBackspace:
		if r := []rune(p.typed); len(r) > 0 {
			p.typed, p.at = string(r[:len(r)-1]), pane{}
		}
	case msg.String() == " " && p.several:
		if p.at.cur < len(shown) {
			c := &p.choices[shown[p.at.cur]]
			if c.why != "" {
				return false, w.warn("%s", c.why)
			}
			c.on = !c.on
		}
	case p.change != nil && (msg.Type == tea.KeyLeft || msg.Type == tea.KeyRight):
		by := 1
		if msg.Type == tea.KeyLeft {
			by = -1
		}
		if p.at.cur < len(shown) {
			return false, p.change(w, shown[p.at.cur], by)
		}
	case msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace:
		if len(p.typed) < 200 {
			p.typed, p.at = p.typed+string(msg.Runes), pane{}
		}
	default:
		p.at.step(w.keys.Find(keys.Everywhere, msg), len(shown), p.h)
	}
	return false, nil
}

func (p *picker) enter(w *world, shown []int) (bool, tea.Cmd) {
	if p.several {
		return p.pick(w, -1)
	}
	switch {
	case p.at.cur < len(shown):
	case p.other != nil:
		return p.other(w, p.typed)
	default:
		return false, w.warn("nothing matches %q", p.typed)
	}
	i := shown[p.at.cur]
	if why := p.choices[i].why; why != "" {
		return false, w.warn("%s", why)
	}
	return p.pick(w, i)
}

func (p *picker) scroll(lines int) { p.at.scroll(lines, len(p.shown()), p.h) }

func (p *picker) click(w *world, line int) (bool, tea.Cmd) {
	shown := p.shown()
	i := p.at.off + line - 1 // the first line is what was typed
	if i < 0 || i >= len(shown) {
		return false, nil
	}
	again := p.at.cur == i
	p.at.move(i, len(shown), p.h)
	if p.several {
		p.choices[shown[i]].on = !p.choices[shown[i]].on
		return false, nil
	}
	if again {
		return p.enter(w, shown)
	}
	return false, nil
}

func (p *picker) draw(w *world, width, height int) (string, []string, string) {
	t := &w.theme
	shown := p.shown()
	// The height comes from all choices, so that the box does not jump while typing.
	p.h = max(1, min(height-2, len(p.choices)))
	p.at.show(len(shown), p.h)
	wide := 44
	for _, c := range p.choices {
		wide = max(wide, min(cell.Width(c.title)+cell.Width(c.note)+8, 90))
	}
	wide = min(wide, width)
	lines := []string{t.Accent.On(cell.Fit(" "+t.Glyphs.Cursor+" "+p.typed+"_", wide, t.Glyphs.Ellipsis))}
	rows := make([]row, 0, len(shown))
	for _, i := range shown {
		rows = append(rows, p.line(w, p.choices[i]))
	}
	lines = append(lines, drawRows(t, rows, p.at, wide, p.h, true)...)
	foot := p.foot
	switch {
	case p.footNow != nil:
		foot = p.footNow(w)
	case foot == "" && p.several:
		foot = "space ticks   enter goes on   esc closes"
	case foot == "":
		foot = "type to filter   enter chooses   esc closes"
	}
	return p.title, lines, foot
}

func (p *picker) line(w *world, c choice) row {
	r := row{kind: bundleKind, text: c.title, right: c.note}
	if p.several {
		mark := w.theme.Glyphs.Off
		if c.on {
			mark = w.theme.Glyphs.On
		}
		r.text = mark + " " + c.title
	}
	if c.why != "" {
		r.tone, r.right = dimTone, c.why
	}
	return r
}

// newPalette lists every action of the screen, with the reason where it is not
// possible now.
func newPalette(m *Model) *picker {
	var acts []keys.Action
	p := &picker{title: "Commands"}
	seen := map[keys.Action]bool{}
	for _, b := range m.keys.Of(m.screen.context()) {
		if seen[b.Do] || b.Do == keys.Palette {
			continue
		}
		seen[b.Do] = true
		acts = append(acts, b.Do)
		p.choices = append(p.choices, choice{title: b.Title, note: b.Help().Key, why: m.disabled(b.Do)})
	}
	p.pick = func(_ *world, i int) (bool, tea.Cmd) { return true, m.do(acts[i]) }
	p.other = typedEdit
	p.foot = "type to filter, or an edit (leave B2)   enter chooses   esc closes"
	return p
}

// typedEdit carries out an edit in the words of --plain and of the command line.
func typedEdit(w *world, line string) (bool, tea.Cmd) {
	if w.waiting {
		// Bundles get new labels, so that B2 would mean another.
		return false, w.warn("the plan is being made again; say it when it is there")
	}
	c, err := edit.Parse(line)
	if err != nil {
		return false, w.warn("no command matches, and %v", err)
	}
	return true, w.edit(c)
}

// filterBox narrows the list while one types.
type filterBox struct {
	screen screen
	line   line
	before string
}

func newFilter(s screen) *filterBox {
	return &filterBox{screen: s, line: newLine(s.filter()), before: s.filter()}
}

// low lies at the bottom, so that the list can be seen while one types.
func (f *filterBox) low() bool { return true }

func (f *filterBox) key(w *world, msg tea.KeyMsg) (bool, tea.Cmd) {
	switch {
	case msg.Type == tea.KeyEnter:
		return true, nil
	case msg.Type == tea.KeyEsc:
		f.screen.setFilter(w, f.before)
		return true, nil
	}
	f.line.key(msg)
	f.screen.setFilter(w, f.line.String())
	return false, nil
}

func (f *filterBox) draw(w *world, width, _ int) (string, []string, string) {
	return "Filter", []string{f.line.draw(w, max(4, min(width, 50)))}, "enter keeps   esc cancels"
}
