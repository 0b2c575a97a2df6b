//go:build !unix || solaris || aix

package store

import (
	"os"
	"time"
)

// lock does nothing where the lock of bbolt cannot be taken twice; bbolt takes it.
func lock(*os.File, bool, time.Duration) error { return nil }

func unlock(*os.File) {}

func likeBefore(*os.File, os.FileInfo) error { return nil }
