// Crashtest ends programs that write into a store, and cuts the power under them, and
// looks whether all that was acknowledged is still there:
//
//	go run ./model/store/internal/crashtest kills -n 5000
//	go run ./model/store/internal/crashtest cuts -n 500
//
// kills starts writers and ends them with SIGKILL at random moments. cuts runs one
// writer under strace, which has to be installed, and makes from its log what a disk
// could hold after a power cut: what was synced, and of what was not any part. It is
// no test of the suite, since it takes minutes and needs Linux.
package main

import (
	"flag"
	"fmt"
	"os"
)

// settings of a run.
type settings struct {
	n       int
	writers int
	ops     int
	seed    uint64
	deaf    bool
	store   string
	only    string
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "crashtest:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	var s settings
	f := flag.NewFlagSet("crashtest", flag.ContinueOnError)
	f.IntVar(&s.n, "n", 100, "kills or cuts")
	f.IntVar(&s.writers, "writers", 8, "writers at the same time (kills)")
	f.IntVar(&s.ops, "ops", 300, "changes of the writer (cuts)")
	f.Uint64Var(&s.seed, "seed", 1, "of all that is random")
	f.BoolVar(&s.deaf, "deaf", false, "take it that nothing was synced, so that documents have to be lost (cuts)")
	f.StringVar(&s.store, "store", "", "the store of a writer")
	f.StringVar(&s.only, "writer", "", "the name of a writer")
	if len(args) == 0 {
		return fmt.Errorf("say kills or cuts")
	}
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "kills":
		return kills(s)
	case "cuts":
		return cuts(s)
	case "writer": // what the two start
		return write(s, os.Stdout)
	}
	return fmt.Errorf("%q is neither kills nor cuts", args[0])
}
