// Package file is how planewise meets files outside of its store: one way to open
// what a user names as input, and one way to write what a user asks for.
package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"sync"
	"syscall"
)

// Stdin is the name of standard input.
const Stdin = "-"

// Reader opens what users name as input: files, folders, and streams. Streams are
// Stdin and the descriptors that the process was given (/dev/fd/63, which a shell
// makes of "<(command)"); each can be read once. Anything else (a pipe with a name, a
// socket, a device) may never answer or never end, and is refused.
//
// What is open ends with the error of the Reader's context as soon as that is done,
// also while the file system or the stream does not answer. A nil Reader has neither
// a context nor standard input.
type Reader struct {
	ctx     context.Context
	stdin   io.Reader
	streams *streams
}

// NewReader makes a Reader. Without stdin, standard input is empty.
func NewReader(ctx context.Context, stdin io.Reader) *Reader {
	return &Reader{ctx: ctx, stdin: stdin, streams: &streams{open: map[string]*stream{}}}
}

// Within is the Reader with another context.
func (r *Reader) Within(ctx context.Context) *Reader {
	if r == nil {
		return NewReader(ctx, nil)
	}
	return &Reader{ctx: ctx, stdin: r.stdin, streams: r.streams}
}

// Err is why the Reader's context is done; nil while it is not.
func (r *Reader) Err() error { return context.Cause(r.context()) }

func (r *Reader) context() context.Context {
	if r == nil {
		return context.Background()
	}
	return r.ctx
}

// descriptor is a path of something that the process was given open.
var descriptor = regexp.MustCompile(`^(/dev/stdin|/dev/fd/\d+|/proc/(self|\d+)/fd/\d+)$`)

// IsStream reports whether a path is that of a stream.
func IsStream(path string) bool { return path == Stdin || descriptor.MatchString(path) }

// Exists reports whether there is something to read at a path, whatever it is.
func (r *Reader) Exists(path string) bool {
	_, err := r.stat(path)
	return path == Stdin || err == nil
}

// IsFolder reports whether a path is that of a folder.
func (r *Reader) IsFolder(path string) bool {
	info, err := r.stat(path)
	return path != Stdin && err == nil && info.IsDir()
}

// Check is why Open refuses a path without reading it; nil where it does not.
func (r *Reader) Check(path string) error {
	if IsStream(path) {
		return nil
	}
	info, err := r.stat(path)
	if err != nil {
		return err
	}
	return unfit(path, info.Mode())
}

func (r *Reader) stat(path string) (fs.FileInfo, error) {
	return await(r.context(), func() (fs.FileInfo, error) { return os.Stat(path) })
}

// Open opens a regular file or a stream. The error names the path.
func (r *Reader) Open(path string) (*File, error) {
	if err := r.Err(); err != nil {
		return nil, err
	}
	if IsStream(path) {
		return r.stream(path, true)
	}
	// It is looked at before it is opened, since that alone wakes up who waits at the
	// other end of a pipe, and again when it is open, since it may have been replaced.
	if err := r.Check(path); err != nil {
		return nil, err
	}
	in, err := await(r.context(), func() (*os.File, error) { return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) })
	if err != nil {
		return nil, err
	}
	return opened(r.context(), path, in)
}

// opened is a file that is open, if it is a regular one.
func opened(ctx context.Context, name string, in *os.File) (*File, error) {
	info, err := in.Stat()
	if err == nil {
		err = unfit(name, info.Mode())
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	size := min(info.Size()+1, maxChunk)
	return &File{ctx: ctx, in: in, close: in.Close, info: info, chunk: make([]byte, max(size, 512))}, nil
}

// unfit is why something is no file to read; nil for a regular one.
func unfit(path string, mode fs.FileMode) error {
	what := "a device"
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return fmt.Errorf("%s is a folder where a file is expected; name the file in it", path)
	case mode&fs.ModeNamedPipe != 0:
		what = "a named pipe"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	}
	return fmt.Errorf("%s is %s where a file is expected; name a file, or give - and its content on standard input", path, what)
}

// Read reads a file or stream of at most limit bytes.
func (r *Reader) Read(path string, limit int64) ([]byte, error) {
	in, err := r.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s has more than the %d MiB that are read of such a file; check that it is the right one", path, limit>>20)
	}
	return data, err
}

// Head is the beginning of a file or stream, at most n bytes of it; none where there is
// nothing to read. A stream that is opened later still begins there.
func (r *Reader) Head(path string, n int) []byte {
	if IsStream(path) {
		in, err := r.stream(path, false)
		if err != nil {
			return nil
		}
		return in.ahead(n)
	}
	in, err := r.Open(path)
	if err != nil {
		return nil
	}
	defer in.Close()
	head, _ := io.ReadAll(io.LimitReader(in, int64(n)))
	return head
}

// streams are those that were looked at, by path.
type streams struct {
	mu   sync.Mutex
	open map[string]*stream
}

type stream struct {
	file  *File
	taken bool
}

// stream opens a stream, or returns it if it is open: to look at its beginning, or to
// take it, which can be done once.
func (r *Reader) stream(path string, take bool) (*File, error) {
	if r == nil {
		return nil, fmt.Errorf("there is no standard input; name a file instead of %s", path)
	}
	r.streams.mu.Lock()
	defer r.streams.mu.Unlock()
	if path == "/dev/stdin" || path == "/dev/fd/0" || path == "/proc/self/fd/0" {
		path = Stdin
	}
	s := r.streams.open[path]
	if s == nil {
		file, err := r.begin(path)
		if err != nil {
			return nil, err
		}
		s = &stream{file: file}
		r.streams.open[path] = s
	}
	if s.taken {
		return nil, fmt.Errorf("%s was read already and can be read once; keep what it gives in a file", path)
	}
	s.taken = take
	return s.file, nil
}

func (r *Reader) begin(path string) (*File, error) {
	f := &File{ctx: r.ctx, chunk: make([]byte, maxChunk), close: func() error { return nil }}
	if path == Stdin {
		if f.in = r.stdin; f.in == nil {
			f.in = eof{}
		}
		return f, nil
	}
	in, err := await(r.ctx, func() (*os.File, error) { return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) })
	if err != nil {
		return nil, err
	}
	if info, err := in.Stat(); err == nil && info.IsDir() {
		in.Close()
		return nil, unfit(path, info.Mode())
	}
	f.in, f.close = in, in.Close
	return f, nil
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// maxChunk is how much is read at once.
const maxChunk = 256 << 10

// File is an open file or stream. Read ends with the cause of its context's end as soon
// as that is done, also while the file itself does not answer.
type File struct {
	ctx   context.Context
	in    io.Reader
	close func() error
	info  fs.FileInfo // nil of a stream
	chunk []byte
	rest  []byte
	err   error
}

// Stat describes a file. A stream has no description.
func (f *File) Stat() (fs.FileInfo, error) {
	if f.info == nil {
		return nil, errors.ErrUnsupported
	}
	return f.info, nil
}

func (f *File) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		if f.err != nil || len(p) == 0 {
			return 0, f.err
		}
		f.fill(f.chunk)
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	if n == 0 {
		return 0, f.err
	}
	return n, nil
}

// fill reads the next chunk. The buffer belongs to the reading for good when the
// context ends first.
func (f *File) fill(buffer []byte) {
	n, err := await(f.ctx, func() (int, error) { return f.in.Read(buffer) })
	f.rest, f.err = buffer[:n], err
}

// ahead is what comes next, up to n bytes of it, without taking it.
func (f *File) ahead(n int) []byte {
	for len(f.rest) < n && f.err == nil {
		before := f.rest
		f.fill(make([]byte, n-len(before)))
		f.rest = append(before[:len(before):len(before)], f.rest...)
	}
	return f.rest[:min(n, len(f.rest))]
}

// Close closes the file.
func (f *File) Close() error { return f.close() }

// await calls fn and waits for it, but not beyond the end of the context.
func await[T any](ctx context.Context, fn func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	done := make(chan result, 1)
	go func() {
		v, err := fn()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

var _ fs.File = (*File)(nil)
