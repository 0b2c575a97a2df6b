package quiet

import (
	"os"
	"testing"
)

// The variable is as it was after the process has started: it was set, empty or not
// there.
func TestOverGivesItBack(t *testing.T) {
	t.Setenv(name, "as it was") // and puts it back for the others
	kept := before
	defer func() { before = kept }()
	for _, was := range []value{{"yes", true}, {"", true}, {"", false}} {
		if was.set {
			_ = os.Setenv(name, was.text)
		} else {
			_ = os.Unsetenv(name)
		}
		before = hush()
		if os.Getenv(name) != "1" || before != was {
			t.Errorf("hushed, it is %q, and was %+v, want %+v", os.Getenv(name), before, was)
		}
		if !Over() {
			t.Error("it cannot be given back")
		}
		if text, set := os.LookupEnv(name); text != was.text || set != was.set {
			t.Errorf("it is %q, %v, want %+v", text, set, was)
		}
	}
}
