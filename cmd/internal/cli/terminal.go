package cli

import "golang.org/x/term" // why: the terminal's width

// terminalWidth is the width of the terminal behind fd, 0 where there is none.
func terminalWidth(fd int) int {
	if w, _, err := term.GetSize(fd); err == nil {
		return w
	}
	return 0
}
