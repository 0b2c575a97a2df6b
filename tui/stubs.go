package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/tui/keys"
)

func newKnobs(w *world) dialog   { return confirm{title: "policy"} }
func askExport(w *world) tea.Cmd { return w.warn("not there yet") }
func save(w *world) tea.Cmd      { return w.warn("not there yet") }
func askOther(w *world, title string, then func(*world, Question) tea.Cmd) tea.Cmd {
	return w.warn("not there yet")
}
func openExplain(w *world, subject string) tea.Cmd { return w.warn("not there yet") }
func newScreen(w *world, a keys.Action) (screen, tea.Cmd) {
	return newPlanScreen(), nil
}
func runPlain(ctx context.Context, s Session, o Options) error { return nil }
