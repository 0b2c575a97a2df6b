package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// helped completes the help of a command and all below it: every help ends with
// the exit codes and has an example.
func helped(c *cobra.Command) {
	if c.Long == "" {
		c.Long = c.Short + "."
	}
	if !strings.Contains(c.Long, exitCodes) {
		c.Long += "\n\n" + exitCodes
	}
	if c.Example == "" {
		if e := example(c.CommandPath()); e != "" {
			c.Example = "  " + e
		}
	}
	for _, sub := range c.Commands() {
		helped(sub)
	}
}

// example is a command line that works on the embedded documents, for commands
// that need no more than one.
func example(path string) string {
	switch path {
	case "planewise mapping":
		return "planewise mapping check"
	case "planewise policy", "planewise policy list":
		return "planewise policy list"
	case "planewise policy show":
		return "planewise policy show jobs-first"
	case "planewise policy import":
		return "planewise policy import site-policy.yaml"
	case "planewise policy check":
		return "planewise policy check site-policy.yaml"
	case "planewise record import":
		return "planewise record import stage_hist.yaml --plan plan.json"
	case "planewise release", "planewise release list":
		return "planewise release list"
	case "planewise release show":
		return "planewise release show csm-1.5.2"
	case "planewise release rm":
		return "planewise release rm csm-1.5.3"
	case "planewise store", "planewise store info":
		return "planewise store info"
	case "planewise store check":
		return "planewise store check"
	case "planewise system", "planewise system list":
		return "planewise system list"
	case "planewise system show":
		return "planewise system show demo"
	case "planewise system check":
		return "planewise system check site.yaml"
	}
	return ""
}
