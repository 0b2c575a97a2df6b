package ingest

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestReadErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "text.yaml"), "hello\n")
	write(t, filepath.Join(dir, "release.zip"), "PK\x03\x04....")
	write(t, filepath.Join(dir, "release.xz"), "\xfd7zXZ\x00....")
	write(t, filepath.Join(dir, "release.tar"), string(tarOf(tree...)))
	write(t, filepath.Join(dir, "text.tar.gz"), "hello, this is text")
	write(t, filepath.Join(dir, "empty.tgz"), "")
	write(t, filepath.Join(dir, "other", "README"), "x")
	write(t, filepath.Join(dir, "parent", "csm-1.5.2", "manifests", "a.yaml"), "")
	write(t, filepath.Join(dir, "linked", "upgrade.sh"), "")
	write(t, filepath.Join(dir, "linked", "manifests", "b.yaml"), "")
	write(t, filepath.Join(dir, "neutral", "release.yaml"), "format: planewise.release/1\nproduct: x\n")
	if err := os.Symlink(filepath.Join(dir, "text.yaml"), filepath.Join(dir, "linked", "manifests", "a.yaml")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := os.Truncate(filepath.Join(dir, "text.yaml"), 6); err != nil {
		t.Fatal(err)
	}
	big := filepath.Join(dir, "big.yaml")
	write(t, big, "")
	if err := os.Truncate(big, 100<<20); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, want string }{
		"missing":               {"gone", "gone: no such file or folder; give a release's folder, its .tar.gz, a release.yaml, or the name of a known release"},
		"a text":                {"text.yaml", "text.yaml:1: not a release document"},
		"zip":                   {"release.zip", "release.zip: a zip archive; only .tar.gz is read"},
		"xz":                    {"release.xz", "release.xz: a xz archive"},
		"tar, not compressed":   {"release.tar", "release.tar: a tar archive that is not compressed"},
		"text called .tar.gz":   {"text.tar.gz", "text.tar.gz: not a gzip-compressed archive, whatever its name says"},
		"nothing called .tgz":   {"empty.tgz", "empty.tgz: the archive ends too early"},
		"another folder":        {"other", "other: not a release tree"},
		"the folder above":      {"parent", `parent: not a release tree: there is no manifests/*.yaml in it (nor a helm/index.yaml of older releases); give the folder or archive of a release, such as csm-1.5.2, or a release.yaml; the folder "csm-1.5.2" in it may be what is meant`},
		"a link that leads out": {"linked", "linked/manifests/a.yaml: cannot be read"},
		"a hundred mebibytes":   {"big.yaml", "big.yaml: the file has more than the 16 MiB that are read of a release document"},
		"an incomplete neutral": {"neutral", `release.yaml:1: version is ""`},
		"a device":              {"/dev/null", "/dev/null: neither a file nor a folder"},
		"below a file":          {"text.yaml/x", "cannot be read: not a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			path := c.path
			if !filepath.IsAbs(path) {
				path = filepath.Join(dir, path)
			}
			_, _, err := Read(path)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if !strings.HasPrefix(err.Error(), path) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q does not begin with %s", err, path)
			}
		})
	}
}

func TestReadByContent(t *testing.T) {
	dir := t.TempDir()
	want, _, err := ReadNeutral("x", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"uan.yaml": minimal, "uan": minimal, "uan/release.yaml": minimal,
		"packed": string(zipped(tarOf(entry{name: "release.yaml", data: minimal}))),
	} {
		at := filepath.Join(dir, filepath.Base(t.Name())+strings.ReplaceAll(name, "/", "-"))
		given := at
		if filepath.Base(name) == NeutralName {
			at = filepath.Join(at, NeutralName)
		}
		write(t, at, data)
		got, _, err := Read(given)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

// A folder is named as it is, however it was given.
func TestReadWorkingDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "csm-1.5.2")
	for _, e := range tree {
		write(t, filepath.Join(dir, e.name), e.data)
	}
	t.Chdir(dir)
	for _, path := range []string{".", "./", dir, dir + "/", "../csm-1.5.2/"} {
		r, _, err := Read(path)
		if err != nil || r.Ref() != "csm-1.5.2" {
			t.Errorf("%s: got %s, %v", path, r.Ref(), err)
		}
	}
}
