// Command planewise plans maintenance of large systems: it says what an update
// disturbs, on which plane, for how long and why, and splits it into bundles
// that disturb as few planes as possible.
package main

import (
	"os"
	_ "time/tzdata" // why: windows name time zones, and the machine may have no zone database

	"planewise/cmd/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:])) }
