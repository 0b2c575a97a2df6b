package tui

import (
	"fmt"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/planner/edit"
	"planewise/tui/theme"
)

// A frame of a large window: budget 5 ms and 1 MiB.
func BenchmarkFrame200x60(b *testing.B) {
	for _, depth := range []int{0, 1 << 24} {
		b.Run(fmt.Sprintf("colours=%d", depth), func(b *testing.B) {
			p := start(newSession(b), 200, 60)
			p.theme = theme.New(theme.Options{Depth: depth})
			b.ReportAllocs()
			for b.Loop() {
				_ = p.View()
			}
		})
	}
}

// A key, the frame after it, the plan it asks for, and the frame of that: 16 ms.
func BenchmarkKeyToPlannedFrame(b *testing.B) {
	p := start(newSession(b), 200, 60)
	p.press("o", "down")
	keys := []string{"right", "left"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.press(keys[i%2])
		_ = p.View()
	}
}

// A key that only moves the cursor.
func BenchmarkKeyToFrame(b *testing.B) {
	p := start(newSession(b), 200, 60)
	names := []string{"down", "up"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.press(names[i%2])
		_ = p.View()
	}
}

// Scrolling is as fast with ten thousand changes as with thirty.
func BenchmarkScroll(b *testing.B) {
	for _, n := range []int{30, 10000} {
		b.Run(fmt.Sprintf("changes=%d", n), func(b *testing.B) {
			v := toyView()
			v.Changes = nil
			for i := range n {
				v.Changes = append(v.Changes, model.Change{ID: model.ChangeID(fmt.Sprintf("chart:ns/c%05d", i)), From: "1", To: "2", Direction: model.Upgrade})
			}
			p := toy(theme.Options{}, 200, 60)
			p.world.view = newView(v.Plan, v.catalog)
			p.hist = edit.Start(edit.State{})
			p.send(tea.WindowSizeMsg{Width: 200, Height: 60})
			for p.home.selected().kind != entryChanges {
				p.press("down")
			}
			p.press("tab")
			names := []string{"down", "pgdown", "up", "pgup"}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p.press(names[i%4])
				_ = p.View()
			}
		})
	}
}
