package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/planner/diff"
	"planewise/tui/cell"
	"planewise/tui/keys"
	"planewise/tui/layout"
)

// releasesScreen lists the catalogue and compares any two releases.
type releasesScreen struct {
	entries  []Entry
	err      error
	loaded   bool
	from, to string // marked
	shown    []int  // entries that the filter lets through
	diff     releaseDiff
	onDetail bool
	list     pane
	detail   pane
	rows     []row
	narrow   string
	only     diffFilter
	bar      progressBar
	area     layout.Rect
	wide     bool
	split    int
}

// releaseDiff is what differs between two sets, or one release's components.
type releaseDiff struct {
	from, to string
	waiting  bool
	err      error
	changes  []model.Change
	same     []model.Component // what does not differ
	notes    []model.Diagnostic
	planes   map[model.ComponentID][]model.PlaneID
}

type (
	releaseList struct {
		entries []Entry
		err     error
	}
	diffed struct{ releaseDiff }
)

func newReleasesScreen(w *world) (*releasesScreen, tea.Cmd) {
	s := &releasesScreen{from: w.base.Question.From, to: w.base.Question.To, only: diffFilter{changes: true}}
	return s, tea.Batch(s.load(w), s.compare(w))
}

func (s *releasesScreen) load(w *world) tea.Cmd {
	ctx, session := w.ctx, w.session
	return func() tea.Msg {
		entries, err := session.Releases(ctx)
		return releaseList{entries, err}
	}
}

// compare reads the marked releases and finds what differs.
func (s *releasesScreen) compare(w *world) tea.Cmd {
	d := releaseDiff{from: s.from, to: s.to, waiting: true}
	s.diff = d
	if d.to == "" {
		s.diff.waiting = false
		s.build(w)
		return nil
	}
	ctx, session, in := w.ctx, w.session, w.base.Input
	return func() tea.Msg {
		d.waiting = false
		var from, to []model.Release
		if d.from != "" {
			from, d.err = session.Release(ctx, d.from)
		}
		if d.err == nil {
			to, d.err = session.Release(ctx, d.to)
		}
		if d.err != nil {
			return diffed{d}
		}
		if d.from != "" {
			d.changes, d.notes = diff.Between(from, to, in.Known)
		}
		d.same = unchanged(to, d.changes)
		d.planes = planesOf(in.Catalog, d.changes, d.same)
		return diffed{d}
	}
}

// unchanged are the components of the target that no change is about.
func unchanged(set []model.Release, changes []model.Change) []model.Component {
	differs := map[model.ComponentID]bool{}
	for _, c := range changes {
		differs[c.ID] = true
	}
	var out []model.Component
	for _, r := range set {
		for _, c := range r.Components {
			if !differs[c.ID()] {
				out = append(out, c)
			}
		}
	}
	return out
}

func (s *releasesScreen) receive(w *world, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case releaseList:
		s.entries, s.err, s.loaded = msg.entries, msg.err, true
		s.narrowList()
	case diffed:
		if msg.from == s.from && msg.to == s.to {
			s.diff = msg.releaseDiff
			s.detail = pane{}
			s.build(w)
		}
	case progressed:
		return s.progressed(w, msg)
	}
	return nil
}

func (s *releasesScreen) context() keys.Context { return keys.Releases }

func (s *releasesScreen) filter() string { return s.narrow }

func (s *releasesScreen) setFilter(w *world, text string) {
	s.narrow = text
	s.narrowList()
	s.build(w)
}

// narrowList applies the filter to the list, unless it is meant for the detail.
func (s *releasesScreen) narrowList() {
	s.shown = s.shown[:0]
	for i, e := range s.entries {
		if s.onDetail || matches(e.Name, s.narrow) {
			s.shown = append(s.shown, i)
		}
	}
	s.list.show(len(s.shown), s.height())
}

func (s *releasesScreen) resize(w *world, width, height int) {
	s.area = body(width, height)
	s.wide = width >= 72
	s.split = min(max(width/4, 26), 44)
	s.list.show(len(s.shown), s.height())
	s.build(w)
}

func (s *releasesScreen) height() int { return max(0, s.area.H-1) }

func (s *releasesScreen) detailWidth() int {
	if s.wide {
		return s.area.W - s.split - 1
	}
	return s.area.W
}

func (s *releasesScreen) planned(*world) tea.Cmd { return nil }

func (s *releasesScreen) hints(*world) []keys.Action {
	return []keys.Action{keys.Compare, keys.NextPane, keys.PlanThis, keys.Filter, keys.Kind, keys.Direction, keys.PlaneOnly, keys.OnlyChanges, keys.Fold, keys.Import, keys.Enter}
}

func (s *releasesScreen) disabled(w *world, a keys.Action) string {
	switch a {
	case keys.Compare:
		if s.onDetail || len(s.shown) == 0 {
			return "select a release in the list (tab) to mark it"
		}
	case keys.PlanThis:
		if s.from == "" || s.to == "" {
			return "mark two releases with space first"
		}
	case keys.Enter:
		if s.onDetail {
			return s.cannotExplain(w)
		}
	case keys.Left, keys.Right:
		return "tab changes the pane"
	}
	return ""
}

// cannotExplain: only the plan on the screen knows what a change disturbs.
func (s *releasesScreen) cannotExplain(w *world) string {
	r := s.current()
	if r.kind != changeKind {
		return "select a change to see what it disturbs"
	}
	if w.view.changes[model.ChangeID(r.id)] == nil {
		return "the plan on the screen does not have this change; p plans these two releases"
	}
	return ""
}

func (s *releasesScreen) current() row {
	if s.detail.cur >= 0 && s.detail.cur < len(s.rows) {
		return s.rows[s.detail.cur]
	}
	return row{}
}

func (s *releasesScreen) do(w *world, a keys.Action) tea.Cmd {
	switch a {
	case keys.NextPane, keys.PrevPane:
		s.onDetail = !s.onDetail
		s.narrow = ""
		s.narrowList()
		s.build(w)
	case keys.Compare:
		return s.mark(w)
	case keys.PlanThis:
		q := w.base.Question
		q.From, q.To = s.from, s.to
		return w.reopen(q)
	case keys.Import:
		return s.askImport(w)
	case keys.Enter:
		if s.onDetail {
			return openExplain(w, s.current().id, "")
		}
		s.onDetail = true
	case keys.Kind, keys.Direction, keys.PlaneOnly, keys.OnlyChanges, keys.Fold:
		s.only.turn(w, s, a)
		s.build(w)
	default:
		if s.onDetail {
			s.detail.step(a, len(s.rows), s.height())
		} else {
			s.list.step(a, len(s.shown), s.height())
		}
	}
	return nil
}

// mark takes a release as the target; what was the target becomes the start. The
// same release again is taken out.
func (s *releasesScreen) mark(w *world) tea.Cmd {
	name := s.entries[s.shown[s.list.cur]].Name
	switch name {
	case s.to:
		s.to, s.from = s.from, ""
	case s.from:
		s.from = ""
	default:
		s.from, s.to = s.to, name
	}
	return s.compare(w)
}

func (s *releasesScreen) back(w *world) bool {
	switch {
	case s.narrow != "":
		s.setFilter(w, "")
	case s.only.active():
		s.only = diffFilter{changes: true}
		s.build(w)
	case s.onDetail:
		s.onDetail = false
	default:
		return false
	}
	return true
}

func (s *releasesScreen) click(w *world, x, y int) tea.Cmd {
	line := y - s.area.Y - 1
	if s.wide && x < s.split || !s.wide && !s.onDetail {
		s.onDetail = false
		s.list.move(s.list.off+line, len(s.shown), s.height())
		return nil
	}
	s.onDetail = true
	s.detail.move(s.detail.off+line, len(s.rows), s.height())
	return nil
}

func (s *releasesScreen) wheel(_ *world, x, _, lines int) {
	if s.wide && x < s.split || !s.wide && !s.onDetail {
		s.list.scroll(lines, len(s.shown), s.height())
		return
	}
	s.detail.scroll(lines, len(s.rows), s.height())
}

func (s *releasesScreen) view(w *world) []string {
	list, detail := s.listLines(w), s.detailLines(w)
	if !s.wide {
		if s.onDetail {
			return detail
		}
		return list
	}
	border := w.theme.Rule.On(w.theme.Glyphs.Border)
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i] + border + detail[i]
	}
	return out
}

func (s *releasesScreen) listLines(w *world) []string {
	t := &w.theme
	width := s.split
	if !s.wide {
		width = s.area.W
	}
	head := " releases (" + itoa(len(s.shown)) + ")"
	if s.bar.path != "" {
		head = s.bar.text(t, width)
	}
	out := []string{t.Strong.On(cell.Fit(head, width, t.Glyphs.Ellipsis))}
	var rows []row
	switch {
	case s.err != nil:
		rows = paragraph("The catalogue cannot be read: "+s.err.Error(), 1, width, badTone)
	case !s.loaded:
		rows = []row{{text: " reading" + t.Glyphs.Ellipsis, tone: dimTone}}
	case len(s.entries) == 0:
		rows = paragraph("No release yet. i imports one from a folder, an archive or a file.", 1, width, plainTone)
	case len(s.shown) == 0:
		rows = paragraph("Nothing matches; esc clears the filter.", 1, width, dimTone)
	}
	for _, i := range s.shown {
		rows = append(rows, s.entryRow(s.entries[i]))
	}
	return append(out, drawRows(t, rows, s.list, width, s.height(), !s.onDetail)...)
}

func (s *releasesScreen) entryRow(e Entry) row {
	r := row{kind: bundleKind, id: e.Name, text: "     " + e.Name, right: e.Origin}
	switch {
	case holds(s.from, e.Name):
		r.text, r.tone = "from "+e.Name, goodTone
	case holds(s.to, e.Name):
		r.text, r.tone = "to   "+e.Name, goodTone
	}
	if e.Origin == "embedded" {
		r.right = ""
	}
	return r
}

// holds reports whether a set such as core-1.5.2+login-2.6.0 names the release.
func holds(set, name string) bool { return slices.Contains(strings.Split(set, "+"), name) }
