// Package quiet keeps Bubble Tea from asking the terminal for its colours while the
// process starts.
//
// Bubble Tea 1 asks when its package is initialised, in every command that links
// it, and waits: a terminal that does not answer holds up even "planewise --help"
// for five seconds. The only thing that stops it without changing the library is
// the variable CI, which says that nobody sits at the terminal.
//
// Go initialises packages in the order of their import paths, as soon as all that
// they import are. This package imports only syscall, so it comes before os, time
// and everything that needs them, Bubble Tea included. A test holds that order.
package quiet

import "syscall" // why: anything more would be initialised too late, see above

// name of the variable that stops the question.
const name = "CI"

// before is what the variable was when the process started.
var before = hush()

type value struct {
	text string
	set  bool
}

func hush() value {
	text, set := syscall.Getenv(name)
	_ = syscall.Setenv(name, "1") // fails only for names that cannot be one
	return value{text, set}
}

// Over gives the variable back its value. It is called once, by what imports both
// this package and Bubble Tea, when it is initialised itself.
func Over() bool {
	if before.set {
		return syscall.Setenv(name, before.text) == nil
	}
	return syscall.Unsetenv(name) == nil
}
