// Package tui is the planner on the screen: a full-screen terminal program that
// shows a plan, changes it live, and explains it.
//
// One Bubble Tea model routes messages; screens and dialogs are plain structs
// with methods. Nothing in Update or View reads a file or a clock: work is done in
// commands, whose answers carry the number of their question, so that late ones
// are dropped.
package tui

import (
	"context"
	"strconv"

	tea "github.com/charmbracelet/bubbletea" // why: terminal input, drawing and restoring, on every platform

	"planewise/tui/keys"
	"planewise/tui/layout"
	"planewise/tui/theme"
)

// Model is the root model.
type Model struct {
	world
	width, height int
	screen        screen
	stack         []screen // the screens to go back to
	kept          map[keys.Action]screen
	err           error // the first plan could not be opened
	first         Question
	box           box
	ground        ground
}

// New makes the model. The first window size and Init's answer make it ready.
func New(ctx context.Context, s Session, q Question, t theme.Theme) *Model {
	m := &Model{first: q, kept: map[keys.Action]screen{}}
	m.ctx, m.session, m.theme, m.keys = ctx, s, t, keys.New()
	m.after = later
	m.home = newPlanScreen()
	m.screen = m.home
	m.kept[keys.GoPlan] = m.screen
	return m
}

// opened is a session's answer to Open.
type opened struct {
	base Base
	err  error
}

// Init opens the first plan, and asks the terminal for its ground.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.open(m.first), m.ground.ask()) }

func (w *world) open(q Question) tea.Cmd {
	ctx, s := w.ctx, w.session
	w.asked++ // answers about the plan before are late from now on
	w.waiting = true
	return func() tea.Msg {
		b, err := s.Open(ctx, q)
		return opened{b, err}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// atoi reads what itoa wrote.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// ready reports whether there is a plan to show.
func (m *Model) ready() bool { return m.world.view != nil }

// resize gives the screen its room.
func (m *Model) resize() {
	if m.ready() && !tooSmall(m.width, m.height) {
		m.screen.resize(&m.world, m.width, m.height)
	}
}

func tooSmall(w, h int) bool { return w < layout.MinWidth || h < layout.MinHeight }

// show goes to a screen; back returns from it.
func (m *Model) show(s screen) {
	if s == m.screen {
		return
	}
	if s == m.kept[keys.GoPlan] {
		m.stack, m.screen = nil, s
		m.resize()
		return
	}
	m.stack = append(m.stack, m.screen)
	if len(m.stack) > 50 {
		m.stack = m.stack[1:]
	}
	m.screen = s
	m.screen.resize(&m.world, m.width, m.height)
}
