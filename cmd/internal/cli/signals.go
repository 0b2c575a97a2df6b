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
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		for s := range signals {
			if s == syscall.SIGQUIT || ctx.Err() != nil {
				env.screen.restore()
				die(s)
				continue
			}
			end(stopped{s.(syscall.Signal)})
		}
	}()
	code := Run(ctx, args, env)
	env.screen.restore()
	return code
}

// die ends the process by a signal as if nobody had caught it.
func die(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Signal(s)
	}
}
