package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// sector is what a disk writes whole or not at all, in bytes.
const sector = 512

// file is the content of one, whatever its names are: what is on the disk, and the
// changes since that were not synced.
type file struct {
	synced  []byte
	changes []change
}

// change is a write, or where data is nil a new size.
type change struct {
	at   int64
	data []byte
}

// naming gives a file a name, or with file nil and folder false takes it away.
type naming struct {
	path   string
	file   *file
	folder bool
}

// disk is what the calls of a program leave behind. Names reach it in the order in
// which they were given, as in file systems with a journal, and no later than their
// folder is synced; writes reach it in any order, sector by sector.
type disk struct {
	names   map[string]naming // that are on the disk
	pending []naming
	now     map[string]naming // as the program sees them
	open    map[int]string    // paths of descriptors, as they were opened
	files   map[int]*file
}

func newDisk() *disk {
	return &disk{names: map[string]naming{}, now: map[string]naming{}, open: map[int]string{}, files: map[int]*file{}}
}

// apply does what a call does. Deaf, it takes it that nothing is synced.
func (d *disk) apply(c call, deaf bool) error {
	switch c.name {
	case "openat":
		d.opened(c)
	case "close":
		delete(d.open, fd(c))
		delete(d.files, fd(c))
	case "pwrite64", "ftruncate":
		f := d.files[fd(c)]
		if f == nil {
			break
		}
		at, err := strconv.ParseInt(c.args[len(c.args)-1], 10, 64)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		ch := change{at: at}
		if c.name == "pwrite64" {
			ch.data = []byte(c.args[1])[:c.result]
		}
		f.changes = append(f.changes, ch)
	case "fsync", "fdatasync":
		if !deaf {
			d.sync(fd(c))
		}
	case "mkdirat":
		d.name(naming{path: c.args[1], folder: true})
	case "linkat":
		d.name(naming{path: c.args[3], file: d.now[c.args[1]].file})
	case "renameat", "renameat2":
		moved := d.now[c.args[1]].file
		d.name(naming{path: c.args[3], file: moved})
		d.name(naming{path: c.args[1]})
	case "unlinkat":
		d.name(naming{path: c.args[1]})
	}
	return nil
}

func fd(c call) int {
	n, err := strconv.Atoi(c.args[0])
	if err != nil {
		return -1
	}
	return n
}

func (d *disk) opened(c call) {
	path := c.args[1]
	if _, there := d.now[path]; !there && strings.Contains(c.args[2], "O_CREAT") {
		d.name(naming{path: path, file: &file{}})
	}
	d.open[c.result] = path
	if f := d.now[path].file; f != nil {
		d.files[c.result] = f
	}
}

func (d *disk) name(n naming) {
	d.now[n.path] = n
	d.pending = append(d.pending, n)
}

func (d *disk) sync(fd int) {
	if f := d.files[fd]; f != nil {
		for _, c := range f.changes {
			f.synced = c.on(f.synced)
		}
		f.changes = nil
		return
	}
	var left []naming
	for _, n := range d.pending {
		if filepath.Dir(n.path) == d.open[fd] {
			d.names[n.path] = n
		} else {
			left = append(left, n)
		}
	}
	d.pending = left
}

func (c change) on(content []byte) []byte {
	if c.data == nil {
		return resized(content, int(c.at))
	}
	content = resized(content, max(len(content), int(c.at)+len(c.data)))
	copy(content[c.at:], c.data)
	return content
}

func resized(content []byte, size int) []byte {
	if size <= len(content) {
		return content[:size:size]
	}
	return append(content, make([]byte, size-len(content))...)
}

// cut writes what is left after a power cut below another folder.
func (d *disk) cut(root string, rnd *rand.Rand) error {
	names := map[string]naming{}
	for path, n := range d.names {
		names[path] = n
	}
	for _, n := range d.pending[:rnd.IntN(len(d.pending)+1)] {
		names[n.path] = n
	}
	for path, n := range names {
		if n.file == nil || !reachable(names, path) {
			continue
		}
		to := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(to, n.file.survived(rnd), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// reachable: the folders that the program made above a path are there.
func reachable(names map[string]naming, path string) bool {
	for dir := filepath.Dir(path); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if n, ok := names[dir]; ok && !n.folder {
			return false
		}
	}
	return true
}

// survived is a content that the file may have: each sector of each write is there or
// not, and so is each new size.
func (f *file) survived(rnd *rand.Rand) []byte {
	content := append([]byte(nil), f.synced...)
	odds := rnd.Float64() // mostly there, mostly not, and all between
	for _, c := range f.changes {
		if c.data == nil {
			if rnd.Float64() < odds {
				content = c.on(content)
			}
			continue
		}
		for at := 0; at < len(c.data); at += sector {
			if rnd.Float64() < odds {
				content = change{c.at + int64(at), c.data[at:min(at+sector, len(c.data))]}.on(content)
			}
		}
	}
	return content
}
