//go:build unix

package file

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// special makes what is no regular file, each under the word that its error has to say.
func special(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{"a named pipe": filepath.Join(dir, "pipe"), "a socket": filepath.Join(dir, "socket"), "a folder": dir, "a device": "/dev/zero"}
	if err := syscall.Mkfifo(all["a named pipe"], 0o600); err != nil {
		t.Skip("no pipes with names here:", err)
	}
	socket, err := net.Listen("unix", all["a socket"])
	if err != nil {
		t.Skip("no sockets here:", err)
	}
	t.Cleanup(func() { socket.Close() })
	return all
}

func TestOnlyRegularFilesAreOpened(t *testing.T) {
	r := NewReader(context.Background(), nil)
	for what, path := range special(t) {
		if _, err := r.Open(path); err == nil || !strings.Contains(err.Error(), path+" is "+what) {
			t.Errorf("%s: %v", what, err)
		}
		if head := r.Head(path, 10); head != nil {
			t.Errorf("%s begins with %q", what, head)
		}
		folder, err := r.Folder(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := folder.Open(filepath.Base(path)); what != "a folder" && (err == nil || !strings.Contains(err.Error(), what)) {
			t.Errorf("%s in a folder: %v", what, err)
		}
	}
	if _, err := r.Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestReadIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	endless := NewReader(context.Background(), zeros{})
	for _, c := range []struct {
		path  string
		limit int64
		want  string // "" for an error
	}{{path, 5, "12345"}, {path, 4, ""}, {path, 6, "12345"}, {"-", 1 << 20, ""}} {
		data, err := endless.Read(c.path, c.limit)
		if (err != nil) != (c.want == "") || err == nil && string(data) != c.want {
			t.Errorf("%s, at most %d: %q, %v", c.path, c.limit, data, err)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A stream can be looked at before it is read, and read once.
func TestStreams(t *testing.T) {
	text := strings.Repeat("0123456789", 100_000)
	for _, in := range []io.Reader{strings.NewReader(text), io.MultiReader(strings.NewReader(text[:3]), strings.NewReader(text[3:]))} {
		r := NewReader(context.Background(), in)
		for _, n := range []int{1, 10, 300_000, 5} {
			if head := r.Head("-", n); string(head) != text[:n] {
				t.Fatalf("%d bytes begin with %.20q", n, head)
			}
		}
		data, err := r.Read("/dev/stdin", 1<<20)
		if err != nil || string(data) != text {
			t.Fatalf("%d bytes, %v", len(data), err)
		}
		if _, err := r.Open("-"); err == nil || !strings.Contains(err.Error(), "read already") {
			t.Errorf("read again: %v", err)
		}
	}
	var none *Reader
	if _, err := none.Open("-"); err == nil {
		t.Error("without standard input it was read")
	}
}

// What a shell makes of "<(command)" is read like a file.
func TestDescriptorsAreRead(t *testing.T) {
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	go func() {
		_, _ = in.WriteString("hello")
		in.Close()
	}()
	path := "/proc/self/fd/" + strconv.Itoa(int(out.Fd()))
	if _, err := os.Stat(path); err != nil {
		t.Skip("no descriptors by name here:", err)
	}
	data, err := NewReader(context.Background(), nil).Read(path, 100)
	if err != nil || string(data) != "hello" {
		t.Errorf("%q, %v", data, err)
	}
}

// Reading ends with the context, though nobody ever writes to the stream.
func TestReadingEndsWithTheContext(t *testing.T) {
	stop := errors.New("enough")
	for name, end := range map[string]func(*Reader) error{
		"open":  func(r *Reader) error { in, err := r.Open("-"); return errors.Join(err, second(io.ReadAll(in))) },
		"read":  func(r *Reader) error { return second(r.Read("-", 100)) },
		"again": func(r *Reader) error { r.Head("-", 1); return second(r.Read("-", 100)) },
	} {
		ctx, cancel := context.WithCancelCause(context.Background())
		r, w := io.Pipe()
		go func() {
			_, _ = w.Write([]byte("x")) // taken: the reader is at work
			cancel(stop)
		}()
		if err := end(NewReader(ctx, io.MultiReader(io.LimitReader(r, 1), hung{}))); !errors.Is(err, stop) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// hung never answers.
type hung struct{}

func (hung) Read([]byte) (int, error) { select {} }

// Links lead nowhere outside of a folder.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	inside := filepath.Join(dir, "in")
	if err := errors.Join(os.Mkdir(inside, 0o700), os.WriteFile(filepath.Join(inside, "a"), []byte("hello"), 0o600), os.WriteFile(filepath.Join(dir, "secret"), nil, 0o600),
		os.Symlink("a", filepath.Join(inside, "link")), os.Symlink("../secret", filepath.Join(inside, "away"))); err != nil {
		t.Fatal(err)
	}
	folder, err := NewReader(context.Background(), nil).Folder(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	for name, ok := range map[string]bool{"a": true, "link": true, "away": false, "../secret": false, "none": false} {
		data, err := fs.ReadFile(folder, name)
		if (err == nil) != ok || ok && !bytes.Equal(data, []byte("hello")) {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil || len(entries) != 3 {
		t.Errorf("%v, %v", entries, err)
	}
}
