package ingest

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	write(t, filepath.Join(dir, "zip.tar.gz"), "PK\x03\x04")
	write(t, filepath.Join(dir, "four.tar.gz"), "four")
	write(t, filepath.Join(dir, "away", "manifests", "a.yaml"), "")
	write(t, filepath.Join(dir, "circle", "manifests", "a.yaml"), "")
	write(t, filepath.Join(dir, "circle", "rpm", "a.txt"), "")
	if err := errors.Join(os.Symlink(dir, filepath.Join(dir, "away", "docker")), os.Symlink("..", filepath.Join(dir, "circle", "rpm", "up"))); err != nil {
		t.Fatal(err)
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
		"nothing called .tgz":   {"empty.tgz", "empty.tgz: the file is empty"},
		"zip called .tar.gz":    {"zip.tar.gz", "zip.tar.gz: a zip archive"},
		"four letters":          {"four.tar.gz", "four.tar.gz: not a gzip-compressed archive, whatever its name says"},
		"another folder":        {"other", "other: not a release tree"},
		"the folder above":      {"parent", `parent: not a release tree: there is no manifests/*.yaml in it (nor a helm/index.yaml of older releases); give the folder or archive of a release, such as csm-1.5.2, or a release.yaml; the folder "csm-1.5.2" in it may be what is meant`},
		"a link that leads out": {"linked", "linked/manifests/a.yaml: cannot be read"},
		"a hundred mebibytes":   {"big.yaml", "big.yaml: the file has more than the 16 MiB that are read of a release document"},
		"an incomplete neutral": {"neutral", `release.yaml:1: version is ""`},
		"a device":              {"/dev/null", "/dev/null is a device where a file is expected"},
		"a folder linked away":  {"away", "away/docker: cannot be read"},
		"folders in a circle":   {"circle", "a link to a folder, reached through another link"},
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

// A folder that is a link to another in the release is read like that one.
func TestLinkedFoldersAreRead(t *testing.T) {
	dir := t.TempDir()
	tree := func(name, docker string) string {
		write(t, filepath.Join(dir, name, "manifests", "a.yaml"), "spec:\n  charts:\n  - {name: api, namespace: ns, version: 1.0.0}\n")
		write(t, filepath.Join(dir, name, docker, "index.yaml"), "k8s.gcr.io:\n  images:\n    coredns: [v1.8.4]\n")
		return filepath.Join(dir, name)
	}
	plain, linked := tree("csm-1.5.2", "docker"), tree("linked/csm-1.5.2", "docker-1.5")
	if err := os.Symlink("docker-1.5", filepath.Join(linked, "docker")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	want, _, err := Read(plain)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := Read(linked)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want.Components) != 2 {
		t.Errorf("%d components; through a link it differs:\n%s", len(want.Components), diff)
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
