package tui

import (
	"context"
	"errors"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/planner/words"
	"planewise/tui/cell"
)

// progressBar is a running import.
type progressBar struct {
	path        string
	done, total int64
	steps       <-chan progressed
	stop        context.CancelFunc
}

// progressed is a step of an import, or its end.
type progressed struct {
	done, total int64
	end         bool
	name        string
	notes       []model.Diagnostic
	err         error
}

func (s *releasesScreen) askImport(w *world) tea.Cmd {
	if s.bar.path != "" {
		return w.ask(confirm{title: "Give up the import?", text: "Nothing of " + s.bar.path + " is kept.", yes: "give up", then: func(w *world) tea.Cmd {
			if s.bar.stop != nil {
				s.bar.stop()
			}
			return nil
		}})
	}
	return w.ask(newPrompt("Import a release", "A folder laid out as a release tree, such a tree as .tar.gz, or a release file.", "", func(w *world, path string) (bool, tea.Cmd) {
		if path = strings.TrimSpace(path); path == "" {
			return false, w.warn("name a folder or a file")
		}
		return true, s.startImport(w, path)
	}))
}

// startImport reads a release beside the screen. Steps come through a channel that
// holds only the newest, so that a slow screen never slows the reader down.
func (s *releasesScreen) startImport(w *world, path string) tea.Cmd {
	steps := make(chan progressed, 1)
	ctx, stop := context.WithCancel(w.ctx)
	s.bar = progressBar{path: path, steps: steps, stop: stop}
	session := w.session
	run := func() tea.Msg {
		defer stop()
		name, notes, err := session.Import(ctx, path, func(done, total int64) {
			select {
			case steps <- progressed{done: done, total: total}:
			default:
			}
		})
		close(steps)
		return progressed{end: true, name: name, notes: notes, err: err}
	}
	return tea.Batch(run, s.listen())
}

// listen waits for the next step.
func (s *releasesScreen) listen() tea.Cmd {
	steps := s.bar.steps
	return func() tea.Msg {
		if p, ok := <-steps; ok {
			return p
		}
		return nil
	}
}

func (s *releasesScreen) progressed(w *world, p progressed) tea.Cmd {
	if !p.end {
		if s.bar.path == "" {
			return nil
		}
		s.bar.done, s.bar.total = p.done, p.total
		return s.listen()
	}
	path := s.bar.path
	s.bar = progressBar{}
	if errors.Is(p.err, context.Canceled) {
		return w.say("gave up the import of %s", path)
	}
	if p.err != nil {
		return w.warn("%s was not imported: %v", path, p.err)
	}
	what := "imported " + p.name
	if n := len(p.notes); n > 0 {
		what += " with " + words.Count(n, "note")
	}
	w.say("%s", what)
	if p.name != s.to {
		s.from, s.to = s.to, p.name
	}
	return tea.Batch(s.load(w), s.compare(w))
}

// text is the bar in n columns. Where the total is not known it only says so.
func (b progressBar) text(t themed, n int) string {
	if b.total <= 0 {
		return " importing " + b.path + t.Glyphs.Ellipsis
	}
	percent := int(min(b.done, b.total) * 100 / b.total)
	lead := " importing " + itoa(percent) + " % "
	room := max(0, min(n-cell.Width(lead)-1, 40))
	full := room * percent / 100
	return lead + strings.Repeat(t.Glyphs.Full, full) + strings.Repeat(t.Glyphs.Empty, room-full)
}
