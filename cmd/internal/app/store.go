package app

import (
	"errors"

	"planewise/model"
)

// ErrBusy: another process has the store open for writing.
var ErrBusy = errors.New("the store is busy")

// Entry is one document of the store.
type Entry struct {
	Name   string `json:"name"`
	Origin string `json:"origin"`
	Digest string `json:"digest"`
}

// StoreInfo is what a store holds.
type StoreInfo struct {
	Path   string      `json:"path"`
	Schema int         `json:"schema"`
	Bytes  int64       `json:"bytes"`
	Kinds  []KindCount `json:"kinds"`
}

// KindCount is the number of documents of a kind.
type KindCount struct {
	Kind  Kind `json:"kind"`
	Count int  `json:"count"`
}

func (a *App) open() (library, error) { return embedded{}, nil }

func (a *App) put(kind Kind, name string, doc []byte) (Entry, error) { return Entry{}, nil }
func (a *App) List(kind Kind) ([]Entry, error)                       { return nil, nil }
func (a *App) Remove(kind Kind, name string) error                   { return nil }
func (a *App) Document(kind Kind, name string) ([]byte, error)       { return nil, nil }
func (a *App) ImportDocument(kind Kind, path string) (Entry, error)  { return Entry{}, nil }
func (a *App) CheckDocument(kind Kind, path string) ([]model.Diagnostic, error) {
	return nil, nil
}
func (a *App) StoreInfo() (StoreInfo, error)  { return StoreInfo{}, nil }
func (a *App) CheckStore() ([]string, error) { return nil, nil }
