package cli

import (
	"io"
	"os"
	"sync"

	"golang.org/x/term" // why: the terminal's width and modes
)

// terminalWidth is the width of the terminal behind fd, 0 where there is none.
func terminalWidth(fd int) int {
	if w, _, err := term.GetSize(fd); err == nil {
		return w
	}
	return 0
}

// screen is the terminal while something is drawn on it. A nil screen is none.
type screen struct {
	in, out *os.File
	mu      sync.Mutex
	modes   *term.State // nil: nothing is drawn
}

// draw keeps the modes of the terminal as they are before it is drawn on.
func (s *screen) draw() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.modes, _ = term.GetState(int(s.in.Fd()))
}

// asBefore leaves the other screen, and the modes that are set for drawing: pasting and
// mouse, and a cursor that is not shown.
const asBefore = "\x1b[?2004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1049l\x1b[?25h\x1b[0m"

// restore gives the terminal back, if what drew on it did not come to do so itself.
func (s *screen) restore() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.modes != nil {
		_, _ = io.WriteString(s.out, asBefore)
		_ = term.Restore(int(s.in.Fd()), s.modes)
		s.modes = nil
	}
}

// drawn: what drew on the terminal has given it back.
func (s *screen) drawn() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.modes = nil
}
