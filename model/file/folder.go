package file

import (
	"context"
	"io/fs"
	"os"
	"syscall"
)

// Folder is the tree below a folder as a file system. No name and no link leads out
// of it, and of its files only regular ones can be opened.
type Folder struct {
	ctx  context.Context
	root *os.Root
}

// Folder opens the folder at a path.
func (r *Reader) Folder(path string) (*Folder, error) {
	root, err := await(r.context(), func() (*os.Root, error) { return os.OpenRoot(path) })
	if err != nil {
		return nil, err
	}
	return &Folder{r.context(), root}, nil
}

// Open opens a regular file or a folder.
func (d *Folder) Open(name string) (fs.File, error) {
	info, err := d.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		if err := unfit(name, info.Mode()); err != nil {
			return nil, err
		}
	}
	in, err := await(d.ctx, func() (*os.File, error) { return d.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) })
	if err != nil || info.IsDir() {
		return in, err
	}
	return opened(d.ctx, name, in)
}

// Stat describes what a name, or the link of that name, leads to.
func (d *Folder) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	return await(d.ctx, func() (fs.FileInfo, error) { return d.root.Stat(name) })
}

// Close closes the folder.
func (d *Folder) Close() error { return d.root.Close() }

var _ fs.StatFS = (*Folder)(nil)
