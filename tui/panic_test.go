package tui

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// panicking is a session with a bug.
type panicking struct{ *fakeSession }

func (panicking) Open(context.Context, Question) (Base, error) { panic("a bug in a command") }

// output collects what is written from several goroutines.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// A panic gives the terminal back: the alternate screen, the mouse and the cursor;
// and its text comes after that, as an error.
func TestPanicRestoresTheTerminal(t *testing.T) {
	var out output
	in, typing := io.Pipe()
	defer typing.Close()
	err := Run(context.Background(), panicking{newSession(t)}, Options{In: in, Out: &out})
	if err == nil || !strings.HasPrefix(err.Error(), "internal error: a bug in a command") {
		t.Errorf("the error does not say what went wrong: %v", err)
	}
	for name, sequence := range map[string]string{"alternate screen": "\x1b[?1049l", "mouse": "\x1b[?1002l", "cursor": "\x1b[?25h"} {
		if !strings.Contains(out.String(), sequence) {
			t.Errorf("the %s was not given back", name)
		}
	}
	if strings.Contains(out.String(), "a bug in a command") {
		t.Error("the panic was printed over the screen")
	}
}

// broken is a screen with a bug in its drawing.
type broken struct{ *planScreen }

func (broken) view(*world) []string { panic("a bug in a frame") }

func TestPanicInAFrame(t *testing.T) {
	p := start(newSession(t), 80, 24)
	p.screen = broken{p.home}
	quit := make(chan bool, 1)
	g := &guard{model: p.Model, quit: func() { quit <- true }}
	if frame := g.View(); frame != "" {
		t.Errorf("a frame was drawn: %q", frame)
	}
	<-quit
	if _, cmd := g.Update(tea.WindowSizeMsg{}); g.crash == nil || cmd == nil || cmd() != tea.Quit() {
		t.Error("the program does not end")
	}
}
