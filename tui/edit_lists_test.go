package tui

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"planewise/model"
	"planewise/model/document"
	"planewise/planner/edit"
	"planewise/tui/theme"
)

// edited is a list of edits on an embedded plan, and what they come to. Of a list with
// an error the last edit is refused. The command line is tested with the same, and there
// they are written anew.
type edited struct {
	Name, From, To, System, Policy string
	Edits                          []string
	Error                          string
	Want                           model.Edits
}

const editData = "../planner/edit/testdata"

func listsOfEdits(t *testing.T) (all []edited) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(editData, "lists.json"))
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (l edited) session(t *testing.T) *fakeSession {
	t.Helper()
	s := newSession(t)
	if l.Policy == "windows" {
		data, err := os.ReadFile(filepath.Join(editData, "windows.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		windows, err := document.Decode[model.Policy]("windows.yaml", data)
		if err != nil {
			t.Fatal(err)
		}
		s.policy = func(p *model.Policy) { *p = windows }
	}
	return s
}

func (l edited) question() Question { return Question{l.From, l.To, l.System, l.Policy} }

// Keys on the screen and lines in --plain come to the same edits, and refuse the same in
// the same words.
func TestListsOfEdits(t *testing.T) {
	all := listsOfEdits(t)
	byKeys := 0
	for _, l := range all {
		t.Run(l.Name, func(t *testing.T) {
			t.Run("screen", func(t *testing.T) {
				p, said := l.open(t), ""
				for _, line := range l.Edits {
					if c, err := edit.Parse(line); err == nil && p.byKeys(c) {
						byKeys++
					} else {
						p.press(":", `"`+line+`"`, "enter")
					}
					said = p.answer()
				}
				if diff := cmp.Diff(l.Want, p.edits(t)); diff != "" {
					t.Error(diff)
				}
				// A list of bundles says why it does not take one beside its name.
				if said == "" || l.Error != "" && !strings.Contains(said, l.Error) && !strings.HasSuffix(l.Error, ": "+said) {
					t.Errorf("it said %q, want %q", said, l.Error)
				}
			})
			t.Run("plain", func(t *testing.T) { l.plain(t) })
		})
	}
	if byKeys < 25 {
		t.Errorf("only %d edits were made by keys of their own", byKeys)
	}
}

// plain types the edits as lines and looks at the plan that is saved.
func (l edited) plain(t *testing.T) {
	var out bytes.Buffer
	s := l.session(t)
	script := strings.Join(l.Edits, "\n") + "\nsave\n"
	if err := runPlain(context.Background(), s, Options{In: strings.NewReader(script), Out: &out, Width: 80, First: l.question()}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(l.Want, s.saved[0].Edits); diff != "" {
		t.Error(diff)
	}
	unknown := strings.HasPrefix(l.Error, "there is no edit") && strings.Contains(out.String(), "there is no command")
	if !unknown && !strings.Contains(out.String(), l.Error) {
		t.Errorf("it did not say %q", l.Error)
	}
}

func (l edited) open(t *testing.T) *program {
	t.Helper()
	m := New(context.Background(), l.session(t), l.question(), theme.New(theme.Options{}))
	m.after = atOnce
	p := &program{Model: m}
	p.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	p.run(m.Init())
	return p
}

// edits are those that a saved plan has.
func (p *program) edits(t *testing.T) model.Edits {
	t.Helper()
	plan, err := finished(p.base, p.state())
	if err != nil {
		t.Fatal(err)
	}
	return plan.Edits
}

// answer says yes where something is asked, closes what is open, and gives what was said.
func (p *program) answer() string {
	if _, asks := p.top().(confirm); asks {
		p.press("y")
	}
	said := p.notice.text
	for p.top() != nil {
		p.press("esc")
	}
	return said
}

// byKeys makes an edit with the keys that the screen has for it; false where it has
// none, as where a user could not select what it names.
func (p *program) byKeys(c edit.Command) bool {
	switch c.Verb {
	case edit.Leave:
		return p.leaveByKeys(c.Subject)
	case edit.Take:
		return p.takeByKeys(c.Subject)
	case edit.Done:
		return p.doneByKeys(c.Subject)
	case edit.Move:
		return p.moveByKeys(c)
	case edit.Pin, edit.Unpin:
		return (c.Verb == edit.Unpin || c.How == edit.ToWindow) && p.pinByKeys(c)
	case edit.Relax, edit.Keep:
		if relaxed := slices.Contains(p.state().Edits.Relaxed, edit.EveryOrder); c.Subject != edit.EveryOrder || relaxed != (c.Verb == edit.Keep) {
			return false
		}
		p.press("o", `"vendor's order"`, "right")
		return true
	}
	return false
}

func (p *program) leaveByKeys(subject string) bool {
	if plane, ok := strings.CutPrefix(subject, "plane "); ok {
		if !slices.ContainsFunc(p.plan().Planes, func(s model.PlaneSummary) bool { return string(s.ID) == plane }) {
			return false
		}
		p.press("P", `"`+plane+`"`, "enter")
		return true
	}
	if slices.Contains(p.plan().excluded(), subject) || !p.selectIt(subject) {
		return false
	}
	p.press("space")
	return true
}

func (p *program) takeByKeys(id string) bool {
	if !slices.Contains(p.plan().excluded(), id) && (id != edit.Everything || len(p.plan().excluded()) == 0) {
		return false
	}
	p.toList()
	for p.home.selected().kind != entryExcluded {
		p.press("down")
	}
	if id != edit.Everything && !p.row(id) {
		return false
	}
	p.press("space")
	return true
}

func (p *program) doneByKeys(word string) bool {
	id, units, some := strings.Cut(word, "/")
	if !some {
		if !p.selectIt(word) {
			return false
		}
		if p.press("d"); p.top() != nil {
			p.press("enter") // all of them
		}
		return true
	}
	at := strings.LastIndexByte(id, ':')
	n, _ := strconv.Atoi(id[at+1:])
	a := p.plan().actions[model.ActionID(id[:at])]
	if a == nil || strconv.Itoa(a.Units) != units || n > a.Units || !p.selectIt(id[:at]) {
		return false
	}
	p.press("d")
	for range a.Units - n {
		p.press("down")
	}
	p.press("enter")
	return true
}

func (p *program) moveByKeys(c edit.Command) bool {
	to := slices.IndexFunc(p.plan().Bundles, func(b model.Bundle) bool {
		return b.Label == c.To || slices.Contains(b.Actions, model.ActionID(c.To))
	})
	if to < 0 || !p.selectIt(c.Subject) {
		return false
	}
	p.press("m")
	for range to {
		p.press("down")
	}
	p.press("enter")
	return true
}

func (p *program) pinByKeys(c edit.Command) bool {
	label := slices.IndexFunc(p.plan().Bundles, func(b model.Bundle) bool { return b.Label == c.Subject })
	known := slices.ContainsFunc(p.base.Input.Policy.Windows, func(w model.Window) bool { return w.Name == c.To })
	if label < 0 || c.Verb == edit.Pin && !known || !p.selectIt(c.Subject) {
		return false
	}
	if held := pinned(&p.world, &p.plan().Bundles[label]) != ""; held != (c.Verb == edit.Unpin) {
		return false
	}
	p.press("p")
	if c.Verb == edit.Pin {
		p.press(`"`+c.To+`"`, "enter")
	}
	return true
}

func (p *program) toList() {
	for p.home.focus != onList {
		p.press("tab")
	}
	p.press("home")
}

// selectIt goes to a bundle, or to the row of an action or change.
func (p *program) selectIt(subject string) bool {
	at := slices.IndexFunc(p.plan().Bundles, func(b model.Bundle) bool {
		return b.Label == subject || slices.Contains(b.Actions, model.ActionID(subject))
	})
	if at < 0 {
		return false
	}
	p.toList()
	for e := p.home.selected(); e.kind != entryBundle || e.bundle != at; e = p.home.selected() {
		p.press("down")
	}
	return p.plan().Bundles[at].Label == subject || p.row(subject)
}

// row goes to a row of the detail.
func (p *program) row(id string) bool {
	p.press("tab", "home")
	for range p.home.rows {
		if p.home.current().id == id {
			return true
		}
		p.press("down")
	}
	return p.home.current().id == id
}
