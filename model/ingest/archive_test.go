package ingest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"planewise/model"
)

// entry is one member of an archive that is being made.
type entry struct {
	name, data string
	kind       byte   // 0: a file
	link       string // target of a link
	claims     int64  // size in the header, where it differs from the data's
}

var tree = []entry{
	{name: "manifests/platform.yaml", data: "spec:\n  charts:\n  - {name: cray-opa, version: 1.32.11, namespace: opa}\n"},
	{name: "upgrade.sh", data: "deploy manifests/platform.yaml\n"},
	{name: "docker/index.yaml", data: "r:\n  images: {canu: [1.7.6]}\n"},
	{name: "rpm/cray/csm/noos/index.yaml", data: "r:\n  rpms: [a-1-1.noarch]\n"},
	{name: "assets.sh", data: "# nothing\n"},
	{name: "README", data: "nothing"},
}

func below(top string, entries []entry) []entry {
	out := []entry{{name: top + "/", kind: tar.TypeDir}}
	for _, e := range entries {
		e.name = top + "/" + e.name
		out = append(out, e)
	}
	return out
}

func tarOf(entries ...entry) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.data)), Typeflag: e.kind, Linkname: e.link}
		if e.kind == 0 {
			h.Typeflag = tar.TypeReg
		}
		if e.kind == tar.TypeXGlobalHeader {
			h = &tar.Header{Typeflag: e.kind, Name: e.name, PAXRecords: map[string]string{"comment": "0123"}}
		}
		if e.claims > 0 {
			h.Size = e.claims
		}
		if err := w.WriteHeader(h); err != nil {
			panic(err)
		}
		if _, err := io.WriteString(w, e.data); err != nil {
			panic(err)
		}
	}
	_ = w.Close() // complains about a size that was only claimed
	return b.Bytes()
}

func zipped(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

func TestArchive(t *testing.T) {
	flat := zipped(tarOf(tree...))
	want, ds, err := readBytes("csm-1.5.2.tar.gz", flat)
	if err != nil || len(ds) > 0 {
		t.Fatal(err, ds)
	}
	if want.Ref() != "csm-1.5.2" || len(want.Components) != 3 || want.Components[0].ID() != "chart:opa/cray-opa" {
		t.Fatalf("read %+v", want)
	}
	global := append([]entry{{kind: tar.TypeXGlobalHeader, name: "pax_global_header"}}, below("csm-1.5.2", tree)...)
	reversed := below("csm-1.5.2", tree)
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	var dotted []entry
	for _, e := range tree {
		e.name = "./" + e.name
		dotted = append(dotted, e)
	}
	for name, c := range map[string]struct {
		file string
		data []byte
	}{
		"one leading folder":              {"csm-1.5.2.tar.gz", zipped(tarOf(below("csm-1.5.2", tree)...))},
		"the folder tells the version":    {"download.tgz", zipped(tarOf(below("csm-1.5.2", tree)...))},
		"the folder beats the file":       {"csm-9.9.9.tgz", zipped(tarOf(below("v1.5.2", tree)...))},
		"the file tells the version":      {"csm-1.5.2.tar.gz", zipped(tarOf(below("tree", tree)...))},
		"a header for all, as git writes": {"x.tar.gz", zipped(tarOf(global...))},
		"another order":                   {"x.tar.gz", zipped(tarOf(reversed...))},
		"names that begin with ./":        {"v1.5.2.tgz", zipped(tarOf(dotted...))},
		"two members of gzip":             {"v1.5.2.tgz", append(zipped(tarOf(tree...)[:1024]), zipped(tarOf(tree...)[1024:])...)},
	} {
		t.Run(name, func(t *testing.T) {
			got, ds, err := readBytes(c.file, c.data)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) || len(ds) > 0 {
				t.Errorf("got %+v, %v\nwant %+v", got, ds, want)
			}
		})
	}
}

func TestArchiveIsTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "v1.5.2")
	for _, e := range tree {
		write(t, filepath.Join(dir, filepath.FromSlash(e.name)), e.data)
	}
	a, _, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.tar.gz")
	write(t, file, string(zipped(tarOf(below("csm-1.5.2", tree)...))))
	b, _, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("folder %+v\narchive %+v", a, b)
	}
}

func write(t *testing.T, name, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestArchiveWithNeutralDocument(t *testing.T) {
	r, _, err := readBytes("x.tgz", zipped(tarOf(entry{name: "uan/release.yaml", data: minimal})))
	if err != nil || r.Ref() != "uan-2.7.0" {
		t.Errorf("got %s, %v", r.Ref(), err)
	}
}

func TestBadArchives(t *testing.T) {
	whole := zipped(tarOf(tree...))
	plain := tarOf(tree...)
	noise := make([]byte, 4096) // so that the archive's middle lies inside a file
	for i := range noise {
		noise[i] = byte(i*i>>3 ^ i)
	}
	long := zipped(tarOf(append(tree, entry{name: "z", data: string(noise)})...))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"an absolute path":            {zipped(tarOf(entry{name: "/etc/passwd", data: "x"})), `rel.tar.gz: entry "/etc/passwd" has an absolute path`},
		"a path with a drive":         {zipped(tarOf(entry{name: `C:\x`, data: "x"})), `entry "C:\\x" has an absolute path`},
		"a path that leads out":       {zipped(tarOf(entry{name: "a/../../x", data: "x"})), `entry "a/../../x" leads out of the archive`},
		"a path that comes back":      {zipped(tarOf(entry{name: "a/../manifests/x.yaml", data: "x"})), "leads out of the archive"},
		"backslashes that lead out":   {zipped(tarOf(entry{name: `a\..\..\x`, data: "x"})), "leads out of the archive"},
		"a symbolic link":             {zipped(tarOf(append(tree, entry{name: "manifests/x.yaml", kind: tar.TypeSymlink, link: "/etc/passwd"})...)), `entry "manifests/x.yaml" is a link to "/etc/passwd"`},
		"a hard link":                 {zipped(tarOf(append(tree, entry{name: "manifests/x.yaml", kind: tar.TypeLink, link: "upgrade.sh"})...)), `is a link to "upgrade.sh"; links in archives are not followed`},
		"a device":                    {zipped(tarOf(entry{name: "manifests/x.yaml", kind: tar.TypeChar})), `entry "manifests/x.yaml" is a device`},
		"a pipe":                      {zipped(tarOf(entry{name: "manifests/x.yaml", kind: tar.TypeFifo})), "is a device"},
		"a file that claims 10 GiB":   {zipped(tarOf(append(tree, entry{name: "manifests/x.yaml", claims: 10 << 30})...)), `entry "manifests/x.yaml" claims 10 GiB, more than the 8 that are read`},
		"ten gibibytes of no use":     {zipped(tarOf(append(tree, entry{name: "images/x", claims: 10 << 30})...)), "claims 10 GiB"},
		"a list that claims 20 MiB":   {zipped(tarOf(entry{name: "manifests/x.yaml", claims: 20 << 20})), `entry "manifests/x.yaml" has 20 MiB`},
		"cut off in the middle":       {long[:len(long)/2], "rel.tar.gz: the archive ends too early; copy or download it again"},
		"cut off at the end":          {whole[:len(whole)-4], "the archive ends too early"},
		"cut off in the header":       {whole[:5], "the archive ends too early"},
		"the magic alone":             {whole[:2], "the archive ends too early"},
		"a flipped bit":               {flipped(whole), "the archive is damaged"},
		"no tar inside":               {zipped([]byte(strings.Repeat("hello ", 200))), "gzip-compressed, but no tar archive"},
		"a short text inside":         {zipped([]byte("hello")), "gzip-compressed, but no tar archive"},
		"something after the archive": {append(bytes.Clone(whole), "and more, and still more"...), "something that is no archive follows the archive"},
		"much after the tar's end":    {zipped(append(bytes.Clone(plain), bytes.Repeat([]byte("x"), 2<<20)...)), "the archive goes on after its end"},
		"nothing inside":              {zipped(tarOf()), "rel.tar.gz: not a release tree"},
		"no release inside":           {zipped(tarOf(entry{name: "a", data: "b"})), "rel.tar.gz: not a release tree"},
		"two releases inside":         {zipped(tarOf(append(below("csm-1.5.1", tree), below("csm-1.5.2", tree)...)...)), "rel.tar.gz: not a release tree"},
		"broken YAML inside":          {zipped(tarOf(below("csm-1.5.2", []entry{{name: "manifests/a.yaml", data: "a: b: c\n"}})...)), "rel.tar.gz/manifests/a.yaml:1: broken YAML"},
		"a name with escapes":         {zipped(tarOf(entry{name: "/\x1b[2J", data: "x"})), `entry "/\x1b[2J" has an absolute path`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := readBytes("rel.tar.gz", c.data)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("an error must be one clean line: %q", err)
			}
		})
	}
}

func flipped(data []byte) []byte {
	data = bytes.Clone(data)
	data[len(data)-6] ^= 0xff // in the checksum
	return data
}

// A few kilobytes that unpack to gigabytes end after the first few mebibytes.
func TestArchiveBomb(t *testing.T) {
	pr, pw := io.Pipe()
	go func() {
		z := gzip.NewWriter(pw)
		w := tar.NewWriter(z)
		_ = w.WriteHeader(&tar.Header{Name: "images/x", Size: 4 << 30, Typeflag: tar.TypeReg, Mode: 0o644})
		zeros := make([]byte, 1<<20)
		for range 4 << 10 {
			if _, err := w.Write(zeros); err != nil {
				break
			}
		}
		_ = pw.CloseWithError(io.ErrClosedPipe)
	}()
	_, _, err := readArchive("bomb.tgz", pr, defaultLimits)
	_ = pr.Close()
	if err == nil || !strings.Contains(err.Error(), "bomb.tgz: the archive unpacks to far more than its size") {
		t.Errorf("got %v", err)
	}
}

func TestArchiveLimits(t *testing.T) {
	data := zipped(tarOf(tree...))
	for name, c := range map[string]struct {
		change func(*limits)
		want   string
	}{
		"entries": {func(l *limits) { l.entries = 2 }, "more than 2 entries"},
		"kept":    {func(l *limits) { l.kept = 100 }, "check that this is the right archive"},
		"total":   {func(l *limits) { l.total = 1000 }, "unpacks to far more than its size"},
		"ratio":   {func(l *limits) { l.ratio, l.floor = 1, 0 }, "unpacks to far more than its size"},
		"entry":   {func(l *limits) { l.entry = 10 }, "more than"},
	} {
		l := defaultLimits
		c.change(&l)
		if _, _, err := readArchive("x.tgz", bytes.NewReader(data), l); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(tarOf(tree...), true)
	f.Add(tarOf(below("csm-1.5.2", tree)...), true)
	f.Add(tarOf(entry{name: "a", kind: tar.TypeSymlink, link: "b"}), true)
	f.Add(zipped(tarOf(tree...)), false)
	f.Fuzz(func(t *testing.T, data []byte, pack bool) {
		if pack {
			data = zipped(data)
		}
		r, _, err := readArchive("rel", bytes.NewReader(data), limits{total: 1 << 20, entry: 1 << 20, kept: 1 << 18, entries: 100, ratio: 200, floor: 1 << 18})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "rel") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is no clean error about the archive", err)
			}
			return
		}
		if r.Product == "" || r.Version == "" {
			t.Errorf("read %s", fmt.Sprintf("%+v", r))
		}
	})
}

// readBytes reads a release from memory: an archive or a neutral document. Name
// stands in errors, and may hold the version of an archive.
func readBytes(name string, data []byte) (model.Release, []model.Diagnostic, error) {
	if bytes.HasPrefix(data, gzipMagic) {
		return readArchive(name, bytes.NewReader(data), defaultLimits)
	}
	if data, err := limited(name, bytes.NewReader(data)); err != nil {
		return model.Release{}, nil, err
	} else {
		return ReadNeutral(name, data)
	}
}
