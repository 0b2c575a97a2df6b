// Command planewise plans maintenance of large systems: it says what an update
// disturbs, on which plane, for how long and why, and splits it into bundles
// that disturb as few planes as possible.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // why: windows name time zones, and the machine may have no zone database

	"planewise/cmd/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.Process())
	stop()
	os.Exit(code)
}
