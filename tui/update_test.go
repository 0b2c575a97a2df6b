package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/edit"
	"planewise/tui/keys"
)

// Keys on the demo, and what has to be true afterwards.
func TestKeysOnThePlan(t *testing.T) {
	s := newSession(t)
	shown := func(p *program) string { return ansi.Strip(p.View()) }
	cases := []struct {
		name  string
		press []string
		want  func(p *program) bool
	}{
		{"it opens on the first bundle", nil, func(p *program) bool { return p.home.selected() == entry{entryBundle, 0} }},
		{"down selects the next bundle", []string{"down"}, func(p *program) bool { return p.home.selected().bundle == 1 }},
		{"right selects the next bundle", []string{"right", "right"}, func(p *program) bool { return p.home.selected().bundle == 2 }},
		{"up stops at the top", []string{"up"}, func(p *program) bool { return p.home.selected().bundle == 0 }},
		{"tab goes round", []string{"tab", "tab", "tab"}, func(p *program) bool { return p.home.focus == onList }},
		{"shift+tab goes back", []string{"shift+tab"}, func(p *program) bool { return p.home.focus == onLanes }},
		{"percent changes the figures", []string{"%"}, func(p *program) bool { return p.p50 && strings.Contains(shown(p), "p50") }},
		{"z gives all the room", []string{"z"}, func(p *program) bool { return p.home.frame.Lanes.Empty() && p.home.zoom }},
		{"esc takes the zoom back", []string{"z", "esc"}, func(p *program) bool { return !p.home.zoom }},
		{"q quits at the top", []string{"q"}, func(p *program) bool { return p.quit }},
		{"ctrl+c quits from a dialog", []string{":", "ctrl+c"}, func(p *program) bool { return p.quit }},
		{"q does not quit elsewhere", []string{"2", "q"}, func(p *program) bool { return !p.quit && strings.Contains(p.notice.text, "esc goes back") }},
		{"esc comes back from a screen", []string{"3", "esc"}, func(p *program) bool { return p.screen == p.home }},
		{"esc at the top says so", []string{"esc"}, func(p *program) bool { return !p.quit && strings.Contains(p.notice.text, "top") }},
		{"u says that there is nothing to undo", []string{"u"}, func(p *program) bool { return p.notice.bad && strings.Contains(p.notice.text, "nothing to undo") }},
		{"p says why it cannot pin", []string{"p"}, func(p *program) bool { return strings.Contains(p.notice.text, "no windows") }},
		{"help names the keys", []string{"?"}, func(p *program) bool { return strings.Contains(shown(p), "Leave out, or take back in") }},
		{"a filter narrows the list", []string{"/", `"nexus"`, "enter"}, func(p *program) bool { return p.home.narrow == "nexus" && bundles(p) < len(p.plan().Bundles) }},
		{"esc in the filter takes it back", []string{"/", `"nexus"`, "esc"}, func(p *program) bool { return p.home.narrow == "" }},
		{"esc clears a kept filter", []string{"/", `"nexus"`, "enter", "esc"}, func(p *program) bool { return p.home.narrow == "" }},
		{"the palette runs an action", []string{":", `"to the releases"`, "enter"}, func(p *program) bool { return p.screen.context() == keys.Releases }},
		{"the palette says why an action is not possible", []string{":", `"pin the bundle"`, "enter"}, func(p *program) bool { return strings.Contains(p.notice.text, "no windows") && p.top() != nil }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := start(s, 100, 30)
			p.press(c.press...)
			if !c.want(p) {
				t.Errorf("after %v the screen is not as expected; notice %q\n%s", c.press, p.notice.text, shown(p))
			}
		})
	}
}

func bundles(p *program) int {
	n := 0
	for _, e := range p.home.entries {
		if e.kind == entryBundle {
			n++
		}
	}
	return n
}

// A bundle is left out with all that needs it, after one question; undo brings it
// back, redo takes it out again.
func TestLeaveOutUndoRedo(t *testing.T) {
	p := start(newSession(t), 100, 30)
	before := len(p.plan().Actions)
	p.press("right", "space")
	if p.top() == nil || len(p.plan().Actions) != before {
		t.Fatal("leaving out a bundle did not ask first")
	}
	p.press("n")
	if p.modified() || p.top() != nil {
		t.Fatal("n did not cancel")
	}
	p.press("space", "y")
	after := len(p.plan().Actions)
	if after >= before || !p.modified() {
		t.Fatalf("there were %d actions, and now there are %d", before, after)
	}
	if !strings.Contains(ansi.Strip(p.View()), "mixed") {
		t.Error("the title does not say that the target is mixed")
	}
	p.press("u")
	if len(p.plan().Actions) != before || p.modified() {
		t.Errorf("undo left %d actions of %d", len(p.plan().Actions), before)
	}
	p.press("ctrl+r")
	if len(p.plan().Actions) != after {
		t.Errorf("redo left %d actions, want %d", len(p.plan().Actions), after)
	}
	p.press("q")
	if p.quit || p.top() == nil {
		t.Error("q left with unsaved changes without asking")
	}
}

// What comes back in brings along what it requires, after one question.
func TestTakeBackIn(t *testing.T) {
	p := start(newSession(t), 120, 40)
	all := len(p.plan().Actions)
	p.press("right", "space", "y")
	for p.home.selected().kind != entryExcluded {
		p.press("down")
	}
	in := inputOf(p.base, p.hist.Now())
	in.Edits.Excluded = nil
	whole := planner.Build(in)
	var last string
	for _, id := range p.plan().excluded() {
		if len(edit.Needs(whole, id, p.plan().excluded())) > 0 {
			last = id
		}
	}
	if last == "" {
		t.Fatal("nothing that was left out requires anything else that was")
	}
	p.press("tab")
	for p.home.current().id != last {
		p.press("down")
	}
	p.press("space")
	if p.top() == nil {
		t.Fatal("it did not ask")
	}
	p.press("y")
	if out := p.plan().excluded(); slices.Contains(out, last) || len(edit.Needs(whole, last, out)) > 0 {
		t.Errorf("%s is back without what it requires", last)
	}
	p.press("esc")
	for p.home.selected().kind != entryExcluded {
		p.press("down")
	}
	p.press("space")
	if len(p.plan().Actions) != all || len(p.plan().excluded()) > 0 {
		t.Errorf("%d of %d actions are back", len(p.plan().Actions), all)
	}
}

// Left out of a plane: nothing is left that disturbs it.
func TestLeaveOutPlane(t *testing.T) {
	p := start(newSession(t), 120, 40)
	p.press("P", `"access"`, "enter", "y")
	for _, a := range p.plan().Actions {
		if a.Footprint["access"] == model.Disturbed {
			t.Errorf("%s still disturbs access", a.ID)
		}
	}
}

func TestMoveSaysWhatForbids(t *testing.T) {
	p := start(newSession(t), 120, 40)
	p.press("right", "tab")
	for p.home.current().kind != actionKind {
		p.press("down")
	}
	p.press("m", "end", "enter") // the last choice is the last bundle
	if p.top() == nil || p.notice.text == "" {
		t.Fatalf("the move to the last bundle was not refused; notice %q", p.notice.text)
	}
	for _, word := range []string{"must follow", "must come before", "must be with", "vendor's order"} {
		if strings.Contains(p.notice.text, word) {
			return
		}
	}
	t.Errorf("the refusal does not name what forbids it: %q", p.notice.text)
}

func TestKnobsPlanAtOnce(t *testing.T) {
	p := start(newSession(t), 100, 30)
	cost := p.plan().Optimality.Cost
	p.press("o", `"one more bundle"`)
	for range 6 {
		p.press("right")
	}
	if p.plan().Optimality.Cost == cost {
		t.Error("a bundle that costs 64 times as much changed nothing")
	}
	p.press("esc", "esc", "u", "u", "u", "u", "u", "u")
	if p.plan().Optimality.Cost != cost || p.modified() {
		t.Error("undo did not bring the policy back")
	}
}

func TestPinToWindow(t *testing.T) {
	s := newSession(t)
	s.policy = func(p *model.Policy) {
		all := map[model.PlaneID]model.Footprint{"control": model.Disturbed, "access": model.Disturbed, "compute": model.Disturbed, "storage": model.Disturbed}
		p.Windows = []model.Window{
			{Name: "week", Zone: "UTC", Start: "2026-01-06T00:00:00", DurationS: 86400, RRule: "FREQ=DAILY", Grants: all, Limits: "run"},
			{Name: "late", Zone: "UTC", Start: "2026-03-06T00:00:00", DurationS: 86400, RRule: "FREQ=DAILY", Grants: all, Limits: "run"},
		}
		p.HorizonS = 180 * 86400
	}
	p := start(s, 120, 40)
	p.press("right", "p", `"late"`, "enter")
	w := p.plan().Bundles[1].Window
	if w == nil || w.Name != "late" {
		t.Fatalf("B2 was pinned to late and runs in %+v", w)
	}
	if pinned(&p.world, &p.plan().Bundles[1]) != "late" {
		t.Error("the pin is not shown")
	}
	p.press("p")
	if w := p.plan().Bundles[1].Window; w == nil || w.Name != "week" {
		t.Errorf("unpinned, B2 runs in %+v", w)
	}
}

// Late answers of the planner are dropped.
func TestLateAnswers(t *testing.T) {
	p := start(newSession(t), 100, 30)
	old := p.plan()
	p.replan()
	p.Update(planned{p.asked - 1, toyView()})
	if p.plan() != old {
		t.Error("an answer to an older question was taken")
	}
	p.Update(late{p.asked})
	if !strings.Contains(ansi.Strip(p.View()), "planning") {
		t.Error("work over 100 ms does not show")
	}
	p.Update(planned{p.asked, old})
	if strings.Contains(ansi.Strip(p.View()), "planning") {
		t.Error("it still says planning")
	}
}

func TestExport(t *testing.T) {
	s := newSession(t)
	p := start(s, 100, 30)
	p.press("e", "enter", "enter")
	if n := len(s.exports); n != 1 || s.exports[0].Write {
		t.Fatalf("before the question %d exports were made, writing %v", n, n > 0 && s.exports[n-1].Write)
	}
	if !strings.Contains(ansi.Strip(p.View()), "plan.text") {
		t.Error("the paths are not shown before writing")
	}
	p.press("n")
	if len(s.exports) != 1 {
		t.Fatal("it was written although the answer was no")
	}
	p.press("e", "enter", "enter", "y")
	if n := len(s.exports); n != 3 || !s.exports[2].Write || s.exports[2].Replace {
		t.Fatalf("after yes: %+v", s.exports)
	}
	s.there = true
	p.press("e", "enter", "enter")
	if !strings.Contains(ansi.Strip(p.View()), "Replace existing") {
		t.Error("nothing says that files exist")
	}
}

// Keys typed before a question came up do not answer it.
func TestGrace(t *testing.T) {
	s := newSession(t)
	p := start(s, 100, 30)
	var armed tea.Msg
	p.after = func(_ time.Duration, msg tea.Msg) tea.Cmd { armed = msg; return nil }
	p.press("e", "enter", "enter", "y")
	if len(s.exports) != 1 || p.top() == nil {
		t.Fatal("a y typed too early wrote files")
	}
	p.send(armed)
	p.press("y")
	if n := len(s.exports); n != 2 || !s.exports[1].Write {
		t.Errorf("after the grace y did not write: %d exports", n)
	}
}

func TestSave(t *testing.T) {
	s := newSession(t)
	p := start(s, 100, 30)
	p.press("o", "down", "right", "esc")
	if !p.modified() {
		t.Fatal("a turned knob is no change")
	}
	p.press("s")
	if len(s.saved) != 1 || s.saved[0].ID == "" || p.modified() {
		t.Fatalf("saved %d plans, modified %v", len(s.saved), p.modified())
	}
	p.press("s")
	if len(s.saved) != 1 || !strings.Contains(p.notice.text, "saved already") {
		t.Errorf("saved again: %q", p.notice.text)
	}
	s.fail = errors.New("the store is busy")
	p.press("u", "s")
	if !p.notice.bad || !strings.Contains(p.notice.text, "busy") {
		t.Errorf("the failure is not shown: %q", p.notice.text)
	}
}

func TestExplainWalk(t *testing.T) {
	p := start(newSession(t), 120, 40)
	p.press("right", "tab")
	for p.home.current().kind != capabilityKind {
		p.press("down")
	}
	capability := p.home.current().id
	p.press("enter")
	e, ok := p.screen.(*explainScreen)
	if !ok || e.here().report == nil || e.here().subject != capability {
		t.Fatalf("enter on %s did not explain it", capability)
	}
	// Into the chain, down to a change, into it, and all the way back.
	p.press("right")
	for range 200 {
		if e.current().kind == changeKind {
			break
		}
		p.press("down")
		if e.current().kind == chainKind {
			p.press("right")
		}
	}
	if e.current().kind != changeKind {
		t.Fatal("no change was found on the way down")
	}
	change := e.current().id
	p.press("right")
	if e.here().subject != change || e.here().report == nil || e.here().report.Change == nil {
		t.Fatalf("right on %s did not go to the change", change)
	}
	p.press("esc")
	if e.here().subject != capability {
		t.Fatal("esc did not go back along the chain")
	}
	p.press("esc")
	if p.screen != p.home {
		t.Error("esc did not go back to the plan")
	}
}

// An explanation follows the plan.
func TestExplanationFollowsThePlan(t *testing.T) {
	p := start(newSession(t), 120, 40)
	p.press("right", "space", "y", "P", "esc", "tab", "enter")
	p.press("1", "right", "tab", "enter")
	e, ok := p.screen.(*explainScreen)
	if !ok {
		t.Fatalf("nothing is explained: %q", p.notice.text)
	}
	subject := e.here().subject
	p.press("u")
	if e.of != p.plan() || e.here().report == nil || e.here().subject != subject {
		t.Errorf("after undo the explanation is of another plan: %v", e.here())
	}
	if len(p.plan().excluded()) > 0 {
		t.Error("undo did nothing")
	}
}

func TestReleases(t *testing.T) {
	p := start(newSession(t), 120, 40)
	p.press("2")
	s := p.screen.(*releasesScreen)
	if len(s.entries) == 0 || len(s.diff.changes) == 0 {
		t.Fatalf("%d releases, %d changes", len(s.entries), len(s.diff.changes))
	}
	all := len(s.rows)
	p.press("K")
	if s.only.kind == "" || len(s.rows) >= all {
		t.Errorf("filter by kind %q shows %d of %d rows", s.only.kind, len(s.rows), all)
	}
	p.press("esc", "f")
	if len(s.rows) > len(model.Kinds()) {
		t.Errorf("folded there are still %d rows", len(s.rows))
	}
	p.press("esc", "o")
	if len(s.rows) <= all {
		t.Error("with what stays the same there are no more rows")
	}
	p.press("esc", "tab", "down", "enter")
	if p.screen.context() != keys.Explain {
		t.Errorf("enter on a change did not show its effect: %q", p.notice.text)
	}
	p.press("esc", "i", `"/tmp/x.tar.gz"`, "enter")
	if !strings.Contains(p.notice.text, "imported csm-1.4.3") || s.to != "csm-1.4.3" {
		t.Errorf("after the import: %q, to %s", p.notice.text, s.to)
	}
}

func TestPlanTheMarkedReleases(t *testing.T) {
	p := start(newSession(t), 120, 40)
	p.press("2", "/", `"csm-1.5.0"`, "enter", "space", "esc", "/", `"csm-1.5.1"`, "enter", "space", "p")
	if p.screen != p.home {
		t.Fatalf("p did not go to the plan: %q", p.notice.text)
	}
	if v := p.plan(); v.From[0].Version != "1.5.0" || v.To[0].Version != "1.5.1" {
		t.Errorf("planned %s -> %s", refs(v.From), refs(v.To))
	}
}

func TestMappingEdit(t *testing.T) {
	s := newSession(t)
	p := start(s, 140, 40)
	p.press("3", "/", `"cray-nls"`, "enter", "e", "down", "down", "enter", "up", "up", "enter")
	if len(p.state().Rules) != 1 {
		t.Fatalf("%d rules after an edit; notice %q", len(p.state().Rules), p.notice.text)
	}
	m := p.screen.(*mappingScreen)
	if row := m.current(); row == nil || row.layer != "edits" || len(row.rule.Planes) < 2 {
		t.Errorf("the row does not follow the edit: %+v", row)
	}
	p.press("s")
	if len(s.rules) != 1 {
		t.Error("the rule was not saved")
	}
	p.press("u")
	if len(p.state().Rules) != 0 {
		t.Error("undo left the rule")
	}
}

func TestWhatIf(t *testing.T) {
	p := start(newSession(t), 160, 50)
	p.press("4", "a", "down", "down", "down", "down", "enter", `"shortest"`, "enter", "up", "up", "up", "up", "enter")
	s := p.screen.(*whatIfScreen)
	if len(s.plans) != 2 || s.plans[1].view == nil {
		t.Fatalf("%d plans; notice %q", len(s.plans), p.notice.text)
	}
	if got := s.plans[1].view.Policy; got != "shortest-total" {
		t.Errorf("the second plan has policy %s", got)
	}
	best := false
	for _, r := range s.table(&p.world) {
		for _, c := range r.cells {
			best = best || c.best
		}
	}
	if !best {
		t.Error("no cheapest figure is marked")
	}
	p.press("p")
	if p.screen != p.home || p.plan().Policy != "shortest-total" {
		t.Errorf("p did not go on with the plan: %q, policy %s", p.notice.text, p.plan().Policy)
	}
}

func TestFailureToOpen(t *testing.T) {
	s := newSession(t)
	s.fail = errors.New("no release \"x\"")
	p := start(s, 80, 24)
	if !strings.Contains(ansi.Strip(p.View()), "no release") {
		t.Error("the error is not shown")
	}
	p.press("q")
	if !p.quit {
		t.Error("q does not quit")
	}
}

func TestMouse(t *testing.T) {
	p := start(newSession(t), 120, 40)
	click := func(x, y int) {
		p.send(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
	}
	f := p.home.frame
	click(f.List.X+5, f.List.Y+3)
	if p.home.selected().bundle != 2 {
		t.Errorf("a click on the third line selected %d", p.home.selected().bundle)
	}
	g := p.home.geometry(&p.world)
	click(g.label+g.cells[4].X+1, f.Lanes.Y)
	if p.home.selected().bundle != 4 {
		t.Errorf("a click on B5 in the lanes selected %d", p.home.selected().bundle)
	}
	p.send(tea.MouseMsg{X: f.Detail.X + 3, Y: f.Detail.Y + 3, Action: tea.MouseActionPress, Button: tea.MouseButtonWheelDown})
	if p.home.detail.off != wheelLines {
		t.Errorf("the wheel scrolled %d lines", p.home.detail.off)
	}
}

// Keys typed faster than the program reads come as one message; pasted text is
// never a command.
func TestFastTypingAndPaste(t *testing.T) {
	p := start(newSession(t), 100, 30)
	p.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("/nexus")})
	if p.home.narrow != "nexus" {
		t.Errorf("the filter is %q", p.home.narrow)
	}
	p.press("esc")
	p.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("ll")})
	if p.home.selected().bundle != 2 {
		t.Errorf("two keys at once selected %d", p.home.selected().bundle)
	}
	p.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q"), Paste: true})
	if p.quit {
		t.Error("a pasted q quit")
	}
	p.press("/")
	p.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("cray-nls"), Paste: true})
	if p.home.narrow != "cray-nls" {
		t.Errorf("pasted into the filter: %q", p.home.narrow)
	}
}

// A bundle that was done before the plan is not planned any more, and the list begins
// with where the update stands.
func TestMarkDone(t *testing.T) {
	p := start(newSession(t), 120, 40)
	first := p.plan().Bundles[0]
	p.press("d")
	now := p.plan()
	if now.Standing == nil || len(now.Standing.Done) != len(first.Actions) || len(now.Actions)+len(first.Actions) != now.Standing.Actions {
		t.Fatalf("after B1 the standing is %+v", now.Standing)
	}
	screen := ansi.Strip(p.View())
	for _, want := range []string{"where it stands (", "Where it stands:"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen does not show %q:\n%s", want, screen)
		}
	}
	p.press("home", "tab", "enter")
	p.press("esc", "u")
	if p.plan().Standing != nil || len(p.plan().Bundles[0].Actions) != len(first.Actions) {
		t.Error("undo did not take it back")
	}
}

// While a plan is being made the labels on the screen are those of the one before.
func TestMarkDoneWhileWaiting(t *testing.T) {
	p := start(newSession(t), 120, 40)
	p.waiting = true
	p.press("d")
	if p.plan().Standing != nil || !strings.Contains(ansi.Strip(p.View()), "is being made again") {
		t.Errorf("marked in a plan that is gone:\n%s", ansi.Strip(p.View()))
	}
	p.waiting = false
	p.press("d")
	if p.plan().Standing == nil {
		t.Error("not marked once the plan was there")
	}
}

// Of more nodes than a list can show the number is typed; all of them is no default.
func TestMarkSomeOfManyNodesDone(t *testing.T) {
	p := start(newSession(t), 120, 60)
	for i, b := range p.plan().Bundles {
		if slices.Contains(b.Actions, "rollout:compute") {
			for range i {
				p.press("right")
			}
		}
	}
	p.press("tab")
	screen := p.screen.(*planScreen)
	for range screen.rows {
		if screen.current().id == "rollout:compute" {
			break
		}
		p.press("down")
	}
	p.press("d", "0", "enter")
	if p.plan().Standing != nil || !strings.Contains(ansi.Strip(p.View()), "A number from 1 to 512") {
		t.Fatalf("nobody asks how many:\n%s", ansi.Strip(p.View()))
	}
	p.press("backspace", "4", "0", "enter")
	s := p.plan().Standing
	if s == nil || len(s.Done) != 1 || s.Done[0].Units != 40 || s.Done[0].Of != 512 {
		t.Fatalf("the standing is %+v", s)
	}
}

// Of nodes it asks how many.
func TestMarkSomeNodesDone(t *testing.T) {
	p := start(newSession(t), 120, 60)
	for i, b := range p.plan().Bundles {
		if slices.Contains(b.Actions, "roll:worker") {
			for range i {
				p.press("right")
			}
		}
	}
	p.press("tab")
	screen := p.screen.(*planScreen)
	for range screen.rows {
		if screen.current().id == "roll:worker" {
			break
		}
		p.press("down")
	}
	p.press("d")
	if !strings.Contains(ansi.Strip(p.View()), "How many are done: Rebuild the workers") {
		t.Fatalf("nobody asks how many:\n%s", ansi.Strip(p.View()))
	}
	p.press("down", "down", "enter")
	s := p.plan().Standing
	if s == nil || len(s.Done) != 1 || s.Done[0].Units != 4 || s.Done[0].Of != 6 {
		t.Fatalf("the standing is %+v", s)
	}
	p.press("home")
	p.press("d")
	if !strings.Contains(ansi.Strip(p.View()), "select a bundle or an action") {
		t.Error("the standing itself can be marked as done")
	}
}
