package ingest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"planewise/model"
)

// ReadWatched is Read for archives, which may have tens of gigabytes: watch is
// told how many bytes of the file are read, and of how many, after every part of
// it. An error of watch ends the reading and is returned. Folders and documents
// are read at once, without watch.
func ReadWatched(path string, watch func(done, total int64) error) (model.Release, []model.Diagnostic, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return Read(path) // whose errors say what to do
	}
	f, err := os.Open(path)
	if err != nil {
		return Read(path)
	}
	defer f.Close()
	w := &watched{r: f, total: info.Size(), watch: watch}
	r := bufio.NewReaderSize(w, 1<<20)
	if start, _ := r.Peek(len(gzipMagic)); !bytes.Equal(start, gzipMagic) {
		return Read(path)
	}
	release, diags, err := readArchive(filepath.ToSlash(path), r, defaultLimits)
	if w.stopped != nil {
		return model.Release{}, nil, fmt.Errorf("%s: %w", path, w.stopped)
	}
	return release, diags, err
}

// watched is a reader that tells how far it is.
type watched struct {
	r           io.Reader
	done, total int64
	watch       func(done, total int64) error
	stopped     error
}

func (w *watched) Read(p []byte) (int, error) {
	if w.stopped != nil {
		return 0, w.stopped
	}
	n, err := w.r.Read(p)
	w.done += int64(n)
	if w.stopped = w.watch(w.done, w.total); w.stopped != nil {
		return n, w.stopped
	}
	return n, err
}
