package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Every command says how it is used, by example, and with what it exits.
func TestEveryHelpHasExamplesAndExitCodes(t *testing.T) {
	seen := 0
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Name() == "completion" || c.Name() == "help" {
			return
		}
		seen++
		if !strings.Contains(c.Long, "Exit codes: 0 ok") {
			t.Errorf("%s --help does not list the exit codes", c.CommandPath())
		}
		if !strings.Contains(c.Example, "planewise") {
			t.Errorf("%s --help has no example", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(&run{}))
	if seen < 25 {
		t.Errorf("looked at %d commands only", seen)
	}
}
