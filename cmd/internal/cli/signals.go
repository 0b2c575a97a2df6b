package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// stopped is the end of a run by a signal.
type stopped struct{ signal syscall.Signal }

func (s stopped) Error() string { return "stopped by a signal (" + s.signal.String() + ")" }

// code is what shells make of a process that a signal ended.
func (s stopped) code() int { return 128 + int(s.signal) }

// Main runs a command line in the running process. The first signal that asks it to
// end ends what it does in order, the next one at once. SIGQUIT does not wait. A
// terminal that was drawn on is given back in any case.
func Main(args []string) int {
	env := Process()
	ctx, end := context.WithCancelCause(context.Background())
	defer end(nil)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) { // as nohup has it
			signal.Notify(signals, s)
		}
	}
	go func() {
		for s := range signals {
			if s == syscall.SIGQUIT || ctx.Err() != nil {
				env.screen.restore()
				die(s.(syscall.Signal))
			}
			end(stopped{s.(syscall.Signal)})
		}
	}()
	code := Run(ctx, args, env)
	env.screen.restore()
	return code
}

// die ends the process at once. SIGQUIT does so as if nobody had caught it: by saying
// what every part of the program is doing, for those who look into one that hangs.
func die(s syscall.Signal) {
	if self, err := os.FindProcess(os.Getpid()); s == syscall.SIGQUIT && err == nil {
		signal.Reset(s)
		if self.Signal(s) == nil {
			select {}
		}
	}
	os.Exit(stopped{s}.code())
}
