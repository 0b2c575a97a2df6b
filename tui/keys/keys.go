// Package keys is the key map: which key does what on which screen. Help, the key
// line at the bottom, the command palette and "planewise help keys" are made from it.
package keys

import (
	"strings"

	"github.com/charmbracelet/bubbles/key" // why: the binding type that Bubble Tea's own parts understand
	tea "github.com/charmbracelet/bubbletea"
)

// Action is what a key or a palette entry asks for.
type Action string

// Context is where a binding holds.
type Context string

// Contexts. Everywhere holds on all screens.
const (
	Everywhere Context = "everywhere"
	Plan       Context = "plan"
	Explain    Context = "explain"
	Releases   Context = "releases"
	Mapping    Context = "mapping"
	WhatIf     Context = "what-if"
)

// Contexts lists them in the order of the help.
func Contexts() []Context {
	return []Context{Everywhere, Plan, Explain, Releases, Mapping, WhatIf}
}

// Actions.
const (
	Help        Action = "help"
	Palette     Action = "palette"
	Filter      Action = "filter"
	Back        Action = "back"
	Quit        Action = "quit"
	Abort       Action = "abort"
	Suspend     Action = "suspend"
	Undo        Action = "undo"
	Redo        Action = "redo"
	GoPlan      Action = "go-plan"
	GoReleases  Action = "go-releases"
	GoMapping   Action = "go-mapping"
	GoWhatIf    Action = "go-what-if"
	Up          Action = "up"
	Down        Action = "down"
	PageUp      Action = "page-up"
	PageDown    Action = "page-down"
	Top         Action = "top"
	Bottom      Action = "bottom"
	Left        Action = "left"
	Right       Action = "right"
	NextPane    Action = "next-pane"
	PrevPane    Action = "previous-pane"
	Enter       Action = "enter"
	Toggle      Action = "toggle"
	Planes      Action = "planes"
	Done        Action = "done"
	Pin         Action = "pin"
	Move        Action = "move"
	Knobs       Action = "knobs"
	Export      Action = "export"
	Save        Action = "save"
	Zoom        Action = "zoom"
	Percentile  Action = "percentile"
	Kind        Action = "kind"
	Direction   Action = "direction"
	PlaneOnly   Action = "plane-only"
	Fold        Action = "fold"
	OnlyChanges Action = "only-changes"
	Import      Action = "import"
	Compare     Action = "compare"
	PlanThis    Action = "plan-this"
	EditRow     Action = "edit"
	Keep        Action = "keep"
	Add         Action = "add"
	Drop        Action = "drop"
	Open        Action = "open"
)

// Bind is a binding: keys, where it holds, what it does and how help says it.
type Bind struct {
	key.Binding
	In Context
	Do Action
	// Title is the action in a few words, for the palette and the table of keys.
	Title string
}

func bind(in Context, do Action, keys, shown, short, title string) Bind {
	list := strings.Fields(keys)
	for i, k := range list {
		if k == "space" {
			list[i] = " " // the space bar's name in Bubble Tea 1
		}
	}
	return Bind{key.NewBinding(key.WithKeys(list...), key.WithHelp(shown, short)), in, do, title}
}

// All is the key map, in the order in which help shows it.
func All() []Bind {
	return []Bind{
		bind(Everywhere, Help, "?", "?", "help", "Show the keys of this screen"),
		bind(Everywhere, Palette, ":", ":", "commands", "Open the command palette"),
		bind(Everywhere, Filter, "/", "/", "filter", "Filter the list"),
		bind(Everywhere, Back, "esc", "esc", "back", "Go back: close, clear the filter, leave the screen"),
		bind(Everywhere, Quit, "q", "q", "quit", "Quit, at the top screen"),
		bind(Everywhere, Abort, "ctrl+c", "ctrl+c", "quit at once", "Quit at once, from anywhere"),
		bind(Everywhere, Suspend, "ctrl+z", "ctrl+z", "suspend", "Suspend the program; fg resumes it"),
		bind(Everywhere, Undo, "u", "u", "undo", "Undo the last change"),
		bind(Everywhere, Redo, "ctrl+r U", "ctrl+r", "redo", "Redo what was undone"),
		bind(Everywhere, GoPlan, "1", "1", "plan", "Go to the plan"),
		bind(Everywhere, GoReleases, "2", "2", "releases", "Go to the releases"),
		bind(Everywhere, GoMapping, "3", "3", "mapping", "Go to the mapping"),
		bind(Everywhere, GoWhatIf, "4", "4", "what if", "Go to the comparison of plans"),
		bind(Everywhere, Up, "up k", "up", "up", "Up one line"),
		bind(Everywhere, Down, "down j", "down", "down", "Down one line"),
		bind(Everywhere, PageUp, "pgup ctrl+b", "pgup", "page up", "Up one page"),
		bind(Everywhere, PageDown, "pgdown ctrl+f", "pgdn", "page down", "Down one page"),
		bind(Everywhere, Top, "home g", "home", "first", "To the first line"),
		bind(Everywhere, Bottom, "end G", "end", "last", "To the last line"),
		bind(Everywhere, Left, "left h", "left", "previous", "To the left: the bundle or plan before"),
		bind(Everywhere, Right, "right l", "right", "next", "To the right: the next bundle or plan"),
		bind(Everywhere, NextPane, "tab", "tab", "next pane", "To the next pane"),
		bind(Everywhere, PrevPane, "shift+tab", "shift+tab", "pane before", "To the pane before"),
		bind(Everywhere, Enter, "enter", "enter", "open", "Open or explain what is selected"),

		bind(Plan, Toggle, "space x", "space", "leave out", "Leave out, or take back in, the bundle, action, change or plane"),
		bind(Plan, Planes, "P", "P", "plane", "Leave out all that disturbs one plane"),
		bind(Plan, Done, "d", "d", "done", "Mark the bundle or action as done already: the plan goes on from there"),
		bind(Plan, Pin, "p", "p", "pin", "Pin the bundle to a window, or unpin it"),
		bind(Plan, Move, "m", "m", "move", "Move the action to another bundle"),
		bind(Plan, Knobs, "o", "o", "policy", "Change the policy: thresholds, costs, percentile, order"),
		bind(Plan, Percentile, "%", "%", "p50/p90", "Draw times that half, or nine of ten, runs keep"),
		bind(Plan, Zoom, "z", "z", "zoom", "Give all the room to the list and the detail"),
		bind(Plan, Open, "r", "r", "other plan", "Plan other releases, another system or policy"),
		bind(Plan, Export, "e", "e", "export", "Write the plan to files"),
		bind(Plan, Save, "s", "s", "save", "Save the plan"),

		bind(Explain, Right, "right l", "right", "into the chain", "Into the chain of causes: unfold it, go on to what a line names"),
		bind(Explain, Left, "left h", "left", "out of it", "Out of the chain: fold it, go back to where one came from"),
		bind(Explain, PlanThis, "b", "b", "show bundle", "Show the bundle of this effect in the plan"),

		bind(Releases, Compare, "space d", "space", "compare", "Mark a release for the comparison, first from, then to"),
		bind(Releases, PlanThis, "p", "p", "plan", "Plan the update between the two marked releases"),
		bind(Releases, Import, "i", "i", "import", "Import a release from a folder, an archive or a file; again: give it up"),
		bind(Releases, Kind, "K", "K", "kind", "Show one kind of component"),
		bind(Releases, Direction, "D", "D", "direction", "Show one direction of change"),
		bind(Releases, PlaneOnly, "P", "P", "plane", "Show the changes of one plane"),
		bind(Releases, OnlyChanges, "o", "o", "only changes", "Show only what changes, or all components"),
		bind(Releases, Fold, "f", "f", "fold", "Fold the kinds"),

		bind(Mapping, EditRow, "e", "e", "edit", "Change planes and method of a component"),
		bind(Mapping, Keep, "s", "s", "save", "Save the changes as the site's layer"),
		bind(Mapping, OnlyChanges, "o", "o", "only open", "Show only what is unmapped or unknown, or all"),

		bind(WhatIf, Add, "a", "a", "add", "Add a plan: other releases, another system or policy"),
		bind(WhatIf, Drop, "x", "x", "remove", "Remove the selected plan"),
		bind(WhatIf, PlanThis, "p", "p", "open", "Go on with the selected plan"),
	}
}

// Map finds actions by key.
type Map struct {
	all []Bind
	by  map[Context]map[string]Action
}

// New makes the map.
func New() Map {
	m := Map{all: All(), by: map[Context]map[string]Action{}}
	for _, b := range m.all {
		if m.by[b.In] == nil {
			m.by[b.In] = map[string]Action{}
		}
		for _, k := range b.Keys() {
			m.by[b.In][k] = b.Do
		}
	}
	return m
}

// Find is the action of a key on a screen; "" where it has none. A screen's own
// binding wins over one that holds everywhere.
func (m Map) Find(in Context, msg tea.KeyMsg) Action {
	k := msg.String()
	if a, ok := m.by[in][k]; ok {
		return a
	}
	return m.by[Everywhere][k]
}

// Of are the bindings that hold on a screen, its own first.
func (m Map) Of(in Context) []Bind {
	var out []Bind
	for _, c := range []Context{in, Everywhere} {
		for _, b := range m.all {
			if b.In == c && (c == in || !m.shadowed(in, b)) {
				out = append(out, b)
			}
		}
	}
	return out
}

func (m Map) shadowed(in Context, b Bind) bool {
	for _, k := range b.Keys() {
		if _, ok := m.by[in][k]; !ok {
			return false
		}
	}
	return true
}

// Typed are all keys of a binding, as a reader would type them.
func (b Bind) Typed() []string {
	var out []string
	for _, k := range b.Keys() {
		if k == " " {
			k = "space"
		}
		out = append(out, k)
	}
	return out
}
