package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/planner/words"
)

// save keeps the plan as it is on the screen.
func save(w *world) tea.Cmd {
	ctx, s, base, state, at, v := w.ctx, w.session, w.base, w.state(), w.hist.At(), w.view
	w.say("saving%s", w.theme.Glyphs.Ellipsis)
	return func() tea.Msg {
		p, err := finished(base, state)
		name := ""
		if err == nil {
			name, err = s.SavePlan(ctx, p)
		}
		return done{func(w *world) tea.Cmd {
			if err != nil {
				return w.warn("not saved: %v", err)
			}
			if w.hist.At() == at {
				w.remember()
			} else {
				w.compareWith(v)
			}
			w.savedAt, w.savedID = at, name
			return w.say("saved as %s; planewise show %s prints it", name, name)
		}}
	}
}

// askExport begins an export: formats, folder, what would be written, written.
func askExport(w *world) tea.Cmd {
	formats := w.session.Formats()
	p := &picker{title: "Export: formats", several: true}
	for i, f := range formats {
		p.choices = append(p.choices, choice{title: f.Name, note: f.What, on: i == 0})
	}
	p.pick = func(w *world, _ int) (bool, tea.Cmd) {
		var names []string
		for i, c := range p.choices {
			if c.on {
				names = append(names, formats[i].Name)
			}
		}
		if names == nil {
			return false, w.warn("tick a format with space")
		}
		return true, askFolder(w, names)
	}
	return w.ask(p)
}

func askFolder(w *world, formats []string) tea.Cmd {
	help := "The folder for " + words.List(formats) + ". Nothing is written before you have seen the paths."
	return w.ask(newPrompt("Export: folder", help, "planewise-"+w.slug(), func(w *world, dir string) (bool, tea.Cmd) {
		if strings.TrimSpace(dir) == "" {
			return false, w.warn("name a folder; . is the current one")
		}
		return true, lookExport(w, formats, dir)
	}))
}

// slug is a short file name for the plan.
func (w *world) slug() string {
	var parts []string
	for _, r := range w.view.To {
		parts = append(parts, r.Product+"-"+r.Version)
	}
	clean := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}
	s := strings.Map(clean, strings.Join(parts, "-"))
	return s[:min(len(s), 60)]
}

// lookExport renders everything and shows what would be written.
func lookExport(w *world, formats []string, dir string) tea.Cmd {
	ctx, s, base, state := w.ctx, w.session, w.base, w.state()
	w.say("rendering%s", w.theme.Glyphs.Ellipsis)
	return func() tea.Msg {
		order := ExportOrder{Formats: formats, Dir: dir}
		var err error
		var files []File
		if order.Plan, err = finished(base, state); err == nil {
			files, err = s.Export(ctx, order)
		}
		return done{func(w *world) tea.Cmd {
			if err != nil {
				return w.warn("not exported: %v", err)
			}
			w.notice = notice{}
			return confirmExport(w, order, files)
		}}
	}
}

func confirmExport(w *world, order ExportOrder, files []File) tea.Cmd {
	c := confirm{title: "Write these files?", yes: "write", text: words.Count(len(files), "file") + ":"}
	there := 0
	for _, f := range files {
		line := f.Path
		if f.Exists {
			there++
			line += "  (exists)"
		}
		c.list = append(c.list, line)
	}
	if there > 0 {
		order.Replace = true
		c.title, c.yes = "Replace existing files?", "replace"
		c.text = words.Count(len(files), "file") + ", of which " + itoa(there) + " exist and would be replaced:"
	}
	order.Write = true
	c.then = func(w *world) tea.Cmd { return writeExport(w, order) }
	return w.askLate(c)
}

func writeExport(w *world, order ExportOrder) tea.Cmd {
	ctx, s := w.ctx, w.session
	return func() tea.Msg {
		files, err := s.Export(ctx, order)
		return done{func(w *world) tea.Cmd {
			if err != nil {
				return w.warn("not exported: %v", err)
			}
			return w.say("wrote %s to %s", words.Count(len(files), "file"), order.Dir)
		}}
	}
}

// question is a form for what to plan.
type question struct {
	Question
	releases, systems, policies []Entry
}

// askOther asks what to plan instead, or beside.
func askOther(w *world, title string, then func(*world, Question) tea.Cmd) tea.Cmd {
	ctx, s, q := w.ctx, w.session, question{Question: w.base.Question}
	w.say("reading the catalogue%s", w.theme.Glyphs.Ellipsis)
	return func() tea.Msg {
		var err error
		if q.releases, err = s.Releases(ctx); err == nil {
			q.systems, err = s.Systems(ctx)
		}
		if err == nil {
			q.policies, err = s.Policies(ctx)
		}
		return done{func(w *world) tea.Cmd {
			if err != nil {
				return w.warn("the catalogue cannot be read: %v", err)
			}
			w.notice = notice{}
			return w.ask(newForm(title, q, then))
		}}
	}
}

func newForm(title string, q question, then func(*world, Question) tea.Cmd) *picker {
	p := &picker{title: title, foot: "enter changes a line   esc closes"}
	set := func() {
		p.choices = []choice{
			{title: "plan it"},
			{title: "from", note: q.From}, {title: "to", note: q.To},
			{title: "system", note: q.System}, {title: "policy", note: q.Policy},
		}
	}
	set()
	p.pick = func(w *world, i int) (bool, tea.Cmd) {
		switch i {
		case 0:
			return true, then(w, q.Question)
		case 1:
			return false, w.ask(chooseSet("From", q.releases, q.From, func(v string) { q.From = v; set() }))
		case 2:
			return false, w.ask(chooseSet("To", q.releases, q.To, func(v string) { q.To = v; set() }))
		case 3:
			return false, w.ask(chooseOne("System", q.systems, func(v string) { q.System = v; set() }))
		}
		return false, w.ask(chooseOne("Policy", q.policies, func(v string) { q.Policy = v; set() }))
	}
	return p
}

func chooseOne(title string, entries []Entry, then func(string)) *picker {
	p := &picker{title: title}
	for _, e := range entries {
		p.choices = append(p.choices, choice{title: e.Name, note: e.Origin})
	}
	p.pick = func(_ *world, i int) (bool, tea.Cmd) {
		then(entries[i].Name)
		return true, nil
	}
	return p
}

// chooseSet ticks the releases of one side; a set holds one of each product.
func chooseSet(title string, entries []Entry, now string, then func(string)) *picker {
	p := &picker{title: title + ": tick one release of each product", several: true}
	for _, e := range entries {
		p.choices = append(p.choices, choice{title: e.Name, note: e.Origin, on: strings.Contains("+"+now+"+", "+"+e.Name+"+")})
	}
	p.pick = func(w *world, _ int) (bool, tea.Cmd) {
		var names []string
		for i, c := range p.choices {
			if c.on {
				names = append(names, entries[i].Name)
			}
		}
		if names == nil {
			return false, w.warn("tick at least one release with space")
		}
		then(strings.Join(names, "+"))
		return true, nil
	}
	return p
}

// compareWith makes marks compare with a plan that was saved a moment ago.
func (w *world) compareWith(v *view) {
	w.saved = v
	w.signs = map[string]bool{}
	for _, s := range v.signs {
		w.signs[s] = true
	}
}
