// Command planewise plans maintenance of large systems: it says what an update
// disturbs, on which plane, for how long and why, and splits it into bundles
// that disturb as few planes as possible.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	_ "time/tzdata" // why: windows name time zones, and the machine may have no zone database

	"planewise/cmd/internal/cli"
)

func main() {
	startWithoutCollecting()
	os.Exit(cli.Main(os.Args[1:]))
}

// startWithoutCollecting puts the first garbage collection off to a heap of 16 MiB.
// Most commands end before that: they would collect three or four times for a few MiB,
// a quarter of what they cost. From the first collection on all is as ever, so that
// large plans need no more memory.
func startWithoutCollecting() {
	usual := debug.SetGCPercent(400) // of 4 MiB
	runtime.AddCleanup(new([16]byte), func(usual int) { debug.SetGCPercent(usual) }, usual)
}
