package file

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Output is a file to write.
type Output struct {
	Path string
	Data []byte
}

// ExistsError: files are there, and were not to be replaced. It matches fs.ErrExist.
type ExistsError struct{ Paths []string }

func (e *ExistsError) Error() string {
	if len(e.Paths) == 1 {
		return e.Paths[0] + " exists"
	}
	return strings.Join(e.Paths, ", ") + " exist"
}

func (e *ExistsError) Unwrap() error { return fs.ErrExist }

// Write writes a file whole or not at all, so that it survives a crash of the machine.
// Without replace an existing file is an ExistsError; with it the file keeps its
// permissions. A new one has those that the umask leaves.
//
// A link at the path is never followed and never replaced: what it leads to may be
// anybody's. Devices and pipes (/dev/null, /dev/fd/3) are written to as they are.
func Write(path string, data []byte, replace bool) error {
	return writeAll([]Output{{path, data}}, replace)
}

// Export writes files into a folder, all of them or none, by the rules of Write. The
// folder is made where there is none. Paths are relative to it.
func Export(dir string, files []Output, replace bool) error {
	all := make([]Output, len(files))
	for i, f := range files {
		all[i] = Output{filepath.Join(dir, f.Path), f.Data}
	}
	if err := checkAll(all, replace); err != nil {
		return err
	}
	_, err := os.Stat(dir)
	made := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("make the folder %s: %w", dir, cause(err))
	}
	if err := writeAll(all, replace); err != nil {
		if made {
			_ = os.Remove(dir)
		}
		return err
	}
	return nil
}

// Check is why Write would refuse a path; nil where it would not.
func Check(path string, replace bool) error {
	_, err := look(path, replace)
	return err
}

func checkAll(files []Output, replace bool) error {
	seen := map[string]bool{}
	there := &ExistsError{}
	for _, f := range files {
		err := Check(f.Path, replace)
		switch {
		case errors.Is(err, fs.ErrExist):
			there.Paths = append(there.Paths, f.Path)
		case err != nil:
			return err
		case seen[f.Path]:
			return fmt.Errorf("%s would be written twice; ask for each format once", f.Path)
		}
		seen[f.Path] = true
	}
	if there.Paths != nil {
		return there
	}
	return nil
}

// place is what stands where a file is to be written.
type place struct {
	perm   fs.FileMode // of a regular file
	exists bool        // a regular file
	stream bool        // a device or a pipe
}

func look(path string, replace bool) (place, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return place{}, nil
	}
	if err != nil {
		return place{}, fmt.Errorf("write %s: %w", path, cause(err))
	}
	link := info.Mode()&fs.ModeSymlink != 0
	if link {
		// /dev/fd/3 is one, and leads to what the process was given.
		if to, err := os.Stat(path); err == nil && isStream(to.Mode()) {
			info, link = to, false
		}
	}
	switch {
	case link:
		return place{}, fmt.Errorf("%s is a link, which is neither followed nor replaced; name the file itself, or remove the link", path)
	case info.IsDir():
		return place{}, fmt.Errorf("%s is a folder; name a file in it", path)
	case isStream(info.Mode()):
		return place{stream: true}, nil
	case !info.Mode().IsRegular():
		return place{}, fmt.Errorf("%s is no file and cannot be written; choose another name", path)
	case !replace:
		return place{}, &ExistsError{[]string{path}}
	}
	return place{perm: info.Mode().Perm(), exists: true}, nil
}

func isStream(m fs.FileMode) bool {
	return m&fs.ModeCharDevice != 0 || m&fs.ModeNamedPipe != 0
}

// writeAll stages every file beside its place before the first of them takes it, so
// that what can go wrong mostly does before anything has changed.
func writeAll(files []Output, replace bool) (err error) {
	var all []*staged
	defer func() {
		for _, s := range all {
			s.clean()
		}
	}()
	for _, f := range files {
		s, err := stage(f, replace)
		if s != nil {
			all = append(all, s)
		}
		if err != nil {
			return err
		}
	}
	for i, s := range all {
		if err := s.commit(len(all) > 1); err != nil {
			for _, done := range all[:i] {
				done.undo()
			}
			return wrong(s.path, err)
		}
	}
	for _, s := range all {
		syncFolder(filepath.Dir(s.path))
	}
	return nil
}

func wrong(path string, err error) error {
	if errors.Is(err, fs.ErrExist) { // it has come into being since it was looked for
		return &ExistsError{[]string{path}}
	}
	return fmt.Errorf("write %s: %w", path, cause(err))
}

// cause is an error of the operating system without the paths that it repeats, of which
// one may be that of a temporary file.
func cause(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	}
	return err
}

// staged is a file that waits beside its place.
type staged struct {
	place
	path string
	data []byte // of a stream
	temp string
	old  string // what was replaced, until all is done
	done bool
}

func stage(f Output, replace bool) (*staged, error) {
	at, err := look(f.Path, replace)
	if err != nil {
		return nil, err
	}
	s := &staged{place: at, path: f.Path, data: f.Data}
	if at.stream {
		return s, nil
	}
	out, err := createBeside(f.Path)
	if err != nil {
		return nil, wrong(f.Path, err)
	}
	s.temp = out.Name()
	_, err = out.Write(f.Data)
	if err == nil && at.exists {
		err = out.Chmod(at.perm)
	}
	if err == nil {
		err = out.Sync()
	}
	if closing := out.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return s, wrong(f.Path, err)
	}
	return s, nil
}

// createBeside makes a file of a name that is free, with the permissions that the umask
// leaves; os.CreateTemp would leave it to its owner alone.
func createBeside(path string) (*os.File, error) {
	for tries := 0; ; tries++ {
		out, err := os.OpenFile(beside(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || tries == 100 || !errors.Is(err, fs.ErrExist) {
			return out, err
		}
	}
}

func beside(path string) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf(".planewise-%08x", rand.Uint32()))
}

// commit gives the file its name.
func (s *staged) commit(keepOld bool) (err error) {
	switch {
	case s.stream:
		return writeStream(s.path, s.data)
	case s.exists:
		if old := beside(s.path); keepOld && os.Link(s.path, old) == nil {
			s.old = old
		}
		err = os.Rename(s.temp, s.path)
	default:
		err = claim(s.temp, s.path)
	}
	s.done = err == nil
	return err
}

// claim gives a file a name that nobody has, also if somebody takes it meanwhile.
func claim(temp, path string) error {
	err := os.Link(temp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// A file system without hard links: the name is taken first, then the content.
	taken, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	taken.Close()
	if err = os.Rename(temp, path); err != nil {
		_ = os.Remove(path)
	}
	return err
}

// undo takes a committed file back, or what was there before.
func (s *staged) undo() {
	switch {
	case !s.done:
	case s.old != "":
		_ = os.Rename(s.old, s.path)
	case !s.exists:
		_ = os.Remove(s.path)
	}
}

// clean removes what is left beside the file.
func (s *staged) clean() {
	for _, name := range []string{s.temp, s.old} {
		if name != "" {
			_ = os.Remove(name)
		}
	}
}

func writeStream(path string, data []byte) error {
	out, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	if closing := out.Close(); err == nil {
		err = closing
	}
	return err
}

// syncFolder makes the names in a folder survive a crash. Some file systems cannot;
// then their names survive as well as they do there.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
