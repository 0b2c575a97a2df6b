package tui

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/planner"
	"planewise/tui/theme"
)

// catalogue is everything embedded, read once for all tests.
type catalogue struct {
	releases   map[string]model.Release
	systems    map[string]model.System
	policies   map[string]model.Policy
	procedures []model.Procedure
	catalog    *catalog.Catalog
}

func read[T any](folder string) (map[string]T, []string, error) {
	entries, err := fs.ReadDir(fixtures.FS, folder)
	if err != nil {
		return nil, nil, err
	}
	out := map[string]T{}
	var names []string
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".yaml")
		if !ok {
			continue
		}
		data, err := fs.ReadFile(fixtures.FS, path.Join(folder, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		if out[name], err = document.Decode[T](e.Name(), data); err != nil {
			return nil, nil, err
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return out, names, nil
}

var embedded = sync.OnceValues(func() (catalogue, error) {
	var c catalogue
	var errs [5]error
	var procedures map[string]model.Procedure
	var mappings map[string]model.Mapping
	var names, layers []string
	c.releases, _, errs[0] = read[model.Release]("releases")
	c.systems, _, errs[1] = read[model.System]("systems")
	c.policies, _, errs[2] = read[model.Policy]("policies")
	procedures, names, errs[3] = read[model.Procedure]("procedures")
	for _, n := range names {
		c.procedures = append(c.procedures, procedures[n])
	}
	mappings, layers, errs[4] = read[model.Mapping]("mapping")
	var parts []model.Mapping
	for _, n := range layers {
		parts = append(parts, mappings[n])
	}
	c.catalog, _ = catalog.New(catalog.Join("default", parts...))
	return c, errors.Join(errs[:]...)
})

// fakeSession serves the embedded documents and remembers what it is given.
type fakeSession struct {
	all     catalogue
	policy  func(*model.Policy) // changes the policy that is opened
	saved   []model.Plan
	rules   []model.Rule
	exports []ExportOrder
	there   bool  // exported files exist already
	fail    error // every call fails with it
}

func newSession(tb testing.TB) *fakeSession {
	tb.Helper()
	all, err := embedded()
	if err != nil {
		tb.Fatal(err)
	}
	return &fakeSession{all: all}
}

func (f *fakeSession) set(ref string) []model.Release {
	var out []model.Release
	for _, n := range strings.Split(ref, "+") {
		out = append(out, f.all.releases[n])
	}
	return out
}

func (f *fakeSession) Open(_ context.Context, q Question) (Base, error) {
	if q == (Question{}) {
		q = Question{From: "csm-1.5.2+uan-2.6.0", To: "csm-1.6.0-rc.3+uan-2.7.0", System: "demo", Policy: "jobs-first"}
	}
	policy := f.all.policies[q.Policy]
	if f.policy != nil {
		f.policy(&policy)
	}
	return Base{Question: q, Input: planner.Input{
		From: f.set(q.From), To: f.set(q.To), Catalog: f.all.catalog, Procedures: f.all.procedures,
		System: f.all.systems[q.System], Policy: policy, Zones: time.LoadLocation, Tool: "test",
		At: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC),
	}}, f.fail
}

func entriesNamed[T any](m map[string]T) []Entry {
	var out []Entry
	for n := range m {
		out = append(out, Entry{Name: n, Origin: "embedded"})
	}
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (f *fakeSession) Releases(context.Context) ([]Entry, error) {
	return entriesNamed(f.all.releases), f.fail
}
func (f *fakeSession) Systems(context.Context) ([]Entry, error) {
	return entriesNamed(f.all.systems), f.fail
}
func (f *fakeSession) Policies(context.Context) ([]Entry, error) {
	return entriesNamed(f.all.policies), f.fail
}
func (f *fakeSession) Release(_ context.Context, name string) ([]model.Release, error) {
	return f.set(name), f.fail
}
func (f *fakeSession) Import(_ context.Context, _ string, progress func(int64, int64)) (string, []model.Diagnostic, error) {
	progress(50, 100)
	return "csm-1.4.3", nil, f.fail
}
func (f *fakeSession) SaveRules(_ context.Context, rules []model.Rule) error {
	f.rules = rules
	return f.fail
}
func (f *fakeSession) SavePlan(_ context.Context, p model.Plan) (string, error) {
	f.saved = append(f.saved, p)
	return p.ID, f.fail
}
func (f *fakeSession) Formats() []Format {
	return []Format{{"text", "what a person sees first"}, {"json", "the plan file"}}
}
func (f *fakeSession) Export(_ context.Context, o ExportOrder) ([]File, error) {
	f.exports = append(f.exports, o)
	var out []File
	for _, n := range o.Formats {
		out = append(out, File{Format: n, Path: o.Dir + "/plan." + n, Exists: f.there})
	}
	return out, f.fail
}

// program drives a model as Bubble Tea would, but waits for every command.
type program struct {
	*Model
	quit bool
}

func start(s Session, w, h int) *program {
	m := New(context.Background(), s, Question{}, theme.New(theme.Options{}))
	m.after = atOnce
	p := &program{Model: m}
	p.send(tea.WindowSizeMsg{Width: w, Height: h})
	p.run(m.Init())
	return p
}

func (p *program) send(msg tea.Msg) {
	_, cmd := p.Update(msg)
	p.run(cmd)
}

func (p *program) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.QuitMsg:
		p.quit = true
	case tea.SuspendMsg:
	case tea.BatchMsg:
		for _, c := range msg {
			p.run(c)
		}
	default:
		p.send(msg)
	}
}

// press types keys by their names, as help shows them; text in quotes is typed
// letter by letter.
func (p *program) press(names ...string) {
	for _, n := range names {
		if text, ok := strings.CutPrefix(n, `"`); ok {
			for _, r := range strings.TrimSuffix(text, `"`) {
				p.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
			}
			continue
		}
		p.send(keyNamed(n))
	}
}

func keyNamed(n string) tea.KeyMsg {
	types := map[string]tea.KeyType{
		"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
		"backspace": tea.KeyBackspace, "ctrl+c": tea.KeyCtrlC, "ctrl+r": tea.KeyCtrlR, "ctrl+z": tea.KeyCtrlZ, "ctrl+u": tea.KeyCtrlU,
		"ctrl+b": tea.KeyCtrlB, "ctrl+f": tea.KeyCtrlF, "ctrl+w": tea.KeyCtrlW, "delete": tea.KeyDelete,
	}
	if t, ok := types[n]; ok {
		return tea.KeyMsg{Type: t}
	}
	if n == "space" {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(n)}
}

func (p *program) plan() *view { return p.world.view }

// atOnce gives at once what would come after a while, but for the notice that the
// planner takes its time.
func atOnce(_ time.Duration, msg tea.Msg) tea.Cmd {
	if _, ok := msg.(late); ok {
		return nil
	}
	return func() tea.Msg { return msg }
}
