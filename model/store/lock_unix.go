//go:build unix && !solaris && !aix

package store

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// lock takes the advisory lock that bbolt uses: shared for readers, exclusive for
// the writer. It is taken here, before bbolt takes it again on the same descriptor
// (which succeeds at once), because the file has to be verified under the lock.
func lock(f *os.File, exclusive bool, timeout time.Duration) error {
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	const pause = 10 * time.Millisecond
	for waited := time.Duration(0); ; waited += pause {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
			continue
		case !errors.Is(err, syscall.EWOULDBLOCK):
			return err
		case waited >= timeout:
			return ErrBusy
		}
		time.Sleep(pause)
	}
}

// unlock lets go of the lock. Closing the file is not enough while it is mapped to
// memory.
func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }

// likeBefore gives a file the mode of another and its owner.
func likeBefore(f *os.File, info os.FileInfo) error {
	if err := f.Chmod(info.Mode().Perm()); err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return f.Chown(int(st.Uid), int(st.Gid))
	}
	return nil
}
