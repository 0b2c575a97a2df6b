//go:build unix

package file

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// names are those of a folder, in which nothing may be left behind.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return strings.Join(out, " ")
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWriteNeverReplacesUnasked(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "plan.json")
	if err := Write(path, []byte("one"), false); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("two"), false); !errors.Is(err, fs.ErrExist) || err.Error() != path+" exists" {
		t.Errorf("over a file: %v", err)
	}
	if got := content(t, path); got != "one" {
		t.Errorf("it holds %q", got)
	}
	if err := Write(path, []byte("three"), true); err != nil || content(t, path) != "three" {
		t.Errorf("with leave: %v", err)
	}
	if got := names(t, dir); got != "plan.json" {
		t.Errorf("left in the folder: %s", got)
	}
}

// A file that comes into being after it was looked for is not replaced either.
func TestWriteLosesARace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	s, err := stage(Output{path, []byte("ours")}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer s.clean()
	if err := os.WriteFile(path, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.commit(false); !errors.Is(err, fs.ErrExist) || content(t, path) != "theirs" {
		t.Errorf("%v", err)
	}
}

// New files have the permissions that the umask leaves, and replaced ones keep theirs.
func TestPermissions(t *testing.T) {
	dir := t.TempDir()
	closed := filepath.Join(dir, "closed")
	if err := os.WriteFile(closed, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, umask := range []int{0o022, 0o077, 0o002} {
		path := filepath.Join(dir, "f")
		before := syscall.Umask(umask)
		err := errors.Join(Write(path, nil, false), Write(closed, []byte("x"), true))
		syscall.Umask(before)
		if err != nil {
			t.Fatal(err)
		}
		for file, want := range map[string]fs.FileMode{path: 0o666 &^ fs.FileMode(umask), closed: 0o600} {
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != want {
				t.Errorf("umask %o: %s has %v, want %v (%v)", umask, file, info.Mode(), want, err)
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// A link at the place is neither followed nor replaced, asked or not.
func TestWriteRefusesLinks(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	if err := os.WriteFile(target, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"to-file": target, "to-folder": dir, "to-nothing": filepath.Join(dir, "new")} {
		link := filepath.Join(dir, name)
		if err := os.Symlink(to, link); err != nil {
			t.Skip("no symbolic links here:", err)
		}
		for _, replace := range []bool{false, true} {
			if err := Write(link, []byte("x"), replace); err == nil || !strings.Contains(err.Error(), "is a link") {
				t.Errorf("%s, replace %v: %v", name, replace, err)
			}
		}
	}
	if got := content(t, target); got != "mine" {
		t.Errorf("the target holds %q", got)
	}
	if got := names(t, dir); got != "target to-file to-folder to-nothing" {
		t.Errorf("left in the folder: %s", got)
	}
}

func TestWriteElsewhere(t *testing.T) {
	if err := Write(os.DevNull, []byte("x"), false); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatal("the device is none any more")
	}
	for what, path := range special(t) {
		if what != "a folder" && what != "a socket" {
			continue
		}
		if err := Write(path, []byte("x"), true); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := Write(filepath.Join(t.TempDir(), "none", "f"), nil, false); err == nil || strings.Contains(err.Error(), ".planewise-") {
		t.Errorf("into a folder that is none: %v", err)
	}
	if err := Write("/dev/full", []byte("x"), false); err == nil || !strings.Contains(err.Error(), "/dev/full") {
		t.Errorf("onto a full device: %v", err)
	}
}

// Of several files all are written or none.
func TestExportIsWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	files := []Output{{"a", []byte("1")}, {"b", []byte("2")}}
	if err := Export(dir, files, false); err != nil || names(t, dir) != "a b" {
		t.Fatalf("%v, %s", err, names(t, dir))
	}
	if err := os.Remove(filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	if err := Export(dir, files, false); !errors.Is(err, fs.ErrExist) || names(t, dir) != "b" {
		t.Errorf("over one of two: %v, %s", err, names(t, dir))
	}
	if err := Export(dir, append(files, Output{"b", nil}), true); err == nil || names(t, dir) != "b" {
		t.Errorf("one twice: %v, %s", err, names(t, dir))
	}
	fresh := filepath.Join(filepath.Dir(dir), "fresh")
	if err := Export(fresh, []Output{{"a", nil}, {"no/b", nil}}, false); err == nil {
		t.Error("a file in a folder that is none was written")
	}
	if _, err := os.Stat(fresh); err == nil {
		t.Error("what could not be exported left a folder")
	}
}

// When the last of several cannot take its place, the others give theirs back.
func TestExportIsUndone(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "old")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	var all []*staged
	for _, f := range []Output{{old, []byte("new")}, {filepath.Join(dir, "fresh"), nil}} {
		s, err := stage(f, true)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
		if err := s.commit(true); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range all {
		s.undo()
		s.clean()
	}
	if content(t, old) != "old" || names(t, dir) != "old" {
		t.Errorf("%q in %s", content(t, old), names(t, dir))
	}
}
