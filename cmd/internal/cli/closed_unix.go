//go:build unix

package cli

import (
	"os"

	"golang.org/x/sys/unix" // why: the mode that a descriptor was opened with
)

// isClosed reports whether a standard stream was closed when the process started. By
// now Go has put /dev/null in its place, open for reading too, which a shell's
// ">/dev/null" is not.
func isClosed(f *os.File) bool {
	info, err := f.Stat()
	null, nullErr := os.Stat(os.DevNull)
	if err != nil || nullErr != nil || !os.SameFile(info, null) {
		return false
	}
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}
