package store

import (
	"errors"

	"planewise/model/clean"
)

var (
	// ErrBusy: another program held the lock for longer than Options.Timeout.
	ErrBusy = errors.New("the store is busy")
	// ErrNotFound: there is no document of that name, version or digest.
	ErrNotFound = errors.New("not found")
	// ErrAmbiguous: a version or the start of a digest stands for several documents.
	ErrAmbiguous = errors.New("ambiguous")
	// ErrDamaged: the file is no store, or parts of it were changed or lost.
	ErrDamaged = errors.New("the store is damaged")
	// ErrNewer: the store was written by a later planewise.
	ErrNewer = errors.New("the store is of a newer planewise")
	// ErrReadOnly: a change was asked of a store opened for reading.
	ErrReadOnly = errors.New("the store is open for reading only")
)

// Error is what went wrong with a store. Is and As see the sentinel, or the error
// of the operating system, through it.
type Error struct {
	Path string // the store's file
	Text string // what is wrong, and what to do
	Err  error
}

func (e *Error) Error() string { return "store " + clean.Text(e.Path) + ": " + clean.Text(e.Text) }

func (e *Error) Unwrap() error { return e.Err }
